"""The whole way of three dossiers: sent by a clerk, read, settled by stewards at the keyboard, used, revoked, told.

Everything is real: `sohoa serve` with its runner, accounts from the command line, Chromium, a system that calls the API
and receives webhooks. The papers are drawn and worn; all persons are invented.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from benchmarks.drawing.dossier import draw_dossier, write_dossiers
from extractors.record import RecordState
from storage.records import load_record
from tests.browser.clerk_world import (
    answer_with,
    asked_for_files,
    choose_folder,
    cut_scan,
    faults_of,
    wait_words,
    write_folder,
)
from tests.browser.steward_world import label, press, ready
from tests.service.sending import until
from tests.services.held_pages import HeldPages
from tests.services.pages import OpenPage, heard
from tests.services.pages import sign_in as sign_in_at
from tests.services.receiver import Receiver
from tests.services.serving import Start

if TYPE_CHECKING:
    from playwright.sync_api import Page

DPI = 150
# Of an answer, of an event; longer than a busy machine stalls.
LONGEST_S = 120
AGENCY = "H05.12"
PASSWORD = "mat-khau-thu-nghiem-12"
PEOPLE = {"thu": "clerk", "lan": "steward", "hoa": "steward", "mai": "supervisor"}
# Nhận cha, mẹ, con: asks for the birth certificate of the child.
PROCEDURE = "1.001022"
FATHER = "001088012345"
Truth = dict[str, dict[str, str | None]]


@pytest.fixture(scope="module")
def worn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """Three dossiers of one worn paper each, and the truth about their fields by paper type."""
    folder = tmp_path_factory.mktemp("worn")
    papers = {"giay-khai-sinh": 57, "thong-bao": 42, "quyet-dinh": 43}
    dossiers = [
        draw_dossier(seed, "medium", DPI, (paper_type,), dossier_id=f"hs-{seed}") for paper_type, seed in papers.items()
    ]
    write_dossiers(folder, dossiers, DPI)
    return folder, {paper["type"]: paper["fields"] for dossier in dossiers for paper in dossier.papers}


@pytest.fixture
def pages(hold_pages: Callable[[int], HeldPages]) -> HeldPages:
    """The pages that the office reads: none is stored before they may go on."""
    return hold_pages(0)


@pytest.fixture
def office(
    start: Start, program: list[str], environment: dict[str, str], pages: HeldPages, tmp_path: Path
) -> Iterator[Any]:
    """A serving office with its people and one system, made with the command line; beside it that system."""
    home = tmp_path / "home"

    def run(*arguments: str) -> str:
        command = [*program, *arguments, "--home", str(home)]
        done = subprocess.run(
            command, env=environment, input=f"{PASSWORD}\n", capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    for name, role in PEOPLE.items():
        run("user", "add", name, "--role", role, "--agency", AGENCY, "--display-name", f"Cán bộ {name}")
    added = json.loads(run("client", "add", "mot-cua", "--agency", AGENCY, "--json"))
    service = start(home, SOHOA_WEBHOOK_NETWORKS="127.0.0.0/8", **pages.environment)
    with system_of(service.address, added["client_secret"]) as system:
        yield service, system
    assert service.stop() == 0
    assert "Traceback" not in service.said


def system_of(address: str, secret: str) -> httpx.Client:
    """A system that has got its token."""
    given = httpx.post(
        f"{address}/v1/token", data={"grant_type": "client_credentials"}, auth=("mot-cua", secret), timeout=LONGEST_S
    )
    assert given.status_code == 200, given.text
    return httpx.Client(
        base_url=address,
        timeout=LONGEST_S,
        headers={"Authorization": f"Bearer {given.json()['access_token']}", "X-Purpose": "thu-nghiem"},
    )


def sign_in(open_page: OpenPage, address: str, account: str, path: str) -> "Page":
    """Sign in as a person does: by keyboard, on the page that asks."""
    page = open_page(address, path)
    sign_in_at(page, account, PASSWORD)
    page.wait_for_url(address + path)
    return page


def settle_all(page: "Page", truth_of: Callable[[str], dict[str, str | None]]) -> int:
    """Settle what the queue leads to, by keyboard alone, as the paper has it; gives the number of fields."""
    fields = 0
    page.locator("#begin:focus").wait_for()
    press(page, "Enter")
    while True:
        page.locator("#review:not(.loading)").or_(page.locator(".empty")).wait_for()
        if page.locator(".empty").count():
            return fields
        ready(page)
        truth = truth_of(page.url.rpartition("/")[2].partition("?")[0])
        while page.locator("#finish.ready").count() == 0:
            before, name = label(page), page.locator(".field.open, li.current").first.get_attribute("data-name")
            _enter(page, truth[name])
            press(page, "Enter")
            fields += 1
            page.locator(".open-head label", has_text=re.compile(f"^{re.escape(before)}$")).wait_for(state="detached")
        with page.expect_response(re.compile("/settle")) as settled:
            press(page, "Enter")
        assert settled.value.status == 200, settled.value.text()
        page.wait_for_url(lambda url: settled.value.url.rpartition("/settle")[0].rpartition("/")[2] not in url)


def _enter(page: "Page", true: str | None) -> None:
    """Bring the true value into the open field: it stands there, or is typed; nothing is said by the mouse."""
    if true is None:
        press(page, "Alt+0")
        return
    if (day := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", true)) is not None:
        true = "/".join(reversed(day.groups()))
    if page.input_value("#value") != true:
        press(page, "Control+a")
        page.keyboard.insert_text(true)


def send_three(open_page: OpenPage, address: str, drawn: Path, folder: Path, pages: HeldPages) -> None:
    """Send the dossiers as a clerk does; in one a page was cut off, which is told at once, and it is scanned again."""
    batch = folder / "dot"
    shutil.copytree(drawn, batch, ignore=shutil.ignore_patterns("*.json"))
    good = next((drawn / "hs-42").iterdir())
    write_folder(batch / "hs-42", {good.name: cut_scan(5)})
    page = sign_in(open_page, address, "thu", "/batches/new")
    asked = asked_for_files(page)
    choose_folder(page, batch)
    page.locator("#send").press("Enter")
    page.locator(".rescan", has_text="chữ bị cắt ở mép trái").wait_for()
    page.get_by_role("button", name="Quét lại trang này…").press("Enter")
    answer_with(page, asked, good)
    wait_words(page, "Đã gửi đủ 3 tệp, 3 hồ sơ. Trang nào cũng dùng được.")
    page.locator("#submit").press("Enter")
    wait_words(page, "Đang số hóa", 240)
    pages.let_go()
    page.locator("#result").wait_for(timeout=480_000)
    heard(page, "Đã số hóa xong đợt này.", "told")
    assert page.locator(".outcome").count() == 3
    assert faults_of(page) == []


def revoke(open_page: OpenPage, address: str, record_id: str) -> None:
    """Enter as a supervisor, by keyboard, that an authority took a paper's force away."""
    page = sign_in(open_page, address, "mai", f"/tasks/{record_id}")
    page.locator("#review:not(.loading)").wait_for()
    page.locator('[data-decide="revoke"]').press("Enter")
    page.locator("#by_authority:focus").wait_for()
    page.keyboard.type("UBND xã")
    press(page, "Tab")
    page.keyboard.type("12/QĐ-UBND")
    press(page, "Tab")
    page.keyboard.type("05/01/2026")
    press(page, "Tab")
    page.keyboard.type("đăng ký sai")
    press(page, "Enter")
    page.locator(".standing", has_text="Đã bị thu hồi.").wait_for()


@pytest.mark.timeout(1800)
def test_a_paper_is_asked_for_only_once(
    office: Any, worn: tuple[Path, Truth], open_page: OpenPage, receiver: Receiver, pages: HeldPages, tmp_path: Path
) -> None:
    service, system = office
    drawn, truth = worn
    store, catalogue = service.settings.open_store(), service.settings.open_catalogue()
    send_three(open_page, service.address, drawn, tmp_path, pages)

    # A system wants to be told; what waits for a person is not released to it.
    made = system.post("/v1/webhooks", json={"url": receiver.url})
    assert made.status_code == 201, made.text
    receiver.secret = made.json()["secret"]
    birth = next(row.record_id for row in catalogue.records() if row.paper_type == "giay-khai-sinh")
    asked = {"subject": FATHER, "procedure": PROCEDURE, "purpose": "nhận cha cho con"}
    question = {**asked, "others": {"child": truth["giay-khai-sinh"]["personal_id"]}}
    assert birth not in _held(system.post("/v1/lookups", json=question).json())

    # Stewards settle every doubtful field; what one typed and is critical is keyed again by the other.
    fields = 0
    for account in ("lan", "hoa"):
        page = sign_in(open_page, service.address, account, "/tasks")
        if page.locator("#begin").count():
            fields += settle_all(page, lambda record_id: truth[load_record(store, record_id).paper_type])
    assert fields >= 5
    assert catalogue.waiting() == ()
    for row in catalogue.records():
        record = load_record(store, row.record_id)
        assert record.state is RecordState.APPROVED
        assert {name: field.value for name, field in record.fields.items()} == truth[record.paper_type]

    # The paper need not be brought any more, and the system reads it.
    assert birth in _held(system.post("/v1/lookups", json=question).json())
    read = system.get(f"/v1/records/{birth}")
    assert read.status_code == 200 and read.json()["state"] == "approved"
    until(lambda: birth in _told(receiver, "approved"))

    # Revoked: held no more, and who read it hears of it.
    revoke(open_page, service.address, birth)
    until(lambda: birth in _told(receiver, "revoked"))
    answer = system.post("/v1/lookups", json=question).json()
    assert birth not in _held(answer)
    assert birth in json.dumps(answer["refused"])


def _held(answer: dict[str, Any]) -> list[str]:
    """Return the records that an answer says need not be brought."""
    return [each["record_id"] for each in answer["held"]]


def _told(receiver: Receiver, kind: str) -> list[str]:
    """Return the records that the receiver was told this of."""
    return [event["data"]["record_id"] for event in receiver.got if event["type"] == f"vn.sohoa.record.{kind}"]
