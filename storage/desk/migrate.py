"""The migrations of the desk's tables. Loads Alembic: imported only when there is something to do."""

from pathlib import Path

from storage.desk.tables import HEAD, VERSION_TABLE
from storage.migrations import Migrations

MIGRATIONS = Migrations(Path(__file__).parent / "migrations", VERSION_TABLE, HEAD)
