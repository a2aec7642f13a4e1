"""`/v1/batches`: what clerks and systems send, a batch at a time."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime

from ocr.problem import Code
from service.access import office_of, principal_of
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
from service.intake.view import file_view, view_of
from service.office import Office
from service.roles import Principal, Role
from service.routes import Routes
from service.v1.problems import problems
from storage.desk.times import as_text

SENDERS = frozenset({Role.CLERK, Role.READER})
PAGE_LIMIT = 50

routes = Routes("/batches", ["Đợt nạp"])

TheOffice = Annotated[Office, Depends(office_of)]
Caller = Annotated[Principal, Depends(principal_of)]


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


@routes.post("", roles=SENDERS, status_code=201, responses=problems(Code.PROCEDURE_UNKNOWN, Code.DOSSIER_CODE_INVALID))
def open_batch(office: TheOffice, caller: Caller, asked: BatchAsked) -> BatchView:
    """Mở một đợt nạp."""
    return view_of(office.intake, batches.open_batch(office, caller, asked))


@routes.get("", roles=SENDERS)
def list_batches(
    office: TheOffice,
    caller: Caller,
    before: Annotated[AwareDatetime | None, Query(description="`next` của trang trước")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE_LIMIT,
) -> BatchPage:
    """Các đợt nạp, mới nhất trước."""
    rows, following = batches.newest(office.intake, caller, as_text(before) if before else None, limit)
    return BatchPage(batches=[view_of(office.intake, row) for row in rows], next=following)


@routes.get("/{batch_id}", roles=SENDERS, responses=problems(Code.BATCH_UNKNOWN))
def show_batch(office: TheOffice, caller: Caller, batch_id: str) -> BatchView:
    """Một đợt nạp: hồ sơ, tệp, chất lượng từng trang, số hóa đến đâu."""
    batch = batches.visible(office.intake, caller, batch_id)
    office.intake.gate.wake()
    return view_of(office.intake, batch)


@routes.patch("/{batch_id}", roles=SENDERS, responses=_DESCRIBED)
def describe_batch(office: TheOffice, caller: Caller, batch_id: str, asked: BatchAsked) -> BatchView:
    """Sửa cơ quan, mã thủ tục, mã hồ sơ khi đợt nạp còn mở; mục không nêu thì giữ nguyên."""
    return view_of(office.intake, batches.describe(office, caller, batch_id, asked))


@routes.delete("/{batch_id}", roles=SENDERS, responses=_NOT_CHANGED)
def give_up_batch(office: TheOffice, caller: Caller, batch_id: str) -> RemovedAnswer:
    """Bỏ một đợt nạp còn mở. Bản quét đã vào kho thì ở lại kho và được kể ra."""
    return RemovedAnswer(kept=batches.give_up(office.intake, caller, batch_id))


@routes.post("/{batch_id}/known", roles=SENDERS, responses=problems(Code.BATCH_UNKNOWN))
def known_files(office: TheOffice, caller: Caller, batch_id: str, asked: KnownAsked) -> KnownAnswer:
    """Tệp nào kho đã có, trong hồ sơ mà người gọi được biết."""
    return KnownAnswer(known=batches.known(office.intake, caller, batch_id, asked.files))


@routes.post("/{batch_id}/attach", roles=SENDERS, status_code=201, responses=_ATTACHED)
def attach_file(office: TheOffice, caller: Caller, batch_id: str, asked: AttachAsked) -> FileView:
    """Đưa một tệp kho đã có vào đợt nạp mà không gửi lại."""
    attached = batches.attach(office.intake, caller, batch_id, asked.dossier_id, asked.file, asked.sha256)
    with office.intake.folds.reading(office.intake.progress, batch_id) as fold:
        return file_view(batch_id, attached, fold)


@routes.delete("/{batch_id}/files/{upload_id}", roles=SENDERS, responses=_NOT_CHANGED)
def take_out_file(office: TheOffice, caller: Caller, batch_id: str, upload_id: str) -> RemovedAnswer:
    """Bỏ một tệp khỏi đợt nạp còn mở. Bản quét đã vào kho thì ở lại kho và được kể ra."""
    return RemovedAnswer(kept=batches.take_out(office.intake, caller, batch_id, upload_id))


@routes.post(
    "/{batch_id}/submit",
    roles=SENDERS,
    status_code=202,
    response_model=BatchView,
    responses=problems(Code.BATCH_UNKNOWN, Code.BATCH_INVALID),
)
def submit_batch(
    request: Request, office: TheOffice, caller: Caller, batch_id: str, asked: SubmitAsked | None = None
) -> BatchView | Response:
    """Gửi đợt nạp đi số hóa. Gửi lại không làm gì thêm. Bị từ chối thì `problems` kể mọi điều còn vướng."""
    try:
        sent = submit(office, caller, batch_id, asked.add_to if asked else [])
    except BatchRefused as refused:
        return refusal(request, refused)
    return view_of(office.intake, sent)


@routes.get(
    "/{batch_id}/pictures/{sha256}/{page_number}.webp",
    roles=SENDERS,
    response_class=Response,
    responses={200: {"content": {"image/webp": {}}}, **problems(Code.NOTHING_HERE)},
)
def page_picture(office: TheOffice, caller: Caller, batch_id: str, sha256: str, page_number: int) -> Response:
    """Ảnh một trang của đợt nạp."""
    picture = picture_of(office, caller, batches.visible(office.intake, caller, batch_id), sha256, page_number)
    return Response(picture, media_type="image/webp")
