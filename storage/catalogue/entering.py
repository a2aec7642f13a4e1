"""Entering rows, many at a time: the newest revision wins, and every entry of the read log counts once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, delete

from storage.catalogue.projection import ProjectedRecord, dossier_values, read_values, record_values, subject_values
from storage.catalogue.rows import DossierRow, ReadRow
from storage.catalogue.tables import dossiers, read_records, reads, record_subjects, records
from storage.database import Database, Insert


class Entering:
    """The statements that enter and remove rows, made once. Each method works inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        """Make the statements for the kind of database it is."""
        self._database = database
        self._enter_subject = database.insert(record_subjects)
        self._enter_shown = database.insert(read_records)
        self._enter_record = _newest_wins(database.insert(records)).returning(records.c.record_id)
        self._enter_dossier = _newest_wins(database.insert(dossiers))
        self._enter_read = database.insert(reads).on_conflict_do_nothing().returning(reads.c.entry_id)

    def records(self, connection: Connection, projected: Iterable[ProjectedRecord], projection: str) -> None:
        """Enter records with their subjects; a record that is entered in a newer revision stays as it is."""
        # Always in the same order: two writers that lock the same rows in different orders would block each other.
        by_name = {each.row.record_id: each for each in sorted(projected, key=lambda each: each.row.record_id)}
        if not by_name:
            return
        values = [{**record_values(each.row), "projection": projection} for each in by_name.values()]
        entered = self._database.enter(connection, self._enter_record, values).scalars().all()
        _drop_subjects(connection, entered)
        subjects = [
            {**subject_values(subject), "record_id": name} for name in entered for subject in by_name[name].subjects
        ]
        if subjects:
            self._database.enter(connection, self._enter_subject, subjects)

    def dossiers(self, connection: Connection, rows: Iterable[DossierRow], projection: str) -> None:
        """Enter dossiers; one that is entered in a newer revision stays as it is."""
        by_name = {row.dossier_segment: row for row in sorted(rows, key=lambda row: row.dossier_segment)}
        if by_name:
            values = [{**dossier_values(row), "projection": projection} for row in by_name.values()]
            self._database.enter(connection, self._enter_dossier, values)

    def reads(self, connection: Connection, rows: Iterable[ReadRow]) -> None:
        """Enter entries of the read log; one that is entered already stays as it is."""
        by_id = {row.entry_id: row for row in sorted(rows, key=lambda row: row.entry_id)}
        if not by_id:
            return
        values = [read_values(row) for row in by_id.values()]
        entered = self._database.enter(connection, self._enter_read, values).scalars().all()
        shown = [
            {"entry_id": entry_id, "record_id": record_id}
            for entry_id in entered
            for record_id in dict.fromkeys(by_id[entry_id].record_ids)
        ]
        if shown:
            self._database.enter(connection, self._enter_shown, shown)


def forget_records(connection: Connection, held: Mapping[str, int]) -> None:
    """Remove records that are still entered in the given revisions, with their subjects."""
    gone = _forget(connection, records, records.c.record_id, held)
    _drop_subjects(connection, gone)


def forget_dossiers(connection: Connection, held: Mapping[str, int]) -> None:
    """Remove dossiers that are still entered in the given revisions."""
    _forget(connection, dossiers, dossiers.c.dossier_segment, held)


def _forget(connection: Connection, table: Table, name: Column[Any], held: Mapping[str, int]) -> list[str]:
    this_one = delete(table).where(name == bindparam("gone"), table.c.revision == bindparam("held"))
    answers = (
        (each, connection.execute(this_one, {"gone": each, "held": revision}))
        for each, revision in sorted(held.items())
    )
    return [each for each, answer in answers if answer.rowcount]


def _drop_subjects(connection: Connection, record_ids: Sequence[str]) -> None:
    if record_ids:
        connection.execute(delete(record_subjects).where(record_subjects.c.record_id.in_(record_ids)))


def _newest_wins(statement: Insert) -> Insert:
    new, table = statement.excluded, statement.table
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={column.name: new[column.name] for column in table.c if not column.primary_key},
        where=new["revision"] >= table.c.revision,
    )
