"""Answers that are kept so that a request sent again, because its answer was lost, does not do its work twice.

A row is made before the work begins and holds no answer until it is done. Whoever sends the same key meanwhile is told
to wait; after a minute the process that began is taken for dead, and the next to ask does the work. That one is told
that it may have been done before (`Begun.again`): only the caller can find out whether it was.
"""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.tables import idempotency
from storage.desk.times import as_text

KEPT = timedelta(hours=24)
# Longer than a request waits for any lock.
TAKEN_FOR_DEAD = timedelta(minutes=1)
_CLEARED_EVERY_S = 600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered; `body` is not shown by `repr`."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """The right to do the work of one request, until `finish` or `give_up`.

    Attributes:
        caller: Account of who asks.
        key: The key they chose.
        at: When it was begun; tells this attempt from one that takes it over.
        again: True when an attempt before this one may have done the work.
    """

    caller: str
    key: str
    at: str
    again: bool = False


class Idempotency:
    """The kept answers of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    # Of all desks of a process: when old answers were removed last.
    _cleared_at = -_CLEARED_EVERY_S
    _clearing = threading.Lock()

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def begin(self, caller: str, key: str, request_hash: str) -> Begun | Answer:
        """Return the answer that was given, or the right to do the work.

        Args:
            caller: Account of who asks; keys of different callers have nothing to do with each other.
            key: What the caller chose.
            request_hash: Tells requests apart without keeping them.

        Raises:
            SohoaError: `KEY_REUSED` when the key stands for another request; `REQUEST_UNDER_WAY`, retryable.
        """
        now = datetime.now(UTC)
        self._clear(now)
        begun = Begun(caller, key, as_text(now))
        row = {
            "caller": caller, "key": key, "request_hash": request_hash, "status": None, "media_type": None,
            "headers": None, "body": None, "at": begun.at,
        }  # fmt: skip
        fresh = self._desk.insert(idempotency).on_conflict_do_nothing().returning(idempotency.c.key)
        with self._desk.writing() as connection:
            if self._desk.enter(connection, fresh, [row]).first() is not None:
                return begun
            mine = (idempotency.c.caller == caller) & (idempotency.c.key == key)
            kept = connection.execute(select(idempotency).where(mine)).mappings().one()
            if kept["at"] < as_text(now - KEPT):
                anew = {"request_hash": request_hash, "status": None, "body": None, "at": begun.at}
                connection.execute(update(idempotency).where(mine).values(anew))
                return begun
            if kept["request_hash"] != request_hash:
                raise SohoaError(Code.KEY_REUSED, field="Idempotency-Key")
            if kept["status"] is not None:
                return Answer(kept["status"], kept["media_type"], json.loads(kept["headers"]), bytes(kept["body"]))
            if kept["at"] >= as_text(now - TAKEN_FOR_DEAD):
                raise SohoaError(Code.REQUEST_UNDER_WAY, field="Idempotency-Key", retryable=True)
            # Of several who would take it over one alone finds it as it was.
            taken = connection.execute(update(idempotency).where(mine, _as_begun(kept["at"])).values(at=begun.at))
            if taken.rowcount != 1:
                raise SohoaError(Code.REQUEST_UNDER_WAY, field="Idempotency-Key", retryable=True)
        return Begun(caller, key, begun.at, again=True)

    def finish(self, begun: Begun, answer: Answer) -> None:
        """Keep the answer for whoever sends the request again."""
        values = {
            "status": answer.status,
            "media_type": answer.media_type,
            "headers": json.dumps(dict(answer.headers)),
            "body": answer.body,
        }
        with self._desk.writing() as connection:
            connection.execute(update(idempotency).where(_mine(begun)).values(values))

    def give_up(self, begun: Begun, *, may_be_done: bool) -> None:
        """Let the request be sent again at once: nothing was done, or it is not known (`may_be_done`)."""
        with self._desk.writing() as connection:
            if may_be_done:
                dead = as_text(datetime.now(UTC) - TAKEN_FOR_DEAD - timedelta(seconds=1))
                connection.execute(update(idempotency).where(_mine(begun)).values(at=dead))
            else:
                connection.execute(delete(idempotency).where(_mine(begun)))

    def _clear(self, now: datetime) -> None:
        with self._clearing:
            if time.monotonic() - Idempotency._cleared_at < _CLEARED_EVERY_S:
                return
            Idempotency._cleared_at = time.monotonic()
        with self._desk.writing() as connection:
            connection.execute(delete(idempotency).where(idempotency.c.at < as_text(now - KEPT)))


def _mine(begun: Begun) -> Any:
    return (idempotency.c.caller == begun.caller) & (idempotency.c.key == begun.key) & _as_begun(begun.at)


def _as_begun(at: str) -> Any:
    return (idempotency.c.at == at) & idempotency.c.status.is_(None)
