"""The desk and the strip of pages, whose addresses carry an identifier: readable by all, small, fit for the screen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from extractors.record import RecordState
from storage.records import save_draft
from tests.browser.steward_world import doubt_papers, expect, open_task, opened, paper_of, press, record_of
from tests.browser.test_every_page import FACTS, MOST_BYTES, NEXT_FOCUS, RULES, sizes_of
from tests.services.chromium import OFFICE_SCREEN
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def birth(filled_desk: Desk) -> str:
    record_id = doubt_papers(filled_desk, {"number": "169/2019"})
    unknown = record_of(filled_desk, paper_of(filled_desk, "thong-bao"))
    save_draft(
        filled_desk.office.store,
        unknown.model_copy(update={"paper_type": "khong-ro", "fields": {}, "state": RecordState.NEEDS_REVIEW}),
    )
    return record_id


def faults(page: "Page", state: str) -> Iterator[str]:
    """Yield what is wrong with the page as it is now."""
    facts = page.evaluate(FACTS)
    if facts["lang"] != "vi" or facts["headings"] != 1 or facts["width"] > OFFICE_SCREEN["width"]:
        yield f"{state}: {facts}"
    if (size := sizes_of(page)) > MOST_BYTES:
        yield f"{state}: {size} bytes"
    for violation in Axe().run(page, options=RULES).response["violations"]:
        yield f"{state}: {violation['id']} {[node['html'][:100] for node in violation['nodes'][:3]]}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_is_fit_for_everybody(filled_desk: Desk, birth: str, open_page: OpenPage, scheme: str) -> None:
    unknown = record_of(
        filled_desk, next(r.record_id for r in filled_desk.office.catalogue.records(dossier_id="hs-102"))
    )
    page = open_task(open_page, filled_desk, birth, color_scheme=scheme)
    opened(page, "Số")
    page.locator(".crop:not([hidden])").wait_for()
    found = list(faults(page, "a field is open"))
    press(page, "Tab", "Tab")
    page.keyboard.type("31/02/2019")
    page.locator("#understood.bad").wait_for()
    found += faults(page, "a value is refused")
    press(page, "ArrowDown", "ArrowDown")
    page.locator(".field.current", has_text="Dân tộc").wait_for()
    found += faults(page, "an accepted field")
    press(page, "F1")
    found += faults(page, "the keys")
    press(page, "Escape", "Alt+l")
    page.get_by_role("dialog", name="Loại bỏ giấy tờ này").wait_for()
    found += faults(page, "a reason")
    taken = open_task(open_page, filled_desk, birth, "supervisor", color_scheme=scheme)
    taken.locator("#banner:not([hidden])").wait_for()
    found += faults(taken, "held by another")
    expect(open_page, "409")
    nothing = open_page(filled_desk, f"/tasks/{unknown.record_id}", "steward", color_scheme=scheme)
    nothing.locator('[data-do="split"].split:focus').wait_for()
    found += faults(nothing, "of no known type")
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_strip_of_pages_is_fit_for_everybody(
    filled_desk: Desk, birth: str, open_page: OpenPage, scheme: str
) -> None:
    page = open_page(filled_desk, "/dossiers/hs-101", "steward", color_scheme=scheme)
    page.locator("#strip [aria-current]:focus").wait_for()
    found = list(faults(page, "as it was"))
    press(page, "ArrowRight", "c")
    page.locator(".paper").nth(2).wait_for()
    found += faults(page, "a cut")
    press(page, "t")
    page.locator("#type-words:focus").wait_for()
    found += faults(page, "choosing a type")
    assert found == []


def test_who_works_by_keyboard_sees_where_they_are(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    desk = open_task(open_page, filled_desk, birth)
    opened(desk, "Số")
    strip = open_page(filled_desk, "/dossiers/hs-101", "steward")
    strip.locator("#strip [aria-current]:focus").wait_for()
    hidden = []
    for page in (desk, strip):
        for _ in range(25):
            press(page, "Tab")
            focus = page.evaluate(NEXT_FOCUS)
            if focus["tag"] != "BODY" and not focus["shows"]:
                hidden.append(focus["html"])
    assert hidden == []
