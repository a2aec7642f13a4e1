"""Reading objects: to the last byte, going on where a broken connection stopped, and telling damage from distance."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from urllib3.response import BaseHTTPResponse

from ocr.problem import Code, SohoaError
from storage.s3.client import Connection, pauses_s
from storage.s3.errors import REQUEST_ERRORS, UNREADABLE, Fault, fault_of
from storage.s3.layout import bucket_of

_CHUNK_BYTES = 1 << 18
# A server that answers, but stops this often at the same byte, cannot read that byte.
_MOST_STOPS_AT_ONE_BYTE = 5


@dataclass(slots=True)
class _Progress:
    """How far reading one object has come.

    Attributes:
        done: Bytes read.
        total: Size of the object, once the server has said it.
        etag: Which content the first bytes were of: the rest must be of the same.
        stops: How often the server began to answer since the last byte, and then did not give the next.
    """

    done: int = 0
    total: int | None = None
    etag: str | None = None
    stops: int = 0


def object_chunks(connection: Connection, key: str) -> Iterator[bytes]:
    """Yield the object's bytes in pieces: all of them, or an error at the end.

    Raises:
        SohoaError: `OBJECT_MISSING`; `OBJECT_DAMAGED` when the server has it but cannot read it, or (retryable) when
            it was replaced while it was read; `STORE_UNREACHABLE` and the others, see `storage.s3.errors`.
    """
    progress = _Progress()
    pauses, deadline = pauses_s(), time.monotonic() + connection.patience_s
    while True:
        try:
            for chunk in _rest(connection, key, progress):
                yield chunk
                # The time the caller took is not the server's.
                pauses, deadline = pauses_s(), time.monotonic() + connection.patience_s
        except REQUEST_ERRORS as error:
            fault = fault_of(error)
        else:
            return
        if progress.done == progress.total:  # only the end of the answer was lost
            return
        _raise_if_hopeless(fault, key, progress)
        pause_s = next(pauses)
        if time.monotonic() + pause_s > deadline:
            raise fault.error(key)
        time.sleep(pause_s)


def _rest(connection: Connection, key: str, progress: _Progress) -> Iterator[bytes]:
    response = connection.session().client.get_object(
        connection.bucket(bucket_of(key)),
        key,
        offset=progress.done,
        request_headers={"If-Match": progress.etag} if progress.etag else None,
    )
    try:
        progress.stops += 1
        progress.etag = response.headers.get("etag")
        progress.total = progress.done + int(response.headers["content-length"])
        for chunk in response.stream(_CHUNK_BYTES):  # raises when there are fewer bytes than announced
            progress.done += len(chunk)
            progress.stops = 0
            yield chunk
    finally:
        _give_back(response)


def _give_back(response: BaseHTTPResponse) -> None:
    response.close()
    response.release_conn()


def _raise_if_hopeless(fault: Fault, key: str, progress: _Progress) -> None:
    progress.stops += fault.s3_code == UNREADABLE
    if fault.s3_code == "PreconditionFailed":
        raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{key}: was replaced while it was read", retryable=True)
    if progress.stops >= _MOST_STOPS_AT_ONE_BYTE:
        raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{key}: cannot be read at byte {progress.done}, {fault.remark}")
    if not fault.is_passing:
        raise fault.error(key)
