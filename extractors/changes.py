"""What changed from one revision of a record to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractors.record import ExtractedField, FieldValue, Record

_LINKS = ("supersedes", "superseded_by", "revocation", "paper_type")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; None: the revision has no such field."""

    name: str
    before: ExtractedField | None
    after: ExtractedField | None

    @property
    def values(self) -> tuple[FieldValue, FieldValue]:
        """The value before and after."""
        return (self.before.value if self.before else None, self.after.value if self.after else None)

    @property
    def is_other_value(self) -> bool:
        """False where only what is thought of the value changed: who settled it, or how sure it is."""
        before, after = self.values
        return before != after


def field_changes(before: Record | None, after: Record) -> tuple[FieldChange, ...]:
    """Return the fields that another value or another decision was made of, in the order of the record.

    Args:
        before: The revision before; None: there was none, and every field with a value is new.
        after: The revision itself.
    """
    olds = before.fields if before else {}
    names = dict.fromkeys((*olds, *after.fields))
    changes = (FieldChange(name, olds.get(name), after.fields.get(name)) for name in names)
    return tuple(change for change in changes if _stands(change.before) != _stands(change.after))


def other_changes(before: Record | None, after: Record) -> dict[str, tuple[Any, Any]]:
    """Return what else changed that people ask about: name → (before, after), as plain values."""
    olds = before.model_dump(mode="json", include=set(_LINKS)) if before else {}
    news = after.model_dump(mode="json", include=set(_LINKS))
    return {name: (olds.get(name), news[name]) for name in _LINKS if before and olds.get(name) != news[name]}


def history_as_json(revisions: Sequence[Record]) -> list[dict[str, Any]]:
    """Return the history for programs: of each revision its decision and what changed."""
    rows = []
    for before, record in zip((None, *revisions), revisions, strict=False):
        decision = record.decision.model_dump(mode="json") if record.decision else None
        fields = field_changes(before, record) if before else ()
        others = other_changes(before, record)
        row = {
            "revision": record.revision,
            "state": record.state.value,
            "at": record.made_at.isoformat(),
            "decision": decision,
            "withdrawn": record.withdrawn,
            "fields": [_change_as_json(change) for change in fields],
            "others": {name: {"before": old, "after": new} for name, (old, new) in others.items()},
        }
        rows.append(row)
    return rows


def _change_as_json(change: FieldChange) -> dict[str, Any]:
    before, after = change.values
    return {
        "field": change.name,
        "before": before,
        "after": after,
        "decided_by": change.after.decided_by if change.after else None,
    }


def _stands(field: ExtractedField | None) -> tuple[object, ...]:
    if field is None:
        return (None, False, None)
    return (field.value, field.accepted, field.decided_by)
