"""Every state of a batch's page, on an office's screen, light and dark: readable by all, nothing cut off, small."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.clerk_world import (
    Line,
    batch_of,
    choose_folder,
    cut_scan,
    faults_of,
    good_scan,
    large_scan,
    wait_words,
    write_folder,
)
from tests.browser.test_every_page import MOST_BYTES, NEXT_FOCUS, sizes_of
from tests.lookup_papers import MARRIAGE, WIFE, hold_papers
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def unseen_focus(page: "Page") -> list[str]:
    """Go through the page with Tab; return what has the focus and does not show it, or lies under the bar below."""
    found = []
    covered = """() => {
      const box = document.activeElement.getBoundingClientRect();
      const bar = document.getElementById("deed");
      return !bar.contains(document.activeElement) && !bar.hidden && box.bottom > bar.getBoundingClientRect().top + 1;
    }"""
    page.locator("h1").click()
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(NEXT_FOCUS)
        if focus["tag"] == "BODY":
            break
        if not focus["shows"] or page.evaluate(covered):
            found.append(focus["html"])
    return found


@pytest.fixture
def known_scan(desk: Desk, open_page: OpenPage, tmp_path: Path) -> bytes:
    """A scan that the store holds already."""
    scan = good_scan()
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, write_folder(tmp_path / "known", {"dot/hs-001/don.tif": scan}) / "dot")
    page.locator("#send").click()
    wait_words(page, "Đã gửi đủ")
    return scan


@SCHEMES
def test_from_the_empty_page_to_the_batch_that_was_sent_off(
    desk: Desk, open_page: OpenPage, tmp_path: Path, known_scan: bytes, scheme: str
) -> None:
    hold_papers(desk.office.store, desk.office.catalogue)
    page = open_page(desk, "/batches/new", "clerk", color_scheme=scheme)
    assert sizes_of(page) <= MOST_BYTES
    assert faults_of(page) == []
    page.fill("#procedure", MARRIAGE)
    page.fill("#subject", WIFE)
    page.locator("#subject").press("Enter")
    page.locator("#held .lines.held").wait_for()
    assert faults_of(page) == []
    # Duplicates, a file that is no scan, and a code that several dossiers cannot share.
    files = {"hs-001/don.tif": known_scan, "hs-002/don.tif": known_scan, "hs-002/qd.tif": cut_scan(4, 5)}
    files |= {"hs-003/hong.pdf": b"%PDF-1.7 hong", "hs-003/ghi-chu.txt": b"x"}
    page.fill("#dossier_code", "H05.12-251112-0012")
    choose_folder(page, write_folder(tmp_path, {f"dot/{name}": data for name, data in files.items()}) / "dot")
    page.locator("#known", has_text="2 tệp đã có trong kho").wait_for()
    wait_words(page, "2 tệp đã có trong kho.")
    assert page.locator("#send").inner_text() == "Bắt đầu gửi 2 tệp"
    assert faults_of(page) == []
    assert unseen_focus(page) == []
    page.locator("#send").click()
    page.locator(".rescan", has_text="chữ bị cắt ở mép trái").wait_for()
    page.locator(".state.bad").wait_for()
    page.locator("#see-rescans").click()
    assert page.evaluate("document.activeElement.id") == "rescans-heading"
    assert faults_of(page) == []
    page.locator("#submit").click()
    page.locator("#in-the-way li", has_text="hong.pdf").wait_for()
    assert faults_of(page) == []
    assert unseen_focus(page) == []
    page.get_by_role("button", name="Bỏ tệp hong.pdf").click()
    page.locator(".state.bad").wait_for(state="detached")
    page.fill("#dossier_code", "")
    page.locator("#dossier_code").blur()
    page.locator("#submit").click()
    wait_words(page, "đang chờ máy đến lượt")
    assert faults_of(page) == []
    page.goto(page.url.rsplit("/", 1)[0])
    assert faults_of(page) == []
    assert batch_of(page) == "batches"
    open_page.complaints.clear()  # 422


@SCHEMES
def test_while_files_are_sent_and_after_the_page_was_left(
    desk: Desk, open_page: OpenPage, tmp_path: Path, scheme: str
) -> None:
    page = open_page(desk, "/batches/new", "clerk", color_scheme=scheme)
    long_name = "tờ khai " * 15
    files = {f"dot/hs-{number:03}/{long_name}.tif": large_scan(2, number) for number in range(3)}
    choose_folder(page, write_folder(tmp_path, files) / "dot")
    line = Line(page, 0)  # what is sent gets no answer
    page.locator("#send").click()
    line.wait_until_stuck(3)
    wait_words(page, "Đang gửi 0 %")
    assert faults_of(page) == []
    page.locator("#pause").click()
    wait_words(page, "Đã tạm dừng")
    assert faults_of(page) == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    wait_words(page, "3 tệp gửi dở")
    assert faults_of(page) == []
    assert unseen_focus(page) == []
