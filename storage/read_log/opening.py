"""The read log of a home, wired to its store and catalogue, and the one way to log a read of records."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.log import SPOOL_FOLDER, ReadLog
from storage.read_log.reading import read_rows
from storage.settings import Settings

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

# What the machine's own administrator reads on its command line is for this, where no purpose is asked for.
ADMINISTRATION = "quản trị"


class Revision(Protocol):
    """What names a revision of a record: a record, or its row in the catalogue."""

    @property
    def record_id(self) -> str:
        """Identifier of the record."""

    @property
    def revision(self) -> int:
        """From 1."""


def open_read_log(settings: Settings, catalogue: "Catalogue | None" = None) -> ReadLog:
    """Return the read log of a home; what it ships is entered in the catalogue.

    Use it as a context, which ships at its end what this process and dead ones wrote; a server uses `kept_sealed`.

    Args:
        settings: Name the home, the store and the catalogue.
        catalogue: The catalogue when it is open already; otherwise it is opened when something is shipped.

    Raises:
        SohoaError: See `Settings.open_store`.
    """
    opened = [catalogue] if catalogue is not None else []

    def enter(key: str, entries: Sequence[ReadEntry]) -> None:
        if not opened:
            opened.append(settings.open_catalogue())
        opened[0].filling.enter_piece(key, read_rows(entries))

    return ReadLog(settings.open_store(), settings.home / SPOOL_FOLDER, enter)


def log_read(
    read_log: ReadLog,
    kind: ReadKind,
    records: Iterable[Revision],
    *,
    reader: str,
    agency: str | None = None,
    purpose: str = ADMINISTRATION,
    subject_key: str | None = None,
) -> str:
    """Write that records are read, durably, and return the entry's identifier. Call it before they leave.

    Raises:
        SohoaError: `READ_LOG_FAILED`: they must not leave.
    """
    read = tuple(RecordRead(record_id=record.record_id, revision=record.revision) for record in records)
    entry = ReadEntry(kind=kind, reader=reader, agency=agency, purpose=purpose, subject_key=subject_key, records=read)
    return read_log.append(entry)
