"""The pages of a record: how large they are on the scan, and their pictures."""

from extractors.record import Record, SourcePage
from ocr.page import PageText
from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.shelf import Shelf
from storage.dossier import Dossier
from storage.key_parsing import parse_page_key
from storage.keys import page_key, pages_of_scan_prefix
from storage.pages import load_page
from storage.previews import page_preview


def page_text(office: Office, page: SourcePage, dossier: Dossier | None) -> PageText | None:
    """Return the stored text of a page: as the dossier was made from it, else any reading; None without any."""
    if dossier is not None and dossier.recipe is not None:
        found = load_page(office.store, page_key(page.sha256, page.page_number, dossier.recipe))
        if found is not None:
            return found
    for key in office.store.list(pages_of_scan_prefix(page.sha256)):
        place = parse_page_key(key)
        if place is not None and place[1] == page.page_number:
            found = load_page(office.store, key)
            if found is not None:
                return found
    return None


def page_size(office: Office, shelf: Shelf, page: SourcePage, dossier: Dossier | None) -> tuple[int, int]:
    """Return width and height in pixels that boxes on a page are in; (0, 0) where nobody read it."""

    def measure() -> tuple[int, int]:
        text = page_text(office, page, dossier)
        return (text.width_px, text.height_px) if text is not None else (0, 0)

    recipe = dossier.recipe if dossier is not None else None
    return shelf.sizes.get((page.sha256, page.page_number, recipe), measure)


def picture(office: Office, record: Record, index: int) -> bytes:
    """Return the picture of a record's page, WebP.

    Raises:
        SohoaError: `NOTHING_HERE` where the record has no such page or its scan was erased.
    """
    if not 0 <= index < len(record.source):
        raise SohoaError(Code.NOTHING_HERE, detail="no such page")
    page = record.source[index]
    try:
        return page_preview(office.store, page.sha256, page.page_number)
    except SohoaError as error:
        if error.code is Code.OBJECT_MISSING:
            raise SohoaError(Code.NOTHING_HERE, detail="the scan is not held") from error
        raise
