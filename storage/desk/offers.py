"""What lookups told an account of: for a while it may read these records, although another agency keeps them.

The read log says the same and is the proof, but it reaches the catalogue minutes later; here it stands at once, on
every machine of an office.
"""

import threading
import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select

from storage.database import Database
from storage.desk.tables import offers
from storage.desk.times import as_text

# As long as a dossier is worked on. Source: most procedures are due within 30 days.
STANDS_FOR = timedelta(days=30)
_CLEARED_EVERY_S = 3600.0


class Offers:
    """The offers of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    # Of all desks of a process: when old offers were removed last.
    _cleared_at = -_CLEARED_EVERY_S
    _clearing = threading.Lock()

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def make(self, account: str, record_ids: Collection[str]) -> None:
        """Note that an account was told of records just now."""
        if not record_ids:
            return
        now = datetime.now(UTC)
        rows = [{"account": account, "record_id": each, "at": as_text(now)} for each in sorted(set(record_ids))]
        statement = self._desk.insert(offers)
        renew = statement.on_conflict_do_update(
            index_elements=list(offers.primary_key), set_={"at": statement.excluded["at"]}
        )
        with self._desk.writing() as connection:
            if self._is_time_to_clear():
                connection.execute(delete(offers).where(offers.c.at < as_text(now - STANDS_FOR)))
            self._desk.enter(connection, renew, rows)

    def stands(self, account: str, record_id: str) -> bool:
        """True when a lookup of this account told of the record, and that is not too long ago."""
        since = as_text(datetime.now(UTC) - STANDS_FOR)
        wanted = select(func.count()).where(
            offers.c.account == account, offers.c.record_id == record_id, offers.c.at >= since
        )
        with self._desk.asking() as connection:
            return bool(connection.execute(wanted).scalar_one())

    def _is_time_to_clear(self) -> bool:
        with self._clearing:
            if time.monotonic() - Offers._cleared_at < _CLEARED_EVERY_S:
                return False
            Offers._cleared_at = time.monotonic()
            return True
