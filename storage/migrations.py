"""Bringing tables from one version of the program to the next, with Alembic.

Loads Alembic, which takes a while: imported only when the tables are not at the program's version already.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ocr.problem import SohoaError
from storage.database import Database


def _is_new(_connection: Connection) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Migrations:
    """The migrations of one set of tables.

    Attributes:
        folder: Where Alembic finds `env.py` and `versions`.
        version_table: Keeps the version; not Alembic's own name, the database may be shared with other programs.
        head: The version this program knows.
        made_before: Returns the version that tables without a version are of, or None when there are none.
    """

    folder: Path
    version_table: str
    head: str
    made_before: Callable[[Connection], str | None] = _is_new

    def upgrade(self, database: Database, revision: str | None = None) -> None:
        """Bring the tables to `revision`, by default to this program's, in one transaction, while no other does.

        Raises:
            SohoaError: The database's failure, also when a newer program made the tables.
        """
        with database.writing() as connection:
            database.lock_tables(connection)
            config = self._config(connection)
            found = self.current(connection)
            if found is not None and found not in self.revisions():
                detail = f"the tables were made by a newer program (version {found}); this one knows up to {self.head}"
                raise SohoaError(database.failure, detail=detail)
            before = self.made_before(connection) if found is None else None
            if before is not None:
                command.stamp(config, before)
            command.upgrade(config, revision or self.head)

    def current(self, connection: Connection) -> str | None:
        """Return the version of the tables; None when there are none, or from before there were migrations."""
        return MigrationContext.configure(connection, opts={"version_table": self.version_table}).get_current_revision()

    def revisions(self) -> tuple[str, ...]:
        """Return every version there was, oldest first."""
        walked = ScriptDirectory.from_config(self._config()).walk_revisions()
        return tuple(reversed([script.revision for script in walked]))

    def _config(self, connection: Connection | None = None) -> Config:
        config = Config()
        # The parser of the setting would take a percent sign in the path for one of its own.
        config.set_main_option("script_location", re.sub("%", "%%", str(self.folder)))
        config.attributes["connection"] = connection
        return config
