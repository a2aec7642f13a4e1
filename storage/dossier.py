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

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=1)]


class DossierState(StrEnum):
    """How much of a dossier was digitised."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


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


class PagePlace(Stored):
    """One page of one file of the dossier; pages count from 1."""

    file: str
    sha256: Sha256
    page_number: Count


class DossierPaper(Stored):
    """One paper found in the dossier: its record, its type and its pages in order."""

    record_id: str
    paper_type: str
    pages: tuple[PagePlace, ...] = Field(min_length=1)


class Dossier(StoredDocument):
    """One revision of a dossier. No page disappears: each is part of one paper, blank, or failed.

    Attributes:
        dossier_id: Name of the folder as the clerk gave it, NFC. May be a person's name.
        revision: From 1.
        dossier_code: Mã hồ sơ, when known.
        procedure_code: Mã thủ tục hành chính, when known.
        recipe: Which readings of its pages it was made from; part of the keys of their text.
        state: See `state_for`.
        scans: The files, in the clerk's order.
        papers: What was found, in page order.
        blank_pages: Pages that carry nothing.
        failed_pages: Pages that could not be read.
        problems: What went wrong, of the dossier and of its pages.
        created_at: When this revision was made.
    """

    schema_: Literal["sohoa.dossier/1"] = Field(default="sohoa.dossier/1", alias="schema")
    dossier_id: str = Field(min_length=1)
    revision: Count
    dossier_code: str | None = None
    procedure_code: str | None = None
    recipe: str | None = None
    state: DossierState
    scans: tuple[DossierScan, ...] = ()
    papers: tuple[DossierPaper, ...] = ()
    blank_pages: tuple[PagePlace, ...] = ()
    failed_pages: tuple[PagePlace, ...] = ()
    problems: tuple[Problem, ...] = ()
    created_at: AwareDatetime

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not unicodedata.is_normalized("NFC", self.dossier_id):
            raise ValueError("dossier_id is not NFC")
        _check_scans(self.scans)
        _check_papers(self.papers)
        _check_pages(self.scans, self.page_places())
        best = state_for(self.scans, self.papers, self.failed_pages, self.problems)
        # A writer may know of a reason for `partial` that is not on record; never for anything better.
        if self.state is not best and (self.state, best) != (DossierState.PARTIAL, DossierState.COMPLETE):
            raise ValueError(f"state is {self.state.value}, content says {best.value}")
        return self

    def page_places(self) -> tuple[PagePlace, ...]:
        """Return every page of the dossier: those of papers, then the blank, then the failed ones."""
        in_papers = tuple(place for paper in self.papers for place in paper.pages)
        return in_papers + self.blank_pages + self.failed_pages

    def same_content_as(self, other: "Dossier") -> bool:
        """True when the two revisions say the same, whenever they were made."""
        ignored = {"revision", "created_at"}
        return self.model_dump(exclude=ignored) == other.model_dump(exclude=ignored)


def state_for(
    scans: Sequence[DossierScan],
    papers: Sequence[DossierPaper],
    failed_pages: Sequence[PagePlace],
    problems: Sequence[Problem],
) -> DossierState:
    """Return the best state a dossier with this content may claim.

    `failed` without any paper; `complete` only when no page failed, every file's pages are known and nothing at
    all went wrong; `partial` in between.
    """
    if not papers:
        return DossierState.FAILED
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


def _check_pages(scans: Sequence[DossierScan], places: Sequence[PagePlace]) -> None:
    listed = Counter((place.file, place.sha256, place.page_number) for place in places)
    own = [scan for scan in scans if scan.duplicate_of is None]
    expected = {(scan.file, scan.sha256, number) for scan in own for number in range(1, (scan.page_count or 0) + 1)}
    uncounted = {(scan.file, scan.sha256) for scan in own if scan.page_count is None}
    if expected - set(listed):
        raise ValueError("a page is in no paper and neither blank nor failed")
    if any(place[:2] not in uncounted for place in set(listed) - expected):
        raise ValueError("a page belongs to no scan of the dossier")
    if max(listed.values(), default=1) > 1:
        raise ValueError("a page is listed twice")
