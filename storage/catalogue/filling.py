"""What filling the catalogue from the store needs: what is held, in which revision and by which projection."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, Select, Table, bindparam, func, inspect, select

from extractors.record import Record
from ocr.problem import Code, SohoaError
from storage.catalogue.entering import Entering, forget_dossiers, forget_records
from storage.catalogue.projection import ProjectedRecord, Projection
from storage.catalogue.rows import DossierRow, ReadRow
from storage.catalogue.tables import (
    HEAD,
    VERSION_TABLE,
    dossiers,
    read_log_pieces,
    reads,
    record_subjects,
    records,
    state,
)
from storage.database import Database

_FILLED_BY, _FILLED_WITH_KEY = "projection", "identity_key"
_ROWS_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills one catalogue. Every method raises as `Catalogue` does; each is one short transaction."""

    database: Database
    entering: Entering
    projection: Projection

    def is_at_head(self) -> bool:
        """True when the tables are those of this program."""
        with self.database.asking() as connection:
            if not inspect(connection).has_table(VERSION_TABLE):
                return False
            found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalars().all()  # noqa: S608
        return found == [HEAD]

    def is_missing(self) -> bool:
        """See `Catalogue.needs_rebuild`."""
        with self.database.asking() as connection:
            found = dict(connection.execute(select(state.c.name, state.c.value)).all())
        ours, theirs = self.projection, found.get(_FILLED_WITH_KEY, "")
        if ours.key_name and theirs and ours.key_name != theirs:
            detail = "not the key the catalogue was filled with; `sohoa reindex --full` fills it anew with this one"
            raise SohoaError(Code.SETTING_INVALID, field="SOHOA_ID_KEY", detail=f"SOHOA_ID_KEY is {detail}")
        is_ours = found.get(_FILLED_BY) == ours.version
        return not is_ours or (bool(ours.key_name) and not theirs)

    def mark_filled(self) -> None:
        """Note that everything in the store was entered, by this projection."""
        values = [
            {"name": _FILLED_BY, "value": self.projection.version},
            {"name": _FILLED_WITH_KEY, "value": self.projection.key_name},
        ]
        statement = self.database.insert(state)
        replace = statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded["value"]})
        with self.database.writing() as connection:
            self.database.enter(connection, replace, values)

    def refresh_statistics(self) -> None:
        """Let the database count anew after much was entered."""
        self.database.refresh_statistics((records, record_subjects, dossiers, reads))

    def held_records(self) -> tuple[dict[str, int], set[str]]:
        """Return the revision of every record that is entered, and which of them another projection made."""
        return self._held(records, records.c.record_id)

    def held_dossiers(self) -> tuple[dict[str, int], set[str]]:
        """Return the revision of every dossier that is entered, and which of them another projection made."""
        return self._held(dossiers, dossiers.c.dossier_segment)

    def project(self, record: Record) -> ProjectedRecord:
        """Return what is entered of a record."""
        return self.projection.of_record(record)

    def enter_records(self, projected: Sequence[ProjectedRecord], gone: Mapping[str, int]) -> None:
        """Enter records, newest revision wins, after removing those still entered in the revisions given."""
        with self.database.writing() as connection:
            forget_records(connection, gone)
            self.entering.records(connection, projected, self.projection.name)

    def enter_dossiers(self, rows: Sequence[DossierRow], gone: Mapping[str, int]) -> None:
        """Enter dossiers, newest revision wins, after removing those still entered in the revisions given."""
        with self.database.writing() as connection:
            forget_dossiers(connection, gone)
            self.entering.dossiers(connection, rows, self.projection.name)

    def known_pieces(self) -> set[str]:
        """Return the names of the pieces of the read log whose entries are all entered."""
        with self.database.asking() as connection:
            return set(connection.execute(select(read_log_pieces.c.key)).scalars())

    def count_pieces(self) -> int:
        """Return how many pieces of the read log are entered."""
        with self.database.asking() as connection:
            return int(connection.execute(select(func.count()).select_from(read_log_pieces)).scalar_one())

    def enter_piece(self, key: str, rows: Iterable[ReadRow]) -> None:
        """Enter all entries of a piece of the read log and note its name."""
        noted = self.database.insert(read_log_pieces).on_conflict_do_nothing()
        with self.database.writing() as connection:
            self.entering.reads(connection, (replace(row, piece=key) for row in rows))
            self.database.enter(connection, noted, [{"key": key}])

    def _held(self, table: Table, name: Column[Any]) -> tuple[dict[str, int], set[str]]:
        """In portions: one long question would hold on to rows that writers replace meanwhile."""
        query = (
            select(name, table.c.revision, table.c.projection)
            .where(name > bindparam("after"))
            .order_by(name)
            .limit(_ROWS_AT_A_TIME)
        )
        revisions: dict[str, int] = {}
        stale: set[str] = set()
        for portion in self._portions(query):
            for each, revision, projection in portion:
                revisions[each] = revision
                if projection != self.projection.name:
                    stale.add(each)
        return revisions, stale

    def _portions(self, query: Select[Any]) -> Iterator[Sequence[tuple[str, int, str]]]:
        after = ""
        while True:
            with self.database.asking() as connection:
                portion = connection.execute(query, {"after": after}).all()
            if not portion:
                return
            yield portion
            after = portion[-1][0]
