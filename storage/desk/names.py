"""What accounts and systems are called, many at a time: pages name whoever did something."""

from collections.abc import Collection

from sqlalchemy import select

from storage.database import Database
from storage.desk.tables import accounts, clients

# How decisions and the read log name systems.
SYSTEM_PREFIX = "client:"


def display_names(desk: Database, named: Collection[str]) -> dict[str, str]:
    """Return what people and systems (`client:…`) are called; who is not there any more is absent.

    Raises:
        SohoaError: `DESK_FAILED`.
    """
    people = [name for name in named if not name.startswith(SYSTEM_PREFIX)]
    systems = [name.removeprefix(SYSTEM_PREFIX) for name in named if name.startswith(SYSTEM_PREFIX)]
    of_people = select(accounts.c.account, accounts.c.display_name).where(accounts.c.account.in_(people))
    of_systems = select(clients.c.client_id, clients.c.display_name).where(clients.c.client_id.in_(systems))
    with desk.reading() as connection:
        found = dict(connection.execute(of_people).all()) if people else {}
        rows = connection.execute(of_systems).all() if systems else []
    return found | {f"{SYSTEM_PREFIX}{name}": words for name, words in rows}
