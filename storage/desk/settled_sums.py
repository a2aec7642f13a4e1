"""What was settled, summed up by day and agency as it is noted: the board need not count every field again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table

from storage.database import Database
from storage.desk.tables import settled_fields, settled_speeds

if TYPE_CHECKING:
    from storage.desk.settlements import Settlement

VIET_NAM = timezone(timedelta(hours=7))
# Of every agency, and of none.
EVERYBODY = ""
# Half seconds: an order of all times is not needed.
STEP_S = 0.5
NOT_TIMED = -1


def add(desk: Database, connection: Connection, settled: Iterable["Settlement"]) -> None:
    """Add settlements to the sums, in the transaction that notes them."""
    speeds: defaultdict[tuple[str, str, str, int], list[float]] = defaultdict(lambda: [0, 0.0])
    fields: defaultdict[tuple[str, str, str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for each in settled:
        day = day_of(each.at)
        step = NOT_TIMED if each.seconds is None else int(each.seconds / STEP_S)
        for agency in _counted_for(each.agency):
            speed = speeds[agency, day, each.account, step]
            speed[0] += 1
            speed[1] += each.seconds or 0.0
            field = fields[agency, day, each.paper_type, each.field, int(each.sampled)]
            field[0] += 1
            field[1] += each.machine_right
    _add(desk, connection, settled_speeds, [(*name, *sums) for name, sums in speeds.items()])
    _add(desk, connection, settled_fields, [(*name, *sums) for name, sums in fields.items()])


def day_of(at: datetime) -> str:
    """Return the day in Viet Nam, ISO 8601."""
    return at.astimezone(VIET_NAM).date().isoformat()


def _counted_for(agency: str | None) -> Iterator[str]:
    """Yield everybody, the agencies above an agency, and the agency."""
    yield EVERYBODY
    parts = agency.split(".") if agency else []
    for depth in range(1, len(parts) + 1):
        yield ".".join(parts[:depth])


def _add(desk: Database, connection: Connection, table: Table, rows: list[tuple[object, ...]]) -> None:
    if not rows:
        return
    names = [column.name for column in table.c]
    statement = desk.insert(table)
    sums = {column.name: column + statement.excluded[column.name] for column in table.c if not column.primary_key}
    # Always in the same order: two writers that lock the same rows in different orders would block each other.
    values = [dict(zip(names, row, strict=True)) for row in sorted(rows)]
    desk.enter(connection, statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=sums), values)
