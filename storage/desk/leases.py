"""Leases: who works on a task. One holder at a time; who stops sending heartbeats loses it.

A holder is one open page: the same account in another tab is another holder. Everything is one row and one
compare-and-set of the database, so that of several takers exactly one wins, whichever process they come from.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Delete, and_, delete, or_, select, update

from storage.database import Database
from storage.desk.tables import leases
from storage.desk.times import as_text, as_time

LASTS = timedelta(minutes=2)
HEARTBEAT = timedelta(seconds=30)
# An own lease whose page missed a heartbeat: its tab was closed or crashed, and its owner need not wait.
_OWN_STALE = LASTS - HEARTBEAT - timedelta(seconds=15)
# An own lease that has so long to go was kept a moment ago. It is not written again: a write waits for the disk.
_FRESH = LASTS - timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a task.

    Attributes:
        record_id: The task.
        account: Who holds it.
        token: Of the open page; whoever shows it is the holder.
        since: When it was taken.
        until: When it ends unless a heartbeat comes.
    """

    record_id: str
    account: str
    token: str
    since: datetime
    until: datetime


class Leases:
    """The leases of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def take(self, record_id: str, account: str, token: str, now: datetime | None = None) -> Lease | None:
        """Take a task, or keep it: the call is the heartbeat too.

        Args:
            record_id: The task.
            account: Who takes it.
            token: Of the page that is open.
            now: The time; None: the clock's.

        Returns:
            The lease, or None where somebody else holds it. It lasts for `LASTS`, or a few seconds less.
        """
        now = now or datetime.now(UTC)
        at, until = as_text(now), as_text(now + LASTS)
        mine = and_(leases.c.account == account, leases.c.token == token)
        row = {"record_id": record_id, "account": account, "token": token, "since": at, "until": until}
        held = update(leases).where(leases.c.record_id == record_id)
        own_stale = and_(leases.c.account == account, leases.c.until <= as_text(now + _OWN_STALE))
        free = or_(leases.c.until <= at, own_stale)
        fresh = select(leases).where(leases.c.record_id == record_id, mine, leases.c.until >= as_text(now + _FRESH))
        with self._desk.asking() as connection:
            kept = connection.execute(fresh).mappings().first()
        if kept is not None:
            return _lease(dict(kept))
        with self._desk.writing() as connection:
            if connection.execute(held.where(mine).values(until=until)).rowcount == 1:
                since = connection.execute(
                    select(leases.c.since).where(leases.c.record_id == record_id, mine)
                ).scalar_one()
                return _lease({**row, "since": since})
            if connection.execute(held.where(free).values(row)).rowcount == 1:
                return _lease(row)
            taken = self._desk.insert(leases).on_conflict_do_nothing().returning(leases.c.token)
            return _lease(row) if self._desk.enter(connection, taken, [row]).first() is not None else None

    def holder(self, record_id: str, now: datetime | None = None) -> Lease | None:
        """Return who holds a task, or None where nobody does."""
        return self.held([record_id], now).get(record_id)

    def held(self, record_ids: Collection[str], now: datetime | None = None) -> dict[str, Lease]:
        """Return the leases that stand on these tasks."""
        if not record_ids:
            return {}
        wanted = select(leases).where(
            leases.c.record_id.in_(list(record_ids)), leases.c.until > as_text(now or datetime.now(UTC))
        )
        with self._desk.asking() as connection:
            found = [_lease(dict(row)) for row in connection.execute(wanted).mappings()]
        return {lease.record_id: lease for lease in found}

    def release(self, record_id: str, account: str, token: str) -> bool:
        """Give a task back; False where it was not held so."""
        with self._desk.writing() as connection:
            return connection.execute(releasing(record_id, account, token)).rowcount == 1

    def forget_ended(self, now: datetime | None = None) -> int:
        """Remove the rows of leases that ended; return how many there were."""
        with self._desk.writing() as connection:
            ended = delete(leases).where(leases.c.until <= as_text(now or datetime.now(UTC)))
            return connection.execute(ended).rowcount


def releasing(record_id: str, account: str, token: str) -> Delete:
    """Return the statement that gives a task back."""
    return delete(leases).where(leases.c.record_id == record_id, leases.c.account == account, leases.c.token == token)


def _lease(row: dict[str, Any]) -> Lease:
    return Lease(**{**row, "since": as_time(row["since"]), "until": as_time(row["until"])})
