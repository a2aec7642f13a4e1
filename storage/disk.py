"""Writing to a local disk: to the last byte, so that names last, and with the errors of a disk told as the store's."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocr.problem import Code, SohoaError
from storage.objects import error_name

_FULL = (errno.ENOSPC, errno.EDQUOT)


def write_all(descriptor: int, data: bytes | bytearray) -> None:
    """Write all of `data`, however little of it the system takes at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing_to_disk(what: str) -> Iterator[None]:
    """Tell errors of the disk as every store does; `what` is written.

    Raises:
        SohoaError: `STORE_FULL` (retryable), `STORE_UNWRITABLE`.
    """
    try:
        yield
    except OSError as error:
        is_full = error.errno in _FULL
        code = Code.STORE_FULL if is_full else Code.STORE_UNWRITABLE
        raise SohoaError(code, detail=f"{what}: {error_name(error)}", retryable=is_full) from error
