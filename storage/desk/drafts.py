"""Drafts: what a person has entered in a task and not settled yet. One for each person and task."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from sqlalchemy import Delete, delete, select

from extractors.record import FieldValue
from ocr.stored import Stored
from storage.database import Database
from storage.desk.tables import drafts
from storage.desk.times import as_text

_LONGEST_VALUE = 4000
FieldName = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,63}$")]


class Action(StrEnum):
    """What a person makes of a field: right as it is, another value, or the paper carries none."""

    CONFIRM = "confirm"
    SET = "set"
    BLANK = "blank"


class FieldEntry(Stored):
    """What a person entered for one field.

    Attributes:
        action: See `Action`.
        value: With `set`, as printed or in the form records hold.
        seconds: How long the person took, for the board.
        page: Index of the page that was looked at, from 0; None: not told.
    """

    action: Action
    value: Annotated[str, Field(max_length=_LONGEST_VALUE)] | list[str] | None = None
    seconds: Annotated[float, Field(ge=0, le=86_400)] | None = None
    page: Annotated[int, Field(ge=0, le=9999)] | None = None

    @property
    def typed(self) -> FieldValue:
        """The value with `set`, else None."""
        return self.value if self.action is Action.SET else None


class Draft(Stored):
    """What one person has entered in one task, and the revision that was looked at."""

    revision: Annotated[int, Field(ge=1)]
    fields: dict[FieldName, FieldEntry] = Field(default_factory=dict, max_length=200)


class Drafts:
    """The drafts of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def keep(self, record_id: str, account: str, draft: Draft) -> None:
        """Keep a draft in place of the one before."""
        row = {
            "record_id": record_id,
            "account": account,
            "revision": draft.revision,
            "content": draft.model_dump_json(exclude={"revision"}),
            "changed_at": as_text(datetime.now(UTC)),
        }
        statement = self._desk.insert(drafts)
        changed = {name: statement.excluded[name] for name in ("revision", "content", "changed_at")}
        replace = statement.on_conflict_do_update(index_elements=["record_id", "account"], set_=changed)
        with self._desk.writing() as connection:
            self._desk.enter(connection, replace, [row])

    def find(self, record_id: str, account: str) -> Draft | None:
        """Return the draft of a person, or None where there is none."""
        wanted = select(drafts.c.revision, drafts.c.content).where(
            drafts.c.record_id == record_id, drafts.c.account == account
        )
        with self._desk.asking() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return None
        return Draft.model_validate({**json.loads(row.content), "revision": row.revision})

    def forget(self, record_id: str) -> None:
        """Remove every draft of a task, whoever's: nobody has to work on it any more."""
        with self._desk.writing() as connection:
            connection.execute(delete(drafts).where(drafts.c.record_id == record_id))


def dropping(record_id: str, account: str) -> Delete:
    """Return the statement that removes the draft of a person."""
    return delete(drafts).where(drafts.c.record_id == record_id, drafts.c.account == account)
