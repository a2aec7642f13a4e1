"""What a dossier says of itself beside its papers, in the form it is stored: questions and the receipt's list."""

from collections.abc import Sequence

from extractors.contents import listed_papers
from extractors.dossier_page import DossierPage
from extractors.paper_type import PaperType
from extractors.papers import Sorting
from extractors.record import Record
from extractors.splitting.arranged import ArrangedPages, Arranging
from storage.arrangement import Arrangement
from storage.dossier import Component, PagePlace, Question, QuestionKind


def place_of(page: DossierPage) -> PagePlace:
    """Return a page as a dossier names it."""
    return PagePlace(file=page.file, sha256=page.page.scan_sha256, page_number=page.page.page_number)


def arranged_of(arrangement: Arrangement | None) -> Arranging:
    """Return what a person said of the pages, in the form that sorting takes."""
    if arrangement is None:
        return Arranging()
    papers = (
        ArrangedPages(tuple((place.sha256, place.page_number) for place in paper.pages), paper.paper_type)
        for paper in arrangement.papers
    )
    blank = frozenset((place.sha256, place.page_number) for place in arrangement.blank_pages)
    return Arranging(tuple(papers), blank)


def questions_of(sorting: Sorting) -> tuple[Question, ...]:
    """Return what a steward is asked about the papers of a dossier."""
    return tuple(
        Question(
            kind=QuestionKind(doubt.kind),
            page=place_of(doubt.page),
            is_cut=doubt.is_cut,
            reasons_for=doubt.reasons_for,
            reasons_against=doubt.reasons_against,
        )
        for doubt in sorting.doubts
    )


def components_of(
    sorting: Sorting, records: Sequence[Record], paper_types: Sequence[PaperType]
) -> tuple[Component, ...]:
    """Return what the receipts list, each with the record of the paper it is; `records` are those of the papers."""
    return tuple(
        Component(
            name=listed.name,
            paper_type=listed.paper_type,
            record_id=records[listed.paper_index].record_id if listed.paper_index is not None else None,
        )
        for listed in listed_papers(sorting.papers, paper_types)
    )
