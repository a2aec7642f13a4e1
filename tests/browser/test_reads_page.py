"""The read log in a browser: an inspector's walk by keyboard, from the days to one person and the slip for that person."""

from datetime import datetime, time, timedelta
from time import sleep
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from service.pages.rendering import VIET_NAM
from storage.upkeep import check_up
from tests.browser import oversight_world
from tests.browser.test_accounts_pages import RULES
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

WHY = "Kiểm tra định kỳ tháng 11"


def wait_out_midnight() -> None:
    """Wait for the new day where this one is about to end: a form asks about the days up to when it was shown."""
    now = datetime.now(VIET_NAM)
    left = datetime.combine(now.date() + timedelta(days=1), time(tzinfo=VIET_NAM)) - now
    if left < timedelta(minutes=2):
        sleep(left.total_seconds())


@pytest.fixture
def inspected(desk: Desk) -> Desk:
    """An office whose read log was shipped and checked; its newest looks are not shipped yet."""
    wait_out_midnight()
    oversight_world.staff(desk)
    oversight_world.looks(desk)
    desk.office.read_log.seal()
    check_up(desk.office.settings)
    oversight_world.looks(desk, 3)
    return desk


def faults(page: "Page") -> list[str]:
    options = {"runOnly": RULES["runOnly"], "resultTypes": ["violations"]}
    found = [each["id"] for each in Axe().run(page, options=options).response["violations"]]
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, *(["wide"] if is_wide else [])]


def test_an_inspector_looks_through_a_week_by_keyboard(inspected: Desk, open_page: OpenPage) -> None:
    page = open_page(inspected, "/reads", "giam-sat")
    assert page.get_by_text("còn nguyên").is_visible()
    page.locator("#by-days + form #kind").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("hoa.do")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type(WHY)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    shown = page.locator("table.looks tbody tr")
    assert 10 < shown.count() <= 50
    assert (
        page.locator("table.looks tbody tr td:nth-child(2)").all_inner_texts() == ["Đỗ Thị Hoa\nhoa.do"] * shown.count()
    )
    assert faults(page) == []
    page.locator("#reader").fill("")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    first_page = shown.all_inner_texts()
    assert len(first_page) == 50 and WHY in first_page[0], "the look before this one is in the log"
    with page.expect_navigation():
        page.get_by_role("button", name="Cũ hơn").press("Enter")
    assert shown.count() == 50
    assert not set(first_page) & set(shown.all_inner_texts())
    with page.expect_navigation():
        page.get_by_role("button", name="Về trang mới nhất").press("Enter")
    assert shown.first.inner_text().count(WHY) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_is_handed_a_slip(inspected: Desk, open_page: OpenPage, scheme: str) -> None:
    page = open_page(inspected, "/reads", "giam-sat", color_scheme=scheme)
    page.locator("#subject").focus()
    page.keyboard.type(oversight_world.SUBJECT)
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("Người dân hỏi")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", name="001******001: 12 lần xem").is_visible()
    assert faults(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="Lập phiếu cho người dân").press("Enter")
    assert faults(page) == []
    slip = page.locator("article.slip").inner_text()
    assert "13 lần xem" in slip and "Hệ thống một cửa điện tử · Cơ quan H05.12" in slip
    for account, name in oversight_world.PEOPLE:
        assert account not in slip and name not in slip, "who sat at the desk is not told"
    page.evaluate("window.print = () => { document.title = 'đã in'; }")
    page.get_by_role("button", name="In phiếu").press("Enter")
    page.wait_for_function("document.title === 'đã in'")
    page.emulate_media(media="print")
    assert not page.locator(".notice").is_visible() and page.locator("article.slip").is_visible()
