"""Which records were revised lately, and all of them in portions: what the changes feed is made from."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from extractors.record import RecordState
from storage.catalogue.catalogue import Catalogue
from storage.catalogue.projection import record_row, time_text
from storage.catalogue.questions import record_columns
from storage.catalogue.rows import RecordRow
from storage.catalogue.tables import records

_ROWS_AT_A_TIME = 500


def revised_since(catalogue: Catalogue, moment: datetime) -> tuple[RecordRow, ...]:
    """Return the records whose latest revision was made at that moment or later, the earliest first."""
    made = time_text(moment)
    with catalogue.filling.database.asking() as connection:
        # One question for each state: the index begins with it.
        found = [
            row._asdict()
            for state in RecordState
            for row in connection.execute(
                select(*record_columns).where(records.c.state == state.value, records.c.created_at >= made)
            )
        ]
    rows = (record_row(values) for values in found)
    return tuple(sorted(rows, key=lambda row: (row.created_at, row.record_id)))


def all_records(catalogue: Catalogue) -> Iterator[tuple[RecordRow, ...]]:
    """Yield all records in portions, by their identifiers, each portion as it is when it is asked for."""
    after = ""
    while True:
        query = select(*record_columns).where(records.c.record_id > after).order_by(records.c.record_id)
        with catalogue.filling.database.asking() as connection:
            found = connection.execute(query.limit(_ROWS_AT_A_TIME)).all()
        if not found:
            return
        yield tuple(record_row(row._asdict()) for row in found)
        after = found[-1].record_id
