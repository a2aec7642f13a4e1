"""For whom an event is: which webhooks get it, and which earlier readers of the record get a copy of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from storage.database import Database
from storage.desk.events import RECALLS, Event, EventType, belongs
from storage.desk.tables import accounts, clients, deliveries, webhooks
from storage.desk.times import as_text

# Accounts of systems, as principals are named.
CLIENT_PREFIX = "client:"
WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"

# Record → accounts of the systems that read it.
Readers = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class _Hook:
    webhook_id: str
    types: frozenset[str]


@dataclass(slots=True)
class _Owner:
    agency: str | None
    hooks: list[_Hook]


def fan_out(
    desk: Database, connection: Connection, told: Sequence[Event], readers: Readers, next_seq: int
) -> list[Event]:
    """Keep what of `told` is to be sent to which webhook, and return the copies that earlier readers are to find.

    A system that read a record is told what becomes of it (`RECALLS`), whatever agency and types it asked for: in a
    copy of the event addressed to it where its agency would not be told, and by all its webhooks where none of them
    asks for the type.

    Args:
        desk: The database.
        connection: The writer's transaction.
        told: The events, numbered.
        readers: Who read their records.
        next_seq: Number of the first copy.
    """
    owners = _owners(connection)
    rows: list[tuple[str, int]] = []
    copies: list[Event] = []
    for event in told:
        for owner in owners.values():
            if belongs(event.agency, owner.agency):
                rows += ((hook.webhook_id, event.seq) for hook in owner.hooks if event.type in hook.types)
        if event.type in RECALLS:
            known = {account: owners[account] for account in readers.get(event.record_id, ()) if account in owners}
            copies += _to_readers(event, known, next_seq + len(copies), rows)
    _keep(desk, connection, rows)
    return copies


def to_late_readers(
    desk: Database,
    connection: Connection,
    recalls: Sequence[Event],
    readers: Readers,
    addressed: set[tuple[str, str]],
    next_seq: int,
) -> list[Event]:
    """Do for readers that were not known when `recalls` were told what `fan_out` did for those that were.

    Args:
        desk: The database.
        connection: The writer's transaction.
        recalls: Events that were told.
        readers: Who read their records, as is known now.
        addressed: Which copies there are: (event, account).
        next_seq: Number of the first copy.
    """
    owners = _owners(connection)
    rows: list[tuple[str, int]] = []
    copies: list[Event] = []
    for event in recalls:
        known = {
            account: owners[account]
            for account in readers.get(event.record_id, ())
            if account in owners and (event.event_id, account) not in addressed
        }
        copies += _to_readers(event, known, next_seq + len(copies), rows)
    _keep(desk, connection, rows)
    return copies


def _to_readers(event: Event, known: Mapping[str, _Owner], next_seq: int, rows: list[tuple[str, int]]) -> list[Event]:
    copies: list[Event] = []
    for account, owner in sorted(known.items()):
        is_told = belongs(event.agency, owner.agency)
        if not is_told:
            copies.append(replace(event, seq=next_seq + len(copies), reader=account))
        asking = [hook for hook in owner.hooks if event.type in hook.types]
        if not (is_told and asking):
            seq = event.seq if is_told else copies[-1].seq
            rows += ((hook.webhook_id, seq) for hook in asking or owner.hooks)
    return copies


def _owners(connection: Connection) -> dict[str, _Owner]:
    """Return everybody who may be told: systems, and accounts that keep webhooks; none that is disabled."""
    hooks = connection.execute(
        select(webhooks.c.account, webhooks.c.webhook_id, webhooks.c.types).where(webhooks.c.disabled == 0)
    ).all()
    found = {
        CLIENT_PREFIX + client_id: _Owner(agency, [])
        for client_id, agency in connection.execute(
            select(clients.c.client_id, clients.c.agency).where(clients.c.disabled == 0)
        )
    }
    persons = {account for account, _, _ in hooks if not account.startswith(CLIENT_PREFIX)}
    if persons:
        wanted = select(accounts.c.account, accounts.c.agency)
        rows = connection.execute(wanted.where(accounts.c.account.in_(persons), accounts.c.disabled == 0)).all()
        found |= {account: _Owner(agency, []) for account, agency in rows}
    for account, webhook_id, types in hooks:
        if account in found:
            found[account].hooks.append(_Hook(webhook_id, frozenset(types.split())))
    return found


def _keep(desk: Database, connection: Connection, rows: Iterable[tuple[str, int]]) -> None:
    now = as_text(datetime.now(UTC))
    values = [
        {
            "webhook_id": webhook_id,
            "event_seq": seq,
            "state": WAITING,
            "attempts": 0,
            "created_at": now,
            "changed_at": now,
        }
        for webhook_id, seq in dict.fromkeys(rows)
    ]
    if values:
        desk.enter(connection, desk.insert(deliveries).on_conflict_do_nothing(), values)


def known_types(types: Iterable[str]) -> tuple[str, ...]:
    """Return the types that there are, in the order of `EventType`."""
    given = set(types)
    return tuple(each.value for each in EventType if each.value in given)
