"""Writing the changes feed: one relay at a time, and what it noted of every record goes with what it told."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from extractors.record import RecordState
from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.events import FEED, Event, Events, EventType, NewEvent, begin_feed, write_events
from storage.desk.tables import deliveries, events, feed, feed_places
from storage.desk.times import as_text
from storage.desk.webhook_rows import Readers, fan_out, to_late_readers

HELD_FOR = timedelta(seconds=15)
_NAMES_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where a record was looked at: its revision, state and agency then."""

    record_id: str
    revision: int
    state: RecordState
    agency: str | None


class FeedWriter:
    """The feed for the relay. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database, held_for: timedelta = HELD_FOR) -> None:
        """Use the desk's database; `hold` before anything is told.

        Args:
            desk: The database.
            held_for: How long the feed stays this writer's after each `hold`.
        """
        self._desk = desk
        self._held_for = held_for
        self._name = secrets.token_hex(8)
        with desk.reading() as connection:
            begin_feed(desk, connection)

    def hold(self) -> bool:
        """Become the one writer, or stay it; False while another is."""
        now = datetime.now(UTC)
        mine = {"holder": self._name, "until": as_text(now + self._held_for)}
        with self._desk.asking() as connection:
            holder, until = connection.execute(select(feed.c.holder, feed.c.until)).one()
        if holder not in {None, self._name} and until >= as_text(now):
            return False
        # A writer may have come in between: the same question again, with the answer locked.
        free = (feed.c.holder.is_(None)) | (feed.c.holder == self._name) | (feed.c.until < as_text(now))
        with self._desk.writing() as connection:
            return connection.execute(update(feed).where(feed.c.name == FEED, free).values(mine)).rowcount == 1

    def release(self) -> None:
        """Let another become the writer at once."""
        with self._desk.writing() as connection:
            mine = update(feed).where(feed.c.name == FEED, feed.c.holder == self._name)
            connection.execute(mine.values(holder=None, until=None))

    def is_filled(self) -> bool:
        """True when what the store held when the desk was made is told."""
        with self._desk.asking() as connection:
            return bool(connection.execute(select(feed.c.is_filled)).scalar_one())

    def mark_filled(self) -> None:
        """Note that what the store held is told."""
        with self._desk.writing() as connection:
            self._next_seq(connection)
            connection.execute(update(feed).where(feed.c.name == FEED).values(is_filled=1))

    def places(self, record_ids: Sequence[str]) -> dict[str, Place]:
        """Return up to where records were looked at; those that never were are absent."""
        found: dict[str, Place] = {}
        with self._desk.asking() as connection:
            for start in range(0, len(record_ids), _NAMES_AT_A_TIME):
                names = record_ids[start : start + _NAMES_AT_A_TIME]
                rows = connection.execute(select(feed_places).where(feed_places.c.record_id.in_(names))).all()
                found |= {row.record_id: Place(row[0], row[1], RecordState(row[2]), row[3]) for row in rows}
        return found

    def tell(self, told: Sequence[NewEvent], looked_at: Iterable[Place] = (), readers: Readers | None = None) -> int:
        """Keep events, with their deliveries and up to where their records were looked at, as a whole or not at all.

        Args:
            told: In the order they are to have.
            looked_at: The records' places after them.
            readers: Record → accounts of the systems that read it, of the records whose readers are to know.

        Returns:
            The number of the last event.

        Raises:
            SohoaError: `DESK_FAILED`, retryable, when another writer holds the feed by now; nothing is kept then.
        """
        with self._desk.writing() as connection:
            begin = self._next_seq(connection)
            numbered = [
                Event(**{field.name: getattr(event, field.name) for field in fields(NewEvent)}, seq=seq)
                for seq, event in enumerate(told, start=begin)
            ]
            copies = fan_out(self._desk, connection, numbered, readers or {}, begin + len(numbered))
            write_events(connection, [*numbered, *copies])
            for event in numbered:
                if event.type is EventType.ERASED:
                    _hide(connection, event)
            self._keep(connection, looked_at)
            last = begin + len(numbered) + len(copies) - 1
            connection.execute(update(feed).where(feed.c.name == FEED).values(last_seq=last))
        return last

    def tell_late_readers(self, recalls: Sequence[Event], readers: Readers) -> int:
        """Tell events once more, to systems that are known only now to have read the records; return how many copies.

        Raises:
            SohoaError: As `tell`.
        """
        addressed = Events(self._desk).addressed(sorted({event.record_id for event in recalls}))
        with self._desk.writing() as connection:
            begin = self._next_seq(connection)
            copies = to_late_readers(self._desk, connection, recalls, readers, addressed, begin)
            write_events(connection, copies)
            last = begin + len(copies) - 1
            connection.execute(update(feed).where(feed.c.name == FEED).values(last_seq=last))
        return len(copies)

    def forget(self, record_id: str) -> None:
        """Forget up to where a record was looked at: the store was set back to before that."""
        with self._desk.writing() as connection:
            self._next_seq(connection)
            connection.execute(delete(feed_places).where(feed_places.c.record_id == record_id))

    def _next_seq(self, connection: Connection) -> int:
        """Lock the feed for this transaction and return the next number."""
        # In SQLite every writing transaction is alone; there the words for a lock mean nothing.
        holder, last = connection.execute(select(feed.c.holder, feed.c.last_seq).with_for_update()).one()
        if holder != self._name:
            raise SohoaError(Code.DESK_FAILED, detail="another relay writes the feed", retryable=True)
        return int(last) + 1

    def _keep(self, connection: Connection, looked_at: Iterable[Place]) -> None:
        rows = [
            {
                "record_id": place.record_id,
                "revision": place.revision,
                "state": place.state.value,
                "agency": place.agency,
            }
            for place in sorted(looked_at, key=lambda place: place.record_id)
        ]
        if rows:
            statement = self._desk.insert(feed_places)
            new = {name: statement.excluded[name] for name in ("revision", "state", "agency")}
            self._desk.enter(connection, statement.on_conflict_do_update(index_elements=["record_id"], set_=new), rows)


def _hide(connection: Connection, erased: Event) -> None:
    """Show no more what was told of a record before it was erased, and do not deliver what still waits."""
    before = (events.c.record_id == erased.record_id) & (events.c.type != EventType.ERASED.value)
    connection.execute(update(events).where(before).values(hidden=1))
    gone = select(events.c.seq).where(before)
    connection.execute(delete(deliveries).where(deliveries.c.event_seq.in_(gone)))
