"""Sending a batch off: what is in the way is told all at once, what is not is stored before the runner is asked."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from ocr.file_names import natural_key
from ocr.problem import Code, Problem, SohoaError
from service.intake.batches import own
from service.intake.intake import Intake
from service.intake.names import clean_name
from service.intake.uploading import complete
from service.office import Office
from service.roles import Principal
from storage.batch import Batch, BatchDossier, BatchFile, BatchState
from storage.batches import save_batch
from storage.desk.batches import BatchRow
from storage.desk.upload import Upload, UploadKind, UploadState
from storage.dossier import Dossier
from storage.dossier_segment import dossier_segment
from storage.dossiers import load_dossier

_UNFINISHED = frozenset({BatchState.WAITING, BatchState.RUNNING})


class BatchRefused(SohoaError):
    """A batch that cannot be sent off: `problems` name every file and dossier that is in the way."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Refuse for these reasons, of which there is at least one."""
        first = problems[0]
        detail = f"{len(problems)} things are in the way, the first: {first.code}"
        super().__init__(Code.BATCH_INVALID, file=first.file, field=first.field, detail=detail)
        self.problems = tuple(problems)


def submit(office: Office, principal: Principal, batch_id: str, add_to: Collection[str]) -> BatchRow:
    """Send a batch off: stored first, then noted, then the runner is asked. Again, once it is sent, it is asked again.

    Args:
        office: Where to.
        principal: Who opened it.
        batch_id: The batch.
        add_to: Dossiers that the store holds and that this batch is meant to add papers to.

    Raises:
        BatchRefused: With everything that is in the way.
        SohoaError: `BATCH_UNKNOWN`; `FILE_NAME_INVALID` in `add_to`; errors of store and desk: it may be sent again.
    """
    intake = office.intake
    batch = own(intake, principal, batch_id)
    if batch.state is BatchState.OPEN:
        _complete_whole(intake, batch_id)
        looked_at = intake.uploads.of_batch(batch_id)
        in_the_way = [*_of_files(looked_at), *_of_batch(batch, looked_at)]
        named = frozenset(dossier_segment(clean_name(each, "add_to")) for each in add_to)
        in_the_way += _of_dossiers(office, principal, batch_id, looked_at, named)
        if in_the_way:
            raise BatchRefused(in_the_way)
        try:
            with intake.uploads.sending_off(batch_id) as (row, uploads):
                if {upload.upload_id for upload in uploads} - {upload.upload_id for upload in looked_at}:
                    raise BatchRefused([Problem(code=Code.REQUEST_UNDER_WAY, detail="files came meanwhile")])
                save_batch(intake.store, _batch(row, uploads))
        except SohoaError as error:
            if error.code is not Code.BATCH_CLOSED:  # another request sent it off meanwhile
                raise
    sent = own(intake, principal, batch_id)
    if sent.state in _UNFINISHED:
        office.launcher.digitise(batch_id)
    return sent


def _complete_whole(intake: Intake, batch_id: str) -> None:
    """Store what came whole and was not stored because its process was killed."""
    for upload in intake.uploads.of_batch(batch_id):
        if upload.state is UploadState.OPEN and upload.is_whole:
            complete(intake, upload.upload_id)


def _of_files(uploads: Sequence[Upload]) -> Iterator[Problem]:
    """Yield what is wrong with files: nothing is left behind unless the clerk took it out. What is no scan may be."""
    for upload in uploads:
        if upload.state is UploadState.OPEN:
            detail = f"{upload.offset_bytes} of {upload.size_bytes} bytes came"
            yield Problem(code=Code.UPLOAD_OUT_OF_STEP, file=upload.file, field=upload.dossier_id, detail=detail)
        elif upload.problem is not None and upload.problem.code is not Code.FILE_SKIPPED:
            yield upload.problem.model_copy(update={"file": upload.file, "field": upload.dossier_id})


def _of_batch(batch: BatchRow, uploads: Sequence[Upload]) -> Iterator[Problem]:
    dossiers = _by_dossier(uploads)
    if not dossiers:
        yield Problem(code=Code.FOLDER_EMPTY)
    if batch.dossier_code is not None and len(dossiers) > 1:
        detail = "one dossier code for several dossiers"
        yield Problem(code=Code.DOSSIER_CODE_INVALID, field="dossier_code", detail=detail)


def _of_dossiers(
    office: Office, principal: Principal, batch_id: str, uploads: Sequence[Upload], add_to: Collection[str]
) -> Iterator[Problem]:
    """Yield the dossiers whose name is taken: it may be another citizen's, whose papers must not be mixed in."""
    dossiers = _by_dossier(uploads)
    for dossier_id in sorted(office.intake.uploads.under_way(batch_id, dossiers), key=natural_key):
        detail = "another batch with this dossier is being digitised"
        yield Problem(code=Code.DOSSIER_HELD, file=dossier_id, field="add_to", detail=detail)
    for dossier_id, files in dossiers.items():
        held = load_dossier(office.store, dossier_id)
        if held is None:
            continue
        if held.erasures:
            yield Problem(code=Code.DOSSIER_ERASED, file=dossier_id, detail=f"erasure {held.erasures[-1]}")
        elif dossier_segment(dossier_id) not in add_to or not _may_add(office, principal, held):
            yield Problem(code=Code.DOSSIER_HELD, file=dossier_id, field="add_to")
        else:
            other = {scan.file: scan.sha256 for scan in held.scans}
            for upload in files:
                if other.get(upload.file, upload.sha256) != upload.sha256:
                    yield Problem(code=Code.FILE_NAME_TAKEN, file=upload.file, field=dossier_id)


def _may_add(office: Office, principal: Principal, held: Dossier) -> bool:
    """True when the caller may know of a dossier."""
    return principal.may_see(held.agency or office.settings.agency)


def _by_dossier(uploads: Sequence[Upload]) -> Mapping[str, Sequence[Upload]]:
    """Return the stored scans, dossiers and their files in natural order of their names."""
    found: dict[str, list[Upload]] = {}
    for upload in sorted(uploads, key=lambda each: (natural_key(each.dossier_id), natural_key(each.file))):
        if upload.state is UploadState.STORED and upload.kind is not UploadKind.ARCHIVE:
            found.setdefault(upload.dossier_id, []).append(upload)
    return found


def _batch(row: BatchRow, uploads: Sequence[Upload]) -> Batch:
    return Batch(
        batch_id=row.batch_id,
        revision=1,
        state=BatchState.WAITING,
        by=row.account,
        agency=row.agency,
        procedure_code=row.procedure_code,
        dossier_code=row.dossier_code,
        dossiers=tuple(
            BatchDossier(
                dossier_id=dossier_id,
                files=tuple(
                    BatchFile(file=upload.file, sha256=upload.sha256 or "", size_bytes=upload.size_bytes)
                    for upload in files
                ),
            )
            for dossier_id, files in _by_dossier(uploads).items()
        ),
        created_at=datetime.now(UTC),
    )
