"""Settlements: one line for each field that a person settled, for the board. Without values, without persons' names."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from storage.database import Database
from storage.desk import settled_sums
from storage.desk.tables import settlements
from storage.desk.times import as_text


class SettlementKind(StrEnum):
    """What a person made of the machine's value: let it stand, took what another reader saw, typed, or said: none."""

    CONFIRMED = "confirmed"
    PROPOSED = "proposed"
    TYPED = "typed"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Settlement:
    """One field that a person settled.

    Attributes:
        at: The time of the decision.
        record_id: The record.
        paper_type: Its type.
        field: The field.
        agency: Whose record it is, or None.
        account: Who settled it.
        kind: See `SettlementKind`.
        seconds: How long it took, or None.
        machine_right: True: what the machine held was right.
        sampled: True: the machine had accepted it, and it was looked at as a sample.
    """

    at: datetime
    record_id: str
    paper_type: str
    field: str
    agency: str | None
    account: str
    kind: SettlementKind
    seconds: float | None
    machine_right: bool
    sampled: bool


class Settlements:
    """The settlements of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def note(self, settled: Sequence[Settlement]) -> None:
        """Note what one decision settled, also in the sums; a decision that is noted already is not counted twice."""
        if settled:
            with self._desk.writing() as connection:
                enter(self._desk, connection, settled)


def enter(desk: Database, connection: Connection, settled: Sequence[Settlement]) -> None:
    """Do what `Settlements.note` does, in a transaction of the caller's."""
    if not settled:
        return
    first = settled[0]
    there = select(settlements.c.seq).where(
        settlements.c.record_id == first.record_id,
        settlements.c.field.in_([each.field for each in settled]),
        settlements.c.at == as_text(first.at),
    )
    if connection.execute(there.limit(1)).first() is None:
        connection.execute(settlements.insert(), [_values(each) for each in settled])
        settled_sums.add(desk, connection, settled)


def _values(settled: Settlement) -> dict[str, Any]:
    return {
        **asdict(settled),
        "at": as_text(settled.at),
        "kind": settled.kind.value,
        "machine_right": int(settled.machine_right),
        "sampled": int(settled.sampled),
    }
