"""Every page that the menu or the address line leads to: readable by all, small, quiet, fit for an office's screen.

Pages join by themselves: all routes for GET without parameters in their path that answer with a page.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.routing import APIRoute

from service.app import PAGES
from service.roles import Role
from service.routes import ROLES_KEY
from tests.services.chromium import OFFICE_SCREEN
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
MOST_BYTES = 300_000
_PICTURE = re.compile(r"\.(webp|png|svg|jpg)(\?|$)")
FACTS = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  headings: document.querySelectorAll('h1').length,
  width: document.documentElement.scrollWidth,
})"""
# Elements one after another get the focus; what does not show it is a trap for who works by keyboard.
NEXT_FOCUS = """() => {
  const found = document.activeElement;
  const style = getComputedStyle(found);
  const shows = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return {tag: found.tagName, html: found.outerHTML.slice(0, 120), shows};
}"""


def pages_of(desk: Desk) -> Iterator[tuple[str, str | None]]:
    """Yield every page's path and an account that may see it."""
    for route in (route for group in PAGES for route in group.router.routes):
        assert isinstance(route, APIRoute)
        if "GET" not in route.methods or "{" in route.path:
            continue
        roles = (route.openapi_extra or {}).get(ROLES_KEY, [])
        account = next((role.value for role in Role if role.value in roles), None)
        answer = desk.client(account).get(route.path, headers={"accept": "text/html"}, follow_redirects=False)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            yield route.path, account


def sizes_of(page: "Page") -> int:
    """Return the bytes of the page with its scripts and styles, as they are before compression.

    What a second worker asks for again is told twice, and lies in the browser's cache.
    """
    told = page.evaluate(
        "() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
        ".map(entry => [entry.name, entry.decodedBodySize])"
    )
    return sum(size for name, size in dict(told).items() if not _PICTURE.search(name))


def test_the_pages_are_found(desk: Desk) -> None:
    found = dict(pages_of(desk))
    assert {"/sign-in", "/batches", "/lookup", "/tasks", "/dossiers", "/board", "/reads", "/accounts"} <= found.keys()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_fit_for_everybody(filled_desk: Desk, open_page: OpenPage, scheme: str) -> None:
    faults: list[str] = []
    for path, account in pages_of(filled_desk):
        page = open_page(filled_desk, path, account, color_scheme=scheme)
        facts = page.evaluate(FACTS)
        if facts["lang"] != "vi" or not facts["title"].strip() or facts["headings"] != 1:
            faults.append(f"{path}: {facts}")
        if facts["width"] > OFFICE_SCREEN["width"]:
            faults.append(f"{path}: {facts['width']} px wide")
        if (size := sizes_of(page)) > MOST_BYTES:
            faults.append(f"{path}: {size} bytes")
        for violation in Axe().run(page, options=RULES).response["violations"]:
            places = [node["html"][:100] for node in violation["nodes"][:3]]
            faults.append(f"{path}: {violation['id']} {places}")
        page.context.close()
    assert faults == []


def test_whoever_works_by_keyboard_sees_where_they_are(filled_desk: Desk, open_page: OpenPage) -> None:
    hidden: list[str] = []
    for path, account in pages_of(filled_desk):
        page = open_page(filled_desk, path, account)
        for _ in range(25):
            page.keyboard.press("Tab")
            focus = page.evaluate(NEXT_FOCUS)
            if focus["tag"] == "BODY":
                break
            if not focus["shows"]:
                hidden.append(f"{path}: {focus['html']}")
        page.context.close()
    assert hidden == []


def test_print_leaves_the_menu_out(filled_desk: Desk, open_page: OpenPage) -> None:
    for path, account in pages_of(filled_desk):
        page = open_page(filled_desk, path, account)
        page.emulate_media(media="print")
        assert not page.locator("header.top").is_visible(), path
        page.context.close()
