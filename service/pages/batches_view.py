"""Batches as the clerk's pages show them: counted, and in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from extractors.paper_type import UNKNOWN_PAPER_TYPE
from extractors.record import RecordState
from extractors.wording import STATES
from ocr.file_names import natural_key
from ocr.page_quality import Verdict
from ocr.problem import Code
from service.intake.folding import Fold, FoldedFile
from service.intake.intake import Intake
from service.intake.shapes import BatchView, FileView, PageView
from service.office import Office
from service.pages.rendering import number
from service.roles import Principal
from storage.batch import BatchState
from storage.catalogue.rows import RecordRow
from storage.desk.batches import BatchRow
from storage.desk.upload import UploadState
from storage.desk.uploads import Outline
from storage.dossier import DossierState
from storage.dossier_segment import dossier_segment

STATE_WORDS = {
    BatchState.OPEN: "đang chuẩn bị",
    BatchState.WAITING: "chờ số hóa",
    BatchState.RUNNING: "đang số hóa",
    BatchState.DONE: "đã số hóa",
    BatchState.FAILED: "không số hóa được",
}
# As the stylesheet calls them.
STATE_LOOKS = {BatchState.DONE: "good", BatchState.FAILED: "bad", BatchState.OPEN: "warn"}
_DOSSIER_WORDS = {
    DossierState.COMPLETE: "đã số hóa",
    DossierState.PARTIAL: "thiếu trang",
    DossierState.FAILED: "không số hóa được",
    DossierState.ERASED: "đã xóa theo quyết định",
}
_UNITS = ("byte", "kB", "MB", "GB")
_INCOMPLETE = frozenset({DossierState.PARTIAL, DossierState.FAILED})
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list.

    Attributes:
        batch_id: The batch.
        state_words: Where it stands.
        look: How the page marks that; empty: not at all.
        created_at: When it was opened, ISO 8601.
        submitted_at: When it was sent off, or None.
        account: Who opened it.
        procedure_code: Or None.
        dossiers: Number of dossiers.
        named: The first few of their names.
        files: Number of files.
        pages: Number of pages, as far as it is known.
        papers: Number of papers found.
        to_review: Number of papers that wait for a steward.
        rescan: Number of pages to be scanned again.
        trouble: Number of dossiers that are not complete, and of files that could not be taken.
    """

    batch_id: str
    state_words: str
    look: str
    created_at: str
    submitted_at: str | None
    account: str
    procedure_code: str | None
    dossiers: int
    named: str
    files: int
    pages: int
    papers: int
    to_review: int
    rescan: int
    trouble: int


def summaries_of(intake: Intake, batches: Sequence[BatchRow]) -> list[Summary]:
    """Return the lines of the list.

    Raises:
        SohoaError: `DESK_FAILED`.
    """
    files: dict[str, list[Outline]] = {batch.batch_id: [] for batch in batches}
    for file in intake.uploads.outlines(files):
        files[file.batch_id].append(file)
    summaries = []
    for batch in batches:
        with intake.folds.reading(intake.progress, batch.batch_id) as fold:
            summaries.append(_summary(batch, files[batch.batch_id], fold))
    return summaries


def _summary(batch: BatchRow, files: Sequence[Outline], fold: Fold) -> Summary:
    names = {file.dossier_id for file in files}
    found = [fold.files.get((file.dossier_id, file.file, file.sha256 or ""), FoldedFile()) for file in files]
    dossiers = [dossier for name, dossier in fold.dossiers.items() if name in names]
    unusable = [
        file.dossier_id
        for file, each in zip(files, found, strict=True)
        if file.state is UploadState.FAILED or None in each.problems
    ]
    # A dossier that is incomplete because of a file that was counted is no second trouble.
    incomplete = {name for name, dossier in fold.dossiers.items() if name in names and dossier.state in _INCOMPLETE}
    return Summary(
        batch_id=batch.batch_id,
        state_words=STATE_WORDS[batch.state],
        look=STATE_LOOKS.get(batch.state, ""),
        created_at=batch.created_at,
        submitted_at=batch.submitted_at,
        account=batch.account,
        procedure_code=batch.procedure_code,
        dossiers=len(names),
        named=", ".join(nsmallest(_NAMED, names, natural_key)) + ("\N{NO-BREAK SPACE}…" if len(names) > _NAMED else ""),
        files=len(files),
        # Pages are counted beforehand, and again when they are read.
        pages=sum(dossier.pages for dossier in dossiers) or sum(each.page_count or 0 for each in found),
        papers=sum(dossier.papers for dossier in dossiers),
        to_review=sum(dossier.to_review for dossier in dossiers),
        rescan=sum(verdict is Verdict.RESCAN for each in found for verdict in each.verdicts.values()),
        trouble=len(unusable) + len(incomplete.difference(unusable)),
    )


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the list: `words` say how it stands; `is_bad`: a person has to do something about it."""

    file: str
    size: str
    words: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class DossierRows:
    """One dossier of the list with its files, or those of them that stand on this page."""

    dossier_id: str
    words: str
    files: Sequence[FileRow]


def rows_of(batch: BatchView) -> list[DossierRows]:
    """Return the files of a batch, as far as the view tells of them, in words."""
    return [
        DossierRows(
            # Of what was erased the store keeps no name.
            "" if dossier.state is DossierState.ERASED else dossier.dossier_id,
            _DOSSIER_WORDS.get(dossier.state, "") if dossier.state is not None else "",
            [_file_row(file) for file in dossier.files],
        )
        for dossier in batch.dossiers
    ]


def _file_row(file: FileView) -> FileRow:
    poor = [page for page in file.pages if page.verdict is Verdict.RESCAN]
    # What lay in an archive and is no scan asks nothing of anybody.
    is_wrong = file.problem is not None and file.problem["code"] != Code.FILE_SKIPPED
    return FileRow(file.file, size_words(file.size_bytes), _file_words(file, poor), is_wrong or bool(poor))


def _file_words(file: FileView, poor: Sequence[PageView]) -> str:
    if file.problem is not None:
        return str(file.problem["title"])
    if file.state is UploadState.OPEN:
        return f"gửi dở {100 * file.offset_bytes // max(1, file.size_bytes)} %"
    pages = f"{file.page_count} trang" if file.page_count else "đã gửi"
    if poor:
        return "; ".join((pages, *(f"trang {page.page_number} {page.words}" for page in poor)))
    return f"{pages}, đạt" if file.page_count and len(file.pages) >= file.page_count else pages


def size_words(size_bytes: int) -> str:
    """Return a size as people read it: `2,4 MB`."""
    value, unit = float(size_bytes), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{number(round(value, 1) if value < 10 and unit > 1 else round(value))} {_UNITS[unit]}"


def papers_of(office: Office, principal: Principal, dossier_ids: Collection[str]) -> list[dict[str, Any]]:
    """Return the papers of dossiers that the caller may see: what they are called, where they stand, what waits."""
    names = {paper_type.id: paper_type.name for paper_type in office.paper_types}
    names[UNKNOWN_PAPER_TYPE] = "Không rõ loại"
    papers: dict[str, list[dict[str, Any]]] = {}
    for row in office.catalogue.records_of(dossier_ids):
        # What was rejected is no paper: a page put aside, or one that belongs to another paper now.
        if row.state is not RecordState.REJECTED and principal.may_see(row.agency or office.settings.agency):
            papers.setdefault(row.dossier_segment, []).append(_paper(row, names))
    segments = {dossier_id: dossier_segment(dossier_id) for dossier_id in dossier_ids}
    return [
        {"dossier_id": dossier_id, "segment": segment, "papers": papers.get(segment, [])}
        for dossier_id, segment in segments.items()
    ]


def _paper(row: RecordRow, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "record_id": row.record_id,
        "paper_type": row.paper_type,
        "name": names.get(row.paper_type, row.paper_type),
        "state": row.state.value,
        "words": STATES[row.state],
        "waits": row.waits,
        "open_fields": row.open_fields if row.state is RecordState.NEEDS_REVIEW else 0,
    }
