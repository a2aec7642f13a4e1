"""The nouns of a dossier: what a clerk sent as one unit and what became of every page (schema `sohoa.dossier/1`)."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from ocr.problem import Problem
from ocr.signature import PdfSignature
from ocr.stored import Stored, StoredDocument
from storage.arrangement import Arrangement
from storage.dossier_segment import dossier_segment
from storage.page_place import Count, PagePlace, Sha256

__all__ = [
    "Component",
    "Dossier",
    "DossierPaper",
    "DossierScan",
    "DossierState",
    "PagePlace",
    "Question",
    "QuestionKind",
    "state_for",
]


class DossierState(StrEnum):
    """How much of a dossier was digitised; `erased`: all its papers were erased under a decision."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    ERASED = "erased"


class DossierScan(Stored):
    """One file of the dossier.

    Attributes:
        file: Name as the clerk gave it; unique in the dossier.
        sha256: Hash of its bytes.
        page_count: Number of pages, or None when the file could not be opened far enough to tell.
        problems: What is wrong with the file as a whole.
        duplicate_of: Name of the file of this dossier that has the same bytes and whose pages stand for this
            one's, or None. A duplicate has no pages of its own and is no fault.
        signatures: Digital signatures inside the file.
    """

    file: str
    sha256: Sha256
    page_count: Annotated[int, Field(ge=0)] | None = None
    problems: tuple[Problem, ...] = ()
    duplicate_of: str | None = None
    signatures: tuple[PdfSignature, ...] = ()


class DossierPaper(Stored):
    """One paper found in the dossier: its record, its type and its pages in order."""

    record_id: str
    paper_type: str
    pages: tuple[PagePlace, ...] = Field(min_length=1)


class QuestionKind(StrEnum):
    """What a steward is asked about the papers of a dossier."""

    CUT = "cut"
    TWO_PAPERS = "two-papers"


class Question(Stored):
    """A choice between papers that was made, but is for a steward to confirm.

    Attributes:
        kind: `cut`: does a new paper begin on this page? `two-papers`: do two papers stand on this page?
        page: The page in question.
        is_cut: What was chosen: True when the page begins a paper of its own.
        reasons_for: Marks that speak for two papers, the weightiest first.
        reasons_against: Marks that speak for one paper, the weightiest first.
    """

    kind: QuestionKind
    page: PagePlace
    is_cut: bool
    reasons_for: tuple[str, ...] = ()
    reasons_against: tuple[str, ...] = ()


class Component(Stored):
    """One paper that a receipt of the dossier lists.

    Attributes:
        name: As the receipt prints it.
        paper_type: The paper type it names, or None where no type is known by such a name.
        record_id: The record of the paper in this dossier that is it, or None: not seen among the scans.
    """

    name: str = Field(min_length=1)
    paper_type: str | None = None
    record_id: str | None = None


class Dossier(StoredDocument):
    """One revision of a dossier. No page disappears: each is part of one paper, blank, a separator sheet, or failed.

    Attributes:
        dossier_id: Name of the folder as the clerk gave it, NFC. May be a person's name. Of an erased dossier: its
            segment.
        revision: From 1.
        dossier_code: Mã hồ sơ, when known: `stated_code`, else what its papers tell for sure.
        stated_code: Mã hồ sơ as who sent the dossier gave it, or None.
        procedure_code: Mã thủ tục hành chính, when known.
        agency: Identifier of the agency it was sent for; None: that of this office.
        recipe: Which readings of its pages it was made from; part of the keys of their text.
        state: See `state_for`.
        scans: The files, in the clerk's order.
        papers: What was found, in page order.
        blank_pages: Pages that carry nothing.
        failed_pages: Pages that could not be read.
        separator_pages: Separator sheets between papers.
        erased_pages: Pages of papers that were erased, in scans that are kept for their other pages.
        erasures: The erasures that took papers from the dossier. With any, no machine result follows.
        questions: Choices between papers that a steward is asked about, in page order.
        components: What the receipts of the dossier list, in their order.
        problems: What went wrong, of the dossier and of its pages.
        arrangement: How a person put its pages together, or None: the machine's sorting stands.
        to_assemble: True while papers and records are still to be made by the arrangement.
        created_at: When this revision was made.
    """

    schema_: Literal["sohoa.dossier/1"] = Field(default="sohoa.dossier/1", alias="schema")
    dossier_id: str = Field(min_length=1)
    revision: Count
    dossier_code: str | None = None
    stated_code: str | None = None
    procedure_code: str | None = None
    agency: str | None = None
    recipe: str | None = None
    state: DossierState
    scans: tuple[DossierScan, ...] = ()
    papers: tuple[DossierPaper, ...] = ()
    blank_pages: tuple[PagePlace, ...] = ()
    failed_pages: tuple[PagePlace, ...] = ()
    separator_pages: tuple[PagePlace, ...] = ()
    erased_pages: tuple[PagePlace, ...] = ()
    erasures: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    components: tuple[Component, ...] = ()
    problems: tuple[Problem, ...] = ()
    arrangement: Arrangement | None = None
    to_assemble: bool = False
    created_at: AwareDatetime

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not unicodedata.is_normalized("NFC", self.dossier_id):
            raise ValueError("dossier_id is not NFC")
        _check_scans(self.scans)
        _check_papers(self.papers)
        _check_pages(self.scans, self.page_places())
        _check_references(self.papers, self.questions, self.components)
        best = state_for(self.scans, self.papers, self.failed_pages, self.problems, self.erasures)
        # A writer may know of a reason for `partial` that is not on record; never for anything better.
        if self.state is not best and (self.state, best) != (DossierState.PARTIAL, DossierState.COMPLETE):
            raise ValueError(f"state is {self.state.value}, content says {best.value}")
        return self

    def page_places(self) -> tuple[PagePlace, ...]:
        """Return every page: those of papers, then the blank, failed, separator and erased ones."""
        in_papers = tuple(place for paper in self.papers for place in paper.pages)
        return in_papers + self.blank_pages + self.failed_pages + self.separator_pages + self.erased_pages

    @property
    def segment(self) -> str:
        """What stands for the dossier in object names; see `dossier_segment`."""
        return self.dossier_id if self.state is DossierState.ERASED else dossier_segment(self.dossier_id)

    @property
    def unseen_components(self) -> tuple[Component, ...]:
        """Papers that a receipt lists and that were not seen among the scans."""
        return tuple(component for component in self.components if component.record_id is None)

    def same_content_as(self, other: "Dossier") -> bool:
        """True when the two revisions say the same, whenever they were made."""
        ignored = {"revision", "created_at"}
        return self.model_dump(exclude=ignored) == other.model_dump(exclude=ignored)


def state_for(
    scans: Sequence[DossierScan],
    papers: Sequence[DossierPaper],
    failed_pages: Sequence[PagePlace],
    problems: Sequence[Problem],
    erasures: Sequence[str] = (),
) -> DossierState:
    """Return the best state a dossier with this content may claim.

    `failed` without any paper, `erased` where they were erased; `complete` only when no page failed, every file's
    pages are known and nothing at all went wrong; `partial` in between.
    """
    if not papers:
        return DossierState.ERASED if erasures else DossierState.FAILED
    scans_are_whole = all(
        not scan.problems and (scan.page_count is not None or scan.duplicate_of is not None) for scan in scans
    )
    is_complete = scans_are_whole and not failed_pages and not problems
    return DossierState.COMPLETE if is_complete else DossierState.PARTIAL


def _check_scans(scans: Sequence[DossierScan]) -> None:
    originals = {scan.file: scan.sha256 for scan in scans if scan.duplicate_of is None}
    if len({scan.file for scan in scans}) != len(scans):
        raise ValueError("a file is listed twice")
    # Records are named by the hash of the scan they start in: the same bytes twice would give one record two papers.
    if len(set(originals.values())) != len(originals):
        raise ValueError("two files have the same bytes and neither is marked as a duplicate")
    for scan in scans:
        if scan.duplicate_of is not None and originals.get(scan.duplicate_of) != scan.sha256:
            raise ValueError("a duplicate names no file with the same bytes")


def _check_papers(papers: Sequence[DossierPaper]) -> None:
    if len({paper.record_id for paper in papers}) != len(papers):
        raise ValueError("two papers share a record")


def _check_references(
    papers: Sequence[DossierPaper], questions: Sequence[Question], components: Sequence[Component]
) -> None:
    in_papers = {place for paper in papers for place in paper.pages}
    if any(question.page not in in_papers for question in questions):
        raise ValueError("a question is about a page of no paper")
    known = {paper.record_id for paper in papers} | {None}
    if any(component.record_id not in known for component in components):
        raise ValueError("a component names a record of no paper")


def _check_pages(scans: Sequence[DossierScan], places: Sequence[PagePlace]) -> None:
    listed = Counter((place.file, place.sha256, place.page_number) for place in places)
    own = [scan for scan in scans if scan.duplicate_of is None]
    expected = {(scan.file, scan.sha256, number) for scan in own for number in range(1, (scan.page_count or 0) + 1)}
    uncounted = {(scan.file, scan.sha256) for scan in own if scan.page_count is None}
    if expected - set(listed):
        raise ValueError("a page is in no paper and neither blank nor failed nor a separator")
    if any(place[:2] not in uncounted for place in set(listed) - expected):
        raise ValueError("a page belongs to no scan of the dossier")
    if max(listed.values(), default=1) > 1:
        raise ValueError("a page is listed twice")
