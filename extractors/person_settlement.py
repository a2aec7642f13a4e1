"""What a person makes of a field: another value, none at all, or the one that is there, confirmed."""

import re
import unicodedata
from collections.abc import Callable

from extractors.kinds.parsed import Parsed, invalid
from extractors.kinds.registry import KINDS
from extractors.paper_type import DATE_KINDS
from extractors.record import LEFT_BLANK, STEWARD, ExtractedField, FieldStatus, FieldValue
from extractors.units.normalise import place_named
from ocr.vietnamese import to_nfc

_LONGEST_VALUE = 4000
# Remarks that what a person types answers: a date known by its year alone is what the person says it is.
_ANSWERED = frozenset({"day-unread", "month-unread"})


def decided_by(account: str) -> str:
    """Return what `decided_by` says of a field that the person with this account settled."""
    return f"{STEWARD}:{account}"


def corrected(field: ExtractedField, kind: str, typed: FieldValue, account: str) -> ExtractedField:
    """Return the field with the value a person typed; where it was seen and what readers said stays.

    Args:
        field: As it was.
        kind: Kind of value, a name of `extractors.kinds.registry.KINDS`.
        typed: The value, as printed or in the form records hold; None or blank: the paper carries none.
        account: Of the person.

    Raises:
        ValueError: The kind refuses the value; the message is the machine reason and never the value.
    """
    parsed = _parsed(kind, typed)
    if parsed.reason == LEFT_BLANK:
        return _without_value(field, account)
    if parsed.value is None:
        raise ValueError(parsed.reason)
    remark = parsed.reason if parsed.reason not in _ANSWERED else None
    return field.model_copy(
        update={
            "value": list(parsed.value) if isinstance(parsed.value, tuple) else parsed.value,
            "status": FieldStatus.FOUND,
            # It told of another value.
            "confidence": None,
            "signals": (),
            "repairs": (),
            "accepted": True,
            "decided_by": decided_by(account),
            "reasons": (remark,) if remark else (),
            "place": place_named(kind, parsed.text),
        }
    )


def confirmed(field: ExtractedField, account: str) -> ExtractedField:
    """Return the field as it is, with a person's word for it. A field without a value: the paper carries none.

    Raises:
        ValueError: Something is printed there that gave no value; the message is a machine reason.
    """
    if field.value is None:
        if field.status is FieldStatus.INVALID:
            raise ValueError("nothing-to-confirm")
        return _without_value(field, account)
    settled = {"status": FieldStatus.FOUND, "accepted": True, "decided_by": decided_by(account), "reasons": ()}
    return field.model_copy(update=settled)


def _without_value(field: ExtractedField, account: str) -> ExtractedField:
    return field.model_copy(
        update={
            "value": None,
            "status": FieldStatus.MISSING,
            "confidence": None,
            "signals": (),
            "repairs": (),
            "accepted": True,
            "decided_by": decided_by(account),
            "reasons": (LEFT_BLANK,),
            "place": None,
        }
    )


def _parsed(kind: str, typed: FieldValue) -> Parsed:
    lines = typed if isinstance(typed, list) else (typed or "").splitlines()
    text = "\n".join(" ".join(to_nfc(line).split()) for line in lines)
    if not text.strip():
        return invalid(LEFT_BLANK)
    if len(text) > _LONGEST_VALUE or any(unicodedata.category(char).startswith("C") for char in text if char != "\n"):
        return invalid("not-text")
    parse: Callable[[str], Parsed] = KINDS[kind]
    parsed = parse(text)
    # Parsers look for a date in a line of text and tell what they find of it; a person types nothing but the date.
    if kind in DATE_KINDS and parsed.text is not None and _numbers(text) != _numbers(parsed.text):
        return invalid("no-such-date")
    # Lists put right what machines misread. A person's spelling is the person's word: it stands as typed.
    return Parsed(text, parsed.reason, parsed.partial) if parsed.repaired and parsed.value is not None else parsed


def _numbers(text: str) -> set[int]:
    return {int(digits) for digits in re.findall(r"\d+", text)}
