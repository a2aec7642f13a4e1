"""The PDF of a record's paper: made from scan and page text when first asked for, then kept in the store.

It is derived: lost or out of date, it is made again. Two-layer PDF without the further demands of PDF/A.
"""

import hashlib
import json
import threading
from collections.abc import Sequence

from extractors.record import Record, SourcePage
from ocr.image import PageImage
from ocr.problem import Code, SohoaError
from ocr.scan import kind_of, open_page
from ocr.searchable_pdf import PdfPage, searchable_pdf
from storage.dossiers import load_dossier
from storage.keys import paper_pdf_key, scan_key
from storage.objects import ObjectStore
from storage.pages import find_page
from storage.records import load_record

# Raise it when the same pages give another file than before.
_VERSION = 1
# Two who ask for the same paper do not make it twice; papers that share a lock wait for each other, which is no harm.
_MAKING = tuple(threading.Lock() for _ in range(32))


def paper_pdf(store: ObjectStore, record: Record, title: str) -> bytes:
    """Return the PDF of all pages of a record, as it is kept or made now.

    Args:
        store: Holds scans, page texts and the PDF.
        record: The revision whose pages are meant.
        title: What kind of paper it is.

    Raises:
        SohoaError: `OBJECT_MISSING` without a scan of it; a page cannot be opened (`PAGE_DAMAGED`, …); see
            `ObjectStore`.
    """
    key, recipe = paper_pdf_key(record.record_id), _recipe_of(store, record)
    mark = _mark_of(record.source, recipe)
    kept = _kept(store, key, mark)
    if kept is not None:
        return kept
    with _MAKING[hash(record.record_id) % len(_MAKING)]:
        kept = _kept(store, key, mark)
        if kept is None:
            kept = _made(store, record.source, recipe, title, mark)
            # Making it takes a while. What was erased meanwhile must not come back; `sohoa verify` looks for it too.
            latest = load_record(store, record.record_id)
            if latest is not None and not latest.is_erased:
                store.put(key, kept)
    return kept


def pdf_of_pages(store: ObjectStore, record: Record, pages: Sequence[SourcePage], title: str) -> bytes:
    """Return a PDF of some pages of a record, which is not kept.

    Raises:
        SohoaError: As `paper_pdf`.
    """
    recipe = _recipe_of(store, record)
    return _made(store, pages, recipe, title, _mark_of(pages, recipe))


def _recipe_of(store: ObjectStore, record: Record) -> str | None:
    dossier = load_dossier(store, record.dossier_id)
    return dossier.recipe if dossier is not None else None


def _kept(store: ObjectStore, key: str, mark: str) -> bytes | None:
    try:
        data = store.get(key)
    except SohoaError as error:
        if error.code in {Code.OBJECT_MISSING, Code.OBJECT_DAMAGED}:
            return None
        raise
    return data if mark.encode("ascii") in data else None


def _made(store: ObjectStore, pages: Sequence[SourcePage], recipe: str | None, title: str, mark: str) -> bytes:
    def opened(page: SourcePage) -> PageImage:
        with store.open(scan_key(page.sha256)) as original:
            return open_page(original, kind_of(original), page.page_number)

    return searchable_pdf(
        [
            PdfPage(find_page(store, page.sha256, page.page_number, recipe), lambda page=page: opened(page))  # type: ignore[misc]
            for page in pages
        ],
        title,
        mark,
    )


def _mark_of(pages: Sequence[SourcePage], recipe: str | None) -> str:
    """Return what tells a PDF of these pages, read by this recipe, from any other."""
    told = [_VERSION, recipe, *([page.sha256, page.page_number] for page in pages)]
    return f"sohoa-pages:{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}"
