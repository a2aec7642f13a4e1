"""From the pages of a dossier to its papers: splitting, recognition, extraction. One pure call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from extractors.acceptance import judge_fields, state_of
from extractors.confirmation import confirm_readings
from extractors.fields import read_fields
from extractors.layout import find_zones
from extractors.paper_text import PaperText, Stretch
from extractors.paper_type import UNKNOWN_PAPER_TYPE, PaperType
from extractors.record import (
    ExtractedField,
    FileSignature,
    PoorPage,
    Provenance,
    Record,
    RecordState,
    SourcePage,
    Subject,
)
from extractors.second_reading import ReadAgain, read_again_where_written
from extractors.titles import TitlePlace, find_title, has_national_header
from ocr.page import PageText, ReaderInfo
from ocr.page_quality import Verdict

# TT 05/2025/TT-BNV, confidenceLevel: 02 = made by digitising paper.
DIGITISED = "02"
# The one act without a title. Source: NĐ 30/2020 Phụ lục III, mẫu 1.5.
OFFICIAL_LETTER = "cong-van"


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A page of a dossier: the file it came in, as the clerk named it, and its text."""

    file: str
    page: PageText

    @property
    def source(self) -> SourcePage:
        """The page as a record names it."""
        return SourcePage(file=self.file, page_number=self.page.page_number, sha256=self.page.scan_sha256)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper found in a dossier, before it has an id and a place in the store."""

    pages: tuple[DossierPage, ...]
    paper_type: PaperType | None
    type_confidence: float | None
    type_reasons: tuple[str, ...]
    fields: dict[str, ExtractedField]
    state: RecordState
    second_readers: tuple[ReaderInfo, ...] = ()

    def to_record(
        self,
        *,
        record_id: str,
        dossier_id: str,
        created_at: datetime,
        software: str,
        signatures: tuple[FileSignature, ...] = (),
    ) -> Record:
        """Return the paper as the first revision of a record; `signatures` are those of its files."""
        texts = [page.page for page in self.pages]
        readers: list[ReaderInfo] = []
        for reader in (*(reader for text in texts for reader in text.readers), *self.second_readers):
            if reader not in readers:
                readers.append(reader)
        return Record(
            record_id=record_id,
            revision=1,
            state=self.state,
            dossier_id=dossier_id,
            paper_type=self.paper_type.id if self.paper_type else UNKNOWN_PAPER_TYPE,
            paper_type_version=self.paper_type.version if self.paper_type else 1,
            type_confidence=self.type_confidence,
            type_reasons=self.type_reasons,
            source=tuple(page.source for page in self.pages),
            subjects=_subjects(self.paper_type, self.fields),
            fields=self.fields,
            metadata=_metadata(self.paper_type, self.fields, len(self.pages)),
            provenance=Provenance(
                readers=tuple(readers),
                steps=tuple(step for text in texts for step in text.steps),
                paper_type_fingerprint=self.paper_type.fingerprint if self.paper_type else "",
                software=software,
                created_at=created_at,
                signatures=signatures,
                poor_pages=poor_pages(self.pages),
            ),
        )


@dataclass(frozen=True, slots=True)
class Sorting:
    """Where every page of a dossier went."""

    papers: tuple[Paper, ...]
    blank: tuple[DossierPage, ...]
    failed: tuple[DossierPage, ...]


def sort_pages(
    pages: Sequence[DossierPage], paper_types: tuple[PaperType, ...], read_again: ReadAgain | None = None
) -> Sorting:
    """Split the pages of a dossier into papers and read the fields of each; `read_again` reads them a second time.

    A blank page belongs to no paper, a failed one is named; every other page is in exactly one paper.
    """
    blank = tuple(page for page in pages if page.page.is_blank and not page.page.failed)
    failed = tuple(page for page in pages if page.page.failed)
    readable = [page for page in pages if not page.page.is_blank and not page.page.failed]
    papers = tuple(_read_paper(run, paper_types, read_again) for run in _split(readable, paper_types))
    return Sorting(papers, blank, failed)


def poor_pages(pages: Sequence[DossierPage]) -> tuple[PoorPage, ...]:
    """Return the pages that were scanned less than well, and why."""
    return tuple(
        PoorPage(file=page.file, page_number=page.page.page_number, quality=page.page.quality)
        for page in pages
        if page.page.quality is not None and page.page.quality.verdict is not Verdict.ACCEPT
    )


def _split(pages: Sequence[DossierPage], paper_types: tuple[PaperType, ...]) -> list[list[DossierPage]]:
    """Cut the pages into runs of one paper each."""
    runs: list[list[DossierPage]] = []
    for page in pages:
        same_file = bool(runs) and runs[-1][-1].page.scan_sha256 == page.page.scan_sha256
        if same_file and not _begins_paper(PaperText((page.page,)), paper_types):
            runs[-1].append(page)
        else:
            runs.append([page])
    return runs


def _begins_paper(text: PaperText, paper_types: tuple[PaperType, ...]) -> bool:
    """A national header begins a paper, and so does a certificate's title.

    An act's title without the header is an annex (`KẾ HOẠCH`, kèm theo Quyết định …): it stays with its act.
    """
    if has_national_header(text):
        return True
    title = find_title(text, paper_types)
    return title is not None and title.paper_type.layout != "act"


def _read_paper(run: Sequence[DossierPage], paper_types: tuple[PaperType, ...], read_again: ReadAgain | None) -> Paper:
    text = PaperText(tuple(page.page for page in run))
    title = find_title(text, paper_types)
    zones = find_zones(text, title)
    paper_type, confidence, reasons = _recognise(title, zones, paper_types)
    if paper_type is None:
        return Paper(tuple(run), None, None, reasons, {}, RecordState.NEEDS_REVIEW)
    readings = read_fields(text, paper_type, title, zones)
    if read_again is not None:
        readings = read_again_where_written(text, paper_type, readings, zones, read_again)
        readings = confirm_readings(text, paper_type, readings, read_again)
    fields = judge_fields(text, paper_type, readings, tuple(page.source for page in run))
    # A type told by less than the exact title is for a person to confirm.
    state = state_of(paper_type, fields) if confidence == 1.0 else RecordState.NEEDS_REVIEW
    if any(page.quality.verdict is Verdict.RESCAN for page in poor_pages(run)):
        state = RecordState.NEEDS_REVIEW
    asked = any(reading.agreed_by or reading.is_disputed or reading.said for reading in readings.values())
    second_readers = read_again.readers if read_again and asked else ()
    return Paper(tuple(run), paper_type, confidence, reasons, fields, state, second_readers)


def _recognise(
    title: TitlePlace | None, zones: Mapping[str, Stretch], paper_types: tuple[PaperType, ...]
) -> tuple[PaperType | None, float | None, tuple[str, ...]]:
    """Tell the type by the title; an act without one but with `V/v` under its number is an official letter."""
    if title is not None:
        return title.paper_type, title.confidence, (f"title:{title.title}",)
    letter = next((paper_type for paper_type in paper_types if paper_type.id == OFFICIAL_LETTER), None)
    if letter is not None and "subject" in zones:
        return letter, None, ("no-title", "subject-under-number")
    return None, None, ("no-title",)


def _subjects(paper_type: PaperType | None, fields: dict[str, ExtractedField]) -> tuple[Subject, ...]:
    def value(name: str | None) -> str | None:
        found = fields[name].value if name else None
        return found if isinstance(found, str) else None

    subjects = (
        Subject(
            role=declared.role,
            personal_id=value(declared.personal_id),
            full_name=value(declared.full_name),
            date_of_birth=value(declared.date_of_birth),
        )
        for declared in (paper_type.subjects if paper_type else ())
    )
    return tuple(subject for subject in subjects if subject.personal_id or subject.full_name)


def _metadata(
    paper_type: PaperType | None, fields: dict[str, ExtractedField], page_count: int
) -> dict[str, str | int | None]:
    """Return the minimum list of TT 01/2023 Điều 9.2 (domain §2.3) as far as the paper gives it."""
    data: dict[str, str | int | None] = {
        "paper_type": paper_type.id if paper_type else UNKNOWN_PAPER_TYPE,
        "paper_name": paper_type.name if paper_type else None,
        "type_code": paper_type.code if paper_type else None,
        "trust_level": DIGITISED,
        "page_count": page_count,
        "valid_until": None,
        "scope": None,
    }
    for key, name in (paper_type.metadata if paper_type else {}).items():
        found = fields[name].value
        data[key] = found if isinstance(found, str) else None
    return data
