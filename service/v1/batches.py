"""`/v1/batches`: what clerks and systems send, a batch at a time."""

from typing import Annotated

from fastapi import Query, Request, Response

from ocr.problem import Code
from service.access import Caller, TheOffice
from service.intake import batches
from service.intake.pictures import picture_of
from service.intake.refusing import refusal
from service.intake.shapes import (
    AttachAsked,
    BatchAsked,
    BatchPage,
    BatchView,
    FileView,
    KnownAnswer,
    KnownAsked,
    RemovedAnswer,
    SubmitAsked,
)
from service.intake.submitting import BatchRefused, submit
from service.intake.view import FILES_AT_ONCE, file_view, view_of
from service.office import Office
from service.roles import Role
from service.routes import Routes
from service.v1.groups import BATCHES
from service.v1.moments import Moment
from service.v1.paging import cursor_after, place_of
from service.v1.problems import problems
from storage.desk.batches import BatchRow
from storage.desk.times import as_text

SENDERS = frozenset({Role.CLERK, Role.READER})
PAGE_LIMIT = 50
# It holds the names of a dossier and of a file.
_LONGEST_CURSOR = 8_000

routes = Routes("/batches", [BATCHES])


_NOT_CHANGED = problems(Code.BATCH_UNKNOWN, Code.BATCH_CLOSED, Code.UPLOAD_UNKNOWN, Code.UPLOAD_BUSY)
_DESCRIBED = problems(Code.BATCH_UNKNOWN, Code.BATCH_CLOSED, Code.PROCEDURE_UNKNOWN, Code.DOSSIER_CODE_INVALID)
_ATTACHED = problems(
    Code.BATCH_UNKNOWN,
    Code.BATCH_CLOSED,
    Code.UPLOAD_UNKNOWN,
    Code.FILE_NAME_INVALID,
    Code.FILE_NAME_TAKEN,
    Code.UPLOAD_TOO_LARGE,
    Code.SCAN_ERASED,
)


@routes.post(
    "",
    roles=SENDERS,
    operation_id="openBatch",
    summary="Mở một đợt nạp",
    status_code=201,
    responses=problems(Code.PROCEDURE_UNKNOWN, Code.DOSSIER_CODE_INVALID),
)
def open_batch(office: TheOffice, caller: Caller, asked: BatchAsked) -> BatchView:
    """Open a batch."""
    return _told(office, batches.open_batch(office, caller, asked))


@routes.get("", roles=SENDERS, operation_id="listBatches", summary="Các đợt nạp, mới nhất trước")
def list_batches(
    office: TheOffice,
    caller: Caller,
    before: Annotated[Moment | None, Query(description="`next` của trang trước")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Nhiều nhất bao nhiêu đợt nạp.")] = PAGE_LIMIT,
) -> BatchPage:
    """List batches, the newest first."""
    rows, following = batches.newest(office.intake, caller, as_text(before) if before else None, limit)
    return BatchPage(batches=[_told(office, row) for row in rows], next=following)


@routes.get(
    "/{batch_id}",
    roles=SENDERS,
    operation_id="getBatch",
    summary="Một đợt nạp: hồ sơ, tệp, chất lượng từng trang, số hóa đến đâu",
    description=(
        f"Kể nhiều nhất {FILES_AT_ONCE} tệp một lần, theo tên hồ sơ rồi tên tệp; `next` là `cursor` của phần sau. "
        "Hồ sơ nhiều tệp có thể kể tiếp ở phần sau."
    ),
    response_model=BatchView,
    responses=problems(Code.BATCH_UNKNOWN),
)
def show_batch(
    office: TheOffice,
    caller: Caller,
    batch_id: str,
    cursor: Annotated[str | None, Query(max_length=_LONGEST_CURSOR, description="`next` của phần trước")] = None,
    limit: Annotated[int, Query(ge=1, le=FILES_AT_ONCE, description="Nhiều nhất bao nhiêu tệp.")] = FILES_AT_ONCE,
) -> Response:
    """Tell of one batch: dossiers, files, the quality of every page, how far digitising has got."""
    batch = batches.visible(office.intake, caller, batch_id)
    if cursor is None:
        office.intake.gate.wake()
    view = _told(office, batch, place_of(cursor, batch_id), limit)
    # Written out here: FastAPI would check hundreds of files again, on the thread that everybody shares.
    return Response(view.model_dump_json(), media_type="application/json")


@routes.patch(
    "/{batch_id}",
    roles=SENDERS,
    operation_id="changeBatch",
    summary="Sửa cơ quan, mã thủ tục, mã hồ sơ khi đợt nạp còn mở; mục không nêu thì giữ nguyên",
    responses=_DESCRIBED,
)
def describe_batch(office: TheOffice, caller: Caller, batch_id: str, asked: BatchAsked) -> BatchView:
    """Change agency, procedure and dossier code while the batch is open; what is not named stays."""
    return _told(office, batches.describe(office, caller, batch_id, asked))


@routes.delete(
    "/{batch_id}",
    roles=SENDERS,
    operation_id="deleteBatch",
    summary="Bỏ một đợt nạp còn mở. Bản quét đã vào kho thì ở lại kho và được kể ra",
    responses=_NOT_CHANGED,
)
def give_up_batch(office: TheOffice, caller: Caller, batch_id: str) -> RemovedAnswer:
    """Give up an open batch. Scans that are in the store stay there and are named."""
    return RemovedAnswer(kept=batches.give_up(office.intake, caller, batch_id))


@routes.post(
    "/{batch_id}/known",
    roles=SENDERS,
    operation_id="findKnownFiles",
    summary="Tệp nào kho đã có, trong hồ sơ mà người gọi được biết",
    responses=problems(Code.BATCH_UNKNOWN),
)
def known_files(office: TheOffice, caller: Caller, batch_id: str, asked: KnownAsked) -> KnownAnswer:
    """Tell which files the store holds in dossiers that the caller may know of."""
    return KnownAnswer(known=batches.known(office.intake, caller, batch_id, asked.files))


@routes.post(
    "/{batch_id}/attach",
    roles=SENDERS,
    operation_id="attachFile",
    summary="Đưa một tệp kho đã có vào đợt nạp mà không gửi lại",
    status_code=201,
    responses=_ATTACHED,
)
def attach_file(office: TheOffice, caller: Caller, batch_id: str, asked: AttachAsked) -> FileView:
    """Make a file that the store holds part of the batch without sending it again."""
    attached = batches.attach(office.intake, caller, batch_id, asked.dossier_id, asked.file, asked.sha256)
    with office.intake.folds.reading(office.intake.progress, batch_id) as fold:
        return file_view(batch_id, attached, fold)


@routes.delete(
    "/{batch_id}/files/{upload_id}",
    roles=SENDERS,
    operation_id="removeFile",
    summary="Bỏ một tệp khỏi đợt nạp còn mở. Bản quét đã vào kho thì ở lại kho và được kể ra",
    responses=_NOT_CHANGED,
)
def take_out_file(office: TheOffice, caller: Caller, batch_id: str, upload_id: str) -> RemovedAnswer:
    """Take a file out of an open batch. A scan that is in the store stays there and is named."""
    return RemovedAnswer(kept=batches.take_out(office.intake, caller, batch_id, upload_id))


@routes.post(
    "/{batch_id}/submit",
    roles=SENDERS,
    operation_id="submitBatch",
    summary="Gửi đợt nạp đi số hóa; gửi lại không làm gì thêm",
    description=("Bị từ chối thì `problems` trong câu trả lời kể mọi điều còn vướng một lần."),
    status_code=202,
    response_model=BatchView,
    responses=problems(Code.BATCH_UNKNOWN, Code.BATCH_INVALID),
)
def submit_batch(
    request: Request, office: TheOffice, caller: Caller, batch_id: str, asked: SubmitAsked | None = None
) -> BatchView | Response:
    """Send a batch to be digitised. Where that is refused, `problems` of the answer tells all that is in the way."""
    try:
        sent = submit(office, caller, batch_id, asked.add_to if asked else [])
    except BatchRefused as refused:
        return refusal(request, refused)
    return _told(office, sent)


@routes.get(
    "/{batch_id}/pictures/{sha256}/{page_number}.webp",
    roles=SENDERS,
    operation_id="getBatchPicture",
    summary="Ảnh một trang của đợt nạp",
    response_class=Response,
    responses={200: {"content": {"image/webp": {}}}, **problems(Code.NOTHING_HERE)},
)
def page_picture(office: TheOffice, caller: Caller, batch_id: str, sha256: str, page_number: int) -> Response:
    """Return the picture of one page of a batch; WebP."""
    picture = picture_of(office, caller, batches.visible(office.intake, caller, batch_id), sha256, page_number)
    return Response(picture, media_type="image/webp")


def _told(office: Office, batch: BatchRow, after: str = "", limit: int = FILES_AT_ONCE) -> BatchView:
    view = view_of(office.intake, batch, after, limit)
    return view.model_copy(update={"next": cursor_after(view.next, batch.batch_id)}) if view.next else view
