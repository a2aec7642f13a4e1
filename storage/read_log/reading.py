"""Reading the stored read log back, and what the catalogue keeps of it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC
from typing import TYPE_CHECKING

from storage.integrity.findings import suppress_damage
from storage.key_parsing import parse_read_log_key
from storage.keys import READ_LOG_PREFIX
from storage.objects import ObjectStore
from storage.read_log.entry import ReadEntry
from storage.read_log.segment import entries_of

if TYPE_CHECKING:
    from storage.catalogue import ReadRow


def read_log_keys(store: ObjectStore) -> Iterator[str]:
    """Yield the names of all pieces of the read log, by day."""
    return (key for key in store.list(READ_LOG_PREFIX) if parse_read_log_key(key))


def read_entries(store: ObjectStore, keys: Iterable[str] | None = None) -> Iterator[ReadEntry]:
    """Yield the entries of the pieces named `keys`, or of all. A damaged line is passed over: `sohoa verify` tells.

    Raises:
        SohoaError: See `ObjectStore.get`.
    """
    for key in read_log_keys(store) if keys is None else keys:
        yield from entries_of(store.get(key))


def stored_entries(store: ObjectStore, rows: "Collection[ReadRow]") -> dict[str, ReadEntry]:
    """Return by identifier the entries behind rows of the catalogue: only the log has purposes in words.

    An entry that is not shipped yet, or whose piece is damaged or gone, is absent. Reads the pieces that the rows name;
    where one names none, all pieces of its day.

    Raises:
        SohoaError: See `ObjectStore.get`.
    """
    wanted: dict[str, str | None] = {row.entry_id: row.piece for row in rows}
    days = {row.at.astimezone(UTC).date().isoformat() for row in rows if row.piece is None}
    keys = {piece for piece in wanted.values() if piece is not None}
    for day in days:
        keys |= {key for key in store.list(f"{READ_LOG_PREFIX}{day}/") if parse_read_log_key(key)}
    found = (entry for key in sorted(keys) for entry in _named(store, key, wanted.keys()))
    return {entry.entry_id: entry for entry in found}


def _named(store: ObjectStore, key: str, entry_ids: Collection[str]) -> tuple[ReadEntry, ...]:
    with suppress_damage():
        return entries_of(store.get(key), entry_ids)
    return ()


def read_rows(entries: Iterable[ReadEntry]) -> "tuple[ReadRow, ...]":
    """Return what the catalogue keeps of entries."""
    # The catalogue's package loads SQLAlchemy, which writing entries need not pay for.
    from storage.catalogue import ReadRow  # noqa: PLC0415

    return tuple(
        ReadRow(
            entry_id=entry.entry_id,
            at=entry.at,
            kind=entry.kind.value,
            reader=entry.reader,
            agency=entry.agency,
            purpose=entry.purpose,
            procedure=entry.procedure,
            dossier_code=entry.dossier_code,
            subject_key=entry.subject_key,
            record_ids=tuple(dict.fromkeys(record.record_id for record in entry.records)),
            held=entry.held,
            missing=entry.missing,
            refused=entry.refused,
        )
        for entry in entries
    )
