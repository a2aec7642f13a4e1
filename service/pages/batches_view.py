"""Batches as the clerk's pages show them: counted, and in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from extractors.paper_type import UNKNOWN_PAPER_TYPE
from extractors.record import RecordState
from extractors.wording import STATES
from ocr.file_names import natural_key
from ocr.page_quality import Verdict
from service.intake.folding import Fold, FoldedFile
from service.intake.intake import Intake
from service.office import Office
from service.roles import Principal
from storage.batch import BatchState
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
_STATE_LOOKS = {BatchState.DONE: "good", BatchState.FAILED: "bad", BatchState.OPEN: "warn"}
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
    failed = sum(
        file.state is UploadState.FAILED or None in each.problems for file, each in zip(files, found, strict=True)
    )
    return Summary(
        batch_id=batch.batch_id,
        state_words=STATE_WORDS[batch.state],
        look=_STATE_LOOKS.get(batch.state, ""),
        created_at=batch.created_at,
        submitted_at=batch.submitted_at,
        account=batch.account,
        procedure_code=batch.procedure_code,
        dossiers=len(names),
        named=", ".join(nsmallest(_NAMED, names, natural_key)) + (" …" if len(names) > _NAMED else ""),
        files=len(files),
        # Pages are counted beforehand, and again when they are read.
        pages=sum(dossier.pages for dossier in dossiers) or sum(each.page_count or 0 for each in found),
        papers=sum(dossier.papers for dossier in dossiers),
        to_review=sum(dossier.to_review for dossier in dossiers),
        rescan=sum(verdict is Verdict.RESCAN for each in found for verdict in each.verdicts.values()),
        trouble=sum(dossier.state in _INCOMPLETE for dossier in dossiers) + failed,
    )


def papers_of(office: Office, principal: Principal, dossier_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return the papers of dossiers that the caller may see: what they are called, where they stand, what waits."""
    names = {paper_type.id: paper_type.name for paper_type in office.paper_types}
    names[UNKNOWN_PAPER_TYPE] = "Không rõ loại"
    found = []
    for dossier_id in dossier_ids:
        papers = [
            {
                "record_id": row.record_id,
                "paper_type": row.paper_type,
                "name": names.get(row.paper_type, row.paper_type),
                "state": row.state.value,
                "words": STATES[row.state],
                "waits": row.waits,
                "open_fields": row.open_fields if row.state is RecordState.NEEDS_REVIEW else 0,
            }
            for row in office.catalogue.records(dossier_id)
            # What was rejected is no paper: a page put aside, or one that belongs to another paper now.
            if row.state is not RecordState.REJECTED and principal.may_see(row.agency or office.settings.agency)
        ]
        found.append({"dossier_id": dossier_id, "segment": dossier_segment(dossier_id), "papers": papers})
    return found
