"""The numbers of the supervisor's board: what waits, how fast it is settled, and how often the machine is right."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    func,
    literal_column,
    or_,
    select,
    true,
)

from storage.catalogue import Catalogue, queue
from storage.catalogue.queue import Waiting
from storage.catalogue.tables import records
from storage.database import Database
from storage.desk import settled_sums
from storage.desk.tables import accounts, keyings, settled_fields, settled_speeds
from storage.desk.times import as_text, as_time

_NAMES_AT_A_TIME = 500
# How long things wait is told by days as far back, however short the period is.
_AGES_TOLD = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Speed:
    """How long one person took for a field: median and 90th percentile in s, and fields an hour of work on them."""

    account: str
    fields: int
    median_s: float
    p90_s: float
    per_hour: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    total: int

    @property
    def share(self) -> float | None:
        """0-1; None of nothing."""
        return self.hits / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """How often the machine was wrong about one field, among those that people looked at."""

    paper_type: str
    field: str
    wrong: int
    total: int


@dataclass(frozen=True, slots=True)
class Differing:
    """A record whose two keyings differ since a moment, and wait for a third person."""

    record_id: str
    paper_type: str
    agency: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows of one agency and period; days are Viet Nam's.

    Attributes:
        waiting: (agency, paper type) → records that wait.
        waiting_since: Day → records that wait since then; what came before the period, or in more than 31 days, stands
            under the day before.
        settled: Day → fields that were settled.
        speeds: Of each account that settled something.
        speed: Of all of them; None where nothing was timed.
        agreement: Doubtful fields in which the machine's value was right.
        sample: Sampled fields in which what the machine had accepted was right.
        second_keying: Second keyings that said the same as the first.
        to_adjudicate: Records whose two keyings differ and wait for a third person, the longest waiting first.
        errors: The fields with the most errors, the worst first.
    """

    waiting: Mapping[tuple[str | None, str], int]
    waiting_since: Mapping[date, int]
    settled: Mapping[date, int]
    speeds: tuple[Speed, ...]
    speed: Speed | None
    agreement: Share
    sample: Share
    second_keying: Share
    to_adjudicate: tuple[Differing, ...]
    errors: tuple[FieldErrors, ...]


def board_of(
    desk: Database, catalogue: Catalogue, agency: str | None, first: date, last: date, most_errors: int = 20
) -> Board:
    """Return the numbers of an agency with its units, or of all, from one day to another.

    Raises:
        SohoaError: `DESK_FAILED`, `CATALOGUE_FAILED`.
    """
    with catalogue.filling.database.asking() as connection:
        waiting = _waiting(connection, agency)
        since = _waiting_since(connection, agency, min(first, last - _AGES_TOLD), last, sum(waiting.values()))
    with desk.reading() as connection:
        speeds, speed = _speeds(connection, _period(settled_speeds, agency, first, last))
        settled = _settled(connection, _period(settled_fields, agency, first, last))
        agreement, sample, errors = _errors(connection, _period(settled_fields, agency, first, last), most_errors)
        second = _second_keying(connection, agency, first)
        differing = _differing(connection)
    return Board(
        waiting=waiting,
        waiting_since=since,
        settled=settled,
        speeds=speeds,
        speed=speed,
        agreement=agreement,
        sample=sample,
        second_keying=second,
        to_adjudicate=_of_agency(catalogue, agency, differing),
        errors=errors,
    )


def _waiting(connection: Connection, agency: str | None) -> dict[tuple[str | None, str], int]:
    wanted = queue.counts(Waiting(agency=agency))
    return {(whose, paper_type): count for whose, paper_type, count in connection.execute(wanted)}


def _waiting_since(connection: Connection, agency: str | None, first: date, last: date, total: int) -> dict[date, int]:
    """Count what of a total waits since each day, in one pass: a question a day is planned for any day and agency."""
    # Up to the hour. Days of Viet Nam begin with one of UTC's.
    hour = func.substr(records.c.created_at, 1, 13)
    wanted = select(hour, func.count()).where(
        records.c.waits == literal_column("1"),
        _within(records.c.agency, agency),
        records.c.created_at >= as_text(begin_of(first)),
        records.c.created_at < as_text(begin_of(last + timedelta(days=1))),
    )
    found = Counter[date]()
    for began, count in connection.execute(wanted.group_by(hour)):
        found[as_time(f"{began}:00+00:00").astimezone(settled_sums.VIET_NAM).date()] += count
    # The rest is older. Between two questions a few may have come or gone.
    found[first - timedelta(days=1)] = max(0, total - found.total())
    return {day: count for day, count in found.items() if count}


def _period(table: Table, agency: str | None, first: date, last: date) -> ColumnElement[bool]:
    return and_(
        table.c.agency == (agency or settled_sums.EVERYBODY),
        table.c.day >= first.isoformat(),
        table.c.day <= last.isoformat(),
    )


def _settled(connection: Connection, period: ColumnElement[bool]) -> dict[date, int]:
    # Either table of sums knows; this one has a tenth of the rows.
    wanted = select(settled_fields.c.day, func.sum(settled_fields.c.fields)).where(period)
    rows = connection.execute(wanted.group_by(settled_fields.c.day))
    return {date.fromisoformat(day): int(count) for day, count in rows}


def _speeds(connection: Connection, period: ColumnElement[bool]) -> tuple[tuple[Speed, ...], Speed | None]:
    sums = settled_speeds.c
    wanted = (
        select(sums.account, sums.step, func.sum(sums.fields), func.sum(sums.seconds))
        .where(period, sums.step != settled_sums.NOT_TIMED)
        .group_by(sums.account, sums.step)
    )
    counts: dict[str, Counter[int]] = {}
    seconds: defaultdict[str, float] = defaultdict(float)
    for account, number, count, total in connection.execute(wanted):
        counts.setdefault(account, Counter())[number] += int(count)
        seconds[account] += total
    speeds = tuple(_speed(account, counts[account], seconds[account]) for account in sorted(counts))
    together = sum(counts.values(), Counter())
    return speeds, _speed("", together, sum(seconds.values())) if together else None


def _speed(account: str, steps: Counter[int], seconds: float) -> Speed:
    fields = steps.total()
    per_hour = 3600 * fields / seconds if seconds else 0.0
    return Speed(account, fields, _percentile(steps, 0.5), _percentile(steps, 0.9), per_hour)


def _percentile(steps: Counter[int], share: float) -> float:
    wanted, seen = share * steps.total(), 0
    for number in sorted(steps):
        seen += steps[number]
        if seen >= wanted:
            return number * settled_sums.STEP_S
    return 0.0


def _errors(
    connection: Connection, period: ColumnElement[bool], most: int
) -> tuple[Share, Share, tuple[FieldErrors, ...]]:
    sums = settled_fields.c
    wanted = (
        select(sums.paper_type, sums.field, sums.sampled, func.sum(sums.fields), func.sum(sums.hits))
        .where(period)
        .group_by(sums.paper_type, sums.field, sums.sampled)
    )
    right, total = Counter[int](), Counter[int]()
    fields: dict[tuple[str, str], tuple[int, int]] = {}
    for paper_type, field, sampled, counted, hit in connection.execute(wanted):
        count, hits = int(counted), int(hit)
        right[sampled] += hits
        total[sampled] += count
        wrong, looked_at = fields.get((paper_type, field), (0, 0))
        fields[(paper_type, field)] = (wrong + count - hits, looked_at + count)
    worst = sorted(fields.items(), key=lambda each: (-each[1][0], -each[1][0] / each[1][1], each[0]))
    errors = tuple(FieldErrors(*name, *counts) for name, counts in worst[:most] if counts[0])
    return Share(right[0], total[0]), Share(right[1], total[1]), errors


def _second_keying(connection: Connection, agency: str | None, first: date) -> Share:
    # Keyings do not say whose the record is; who keyed it does.
    of_agency = keyings.c.account.in_(select(accounts.c.account).where(_within(accounts.c.agency, agency)))
    counted = select(func.count(), func.coalesce(func.sum(keyings.c.agrees), 0)).where(
        keyings.c.ordinal == literal_column("2"),
        keyings.c.at >= as_text(begin_of(first)),
        of_agency if agency is not None else true(),
    )
    total, hits = connection.execute(counted).one()
    return Share(int(hits), int(total))


def _differing(connection: Connection) -> dict[str, datetime]:
    """Return the records of which the second keying differs and nobody decided, with the time of that keying."""
    third = keyings.alias()
    settled = (
        select(third.c.record_id)
        .where(third.c.record_id == keyings.c.record_id, third.c.field == keyings.c.field, third.c.ordinal == 3)
        .exists()
    )
    differs = and_(
        keyings.c.ordinal == literal_column("2"), keyings.c.agrees == 0, keyings.c.closed == literal_column("0")
    )
    wanted = select(keyings.c.record_id, func.min(keyings.c.at)).where(differs, ~settled).group_by(keyings.c.record_id)
    return {record_id: as_time(at) for record_id, at in connection.execute(wanted)}


def _of_agency(catalogue: Catalogue, agency: str | None, differing: Mapping[str, datetime]) -> tuple[Differing, ...]:
    """Return those that belong to an agency, or all, whose keyings differ for longest first."""
    names, found = sorted(differing, key=lambda name: (differing[name], name)), []
    with catalogue.filling.database.asking() as connection:
        for start in range(0, len(names), _NAMES_AT_A_TIME):
            chosen = records.c.record_id.in_(names[start : start + _NAMES_AT_A_TIME])
            wanted = select(records.c.record_id, records.c.paper_type, records.c.agency).where(chosen)
            rows = connection.execute(wanted.where(_within(records.c.agency, agency)))
            found += [Differing(record_id, kind, whose, differing[record_id]) for record_id, kind, whose in rows]
    return tuple(sorted(found, key=lambda each: (each.since, each.record_id)))


def _within(column: Column[str] | ColumnElement[str | None], agency: str | None) -> ColumnElement[bool]:
    if agency is None:
        return true()
    # From the dot up to the character after it: every unit under the agency.
    return or_(column == agency, and_(column >= f"{agency}.", column < f"{agency}/"))


def begin_of(day: date) -> datetime:
    """Return when a day begins in Viet Nam."""
    return datetime.combine(day, datetime.min.time(), settled_sums.VIET_NAM)
