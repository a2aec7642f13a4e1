"""The supervisor's board in a browser: by keyboard, in every scheme, on paper, and on to what waits for a decision."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import oversight_world
from tests.browser.test_accounts_pages import RULES
from tests.services.office import Desk
from tests.services.pages import OpenPage


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_keeps_nobody_out(desk: Desk, open_page: OpenPage, scheme: str) -> None:
    oversight_world.staff(desk)
    oversight_world.work(desk)
    page = open_page(desk, "/board", "phu-trach", color_scheme=scheme)
    charts = page.locator("picture img.chart")
    assert charts.count() == 3
    for nth in range(3):
        chart = charts.nth(nth)
        chart.scroll_into_view_if_needed()
        # As it was drawn: the picture came, and of this scheme.
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=chart.element_handle())
        assert ("dark=true" in chart.evaluate("image => image.currentSrc")) is (scheme == "dark")
        assert "Số liệu ở bảng" in (chart.get_attribute("alt") or "")
    page.get_by_text("Số liệu theo ngày").click()
    violations = Axe().run(page, options={"runOnly": RULES["runOnly"], "resultTypes": ["violations"]}).response
    assert [found["id"] for found in violations["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_board_by_keyboard_and_on_paper(desk: Desk, open_page: OpenPage) -> None:
    oversight_world.staff(desk)
    rows = oversight_world.work(desk)
    page = open_page(desk, "/board", "phu-trach", color_scheme="dark")
    assert page.get_by_text(f"{len(rows)} giấy tờ đang chờ").is_visible()
    page.get_by_role("link", name="7 ngày").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("link", name="7 ngày").get_attribute("aria-current") == "true"
    page.emulate_media(media="print")
    on_paper = page.locator("img.on-paper")
    assert on_paper.count() == 3
    assert all(
        on_paper.nth(nth).is_visible() and "dark" not in on_paper.nth(nth).get_attribute("src") for nth in range(3)
    )
    assert page.get_by_role("rowheader", name=page.locator("details th[scope=row]").first.inner_text()).is_visible()
    page.emulate_media(media="screen")
    # The two papers that two people keyed differently are a key away from the third person.
    page.get_by_role("link", name="chờ người thứ ba").focus()
    page.keyboard.press("Enter")
    links = page.locator("section:has(#to-adjudicate) tbody a")
    assert {links.nth(nth).get_attribute("href") for nth in range(2)} == {f"/tasks/{row.record_id}" for row in rows[:2]}
    assert links.count() == 2
