"""Deciding on records without the steward's desk in between, under the same rules as there.

Nobody decides on a record that somebody else is working on, and what two people have to key is keyed at the desk.
Decisions are persons' acts: no system has the roles for them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from extractors.person_settlement import corrected
from extractors.record import DecisionKind, ExtractedField, FieldStatus, FieldValue, Record, RecordState
from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.keying import to_key_again
from service.review.tasks import Task, load_task
from service.roles import Principal, Role
from storage import decisions
from storage.acts import Act
from storage.records import load_record

_NEVER_READ = ExtractedField(status=FieldStatus.MISSING)


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided on.

    Attributes:
        office: The office.
        caller: Who decides.
        record_id: The record.
        revision: The revision that was looked at.
        act: Who, when, why.
    """

    office: Office
    caller: Principal
    record_id: str
    revision: int
    act: Act = field(repr=False)

    def task(self) -> Task:
        """Return the record as the caller finds it; nobody works on it.

        Raises:
            SohoaError: `RECORD_UNKNOWN`, `RECORD_CHANGED`, `TASK_TAKEN`.
        """
        task = load_task(self.office, self.caller, self.record_id)
        if task.record.revision != self.revision:
            detail = f"{self.record_id}: revision {self.revision} expected, {task.record.revision} is there"
            raise SohoaError(Code.RECORD_CHANGED, detail=detail)
        if self.office.leases.holder(self.record_id) is not None:
            raise SohoaError(Code.TASK_TAKEN, detail=self.record_id)
        return task


def approve(decided: Decided) -> Record:
    """Sign the record off.

    Raises:
        SohoaError: As `Decided.task`; `SECOND_KEYING_NEEDED` while a critical field waits for another person;
            `DECISION_INVALID` naming the fields that are still doubtful.
    """
    _check_keyed(decided.task())
    office = decided.office
    record = decisions.approve(
        office.store, office.catalogue, decided.record_id, decided.revision, decided.act, office.paper_types
    )
    office.keyings.close(decided.record_id)
    office.drafts.forget(decided.record_id)
    return record


def correct(decided: Decided, values: Mapping[str, FieldValue], confirm: Collection[str]) -> Record:
    """Change values, or confirm fields as they are; the state stays.

    Raises:
        SohoaError: As `Decided.task`; `SECOND_KEYING_NEEDED` for a critical field that two people have to key;
            `DECISION_INVALID` naming every field whose value its kind refuses.
    """
    task = decided.task()
    _check_keyed(task)
    office = decided.office
    again = to_key_again(office.settings.second_keying, task.record, task.paper_type, _typed(task, values))
    if again:
        detail = "a critical field: two people key it at the desk"
        raise SohoaError(Code.SECOND_KEYING_NEEDED, field=", ".join(again), detail=detail)
    record = decisions.correct(
        office.store,
        office.catalogue,
        decided.record_id,
        decided.revision,
        decided.act,
        office.paper_types,
        values,
        confirm,
    )
    office.drafts.forget(decided.record_id)
    return record


def check_may_undo(decided: Decided) -> None:
    """Make sure that who takes back a decision may: an approved record is undone by a supervisor.

    Raises:
        SohoaError: `NOT_ALLOWED`; as `Decided.task`.
    """
    record = decided.task().record
    if record.state is RecordState.APPROVED and Role.SUPERVISOR not in decided.caller.roles:
        raise SohoaError(Code.NOT_ALLOWED, detail="an approved record is undone by a supervisor")


def done_before(decided: Decided, kind: DecisionKind) -> Record | None:
    """Return the revision that an attempt before this one made, whose answer was lost; else None."""
    made = load_record(decided.office.store, decided.record_id, decided.revision + 1)
    if made is None or made.decision is None:
        return None
    told = made.decision
    is_same = told.kind is kind and told.by == decided.act.by and told.reason == decided.act.reason.strip()
    return made if is_same and set(decided.act.evidence) <= set(told.evidence) else None


def _check_keyed(task: Task) -> None:
    if task.keyings:
        names = ", ".join(keying.field for keying in task.keyings)
        raise SohoaError(Code.SECOND_KEYING_NEEDED, field=names, detail="another person keys it at the desk")


def _typed(task: Task, values: Mapping[str, FieldValue]) -> dict[str, ExtractedField]:
    """Return the fields as the person leaves them; values that are refused are told later, all at once."""
    left: dict[str, ExtractedField] = {}
    for name, value in values.items():
        declared = task.declared(name)
        try:
            if declared is not None:
                left[name] = corrected(task.record.fields.get(name, _NEVER_READ), declared.kind, value, "?")
        except ValueError:
            continue
    return left
