"""The changes feed: what became of records, as events in an order that never changes. Read by other systems.

One relay at a time writes it (`FeedWriter`): it gives every event its number under a lock, so that a reader who saw a
number has seen all before it. Events hold no personal data: which record, which revision, what happened.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select

from extractors.record import RecordState
from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.tables import events, feed
from storage.desk.times import as_text, as_time

# The one row of `feed`.
FEED = "feed"
# So many numbers are looked through for one answer: a reader for whom little is meant does not hold up the database.
_NUMBERS_AT_A_TIME = 20_000
_TAG_DIGITS = 8


class EventType(StrEnum):
    """What happened to a record. `ERASED` is told without anything else."""

    ACCEPTED = "vn.sohoa.record.accepted"
    APPROVED = "vn.sohoa.record.approved"
    CORRECTED = "vn.sohoa.record.corrected"
    REJECTED = "vn.sohoa.record.rejected"
    REVOKED = "vn.sohoa.record.revoked"
    SUPERSEDED = "vn.sohoa.record.superseded"
    REINSTATED = "vn.sohoa.record.reinstated"
    REOPENED = "vn.sohoa.record.reopened"
    ERASED = "vn.sohoa.record.erased"


# What a system that read the record before has to know, whatever it asked to be told: what it holds is not right any
# more, or is again.
RECALLS = frozenset(EventType) - {EventType.ACCEPTED, EventType.APPROVED}


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is to be told: everything but its number.

    Attributes:
        type: What happened.
        at: When the revision was made.
        record_id: Whose.
        revision: Which.
        state: The record's state since then.
        paper_type: Its paper type.
        agency: Its agency at that time, or None.
        event_id: Names the event; the same for copies addressed to one reader.
        reader: None: for everybody who may see the agency; otherwise for this account alone.
    """

    type: EventType
    at: datetime
    record_id: str
    revision: int
    state: RecordState
    paper_type: str
    agency: str | None
    event_id: str
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class Event(NewEvent):
    """An event as it was told. `seq` is its place in the feed, from 1; numbers may be missing."""

    seq: int = 0


@dataclass(frozen=True, slots=True)
class Portion:
    """What a reader gets at once: events in order, where to go on, and whether there is more already."""

    events: tuple[Event, ...]
    next: str
    more: bool


def new_event_id() -> str:
    """Return what names an event."""
    return secrets.token_hex(16)


def belongs(agency: str | None, to: str | None) -> bool:
    """True for what belongs to the agency `to` or a unit under it; everything where `to` is None."""
    return to is None or (agency is not None and (agency == to or agency.startswith(f"{to}.")))


class Events:
    """The feed for those who read it. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def last_seq(self) -> int:
        """Return the number of the newest event; 0 before the first."""
        with self._desk.asking() as connection:
            return int(connection.execute(select(feed.c.last_seq)).scalar() or 0)

    def since(self, cursor: str, *, agency: str | None, reader: str, limit: int) -> Portion:
        """Return what happened after a cursor.

        Args:
            cursor: What an earlier portion said in `next`; "" for the beginning.
            agency: Only what belongs to it or a unit under it, and what is addressed to the reader; None: everything.
            reader: Account of who reads.
            limit: How many events at most.

        Raises:
            SohoaError: `CURSOR_GONE` for a cursor of another feed: that of a desk that was lost, or is older than
                it; `REQUEST_INVALID` for one that is none.
        """
        with self._desk.reading() as connection:
            epoch = begin_feed(self._desk, connection)
            last = int(connection.execute(select(feed.c.last_seq)).scalar_one())
            after = _place_of(connection, cursor, epoch, last)
            end = min(last, after + _NUMBERS_AT_A_TIME)
            wanted = (
                select(events)
                .where(events.c.seq > after, events.c.seq <= end, events.c.hidden == 0, _meant_for(agency, reader))
                .order_by(events.c.seq)
                .limit(limit + 1)
            )
            found = [_event(row) for row in connection.execute(wanted).mappings()]
            if len(found) > limit:
                end = found[limit - 1].seq
            return Portion(tuple(found[:limit]), _cursor(connection, epoch, end), more=end < last)

    def at(self, numbers: Iterable[int]) -> dict[int, Event]:
        """Return the events of these numbers; hidden ones are absent."""
        wanted = select(events).where(events.c.seq.in_(list(numbers)), events.c.hidden == 0)
        with self._desk.asking() as connection:
            return {row["seq"]: _event(row) for row in connection.execute(wanted).mappings()}

    def recalls_since(self, moment: datetime) -> tuple[Event, ...]:
        """Return the events told to everybody since a moment that earlier readers have to know."""
        wanted = select(events).where(
            events.c.told_at >= as_text(moment),
            events.c.reader.is_(None),
            events.c.hidden == 0,
            events.c.type.in_([each.value for each in RECALLS]),
        )
        with self._desk.asking() as connection:
            return tuple(_event(row) for row in connection.execute(wanted.order_by(events.c.seq)).mappings())

    def addressed(self, record_ids: Sequence[str]) -> set[tuple[str, str]]:
        """Return which copies there are of events of these records: (event, account)."""
        wanted = select(events.c.event_id, events.c.reader).where(
            events.c.record_id.in_(record_ids), events.c.reader.is_not(None)
        )
        with self._desk.asking() as connection:
            return {(event_id, reader) for event_id, reader in connection.execute(wanted)}


def begin_feed(desk: Database, connection: Connection) -> str:
    """Return the epoch of the feed; begun where there is none yet, in a transaction of its own."""
    epoch: str | None = connection.execute(select(feed.c.epoch)).scalar()
    if epoch is not None:
        return epoch
    connection.rollback()
    row = {"name": FEED, "epoch": secrets.token_hex(4), "last_seq": 0, "is_filled": 0, "holder": None, "until": None}
    with desk.writing() as writing:
        desk.enter(writing, desk.insert(feed).on_conflict_do_nothing(), [row])
    return str(connection.execute(select(feed.c.epoch)).scalar_one())


def write_events(connection: Connection, told: Sequence[Event]) -> None:
    """Keep events under their numbers, inside the writer's transaction."""
    now = as_text(datetime.now(UTC))
    rows = [
        {
            "seq": event.seq,
            "event_id": event.event_id,
            "at": as_text(event.at),
            "told_at": now,
            "type": event.type.value,
            "record_id": event.record_id,
            "revision": event.revision,
            "state": event.state.value,
            "paper_type": event.paper_type,
            "agency": event.agency,
            "reader": event.reader,
            "hidden": 0,
        }
        for event in told
    ]
    if rows:
        connection.execute(insert(events), rows)


def _meant_for(agency: str | None, reader: str) -> ColumnElement[bool]:
    addressed = events.c.reader == reader
    for_all = events.c.reader.is_(None)
    if agency is None:
        return or_(for_all, addressed)
    # From the dot up to the character after it: every unit under the agency.
    below = and_(events.c.agency >= f"{agency}.", events.c.agency < f"{agency}/")
    return or_(and_(for_all, or_(events.c.agency == agency, below)), addressed)


def _cursor(connection: Connection, epoch: str, seq: int) -> str:
    """Return a place as readers keep it. The digits of the event there tell a desk that was set back from this one."""
    if seq == 0:
        return f"{epoch}.0"
    found = connection.execute(select(events.c.event_id).where(events.c.seq == seq)).scalar()
    return f"{epoch}.{seq}.{(found or '')[:_TAG_DIGITS]}"


def _place_of(connection: Connection, cursor: str, epoch: str, last: int) -> int:
    if not cursor:
        return 0
    given, _, rest = cursor.partition(".")
    number, _, _ = rest.partition(".")
    if len(cursor) > 64 or not (number.isascii() and number.isdigit()) or len(number) > 12:
        raise SohoaError(Code.REQUEST_INVALID, field="cursor", detail="not a cursor of this feed")
    seq = int(number)
    if given != epoch or seq > last or _cursor(connection, epoch, seq) != cursor:
        raise SohoaError(Code.CURSOR_GONE, field="cursor")
    return seq


def _event(row: Any) -> Event:
    return Event(
        seq=row["seq"],
        event_id=row["event_id"],
        at=as_time(row["at"]),
        type=EventType(row["type"]),
        record_id=row["record_id"],
        revision=row["revision"],
        state=RecordState(row["state"]),
        paper_type=row["paper_type"],
        agency=row["agency"],
        reader=row["reader"],
    )
