"""Pictures of the pages of a batch. What a caller sent themselves they may look at again without ado."""

import re
from collections.abc import Sequence

from extractors.record import Record
from ocr.problem import Code, SohoaError
from service.office import Office
from service.roles import Principal
from storage.desk.batches import BatchRow
from storage.desk.upload import Upload, UploadKind, UploadState
from storage.dossiers import load_dossier
from storage.previews import page_preview
from storage.read_log.entry import ReadKind
from storage.read_log.opening import log_read
from storage.records import load_record

PURPOSE = "xem lại bản quét trong đợt nạp"
_SHA256 = re.compile("[0-9a-f]{64}")
_MOST_PAGES = 10**9


def picture_of(office: Office, caller: Principal, batch: BatchRow, sha256: str, page_number: int) -> bytes:
    """Return the picture (WebP) of a page of a stored scan of a batch that the caller may look at.

    A scan that a colleague sent, or that was attached from another dossier, is read: the read log says so first.

    Raises:
        SohoaError: `NOTHING_HERE` where the batch has no such page or it cannot be shown; `READ_LOG_FAILED`; see
            `ObjectStore`.
    """
    if not _SHA256.fullmatch(sha256) or not 0 < page_number < _MOST_PAGES:
        raise SohoaError(Code.NOTHING_HERE)
    uploads = [upload for upload in office.intake.uploads.of_batch(batch.batch_id) if _is_of(upload, sha256)]
    if not uploads:
        raise SohoaError(Code.NOTHING_HERE)
    if batch.account != caller.account or all(upload.kind is UploadKind.ATTACHED for upload in uploads):
        records = _records_on(office, caller, uploads, page_number)
        log_read(
            office.read_log, ReadKind.RECORD, records, reader=caller.account, agency=caller.agency, purpose=PURPOSE
        )
    try:
        return page_preview(office.store, sha256, page_number)
    except SohoaError as error:
        if error.code.startswith(("page_", "scan_")) or error.code is Code.OBJECT_MISSING:
            raise SohoaError(Code.NOTHING_HERE, detail=error.code) from error
        raise


def _records_on(office: Office, caller: Principal, uploads: Sequence[Upload], page_number: int) -> list[Record]:
    """Return the records of papers on a page of a scan, in the dossiers that the caller may know it from."""
    scan = uploads[0].sha256 or ""
    known = office.intake.uploads.with_scans([scan], caller.agency, caller.account)
    dossiers = {upload.dossier_id for upload in (*uploads, *(upload for upload, _ in known))}
    places = [
        (paper.record_id, place)
        for dossier in filter(None, (load_dossier(office.store, dossier_id) for dossier_id in sorted(dossiers)))
        for paper in dossier.papers
        for place in paper.pages
    ]
    record_ids = {record_id for record_id, at in places if (at.sha256, at.page_number) == (scan, page_number)}
    records = (load_record(office.store, record_id) for record_id in sorted(record_ids))
    return [record for record in records if record is not None]


def _is_of(upload: Upload, sha256: str) -> bool:
    return upload.sha256 == sha256 and upload.state is UploadState.STORED and upload.kind is not UploadKind.ARCHIVE
