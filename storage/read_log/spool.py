"""The files a process appends its entries to before they are shipped: durable when `write` and `sync` have returned.

The writer holds a lock on its file for as long as it lives; the system gives it back when the process dies in any way.
A file whose lock is free is complete.
"""

import fcntl
import os
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from storage.disk import sync_folder, write_all
from storage.read_log.entry import ReadEntry
from storage.read_log.segment import Link, entry_line, line_hash, start_line

_ENDING = ".jsonl"
# A file that is being made: its lock may not be held yet, so nobody may ship it.
_UNFINISHED_ENDING = ".new"
_OLD_S = 3600.0


class SpoolWriter:
    """One file, open for appending, for threads of one process. Every method raises OSError as the system does.

    `write` is called by one thread at a time; `sync` by any number, which then share one flush.
    """

    def __init__(self, folder: Path, day: str, follows: Link | None) -> None:
        """Make a new file in `folder`, locked, for entries of one day (UTC)."""
        self.day = day
        name = f"{datetime.now(UTC):%Y%m%dt%H%M%S%f}-{secrets.token_hex(8)}"
        self.pid = os.getpid()
        self.entries = 0
        self.opened_at = datetime.now(UTC)
        self.is_broken = False
        self._segment = f"{day}/{name}"
        start = start_line(day, name, follows)
        self._last_hash = line_hash(start)
        self._written = len(start)  # bytes
        self._synced = len(start)
        self._is_lost = False
        self._syncing = threading.Lock()
        self._follows = follows
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = folder / (name + _UNFINISHED_ENDING)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._descriptor: int | None = os.open(unfinished, flags, 0o600)
        try:
            # Waits for `remove_unfinished` of another process, which looks at the file for a moment.
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            write_all(self._descriptor, start)
            os.fsync(self._descriptor)
            unfinished.rename(folder / (name + _ENDING))
            sync_folder(folder)
        except BaseException:
            self._close_descriptor()
            unfinished.unlink(missing_ok=True)
            raise

    @property
    def link(self) -> Link | None:
        """What the next file of this process follows; None where it is not sure what of this one is durable."""
        if self.is_broken:
            return None
        return Link(segment=self._segment, sha256=self._last_hash) if self.entries else self._follows

    def write(self, entries: Sequence[ReadEntry]) -> int:
        """Append entries without making them durable; return what `sync` has to reach."""
        lines = bytearray()
        last_hash = self._last_hash
        for entry in entries:
            line = entry_line(entry, last_hash)
            last_hash = line_hash(line)
            lines += line
        descriptor = self._open_descriptor()
        try:
            write_all(descriptor, lines)
        except OSError:
            self.is_broken = True
            # A part of a line may be there. Left at the end of the file it is cut off when the file is shipped.
            with suppress(OSError):
                os.ftruncate(descriptor, self._written)
            raise
        self._last_hash = last_hash
        self.entries += len(entries)
        self._written += len(lines)
        return self._written

    def sync(self, mark: int) -> None:
        """Return when everything that was written before `mark` is durable."""
        with self._syncing:
            if self._synced >= mark:
                return  # another thread's flush came after our write
            if self._is_lost:
                raise OSError("an earlier flush failed")
            reached = self._written
            try:
                os.fdatasync(self._open_descriptor())
            except OSError:
                # What was not flushed may have been dropped: flushing again would say all is well.
                self._is_lost = self.is_broken = True
                raise
            self._synced = reached

    def close(self) -> None:
        """Flush what can be, and give the lock back. Whoever waits in `sync` learns what came of it."""
        with suppress(OSError):
            self.sync(self._written)
        with self._syncing:
            self._close_descriptor()

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise OSError("the file is closed")
        return self._descriptor

    def _close_descriptor(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def spool_files(folder: Path) -> list[Path]:
    """Return the files in `folder`, of living writers and of dead ones, the oldest first."""
    return sorted(folder.glob(f"*{_ENDING}"))


@contextmanager
def complete_file(path: Path) -> Iterator[bytes | None]:
    """Lend the content of a file whose writer is gone, and keep others from shipping it meanwhile.

    None where its writer lives, or somebody else ships it or has done so.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        # It may have been shipped and removed between opening and locking it.
        yield path.read_bytes() if _is_there(path, descriptor) else None
    finally:
        os.close(descriptor)


def remove_file(path: Path) -> None:
    """Remove a file that was shipped, durably: found again after a power cut it would only be shipped again."""
    path.unlink()
    sync_folder(path.parent)


def remove_unfinished(folder: Path) -> None:
    """Remove files whose writers died while they made them; they hold no entry."""
    for path in folder.glob(f"*{_UNFINISHED_ENDING}"):
        with complete_file(path) as content:
            # A file without a first line may be about to be locked by its writer, unless it is old.
            if content or (content is not None and time.time() - path.stat().st_mtime > _OLD_S):
                path.unlink(missing_ok=True)


def _is_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
