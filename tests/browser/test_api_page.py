"""The page that describes the API: every operation opened, readable by all, no wider than an office's screen."""

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from service.v1.groups import WORDS
from tests.browser.test_every_page import MOST_BYTES, RULES, sizes_of
from tests.services.chromium import OFFICE_SCREEN
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page


def opened(desk: Desk, open_page: OpenPage, **options: str) -> "Page":
    page = open_page(desk, "/v1/docs", **options)
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_operation_is_fit_for_everybody(desk: Desk, open_page: OpenPage, scheme: str) -> None:
    page = opened(desk, open_page, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= OFFICE_SCREEN["width"]
    assert sizes_of(page) <= MOST_BYTES
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in violations] == []


def test_operations_stand_in_groups_that_people_know_and_open_by_keyboard(desk: Desk, open_page: OpenPage) -> None:
    page = open_page(desk, "/v1/docs")
    groups = page.locator("main section h2").all_inner_texts()
    assert set(groups) == set(WORDS.values())
    page.locator("#lookUp > summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#lookUp .api-body").is_visible()
    assert "Dành cho: cán bộ một cửa" in page.locator("#lookUp").inner_text()
