"""Files that cannot be used: the page keeps its word about them, and what needs no hand asks for none."""

import io
import re
import zipfile
from pathlib import Path

from tests.browser.clerk_world import choose_files, choose_folder, good_scan, wait_words, write_folder
from tests.services.office import Desk
from tests.services.pages import OpenPage

EVENTS = re.compile(r"/events(\?|$)")


def zipped(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def test_a_damaged_file_stands_in_the_way_until_it_is_left_out(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    files = {"dot/hs-001/don.tif": good_scan(), "dot/hs-002/hong.pdf": b"%PDF-1.7 khong phai pdf"}
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, write_folder(tmp_path, files) / "dot")
    page.locator("#send").click()
    wait_words(page, "1 tệp không dùng được: bỏ hoặc chọn lại rồi mới gửi số hóa.")
    page.locator("#submit").press("Enter")
    way = page.locator("#in-the-way li")
    assert way.all_inner_texts() == ["hs-002/hong.pdf: Tệp bị hỏng, không mở được. Chép lại từ máy quét hoặc quét lại."]
    assert page.evaluate("document.activeElement.textContent") == "Chưa gửi số hóa được"
    assert desk.launcher.batches == []
    page.get_by_role("button", name="Bỏ tệp hong.pdf").click()
    wait_words(page, "Trang nào cũng dùng được.")
    page.locator("#submit").press("Enter")
    wait_words(page, "đang chờ máy đến lượt")
    assert len(desk.launcher.batches) == 1


def test_a_damaged_file_is_one_trouble_in_the_list(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    write_folder(tmp_path, {"hong.pdf": b"%PDF-1.7 khong phai pdf"})
    choose_files(page, tmp_path / "hong.pdf")
    page.locator("#send").click()
    wait_words(page, "1 tệp không dùng được")
    page.goto(page.url.rsplit("/", 1)[0])
    assert page.locator("td .badge.bad").all_inner_texts() == ["1 chỗ có vấn đề"]


def test_an_archive_in_an_archive_is_told_before_and_asks_for_nothing_after(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    inner = zipped({"a.tif": good_scan()})
    write_folder(tmp_path, {"chi-zip.zip": zipped({"trong.zip": inner}), "tot.zip": zipped({"hs/b.tif": good_scan(4)})})
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, tmp_path / "chi-zip.zip", tmp_path / "tot.zip")
    notes = page.locator(".files .note")
    for nth in (0, 1):
        notes.nth(nth).filter(has_text="Trong tệp nén").wait_for()
    assert notes.all_inner_texts() == [
        "Trong tệp nén không thấy bản quét nào.",
        "Trong tệp nén: 1 hồ sơ, 1 tệp (hs); máy chủ sẽ mở ra.",
    ]
    page.locator("#send").click()
    wait_words(page, "Trang nào cũng dùng được.")
    assert page.locator(".dossier", has_text="chi-zip").locator(".badge").inner_text() == "không có bản quét"
    assert page.locator(".dossiers .bad").count() == 0
    page.locator("#submit").press("Enter")
    wait_words(page, "đang chờ máy đến lượt")


def test_while_the_service_is_away_the_bar_does_not_go_on_as_if_nothing_were(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, write_folder(tmp_path, {"dot/hs-001/don.tif": good_scan()}) / "dot")
    page.locator("#send").click()
    wait_words(page, "Trang nào cũng dùng được.")
    page.locator("#submit").press("Enter")
    wait_words(page, "đang chờ máy đến lượt")
    # The stream is refused as by a service that is not there; the browser comes again by itself.
    page.route(EVENTS, lambda route: route.abort())
    page.reload()
    wait_words(page, "Mất kết nối với máy chủ, đang nối lại…")
    page.unroute(EVENTS)
    wait_words(page, "đang chờ máy đến lượt")
    open_page.complaints.clear()  # the browser complains of the line
