"""The noun of a dossier's page: the file it came in and its text."""

from dataclasses import dataclass

from extractors.record import SourcePage
from ocr.page import PageText


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A page of a dossier: the file it came in, as the clerk named it, and its text."""

    file: str
    page: PageText

    @property
    def source(self) -> SourcePage:
        """The page as a record names it."""
        return SourcePage(file=self.file, page_number=self.page.page_number, sha256=self.page.scan_sha256)
