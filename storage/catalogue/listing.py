"""Lists of records by what the catalogue tells, in the order of their identifiers.

That order never changes: who goes through a list while records come and change sees each one that was there all the
time exactly once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from extractors.record import RecordState
from storage.catalogue.projection import time_text
from storage.catalogue.questions import record_columns
from storage.catalogue.tables import records


@dataclass(frozen=True, slots=True)
class Listed:
    """Which records are meant.

    Attributes:
        states: Those in one of these states; empty: in any.
        paper_type: Those of this type; None: of every type.
        agency: Those of this agency and the units under it; None: of every agency, and those of none.
        updated_since: Those whose latest revision was made then or later, with its zone; None: all.
    """

    states: Collection[RecordState] = ()
    paper_type: str | None = None
    agency: str | None = None
    updated_since: datetime | None = None


def page(chosen: Listed, after: str, limit: int) -> Select[Any]:
    """Return a query of the records after the one named `after` ("": from the first), at most `limit`."""
    query = select(*record_columns).where(records.c.record_id > after)
    if chosen.states:
        query = query.where(records.c.state.in_(sorted(state.value for state in chosen.states)))
    if chosen.paper_type is not None:
        query = query.where(records.c.paper_type == chosen.paper_type)
    if chosen.agency is not None:
        # Units follow their agency after a dot; the sign after the dot ends them, as texts sort by code points.
        under = and_(records.c.agency > f"{chosen.agency}.", records.c.agency < f"{chosen.agency}/")
        query = query.where(or_(records.c.agency == chosen.agency, under))
    if chosen.updated_since is not None:
        query = query.where(records.c.created_at >= time_text(chosen.updated_since))
    return query.order_by(records.c.record_id).limit(limit)
