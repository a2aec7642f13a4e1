"""Sending on a good line: nothing is sent twice, and what is in the way is said in sentences."""

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from service.roles import Role
from tests.browser.clerk_world import (
    PART_BYTES,
    answer_with,
    asked_for_files,
    batch_of,
    choose_files,
    choose_folder,
    good_scan,
    large_scan,
    parts_sent,
    stored,
    wait_words,
    write_folder,
)
from tests.service.sending import scan_of, until
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def press_tab_until(page: "Page", wanted: str, most: int = 20) -> None:
    """Go on with Tab, as a person does, until something has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.locator(f"{wanted}:focus").count():
            return
    raise AssertionError(f"{most} times Tab, and not at {wanted}")


def test_a_batch_is_sent_and_sent_off_by_keyboard(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scan = good_scan()
    folder = write_folder(tmp_path, {"dot/hs-001/don.tif": scan}) / "dot"
    page = open_page(desk, "/batches/new", "clerk")
    asked = asked_for_files(page)
    press_tab_until(page, "#choose-folder")
    page.keyboard.press("Enter")
    answer_with(page, asked, folder)
    page.locator("#send").wait_for()
    # The bar below is not behind all the files.
    press_tab_until(page, ".to-deed")
    page.keyboard.press("Enter")
    press_tab_until(page, "#send")
    page.keyboard.press("Enter")
    wait_words(page, "Đã gửi đủ 1 tệp, 1 hồ sơ. Trang nào cũng dùng được.")
    press_tab_until(page, "#submit")
    page.keyboard.press("Enter")
    wait_words(page, "đang chờ máy đến lượt")
    page.goto(page.url.partition("#")[0])
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


def test_two_hundred_files_are_sent(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    scans = [scan_of(Image.new("1", (64, 64 + number))) for number in range(200)]
    files = {f"dot/hs-{number // 10:03}/trang {number}.tif": scan for number, scan in enumerate(scans)}
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, write_folder(tmp_path, files) / "dot")
    wait_words(page, "200 tệp")
    with parts_sent(page) as parts:
        page.locator("#send").click()
        wait_words(page, "Đã gửi đủ 200 tệp, 20 hồ sơ.", 200)
    assert len(parts) == 200 and all(stored(desk, scan) for scan in scans)
    page.reload()
    page.locator(".dossier").nth(19).wait_for()
    assert page.locator(".files li").count() == 0  # files of closed dossiers are not made


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


def two_dossiers_under_one_code(desk: Desk, open_page: OpenPage, folder: Path) -> "Page":
    """A page that has sent them: a code is one dossier's, so they cannot be digitised as they are."""
    path = write_folder(folder, {"dot/hs-001/don.tif": good_scan(), "dot/hs-002/don.tif": good_scan(4)}) / "dot"
    page = open_page(desk, "/batches/new", "clerk")
    page.fill("#dossier_code", "H05.12-251112-0012")
    choose_folder(page, path)
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ 2 tệp")
    return page


def test_what_is_in_the_way_is_said_in_sentences(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = two_dossiers_under_one_code(desk, open_page, tmp_path)
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


def test_what_was_just_mended_is_taken_before_the_batch_is_sent_off(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    page = two_dossiers_under_one_code(desk, open_page, tmp_path)
    changes: list[Route] = []
    page.route(
        re.compile(r"/v1/batches/b[0-9a-f]{24}$"),
        lambda route: changes.append(route) if route.request.method == "PATCH" else route.continue_(),
    )
    page.fill("#dossier_code", "")
    page.locator("#dossier_code").blur()
    until(lambda: page.evaluate("true") and changes)
    page.locator("#submit").click()
    page.wait_for_timeout(500)
    changes[0].continue_()
    wait_words(page, "đang chờ máy đến lượt")


def test_what_the_service_will_not_take_is_said_at_the_file(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    write_folder(tmp_path, {"hong.zip": b"PK khong phai tep nen"})
    choose_files(page, tmp_path / "hong.zip")
    page.locator("#send").click()
    page.locator(".files .state.bad", has_text="Tệp nén không mở được").wait_for()
    assert "Giải nén rồi tải từng tệp lên" in page.locator(".files .note").inner_text()
    wait_words(page, "1 tệp không dùng được")
    open_page.complaints.clear()  # 422


def test_a_colleague_may_look_and_not_touch(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
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
