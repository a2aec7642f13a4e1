"""Papers as a person put them together: they stand, and the machine splits only what the person did not name."""

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.dossier_page import DossierPage

PageName = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ArrangedPages:
    """One paper: its pages (SHA-256 of the scan, page number) in reading order; its type, None where not said."""

    pages: tuple[PageName, ...]
    paper_type: str | None = None


@dataclass(frozen=True, slots=True)
class Arranging:
    """What a person said of the pages of a dossier."""

    papers: tuple[ArrangedPages, ...] = ()
    blank: frozenset[PageName] = frozenset()

    @property
    def named(self) -> frozenset[PageName]:
        """Every page something was said of."""
        return self.blank.union(*(paper.pages for paper in self.papers))


def name_of(page: DossierPage) -> PageName:
    """Return what a page is called here."""
    return page.page.scan_sha256, page.page.page_number


def stretches_between(pages: Sequence[DossierPage], named: frozenset[PageName]) -> list[list[DossierPage]]:
    """Return the runs of pages in scan order that nothing was said of; a page with a name parts two of them."""
    stretches: list[list[DossierPage]] = [[]]
    for page in pages:
        if name_of(page) in named:
            stretches.append([])
        else:
            stretches[-1].append(page)
    return [stretch for stretch in stretches if stretch]
