"""Who read what is held on a person, or a record: the whole read log, also what is not shipped yet."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from storage.objects import ObjectStore
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.log import ReadLog
from storage.read_log.reading import stored_entries

if TYPE_CHECKING:
    from storage.catalogue import Catalogue, ReadRow

_NOT_TOLD = "?"


def reads_about(
    store: ObjectStore,
    catalogue: "Catalogue",
    read_log: ReadLog,
    *,
    subject_key: str | None = None,
    record_ids: Collection[str] = (),
) -> tuple[ReadEntry, ...]:
    """Return every entry that asked for a person's papers or showed one of the records, oldest first.

    Args:
        store: Where the read log is, for purposes in words.
        catalogue: Finds the entries.
        read_log: Gives those of this machine that are not shipped yet.
        subject_key: `IdentityKey.subject` of the person; their records are looked up and count too.
        record_ids: Records.

    Raises:
        SohoaError: `CATALOGUE_FAILED`, `READ_LOG_FAILED`, or the store cannot be used.
    """
    records = set(record_ids)
    # Before the catalogue is asked: what is shipped in between is then seen twice, not missed.
    pending = list(read_log.pending())
    rows: dict[str, ReadRow] = {}
    if subject_key is not None:
        records |= {row.record_id for row in catalogue.holdings_of(subject_key)}
        rows |= _by_id(catalogue.reads_of_subject(subject_key))
    for record_id in records:
        rows |= _by_id(catalogue.reads_of_record(record_id))
    words = stored_entries(store, rows.values())
    found = {entry_id: words.get(entry_id) or entry_of(row) for entry_id, row in rows.items()}
    for entry in pending:
        about = subject_key is not None and entry.subject_key == subject_key
        if about or not records.isdisjoint(record.record_id for record in entry.records):
            found[entry.entry_id] = entry
    return tuple(sorted(found.values(), key=lambda entry: (entry.at, entry.entry_id)))


def _by_id(rows: "Iterable[ReadRow]") -> "dict[str, ReadRow]":
    return {row.entry_id: row for row in rows}


def entry_of(row: "ReadRow") -> ReadEntry:
    """Return what the catalogue has of an entry whose piece of the log cannot be read; revisions are not known (0)."""
    return ReadEntry(
        entry_id=row.entry_id,
        at=row.at,
        kind=ReadKind(row.kind),
        reader=row.reader,
        agency=row.agency,
        purpose=row.purpose or _NOT_TOLD,
        procedure=row.procedure,
        subject_key=row.subject_key,
        records=tuple(RecordRead(record_id=record_id, revision=0) for record_id in row.record_ids),
        held=row.held,
        missing=row.missing,
        refused=row.refused,
    )
