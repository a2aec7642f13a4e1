"""The read log of a process: entries are durable before an answer leaves, and are shipped into the store later."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from ocr.problem import Code, Problem, SohoaError
from storage.objects import ObjectExists, ObjectStore, error_name
from storage.read_log.entry import ReadEntry
from storage.read_log.segment import Link, entries_of, sealed
from storage.read_log.spool import SpoolWriter, complete_file, remove_file, remove_unfinished, spool_files

SPOOL_FOLDER = "read-log"
# A piece is shipped when it has so many entries or is so old: small enough to be shipped without holding up lookups.
ENTRIES_PER_SEGMENT = 500
SECONDS_PER_SEGMENT = 300.0
_TICK_S = 1.0
_FAULTS_OF_ONE_FILE = frozenset({Code.OBJECT_DAMAGED, Code.READ_LOG_FAILED})

# Enters a shipped piece, by name, in the catalogue; entering one again changes nothing.
Project = Callable[[str, Sequence[ReadEntry]], object]


@dataclass(frozen=True, slots=True)
class SealReport:
    """What was shipped: the names of the objects, and why files stay where they are, to be shipped another time."""

    keys: tuple[str, ...]
    put_off: tuple[Problem, ...]


class ReadLog:
    """The read log of one process, for any number of threads. Other processes may use the same folder and store.

    A process that was killed leaves its file behind, and the next one that seals ships it.
    """

    def __init__(
        self,
        store: ObjectStore,
        spool_folder: Path,
        project: Project | None = None,
        *,
        entries_per_segment: int = ENTRIES_PER_SEGMENT,
        seconds_per_segment: float = SECONDS_PER_SEGMENT,
    ) -> None:
        """Keep entries in `spool_folder`, which need not exist, until they are shipped into `store`.

        Args:
            store: Where pieces go, as `audit/<day>/<segment>.jsonl`.
            spool_folder: A folder of a local file system.
            project: Called with the name and entries of each piece once the store has it, before its file is removed.
            entries_per_segment: A piece with so many entries is closed.
            seconds_per_segment: So is one that was begun so long ago.
        """
        self._store = store
        self._folder = spool_folder
        self._project = project
        self._entries_per_segment = entries_per_segment
        self._seconds_per_segment = seconds_per_segment
        self._writing = threading.Lock()
        self._writer: SpoolWriter | None = None
        self._follows: Link | None = None

    def append(self, *entries: ReadEntry) -> str:
        """Write entries, of one question, durably; return the identifier of the first.

        Raises:
            SohoaError: `READ_LOG_FAILED`: the answer must not be given.
        """
        try:
            with self._writing:
                writer = self._writer_for(entries[0].day)
                mark = writer.write(entries)
            writer.sync(mark)
        except OSError as error:
            raise _failed(error) from error
        return entries[0].entry_id

    def seal(self, *, current: bool = True) -> SealReport:
        """Ship every complete file into the store: those of dead processes, and this one's own.

        An object is read back and compared before its file is removed. Stopped at any point, the next call goes on;
        nothing is lost and nothing written twice. While the store or the catalogue cannot be used, files stay.

        Args:
            current: Also the file that is being written; otherwise only when it is full or old enough.
        """
        with self._writing:
            if self._writer is not None and (current or self._is_due(self._writer)):
                self._close_writer()
        keys, put_off = [], []
        for path in self._spooled():
            try:
                key = self._ship(path)
                if key is not None:
                    keys.append(key)
            except SohoaError as error:
                put_off.append(error.problem)
                if error.code not in _FAULTS_OF_ONE_FILE:
                    break  # the next file would fail as this one did, after the same waiting
            except OSError as error:
                put_off.append(_failed(error).problem)
        return SealReport(keys=tuple(keys), put_off=tuple(put_off))

    def pending(self) -> Iterator[ReadEntry]:
        """Yield the entries of all processes on this machine that are not shipped yet, oldest file first."""
        for path in spool_files(self._folder):
            try:
                content = path.read_bytes()
            except FileNotFoundError:  # shipped meanwhile
                continue
            except OSError as error:
                raise _failed(error) from error
            yield from entries_of(content)

    @contextmanager
    def kept_sealed(self, every_s: float = _TICK_S) -> Iterator[Self]:
        """Ship what is complete, now and then again every so many seconds, beside the block; all of it at its end."""
        stopped = threading.Event()

        def work() -> None:
            while True:
                self.seal(current=False)
                if stopped.wait(every_s):
                    return

        thread = threading.Thread(target=work, name="read-log", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stopped.set()
            thread.join()
            self.close()

    def close(self) -> SealReport:
        """Ship everything. The log can still be used afterwards."""
        return self.seal()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _writer_for(self, day: str) -> SpoolWriter:
        writer = self._writer
        if writer is not None and writer.pid != os.getpid():
            # A copy of this process made by fork: the file belongs to the process it was copied from.
            self._writer = self._follows = writer = None
        if writer is not None and (writer.day != day or writer.is_broken or self._is_due(writer)):
            self._close_writer()
        if self._writer is None:
            self._writer = SpoolWriter(self._folder, day, self._follows)
        return self._writer

    def _is_due(self, writer: SpoolWriter) -> bool:
        age_s = (datetime.now(UTC) - writer.opened_at).total_seconds()
        return writer.entries >= self._entries_per_segment or age_s >= self._seconds_per_segment

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._follows = self._writer.link
            self._writer = None

    def _spooled(self) -> list[Path]:
        with suppress(OSError):
            remove_unfinished(self._folder)
        return spool_files(self._folder)

    def _ship(self, path: Path) -> str | None:
        """Ship one file and remove it; return the object's name, or None when it is not complete or holds no entry."""
        with complete_file(path) as content:
            if content is None:
                return None
            try:
                piece = sealed(content)
            except ValueError as error:
                raise SohoaError(Code.READ_LOG_FAILED, detail=f"read log: {path.name}: {error}") from None
            if piece is not None:
                key, data = piece
                self._store_once(key, data)
                if self._project is not None:
                    self._project(key, entries_of(data))
            remove_file(path)
            return piece[0] if piece is not None else None

    def _store_once(self, key: str, data: bytes) -> None:
        # It exists when a process was stopped after shipping it and before removing the file.
        with suppress(ObjectExists):
            self._store.create(key, data)
        if self._store.get(key) != data:
            raise SohoaError(Code.OBJECT_DAMAGED, detail=key)


def _failed(error: OSError) -> SohoaError:
    return SohoaError(Code.READ_LOG_FAILED, detail=f"read log: {error_name(error)}", retryable=True)
