"""The numbers of the supervisor's board: what waits, how fast it is settled, and how often the machine is right."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from sqlalchemy import Column, ColumnElement, Connection, Integer, and_, cast, distinct, func, or_, select, true

from storage.catalogue import Catalogue
from storage.catalogue.tables import records
from storage.database import Database
from storage.desk.tables import accounts, keyings, settlements
from storage.desk.times import as_text

VIET_NAM = timezone(timedelta(hours=7))
# Seconds of fields are counted in steps of half a second: an order of all of them is not needed.
_STEP_S = 0.5
# Hour of a time as text, `2026-11-23T02`.
_HOUR = 13


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
class Board:
    """Everything the board shows of one agency and period; days are Viet Nam's.

    Attributes:
        waiting: (agency, paper type) → records that wait.
        waiting_since: Day → records that wait since then.
        settled: Day → fields that were settled.
        speeds: Of each account that settled something.
        speed: Of all of them; None where nothing was timed.
        agreement: Doubtful fields in which the machine's value was right.
        sample: Sampled fields in which what the machine had accepted was right.
        second_keying: Second keyings that said the same as the first.
        to_adjudicate: Records whose two keyings differ and wait for a third person.
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
    to_adjudicate: int
    errors: tuple[FieldErrors, ...]


def board_of(desk: Database, catalogue: Catalogue, agency: str | None, since: datetime, most_errors: int = 20) -> Board:
    """Return the numbers of an agency with its units, or of all, since a moment.

    Raises:
        SohoaError: `DESK_FAILED`, `CATALOGUE_FAILED`.
    """
    with catalogue.filling.database.asking() as connection:
        waiting, since_days = _waiting(connection, agency)
    period = and_(settlements.c.at >= as_text(since), _within(settlements.c.agency, agency))
    with desk.reading() as connection:
        speeds, speed = _speeds(connection, period)
        agreement, sample, errors = _errors(connection, period, most_errors)
        second, to_adjudicate = _keyings(connection, agency, since)
        settled = _settled(connection, period)
    return Board(waiting, since_days, settled, speeds, speed, agreement, sample, second, to_adjudicate, errors)


def _waiting(connection: Connection, agency: str | None) -> tuple[dict[tuple[str | None, str], int], dict[date, int]]:
    waits = and_(records.c.waits == 1, _within(records.c.agency, agency))
    kinds = select(records.c.agency, records.c.paper_type, func.count()).where(waits)
    rows = connection.execute(kinds.group_by(records.c.agency, records.c.paper_type)).all()
    hour = func.substr(records.c.created_at, 1, _HOUR)
    days: Counter[date] = Counter()
    for text, count in connection.execute(select(hour, func.count()).where(waits).group_by(hour)):
        days[_day(text)] += count
    return {(whose, paper_type): count for whose, paper_type, count in rows}, dict(days)


def _settled(connection: Connection, period: ColumnElement[bool]) -> dict[date, int]:
    hour = func.substr(settlements.c.at, 1, _HOUR)
    days: Counter[date] = Counter()
    for text, count in connection.execute(select(hour, func.count()).where(period).group_by(hour)):
        days[_day(text)] += count
    return dict(days)


def _speeds(connection: Connection, period: ColumnElement[bool]) -> tuple[tuple[Speed, ...], Speed | None]:
    step = cast(settlements.c.seconds / _STEP_S, Integer)
    wanted = (
        select(settlements.c.account, step, func.count(), func.sum(settlements.c.seconds))
        .where(period, settlements.c.seconds.is_not(None))
        .group_by(settlements.c.account, step)
    )
    counts: dict[str, Counter[int]] = {}
    seconds: Counter[str] = Counter()
    for account, number, count, total in connection.execute(wanted):
        counts.setdefault(account, Counter())[number] += count
        seconds[account] += total
    speeds = tuple(_speed(account, counts[account], seconds[account]) for account in sorted(counts))
    together = sum(counts.values(), Counter())
    return speeds, _speed("", together, seconds.total()) if together else None


def _speed(account: str, steps: Counter[int], seconds: float) -> Speed:
    fields = steps.total()
    per_hour = 3600 * fields / seconds if seconds else 0.0
    return Speed(account, fields, _percentile(steps, 0.5), _percentile(steps, 0.9), per_hour)


def _percentile(steps: Counter[int], share: float) -> float:
    wanted, seen = share * steps.total(), 0
    for number in sorted(steps):
        seen += steps[number]
        if seen >= wanted:
            return number * _STEP_S
    return 0.0


def _errors(
    connection: Connection, period: ColumnElement[bool], most: int
) -> tuple[Share, Share, tuple[FieldErrors, ...]]:
    wanted = (
        select(
            settlements.c.paper_type,
            settlements.c.field,
            settlements.c.sampled,
            func.count(),
            func.sum(settlements.c.machine_right),
        )
        .where(period)
        .group_by(settlements.c.paper_type, settlements.c.field, settlements.c.sampled)
    )
    right, total = Counter[int](), Counter[int]()
    fields: dict[tuple[str, str], tuple[int, int]] = {}
    for paper_type, field, sampled, count, hits in connection.execute(wanted):
        right[sampled] += hits
        total[sampled] += count
        wrong, looked_at = fields.get((paper_type, field), (0, 0))
        fields[(paper_type, field)] = (wrong + count - hits, looked_at + count)
    worst = sorted(fields.items(), key=lambda each: (-each[1][0], -each[1][0] / each[1][1], each[0]))
    errors = tuple(FieldErrors(*name, *counts) for name, counts in worst[:most] if counts[0])
    return Share(right[0], total[0]), Share(right[1], total[1]), errors


def _keyings(connection: Connection, agency: str | None, since: datetime) -> tuple[Share, int]:
    # Keyings do not say whose the record is; who keyed it does.
    of_agency = keyings.c.account.in_(select(accounts.c.account).where(_within(accounts.c.agency, agency)))
    seconds = and_(keyings.c.ordinal == 2, of_agency if agency is not None else true())
    counted = select(func.count(), func.coalesce(func.sum(keyings.c.agrees), 0)).where(
        seconds, keyings.c.at >= as_text(since)
    )
    total, hits = connection.execute(counted).one()
    third = keyings.alias()
    settled = (
        select(third.c.record_id)
        .where(third.c.record_id == keyings.c.record_id, third.c.field == keyings.c.field, third.c.ordinal == 3)
        .exists()
    )
    differ = select(func.count(distinct(keyings.c.record_id))).where(
        seconds, keyings.c.agrees == 0, keyings.c.closed == 0, ~settled
    )
    return Share(int(hits), int(total)), int(connection.execute(differ).scalar_one())


def _within(column: Column[str] | ColumnElement[str | None], agency: str | None) -> ColumnElement[bool]:
    if agency is None:
        return true()
    # From the dot up to the character after it: every unit under the agency.
    return or_(column == agency, and_(column >= f"{agency}.", column < f"{agency}/"))


def _day(hour: str) -> date:
    return datetime.fromisoformat(f"{hour}:00+00:00").astimezone(VIET_NAM).date()


def begin_of(days: int, now: datetime | None = None) -> datetime:
    """Return when the period of so many days in Viet Nam began, today being the last."""
    today = (now or datetime.now(UTC)).astimezone(VIET_NAM).date()
    return datetime.combine(today - timedelta(days=days - 1), datetime.min.time(), VIET_NAM)
