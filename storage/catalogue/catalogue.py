"""The catalogue itself: what may be asked of the tables, and how single nouns are entered."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Result, Select, bindparam, func, select

from extractors.record import Record, RecordState
from storage.catalogue import listing, queue, read_listing
from storage.catalogue.entering import Entering
from storage.catalogue.filling import Filling
from storage.catalogue.listing import Listed
from storage.catalogue.projection import Projection, dossier_row, holding_row, read_row, record_row
from storage.catalogue.questions import (
    HOLDINGS,
    READS_OF_RECORD,
    READS_OF_SUBJECT,
    RECORD,
    SHOWN,
    SUBJECTS_OF,
    UNIDENTIFIED,
    chosen,
    dossier_columns,
    office_days,
    read_columns,
    record_columns,
    reuse_between,
    waiting,
)
from storage.catalogue.queue import Place, Waiting, WaitingCount
from storage.catalogue.read_listing import ReadCount, ReadsMeant
from storage.catalogue.rows import DossierRow, HoldingRow, ReadRow, RecordRow, ReuseRow, SubjectRow
from storage.catalogue.tables import dossiers, reads, records
from storage.database import Database
from storage.dossier import Dossier, DossierState
from storage.dossier_segment import dossier_segment
from storage.identity import IdentityKey

_ROWS_AT_A_TIME = 1000
_QUEUE_PAGE = 50

R = TypeVar("R")


class Catalogue:
    """The tables, in an SQLite file or a PostgreSQL database that many processes may use at once.

    Every method raises `SohoaError` with `CATALOGUE_FAILED` when the database does; retryable when it was busy, out
    of reach or the disk full. Nothing has to be closed, and a process that uses it may fork.
    """

    def __init__(self, url: str | URL, identity_key: IdentityKey | None = None) -> None:
        """Use the database at `url` without touching it yet; persons are entered by `identity_key`, or not at all.

        Raises:
            SohoaError: `SETTING_INVALID` when `url` names neither an SQLite file nor a PostgreSQL database.
        """
        self._database = Database.at(url)
        self._entering = Entering(self._database)
        self._projection = Projection(identity_key)
        self.filling = Filling(self._database, self._entering, self._projection)

    def create(self) -> None:
        """Bring the tables to this program's version, making them when missing; see `needs_rebuild`.

        Many processes may do this at once. Quick when there is nothing to do.

        Raises:
            SohoaError: `CATALOGUE_FAILED` when a newer program made the tables; they are left alone.
        """
        if not self.filling.is_at_head():
            # Takes most of a second to load.
            from storage.catalogue.migrate import upgrade  # noqa: PLC0415

            upgrade(self._database)

    def kept_open(self) -> AbstractContextManager[None]:
        """As `Database.kept_open`."""
        return self._database.kept_open()

    def needs_rebuild(self) -> bool:
        """True when the catalogue was not filled since it was made, or by another version, by `storage.reindex`.

        Raises:
            SohoaError: `SETTING_INVALID` when it was filled by another identity key: persons would not be found.
        """
        return self.filling.is_missing()

    def project_record(self, record: Record) -> None:
        """Enter a record's revision, unless it or a newer one is entered already."""
        if self._is_entered(record):
            return
        projected = self._projection.of_record(record)
        with self._database.writing() as connection:
            self._entering.records(connection, (projected,), self._projection.name)

    def project_dossier(self, dossier: Dossier) -> None:
        """Enter a dossier's revision, unless a newer one is entered already."""
        with self._database.writing() as connection:
            self._entering.dossiers(connection, (DossierRow.of(dossier),), self._projection.name)

    def records(self, dossier_id: str | None = None, state: RecordState | None = None) -> Iterator[RecordRow]:
        """Yield the records, of one dossier or in one state when asked, ordered by dossier segment and record."""
        query = chosen(select(*record_columns), dossier_id, state)
        return self._rows(query.order_by(records.c.dossier_segment, records.c.record_id), record_row)

    def records_of(self, dossier_ids: Collection[str]) -> Iterator[RecordRow]:
        """Yield the records of some dossiers, ordered by dossier segment and record."""
        for segments in _in_portions(sorted({dossier_segment(dossier_id) for dossier_id in dossier_ids})):
            query = select(*record_columns).where(records.c.dossier_segment.in_(segments))
            yield from self._rows(query.order_by(records.c.dossier_segment, records.c.record_id), record_row)

    def record(self, record_id: str) -> RecordRow | None:
        """Return one record's row, or None when it is unknown."""
        return next(iter(self._answers(RECORD, record_row, record_id=record_id)), None)

    def subjects_of(self, record_id: str) -> tuple[SubjectRow, ...]:
        """Return the subjects of a record, in its order."""
        return self._answers(SUBJECTS_OF, lambda values: SubjectRow(**values), record_id=record_id)

    def holdings_of(self, subject_key: str) -> tuple[HoldingRow, ...]:
        """Return every record that is about a subject, in whatever state, newest first.

        Args:
            subject_key: What `IdentityKey.subject` makes of its identifier.
        """
        return self._answers(HOLDINGS, holding_row, subject_key=subject_key)

    def unidentified(self, name_key: str, birth_key: str) -> tuple[str, ...]:
        """Return the records about somebody of this name and day of birth whose identifier they do not tell."""
        return self._answers(
            UNIDENTIFIED, lambda values: str(values["record_id"]), name_key=name_key, birth_key=birth_key
        )

    def oldest(
        self,
        state: RecordState,
        paper_type: str | None = None,
        after: RecordRow | None = None,
        limit: int = _QUEUE_PAGE,
    ) -> tuple[RecordRow, ...]:
        """Return the records that are in a state for longest, of one paper type when asked, oldest first.

        Args:
            state: Which records.
            paper_type: Only those of this type.
            after: The last row of the page before, to go on from there.
            limit: How many at most.
        """
        with self._database.asking() as connection:
            found = connection.execute(waiting(state, paper_type, after, limit)).all()
        return tuple(record_row(row._asdict()) for row in found)

    def listed(self, chosen: Listed, after: str = "", limit: int = _ROWS_AT_A_TIME) -> tuple[RecordRow, ...]:
        """Return a page of the records that are meant, by identifier.

        Args:
            chosen: Which records.
            after: Identifier of the last record of the page before; "": from the first.
            limit: How many at most.
        """
        with self._database.asking() as connection:
            found = connection.execute(listing.page(chosen, after, limit)).all()
        return tuple(record_row(row._asdict()) for row in found)

    def waiting(
        self, chosen: Waiting | None = None, after: Place | None = None, limit: int = _QUEUE_PAGE
    ) -> tuple[RecordRow, ...]:
        """Return the records that wait for a person for longest, oldest first.

        Args:
            chosen: Which of them; None: all.
            after: Where the page before ended.
            limit: How many at most.
        """
        with self._database.asking() as connection:
            found = connection.execute(queue.page(chosen or Waiting(), after, limit)).all()
        return tuple(record_row(row._asdict()) for row in found)

    def waiting_counts(self, chosen: Waiting | None = None) -> tuple[WaitingCount, ...]:
        """Return how many records wait, by agency and paper type, in no order."""
        with self._database.asking() as connection:
            found = connection.execute(queue.counts(chosen or Waiting())).all()
        return tuple(WaitingCount(**row._asdict()) for row in found)

    def dossiers(self, state: DossierState | None = None) -> Iterator[DossierRow]:
        """Yield the dossiers, in one state when asked, ordered by segment."""
        query = select(*dossier_columns).order_by(dossiers.c.dossier_segment)
        if state is not None:
            query = query.where(dossiers.c.state == state.value)
        return self._rows(query, dossier_row)

    def newest_dossiers(
        self, agency: str | None = None, before: Place | None = None, limit: int = _QUEUE_PAGE
    ) -> tuple[DossierRow, ...]:
        """Return dossiers, newest first.

        Args:
            agency: Only those of this agency and the units under it.
            before: Where the page before ended.
            limit: How many at most.
        """
        with self._database.asking() as connection:
            found = connection.execute(queue.newest_dossiers(agency, before, limit)).all()
        return tuple(dossier_row(row._asdict()) for row in found)

    def dossier(self, dossier_id: str) -> DossierRow | None:
        """Return one dossier's row, or None when it is unknown."""
        query = select(*dossier_columns).where(dossiers.c.dossier_segment == bindparam("segment"))
        return next(iter(self._answers(query, dossier_row, segment=dossier_segment(dossier_id))), None)

    def count_records(self, dossier_id: str | None = None, state: RecordState | None = None) -> int:
        """Return how many rows `records` yields."""
        return self._count(chosen(select(func.count()).select_from(records), dossier_id, state))

    def count_dossiers(self, state: DossierState | None = None) -> int:
        """Return how many rows `dossiers` yields."""
        query = select(func.count()).select_from(dossiers)
        return self._count(query if state is None else query.where(dossiers.c.state == state.value))

    def reads_of_subject(self, subject_key: str) -> tuple[ReadRow, ...]:
        """Return the entries of the read log that asked for a subject's papers, oldest first."""
        return self._reads(READS_OF_SUBJECT, subject_key=subject_key)

    def reads_of_record(self, record_id: str) -> tuple[ReadRow, ...]:
        """Return the entries of the read log that showed a record, oldest first."""
        return self._reads(READS_OF_RECORD, record_id=record_id)

    def reads(self, meant: ReadsMeant, before: Place | None = None, limit: int = _QUEUE_PAGE) -> tuple[ReadRow, ...]:
        """Return entries of the read log, newest first.

        Args:
            meant: Which of them.
            before: Where the page before ended.
            limit: How many at most.
        """
        with self._database.reading() as connection:
            return self._with_records(connection, connection.execute(read_listing.page(meant, before, limit)))

    def read_counts(self, meant: ReadsMeant) -> tuple[ReadCount, ...]:
        """Return how often each kind of thing was done, in no order."""
        with self._database.asking() as connection:
            return tuple(ReadCount(*row) for row in connection.execute(read_listing.counts(meant)))

    def entered_reads(self, entry_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these entries of the read log are entered."""
        query, found = select(reads.c.entry_id), set[str]()
        with self._database.asking() as connection:
            for names in _in_portions(entry_ids):
                found |= set(connection.execute(query.where(reads.c.entry_id.in_(names))).scalars())
        return frozenset(found)

    def newest_read(self) -> ReadRow | None:
        """Return the newest entry of the read log that is entered, without its records; None where there is none."""
        newest = select(*read_columns).order_by(reads.c.at.desc()).limit(1)
        with self._database.asking() as connection:
            row = connection.execute(newest).first()
        return read_row(row._asdict(), ()) if row is not None else None

    def reuse(self, first_day: date, last_day: date, agency: str | None = None) -> tuple[ReuseRow, ...]:
        """Return what looking up saved, for each procedure and agency, ordered by both.

        Args:
            first_day: First day that counts, as days are in Viet Nam.
            last_day: Last day that counts.
            agency: Only lookups of this agency.
        """
        start, end = office_days(first_day, last_day)
        with self._database.asking() as connection:
            found = connection.execute(reuse_between(start, end, agency)).all()
        rows = [ReuseRow(**row._asdict()) for row in found]
        # Databases disagree on where an absent value sorts.
        return tuple(sorted(rows, key=lambda row: (row.procedure or "", row.agency or "")))

    def _is_entered(self, record: Record) -> bool:
        # Asking is several times cheaper than entering again, and who decides on a record has it entered before.
        held = select(records.c.revision).where(
            records.c.record_id == record.record_id, records.c.projection == self._projection.name
        )
        with self._database.asking() as connection:
            revision = connection.execute(held).scalar()
        return revision is not None and revision >= record.revision

    def _reads(self, query: Select[Any], **parameters: str) -> tuple[ReadRow, ...]:
        with self._database.reading() as connection:
            return self._with_records(connection, connection.execute(query, parameters))

    def _with_records(self, connection: Connection, found: Result[Any]) -> tuple[ReadRow, ...]:
        entries = [row._asdict() for row in found]
        shown: dict[str, list[str]] = {entry["entry_id"]: [] for entry in entries}
        for names in _in_portions(list(shown)):
            for entry_id, record_id in connection.execute(SHOWN, {"entry_ids": names}):
                shown[entry_id].append(record_id)
        return tuple(read_row(entry, tuple(shown[entry["entry_id"]])) for entry in entries)

    def _answers(self, query: Select[Any], make: Callable[[dict[str, Any]], R], **parameters: str) -> tuple[R, ...]:
        with self._database.asking() as connection:
            return tuple(make(row._asdict()) for row in connection.execute(query, parameters))

    def _rows(self, query: Select[Any], make: Callable[[dict[str, Any]], R]) -> Iterator[R]:
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=_ROWS_AT_A_TIME).execute(query):
                yield make(row._asdict())

    def _count(self, query: Select[Any]) -> int:
        with self._database.asking() as connection:
            return int(connection.execute(query).scalar_one())


def _in_portions(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _ROWS_AT_A_TIME):
        yield names[start : start + _ROWS_AT_A_TIME]
