"""Sending on bad lines, and by people who leave: nothing is lost, nothing is sent again, the page says what goes on."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocr.problem import Code, SohoaError
from service.access import SESSION_COOKIE
from service.intake import uploading
from tests.browser.clerk_world import (
    PART_BYTES,
    Line,
    choose_files,
    choose_folder,
    good_scan,
    large_scan,
    parts_sent,
    stored,
    wait_words,
    write_folder,
)
from tests.service.sending import until
from tests.services.faulty_proxy import FaultyProxy, faulty_proxy
from tests.services.office import Desk
from tests.services.pages import OpenPage, heard

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Page, Route

LEAVING = "beforeunload"


def one_chosen(open_page: OpenPage, desk: Desk, folder: Path, scan: bytes) -> "Page":
    """Open the page of sending and choose one file."""
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, write_folder(folder, {"lon.tif": scan}) / "lon.tif")
    return page


def begun(page: "Page", parts: int) -> Line:
    """Send on a line that carries so many parts, until the next one is under way."""
    line = Line(page, parts)
    page.locator("#send").click()
    return line.wait_until_stuck()


def test_answers_that_are_lost_cost_no_byte(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(5)
    page = open_page(desk, "/batches/new", "clerk")
    address = page.url.removeprefix("http://").partition("/")[0]
    with faulty_proxy(address) as proxy:
        page.goto(f"http://{proxy.address}/batches/new")
        choose_files(page, write_folder(tmp_path, {"lon.tif": scan}) / "lon.tif")
        with parts_sent(page) as parts:
            # The service has the part, and nobody hears of it. Said before the part is on its way, and so in time.
            page.route("**/v1/uploads/*", lambda route: lose(proxy, route, len(parts)))
            page.locator("#send").click()
            wait_words(page, "Đã gửi đủ")
            offsets = [int(part.all_headers()["upload-offset"]) for part in parts]
    assert offsets == sorted(set(offsets)) and len(offsets) == -(-len(scan) // PART_BYTES)
    assert stored(desk, scan)
    open_page.complaints.clear()  # the browser complains of the line


def lose(proxy: FaultyProxy, route: "Route", sent: int) -> None:
    """Lose the answer to the second part, and to the fourth."""
    if route.request.method == "PATCH" and sent in (2, 4):
        proxy.answers_to_lose = 1
    route.continue_()


def test_a_line_that_breaks_goes_on_where_it_was(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(6)
    page = one_chosen(open_page, desk, tmp_path, scan)
    with parts_sent(page) as parts:
        line = begun(page, 2)
        line.cut()
        wait_words(page, "Mất mạng, đang chờ…")
        page.locator(".dossier .badge", has_text="mất mạng").wait_for()
        assert heard(page, "Mất mạng", "told").startswith("Mất mạng")
        before = len(parts)
        line.good()
        wait_words(page, "Đã gửi đủ")
        offsets = [int(part.all_headers()["upload-offset"]) for part in parts]
    assert before >= 2 and 0 not in offsets[before:]
    assert stored(desk, scan)
    open_page.complaints.clear()  # the browser complains of the line


def test_an_answer_that_comes_late_takes_nothing_back(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: "Route") -> None:
        if route.request.method == "GET" and not late:
            late.append((route, route.fetch()))
        else:
            route.continue_()

    page.route(re.compile(r"/v1/batches/b[0-9a-f]{24}$"), hold)
    scan = good_scan(4, qr="H05.12-251112-0012")
    choose_folder(page, write_folder(tmp_path, {"dot/hs-001/bien-nhan.tif": scan}) / "dot")
    page.locator("#send").click()
    # The code on the receipt makes the page ask how the batch stands; meanwhile the clerk renames the dossier.
    until(lambda: page.evaluate("true") and late)
    wait_words(page, "Đã gửi đủ")  # by then the page has heard that the file arrived: what is being sent keeps its name
    page.get_by_role("button", name="Đổi tên hồ sơ hs-001").click()
    page.keyboard.type("hs-009")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="hs-009", exact=True).wait_for()
    route, answer = late[0]
    route.fulfill(response=answer)
    page.locator("#dossier-code-hint", has_text="Lấy từ mã trên tệp").wait_for()
    assert page.locator(".fold .name").all_inner_texts() == ["hs-009"]


def test_a_page_that_is_loaded_again_goes_on(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(6)
    page = one_chosen(open_page, desk, tmp_path, scan)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    line = begun(page, 2)
    page.reload()
    assert asked == [LEAVING]
    line.good()
    wait_words(page, "1 tệp gửi dở: chọn lại")
    assert "gửi dở" in page.locator(".dossier .badge").inner_text()
    with parts_sent(page) as parts:
        choose_files(page, tmp_path / "lon.tif")
        wait_words(page, "Đã gửi đủ 1 tệp")
    assert int(parts[0].all_headers()["upload-offset"]) >= PART_BYTES
    assert stored(desk, scan)


def test_another_file_of_that_name_is_sent_from_its_beginning(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    half, other = large_scan(3, seed=1), large_scan(3, seed=2)
    page = one_chosen(open_page, desk, tmp_path / "1", half)
    page.on("dialog", lambda dialog: dialog.accept())
    line = begun(page, 1)
    page.reload()
    line.good()
    wait_words(page, "gửi dở")
    refusals: list[Route] = []

    def be_busy_once(route: "Route") -> None:
        if refusals:
            route.continue_()
        else:
            refusals.append(route)
            route.fulfill(status=409, json={"code": "upload_busy", "title": "Đang ghi tệp này."})

    page.route("**/v1/batches/*/files/*", be_busy_once)  # as while the last bytes before are being written
    choose_files(page, write_folder(tmp_path / "2", {"lon.tif": other}) / "lon.tif")
    wait_words(page, "Đã gửi đủ 1 tệp")
    assert refusals
    open_page.complaints.clear()  # 409
    assert stored(desk, other) and not stored(desk, half)


def test_who_pauses_goes_on_later(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(4)
    page = one_chosen(open_page, desk, tmp_path, scan)
    line = begun(page, 1)
    page.locator("#pause").click()
    wait_words(page, "Đã tạm dừng; phần đã gửi được giữ.")
    page.locator(".dossier .badge", has_text="tạm dừng").wait_for()
    line.good()
    page.get_by_role("button", name="Gửi tiếp").click()
    wait_words(page, "Đã gửi đủ")
    assert stored(desk, scan)


def test_a_pause_while_a_part_is_checked_sends_nothing_of_it(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    checked: list[Route] = []

    def hold(route: "Route") -> None:
        checked.append(route)

    def wait_for_leave(route: "Route") -> None:
        script = route.fetch().text()
        waiting = f'if (blob.size === {PART_BYTES}) await fetch("/static/held");'
        assert script.count("try {") == 1
        route.fulfill(body=script.replace("try {", "try {" + waiting), content_type="text/javascript")

    page = open_page(desk, "/batches/new", "clerk")
    page.route("**/batches-hash-worker.js*", wait_for_leave)
    page.route("**/static/held", hold)
    page.reload()
    scan = large_scan(3)
    choose_files(page, write_folder(tmp_path, {"lon.tif": scan}) / "lon.tif")
    with parts_sent(page) as parts:
        page.locator("#send").click()
        until(lambda: page.evaluate("true") and checked)
        page.locator("#pause").click()
        wait_words(page, "Đã tạm dừng")
        page.unroute("**/static/held")
        page.route("**/static/held", lambda route: route.fulfill(body=""))
        checked[0].fulfill(body="")
        page.get_by_role("button", name="Gửi tiếp").click()
        wait_words(page, "Đã gửi đủ")
        assert [int(part.all_headers().get("upload-offset", -1)) for part in parts] == [0, PART_BYTES, 2 * PART_BYTES]
    assert stored(desk, scan)


def test_a_session_that_ended_keeps_what_was_sent(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(4)
    page = one_chosen(open_page, desk, tmp_path, scan)
    line = begun(page, 1)
    desk.office.sessions.end_all("clerk")
    line.good()
    wait_words(page, "Phiên làm việc đã hết hạn: đăng nhập lại ở thẻ khác")
    token, _ = desk.session("clerk")
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": page.url.partition("/batches")[0]}])
    page.get_by_role("button", name="Gửi tiếp").click()
    wait_words(page, "Đã gửi đủ")
    assert stored(desk, scan)
    open_page.complaints.clear()  # 401


def test_a_store_that_is_away_is_waited_for(
    desk: Desk, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = good_scan()
    faults = [SohoaError(Code.STORE_UNREACHABLE, retryable=True)] * 2
    real = uploading.receive

    def receive(store: object, path: Path) -> object:
        if faults:
            raise faults.pop()
        return real(store, path)

    monkeypatch.setattr(uploading, "receive", receive)
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, write_folder(tmp_path, {"don.tif": scan}) / "don.tif")
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ")
    assert faults == [] and stored(desk, scan)
    open_page.complaints.clear()  # 503
