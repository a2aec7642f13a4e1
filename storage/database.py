"""The two databases: how each is opened, locked and how its errors are told apart. Nowhere else do they differ."""

import json
import os
import sqlite3
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Result, String, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool
from sqlalchemy.sql.dml import ReturningInsert

from ocr.problem import Code, SohoaError

Insert = sqlite.Insert | postgresql.Insert
# A column's type. Sorts by code points, as object names and Python do, whatever language the database speaks.
TEXT = String().with_variant(String(collation="C"), "postgresql")

_SQLITE, _POSTGRESQL = "sqlite", "postgresql"
_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}
_BUSY_TIMEOUT_MS = 30_000
_CONNECT_TIMEOUT_S = 10
# Many connections cost the server memory; a process of ours asks from a few threads at once.
_POOL_SIZE, _POOL_OVERFLOW = 4, 12
# Any number, as long as all programs that change the tables of one database agree on it.
_MIGRATION_LOCK = 0x536F686F61
_MIGRATION_TIMEOUT_MS = 600_000
_LONGEST_DETAIL = 200
_FILE = "file"

_PASSING_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL})
# Classes and codes of SQLSTATE that pass: connection lost, serialization and deadlock, out of disk or memory or
# connections, lock not available, cancelled, shutting down or starting up.
_PASSING_CLASSES = ("08", "40", "53", "57")
_PASSING_STATES = frozenset({"55P03"})
# Refused connections come without SQLSTATE: starting up, shutting down, recovering, too many clients.
_PASSING_REFUSALS = ("starting up", "shutting down", "recovery", "too many", "remaining connection slots")


@dataclass(slots=True, eq=False, weakref_slot=True)
class Database:
    """One database, open to many threads and processes, also across a fork."""

    engine: Engine
    failure: Code = Code.CATALOGUE_FAILED

    @classmethod
    def at(cls, url: str | URL, setting: str = "SOHOA_CATALOGUE", failure: Code = Code.CATALOGUE_FAILED) -> "Database":
        """Return the database at `url` without touching it yet.

        Args:
            url: `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/DATABASE`.
            setting: Where the address was given, for the error.
            failure: The code of every error the database causes.

        Raises:
            SohoaError: `SETTING_INVALID` when `url` names neither an SQLite file nor a PostgreSQL database.
        """
        parsed = _checked(url, setting)
        if parsed.get_backend_name() == _SQLITE:
            return cls(_sqlite_engine(parsed), failure)
        database = cls(_postgresql_engine(parsed), failure)
        # Its connections end with it, not when memory is tidied up.
        weakref.finalize(database, database.engine.dispose)
        return database

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Keep connections to an SQLite file until the block ends; for a process that serves and does not fork.

        SQLite folds its log into the file whenever the last connection is closed, and waits for the disk; and a new
        connection reads all table definitions anew: both cost as much as what it was opened for.
        """
        if self._is_server:
            yield
            return
        single, kept = self.engine, _sqlite_engine(self.engine.url, is_kept=True)
        with self._failures():
            # A connection that is never in use: SQLite would fold when no other is left.
            held = kept.connect()
        self.engine = kept
        try:
            with held:
                yield
        finally:
            self.engine = single
            kept.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection in which everything is seen as it was at one moment."""
        with self._failures(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Lend a connection for single questions: no transaction, which would be two more trips to the server."""
        with self._failures(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT") if self._is_server else connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection whose work is kept as a whole when the block ends, or not at all."""
        # Asks for the write lock at once. Asked for later, in the middle of a transaction, SQLite would not wait.
        engine = self.engine.execution_options(sohoa_begin="BEGIN IMMEDIATE")
        with self._failures(), engine.begin() as connection:
            yield connection

    def lock_tables(self, connection: Connection) -> None:
        """Wait until no other process changes the tables, and keep them from it until the transaction ends."""
        if self._is_server:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_MIGRATION_TIMEOUT_MS}")
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})

    def one_writer(self, connection: Connection, table: Table) -> None:
        """Let no other transaction write to a table until this one ends: rows numbered in order then appear in order.

        Without it a reader that goes by the numbers passes by a row that was numbered early and kept late.
        """
        if self._is_server:
            connection.exec_driver_sql(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE")

    def refresh_statistics(self, tables: tuple[Table, ...]) -> None:
        """Let the database count anew, after much was entered, so that it finds the best way to answer."""
        with self.asking() as connection:
            for table in tables:
                connection.exec_driver_sql(f"ANALYZE {table.name}")

    def insert(self, table: Table) -> Insert:
        """Return an insert for `enter`; it knows `on_conflict_do_update`, which standard SQL does not."""
        if not self._is_server:
            return sqlite.insert(table)
        names = [column.name for column in table.c]
        given = f"json_populate_recordset(CAST(NULL AS {table.name}), CAST(:rows AS json)) AS given"
        chosen = text(f"SELECT {', '.join(names)} FROM {given}").columns(*table.c)  # noqa: S608  names of our own
        return postgresql.insert(table).from_select(names, chosen)

    def enter(
        self, connection: Connection, statement: Insert | ReturningInsert[Any], rows: Sequence[Mapping[str, Any]]
    ) -> Result[Any]:
        """Run an insert for many rows, each with all columns."""
        # One parameter for all of them: counting out thousands takes the driver longer than all the rest together.
        return connection.execute(statement, {"rows": json.dumps(rows)} if self._is_server else rows)

    @property
    def _is_server(self) -> bool:
        return self.engine.dialect.name == _POSTGRESQL

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else None
            detail = _detail(cause, self.engine.url) if cause is not None else type(error).__name__
            passing = isinstance(error, PoolTimeoutError) or (cause is not None and _passes(cause))
            raise SohoaError(self.failure, detail=detail, retryable=passing) from error


def _checked(url: str | URL, setting: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SohoaError(Code.SETTING_INVALID, field=setting, detail="not a database URL") from None
    backend = parsed.get_backend_name()
    is_known = parsed.drivername in {backend, f"{backend}+{_DRIVERS.get(backend)}"} and backend in _DRIVERS
    if not is_known or parsed.database in {None, "", ":memory:"}:
        detail = "only sqlite:///PATH and postgresql://USER:PASSWORD@HOST/DATABASE"
        raise SohoaError(Code.SETTING_INVALID, field=setting, detail=detail)
    return parsed.set(drivername=f"{backend}+{_DRIVERS[backend]}")


def _sqlite_engine(url: URL, *, is_kept: bool = False) -> Engine:
    # Else a connection lives for one call only: nothing is carried over a fork and nothing has to be closed.
    pool: dict[str, Any] = {"poolclass": QueuePool, "pool_size": _POOL_SIZE, "max_overflow": -1}
    engine = create_engine(url, **(pool if is_kept else {"poolclass": NullPool}), hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if is_kept:
        _check_file_of(engine)
    return engine


def _check_file_of(engine: Engine) -> None:
    """Give up connections to a file that somebody removed, or put another in the place of."""
    path = Path(engine.url.database or "")

    def file() -> tuple[int, int] | None:
        try:
            found = path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def remember(_: object, entry: ConnectionPoolEntry) -> None:
        entry.info[_FILE] = file()

    def check(_: object, entry: ConnectionPoolEntry, __: object) -> None:
        if entry.info[_FILE] != file():
            raise DisconnectionError

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", check)


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Transactions are begun by `_begin_sqlite`; the driver's own habit is to begin late, before some statements only.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sohoa_begin", "BEGIN"))


def _postgresql_engine(url: URL) -> Engine:
    arguments: dict[str, Any] = {
        "connect_timeout": _CONNECT_TIMEOUT_S,
        "application_name": "sohoa",
        # As long as SQLite waits for its lock; what takes longer may be tried again.
        "options": f"-c lock_timeout={_BUSY_TIMEOUT_MS}",
    }
    given = {name: value for name, value in arguments.items() if name not in url.query}
    engine = create_engine(
        url,
        pool_size=_POOL_SIZE,
        max_overflow=_POOL_OVERFLOW,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=given,
    )
    # A connection that parent and child both used would mix up their answers. The parent's own stay open.
    opened = weakref.ref(engine)
    os.register_at_fork(after_in_child=lambda: _forget_connections(opened))
    return engine


def _forget_connections(opened: "weakref.ref[Engine]") -> None:
    engine = opened()
    if engine is not None:
        engine.dispose(close=False)


def _passes(cause: BaseException) -> bool:
    """True when the same may succeed later."""
    if isinstance(cause, sqlite3.Error):
        # The lower byte is the kind of error, the rest of the number says more about it.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _PASSING_SQLITE
    sqlstate: str | None = getattr(cause, "sqlstate", None)
    if sqlstate is None:
        # psycopg's word for a connection that broke or could not be made; a server that refuses one says why.
        said = str(cause)
        is_refused = "FATAL" in said and not any(reason in said for reason in _PASSING_REFUSALS)
        return type(cause).__name__ == "OperationalError" and not is_refused
    return sqlstate.startswith(_PASSING_CLASSES) or sqlstate in _PASSING_STATES


def _detail(cause: BaseException, url: URL) -> str:
    """Return what the database says, in one line, without values and without the password."""
    # The first line alone: those after it quote rows.
    said = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause)
    line = (said.strip().splitlines() or [type(cause).__name__])[0]
    if url.password:
        line = line.replace(url.password, "***")
    return line[:_LONGEST_DETAIL]
