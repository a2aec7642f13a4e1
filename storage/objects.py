"""Where objects are kept: the contract of every store.

Every write is all or nothing: readers see the object complete or not at all, also after a power cut.
"""

import errno
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol


class ObjectExists(Exception):
    """`create` found the name taken. The caller decides what that means, so it carries no problem code."""


class ObjectStore(Protocol):
    """The contract of every store. Names are checked by `storage.keys.check_key`.

    Every operation raises ValueError for a malformed name. A write raises `SohoaError` with `STORE_FULL`
    (retryable) or `STORE_UNWRITABLE` and then leaves nothing under the name that was not there before.
    A read raises `OBJECT_MISSING` when nothing has the name, `STORE_UNWRITABLE` when the store refuses
    access and `OBJECT_DAMAGED` when the medium fails. A store on a server may raise `STORE_UNREACHABLE` (retryable)
    from everything; whether a write was done is then not known, and doing it again is right.
    """

    def put(self, key: str, data: bytes) -> None:
        """Store `data` under `key`, replacing what was there. Durable when this returns."""
        ...

    def create(self, key: str, data: bytes) -> None:
        """Store `data` under a name that must be free; of several writers exactly one succeeds.

        Raises:
            ObjectExists: The name is taken.
        """
        ...

    def put_file(self, key: str, path: Path, sha256: str | None = None) -> None:
        """Store the bytes of the file at `path`, in chunks, replacing what was there.

        Args:
            key: Name of the object.
            path: A regular file.
            sha256: When given, nothing is stored unless the bytes that were read have this hash.

        Raises:
            SohoaError: `PATH_UNREADABLE` when the file cannot be read, or (retryable) is not what `sha256` says.
        """
        ...

    def get(self, key: str) -> bytes:
        """Return the object's bytes; for small objects."""
        ...

    def chunks(self, key: str) -> Iterator[bytes]:
        """Yield the object's bytes in pieces: all of them, or an error at the end. Holds no more than a piece."""
        ...

    def open(self, key: str) -> AbstractContextManager[Path]:
        """Lend the object as a local file, for reading only and only inside the `with` block."""
        ...

    def exists(self, key: str) -> bool:
        """True when an object has this name."""
        ...

    def size(self, key: str) -> int:
        """Return the object's size in bytes."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """Return the names that start with `prefix` (empty, or ending with a slash), in code point order."""
        ...

    def erase(self, key: str) -> None:
        """Remove the object and every earlier version of it for good; nothing happens when there is none.

        For erasure under a recorded decision (`storage.rights`) alone, and for what came too late for one: no other
        code removes what was stored.
        """
        ...

    def remove_leftovers(self, older_than_h: float = 24.0) -> int:
        """Remove what killed writers left behind, when older than that many hours; return how many there were."""
        ...


def error_name(error: OSError) -> str:
    """Name an operating system error without the paths its message quotes."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
