"""Erasing on the desk what an erasure takes from the store: names of files and dossiers, drafts, what was keyed."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, or_, select, update

from storage.database import Database
from storage.desk.parts import Parts
from storage.desk.progress import Progress
from storage.desk.tables import batch_progress, batches, drafts, idempotency, keyings, leases, offers, uploads
from storage.dossier_segment import dossier_segment

_OF_RECORDS: tuple[Table, ...] = (drafts, keyings, leases, offers)


@dataclass(frozen=True, slots=True)
class Gone:
    """What an erasure takes.

    Attributes:
        records: Identifiers of the records.
        segments: What stands for each dossier that papers were erased from.
        scans: SHA-256 of the scans.
        batches: Identifiers of the batches that name any of it.
    """

    records: Collection[str]
    segments: Collection[str]
    scans: Collection[str]
    batches: Collection[str] = ()


def forget(desk: Database, parts: Parts, gone: Gone) -> None:
    """Erase everything that the desk holds of it, as a whole. What is not there is passed over, so it may be repeated.

    How long settling took and who did it stays: it names a record by its identifier and nothing of its content.

    Raises:
        SohoaError: `DESK_FAILED`; `STORE_UNWRITABLE` for a partial file that cannot be removed.
    """
    of_it = or_(uploads.c.segment.in_(list(gone.segments)), uploads.c.sha256.in_(list(gone.scans)))
    with desk.asking() as connection:
        named = list(connection.execute(select(uploads.c.upload_id).where(of_it)).scalars())
    # Their rows tell which they are: files first.
    for upload_id in named:
        parts.remove(upload_id)
    with desk.writing() as connection:
        for table in _OF_RECORDS:
            connection.execute(delete(table).where(table.c.record_id.in_(list(gone.records))))
        _forget_answers(connection, gone.records)
        touched = set(connection.execute(select(uploads.c.batch_id).where(of_it)).scalars()) | set(gone.batches)
        connection.execute(delete(uploads).where(of_it))
        for batch_id in sorted(touched):
            _forget_events(connection, batch_id, gone)
            _forget_code(connection, batch_id)


def _forget_answers(connection: Connection, records: Collection[str]) -> None:
    """Erase the answers that are kept for requests sent again and that tell of a record."""
    names = [record_id.encode() for record_id in records]
    columns = idempotency.c
    rows = connection.execute(select(columns.caller, columns.key, columns.body).where(columns.body.is_not(None))).all()
    for caller, key, body in rows:
        if any(name in body for name in names):
            connection.execute(delete(idempotency).where(columns.caller == caller, columns.key == key))


def _forget_events(connection: Connection, batch_id: str, gone: Gone) -> None:
    """Erase the events of a batch that tell of it."""
    rows = connection.execute(
        select(batch_progress.c.seq, batch_progress.c.event).where(batch_progress.c.batch_id == batch_id)
    ).all()
    told = [(seq, Progress.from_json(event.encode())) for seq, event in rows]
    of_it = [
        seq
        for seq, event in told
        if event.sha256 in gone.scans
        or (event.dossier_id is not None and dossier_segment(event.dossier_id) in gone.segments)
    ]
    for seq in of_it:
        connection.execute(delete(batch_progress).where(batch_progress.c.seq == seq))


def _forget_code(connection: Connection, batch_id: str) -> None:
    """Erase the dossier code of a batch that nothing is left of: it had one dossier, and is known by its code."""
    left = connection.execute(select(uploads.c.upload_id).where(uploads.c.batch_id == batch_id).limit(1)).first()
    if left is None:
        connection.execute(update(batches).where(batches.c.batch_id == batch_id).values(dossier_code=None))
