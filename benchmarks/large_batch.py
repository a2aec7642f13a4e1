"""The largest batch that a clerk may send, digitised, put into an office the quick way: 5,000 files."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from extractors.record import RecordState
from ocr.page_quality import Verdict
from service.intake.limits import BATCH_LIMITS
from service.office import Office
from storage.batch import Batch, BatchDossier, BatchFile, BatchState
from storage.batches import save_batch
from storage.catalogue.tables import records
from storage.desk.progress import CheckedPage, Progress, ProgressKind
from storage.desk.tables import batch_progress, batches, uploads
from storage.desk.times import as_text
from storage.desk.upload import UploadKind, UploadState
from storage.dossier import DossierState
from storage.dossier_segment import dossier_segment

BATCH_ID = f"b{'f' * 24}"
_PAGES_A_FILE = 2
_PAPERS_A_DOSSIER = 3
_SIZE_BYTES = 400_000


def fill_large_batch(
    office: Office, account: str, agency: str | None, files: int = BATCH_LIMITS.files, files_a_dossier: int = 10
) -> str:
    """Enter a digitised batch of an account, with its papers; return its identifier."""
    now = datetime.now(UTC)
    names = [
        (f"lô {number // files_a_dossier + 1}", f"tệp {number % files_a_dossier + 1}.pdf") for number in range(files)
    ]
    dossiers = list(dict.fromkeys(dossier for dossier, _ in names))
    with office.desk.writing() as connection:
        connection.execute(insert(batches), _batch(account, agency, as_text(now)))
        connection.execute(insert(uploads), [_upload(account, *name, as_text(now)) for name in names])
        events = [_row(event, as_text(now)) for event in _events(names, files_a_dossier)]
        connection.execute(insert(batch_progress), events)
    with office.catalogue.filling.database.writing() as connection:
        papers = _papers(dossiers, agency, as_text(now), office.catalogue.filling.projection.name)
        connection.execute(insert(records), list(papers))
    held: dict[str, list[BatchFile]] = {dossier: [] for dossier in dossiers}
    for dossier, file in names:
        held[dossier].append(BatchFile(file=file, sha256=_sha256(dossier, file), size_bytes=_SIZE_BYTES))
    became = tuple(
        BatchDossier(dossier_id=dossier, files=tuple(of_dossier), state=DossierState.COMPLETE)
        for dossier, of_dossier in held.items()
    )
    save_batch(
        office.store,
        Batch(batch_id=BATCH_ID, revision=1, state=BatchState.DONE, by=account, dossiers=became, created_at=now),
    )
    return BATCH_ID


def _batch(account: str, agency: str | None, now: str) -> dict[str, Any]:
    return {
        "batch_id": BATCH_ID,
        "account": account,
        "agency": agency,
        "state": BatchState.DONE.value,
        "created_at": now,
        "submitted_at": now,
        "finished_at": now,
        "attempts": 1,
    }


def _upload(account: str, dossier: str, file: str, now: str) -> dict[str, Any]:
    sha256 = _sha256(dossier, file)
    return {
        "upload_id": f"u{sha256[:24]}",
        "batch_id": BATCH_ID,
        "account": account,
        "kind": UploadKind.SCAN.value,
        "dossier_id": dossier,
        "segment": dossier_segment(dossier),
        "file": file,
        "size_bytes": _SIZE_BYTES,
        "offset_bytes": _SIZE_BYTES,
        "sha256": sha256,
        "state": UploadState.STORED.value,
        "created_at": now,
        "changed_at": now,
    }


def _events(names: list[tuple[str, str]], files_a_dossier: int) -> Iterator[Progress]:
    pages = tuple(CheckedPage(page_number=number + 1, verdict=Verdict.ACCEPT) for number in range(_PAGES_A_FILE))
    for dossier, file in names:
        sha256 = _sha256(dossier, file)
        yield Progress(
            kind=ProgressKind.CHECKED, dossier_id=dossier, file=file, sha256=sha256, count=_PAGES_A_FILE, checked=pages
        )
    yield Progress(kind=ProgressKind.STARTED)
    for dossier in dict.fromkeys(dossier for dossier, _ in names):
        count = files_a_dossier * _PAGES_A_FILE
        yield Progress(kind=ProgressKind.PAGES, dossier_id=dossier, count=count)
        yield from (Progress(kind=ProgressKind.PAGE, dossier_id=dossier, count=1) for _ in range(count))
        state = DossierState.COMPLETE
        yield Progress(
            kind=ProgressKind.ASSEMBLED, dossier_id=dossier, state=state, papers=_PAPERS_A_DOSSIER, to_review=1
        )
    yield Progress(kind=ProgressKind.DONE)


def _row(event: Progress, now: str) -> dict[str, Any]:
    return {"batch_id": BATCH_ID, "at": now, "event": event.to_json().decode()}


def _papers(dossiers: list[str], agency: str | None, now: str, projection: str) -> Iterator[dict[str, Any]]:
    for number, dossier in enumerate(dossiers):
        for paper in range(_PAPERS_A_DOSSIER):
            waits = int(paper == 0)
            yield {
                "record_id": f"r{'f' * 12}{number * _PAPERS_A_DOSSIER + paper:012x}",
                "revision": 1,
                "state": (RecordState.NEEDS_REVIEW if waits else RecordState.ACCEPTED).value,
                "dossier_segment": dossier_segment(dossier),
                "paper_type": "giay-khai-sinh",
                "paper_type_version": 1,
                "doubtful_fields": waits,
                "created_at": now,
                "agency": agency,
                "waits": waits,
                "open_fields": 2 * waits,
                "projection": projection,
            }


def _sha256(dossier: str, file: str) -> str:
    return hashlib.sha256(f"{dossier}/{file}".encode()).hexdigest()
