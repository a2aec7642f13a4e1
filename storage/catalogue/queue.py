"""What stewards page through: the records that wait, oldest first, how many there are; and dossiers, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, func, literal_column, or_, select

from storage.catalogue.projection import time_text
from storage.catalogue.questions import dossier_columns, record_columns
from storage.catalogue.tables import dossiers, records

# Written out: databases use a partial index only for a condition that they see when they plan.
_ONE: ColumnElement[int] = literal_column("1")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in what is paged through: that of the last row of a page; `name` is its record or dossier segment."""

    since: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Which waiting records are meant.

    Attributes:
        agency: Those of this agency and the units under it; None: of every agency, and those of none.
        paper_type: Those of this type; None: of every type.
    """

    agency: str | None = None
    paper_type: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many records of one type wait at one agency."""

    agency: str | None
    paper_type: str
    count: int


def page(chosen: Waiting, after: Place | None, limit: int) -> Select[Any]:
    """Return a query of the records that wait for longest, oldest first."""
    query = select(*record_columns).where(*_conditions(chosen))
    if after is not None:
        made, name = time_text(after.since), after.name
        # The first half lets the index find the place; a comparison of pairs is not used by every database.
        later = or_(records.c.created_at > made, and_(records.c.created_at == made, records.c.record_id > name))
        query = query.where(records.c.created_at >= made, later)
    return query.order_by(records.c.created_at, records.c.record_id).limit(limit)


def counts(chosen: Waiting) -> Select[Any]:
    """Return a query of how many wait, by agency and paper type."""
    return (
        select(records.c.agency, records.c.paper_type, func.count().label("count"))
        .where(*_conditions(chosen))
        .group_by(records.c.agency, records.c.paper_type)
    )


def newest_dossiers(agency: str | None, before: Place | None, limit: int) -> Select[Any]:
    """Return a query of dossiers, newest first, of an agency and the units under it when given."""
    query = select(*dossier_columns)
    if agency is not None:
        query = query.where(_is_under(dossiers.c.agency, agency))
    if before is not None:
        made = time_text(before.since)
        same_time = and_(dossiers.c.created_at == made, dossiers.c.dossier_segment < before.name)
        query = query.where(dossiers.c.created_at <= made, or_(dossiers.c.created_at < made, same_time))
    return query.order_by(dossiers.c.created_at.desc(), dossiers.c.dossier_segment.desc()).limit(limit)


def _is_under(column: Column[Any], agency: str) -> ColumnElement[bool]:
    # Units follow their agency after a dot, which sorts right before the slash: one range, which an index can give,
    # holds the agency and its units and no namesake.
    return and_(column >= agency, column < f"{agency}/")


def _conditions(chosen: Waiting) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [records.c.waits == _ONE]
    if chosen.paper_type is not None:
        conditions.append(records.c.paper_type == chosen.paper_type)
    if chosen.agency is not None:
        conditions.append(_is_under(records.c.agency, chosen.agency))
    return conditions
