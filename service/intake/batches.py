"""What is done with a batch while it is open: described, looked at, filled, given up. Sending off: `submitting`."""

from collections.abc import Collection, Iterator, Sequence

from ocr.problem import Code, SohoaError
from service.intake.intake import Intake
from service.intake.limits import BATCH_LIMITS
from service.intake.names import clean_dossier_code, clean_name
from service.intake.shapes import BatchAsked, FileAsked, KeptScan, KnownDossier, KnownFile
from service.intake.uploading import take_back
from service.office import Office
from service.roles import Principal
from storage.batch import BatchState
from storage.batches import new_batch_id
from storage.desk.batches import BatchRow
from storage.desk.upload import Upload, UploadKind, UploadState, new_upload_id
from storage.desk.uploads import Coming
from storage.dossier_segment import dossier_segment
from storage.keys import scan_key
from storage.procedures import load_procedure
from storage.rights.erased import refuse_erased_scan
from storage.setting_values import agency as agency_identifier


def open_batch(office: Office, principal: Principal, asked: BatchAsked) -> BatchRow:
    """Open a batch for the caller's agency, or a unit under it.

    Raises:
        SohoaError: `NOT_ALLOWED` for another agency; `PROCEDURE_UNKNOWN`; `DOSSIER_CODE_INVALID`; `REQUEST_INVALID`.
    """
    values = _described(office, principal, asked, {"agency", "procedure_code", "dossier_code"})
    agency = values["agency"] or principal.agency or office.settings.agency
    return office.batches.open(
        new_batch_id(), principal.account, agency, values["procedure_code"], values["dossier_code"]
    )


def describe(office: Office, principal: Principal, batch_id: str, asked: BatchAsked) -> BatchRow:
    """Change what was said of an open batch; what the request does not name stays.

    Raises:
        SohoaError: See `open_batch` and `own`; `BATCH_CLOSED`.
    """
    batch = own(office.intake, principal, batch_id)
    values = _described(office, principal, asked, asked.model_fields_set)
    if "agency" in values:
        values["agency"] = values["agency"] or principal.agency or office.settings.agency
    if values and not office.batches.describe(batch.batch_id, **values):
        raise SohoaError(Code.BATCH_CLOSED)
    return own(office.intake, principal, batch_id)


def visible(intake: Intake, principal: Principal, batch_id: str) -> BatchRow:
    """Return a batch that the caller may look at: their own, or of their agency.

    Raises:
        SohoaError: `BATCH_UNKNOWN`, also for what they may not know of.
    """
    batch = intake.batches.find(batch_id)
    is_of_agency = batch is not None and principal.agency is not None and principal.may_see(batch.agency)
    if batch is None or not (is_of_agency or batch.account == principal.account):
        raise SohoaError(Code.BATCH_UNKNOWN)
    return batch


def own(intake: Intake, principal: Principal, batch_id: str) -> BatchRow:
    """Return a batch that the caller may change: one they opened.

    Raises:
        SohoaError: `BATCH_UNKNOWN`; `NOT_ALLOWED` for a colleague's.
    """
    batch = visible(intake, principal, batch_id)
    if batch.account != principal.account:
        raise SohoaError(Code.NOT_ALLOWED, detail="another account opened this batch")
    return batch


def newest(
    intake: Intake, principal: Principal, before: str | None, limit: int
) -> tuple[Sequence[BatchRow], str | None]:
    """Return the batches that the caller may look at, the newest first, and where the next page begins."""
    scope = {"agency": principal.agency} if principal.agency is not None else {"account": principal.account}
    rows = intake.batches.newest(**scope, before=before, limit=limit + 1)
    return rows[:limit], rows[limit - 1].created_at if len(rows) > limit else None


def known(intake: Intake, principal: Principal, batch_id: str, files: Sequence[FileAsked]) -> list[KnownFile]:
    """Return which files the store holds in dossiers that the caller may know of; others are not told.

    Raises:
        SohoaError: `BATCH_UNKNOWN`.
    """
    own(intake, principal, batch_id)
    sizes = {file.sha256: file.size_bytes for file in files}
    held: dict[str, dict[str, KnownDossier]] = {}
    for upload, batch in intake.uploads.with_scans(sizes, principal.agency, principal.account):
        sha256 = upload.sha256 or ""
        if batch.batch_id != batch_id and upload.size_bytes == sizes[sha256]:
            segment = dossier_segment(upload.dossier_id)
            dossier = KnownDossier(dossier_id=upload.dossier_id, segment=segment, created_at=upload.created_at)
            held.setdefault(sha256, {}).setdefault(segment, dossier)
    return [KnownFile(sha256=sha256, dossiers=list(dossiers.values())) for sha256, dossiers in held.items()]


def attach(intake: Intake, principal: Principal, batch_id: str, dossier_id: str, file: str, sha256: str) -> Upload:
    """Make a file that the store holds part of a batch without sending it.

    Raises:
        SohoaError: `UPLOAD_UNKNOWN` where the caller may not know of it; `SCAN_ERASED`; see `Uploads.begin`.
    """
    own(intake, principal, batch_id)
    held = intake.uploads.with_scans([sha256], principal.agency, principal.account)
    if not held or not intake.store.exists(scan_key(sha256)):
        raise SohoaError(Code.UPLOAD_UNKNOWN)
    refuse_erased_scan(intake.store, sha256)
    coming = Coming(
        new_upload_id(),
        batch_id,
        principal.account,
        UploadKind.ATTACHED,
        clean_name(dossier_id, "dossier_id"),
        clean_name(file, "file"),
        intake.store.size(scan_key(sha256)),
        sha256,
    )
    attached = intake.uploads.add_stored(coming, BATCH_LIMITS)
    intake.gate.wake()
    return attached


def take_out(intake: Intake, principal: Principal, batch_id: str, upload_id: str) -> list[KeptScan]:
    """Take a file out of an open batch; return what of it stays in the store.

    Raises:
        SohoaError: `UPLOAD_UNKNOWN`; `BATCH_CLOSED`; `UPLOAD_BUSY`.
    """
    own(intake, principal, batch_id)
    upload = intake.uploads.find(upload_id)
    if upload is None or upload.batch_id != batch_id:
        raise SohoaError(Code.UPLOAD_UNKNOWN)
    take_back(intake, upload)
    return list(_kept([upload]))


def give_up(intake: Intake, principal: Principal, batch_id: str) -> list[KeptScan]:
    """Remove an open batch; return its scans that are stored: they stay in the store.

    Raises:
        SohoaError: `BATCH_UNKNOWN`; `BATCH_CLOSED`; `UPLOAD_BUSY` while bytes come in.
    """
    batch = own(intake, principal, batch_id)
    if batch.state is not BatchState.OPEN:
        raise SohoaError(Code.BATCH_CLOSED)
    uploads = intake.uploads.of_batch(batch_id)
    for upload in uploads:
        if upload.state is UploadState.OPEN:
            take_back(intake, upload)
    intake.uploads.remove_batch(batch_id)
    intake.progress.forget(batch_id)
    intake.folds.forget(batch_id)
    return list(_kept(uploads))


def _described(
    office: Office, principal: Principal, asked: BatchAsked, fields: Collection[str]
) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    if "agency" in fields:
        values["agency"] = _agency(principal, asked.agency)
    if "procedure_code" in fields:
        values["procedure_code"] = _procedure(office, asked.procedure_code)
    if "dossier_code" in fields:
        code = asked.dossier_code
        values["dossier_code"] = clean_dossier_code(code) if code is not None and code.strip() else None
    return values


def _agency(principal: Principal, named: str | None) -> str | None:
    if named is None or not named.strip():
        return None
    try:
        agency = agency_identifier(named.strip())
    except SohoaError:
        raise SohoaError(Code.REQUEST_INVALID, field="agency", detail="an agency identifier such as H05.12") from None
    if not principal.may_see(agency):
        raise SohoaError(Code.NOT_ALLOWED, field="agency", detail="not the caller's agency nor a unit under it")
    return agency


def _procedure(office: Office, code: str | None) -> str | None:
    if code is None or not code.strip():
        return None
    procedure = load_procedure(office.store, code)
    if procedure is None:
        raise SohoaError(Code.PROCEDURE_UNKNOWN, field="procedure_code")
    return procedure.code


def _kept(uploads: Sequence[Upload]) -> Iterator[KeptScan]:
    for upload in uploads:
        if upload.state is UploadState.STORED and upload.sha256 and upload.kind is not UploadKind.ARCHIVE:
            yield KeptScan(dossier_id=upload.dossier_id, file=upload.file, sha256=upload.sha256)
