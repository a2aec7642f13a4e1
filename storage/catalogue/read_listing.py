"""Lists of the read log, newest first, as an inspector narrows them; and how often what was done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from storage.catalogue.projection import time_text
from storage.catalogue.questions import read_columns
from storage.catalogue.queue import Place
from storage.catalogue.rows import ReadRow
from storage.catalogue.tables import reads


@dataclass(frozen=True, slots=True)
class ReadsMeant:
    """Which entries of the read log are meant.

    Attributes:
        begin: The first moment that counts.
        end: The first moment after it that does not count.
        agency: Readers of this agency and the units under it; None: of every agency, and those of none.
        reader: Account of who read; None: anybody.
        kinds: Values of `storage.read_log.entry.ReadKind`; empty: any.
        refused_only: True for lookups that found a paper which was not good enough.
    """

    begin: datetime
    end: datetime
    agency: str | None = None
    reader: str | None = None
    kinds: Collection[str] = ()
    refused_only: bool = False

    def has(self, row: ReadRow) -> bool:
        """True for an entry that is meant: of what the catalogue does not have yet."""
        return (
            self.begin <= row.at < self.end
            and (self.agency is None or f"{row.agency}.".startswith(f"{self.agency}."))
            and self.reader in {None, row.reader}
            and (not self.kinds or row.kind in self.kinds)
            and (not self.refused_only or row.refused > 0)
        )


@dataclass(frozen=True, slots=True)
class ReadCount:
    """How often something was done, and how often a paper was found on the way that was not good enough."""

    kind: str
    count: int
    refused: int


def page(meant: ReadsMeant, before: Place | None, limit: int) -> Select[Any]:
    """Return a query of entries, newest first, after the place where the page before ended."""
    query = select(*read_columns).where(*_conditions(meant))
    if before is not None:
        at, name = time_text(before.since), before.name
        query = query.where(reads.c.at <= at, or_(reads.c.at < at, and_(reads.c.at == at, reads.c.entry_id < name)))
    return query.order_by(reads.c.at.desc(), reads.c.entry_id.desc()).limit(limit)


def counts(meant: ReadsMeant) -> Select[Any]:
    """Return a query of how often each kind of thing was done."""
    refused = func.count().filter(reads.c.refused > 0)
    counted = select(reads.c.kind, func.count().label("count"), refused.label("refused"))
    return counted.where(*_conditions(meant)).group_by(reads.c.kind)


def _conditions(meant: ReadsMeant) -> list[ColumnElement[bool]]:
    conditions = [reads.c.at >= time_text(meant.begin), reads.c.at < time_text(meant.end)]
    if meant.agency is not None:
        # Units follow their agency after a dot, which sorts right before the slash.
        under = and_(reads.c.agency > f"{meant.agency}.", reads.c.agency < f"{meant.agency}/")
        conditions.append(or_(reads.c.agency == meant.agency, under))
    if meant.reader is not None:
        conditions.append(reads.c.reader == meant.reader)
    if meant.kinds:
        conditions.append(reads.c.kind.in_(sorted(meant.kinds)))
    if meant.refused_only:
        conditions.append(reads.c.refused > 0)
    return conditions
