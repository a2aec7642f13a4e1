"""Legal holds: what may not be erased, by whose order and until when (schema `sohoa.hold/1`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from storage.keys import HOLDS_PREFIX
from storage.objects import ObjectStore
from storage.rights.cases import Case, Cases


class HoldState(StrEnum):
    """Whether a hold is in force; one whose last day is over is not, whatever this says."""

    ACTIVE = "active"
    RELEASED = "released"


class Hold(Case):
    """An order to keep: of all papers of a person, of one record, or of one dossier.

    Attributes:
        state: See `HoldState`.
        subject_key: The person, by keyed hash; or None.
        record_id: The record; or None.
        dossier_segment: The dossier; or None.
        by: Who entered it.
        reason: Why, with the order it rests on. Never a name or an identifier of the person.
        at: When it was entered.
        until: Its last day; None: until it is released.
        released_by: Who released it.
        released_at: When.
        release_reason: Why.
    """

    schema_: Literal["sohoa.hold/1"] = Field(default="sohoa.hold/1", alias="schema")
    state: HoldState = HoldState.ACTIVE
    subject_key: str | None = None
    record_id: str | None = None
    dossier_segment: str | None = None
    by: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    at: AwareDatetime
    until: date | None = None
    released_by: str | None = None
    released_at: AwareDatetime | None = None
    release_reason: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        scopes = (self.subject_key, self.record_id, self.dossier_segment)
        if sum(scope is not None for scope in scopes) != 1:
            raise ValueError("a hold is on one person, one record or one dossier")
        return self

    def is_in_force(self, today: date) -> bool:
        """True when it forbids erasing today."""
        return self.state is HoldState.ACTIVE and (self.until is None or today <= self.until)


def holds_in(store: ObjectStore) -> Cases[Hold]:
    """Return all holds of a store."""
    return Cases(store, HOLDS_PREFIX, Hold)


@dataclass(frozen=True, slots=True)
class Holds:
    """The holds in force."""

    in_force: tuple[Hold, ...]

    @classmethod
    def on(cls, holds: Iterable[Hold], today: date) -> Self:
        """Return those of `holds` that are in force today."""
        return cls(tuple(hold for hold in holds if hold.is_in_force(today)))

    def keeping(self, record_id: str, dossier_segment: str, subject_keys: Iterable[str]) -> Hold | None:
        """Return a hold that keeps the record of these persons in this dossier; None when there is none."""
        keys = set(subject_keys)
        return next(
            (
                hold
                for hold in self.in_force
                if hold.record_id == record_id
                or hold.dossier_segment == dossier_segment
                or (hold.subject_key is not None and hold.subject_key in keys)
            ),
            None,
        )
