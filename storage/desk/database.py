"""Opening the desk's database: SQLite in the home or PostgreSQL, with its tables at this program's version."""

from sqlalchemy import inspect

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


def _is_at_head(database: Database) -> bool:
    with database.asking() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return False
        found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalars().all()  # noqa: S608
    return found == [HEAD]
