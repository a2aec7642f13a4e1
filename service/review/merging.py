"""Saving on a revision that is no longer the latest: what was mine already, and what others made of the same fields."""

from extractors.record import DecisionKind
from service.review.entries import NEVER_READ, value_entered
from service.review.proposals import same
from service.review.requests import Conflict, SettleRequest
from service.review.tasks import Mode, Task
from storage.desk.drafts import FieldEntry
from storage.objects import ObjectStore
from storage.records import load_record

_OWN = frozenset({DecisionKind.CORRECT, DecisionKind.APPROVE, DecisionKind.REOPEN})


class Overtaken(Exception):
    """Others decided meanwhile on the revision that was looked at; nothing was written."""

    def __init__(self, task: Task, conflicts: tuple[Conflict, ...]) -> None:
        """Keep the task as it is now and the fields that two people settled differently."""
        super().__init__(task.record.record_id)
        self.task = task
        self.conflicts = conflicts


def is_done(store: ObjectStore, task: Task, request: SettleRequest, account: str) -> bool:
    """True when everything since the revision looked at is this account's, and all that is asked is in place.

    So it is when an answer was lost, or the service was killed between two revisions: asking again goes on from there.
    """
    record = task.record
    if record.revision <= request.revision:
        return False
    for revision in range(request.revision + 1, record.revision + 1):
        each = record if revision == record.revision else load_record(store, record.record_id, revision)
        if each is None or each.decision is None or each.decision.by != account or each.decision.kind not in _OWN:
            return False
    return all(_is_in_place(task, name, entry, account) for name, entry in request.fields.items())


def conflicts_of(store: ObjectStore, task: Task, request: SettleRequest, account: str) -> tuple[Conflict, ...]:
    """Return the fields the request settles otherwise than others did since the revision it was made on.

    To who keys blind nothing is told.
    """
    before = load_record(store, task.record.record_id, request.revision)
    if before is None or task.mode is Mode.SECOND:
        return ()
    found = []
    for name, entry in request.fields.items():
        was, now = before.fields.get(name, NEVER_READ), task.record.fields.get(name, NEVER_READ)
        if (was.value, was.decided_by) == (now.value, now.decided_by):
            continue
        yours = value_entered(task, name, was, entry, account)
        if not same(task.declared(name), name, yours, now.value):
            found.append(Conflict(name, yours, now.value, was.value))
    return tuple(found)


def _is_in_place(task: Task, name: str, entry: FieldEntry, account: str) -> bool:
    field = task.record.fields.get(name)
    if field is None or not field.accepted:
        return False
    return same(task.declared(name), name, field.value, value_entered(task, name, field, entry, account))
