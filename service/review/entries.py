"""What a person entered in the fields of a task: what the kinds of the fields make of it."""

from collections.abc import Iterable, Mapping

from extractors.person_settlement import confirmed, corrected
from extractors.record import ExtractedField, FieldStatus, FieldValue
from ocr.problem import Code, SohoaError
from service.review.tasks import Task
from storage.desk.drafts import Action, FieldEntry

# A field that the record lacks, before a person fills it in.
NEVER_READ = ExtractedField(status=FieldStatus.MISSING)


class FieldsRefused(Exception):
    """Values that the kinds of their fields refuse."""

    def __init__(self, reasons: dict[str, str]) -> None:
        """Keep the machine reason of each field."""
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def check_names(task: Task, names: Iterable[str]) -> None:
    """Check that the record has, or may have, fields of these names.

    Raises:
        SohoaError: `DECISION_INVALID` naming those it has not.
    """
    known = task.fields()
    strange = [name for name in names if name not in known]
    if strange:
        raise SohoaError(Code.DECISION_INVALID, field=", ".join(strange), detail="no field of this record")


def typed_field(task: Task, name: str, entry: FieldEntry, account: str) -> ExtractedField:
    """Return a field as an entry leaves it.

    Raises:
        ValueError: With the machine reason why the value is refused.
    """
    field, declared = task.record.fields.get(name, NEVER_READ), task.declared(name)
    if entry.action is Action.CONFIRM:
        return confirmed(field, account)
    if declared is None:
        raise ValueError("paper-type-unknown")
    return corrected(field, declared.kind, entry.typed, account)


def settled_fields(task: Task, entries: Mapping[str, FieldEntry], account: str) -> dict[str, ExtractedField]:
    """Return the fields as the entries leave them.

    Raises:
        FieldsRefused: With every field whose value is refused.
        SohoaError: `DECISION_INVALID` for a field the record has not.
    """
    check_names(task, entries)
    settled, refused = {}, {}
    for name, entry in entries.items():
        try:
            settled[name] = typed_field(task, name, entry, account)
        except ValueError as error:
            refused[name] = str(error)
    if refused:
        raise FieldsRefused(refused)
    return settled


def value_entered(task: Task, name: str, field: ExtractedField, entry: FieldEntry, account: str) -> FieldValue:
    """Return the value an entry gives a field; where its kind refuses what was typed, that as it was typed."""
    if entry.action is Action.CONFIRM:
        return field.value
    declared = task.declared(name)
    if declared is None:
        return entry.typed
    try:
        return corrected(field, declared.kind, entry.typed, account).value
    except ValueError:
        return entry.typed


def entered(fields: Mapping[str, FieldEntry]) -> tuple[dict[str, FieldValue], list[str]]:
    """Return what `storage.decisions.correct` takes: values by field, and the fields that are confirmed."""
    values = {name: entry.typed for name, entry in fields.items() if entry.action is not Action.CONFIRM}
    return values, [name for name, entry in fields.items() if entry.action is Action.CONFIRM]
