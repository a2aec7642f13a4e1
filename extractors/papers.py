"""From the pages of a dossier to its papers: splitting, recognition, extraction. One pure call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from extractors.acceptance import judge_fields, state_of
from extractors.calibration.model import Calibration, shipped_calibration
from extractors.classification import Classification, classify
from extractors.code_settlement import settle_by_codes
from extractors.confirmation import confirm_readings
from extractors.dossier_page import DossierPage
from extractors.fields import lay_out, read_fields
from extractors.layout import find_zones
from extractors.lost_lines import doubt_lost_lines
from extractors.overlooked import read_overlooked
from extractors.paper_text import PaperText
from extractors.paper_type import UNKNOWN_PAPER_TYPE, PaperType
from extractors.receipt import expected_types
from extractors.record import (
    STEWARD,
    ExtractedField,
    FileSignature,
    PoorPage,
    Provenance,
    Record,
    RecordState,
)
from extractors.second_reading import ReadAgain, read_again_where_written
from extractors.splitting.arranged import Arranging, name_of, stretches_between
from extractors.splitting.separators import Separator, find_separator
from extractors.splitting.split import Doubt, Run, split_pages
from extractors.summary import metadata_of, subjects_of
from extractors.titles import find_title
from ocr.page import ReaderInfo
from ocr.page_quality import Verdict

__all__ = ["DossierPage", "Paper", "Sorting", "poor_pages", "sort_pages"]

_NOTHING_SAID = Arranging()


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
    calibration: str | None = None
    doubts: tuple[Doubt, ...] = ()

    def to_record(
        self,
        *,
        record_id: str,
        dossier_id: str,
        created_at: datetime,
        software: str,
        dossier_code: str | None = None,
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
            dossier_code=dossier_code,
            paper_type=self.paper_type.id if self.paper_type else UNKNOWN_PAPER_TYPE,
            paper_type_version=self.paper_type.version if self.paper_type else 1,
            type_confidence=self.type_confidence,
            type_reasons=self.type_reasons,
            source=tuple(page.source for page in self.pages),
            subjects=subjects_of(self.paper_type, self.fields),
            fields=self.fields,
            metadata=metadata_of(self.paper_type, self.fields, len(self.pages)),
            provenance=Provenance(
                readers=tuple(readers),
                steps=tuple(step for text in texts for step in text.steps),
                paper_type_fingerprint=self.paper_type.fingerprint if self.paper_type else "",
                software=software,
                created_at=created_at,
                signatures=signatures,
                poor_pages=poor_pages(self.pages),
                calibration=self.calibration,
            ),
        )


@dataclass(frozen=True, slots=True)
class Sorting:
    """Where every page of a dossier went, and what a steward is asked about the cuts between papers."""

    papers: tuple[Paper, ...]
    blank: tuple[DossierPage, ...]
    failed: tuple[DossierPage, ...]
    separators: tuple[tuple[DossierPage, Separator], ...] = ()

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Every question once, in page order."""
        each: dict[tuple[str, int, str], Doubt] = {}
        for doubt in (doubt for paper in self.papers for doubt in paper.doubts):
            each.setdefault((doubt.page.page.scan_sha256, doubt.page.page.page_number, doubt.kind), doubt)
        return tuple(each.values())


def sort_pages(
    pages: Sequence[DossierPage],
    paper_types: tuple[PaperType, ...],
    read_again: ReadAgain | None = None,
    calibration: Calibration | None = None,
    arranging: Arranging = _NOTHING_SAID,
) -> Sorting:
    """Split the pages of a dossier into papers and read the fields of each; `read_again` reads them a second time.

    `calibration` says how sure is sure enough; None: the one that ships with the product. What a person said in
    `arranging` stands: those papers come first, as they are listed, and only other pages are split.

    A blank page and a separator sheet belong to no paper, a failed page is named; every other page is in exactly one.
    A failed page that a person put into a paper waits outside it until it can be read.
    """
    named = arranging.named
    said_blank = [page for page in pages if name_of(page) in arranging.blank]
    sheets = [(page, find_separator(page.page)) for page in pages if name_of(page) not in named]
    separators = tuple((page, sheet) for page, sheet in sheets if sheet is not None)
    others = [page for page, sheet in sheets if sheet is None]
    blank = (*said_blank, *(page for page in others if page.page.is_blank and not page.page.failed))
    failed = tuple(page for page in pages if page.page.failed and name_of(page) not in arranging.blank)
    calibration = calibration or shipped_calibration()
    expected = expected_types(others, paper_types)
    runs = [
        *_arranged_runs(pages, arranging),
        *(run for stretch in stretches_between(pages, named) for run in split_pages(stretch, paper_types, expected)),
    ]
    papers = tuple(_read_paper(run, paper_types, read_again, calibration) for run in runs)
    return Sorting(papers, tuple(blank), failed, separators)


def poor_pages(pages: Sequence[DossierPage]) -> tuple[PoorPage, ...]:
    """Return the pages that were scanned less than well, and why."""
    return tuple(
        PoorPage(file=page.file, page_number=page.page.page_number, quality=page.page.quality)
        for page in pages
        if page.page.quality is not None and page.page.quality.verdict is not Verdict.ACCEPT
    )


def _arranged_runs(pages: Sequence[DossierPage], arranging: Arranging) -> list[Run]:
    by_name = {name_of(page): page for page in pages if not page.page.failed}
    runs = (
        Run([by_name[name] for name in paper.pages if name in by_name], paper_type=paper.paper_type)
        for paper in arranging.papers
    )
    return [run for run in runs if run.pages]


def _told_by_person(text: PaperText, paper_type_id: str, paper_types: Sequence[PaperType]) -> Classification:
    """Return the type a person gave; its own title, where it bears one, still tells where its parts lie."""
    declared = tuple(paper_type for paper_type in paper_types if paper_type.id == paper_type_id)
    if not declared:
        return Classification(None, None, (STEWARD,))
    return Classification(declared[0], None, (STEWARD,), is_sure=True, title=find_title(text, declared))


def _read_paper(
    run: Run,
    paper_types: tuple[PaperType, ...],
    read_again: ReadAgain | None,
    calibration: Calibration,
) -> Paper:
    pages, doubts = tuple(run.pages), tuple(run.doubts)
    text = PaperText(tuple(page.page for page in pages))
    if run.paper_type is not None:
        found = _told_by_person(text, run.paper_type, paper_types)
        zones = find_zones(text, found.title)
    else:
        title = find_title(text, paper_types)
        zones = find_zones(text, title)
        found = classify(text, paper_types, zones, title, run.separator.paper_type if run.separator else None)
    paper_type, title = found.paper_type, found.title
    reasons = (*found.reasons, *(("cut-uncertain",) if doubts else ()))
    if paper_type is None:
        return Paper(pages, None, None, reasons, {}, RecordState.NEEDS_REVIEW, doubts=doubts)
    text = lay_out(text, paper_type)
    readings = read_fields(text, paper_type, title, zones)
    if read_again is not None:
        readings = read_again_where_written(text, paper_type, readings, zones, read_again)
        readings = confirm_readings(text, paper_type, readings, read_again)
        readings = read_overlooked(text, paper_type, readings, title, zones, read_again)
        readings = doubt_lost_lines(text, paper_type, readings, read_again)
    readings = settle_by_codes(paper_type, readings)
    fields = judge_fields(text, paper_type, readings, tuple(page.source for page in pages), calibration)
    # A type told by less than the exact title, and a paper that may end elsewhere, are for a person to confirm.
    is_fit = not any(page.quality.verdict is Verdict.RESCAN for page in poor_pages(pages))
    is_settled = found.is_sure and not doubts and is_fit
    state = state_of(paper_type, fields) if is_settled else RecordState.NEEDS_REVIEW
    asked = any(reading.agreed_by or reading.is_disputed or reading.said for reading in readings.values())
    second_readers = read_again.readers if read_again and asked else ()
    return Paper(
        pages,
        paper_type,
        found.confidence,
        reasons,
        fields,
        state,
        second_readers,
        calibration.fingerprint,
        doubts,
    )
