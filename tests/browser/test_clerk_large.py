"""A batch of thousands of files: shown some at a time, by keyboard, and as a list that needs no script."""

from typing import TYPE_CHECKING

import pytest

from benchmarks.large_batch import fill_large_batch
from service.roles import Role
from tests.browser.clerk_world import faults_of
from tests.services.office import AGENCY, Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

DOSSIERS, FILES = 220, 2200


@pytest.fixture
def large(desk: Desk) -> str:
    desk.account("lan", Role.CLERK, agency=AGENCY)
    return f"/batches/{fill_large_batch(desk.office, 'lan', AGENCY, FILES)}"


def press_more(page: "Page", words: str) -> str:
    """Press a button for more by keyboard; return what has the focus then."""
    page.get_by_role("button", name=words, exact=True).focus()
    page.keyboard.press("Enter")
    return str(page.evaluate("document.activeElement.textContent"))


def test_a_large_batch_is_shown_some_at_a_time(desk: Desk, open_page: OpenPage, large: str) -> None:
    page = open_page(desk, large, "lan")
    page.locator("#result").wait_for()
    page.locator("#dossiers-total", has_text=f"{DOSSIERS} hồ sơ, 2.200 tệp").wait_for()
    rows, outcomes = page.locator(".dossier"), page.locator(".outcome")
    assert (rows.count(), outcomes.count()) == (100, 50)
    assert page.locator("#batch-state").inner_text() == "đã số hóa"
    assert "660 giấy tờ" in page.locator(".tally").inner_text()
    assert "lô 101" in press_more(page, "Hiện thêm 100 hồ sơ (còn 120)")
    assert "lô 201" in press_more(page, "Hiện thêm 20 hồ sơ (còn 20)")
    assert rows.count() == DOSSIERS
    badges = set(page.locator(".dossier .badge").all_text_contents())
    assert badges == {"đã tách 3 giấy tờ, 2 trường chờ duyệt"}
    assert page.locator(".dossier .more").locator("visible=true").count() == 0
    press_more(page, "Hiện thêm 50 hồ sơ (còn 170)")
    assert outcomes.count() == 100
    assert faults_of(page) == []


def test_a_dossier_of_many_files_is_shown_some_at_a_time(desk: Desk, open_page: OpenPage) -> None:
    desk.account("lan", Role.CLERK, agency=AGENCY)
    batch_id = fill_large_batch(desk.office, "lan", AGENCY, 320, files_a_dossier=320)
    page = open_page(desk, f"/batches/{batch_id}", "lan")
    page.locator(".fold").click()
    files = page.locator(".files > li")
    assert files.count() == 100
    assert "tệp 101.pdf" in press_more(page, "Hiện thêm 100 tệp (còn 220)")
    assert files.count() == 200
    page.locator(".fold").click()
    assert page.locator(".dossier .more").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_script_the_files_are_read_page_by_page(
    desk: Desk, open_page: OpenPage, large: str, scheme: str
) -> None:
    page = open_page(desk, large, "lan", java_script_enabled=False, color_scheme=scheme)
    page.locator("noscript").get_by_role("link", name="danh sách tệp của đợt").focus()
    found = []
    page.keyboard.press("Enter")
    page.wait_for_url("**/files")
    for _ in range(FILES // 200):
        found += page.locator(".listed .name").all_inner_texts()
        following = page.get_by_role("link", name="Xem tiếp")
        if following.count():
            following.focus()
            with page.expect_navigation():
                page.keyboard.press("Enter")
    assert len(found) == FILES
    assert page.get_by_role("link", name="Xem tiếp").count() == 0
    assert "lô 220" in page.locator(".listed").inner_text()
    seen = open_page(desk, f"{large}/files", "lan", color_scheme=scheme)
    assert faults_of(seen) == []
