"""Partial files: the bytes of uploads that are not whole yet, in a folder of the home; for its owner only."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ocr.problem import Code, SohoaError
from storage.disk import write_all, writing_to_disk

UPLOADS_FOLDER = "uploads"
_SUFFIX = ".part"
_WHAT = "partial file"


class Part:
    """A partial file that is held open, and that nobody else writes to meanwhile."""

    def __init__(self, descriptor: int) -> None:
        """Use an open file."""
        self._descriptor = descriptor

    @property
    def size_bytes(self) -> int:
        """How long it is."""
        return os.fstat(self._descriptor).st_size

    def cut(self, offset_bytes: int) -> None:
        """Drop what lies behind `offset_bytes`; what is written next comes there."""
        with writing_to_disk(_WHAT):
            os.ftruncate(self._descriptor, offset_bytes)
            os.lseek(self._descriptor, offset_bytes, os.SEEK_SET)

    def write(self, data: bytes) -> None:
        """Write what comes next.

        Raises:
            SohoaError: `STORE_FULL`, `STORE_UNWRITABLE`.
        """
        with writing_to_disk(_WHAT):
            write_all(self._descriptor, data)

    def sync(self) -> None:
        """Return when everything written is durable.

        Raises:
            SohoaError: `STORE_FULL`, `STORE_UNWRITABLE`.
        """
        with writing_to_disk(_WHAT):
            os.fsync(self._descriptor)


class Parts:
    """The partial files of one home."""

    def __init__(self, home: Path) -> None:
        """Use the folder `uploads` of a home; it is made when the first file comes."""
        self.folder = home / UPLOADS_FOLDER

    def path(self, upload_id: str) -> Path:
        """Return where the bytes of an upload are."""
        return self.folder / f"{upload_id}{_SUFFIX}"

    @contextmanager
    def holding(self, upload_id: str) -> Iterator[Part]:
        """Hold the partial file of an upload, made when there is none; nobody else may hold it meanwhile.

        The lock goes with the process, however that ends.

        Raises:
            SohoaError: `UPLOAD_BUSY` when somebody holds it; `STORE_FULL`, `STORE_UNWRITABLE`.
        """
        path = self.path(upload_id)
        with writing_to_disk(_WHAT):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SohoaError(Code.UPLOAD_BUSY, retryable=True) from None
            if not _is_file(descriptor, path):  # who held it was done with it, and removed it
                raise SohoaError(Code.UPLOAD_BUSY, retryable=True)
            yield Part(descriptor)
        finally:
            os.close(descriptor)

    def size_bytes(self, upload_id: str) -> int:
        """Return how long a partial file is, 0 where there is none."""
        try:
            return self.path(upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    def remove(self, upload_id: str) -> None:
        """Remove a partial file; nothing happens when there is none."""
        with writing_to_disk(_WHAT):
            self.path(upload_id).unlink(missing_ok=True)

    def remove_strays(self, needed: frozenset[str], older_than_s: float) -> int:
        """Remove the files of uploads that are not `needed`, when older; return how many there were."""
        removed = 0
        newest = time.time() - older_than_s
        for path in self.folder.glob(f"*{_SUFFIX}") if self.folder.is_dir() else ():
            with suppress(FileNotFoundError):  # somebody else tidies up too
                if path.name.removesuffix(_SUFFIX) not in needed and path.stat().st_mtime < newest:
                    path.unlink()
                    removed += 1
        return removed


def _is_file(descriptor: int, path: Path) -> bool:
    """True when the open file is still the one of that name."""
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    held = os.fstat(descriptor)
    return (held.st_dev, held.st_ino) == (named.st_dev, named.st_ino)
