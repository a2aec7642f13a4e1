"""The catalogue: what the store holds, as tables that can be asked. A projection: delete it, reindex, lose nothing.

It holds no personal data. A dossier stands in it as in object names, by `storage.keys.dossier_segment`, because
its identifier may be a person's name.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    make_url,
    select,
)
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from extractors.record import Record, RecordState
from ocr.problem import Code, SohoaError
from storage.dossier import Dossier, DossierState
from storage.keys import dossier_segment

# Raise it with every change of a table: catalogues of another version are dropped and filled again.
SCHEMA_VERSION = 1
_BUSY_TIMEOUT_MS = 30_000
_ROWS_AT_A_TIME = 1000
_PASSING = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL})


_metadata = MetaData()
_records = Table(
    "records",
    _metadata,
    Column("record_id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("dossier_segment", String, nullable=False),
    Column("paper_type", String, nullable=False),
    Column("paper_type_version", Integer, nullable=False),
    Column("doubtful_fields", Integer, nullable=False),
    Column("created_at", String, nullable=False),
    Index("records_by_dossier", "dossier_segment", "record_id"),
    Index("records_by_state", "state"),
)
_dossiers = Table(
    "dossiers",
    _metadata,
    Column("dossier_segment", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("paper_count", Integer, nullable=False),
    Column("page_count", Integer, nullable=False),
    Column("failed_page_count", Integer, nullable=False),
    Column("created_at", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """The latest revision of one record. `doubtful_fields` counts the fields that are not accepted."""

    record_id: str
    revision: int
    state: RecordState
    dossier_segment: str
    paper_type: str
    paper_type_version: int
    doubtful_fields: int
    created_at: datetime

    @classmethod
    def of(cls, record: Record) -> Self:
        """Project a record."""
        created_at = record.provenance.created_at
        return cls(
            record_id=record.record_id,
            revision=record.revision,
            state=record.state,
            dossier_segment=dossier_segment(record.dossier_id),
            paper_type=record.paper_type,
            paper_type_version=record.paper_type_version,
            doubtful_fields=sum(not field.accepted for field in record.fields.values()),
            created_at=created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC),
        )


@dataclass(frozen=True, slots=True)
class DossierRow:
    """The latest revision of one dossier. `page_count` counts all pages that are known, the failed ones too."""

    dossier_segment: str
    revision: int
    state: DossierState
    paper_count: int
    page_count: int
    failed_page_count: int
    created_at: datetime

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        """Project a dossier."""
        return cls(
            dossier_segment=dossier_segment(dossier.dossier_id),
            revision=dossier.revision,
            state=dossier.state,
            paper_count=len(dossier.papers),
            page_count=len(dossier.page_places()),
            failed_page_count=len(dossier.failed_pages),
            created_at=dossier.created_at,
        )


R = TypeVar("R")


class Catalogue:
    """The tables, in an SQLite file that many processes may use at once.

    Every method raises `SohoaError` with `CATALOGUE_FAILED` when the database does; retryable when it was busy
    or the disk full.
    A connection lives for one call only: nothing is carried over a fork and nothing has to be closed.
    """

    def __init__(self, url: str | URL) -> None:
        """Use the database at `url` without touching it yet.

        Raises:
            SohoaError: `SETTING_INVALID` when `url` does not name an SQLite file.
        """
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise SohoaError(Code.SETTING_INVALID, field="SOHOA_CATALOGUE", detail="not a database URL") from None
        if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
            detail = "only sqlite:///PATH so far; PostgreSQL comes later"
            raise SohoaError(Code.SETTING_INVALID, field="SOHOA_CATALOGUE", detail=detail)
        self._engine = create_engine(parsed, poolclass=NullPool, hide_parameters=True)
        event.listen(self._engine, "connect", _set_up)
        event.listen(self._engine, "begin", _begin)
        # Asks for the write lock at once. Asked for later, in the middle of a transaction, SQLite would not wait.
        self._writer = self._engine.execution_options(sohoa_begin="BEGIN IMMEDIATE")

    def create(self) -> None:
        """Make the tables when they are missing; drop those of another schema version. See `needs_rebuild`."""
        with _failures(), self._writer.begin() as connection:
            if abs(_version(connection)) == SCHEMA_VERSION:
                return
            old = MetaData()
            old.reflect(connection)
            old.drop_all(connection)
            _metadata.create_all(connection)
            # Negative until the catalogue was filled from the store.
            connection.exec_driver_sql(f"PRAGMA user_version = {-SCHEMA_VERSION}")

    def needs_rebuild(self) -> bool:
        """True when the catalogue was made anew and not filled from the store since, by `storage.reindex`."""
        with _failures(), self._engine.connect() as connection:
            return _version(connection) != SCHEMA_VERSION

    def project_record(self, record: Record) -> None:
        """Enter a record's revision, unless a newer one is entered already."""
        with _failures(), self._writer.begin() as connection:
            connection.execute(_newest_wins(_records, RecordRow.of(record)))

    def project_dossier(self, dossier: Dossier) -> None:
        """Enter a dossier's revision, unless a newer one is entered already."""
        with _failures(), self._writer.begin() as connection:
            connection.execute(_newest_wins(_dossiers, DossierRow.of(dossier)))

    def rebuild(self, collect: Callable[[], tuple[Sequence[RecordRow], Sequence[DossierRow]]]) -> None:
        """Replace everything in one transaction: readers see the old content or the new.

        Args:
            collect: Gives the new content. It runs while other writers wait, so that what they enter is not lost.
        """
        with _failures(), self._writer.begin() as connection:
            records, dossiers = collect()
            for table, rows in ((_records, records), (_dossiers, dossiers)):
                connection.execute(delete(table))
                if rows:
                    connection.execute(insert(table), [_values(row) for row in rows])
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def records(self, dossier_id: str | None = None, state: RecordState | None = None) -> Iterator[RecordRow]:
        """Yield the records, of one dossier or in one state when asked, ordered by dossier segment and record."""
        query = _chosen(select(_records), dossier_id, state)
        query = query.order_by(_records.c.dossier_segment, _records.c.record_id)
        return self._rows(query, _record_row)

    def record(self, record_id: str) -> RecordRow | None:
        """Return one record's row, or None when it is unknown."""
        query = select(_records).where(_records.c.record_id == record_id)
        return next(self._rows(query, _record_row), None)

    def dossiers(self, state: DossierState | None = None) -> Iterator[DossierRow]:
        """Yield the dossiers, in one state when asked, ordered by segment."""
        query = select(_dossiers).order_by(_dossiers.c.dossier_segment)
        if state is not None:
            query = query.where(_dossiers.c.state == state.value)
        return self._rows(query, _dossier_row)

    def dossier(self, dossier_id: str) -> DossierRow | None:
        """Return one dossier's row, or None when it is unknown."""
        query = select(_dossiers).where(_dossiers.c.dossier_segment == dossier_segment(dossier_id))
        return next(self._rows(query, _dossier_row), None)

    def count_records(self, dossier_id: str | None = None, state: RecordState | None = None) -> int:
        """Return how many rows `records` yields."""
        return self._count(_chosen(select(func.count()).select_from(_records), dossier_id, state))

    def count_dossiers(self, state: DossierState | None = None) -> int:
        """Return how many rows `dossiers` yields."""
        query = select(func.count()).select_from(_dossiers)
        return self._count(query if state is None else query.where(_dossiers.c.state == state.value))

    def _rows(self, query: Select[Any], make: Callable[[dict[str, Any]], R]) -> Iterator[R]:
        with _failures(), self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_ROWS_AT_A_TIME).execute(query):
                yield make(row._asdict())

    def _count(self, query: Select[Any]) -> int:
        with _failures(), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())


def _values(row: RecordRow | DossierRow) -> dict[str, Any]:
    # Text in UTC sorts as time does and means the same in every database.
    created_at = row.created_at.astimezone(UTC).isoformat(timespec="microseconds")
    return {**asdict(row), "state": row.state.value, "created_at": created_at}


def _record_row(values: dict[str, Any]) -> RecordRow:
    created_at = datetime.fromisoformat(values["created_at"])
    return RecordRow(**{**values, "state": RecordState(values["state"]), "created_at": created_at})


def _dossier_row(values: dict[str, Any]) -> DossierRow:
    created_at = datetime.fromisoformat(values["created_at"])
    return DossierRow(**{**values, "state": DossierState(values["state"]), "created_at": created_at})


def _chosen(query: Select[Any], dossier_id: str | None, state: RecordState | None) -> Select[Any]:
    if dossier_id is not None:
        query = query.where(_records.c.dossier_segment == dossier_segment(dossier_id))
    if state is not None:
        query = query.where(_records.c.state == state.value)
    return query


def _newest_wins(table: Table, row: RecordRow | DossierRow) -> Insert:
    statement = upsert(table).values(**_values(row))
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={column.name: new[column.name] for column in table.c if not column.primary_key},
        where=new["revision"] >= table.c.revision,
    )


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    # Transactions are begun by `_begin`; the driver's own habit is to begin late and only before some statements.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sohoa_begin", "BEGIN"))


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else None
        # The lower byte is the kind of error, the rest of the number says more about it.
        passing = isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & 0xFF in _PASSING
        raise SohoaError(Code.CATALOGUE_FAILED, detail=str(cause or type(error).__name__), retryable=passing) from error
