"""The relay: finds what became of records and tells it, missing nothing and repeating nothing.

Records are revised by the runner, the command line and this service, none of which knows of the feed. The relay looks
at the catalogue, which names the newest revision of every record, compares it with what it noted of the record when it
last looked (`Place`), and reads from the store the revisions in between. Three looks, from quick to thorough:

- every few seconds at the records revised within the last minutes;
- now and then, and at the start, at all records of the catalogue: times of revisions may lie back, clocks may differ;
- at the start and a few times a day at the names of all revisions in the store: a writer that crashed between store
  and catalogue left the catalogue behind, which is mended on the way.

What is told and what is noted is one transaction, under a lock that one relay alone can hold (`FeedWriter`).
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from extractors.record import Record, RecordState
from ocr.problem import Code, SohoaError
from service.feed.meaning import meaning_of, meaning_of_state
from storage.catalogue import Catalogue, RecordRow
from storage.catalogue.changes import all_records, revised_since
from storage.catalogue.record_facts import agency_of
from storage.desk.events import RECALLS, Events, EventType, NewEvent, new_event_id
from storage.desk.feed_writer import FeedWriter, Place
from storage.desk.webhook_rows import CLIENT_PREFIX
from storage.key_parsing import parse_record_key
from storage.keys import RECORDS_PREFIX, record_key
from storage.objects import ObjectStore
from storage.read_log.log import ReadLog
from storage.records import history, latest_revision, load_record, read_record
from storage.revisions import latest_keys
from storage.transitions import RELEASED

log = logging.getLogger(__name__)

# Times of revisions are taken before they are written, on several machines.
OVERLAP = timedelta(minutes=15)
CATALOGUE_EVERY_S = 600.0
STORE_EVERY_S = 6 * 3600.0
# A thorough look goes on for so long before the next quick one.
SLICE_S = 0.5
# Who reads a record while it is revoked is written down a moment after the relay has looked who did; on another
# machine it is known when that machine's read log has been shipped.
LATE_READERS_EVERY_S = 30.0
_LATE_AT_ONCE, _LATE_AT_LAST = timedelta(minutes=2), timedelta(hours=24)
_RECORDS_AT_A_TIME = 500
_DAMAGE = frozenset({Code.OBJECT_MISSING, Code.OBJECT_DAMAGED})


@dataclass(slots=True)
class Relay:
    """One process's relay; `look` is called by one thread.

    Attributes:
        store: Holds the records.
        catalogue: Names the newest revision of each.
        writer: Writes the feed.
        events: Reads the feed.
        read_log: Tells who read a record lately.
    """

    store: ObjectStore
    catalogue: Catalogue
    writer: FeedWriter
    events: Events
    read_log: ReadLog
    is_filled: bool = False
    _looked_at: datetime | None = None
    _thorough: Iterator[None] | None = None
    _next_catalogue_s: float = 0.0
    _next_store_s: float = 0.0
    _next_late_s: float = 0.0
    _told: int = field(default=0, init=False)

    @property
    def is_busy(self) -> bool:
        """True while a thorough look is under way: the next look should follow at once."""
        return self._thorough is not None

    def look(self) -> int | None:
        """Tell what became of records since the last look; return how many events that were.

        None while another process is the relay: then nothing is looked at.

        Raises:
            SohoaError: Store, catalogue or desk cannot be used; the next look goes on from where this one stood.
        """
        if not self.writer.hold():
            # Whoever holds the feed now may tell anything: all is looked at again when it is ours once more.
            self._looked_at, self._thorough = None, None
            self._next_catalogue_s = self._next_store_s = 0.0
            return None
        self._told = 0
        self.is_filled = self.is_filled or self.writer.is_filled()
        begun = datetime.now(UTC)
        if self.is_filled:
            self._tell(revised_since(self.catalogue, (self._looked_at or begun) - OVERLAP))
            self._looked_at = begun
        self._go_on()
        if time.monotonic() >= self._next_late_s:
            self._next_late_s = time.monotonic() + LATE_READERS_EVERY_S
            self.tell_late_readers(_LATE_AT_ONCE)
        return self._told

    def look_at_everything(self) -> int:
        """Look at all records of catalogue and store, to the end; return how many events were told."""
        self._told = 0
        if self.writer.hold():
            self.is_filled = self.is_filled or self.writer.is_filled()
            for _ in self._everything(with_store=True):
                self.writer.hold()
        return self._told

    def tell_late_readers(self, within: timedelta) -> int:
        """Tell what became of records to systems that are known only now to have read them."""
        recalls = self.events.recalls_since(datetime.now(UTC) - within)
        readers = self._readers([event.record_id for event in recalls])
        return self.writer.tell_late_readers(recalls, readers) if any(readers.values()) else 0

    def _go_on(self) -> None:
        """Go on with a thorough look for a while, or begin one when it is time."""
        if self._thorough is None:
            now = time.monotonic()
            if now < self._next_catalogue_s:
                return
            with_store = now >= self._next_store_s
            self._next_catalogue_s = now + CATALOGUE_EVERY_S
            self._next_store_s = now + STORE_EVERY_S if with_store else self._next_store_s
            self._thorough = self._everything(with_store=with_store)
        end = time.monotonic() + SLICE_S
        try:
            while time.monotonic() < end:
                next(self._thorough)
        except StopIteration:
            self._thorough = None
        except SohoaError:
            # It cannot be gone on with: begun anew at the next look.
            self._thorough, self._next_catalogue_s = None, 0.0
            self._next_store_s = 0.0
            raise

    def _everything(self, *, with_store: bool) -> Iterator[None]:
        for rows in all_records(self.catalogue):
            self._tell(rows)
            yield
        if not self.is_filled:
            self.writer.mark_filled()
            self.is_filled = True
            yield
        if with_store:
            names = latest_keys(self.store.list(RECORDS_PREFIX), parse_record_key)
            while portion := list(islice(names, _RECORDS_AT_A_TIME)):
                self._compare(portion)
                yield
        self.tell_late_readers(_LATE_AT_LAST)

    def _compare(self, keys: Sequence[str]) -> None:
        """Tell of records whose newest revision, as the store names it, the catalogue does not know."""
        named = [parsed for parsed in map(parse_record_key, keys) if parsed is not None]
        places = self.writer.places([record_id for record_id, _ in named])
        for record_id, revision in named:
            place = places.get(record_id)
            if place is not None and place.revision > revision:
                self._told_too_much(place)
            elif place is None or place.revision < revision:
                row = self._row_of_newest(record_id)
                if row is not None:
                    self._tell([row])

    def _told_too_much(self, place: Place) -> None:
        """Tell a record anew whose newest revision is gone: the store was set back to a copy of before."""
        if (latest_revision(self.store, place.record_id) or 0) >= place.revision:
            return  # it was written while the names were read
        log.error("record %s: revision %s was told and is gone", place.record_id, place.revision)
        self.writer.forget(place.record_id)
        row = self._row_of_newest(place.record_id)
        if row is not None:
            self._write(*self._as_it_stands(row))

    def _row_of_newest(self, record_id: str) -> RecordRow | None:
        try:
            record = load_record(self.store, record_id)
        except SohoaError as error:
            if error.code not in _DAMAGE:
                raise
            return None  # nothing can be told of it; `sohoa verify` tells of the damage
        if record is None:
            return None
        self.catalogue.project_record(record)
        return RecordRow.of(record)

    def _tell(self, rows: Sequence[RecordRow]) -> None:
        """Tell what is new of these records, each revision once."""
        for start in range(0, len(rows), _RECORDS_AT_A_TIME):
            portion = rows[start : start + _RECORDS_AT_A_TIME]
            places = self.writer.places([row.record_id for row in portion])
            news: list[NewEvent] = []
            looked_at: list[Place] = []
            for row in portion:
                place = places.get(row.record_id)
                if place is not None and place.revision >= row.revision:
                    continue
                is_new = place is None and not self.is_filled
                events, after = self._as_it_stands(row) if is_new else self._since(row, place)
                news += events
                looked_at.append(after)
            if looked_at:
                self._write(sorted(news, key=lambda each: (each.at, each.record_id, each.revision)), *looked_at)

    def _write(self, news: Sequence[NewEvent], *looked_at: Place) -> None:
        recalled = [event.record_id for event in news if event.type in RECALLS] if self.is_filled else []
        self.writer.tell(news, looked_at, self._readers(recalled))
        self._told += len(news)

    def _as_it_stands(self, row: RecordRow) -> tuple[list[NewEvent], Place]:
        """Return what tells a record that was there before the feed was: where it stands now."""
        meaning = meaning_of_state(row.state)
        if row.state is RecordState.REJECTED and self._is_erased(row):
            meaning = EventType.ERASED
        if row.state is RecordState.NEEDS_REVIEW and row.revision > 1 and self._was_released(row):
            meaning = EventType.REOPENED
        place = Place(row.record_id, row.revision, row.state, row.agency)
        return ([_event(meaning, row, row.state, row.revision, row.created_at, row.agency)] if meaning else []), place

    def _since(self, row: RecordRow, place: Place | None) -> tuple[list[NewEvent], Place]:
        """Return what happened to a record since it was last looked at."""
        before = place.state if place else None
        agency = place.agency if place else row.agency
        first = place.revision + 1 if place else 1
        # Nothing but drafts and corrections of drafts leads from waiting to waiting; the first revision is a draft.
        is_draft = row.revision == first and row.state is RecordState.NEEDS_REVIEW
        if is_draft and (before is RecordState.NEEDS_REVIEW or first == 1):
            return [], Place(row.record_id, row.revision, row.state, row.agency)
        events = []
        for revision in range(first, row.revision + 1):
            record = self._revision(row.record_id, revision)
            if record is None and revision < row.revision:
                continue  # it went with an erasure, or is damaged
            state = record.state if record else row.state
            meaning = meaning_of(record, before) if record else meaning_of_state(row.state, before)
            made_at = _made_at(record) if record else row.created_at
            # What is left of an erased record does not say whose it was.
            told_agency = agency if meaning is EventType.ERASED or not record else _agency_of(record)
            if meaning is not None:
                events.append(_event(meaning, row, state, revision, made_at, told_agency))
            before, agency = state, told_agency
        return events, Place(row.record_id, row.revision, row.state, agency)

    def _revision(self, record_id: str, revision: int) -> Record | None:
        try:
            return read_record(self.store, record_key(record_id, revision))
        except SohoaError as error:
            if error.code not in _DAMAGE:
                raise
            return None

    def _is_erased(self, row: RecordRow) -> bool:
        record = self._revision(row.record_id, row.revision)
        return record is not None and record.is_erased

    def _was_released(self, row: RecordRow) -> bool:
        try:
            return any(record.state in RELEASED for record in history(self.store, row.record_id))
        except SohoaError as error:
            if error.code not in _DAMAGE:
                raise
            return True  # telling too much is the lesser harm

    def _readers(self, record_ids: Sequence[str]) -> dict[str, set[str]]:
        """Return the systems that read records, by record."""
        readers: dict[str, set[str]] = {record_id: set() for record_id in record_ids}
        if not readers:
            return readers
        # Before the catalogue is asked: what is shipped in between is then seen twice, not missed.
        for entry in self.read_log.pending():
            if entry.reader.startswith(CLIENT_PREFIX):
                for read in entry.records:
                    readers.get(read.record_id, set()).add(entry.reader)
        for record_id, found in readers.items():
            reads = self.catalogue.reads_of_record(record_id)
            found |= {read.reader for read in reads if read.reader.startswith(CLIENT_PREFIX)}
        return readers


def _event(
    meaning: EventType, row: RecordRow, state: RecordState, revision: int, at: datetime, agency: str | None
) -> NewEvent:
    return NewEvent(
        type=meaning,
        at=at,
        record_id=row.record_id,
        revision=revision,
        state=state,
        paper_type=row.paper_type,
        agency=agency,
        event_id=new_event_id(),
    )


def _agency_of(record: Record) -> str | None:
    return agency_of(record.metadata.get("agency"))


def _made_at(record: Record) -> datetime:
    at = record.provenance.created_at
    return at if at.tzinfo else at.replace(tzinfo=UTC)
