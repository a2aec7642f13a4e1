"""Pictures of pages for people: made once from the original scan, kept in the store."""

from ocr.image import PageImage
from ocr.preview import make_preview
from ocr.problem import Code, SohoaError
from ocr.scan import kind_of, open_page
from storage.keys import preview_key, scan_key
from storage.objects import ObjectStore


def page_preview(store: ObjectStore, sha256: str, page_number: int) -> bytes:
    """Return the picture of a page of a stored scan (WebP); made and kept when there is none yet.

    Raises:
        ValueError: An argument is malformed.
        SohoaError: `OBJECT_MISSING` without the scan; the page cannot be opened (`PAGE_DAMAGED`, …); see `ObjectStore`.
    """
    try:
        return store.get(preview_key(sha256, page_number))
    except SohoaError as error:
        if error.code is not Code.OBJECT_MISSING:
            raise
    with store.open(scan_key(sha256)) as original:
        image = open_page(original, kind_of(original), page_number)
    return keep_preview(store, sha256, image)


def keep_preview(store: ObjectStore, sha256: str, image: PageImage) -> bytes:
    """Make the picture of a page that is open, keep it and return it.

    Raises:
        SohoaError: See `ObjectStore`.
    """
    made = make_preview(image)
    store.put(preview_key(sha256, image.page_number), made)
    return made
