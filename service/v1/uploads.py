"""`/v1/uploads`: files sent by tus 1.0, which goes on where a bad line broke off.

Source: the protocol, tus.io/protocols/resumable-upload 1.0.0, with the extensions creation, creation-with-upload,
checksum, termination and expiration.
"""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from ocr.problem import Code, SohoaError
from service.access import Caller, TheOffice
from service.intake import uploading
from service.intake.batches import own
from service.intake.limits import MAX_FILE_BYTES
from service.intake.receiving import receive_bytes
from service.intake.tus import (
    ALGORITHMS,
    BODY_TYPE,
    EXTENSIONS,
    VERSION,
    Creation,
    answered,
    checksum_of,
    creation_of,
    metadata_of,
    offset_of,
    speaks_tus,
)
from service.office import Office
from service.roles import Principal
from service.routes import Routes
from service.v1.batches import SENDERS
from service.v1.groups import UPLOADS
from service.v1.problems import problems
from storage.desk.upload import Upload, UploadState

routes = Routes("/uploads", [UPLOADS])

SpeaksTus = Depends(speaks_tus)
_HELD = problems(Code.UPLOAD_UNKNOWN, Code.UPLOAD_VERSION, Code.UPLOAD_EXPIRED, Code.UPLOAD_BUSY, Code.BATCH_CLOSED)
_CREATED = problems(
    Code.BATCH_UNKNOWN,
    Code.BATCH_CLOSED,
    Code.UPLOAD_VERSION,
    Code.UPLOAD_INVALID,
    Code.UPLOAD_TOO_LARGE,
    Code.FILE_NAME_INVALID,
    Code.FILE_NAME_TAKEN,
)
_SENT = {
    408: {"description": "Đường truyền im lặng quá lâu; phần đã nhận được giữ"},
    **_HELD,
    **problems(
        Code.UPLOAD_INVALID,
        Code.UPLOAD_OUT_OF_STEP,
        Code.UPLOAD_CORRUPT,
        Code.UPLOAD_TOO_LARGE,
        Code.FILE_SKIPPED,
        Code.ARCHIVE_INVALID,
        Code.SCAN_ERASED,
    ),
}


def _header(name: str, words: str, pattern: str, *, required: bool = True) -> dict[str, object]:
    """Return the description of a header that the protocol's own words are checked in."""
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "header", "required": required, "description": words, "schema": schema}


_NUMBER = "^[0-9]{1,18}$"
_TUS = _header("Tus-Resumable", "Phiên bản giao thức tus.", f"^{re.escape(VERSION)}$")
_LENGTH = _header("Upload-Length", "Cả tệp bao nhiêu byte.", _NUMBER)
_METADATA = _header(
    "Upload-Metadata",
    "`batch_id`, `file`, nên có `dossier_id`, `sha256`: khóa, giá trị base64, cách nhau dấu phẩy.",
    ".",
)
_OFFSET = _header("Upload-Offset", "Phần gửi bắt đầu từ byte nào.", _NUMBER)
_CHECKSUM = _header("Upload-Checksum", "Mã băm của phần gửi: `sha256 <base64>`.", "^sha(256|1) ", required=False)
_BYTES = {"content": {BODY_TYPE: {"schema": {"type": "string", "format": "binary"}}}, "required": True}


def _tus(*headers: dict[str, object], **more: object) -> Mapping[str, Any]:
    """Return the options of a route that speaks tus and takes these headers."""
    described = {"parameters": [_TUS, *headers], **more}
    return {"response_class": Response, "dependencies": [SpeaksTus], "openapi_extra": described}


@routes.route(
    "",
    ("OPTIONS",),
    roles=SENDERS,
    operation_id="getUploadAbilities",
    summary="Máy chủ hiểu những gì của giao thức tus",
    status_code=204,
    response_class=Response,
)
def abilities() -> Response:
    """Tell what of the tus protocol is understood here."""
    return answered(
        204,
        {
            "Tus-Version": VERSION,
            "Tus-Extension": ",".join(EXTENSIONS),
            "Tus-Max-Size": str(MAX_FILE_BYTES),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@routes.post(
    "",
    roles=SENDERS,
    operation_id="createUpload",
    summary="Bắt đầu tải một tệp lên; phần đầu của tệp có thể gửi kèm",
    status_code=201,
    responses=_CREATED,
    **_tus(_LENGTH, _METADATA, _CHECKSUM),
)
async def create_upload(request: Request, office: TheOffice, caller: Caller) -> Response:
    """Begin to send a file; its first part may come along."""
    creation = creation_of(request)
    upload = await run_in_threadpool(_create, office, caller, creation)
    headers = {"Location": f"/v1/uploads/{upload.upload_id}"}
    if request.headers.get("content-type") != BODY_TYPE:
        return answered(201, headers, upload)
    with_bytes = await receive_bytes(office.intake, upload.upload_id, 0, request.stream(), checksum_of(request))
    return answered(201, headers | {"Upload-Offset": str(with_bytes.offset_bytes)}, with_bytes)


@routes.route(
    "/{upload_id}",
    ("HEAD",),
    roles=SENDERS,
    operation_id="getUploadOffset",
    summary="Đã nhận bền vững đến đâu",
    responses=_HELD,
    **_tus(),
)
def upload_offset(office: TheOffice, caller: Caller, upload_id: str) -> Response:
    """Tell how much was received durably."""
    upload = uploading.find(office.intake, caller.account, upload_id)
    if upload.state is UploadState.FAILED and upload.problem is not None:
        raise uploading.as_error(upload.problem)
    if upload.state is UploadState.OPEN and upload.is_whole:
        # Who was to store it was killed; that all of it came is not said before it is stored.
        upload = uploading.complete(office.intake, upload_id)
    offset = upload.offset_bytes
    if upload.state is UploadState.OPEN:
        offset = min(offset, office.intake.parts.size_bytes(upload_id))
    headers = {
        "Upload-Offset": str(offset),
        "Upload-Length": str(upload.size_bytes),
        "Upload-Metadata": metadata_of(upload),
    }
    return answered(200, headers, upload)


@routes.patch(
    "/{upload_id}",
    roles=SENDERS,
    operation_id="sendBytes",
    summary="Gửi phần tiếp theo. Phần cuối chỉ được trả lời khi cả tệp đã kiểm tra và nằm trong kho",
    status_code=204,
    responses=_SENT,
    **_tus(_OFFSET, _CHECKSUM, requestBody=_BYTES),
)
async def send_bytes(request: Request, office: TheOffice, caller: Caller, upload_id: str) -> Response:
    """Take the next part. The last is answered when the whole was checked and lies in the store."""
    if request.headers.get("content-type") != BODY_TYPE:
        raise SohoaError(Code.UPLOAD_INVALID, field="Content-Type", detail=f"must be {BODY_TYPE}")
    offset, checksum = offset_of(request), checksum_of(request)
    upload = await run_in_threadpool(uploading.find, office.intake, caller.account, upload_id)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and offset + int(length) > upload.size_bytes:
        raise SohoaError(Code.UPLOAD_TOO_LARGE, file=upload.file, detail="more bytes than the upload was said to have")
    try:
        after = await receive_bytes(office.intake, upload_id, offset, request.stream(), checksum)
    except TimeoutError:
        return answered(408, {"Connection": "close"})
    return answered(204, {"Upload-Offset": str(after.offset_bytes)}, after)


@routes.delete(
    "/{upload_id}",
    roles=SENDERS,
    operation_id="deleteUpload",
    summary="Bỏ một tệp khỏi đợt nạp còn mở; bản quét đã vào kho thì ở lại kho",
    status_code=204,
    responses=_HELD,
    **_tus(),
)
def end_upload(office: TheOffice, caller: Caller, upload_id: str) -> Response:
    """Take a file out of an open batch; a scan that is in the store stays there."""
    uploading.take_back(office.intake, uploading.find(office.intake, caller.account, upload_id))
    return answered(204, {})


@routes.post("/{upload_id}", roles=SENDERS, status_code=204, include_in_schema=False, **_tus())
async def overridden(request: Request, office: TheOffice, caller: Caller, upload_id: str) -> Response:
    """Do what `X-HTTP-Method-Override` says: some proxies let no PATCH and DELETE through."""
    method = request.headers.get("x-http-method-override", "").upper()
    if method == "PATCH":
        return await send_bytes(request, office, caller, upload_id)
    if method == "DELETE":
        return await run_in_threadpool(end_upload, office, caller, upload_id)
    raise SohoaError(Code.METHOD_WRONG)


def _create(office: Office, caller: Principal, creation: Creation) -> Upload:
    own(office.intake, caller, creation.batch_id)
    return uploading.begin(
        office.intake,
        caller.account,
        creation.batch_id,
        creation.dossier_id,
        creation.file,
        creation.size_bytes,
        creation.sha256,
    )
