"""Writing objects: once among several writers, and files in parts that become visible all together or not at all."""

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from minio.error import S3Error, ServerError
from urllib3.response import BaseHTTPResponse

from ocr.problem import Code, SohoaError
from storage.objects import ObjectExists, error_name
from storage.s3.client import Connection, Session
from storage.s3.download import object_chunks
from storage.s3.errors import REQUEST_ERRORS
from storage.s3.layout import bucket_of

# Files up to this size go in one request; of a larger one as much is in memory at a time.
_PART_BYTES = 16 << 20
# Clocks may differ; nobody else sees the signed address.
_SIGNATURE_LIFE = timedelta(minutes=15)
_CONDITION_FAILED = 412


def put_bytes(connection: Connection, key: str, data: bytes) -> None:
    """Store `data` under `key`; see `ObjectStore.put`."""
    bucket = connection.bucket(bucket_of(key))
    connection.attempt(key, lambda session: session.client.put_object(bucket, key, io.BytesIO(data), len(data)))


def put_file(connection: Connection, key: str, path: Path, sha256: str | None) -> None:
    """Store the bytes of a file, in parts when it is large; see `ObjectStore.put_file`."""
    bucket = connection.bucket(bucket_of(key))

    def upload(session: Session) -> None:
        with _opened(path, sha256) as source:
            session.client.put_object(
                bucket,
                key,
                cast("BinaryIO", source),  # the SDK calls nothing but `read`
                source.size_bytes,
                part_size=_PART_BYTES,
                num_parallel_uploads=1,  # the SDK's threads for several are never ended when an upload fails
            )

    connection.attempt(key, upload)


def create_bytes(connection: Connection, key: str, data: bytes) -> None:
    """Store `data` under a name that must be free; see `ObjectStore.create`.

    Exactly one writer succeeds, save that two who bring the very same bytes may both be told so when an answer was
    lost on the way: which of them it was cannot be told then, and does not matter.
    """
    bucket, was_lost = connection.bucket(bucket_of(key)), False

    def create(session: Session) -> bool:
        nonlocal was_lost
        try:
            # A server may close the connection over a body it has no use for, as the name is taken, time and again.
            if was_lost and _is_taken(session, bucket, key):
                return False
            return put_if_free(session, bucket, key, data)
        except REQUEST_ERRORS as error:
            # Any answer but a plain refusal may hide that the server did store it.
            was_lost = was_lost or not isinstance(error, S3Error) or error.response.status >= 500
            raise

    if connection.attempt(key, create):
        return
    if was_lost and b"".join(object_chunks(connection, key)) == data:
        return
    raise ObjectExists(key)


def put_if_free(session: Session, bucket: str, key: str, data: bytes) -> bool:
    """Send one conditional PUT; False when the name was taken.

    The SDK has no public method for it. A signed address is public, and the condition (RFC 9110, 13.1.2) travels
    beside it: it needs no signature, as whoever could take it away could also drop the whole request. The server
    checks the MD5, so that bytes damaged on the way are refused; buckets with object lock ask for it anyway.

    Raises:
        Exception: One of `REQUEST_ERRORS`.
    """
    address = session.client.get_presigned_url("PUT", bucket, key, expires=_SIGNATURE_LIFE)
    digest = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
    headers = {"If-None-Match": "*", "Content-MD5": digest, "Content-Type": "application/octet-stream"}
    response = session.pool.urlopen("PUT", address, body=data, headers=headers, redirect=False)
    if response.status == _CONDITION_FAILED:
        return False
    if response.status not in {200, 204}:
        _raise_answer(response)
    return True


def _is_taken(session: Session, bucket: str, key: str) -> bool:
    try:
        session.client.stat_object(bucket, key)
    except S3Error as error:
        if error.code != "NoSuchKey":
            raise
        return False
    return True


def _raise_answer(response: BaseHTTPResponse) -> NoReturn:
    if response.data.startswith(b"<"):
        raise S3Error.fromxml(response)
    raise ServerError(f"status {response.status}", response.status)


class _Source:
    """A file while it is sent: the last bytes are only handed over when all are what they should be.

    Not being handed the last bytes, the SDK sends no request for the last part and calls off those before it.
    """

    def __init__(self, path: Path, file: BinaryIO, sha256: str | None) -> None:
        self.size_bytes = self._left = file.seek(0, io.SEEK_END)
        self._path = path
        self._file = file
        self._sha256 = sha256
        self._digest = hashlib.sha256()
        file.seek(0)
        if not self.size_bytes:  # then nothing will be read
            self._check_end()

    def read(self, size: int) -> bytes:
        """Return the next bytes, as many as asked for unless the file ends."""
        try:
            data = self._file.read(size)
        except OSError as error:
            raise _unreadable(self._path, error_name(error)) from None
        self._left -= len(data)
        if self._sha256 is not None:
            self._digest.update(data)
        if self._left <= 0 or len(data) < size:
            self._check_end()
        return data

    def _check_end(self) -> None:
        is_whole = self._left == 0 and (self._sha256 is None or self._digest.hexdigest() == self._sha256)
        if not is_whole:
            raise _unreadable(self._path, "changed while it was read", retryable=True)


@contextmanager
def _opened(path: Path, sha256: str | None) -> Iterator[_Source]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error_name(error)) from None
    with file:
        yield _Source(path, file, sha256)


def _unreadable(path: Path, detail: str, *, retryable: bool = False) -> SohoaError:
    return SohoaError(Code.PATH_UNREADABLE, file=path.name, detail=detail, retryable=retryable)
