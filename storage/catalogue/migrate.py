"""The migrations of the catalogue's tables. Loads Alembic: imported only when there is something to do."""

from pathlib import Path

from sqlalchemy import Connection, inspect

from storage.catalogue.tables import HEAD, VERSION_TABLE
from storage.migrations import Migrations

# The version of the tables before there were migrations, in SQLite's `user_version`; negative: not yet filled.
_BEFORE_MIGRATIONS = 1
_FIRST = "0001"


def _made_before_migrations(connection: Connection) -> str | None:
    if connection.dialect.name != "sqlite" or not inspect(connection).has_table("records"):
        return None
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    return _FIRST if abs(version) == _BEFORE_MIGRATIONS else None


MIGRATIONS = Migrations(Path(__file__).parent / "migrations", VERSION_TABLE, HEAD, _made_before_migrations)
upgrade = MIGRATIONS.upgrade
current_revision = MIGRATIONS.current
revisions = MIGRATIONS.revisions
