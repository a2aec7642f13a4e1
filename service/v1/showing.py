"""A record as a caller is shown it: by whose record it is, who the caller is, and whether it is settled."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from extractors.blind_sample import blind
from extractors.changes import field_changes, history_as_json
from extractors.paper_type import PaperType
from extractors.record import LEFT_BLANK, STEWARD, ExtractedField, Record
from service.v1.entitlement import View
from service.v1.masking import Masking
from storage.dossier_segment import dossier_segment
from storage.rights.disclosure import file_code

# What a field says; taken out while nobody answers for it.
_SAID: Mapping[str, Any] = {"value": None, "raw": None, "said": [], "repairs": [], "place": None}
# Metadata that does not come from what the paper says.
_OF_THE_RECORD = frozenset({"paper_type", "paper_name", "type_code", "trust_level", "page_count", "agency"})


def record_shown(
    revisions: Sequence[Record], paper_type: PaperType | None, view: View, keyed_twice: Collection[str] = ()
) -> dict[str, Any]:
    """Return a revision as plain values, without telling what is of the blind sample.

    Args:
        revisions: The revision and all before it, oldest first.
        paper_type: Of the record, or None where it is not known here.
        view: How much of it the caller is shown.
        keyed_twice: Fields that two people keyed alike.
    """
    record = revisions[-1]
    told = blind(record)
    if record.withdrawn or record.is_erased:
        # What it says was said of pages that are other papers now, or is erased.
        told |= {"fields": {}, "subjects": [], "metadata": {}, "source": []}
        told["provenance"] |= {"signatures": [], "poor_pages": []}
    is_whole = view.with_doubtful or all(field.accepted or field.value is None for field in record.fields.values())
    if not is_whole:
        told["subjects"] = []
        told["metadata"] = {name: value for name, value in told["metadata"].items() if name in _OF_THE_RECORD}
    if told["fields"]:
        told["fields"] = _fields(revisions, told["fields"], view, keyed_twice)
    if view.is_masked:
        masking = Masking(record, paper_type)
        told["fields"] = {name: masking.field(name, field) for name, field in told["fields"].items()}
        told["subjects"] = masking.subjects(told["subjects"])
        told["metadata"] = masking.plain(told["metadata"])
        told["decision"] = masking.plain(told["decision"])
    told["decision"] = _decision(told["decision"], view)
    return told if view.is_own else _of_another_agency(record, told)


def history_shown(revisions: Sequence[Record], paper_type: PaperType | None, view: View) -> list[dict[str, Any]]:
    """Return all revisions of an own record with what each changed; values that nobody verified are left out."""
    rows = history_as_json(revisions)
    masking = Masking(revisions[-1], paper_type)
    for row, record, before in zip(rows, revisions, (None, *revisions), strict=False):
        for change in row["fields"]:
            name = change["field"]
            for side, of in (("before", before), ("after", record)):
                field = of.fields.get(name) if of else None
                if field is not None and not field.accepted and not view.with_doubtful:
                    change[side] = None
                elif view.is_masked:
                    change[side] = masking.value(name, change[side])
        row["decision"] = _decision(masking.plain(row["decision"]) if view.is_masked else row["decision"], view)
    return rows


def _fields(
    revisions: Sequence[Record], told: Mapping[str, dict[str, Any]], view: View, keyed_twice: Collection[str]
) -> dict[str, dict[str, Any]]:
    record, changed = revisions[-1], _last_changes(revisions)
    shown = {}
    for name, field in record.fields.items():
        values = dict(told[name])
        if not field.accepted and LEFT_BLANK not in field.reasons and not view.with_doubtful:
            values |= _SAID
        if not view.is_own:
            values["decided_by"] = STEWARD if field.was_decided_by_person else field.decided_by
        shown[name] = {
            **values,
            "source": _source(field),
            "verified_by": _verified_by(field, is_keyed_twice=name in keyed_twice),
            "last_updated": moment_text(changed.get(name, record.made_at)),
        }
    return shown


def _last_changes(revisions: Sequence[Record]) -> dict[str, datetime]:
    """Return when each field was last changed, by name."""
    found: dict[str, datetime] = {}
    for before, after in zip((None, *revisions), revisions, strict=False):
        if before is None:
            found = dict.fromkeys(after.fields, after.made_at)
        else:
            found |= {change.name: after.made_at for change in field_changes(before, after)}
    return found


def _source(field: ExtractedField) -> str:
    if field.was_decided_by_person:
        return "person"
    if field.decided_by is not None:
        return f"rule:{field.decided_by}"
    return f"reader:{field.evidence.reader}" if field.evidence is not None else "none"


def _verified_by(field: ExtractedField, *, is_keyed_twice: bool) -> str | None:
    if not field.accepted:
        return None
    if not field.was_decided_by_person:
        return "machine"
    return "second-keying" if is_keyed_twice else STEWARD


def moment_text(at: datetime) -> str:
    """Return a moment as records write it, in UTC."""
    whole = at if at.tzinfo else at.replace(tzinfo=UTC)
    return whole.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _decision(told: dict[str, Any] | None, view: View) -> dict[str, Any] | None:
    """Return a decision; what a person wrote may name anybody, and concerns the own agency alone."""
    if told is None or view.is_own:
        return told
    return {**told, "by": None, "reason": None, "evidence": []}


def _of_another_agency(record: Record, told: dict[str, Any]) -> dict[str, Any]:
    """Return the record without what only its own agency has business with."""
    codes = {page.file: file_code(page.sha256) for page in record.source}
    left: dict[str, Any] = _with_codes(told, codes)
    segment = record.dossier_id if record.is_erased else dossier_segment(record.dossier_id)
    return {**left, "dossier_id": segment}


def _with_codes(value: Any, codes: Mapping[str, str]) -> Any:
    """Return plain values with the names of files replaced."""
    if isinstance(value, list):
        return [_with_codes(each, codes) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: codes.get(str(each), "?") if key == "file" and each is not None else _with_codes(each, codes)
        for key, each in value.items()
    }
