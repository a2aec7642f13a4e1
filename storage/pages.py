"""Stored page texts: what reading a page gave, kept per recipe so that no page is read twice."""

from ocr.page import PageText
from storage.documents import load_or_none, read_document
from storage.key_parsing import parse_page_key
from storage.keys import page_key, pages_of_scan_prefix
from storage.objects import ObjectStore


def page_key_of(page: PageText) -> str:
    """Return the name a page text belongs under.

    Raises:
        ValueError: The page names no scan, page or recipe that can be.
    """
    return page_key(page.scan_sha256, page.page_number, page.recipe)


def read_page(store: ObjectStore, key: str) -> PageText:
    """Return the page text named `key`.

    Raises:
        SohoaError: `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return read_document(store, key, PageText.from_json, page_key_of)


def load_page(store: ObjectStore, key: str) -> PageText | None:
    """Return the page text named `key`, or None when the page has to be read.

    A damaged text counts as absent: the scan is still there, and reading it again replaces the text.

    Raises:
        SohoaError: The store cannot be used.
    """
    return load_or_none(key, lambda: read_page(store, key))


def save_page(store: ObjectStore, page: PageText) -> bool:
    """Store a page text, unless reading the page again may give a better one.

    Returns:
        True when stored; False when the page has a retryable problem.

    Raises:
        SohoaError: The store cannot be written.
    """
    if any(problem.retryable for problem in page.problems):
        return False
    store.put(page_key_of(page), page.to_json())
    return True


def find_page(store: ObjectStore, scan_sha256: str, page_number: int, recipe: str | None = None) -> PageText | None:
    """Return the text of a page as `recipe` read it, else any reading of it; None where it was never read.

    Raises:
        ValueError: An argument is malformed.
        SohoaError: The store cannot be used.
    """
    if recipe is not None:
        found = load_page(store, page_key(scan_sha256, page_number, recipe))
        if found is not None:
            return found
    for key in store.list(pages_of_scan_prefix(scan_sha256)):
        place = parse_page_key(key)
        if place is not None and place.page_number == page_number:
            found = load_page(store, key)
            if found is not None:
                return found
    return None
