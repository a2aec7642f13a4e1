"""Pictures of pages for people: made once from the original scan, kept in the store."""

from ocr.image import PageImage
from ocr.preview import make_preview
from ocr.problem import Code, SohoaError
from ocr.scan import kind_of, open_page
from storage.keys import preview_key, scan_key
from storage.objects import ObjectStore
from storage.rights.erased import is_erased_page


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
        SohoaError: `SCAN_ERASED` when the page was erased since it was opened: nothing is kept; see `ObjectStore`.
    """
    made, key = make_preview(image), preview_key(sha256, image.page_number)
    store.put(key, made)
    # Asked afterwards: who erases looks once more for what came, after the scan is gone.
    if is_erased_page(store, sha256, image.page_number):
        store.erase(key)
        raise SohoaError(Code.SCAN_ERASED, page_number=image.page_number)
    return made
