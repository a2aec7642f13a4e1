"""How the pages of a dossier make papers is mended by keyboard alone, and the machine puts them together anew."""

import tempfile
from typing import TYPE_CHECKING

import pytest

from flows.assembly import assemble_dossier
from flows.intake import DossierInput
from flows.workshop import open_workshop
from storage.dossiers import load_dossier
from tests.browser.steward_world import BIRTH, doubt, expect, opened, paper_of, press, ready, said
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

# What each paper is called, and its pages.
PAPERS = """() => [...document.querySelectorAll('#strip .paper')].map(paper => [
  paper.querySelector('h2 > span:not(.quiet):not(.badge)').textContent,
  [...paper.querySelectorAll('.page-number')].map(page => Number(page.textContent)),
])"""
ACT, CERTIFICATE, TOLD_LATER, BLANK = "Quyết định", "Giấy khai sinh", "máy tự nhận loại", "Trang trống"
BEGUN = [[ACT, [1, 2]], [CERTIFICATE, [3]]]


@pytest.fixture
def page(filled_desk: Desk, open_page: OpenPage) -> "Page":
    """The dossier of a two-page act and a certificate; its first page is current."""
    found = open_page(filled_desk, "/dossiers/hs-101", "steward")
    found.locator("#strip [aria-current]:focus").wait_for()
    found.locator(".viewer img:not([hidden])").wait_for()
    return found


def after(page: "Page", *keys: str) -> list[list[object]]:
    """Press keys; return the papers then."""
    press(page, *keys)
    return page.evaluate(PAPERS)


def test_pages_are_cut_moved_merged_and_taken_back(page: "Page") -> None:
    assert page.evaluate(PAPERS) == BEGUN
    press(page, "c")
    said(page, "đã là trang đầu")
    assert after(page, "ArrowRight", "c") == [[TOLD_LATER, [1]], [TOLD_LATER, [2]], [CERTIFICATE, [3]]]
    assert after(page, "]") == [[TOLD_LATER, [1]], [TOLD_LATER, [2, 3]]]
    assert after(page, "Shift+ArrowRight") == [[TOLD_LATER, [1]], [TOLD_LATER, [3, 2]]]
    assert after(page, "b") == [[TOLD_LATER, [1]], [CERTIFICATE, [3]], [BLANK, [2]]]
    assert after(page, "Control+z", "Control+z", "Control+z", "Control+z") == BEGUN
    assert page.locator("#save").is_disabled()
    assert after(page, "ArrowDown", "m") == [[TOLD_LATER, [1, 2, 3]]]
    assert after(page, "Control+z", "[") == [[TOLD_LATER, [1, 2, 3]]]
    press(page, "Home")
    page.locator('#strip [aria-current]:focus .page-number:text-is("1")').wait_for()


def test_a_split_and_a_type_are_saved_and_the_papers_made_anew(
    filled_desk: Desk, page: "Page", open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)  # put back: a workshop keeps this process's files apart
    press(page, "ArrowRight", "c", "t")
    page.get_by_role("dialog", name="Loại giấy tờ").wait_for()
    page.keyboard.type("thong bao")
    page.locator('#type-list [aria-selected="true"]', has_text="Thông báo").wait_for()
    press(page, "Enter")
    page.locator("#strip .paper h2", has_text="Thông báo").wait_for()
    assert page.evaluate(PAPERS) == [[TOLD_LATER, [1]], ["Thông báo", [2]], [CERTIFICATE, [3]]]
    press(page, "Control+Enter")
    asked = page.get_by_role("dialog", name="Lưu cách xếp hồ sơ")
    asked.wait_for()
    assert "Hồ sơ sẽ có 3 giấy tờ" in asked.inner_text()
    press(page, "1", "Enter")
    page.locator("#working:not([hidden])").wait_for()
    assert filled_desk.launcher.dossiers == ["hs-101"]
    held = load_dossier(filled_desk.office.store, "hs-101")
    assert held is not None and held.arrangement is not None
    assert (held.arrangement.reason, held.arrangement.by) == ("máy tách nhầm", "steward")
    # The runner's work, here.
    assemble_dossier(open_workshop(str(filled_desk.office.settings.home)), DossierInput("hs-101", ()), (), {})
    said(page, "Đã xếp lại hồ sơ: 3 giấy tờ")
    assert page.evaluate(PAPERS)[1:] == [["Thông báo", [2]], [CERTIFICATE, [3]]]
    press(page, "Enter")
    page.wait_for_url("**/tasks/r*")
    page.locator("#paper-name", has_text="Thông báo").wait_for()


def test_a_wrong_split_is_mended_from_the_desk_and_two_who_do_it_do_not_overwrite(
    filled_desk: Desk, page: "Page", open_page: OpenPage
) -> None:
    record = paper_of(filled_desk, "giay-khai-sinh")
    doubt(filled_desk, record, BIRTH)
    desk = open_page(filled_desk, f"/tasks/{record}", "supervisor")
    ready(desk)
    opened(desk, "Số")
    press(desk, "Alt+s")
    desk.wait_for_url(f"**/dossiers/hs-101?record={record}")
    desk.locator('#strip [aria-current]:focus .page-number:text-is("3")').wait_for()
    press(desk, "m", "Control+Enter", "1", "Enter")
    desk.locator("#working:not([hidden])").wait_for()
    press(page, "ArrowRight", "c", "Control+Enter", "1", "Enter")
    said(page, "vừa có người khác sửa")
    held = load_dossier(filled_desk.office.store, "hs-101")
    assert held is not None and held.arrangement is not None and held.arrangement.by == "supervisor"
    expect(open_page, "409")
