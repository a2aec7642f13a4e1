"""What is done with one upload: begun, stored when all of it came, taken back."""

import hashlib
from pathlib import Path

from ocr.problem import Code, Problem, SohoaError
from service.intake.archive import check_is_scan, unpack
from service.intake.intake import Intake
from service.intake.limits import BATCH_LIMITS, MAX_FILE_BYTES
from service.intake.names import clean_name, is_archive
from storage.desk.parts import Part
from storage.desk.upload import Upload, UploadKind, UploadState, new_upload_id
from storage.desk.uploads import Coming
from storage.scans import receive

# What sending the same bytes again does not mend: the upload is given up.
_FINAL = frozenset({Code.UPLOAD_CORRUPT, Code.FILE_SKIPPED, Code.SCAN_ERASED, Code.ARCHIVE_INVALID})


def begin(
    intake: Intake, account: str, batch_id: str, dossier_id: str, file: str, size_bytes: int, sha256: str | None
) -> Upload:
    """Begin an upload, or return the one that the same request began before.

    Args:
        intake: Where to.
        account: Who sends it.
        batch_id: An open batch of theirs.
        dossier_id: As the client names it; of an archive the dossier of entries without a folder, blank: its own name.
        file: As the client names it.
        size_bytes: How long the whole is.
        sha256: What the whole is, or None: not told.

    Raises:
        SohoaError: `FILE_NAME_INVALID`, `UPLOAD_TOO_LARGE`; see `Uploads.begin`.
    """
    name = clean_name(file, "file")
    kind = UploadKind.ARCHIVE if is_archive(name) else UploadKind.SCAN
    if kind is UploadKind.ARCHIVE and not dossier_id.strip():
        dossier_id = name[: -len(".zip")]
    dossier = clean_name(dossier_id, "dossier_id")
    if size_bytes > MAX_FILE_BYTES:
        raise SohoaError(Code.UPLOAD_TOO_LARGE, file=name, detail=f"at most {MAX_FILE_BYTES} bytes")
    coming = Coming(new_upload_id(), batch_id, account, kind, dossier, name, size_bytes, sha256)
    begun = intake.uploads.begin(coming, BATCH_LIMITS)
    return complete(intake, begun.upload_id) if not size_bytes else begun


def find(intake: Intake, account: str, upload_id: str) -> Upload:
    """Return an upload of an account.

    Raises:
        SohoaError: `UPLOAD_UNKNOWN`, also for somebody else's.
    """
    found = intake.uploads.find(upload_id)
    if found is None or found.account != account:
        raise SohoaError(Code.UPLOAD_UNKNOWN)
    return found


def as_held(intake: Intake, upload_id: str, part: Part) -> Upload:
    """Return how far an upload is, whose partial file the caller holds; what lies behind its offset is dropped.

    Returns:
        An open upload, or a stored one, which needs no partial file any more.

    Raises:
        SohoaError: `UPLOAD_UNKNOWN`; what it failed of.
    """
    upload = intake.uploads.find(upload_id)
    if upload is None or upload.state is not UploadState.OPEN:
        intake.parts.remove(upload_id)
        return _not_failed(upload)
    if part.size_bytes < upload.offset_bytes:
        # The folder is not what it was when the offset was noted: a restored backup.
        intake.uploads.advance(upload_id, part.size_bytes)
        upload = _not_failed(intake.uploads.find(upload_id))
    part.cut(upload.offset_bytes)
    return upload


def complete(intake: Intake, upload_id: str) -> Upload:
    """Store the scan of an upload all of whose bytes are here; one that is stored already is returned.

    Raises:
        SohoaError: `UPLOAD_OUT_OF_STEP` when bytes are missing; `UPLOAD_BUSY`; see `store_whole` and `as_held`.
    """
    with intake.parts.holding(upload_id) as part:
        upload = as_held(intake, upload_id, part)
        if upload.state is UploadState.STORED:
            return upload
        if not upload.is_whole:
            raise SohoaError(Code.UPLOAD_OUT_OF_STEP, detail=f"{upload.offset_bytes} of {upload.size_bytes} bytes came")
        return store_whole(intake, upload)


def store_whole(intake: Intake, upload: Upload) -> Upload:
    """Check an upload all of whose bytes are durable, store it, note it and drop the partial file, in this order.

    Killed between any two of these it is done again by whoever asks for the upload next.

    Raises:
        SohoaError: `UPLOAD_CORRUPT`, `FILE_SKIPPED`, `SCAN_ERASED`, `ARCHIVE_INVALID`: the upload is given up. Errors
            of the store: it is kept and may be tried again.
    """
    try:
        sha256 = _store(intake, upload)
    except SohoaError as error:
        problem = error.problem.model_copy(update={"file": upload.file})
        if error.code in _FINAL:
            intake.uploads.fail(upload.upload_id, problem)
            intake.parts.remove(upload.upload_id)
        raise as_error(problem) from error
    intake.uploads.finish(upload.upload_id, sha256)
    intake.parts.remove(upload.upload_id)
    intake.gate.wake()
    return _not_failed(intake.uploads.find(upload.upload_id))


def _store(intake: Intake, upload: Upload) -> str | None:
    path = intake.parts.path(upload.upload_id)
    if upload.sha256 is not None and _sha256_of(path) != upload.sha256:
        raise SohoaError(Code.UPLOAD_CORRUPT, detail="the whole has another SHA-256 than was said")
    if upload.kind is UploadKind.ARCHIVE:
        unpack(intake.store, intake.uploads, intake.parts, upload, intake.gate.wake)
        return None
    check_is_scan(upload.file, path)
    return receive(intake.store, path).sha256


def take_back(intake: Intake, upload: Upload) -> None:
    """Take a file out of its batch, which is open. What the store holds stays there.

    Raises:
        SohoaError: `BATCH_CLOSED`; `UPLOAD_BUSY` while bytes of it come in.
    """
    if upload.state is not UploadState.OPEN:
        intake.uploads.remove(upload.upload_id)
        return
    with intake.parts.holding(upload.upload_id):
        intake.uploads.remove(upload.upload_id)
        intake.parts.remove(upload.upload_id)


def as_error(problem: Problem) -> SohoaError:
    """Return a problem as an error."""
    return SohoaError(
        problem.code,
        file=problem.file,
        page_number=problem.page_number,
        field=problem.field,
        detail=problem.detail,
        retryable=problem.retryable,
    )


def _not_failed(upload: Upload | None) -> Upload:
    if upload is None:
        raise SohoaError(Code.UPLOAD_UNKNOWN)
    if upload.problem is not None:
        raise as_error(upload.problem)
    return upload


def _sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
