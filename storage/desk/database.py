"""Opening the desk's database: SQLite in the home or PostgreSQL, with its tables at this program's version."""

from pathlib import Path

from sqlalchemy import inspect, make_url

from ocr.problem import Code
from storage.database import Database
from storage.desk.tables import HEAD, VERSION_TABLE
from storage.setting_values import DESK


def open_desk(url: str) -> Database:
    """Return the desk's database, its tables made or brought up to date.

    Raises:
        SohoaError: `SETTING_INVALID`; `DESK_FAILED`, also when a newer program made the tables.
    """
    database = Database.at(url, DESK, Code.DESK_FAILED)
    if not _is_at_head(database):
        # Takes most of a second to load.
        from storage.desk.migrate import MIGRATIONS  # noqa: PLC0415

        MIGRATIONS.upgrade(database)
    return database


def existing_desk(url: str) -> Database | None:
    """Return the desk's database where there is one with tables; makes none.

    Raises:
        SohoaError: See `open_desk`.
    """
    path = make_url(url).database if url.startswith("sqlite") else None
    if path is not None and not Path(path).is_file():
        return None
    with Database.at(url, DESK, Code.DESK_FAILED).asking() as connection:
        has_tables = inspect(connection).has_table(VERSION_TABLE)
    return open_desk(url) if has_tables else None


def _is_at_head(database: Database) -> bool:
    with database.asking() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return False
        found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalars().all()  # noqa: S608
    return found == [HEAD]
