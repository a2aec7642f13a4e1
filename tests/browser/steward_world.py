"""What stewards' pages are tested with: records with doubtful fields, and a person at the keyboard. All is invented."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from extractors.record import Record, RecordState
from storage.records import load_record, save_draft
from tests.services.office import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOCUS = """() => {
  const found = document.activeElement;
  return found.id || found.dataset.do || found.className || found.tagName;
}"""


def record_of(desk: Desk, record_id: str) -> Record:
    """Return the latest revision of a record."""
    found = load_record(desk.office.store, record_id)
    assert found is not None
    return found


def paper_of(desk: Desk, paper_type: str) -> str:
    """Return the record of the one paper of a type that the office holds."""
    return next(row.record_id for row in desk.office.catalogue.records() if row.paper_type == paper_type)


def doubt(desk: Desk, record_id: str, names: Iterable[str]) -> Record:
    """Let fields of a machine's record wait for a person, and no others."""
    record = record_of(desk, record_id)
    doubtful = set(names)
    fields = {
        name: field.model_copy(
            update={"accepted": False, "decided_by": None, "reasons": ("readers-differ",)}
            if name in doubtful
            else {"accepted": True, "decided_by": "two-readers", "reasons": ()}
        )
        for name, field in record.fields.items()
    }
    draft = record.model_copy(update={"fields": fields, "state": RecordState.NEEDS_REVIEW})
    kept = save_draft(desk.office.store, draft)
    desk.office.catalogue.project_record(kept)
    return kept


def press(page: "Page", *keys: str) -> None:
    """Press keys, one after another."""
    for key in keys:
        page.keyboard.press(key)


def label(page: "Page") -> str:
    """Return the label of the field that is open."""
    return page.locator(".open-head label").inner_text()


def opened(page: "Page", words: str) -> None:
    """Wait until the field with this label is open and has the focus."""
    page.locator(".open-head label", has_text=words).wait_for()
    page.locator("#value:focus").wait_for()


def ready(page: "Page") -> None:
    """Wait until a paper lies on the desk, with its picture and the enlarged piece of it."""
    page.locator("#review:not(.loading)").wait_for()
    page.locator(".viewer img:not([hidden])").wait_for()


def said(page: "Page", words: str) -> None:
    """Wait for a sentence shown for a moment."""
    page.locator("#said", has_text=words).wait_for()


def saved(page: "Page") -> None:
    """Wait until the draft lies at the service."""
    page.locator("#saved.saved", has_text="đã lưu nháp").wait_for()


def focus_of(page: "Page") -> str:
    """Return what has the focus."""
    return page.evaluate(FOCUS)
