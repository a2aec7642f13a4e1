"""Offices that are measured: nobody digitises for them, and the environment sets nothing."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, get_args

from service.office import Office, open_office
from storage.settings import Settings
from tests.services.postgres import running_postgres, server_programs
from tests.services.surroundings import own_environment

Database = Literal["sqlite", "postgresql"]
DATABASES: tuple[Database, ...] = get_args(Database)


class Nobody:
    """A launcher that does nothing."""

    def digitise(self, batch_id: str) -> None:
        """Do nothing."""

    def assemble(self, dossier_id: str) -> None:
        """Do nothing."""


@contextmanager
def office_of(home: Path) -> Iterator[Office]:
    """Open the office of a home."""
    with open_office(Settings.load(home, {}, own_environment()), Nobody()) as office:
        yield office


@contextmanager
def empty_office(database: Database) -> Iterator[Office]:
    """Open an office of its own whose catalogue and desk are empty; a PostgreSQL server is started for it."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings: dict[str, str] = {}
        if database == "postgresql":
            server_programs()
            url = stack.enter_context(running_postgres(fsync=False)).new_database()
            settings = {"SOHOA_CATALOGUE": url, "SOHOA_DESK": url}
        loaded = Settings.load(home, settings, own_environment())
        loaded.open_catalogue().filling.mark_filled()
        yield stack.enter_context(open_office(loaded, Nobody()))
