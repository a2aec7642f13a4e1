"""Webhooks: where systems want to be told, and what waits to be sent there, in order."""

import base64
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, delete, func, insert, select, update

from storage.database import Database
from storage.desk.events import Event, Events
from storage.desk.tables import accounts, clients, deliveries, webhooks
from storage.desk.times import as_text
from storage.desk.webhook_rows import CLIENT_PREFIX, DELIVERED, GIVEN_UP, WAITING

# After so many failures in a row, how long until the next try; the last one for all that follow.
WAITS = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800))
# What could not be delivered for so long is given up.
GIVEN_UP_AFTER = timedelta(days=3)
_DELIVERED_KEPT_FOR = timedelta(days=30)
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Webhook:
    """One place where a system wants to be told; times are ISO 8601 in UTC.

    Attributes:
        webhook_id: Names it.
        account: Whose it is.
        url: Where events are sent.
        types: Of which types.
        disabled: True after the receiver said that it is gone (410).
        created_at: When it was made.
        waiting: How many events wait to be sent.
        given_up: How many were given up.
        failures: Tries in a row that failed.
        retry_at: When it is tried next, where something waits.
        last_status: HTTP status of the last answer, or None.
        last_failure: Why there was none, in a word, or None.
        delivered_at: When something was delivered last, or None.
    """

    webhook_id: str
    account: str
    url: str
    types: tuple[str, ...]
    disabled: bool
    created_at: str
    waiting: int
    given_up: int
    failures: int
    retry_at: str
    last_status: int | None
    last_failure: str | None
    delivered_at: str | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent to one webhook now: events in order, each at least once, none before the one before it."""

    webhook_id: str
    url: str
    secret: str
    events: tuple[Event, ...]


class Webhooks:
    """The webhooks of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def add(self, account: str, url: str, types: Iterable[str]) -> tuple[Webhook, str]:
        """Keep a new webhook, which is told what happens from now on; return it and its secret, shown this once."""
        secret = f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"
        now = as_text(datetime.now(UTC))
        row: dict[str, Any] = {
            "webhook_id": f"wh_{secrets.token_hex(12)}",
            "account": account,
            "url": url,
            "secret": secret,
            "types": " ".join(types),
            "disabled": 0,
            "created_at": now,
            "failures": 0,
            "retry_at": now,
        }
        with self._desk.writing() as connection:
            connection.execute(insert(webhooks).values(row))
        made = self.find(account, row["webhook_id"])
        assert made is not None
        return made, secret

    def of(self, account: str | None = None) -> tuple[Webhook, ...]:
        """Return the webhooks of an account, or of all, oldest first."""
        wanted = _standing() if account is None else _standing().where(webhooks.c.account == account)
        with self._desk.asking() as connection:
            rows = connection.execute(wanted.order_by(webhooks.c.created_at, webhooks.c.webhook_id)).mappings().all()
        return tuple(_webhook(row) for row in rows)

    def find(self, account: str, webhook_id: str) -> Webhook | None:
        """Return a webhook of an account; None where it has none of that name."""
        wanted = _standing().where(webhooks.c.webhook_id == webhook_id, webhooks.c.account == account)
        with self._desk.asking() as connection:
            row = connection.execute(wanted).mappings().first()
        return _webhook(row) if row is not None else None

    def remove(self, account: str, webhook_id: str) -> bool:
        """Remove a webhook and what waits for it; False where there is none."""
        with self._desk.writing() as connection:
            mine = delete(webhooks).where(webhooks.c.webhook_id == webhook_id, webhooks.c.account == account)
            is_gone = connection.execute(mine).rowcount == 1
            if is_gone:
                connection.execute(delete(deliveries).where(deliveries.c.webhook_id == webhook_id))
        return is_gone

    def send_again(self, webhook_id: str) -> int:
        """Have what was given up sent once more, and what waits at once; return how many were given up."""
        now = as_text(datetime.now(UTC))
        with self._desk.writing() as connection:
            mine = and_(deliveries.c.webhook_id == webhook_id, deliveries.c.state == GIVEN_UP)
            again = {"state": WAITING, "attempts": 0, "created_at": now, "changed_at": now}
            count = connection.execute(update(deliveries).where(mine).values(again)).rowcount
            ready = {"failures": 0, "retry_at": now, "disabled": 0}
            connection.execute(update(webhooks).where(webhooks.c.webhook_id == webhook_id).values(ready))
        return count

    def due(self) -> tuple[str, ...]:
        """Return the webhooks for which something waits and whose next try has come."""
        first = (
            select(func.min(deliveries.c.event_seq))
            .where(deliveries.c.webhook_id == webhooks.c.webhook_id, deliveries.c.state == WAITING)
            .scalar_subquery()
        )
        wanted = select(webhooks.c.webhook_id, webhooks.c.account).where(
            webhooks.c.disabled == 0, webhooks.c.retry_at <= as_text(datetime.now(UTC)), first.is_not(None)
        )
        with self._desk.asking() as connection:
            found = connection.execute(wanted).all()
            systems = [account.removeprefix(CLIENT_PREFIX) for _, account in found if account.startswith(CLIENT_PREFIX)]
            persons = [account for _, account in found if not account.startswith(CLIENT_PREFIX)]
            allowed = {
                *(
                    CLIENT_PREFIX + name
                    for name in connection.execute(
                        select(clients.c.client_id).where(clients.c.client_id.in_(systems), clients.c.disabled == 0)
                    ).scalars()
                ),
                *connection.execute(
                    select(accounts.c.account).where(accounts.c.account.in_(persons), accounts.c.disabled == 0)
                ).scalars(),
            }
        return tuple(webhook_id for webhook_id, account in found if account in allowed)

    def parcel(self, webhook_id: str, limit: int = 20) -> Parcel | None:
        """Return what a webhook is to be sent next; None where nothing waits or it is gone."""
        hook = select(webhooks.c.url, webhooks.c.secret).where(
            webhooks.c.webhook_id == webhook_id, webhooks.c.disabled == 0
        )
        waiting = select(deliveries.c.event_seq).where(
            deliveries.c.webhook_id == webhook_id, deliveries.c.state == WAITING
        )
        with self._desk.asking() as connection:
            place = connection.execute(hook).first()
            numbers: Sequence[int] = (
                connection.execute(waiting.order_by(deliveries.c.event_seq).limit(limit)).scalars().all()
            )
        if place is None or not numbers:
            return None
        found = Events(self._desk).at(numbers)
        return Parcel(webhook_id, place.url, place.secret, tuple(found[seq] for seq in numbers if seq in found))

    def note_delivered(self, webhook_id: str, seq: int, status: int) -> None:
        """Note that an event was delivered."""
        now = as_text(datetime.now(UTC))
        done = {"state": DELIVERED, "attempts": deliveries.c.attempts + 1, "changed_at": now}
        well = {"failures": 0, "retry_at": now, "last_status": status, "last_failure": None, "delivered_at": now}
        with self._desk.writing() as connection:
            connection.execute(_one(webhook_id, seq).values(done))
            connection.execute(update(webhooks).where(webhooks.c.webhook_id == webhook_id).values(well))

    def note_failed(
        self, webhook_id: str, seq: int, status: int | None, failure: str | None, not_before: timedelta = timedelta()
    ) -> None:
        """Note that an event was not delivered; what waits for longer than `GIVEN_UP_AFTER` is given up.

        Args:
            webhook_id: Of which webhook.
            seq: Which event was tried.
            status: What the receiver answered, or None.
            failure: Why it did not answer, in a word.
            not_before: How long the receiver asked to be left alone.
        """
        now = datetime.now(UTC)
        with self._desk.writing() as connection:
            mine = webhooks.c.webhook_id == webhook_id
            failures = int(connection.execute(select(webhooks.c.failures).where(mine)).scalar() or 0)
            # A little apart: receivers that were down together do not get everything at one moment.
            wait = max(WAITS[min(failures, len(WAITS) - 1)] * (0.9 + secrets.randbelow(200) / 1000), not_before)
            tried = {
                "failures": failures + 1,
                "retry_at": as_text(now + wait),
                "last_status": status,
                "last_failure": failure,
            }
            connection.execute(update(webhooks).where(mine).values(tried))
            one_more = {"attempts": deliveries.c.attempts + 1, "changed_at": as_text(now)}
            connection.execute(_one(webhook_id, seq).values(one_more))
            late = and_(
                deliveries.c.webhook_id == webhook_id,
                deliveries.c.state == WAITING,
                deliveries.c.created_at < as_text(now - GIVEN_UP_AFTER),
            )
            connection.execute(update(deliveries).where(late).values(state=GIVEN_UP, changed_at=as_text(now)))

    def note_gone(self, webhook_id: str, status: int) -> None:
        """Note that the receiver is gone for good: nothing is sent there until its owner asks for it."""
        with self._desk.writing() as connection:
            mine = update(webhooks).where(webhooks.c.webhook_id == webhook_id)
            connection.execute(mine.values(disabled=1, last_status=status, last_failure=None))

    def drop_old(self) -> int:
        """Forget what was delivered long ago; return how many deliveries that were."""
        before = as_text(datetime.now(UTC) - _DELIVERED_KEPT_FOR)
        with self._desk.writing() as connection:
            old = delete(deliveries).where(deliveries.c.state == DELIVERED, deliveries.c.changed_at < before)
            return connection.execute(old).rowcount


def _one(webhook_id: str, seq: int) -> Any:
    return update(deliveries).where(deliveries.c.webhook_id == webhook_id, deliveries.c.event_seq == seq)


def _standing() -> Select[Any]:
    def counted(state: str) -> Any:
        return func.coalesce(func.sum(case((deliveries.c.state == state, 1), else_=0)), 0).label(state)

    return (
        select(webhooks, counted(WAITING), counted(GIVEN_UP))
        .outerjoin(
            deliveries,
            and_(deliveries.c.webhook_id == webhooks.c.webhook_id, deliveries.c.state.in_([WAITING, GIVEN_UP])),
        )
        .group_by(webhooks.c.webhook_id)
    )


def _webhook(row: Any) -> Webhook:
    return Webhook(
        webhook_id=row["webhook_id"],
        account=row["account"],
        url=row["url"],
        types=tuple(row["types"].split()),
        disabled=bool(row["disabled"]),
        created_at=row["created_at"],
        waiting=int(row[WAITING]),
        given_up=int(row[GIVEN_UP]),
        failures=row["failures"],
        retry_at=row["retry_at"],
        last_status=row["last_status"],
        last_failure=row["last_failure"],
        delivered_at=row["delivered_at"],
    )
