"""Bringing the tables from one version of the program to the next, with Alembic.

Loads Alembic, which takes a while: imported only when a catalogue is not at the program's version already.
"""

import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from ocr.problem import Code, SohoaError
from storage.catalogue.engine import Database
from storage.catalogue.tables import HEAD, VERSION_TABLE

_FOLDER = Path(__file__).parent / "migrations"
# The version of the tables before there were migrations, in SQLite's `user_version`; negative: not yet filled.
_BEFORE_MIGRATIONS = 1
_FIRST = "0001"


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the tables to `revision`, in one transaction, while no other process does.

    Tables made before there were migrations are taken over with what they hold.

    Raises:
        SohoaError: `CATALOGUE_FAILED` when a newer program made the tables, or the database fails.
    """
    with database.writing() as connection:
        database.lock_tables(connection)
        config = _config(connection)
        found = current_revision(connection)
        if found is not None and found not in revisions():
            detail = f"the tables were made by a newer program (version {found}); this one knows up to {HEAD}"
            raise SohoaError(Code.CATALOGUE_FAILED, detail=detail)
        if found is None and _made_before_migrations(connection):
            command.stamp(config, _FIRST)
        command.upgrade(config, revision)


def current_revision(connection: Connection) -> str | None:
    """Return the version of the tables; None when there are none, or from before there were migrations."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def revisions() -> tuple[str, ...]:
    """Return every version there was, oldest first."""
    walked = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(reversed([script.revision for script in walked]))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    # The parser of the setting would take a percent sign in the path for one of its own.
    config.set_main_option("script_location", re.sub("%", "%%", str(_FOLDER)))
    config.attributes["connection"] = connection
    return config


def _made_before_migrations(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite" or not inspect(connection).has_table("records"):
        return False
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    return abs(version) == _BEFORE_MIGRATIONS
