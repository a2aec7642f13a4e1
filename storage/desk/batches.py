"""Batches on the desk: which are being sent, which wait for the runner. What was sent off is in `storage.batches`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from storage.batch import BatchState
from storage.batches import is_batch_id
from storage.database import Database
from storage.desk.tables import batches
from storage.desk.times import as_text


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch as the desk knows it; times are ISO 8601 in UTC.

    Attributes:
        batch_id: See `storage.batches.new_batch_id`.
        account: Who sends it.
        agency: For which agency, or None.
        procedure_code: Asked once for all of it, or None.
        dossier_code: Asked once for all of it, or None.
        state: See `BatchState`.
        created_at: When it was opened.
        submitted_at: When it was sent off.
        finished_at: When it was digitised or given up.
        attempts: How often digitising it was begun.
    """

    batch_id: str
    account: str
    agency: str | None
    procedure_code: str | None
    dossier_code: str | None
    state: BatchState
    created_at: str
    submitted_at: str | None
    finished_at: str | None
    attempts: int


class Batches:
    """The batches of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def open(
        self,
        batch_id: str,
        account: str,
        agency: str | None = None,
        procedure_code: str | None = None,
        dossier_code: str | None = None,
    ) -> BatchRow:
        """Keep a new batch, whose files are to come."""
        values = {
            "batch_id": batch_id,
            "account": account,
            "agency": agency,
            "procedure_code": procedure_code,
            "dossier_code": dossier_code,
            "state": BatchState.OPEN.value,
            "created_at": _now(),
            "attempts": 0,
        }
        with self._desk.writing() as connection:
            connection.execute(insert(batches).values(values))
        return batch_row({"submitted_at": None, "finished_at": None, **values})

    def find(self, batch_id: str) -> BatchRow | None:
        """Return a batch, or None where there is none."""
        if not is_batch_id(batch_id):
            return None
        found = self._rows(select(batches).where(batches.c.batch_id == batch_id))
        return found[0] if found else None

    def newest(
        self, *, account: str | None = None, agency: str | None = None, before: str | None = None, limit: int = 50
    ) -> Sequence[BatchRow]:
        """Return batches, the newest first.

        Args:
            account: Only those of this account.
            agency: Only those of this agency and the units under it.
            before: Only those opened before this time (`created_at` of the last row of the page before).
            limit: How many at most.
        """
        wanted = select(batches).order_by(batches.c.created_at.desc(), batches.c.batch_id).limit(limit)
        if account is not None:
            wanted = wanted.where(batches.c.account == account)
        if agency is not None:
            wanted = wanted.where(or_(batches.c.agency == agency, batches.c.agency.startswith(f"{agency}.")))
        if before is not None:
            wanted = wanted.where(batches.c.created_at < before)
        return self._rows(wanted)

    def unfinished(self) -> Sequence[BatchRow]:
        """Return what was sent off and is not digitised yet, in the order it came: what the runner has to do."""
        states = [BatchState.WAITING.value, BatchState.RUNNING.value]
        return self._rows(select(batches).where(batches.c.state.in_(states)).order_by(batches.c.submitted_at))

    def describe(self, batch_id: str, **values: str | None) -> bool:
        """Change `agency`, `procedure_code` or `dossier_code` of a batch that is open; False where it is not."""
        return self._changed(batch_id, (BatchState.OPEN,), values)

    def submit(self, batch_id: str) -> bool:
        """Send an open batch off: from now on the runner may take it. False where it is not open."""
        now = {"state": BatchState.WAITING.value, "submitted_at": _now()}
        return self._changed(batch_id, (BatchState.OPEN,), now)

    def begin(self, batch_id: str) -> bool:
        """Note that digitising is begun, for the first time or again; False where there is nothing to begin."""
        values = {"state": BatchState.RUNNING.value, "attempts": batches.c.attempts + 1}
        return self._changed(batch_id, (BatchState.WAITING, BatchState.RUNNING), values)

    def put_back(self, batch_id: str) -> bool:
        """Note that digitising was taken away from the batch, not ended by it: it waits, the attempt is not counted.

        False where it was not under way.
        """
        values = {"state": BatchState.WAITING.value, "attempts": batches.c.attempts - 1}
        return self._changed(batch_id, (BatchState.RUNNING,), values)

    def finish(self, batch_id: str, state: BatchState) -> bool:
        """Note that a batch is `DONE` or `FAILED`; False where it was not under way."""
        values = {"state": state.value, "finished_at": _now()}
        return self._changed(batch_id, (BatchState.WAITING, BatchState.RUNNING), values)

    def _changed(self, batch_id: str, states: Sequence[BatchState], values: dict[str, Any]) -> bool:
        mine = update(batches).where(batches.c.batch_id == batch_id, batches.c.state.in_([s.value for s in states]))
        with self._desk.writing() as connection:
            return connection.execute(mine.values(values)).rowcount == 1

    def _rows(self, wanted: Any) -> Sequence[BatchRow]:
        with self._desk.asking() as connection:
            return [batch_row(dict(row)) for row in connection.execute(wanted).mappings()]


def batch_row(values: dict[str, Any]) -> BatchRow:
    """Return the batch of these columns."""
    return BatchRow(**{**values, "state": BatchState(values["state"])})


def _now() -> str:
    return as_text(datetime.now(UTC))
