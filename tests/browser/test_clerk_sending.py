"""Sending on good lines and bad ones: nothing is sent twice, nothing is lost, and the page says what is going on."""

import base64
import hashlib
from pathlib import Path

from ocr.problem import Code, SohoaError
from service.access import SESSION_COOKIE
from storage.keys import scan_key
from tests.browser.clerk_world import (
    PART_BYTES,
    Line,
    batch_of,
    choose_files,
    choose_folder,
    good_scan,
    large_scan,
    parts_sent,
    wait_sent,
    wait_words,
    write_folder,
)
from tests.services.office import Desk
from tests.services.pages import OpenPage

LEAVING = "beforeunload"


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def stored(desk: Desk, data: bytes) -> bool:
    return desk.office.store.exists(scan_key(sha_of(data)))


def test_a_batch_is_sent_and_sent_off_by_keyboard(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = good_scan()
    folder = write_folder(tmp_path, {"dot/hs-001/don.tif": scan}) / "dot"
    page = open_page(desk, "/batches/new", "clerk")
    page.locator("#choose-folder").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(str(folder))
    page.locator("#send").wait_for()
    page.locator("#send").focus()
    page.keyboard.press("Enter")
    wait_words(page, "Đã gửi đủ 1 tệp, 1 hồ sơ. Trang nào cũng dùng được.")
    page.locator("#submit").focus()
    page.keyboard.press("Enter")
    wait_words(page, "đang chờ máy đến lượt")
    assert desk.launcher.batches == [batch_of(page)]
    assert stored(desk, scan)
    assert not page.locator("#drop").is_visible() and page.locator("#procedure").is_disabled()
    page.goto(page.url.rsplit("/", 1)[0])
    assert "chờ số hóa" in page.locator("tbody tr").first.inner_text()


def test_every_part_travels_with_its_checksum(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(2)
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, write_folder(tmp_path, {"lon.tif": scan}) / "lon.tif")
    with parts_sent(page) as parts:
        page.locator("#send").click()
        wait_words(page, "Đã gửi đủ")
    told = [part.all_headers()["upload-checksum"] for part in parts]
    starts = range(0, len(scan), PART_BYTES)
    digests = [hashlib.sha256(scan[start : start + PART_BYTES]).digest() for start in starts]
    assert told == [f"sha256 {base64.b64encode(digest).decode()}" for digest in digests]


def test_what_the_store_holds_is_not_sent_again(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = good_scan()
    first = write_folder(tmp_path / "1", {"dot/hs-001/don.tif": scan}) / "dot"
    again = write_folder(tmp_path / "2", {"dot/hs-001/don.tif": scan, "dot/hs-002/don.tif": scan}) / "dot"
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, first)
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ")
    page.goto(page.url.rsplit("/", 1)[0] + "/new")
    choose_folder(page, again)
    page.locator("#known", has_text="2 tệp đã có trong kho").wait_for()
    notes = page.locator(".files .note").all_inner_texts()
    assert all("hồ sơ hs-001: không cần gửi lại" in note and "Đã có trong kho từ " in note for note in notes)
    # The same dossier once more is a mistake; the same paper in another dossier is not.
    assert [choice.input_value() for choice in page.locator(".files select").all()] == ["leave", "attach"]
    with parts_sent(page) as parts:
        page.locator("#send").click()
        wait_words(page, "Đã gửi đủ 1 tệp, 1 hồ sơ.")
    assert parts == []
    assert page.locator(".dossier .fold").all_inner_texts() == ["hs-002"]


def test_a_line_that_breaks_goes_on_where_it_was(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(6)
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, write_folder(tmp_path, {"lon.tif": scan}) / "lon.tif")
    line = Line(page).slow(2_500_000)
    with parts_sent(page) as parts:
        page.locator("#send").click()
        wait_sent(page, 0.3)
        line.cut()
        wait_words(page, "Mất mạng, đang chờ…")
        assert "mất mạng" in page.locator(".dossier .badge").inner_text()
        assert page.locator("#told").inner_text().startswith("Mất mạng")
        before = len(parts)
        line.good()
        wait_words(page, "Đã gửi đủ", 40)
        offsets = [int(part.all_headers()["upload-offset"]) for part in parts]
    assert before >= 2 and 0 not in offsets[before:]
    assert stored(desk, scan)
    open_page.complaints.clear()  # the browser complains of the line


def test_a_page_that_is_loaded_again_goes_on(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(6)
    path = write_folder(tmp_path, {"lon.tif": scan}) / "lon.tif"
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, path)
    Line(page).slow(2_500_000)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#send").click()
    wait_sent(page, 0.4)
    page.reload()
    assert asked == [LEAVING]
    wait_words(page, "1 tệp gửi dở: chọn lại")
    assert "gửi dở" in page.locator(".dossier .badge").inner_text()
    with parts_sent(page) as parts:
        choose_files(page, path)
        wait_words(page, "Đã gửi đủ 1 tệp", 40)
    assert int(parts[0].all_headers()["upload-offset"]) >= PART_BYTES
    assert stored(desk, scan)


def test_another_file_of_that_name_is_sent_from_its_beginning(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    half, other = large_scan(3, seed=1), large_scan(3, seed=2)
    page = open_page(desk, "/batches/new", "clerk")
    page.on("dialog", lambda dialog: dialog.accept())
    choose_files(page, write_folder(tmp_path / "1", {"lon.tif": half}) / "lon.tif")
    line = Line(page).slow(1_000_000)
    page.locator("#send").click()
    wait_sent(page, 0.4)
    page.reload()
    line.good()
    wait_words(page, "gửi dở")
    choose_files(page, write_folder(tmp_path / "2", {"lon.tif": other}) / "lon.tif")
    wait_words(page, "Đã gửi đủ 1 tệp", 40)
    assert stored(desk, other) and not stored(desk, half)


def test_who_pauses_goes_on_later(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(4)
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, write_folder(tmp_path, {"lon.tif": scan}) / "lon.tif")
    line = Line(page).slow(2_000_000)
    page.locator("#send").click()
    wait_sent(page, 0.2)
    page.locator("#pause").click()
    wait_words(page, "Đã tạm dừng; phần đã gửi được giữ.")
    assert "tạm dừng" in page.locator(".dossier .badge").inner_text()
    line.good()
    page.get_by_role("button", name="Gửi tiếp").click()
    wait_words(page, "Đã gửi đủ")
    assert stored(desk, scan)


def test_a_session_that_ended_keeps_what_was_sent(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = large_scan(4)
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, write_folder(tmp_path, {"lon.tif": scan}) / "lon.tif")
    line = Line(page).slow(2_000_000)
    page.locator("#send").click()
    wait_sent(page, 0.2)
    desk.office.sessions.end_all("clerk")
    wait_words(page, "Phiên làm việc đã hết hạn: đăng nhập lại ở thẻ khác")
    line.good()
    token, _ = desk.session("clerk")
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": page.url.partition("/batches")[0]}])
    page.get_by_role("button", name="Gửi tiếp").click()
    wait_words(page, "Đã gửi đủ")
    assert stored(desk, scan)
    open_page.complaints.clear()  # 401


def test_a_dossier_that_was_sent_gets_another_name_without_sending(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, write_folder(tmp_path, {"dot/hs-001/don.tif": good_scan()}) / "dot")
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ")
    with parts_sent(page) as parts:
        page.get_by_role("button", name="Đổi tên hồ sơ hs-001").click()
        page.keyboard.type("hs-009")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="hs-009", exact=True).wait_for()
    page.reload()
    page.get_by_role("button", name="hs-009", exact=True).wait_for()
    assert parts == [] and page.locator(".dossier").count() == 1


def test_what_is_in_the_way_is_said_in_sentences(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    path = write_folder(tmp_path, {"dot/hs-001/don.tif": good_scan(), "dot/hs-002/don.tif": good_scan(4)}) / "dot"
    page = open_page(desk, "/batches/new", "clerk")
    page.fill("#dossier_code", "H05.12-251112-0012")
    choose_folder(page, path)
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ 2 tệp")
    page.locator("#submit").click()
    page.locator("#in-the-way", has_text="Chưa gửi số hóa được").wait_for()
    assert "Mã hồ sơ" in page.locator("#in-the-way li").inner_text()
    page.fill("#dossier_code", "")
    page.locator("#dossier_code").blur()
    page.get_by_role("button", name="Bỏ hồ sơ hs-002").click()
    wait_words(page, "Đã gửi đủ 1 tệp")
    page.locator("#submit").click()
    wait_words(page, "đang chờ máy đến lượt")
    open_page.complaints.clear()  # 422


def test_what_the_service_will_not_take_is_said_at_the_file(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    write_folder(tmp_path, {"hong.zip": b"PK khong phai tep nen"})
    choose_files(page, tmp_path / "hong.zip")
    page.locator("#send").click()
    page.locator(".files .state.bad", has_text="Tệp nén không mở được").wait_for()
    assert "Giải nén rồi tải từng tệp lên" in page.locator(".files .note").inner_text()
    wait_words(page, "1 tệp không gửi được")
    open_page.complaints.clear()  # 422


def test_a_store_that_is_away_is_waited_for(desk: Desk, open_page: OpenPage, tmp_path: Path, monkeypatch) -> None:
    scan = good_scan()
    faults = [SohoaError(Code.STORE_UNREACHABLE, retryable=True)] * 2
    received = __import__("service.intake.uploading", fromlist=["receive"])
    real = received.receive

    def receive(store, path):
        if faults:
            raise faults.pop()
        return real(store, path)

    monkeypatch.setattr(received, "receive", receive)
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, write_folder(tmp_path, {"don.tif": scan}) / "don.tif")
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ")
    assert faults == [] and stored(desk, scan)
    open_page.complaints.clear()  # 503


def test_a_colleague_may_look_and_not_touch(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    from service.roles import Role  # noqa: PLC0415

    desk.account("lan", Role.CLERK, agency="H05.12")
    desk.account("hoa", Role.CLERK, agency="H05")
    page = open_page(desk, "/batches/new", "lan")
    assert page.input_value("#agency") == "H05.12"
    choose_folder(page, write_folder(tmp_path, {"dot/hs-001/don.tif": good_scan()}) / "dot")
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ")
    colleague = open_page(desk, f"/batches/{batch_of(page)}", "hoa")
    colleague.locator(".dossier").wait_for()
    assert colleague.locator("button:visible", has_text="Bỏ").count() == 0
    assert not colleague.locator("#submit").is_visible() and colleague.locator("#drop").count() == 0
