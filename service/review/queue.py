"""The queue: what waits for a person, oldest first, narrowed to an agency and a paper type; and the next free task."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ocr.problem import Code, SohoaError
from service.office import Office
from service.places import cursor_of, place_of
from service.review.shelf import Shelf
from service.review.tasks import Mode, load_task, type_name
from service.roles import Principal
from storage.catalogue import RecordRow
from storage.catalogue.queue import Place, Waiting, WaitingCount
from storage.desk.keyings import SECOND, Keying

PAGE = 50
# Tasks looked through at a time for one that is free; then more, as a long stretch may wait for other people.
_LOOKED_THROUGH = 50
_MOST_LOOKED_THROUGH = 1600
# Counting more takes some ten milliseconds, and is not done for every page of everybody.
_COUNTED_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person narrowed the queue to; None: everything the person may see."""

    agency: str | None = None
    paper_type: str | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One waiting task.

    Attributes:
        record_id: The task.
        paper_type: Its type.
        paper_type_name: As people call it.
        agency: Whose it is, or None.
        dossier_segment: What stands for its dossier.
        doubtful_fields: How many fields wait; 0: the paper as a whole.
        waiting_since: When its latest revision was made.
        leased_by: Account of who works on it, or None.
        keying: `SECOND`, `ADJUDICATE`: it waits for a second or third person's keying; None: for neither.
    """

    record_id: str
    paper_type: str
    paper_type_name: str
    agency: str | None
    dossier_segment: str
    doubtful_fields: int
    waiting_since: datetime
    leased_by: str | None
    keying: Mode | None


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How many tasks of a paper type wait."""

    paper_type: str
    paper_type_name: str
    count: int


@dataclass(frozen=True, slots=True)
class AgencyCount:
    """How many tasks wait at an agency itself, units under it not counted."""

    agency: str | None
    count: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue.

    Attributes:
        rows: Oldest first.
        next: Cursor of the page after, or None at the end.
        total: How many tasks wait in this narrowing.
        by_type: Counts of every paper type the person may see in the agency chosen, the most first.
        by_agency: Counts of every agency the person may see, by identifier.
    """

    rows: Sequence[QueueRow]
    next: str | None
    total: int
    by_type: Sequence[TypeCount]
    by_agency: Sequence[AgencyCount]


def waiting(
    office: Office, principal: Principal, filters: QueueFilter, after: str | None = None, shelf: Shelf | None = None
) -> QueuePage:
    """Return a page of the queue.

    Args:
        office: Where the catalogue and the desk are.
        principal: Sees what belongs to the own agency.
        filters: The narrowing.
        after: Cursor of the page before.
        shelf: Counts are kept there for a few seconds; None: counted now.

    Raises:
        SohoaError: `REQUEST_INVALID` for a cursor that is none, `NOTHING_HERE` for an agency that is not the caller's.
    """
    chosen = _chosen(principal, filters)
    rows = office.catalogue.waiting(chosen, place_of(after, "after"), PAGE + 1)
    shown = rows[:PAGE]
    names = [row.record_id for row in shown]
    leases, keyings = office.leases.held(names), office.keyings.of_many(names)
    counts = _counts(office, shelf, Waiting(agency=principal.agency))
    in_agency = [count for count in counts if _is_under(count.agency, chosen.agency)]
    by_type = Counter[str]()
    for count in in_agency:
        by_type[count.paper_type] += count.count
    return QueuePage(
        rows=[
            _row(
                office,
                row,
                leases[row.record_id].account if row.record_id in leases else None,
                _keying(keyings.get(row.record_id, ())),
            )
            for row in shown
        ],
        next=cursor_of(_place(shown[-1])) if len(rows) > PAGE else None,
        total=sum(c.count for c in in_agency if filters.paper_type in {None, c.paper_type}),
        by_type=[
            TypeCount(name, type_name(office.paper_type(name), name), count) for name, count in by_type.most_common()
        ],
        by_agency=_by_agency(counts),
    )


def next_task(
    office: Office, principal: Principal, filters: QueueFilter, skip: frozenset[str] = frozenset()
) -> str | None:
    """Return the oldest task that is free and that the caller may do, none of `skip`; None where there is none."""
    chosen = _chosen(principal, filters)
    # Tasks with an own open keying wait for somebody else.
    not_mine = office.keyings.records_of(principal.account) | skip
    place: Place | None = None
    limit = _LOOKED_THROUGH
    while True:
        rows = office.catalogue.waiting(chosen, place, limit)
        names = [row.record_id for row in rows if row.record_id not in not_mine]
        held, keyed = office.leases.held(names), office.keyings.of_many(names)
        for name in names:
            if name in held and held[name].account != principal.account:
                continue
            if name not in keyed or load_task(office, principal, name).mode is not Mode.READ:
                return name
        if len(rows) < limit:
            return None
        place = _place(rows[-1])
        limit = min(limit * 2, _MOST_LOOKED_THROUGH)


def waiting_count(office: Office, shelf: Shelf | None, principal: Principal) -> int:
    """Return how many tasks wait that the caller may see."""
    return sum(count.count for count in _counts(office, shelf, Waiting(agency=principal.agency)))


def _chosen(principal: Principal, filters: QueueFilter) -> Waiting:
    if filters.agency is not None and not principal.may_see(filters.agency):
        raise SohoaError(Code.NOTHING_HERE, field="agency")
    return Waiting(agency=filters.agency or principal.agency, paper_type=filters.paper_type)


def _counts(office: Office, shelf: Shelf | None, chosen: Waiting) -> tuple[WaitingCount, ...]:
    kept = shelf.counts.find(chosen) if shelf is not None else None
    if kept is not None:
        return kept
    counted = office.catalogue.waiting_counts(chosen)
    # A short queue is counted in no time, and who works on it sees it get shorter.
    if shelf is not None and sum(count.count for count in counted) > _COUNTED_AT_ONCE:
        shelf.counts.keep(chosen, counted)
    return counted


def _by_agency(counts: Sequence[WaitingCount]) -> Sequence[AgencyCount]:
    by_agency = Counter[str | None]()
    for count in counts:
        by_agency[count.agency] += count.count
    return [AgencyCount(agency, by_agency[agency]) for agency in sorted(by_agency, key=lambda name: name or "")]


def _is_under(agency: str | None, chosen: str | None) -> bool:
    if chosen is None:
        return True
    return agency is not None and (agency == chosen or agency.startswith(f"{chosen}."))


def _keying(noted: Sequence[Keying]) -> Mode | None:
    """Return what a record waits for, by the open keyings that are noted of it."""
    if not noted:
        return None
    again = {keying.field for keying in noted if keying.ordinal == SECOND}
    return Mode.ADJUDICATE if all(keying.field in again for keying in noted) else Mode.SECOND


def _row(office: Office, row: RecordRow, leased_by: str | None, keying: Mode | None) -> QueueRow:
    return QueueRow(
        record_id=row.record_id,
        paper_type=row.paper_type,
        paper_type_name=type_name(office.paper_type(row.paper_type), row.paper_type),
        agency=row.agency,
        dossier_segment=row.dossier_segment,
        doubtful_fields=row.open_fields,
        waiting_since=row.created_at,
        leased_by=leased_by,
        keying=keying,
    )


def _place(row: RecordRow) -> Place:
    return Place(row.created_at, row.record_id)
