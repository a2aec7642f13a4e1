"""The recognised text of a dossier, page by page, in scan order."""

from dataclasses import dataclass

from ocr.problem import Code, SohoaError
from ocr.vietnamese import to_nfc
from storage import keys
from storage.dossiers import load_dossier
from storage.objects import ObjectStore
from storage.pages import load_page


@dataclass(frozen=True, slots=True)
class TextOfPage:
    """Text of one page; empty for a blank page and for one that could not be read."""

    file: str
    page_number: int
    text: str

    def as_json(self) -> dict[str, str | int]:
        """Return the page for programs."""
        return {"file": self.file, "page_number": self.page_number, "text": self.text}


def dossier_text(store: ObjectStore, dossier_id: str) -> tuple[TextOfPage, ...]:
    """Return the text of every page of the dossier's scans, in scan order.

    Raises:
        SohoaError: `dossier_unknown`.
    """
    dossier = load_dossier(store, to_nfc(dossier_id))
    if dossier is None:
        raise SohoaError(Code.DOSSIER_UNKNOWN, file=dossier_id)
    pages: list[TextOfPage] = []
    for scan in dossier.scans:
        if scan.duplicate_of is None:
            for number in range(1, (scan.page_count or 0) + 1):
                page = load_page(store, keys.page_key(scan.sha256, number, dossier.recipe)) if dossier.recipe else None
                pages.append(TextOfPage(scan.file, number, page.text if page else ""))
    return tuple(pages)
