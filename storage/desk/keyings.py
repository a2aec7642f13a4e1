"""Keyings: who keyed which critical field of a record, and what, until the record is decided on.

The first keying is what a steward settled; the second is keyed blind by another person; where the two differ a third
person adjudicates. What the field holds stands in the record; here stands only what may not be released yet.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Update, and_, bindparam, delete, or_, select, update

from extractors.record import FieldValue
from storage.database import Database
from storage.desk.tables import keyings
from storage.desk.times import as_text

FIRST, SECOND, THIRD = 1, 2, 3
# Asked for every task that is looked at, mostly in vain: composed once.
_OF_RECORD = (
    select(keyings)
    .where(keyings.c.record_id == bindparam("record"), keyings.c.closed == 0)
    .order_by(keyings.c.field, keyings.c.ordinal)
)


@dataclass(frozen=True, slots=True)
class Keying:
    """One person's word on one critical field.

    Attributes:
        record_id: The record.
        field: Its field.
        ordinal: `FIRST`, `SECOND` or `THIRD`.
        account: Who keyed it.
        value: What was keyed; None: the paper carries none, or the keying is closed.
        agrees: Of the second and third: whether it says the same as the first.
        closed: True when the record was decided on.
        at: When, ISO 8601 in UTC.
    """

    record_id: str
    field: str
    ordinal: int
    account: str
    value: FieldValue
    agrees: bool | None
    closed: bool
    at: str


class Keyings:
    """The keyings of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def of(self, record_id: str) -> Sequence[Keying]:
        """Return the open keyings of a record, by field and ordinal."""
        with self._desk.asking() as connection:
            rows = connection.execute(_OF_RECORD, {"record": record_id}).mappings().all()
        return tuple(_keying(dict(row)) for row in rows)

    def of_many(self, record_ids: Collection[str]) -> dict[str, Sequence[Keying]]:
        """Return the open keyings of several records, by record; those without any are not in it."""
        if not record_ids:
            return {}
        wanted = select(keyings).where(keyings.c.record_id.in_(list(record_ids)), keyings.c.closed == 0)
        wanted = wanted.order_by(keyings.c.record_id, keyings.c.field, keyings.c.ordinal)
        found: dict[str, list[Keying]] = {}
        with self._desk.asking() as connection:
            for row in connection.execute(wanted).mappings():
                found.setdefault(row["record_id"], []).append(_keying(dict(row)))
        return dict(found)

    def confirmed(self, record_id: str) -> frozenset[str]:
        """Return the fields of a record that was decided on which a second person keyed alike, or a third settled."""
        wanted = select(keyings.c.field).where(keyings.c.record_id == record_id, keyings.c.closed == 1)
        wanted = wanted.where(or_(keyings.c.ordinal == THIRD, and_(keyings.c.ordinal == SECOND, keyings.c.agrees == 1)))
        with self._desk.asking() as connection:
            return frozenset(connection.execute(wanted).scalars())

    def records_of(self, account: str) -> frozenset[str]:
        """Return the records with open keyings by this account: those it may not key a second time."""
        wanted = select(keyings.c.record_id).where(keyings.c.account == account, keyings.c.closed == 0).distinct()
        with self._desk.asking() as connection:
            return frozenset(connection.execute(wanted).scalars())

    def key_first(self, record_id: str, account: str, values: Mapping[str, FieldValue]) -> None:
        """Note the first keying of fields, in place of whatever was noted of them before."""
        rows = [
            self._row(record_id, name, FIRST, account, value, agrees=None) for name, value in sorted(values.items())
        ]
        if not rows:
            return
        with self._desk.writing() as connection:
            connection.execute(
                delete(keyings).where(keyings.c.record_id == record_id, keyings.c.field.in_(list(values)))
            )
            self._desk.enter(connection, self._desk.insert(keyings), rows)

    def key_again(
        self, record_id: str, ordinal: int, account: str, values: Mapping[str, FieldValue], agrees: Mapping[str, bool]
    ) -> bool:
        """Note the second or third keying of fields, all or none; the same account may repeat it.

        Returns:
            False where another account was faster.
        """
        rows = [
            self._row(record_id, name, ordinal, account, value, agrees=agrees[name])
            for name, value in sorted(values.items())
        ]
        there = select(keyings.c.account).where(
            keyings.c.record_id == record_id, keyings.c.field.in_(list(values)), keyings.c.ordinal == ordinal
        )
        entered = self._desk.insert(keyings)
        changed = {name: entered.excluded[name] for name in ("value", "agrees", "at", "closed")}
        mine = entered.on_conflict_do_update(
            index_elements=["record_id", "field", "ordinal"], set_=changed, where=keyings.c.account == account
        )
        with self._desk.writing() as connection:
            self._desk.enter(connection, mine, rows)
            is_mine = set(connection.execute(there).scalars()) == {account}
            if not is_mine:
                connection.rollback()
        return is_mine

    def close(self, record_id: str) -> None:
        """Note that the record was decided on; what was keyed goes, who agreed with whom stays."""
        with self._desk.writing() as connection:
            connection.execute(closing(record_id))

    def forget(self, record_id: str) -> None:
        """Remove everything noted of a record."""
        with self._desk.writing() as connection:
            connection.execute(delete(keyings).where(keyings.c.record_id == record_id))

    @staticmethod
    def _row(
        record_id: str, name: str, ordinal: int, account: str, value: FieldValue, *, agrees: bool | None
    ) -> dict[str, Any]:
        return {
            "record_id": record_id,
            "field": name,
            "ordinal": ordinal,
            "account": account,
            "value": json.dumps(value, ensure_ascii=False),
            "agrees": None if agrees is None else int(agrees),
            "closed": 0,
            "at": as_text(datetime.now(UTC)),
        }


def closing(record_id: str) -> Update:
    """Return the statement of `Keyings.close`."""
    mine = update(keyings).where(keyings.c.record_id == record_id, keyings.c.closed == 0)
    return mine.values(closed=1, value=None)


def _keying(row: dict[str, Any]) -> Keying:
    agrees, value = row["agrees"], row["value"]
    return Keying(
        **{
            **row,
            "value": json.loads(value) if value is not None else None,
            "agrees": None if agrees is None else bool(agrees),
            "closed": bool(row["closed"]),
        }
    )
