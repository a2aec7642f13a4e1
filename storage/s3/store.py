"""The store on an S3 server."""

import builtins
import heapq
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Self

from minio.datatypes import Object
from minio.deleteobjects import DeleteObject

from ocr.problem import Code, SohoaError
from storage.keys import check_key, check_prefix
from storage.objects import error_name
from storage.s3.client import PATIENCE_S, Address, Connection, Session
from storage.s3.download import object_chunks
from storage.s3.errors import NO_BUCKET
from storage.s3.layout import Bucket, bucket_of
from storage.s3.upload import create_bytes, put_bytes, put_file

_LENT_FOLDER = "sohoa-store-"
_SECONDS_PER_HOUR = 3600.0
# As many as a server gives in one answer.
_PAGE_NAMES = 1000


class S3Store:
    """A store on an S3 server. Implements `ObjectStore`; safe in threads, in many processes, and after a fork.

    Beside what that contract names, every operation raises `STORE_UNREACHABLE` (retryable) when the server does not
    answer for a while: a write may then have been done or not, and is safe to repeat; and `STORE_UNFIT` when a
    bucket is missing or the server cannot do what is needed. `STORE_UNWRITABLE` also stands for refused credentials.
    """

    def __init__(self, connection: Connection) -> None:
        """Use the buckets behind `connection`, which `storage.s3.setup` makes. Asks nothing of the server yet."""
        self.connection = connection
        self._seen: set[Bucket] = set()

    @classmethod
    def at(
        cls, url: str, access_key: str, secret_key: str, ca_file: Path | None = None, patience_s: float = PATIENCE_S
    ) -> Self:
        """Return the store at `s3://HOST:PORT/PREFIX[?tls=0&region=NAME]`.

        Raises:
            SohoaError: `SETTING_INVALID` when the address cannot be used, or `ca_file` cannot be read.
        """
        if ca_file is not None and not ca_file.is_file():
            raise _invalid("SOHOA_STORE_CA_FILE", "is no file")
        connection = Connection(Address.parse(url), access_key, secret_key, ca_file, patience_s)
        with suppress(ValueError):
            connection.session()
            return cls(connection)
        raise _invalid("SOHOA_STORE", "has an address that cannot be used")

    def put(self, key: str, data: bytes) -> None:
        """See `ObjectStore.put`."""
        put_bytes(self.connection, check_key(key), data)

    def create(self, key: str, data: bytes) -> None:
        """See `ObjectStore.create`."""
        create_bytes(self.connection, check_key(key), data)

    def put_file(self, key: str, path: Path, sha256: str | None = None) -> None:
        """See `ObjectStore.put_file`."""
        put_file(self.connection, check_key(key), path, sha256)

    def get(self, key: str) -> bytes:
        """See `ObjectStore.get`."""
        return b"".join(self.chunks(key))

    def chunks(self, key: str) -> Iterator[bytes]:
        """See `ObjectStore.chunks`."""
        return object_chunks(self.connection, check_key(key))

    @contextmanager
    def open(self, key: str) -> Iterator[Path]:
        """See `ObjectStore.open`. The file is a copy in a private folder, removed at the end of the block."""
        chunks = self.chunks(key)
        with tempfile.TemporaryDirectory(prefix=_LENT_FOLDER, ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "object"
            try:
                with path.open("xb") as copy:
                    copy.writelines(chunks)
            except OSError as error:
                detail = f"{key}: temporary folder, {error_name(error)}"
                raise SohoaError(Code.STORE_FULL, detail=detail, retryable=True) from None
            yield path

    def exists(self, key: str) -> bool:
        """See `ObjectStore.exists`."""
        return self._stat(check_key(key)) is not None

    def size(self, key: str) -> int:
        """See `ObjectStore.size`."""
        found = self._stat(check_key(key))
        if found is None or found.size is None:
            raise SohoaError(Code.OBJECT_MISSING, detail=key)
        return found.size

    def list(self, prefix: str) -> Iterator[str]:
        """See `ObjectStore.list`. Objects that no name can be of, or that lie in a wrong bucket, are passed over."""
        check_prefix(prefix)
        buckets = [bucket_of(prefix)] if prefix else list(Bucket)
        return heapq.merge(*(self._names(bucket, prefix) for bucket in buckets))

    def erase(self, key: str) -> None:
        """See `ObjectStore.erase`. Needs an account that may bypass object lock and delete versions.

        Raises:
            SohoaError: `STORE_UNWRITABLE` when a version may not be deleted: by account, or under a legal hold.
        """
        name = self.connection.bucket(bucket_of(check_key(key)))

        def remove(session: Session) -> str | None:
            found = session.client.list_objects(name, prefix=key, recursive=True, include_version=True)
            versions = [DeleteObject(key, each.version_id) for each in found if each.object_name == key]
            errors = session.client.remove_objects(name, versions, bypass_governance_mode=True)
            return next((error.code for error in errors), None)

        refusal = self.connection.attempt(key, remove)
        if refusal is not None:
            raise SohoaError(Code.STORE_UNWRITABLE, detail=f"{key}: cannot be erased, {refusal}")

    def remove_leftovers(self, older_than_h: float = 24.0) -> int:
        """See `ObjectStore.remove_leftovers`: local copies that killed processes of this account were lent.

        Unfinished uploads are the server's to remove (`storage.s3.setup`): the SDK has no public call to list them.
        """
        newest = time.time() - older_than_h * _SECONDS_PER_HOUR
        removed = 0
        for folder in Path(tempfile.gettempdir()).glob(f"{_LENT_FOLDER}*"):
            with suppress(OSError):  # someone else's, or gone meanwhile
                if folder.stat().st_mtime < newest:
                    shutil.rmtree(folder)
                    removed += 1
        return removed

    def _stat(self, key: str) -> Object | None:
        bucket = bucket_of(key)
        name = self.connection.bucket(bucket)
        try:
            found = self.connection.attempt(key, lambda session: session.client.stat_object(name, key))
        except SohoaError as error:
            if error.code is not Code.OBJECT_MISSING:
                raise
            found = None
        # A missing bucket looks like a missing object here: the answer to this request has no body.
        is_doubtful = found is None and bucket not in self._seen
        if is_doubtful and not self.connection.attempt(name, lambda session: session.client.bucket_exists(name)):
            raise SohoaError(Code.STORE_UNFIT, detail=f"{name}: {NO_BUCKET}")
        self._seen.add(bucket)
        return found

    def _names(self, bucket: Bucket, prefix: str) -> Iterator[str]:
        name = self.connection.bucket(bucket)
        last: str | None = None
        while True:
            page = self.connection.attempt(name, partial(_names_after, name=name, prefix=prefix, last=last))
            yield from (key for key in page if bucket_of(key) is bucket and _is_key(key))
            if len(page) < _PAGE_NAMES:
                return
            last = page[-1]


def _names_after(session: Session, name: str, prefix: str, last: str | None) -> builtins.list[str]:
    """Ask for one page of names, and not for a second."""
    found = session.client.list_objects(name, prefix=prefix, recursive=True, start_after=last)
    return [each.object_name or "" for each in islice(found, _PAGE_NAMES)]


def _is_key(name: str) -> bool:
    try:
        check_key(name)
    except ValueError:
        return False
    return True


def _invalid(setting: str, detail: str) -> SohoaError:
    return SohoaError(Code.SETTING_INVALID, field=setting, detail=f"{setting} {detail}")
