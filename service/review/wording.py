"""What is said of a field to who settles it: doubts, supports, checks, hints; in Vietnamese.

A field of the blind sample is worded like one that is supported but of a kind that was measured too little: true, and
like many another.
"""

from collections.abc import Iterator, Mapping

from extractors.acceptance import TOO_LITTLE_MEASURED
from extractors.record import ExtractedField
from extractors.signals import AGAINST, supports_in
from extractors.units.place import AsOf, NormalisedPlace
from extractors.wording import DOUBTS, SUPPORTS, verdict_on
from service.review.tasks import Task
from storage.waiting import is_sample

_DATE = "dd/mm/yyyy"
HINTS: Mapping[str, str] = {
    "date": _DATE,
    "expiry_date": _DATE,
    "personal_id": "9 hoặc 12 chữ số",
    "personal_id_within": "9 hoặc 12 chữ số",
    "sex": "Nam hoặc Nữ",
    "area": "ví dụ 120,5",
    "money": "ví dụ 1.500.000",
    "components": "mỗi giấy tờ một dòng",
}
MULTILINE_KINDS = frozenset({"address", "components", "subject", "text"})
DISPUTED = "hai người nhập khác nhau"
# Reasons that only a person's entry can have.
_OF_ENTRIES: Mapping[str, str] = {
    "left-blank": "chưa nhập giá trị; nếu giấy không ghi thì chọn “giấy không ghi”",
    "not-text": "có ký tự không hợp lệ hoặc quá dài",
    "nothing-to-confirm": "chưa có giá trị đọc được để xác nhận; nhập giá trị hoặc chọn “giấy không ghi”",
    "paper-type-unknown": "loại giấy tờ này chưa được khai báo nên không kiểm tra được giá trị",
}


def doubts_of(field: ExtractedField) -> list[str]:
    """Return why a person is asked about the field."""
    if field.was_decided_by_person:
        return []
    reasons = (TOO_LITTLE_MEASURED,) if is_sample(field) else field.reasons
    return [DOUBTS.get(reason, reason) for reason in reasons] if is_sample(field) or not field.accepted else []


def supports_of(field: ExtractedField) -> list[str]:
    """Return what supports the value."""
    if field.was_decided_by_person:
        return []
    names = supports_in(field.signals) or ((field.decided_by,) if field.accepted and field.decided_by else ())
    return [SUPPORTS.get(name, name) for name in names]


def decided_by_words(field: ExtractedField, *, required: bool) -> str:
    """Return who or what settled the field; "" where it waits."""
    is_settled = field.accepted and not is_sample(field)
    return verdict_on(field, required=required) if is_settled else ""


def checks_of(task: Task) -> list[dict[str, object]]:
    """Return the rules of the paper type that said something about this record, and whether they bear it out."""
    return [{"words": words, "passed": passed} for words, passed in dict(_checks(task)).items()]


def place_words(place: NormalisedPlace | None) -> str:
    """Return where a printed address lies today; "" where that goes without saying."""
    if place is None or place.as_of is not AsOf.OLD:
        return ""
    now = place.current
    units = (now.commune, now.province) if now.commune is not None else (now.province,)
    moved = now.commune is not None or now.province.name != place.province.name
    return ", ".join(unit.name for unit in units if unit is not None) if moved else ""


def refusal_words(reason: str) -> str:
    """Return why a value that a person entered is refused."""
    return _OF_ENTRIES.get(reason) or DOUBTS.get(reason, reason)


def _checks(task: Task) -> Iterator[tuple[str, bool]]:
    for use in task.paper_type.rules if task.paper_type else ():
        name = use.rule.replace("_", "-")
        for field_name in dict.fromkeys(use.fields.values()):
            field, declared = task.record.fields.get(field_name), task.declared(field_name)
            if field is None or declared is None or field.was_decided_by_person:
                continue
            if f"{AGAINST}{name}" in field.signals:
                yield f"{declared.label}: {DOUBTS.get(f'contradicted:{use.rule}', use.rule)}", False
            elif name in supports_in(field.signals):
                yield f"{declared.label}: {SUPPORTS.get(name, use.rule)}", True
