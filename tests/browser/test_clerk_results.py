"""After sending off: how far reading is, dossier by dossier, and what was found."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocr.problem import Code, Problem
from service.office import Office, open_office
from service.roles import Role
from storage.batch import Batch, BatchDossier, BatchFile, BatchState
from storage.batches import load_batch, new_batch_id, save_batch
from storage.desk.progress import Progress, ProgressKind
from storage.dossier import DossierState
from storage.dossiers import load_dossier
from storage.settings import Settings
from tests.browser.clerk_world import batch_of, choose_folder, faults_of, good_scan, wait_words, write_folder
from tests.services.held_pages import HeldPages
from tests.services.office import Desk
from tests.services.pages import OpenPage, heard
from tests.services.surroundings import own_environment

RUN = "import sys; from flows.stored_batch import digitize_stored_batch as run; run(sys.argv[1], sys.argv[2])"
LONGEST_S = 600


class RunningLauncher:
    """Runs the flow of a batch in a process of its own, on the Prefect server that tests share."""

    def __init__(self, home: Path, flow_api: str, pages: HeldPages) -> None:
        self.pages = pages
        self._home = home
        prefect = {"PREFECT_API_URL": flow_api, "PREFECT_HOME": str(home / "prefect")}
        self._environ = {**own_environment(), **prefect, **pages.environment}
        self._threads: list[threading.Thread] = []

    def digitise(self, batch_id: str) -> None:
        command = [sys.executable, "-c", RUN, batch_id, str(self._home)]
        thread = threading.Thread(target=subprocess.run, args=(command,), kwargs={"env": self._environ, "check": True})
        thread.start()
        self._threads.append(thread)

    def assemble(self, dossier_id: str) -> None:
        raise AssertionError("nobody arranged anything")

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(LONGEST_S)
            assert not thread.is_alive()


@pytest.fixture
def working_desk(
    tmp_path: Path, flow_api: str, environment: dict[str, str], hold_pages: Callable[[int], HeldPages]
) -> Iterator[Desk]:
    """An office that digitises what it is sent, once its pages may go on."""
    settings = Settings.load(tmp_path / "home", {"SOHOA_AGENCY": "H05.12"}, environment)
    launcher = RunningLauncher(settings.home, flow_api, hold_pages(0))
    with open_office(settings, launcher) as office:
        yield Desk(office, launcher)
        launcher.pages.let_go()
        launcher.wait()


def test_a_batch_is_followed_to_its_result(working_desk: Desk, open_page: OpenPage, drawn: Path) -> None:
    page = open_page(working_desk, "/batches/new", "clerk")
    choose_folder(page, drawn)
    assert "truth.json (không phải bản quét)" in page.locator("#left-out").inner_text()
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ 2 tệp, 2 hồ sơ.")
    page.locator("#submit").click()
    wait_words(page, "Đang số hóa: 0/4 trang, xong 0/2 hồ sơ.")
    working_desk.launcher.pages.let_go()
    page.locator("#result").wait_for(timeout=LONGEST_S * 1000)
    outcomes = dict(zip(["hs-101", "hs-102"], page.locator(".outcome").all_inner_texts(), strict=True))
    assert "Quyết định" in outcomes["hs-101"] and "Giấy khai sinh" in outcomes["hs-101"]
    assert "Thông báo" in outcomes["hs-102"]
    badges = page.locator(".dossier .badge")
    for nth, words in enumerate(("đã tách 2 giấy tờ, ", "đã tách 1 giấy tờ, ")):
        badges.nth(nth).filter(has_text=words).wait_for()
    heard(page, "Đã số hóa xong đợt này.", "told")
    assert page.get_by_role("link", name="Nạp đợt tiếp theo").get_attribute("href") == "/batches/new"
    assert faults_of(page) == []
    # What was stored can be looked at; the read log says so.
    papers = page.get_by_role("link", name="Xem PDF của Thông báo, hồ sơ hs-102, trong thẻ mới")
    paper = page.request.get(page.url.partition("/batches")[0] + papers.get_attribute("href"))
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    assert "Xem kết quả số hóa của đợt nạp" in logged(working_desk)
    assert page.get_by_role("link", name="duyệt", exact=True).count() == 0  # who is no steward has no desk
    page.reload()
    page.locator("#result").wait_for()
    page.goto(page.url.rsplit("/", 1)[0])
    row = page.locator("tbody tr").inner_text()
    assert "đã số hóa" in row and "\t4\t3\t" in row


def logged(desk: Desk) -> str:
    return "".join(piece.read_text("utf-8") for piece in (desk.office.settings.home / "read-log").glob("*.jsonl"))


def test_who_is_steward_too_goes_on_to_review(filled_desk: Desk, open_page: OpenPage) -> None:
    desk, store = filled_desk, filled_desk.office.store
    desk.account("hai", Role.CLERK, Role.STEWARD)
    batch_id = new_batch_id()
    desk.office.batches.open(batch_id, "hai")
    dossiers = []
    for dossier_id in ("hs-101", "hs-102"):
        held = load_dossier(store, dossier_id)
        assert held is not None
        files = tuple(BatchFile(file=scan.file, sha256=scan.sha256, size_bytes=1) for scan in held.scans)
        dossiers.append(BatchDossier(dossier_id=dossier_id, files=files, state=held.state))
    digitised = Batch(
        batch_id=batch_id, revision=1, state=BatchState.DONE, by="hai", dossiers=tuple(dossiers),
        created_at=datetime.now(UTC),
    )  # fmt: skip
    save_batch(store, digitised)
    desk.office.batches.submit(batch_id)
    desk.office.batches.finish(batch_id, BatchState.DONE)
    page = open_page(desk, f"/batches/{batch_id}", "hai")
    page.locator(".outcome").nth(1).wait_for()
    address = page.url.partition("/batches")[0]
    tasks = page.locator('.outcome a[href^="/tasks/"]').all()
    assert len(tasks) == 3
    for link in (*tasks, page.get_by_role("link", name="hs-101", exact=True)):
        assert page.request.get(address + link.get_attribute("href")).status == 200


def submitted(desk: Desk, open_page: OpenPage, folder: Path) -> "tuple[object, str, Office]":
    page = open_page(desk, "/batches/new", "clerk")
    files = {"dot/hs-001/a.tif": good_scan(3), "dot/hs-002/b.tif": good_scan(4)}
    choose_folder(page, write_folder(folder, files) / "dot")
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ")
    page.locator("#submit").click()
    wait_words(page, "đang chờ máy đến lượt")
    return page, batch_of(page), desk.office


def test_reading_is_followed_page_by_page(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    """What the runner tells is told here, so that nothing happens too fast to be seen."""
    page, batch_id, office = submitted(desk, open_page, tmp_path)
    badge = page.locator(".dossier .badge")
    assert badge.all_inner_texts() == ["chờ số hóa", "chờ số hóa"]
    office.batches.begin(batch_id)
    office.progress.tell(batch_id, Progress(kind=ProgressKind.STARTED))
    office.progress.tell(batch_id, Progress(kind=ProgressKind.PAGES, dossier_id="hs-001", count=30, held=10))
    office.progress.tell(batch_id, Progress(kind=ProgressKind.PAGE, dossier_id="hs-001", count=2))
    badge.first.filter(has_text="đang đọc 12/30 trang").wait_for()
    wait_words(page, "Đang số hóa: 12/30 trang, xong 0/2 hồ sơ.")
    assert badge.nth(1).inner_text() == "chờ đến lượt"
    # The runner was killed and begins again: what it tells anew takes the place of what it told before.
    office.progress.tell(batch_id, Progress(kind=ProgressKind.PAGES, dossier_id="hs-001", count=30, held=11))
    badge.first.filter(has_text="đang đọc 11/30 trang").wait_for()
    office.progress.tell(batch_id, Progress(kind=ProgressKind.PAGE, dossier_id="hs-001", count=19))
    badge.first.filter(has_text="đang tách giấy tờ").wait_for()
    done = Progress(kind=ProgressKind.ASSEMBLED, dossier_id="hs-001", state="complete", papers=3, to_review=2)
    office.progress.tell(batch_id, done)
    badge.first.filter(has_text="đã tách 3 giấy tờ, 2 giấy tờ chờ duyệt").wait_for()
    page.reload()
    badge.first.filter(has_text="đã tách 3 giấy tờ, 2 giấy tờ chờ duyệt").wait_for()


def test_what_digitising_waits_for_is_said_until_it_goes_on(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page, batch_id, office = submitted(desk, open_page, tmp_path)
    delayed = Progress(kind=ProgressKind.DELAYED, problems=(Problem(code=Code.STORE_UNREACHABLE),))
    office.progress.tell(batch_id, delayed)
    wait_words(page, "Chưa số hóa được: Không kết nối được máy chủ kho. Máy tự thử lại")
    page.reload()
    wait_words(page, "Chưa số hóa được: Không kết nối được máy chủ kho. Máy tự thử lại")
    assert faults_of(page) == []
    office.progress.tell(batch_id, Progress(kind=ProgressKind.DELAYED))
    wait_words(page, "đang chờ máy đến lượt")
    office.progress.tell(batch_id, delayed)
    office.batches.begin(batch_id)
    office.progress.tell(batch_id, Progress(kind=ProgressKind.STARTED))
    wait_words(page, "Đang số hóa")


def test_a_batch_that_is_given_up_says_what_to_do(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page, batch_id, office = submitted(desk, open_page, tmp_path)
    office.batches.begin(batch_id)
    sent = load_batch(office.store, batch_id)
    given_up = {"state": DossierState.FAILED, "problems": (Problem(code=Code.BATCH_GIVEN_UP),)}
    became = tuple(dossier.model_copy(update=given_up) for dossier in sent.dossiers)
    save_batch(office.store, sent.model_copy(update={"state": BatchState.FAILED, "dossiers": became}))
    office.batches.finish(batch_id, BatchState.FAILED)
    office.progress.tell(batch_id, Progress(kind=ProgressKind.FAILED))
    page.locator("#batch-state", has_text="không số hóa được").wait_for()
    notice = page.locator("#result .notice")
    notice.filter(has_text="bản quét vẫn còn trong kho").wait_for()
    assert notice.count() == 1  # once, not of every dossier
    assert "Nạp đợt tiếp theo" in page.locator("#result").inner_text()
    assert faults_of(page) == []
