"""Pages to be scanned again: told at once, with picture and reason; replaced, added to, or taken as they are."""

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.browser.clerk_world import (
    answer_with,
    asked_for_files,
    batch_of,
    choose_folder,
    cut_scan,
    faults_of,
    good_scan,
    wait_words,
    write_folder,
)
from tests.service.sending import drawn_page, scan_of
from tests.services.office import Desk
from tests.services.pages import OpenPage, heard

if TYPE_CHECKING:
    from playwright.sync_api import Page


def sent(desk: Desk, open_page: OpenPage, folder: Path, files: dict[str, bytes], **options: str) -> "Page":
    """A page whose files are sent, and looked at by the gate."""
    page = open_page(desk, "/batches/new", "clerk", **options)
    choose_folder(page, write_folder(folder, {f"dot/{name}": data for name, data in files.items()}) / "dot")
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ")
    return page


def files_of(desk: Desk, page: "Page") -> list[str]:
    return sorted(upload.file for upload in desk.office.intake.uploads.of_batch(batch_of(page)))


def test_a_dossier_on_its_wrong_side_is_told_before_it_is_sent_off(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    empty = Image.new("L", (1654, 2339), 250)
    files = {"dot/hs-1/a.tif": scan_of(drawn_page(3), empty), "dot/hs-2/b.tif": scan_of(empty, empty)}
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, write_folder(tmp_path, files) / "dot")
    page.locator("#send").click()
    wait_words(page, "Hồ sơ hs-2 chỉ có trang trắng: xem lại mặt giấy đặt trên máy quét, rồi quét lại.")
    badges = page.locator(".dossier .badge")
    badges.first.filter(has_text="2 trang, đạt, 1 trang trắng").wait_for()
    assert badges.nth(1).inner_text() == "chỉ có trang trắng: xem lại mặt giấy"
    assert faults_of(page) == []


def test_a_poor_page_is_shown_at_once_with_its_reason(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = sent(desk, open_page, tmp_path, {"hs-001/don.tif": good_scan(), "hs-002/qd.tif": cut_scan(5)})
    notice = page.locator(".rescan")
    notice.wait_for()
    assert page.locator("#rescans-heading").inner_text() == "Cần quét lại 1 trang"
    assert "hs-002: qd.tif, trang 1" in notice.inner_text()
    assert "Cần quét lại: chữ bị cắt ở mép trái." in notice.inner_text()
    picture = notice.locator("img")
    picture.scroll_into_view_if_needed()
    assert "mép trái" in picture.get_attribute("alt")
    assert "cut-left" in notice.locator(".picture").get_attribute("class")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalHeight") > 1000
    heard(page, "Cần quét lại 1 trang", "told")
    wait_words(page, "1 trang cần quét lại")
    assert faults_of(page) == []


def test_a_page_that_is_scanned_again_takes_its_place(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = sent(desk, open_page, tmp_path, {"hs-002/qd.tif": cut_scan(5)})
    better = write_folder(tmp_path / "lai", {"qd.tif": good_scan(5)}) / "qd.tif"
    asked = asked_for_files(page)
    page.get_by_role("button", name="Quét lại trang này…").click()
    answer_with(page, asked, better)
    wait_words(page, "Đã gửi đủ 1 tệp, 1 hồ sơ. Trang nào cũng dùng được.")
    assert not page.locator("#rescans").is_visible()
    assert files_of(desk, page) == ["qd.tif"]


def test_one_page_of_many_is_added(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = sent(desk, open_page, tmp_path, {"hs-002/qd.tif": cut_scan(4, 5)})
    page.get_by_role("button", name="Thay cả tệp 2 trang…").wait_for()
    asked = asked_for_files(page)
    page.get_by_role("button", name="Thêm trang 2 quét lại…").click()
    answer_with(page, asked, write_folder(tmp_path / "lai", {"qd.tif": good_scan(5)}) / "qd.tif")
    wait_words(page, "Đã gửi đủ 2 tệp, 1 hồ sơ. Trang nào cũng dùng được.")
    assert files_of(desk, page) == ["qd (quét lại).tif", "qd.tif"]
    assert not page.locator("#rescans").is_visible()


def test_who_takes_a_page_as_it_is_is_not_asked_again(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = sent(desk, open_page, tmp_path, {"hs-002/qd.tif": cut_scan(5), "hs-003/qd.tif": cut_scan(6)})
    page.locator(".rescan").nth(1).wait_for()
    page.get_by_role("button", name="Dùng bản này").first.click()
    page.locator("#rescans-heading", has_text="Cần quét lại 1 trang").wait_for()
    assert page.evaluate("document.activeElement.id") == "rescans-heading"
    page.reload()
    page.locator(".rescan").wait_for()
    assert page.locator(".rescan").count() == 1


def test_after_sending_off_the_page_tells_how(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = sent(desk, open_page, tmp_path, {"hs-002/qd.tif": cut_scan(5)})
    page.locator(".rescan").wait_for()
    page.locator("#submit").click()
    page.locator(".rescan", has_text="nạp ở đợt mới với đúng tên hồ sơ hs-002").wait_for()
    assert page.get_by_role("button", name="Quét lại trang này…").count() == 0
    page.goto(page.url.rsplit("/", 1)[0])
    assert "cần quét lại 1 trang" in page.locator("tbody tr").inner_text()
