"""Second keying: critical fields that a person entered are keyed again, blind, by another; a third settles a dispute.

What is open follows from the record and what the desk noted of it: a field that was keyed once and holds a person's
value stays open until a second person keyed the same, or a third said what is right. A record with an open keying is
not released; `docs/duyet.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.paper_type import PaperType
from extractors.record import ExtractedField, FieldValue, Record
from service.review.proposals import proposals_of, same
from storage.desk.keyings import FIRST, SECOND, THIRD, Keying
from storage.waiting import is_sample

NEVER, TYPED, ALWAYS = "never", "typed", "always"


@dataclass(frozen=True, slots=True)
class OpenKeying:
    """A critical field that may not be released yet.

    Attributes:
        field: Its name.
        value: What the record holds: the first keying.
        accounts: Who keyed it so far.
        second: What the second person keyed, where it differs; None: nobody did yet.
    """

    field: str
    value: FieldValue
    accounts: frozenset[str]
    second: Keying | None


def open_keyings(record: Record, paper_type: PaperType | None, keyings: Sequence[Keying]) -> tuple[OpenKeying, ...]:
    """Return the keyings of a record that are open, in the order of its fields."""
    noted = {(keying.field, keying.ordinal): keying for keying in keyings}
    found = []
    for name, field in record.fields.items():
        first = noted.get((name, FIRST))
        # Noted, but the value never reached the record: whoever noted it was cut off, and the field is still doubtful.
        if first is None or not field.was_decided_by_person:
            continue
        declared = paper_type.fields.get(name) if paper_type else None
        second, third = noted.get((name, SECOND)), noted.get((name, THIRD))
        if any(other is not None and same(declared, name, other.value, field.value) for other in (second, third)):
            continue
        keyers = {keying.account for keying in (first, second) if keying is not None}
        decider = (field.decided_by or "").partition(":")[2]
        found.append(OpenKeying(name, field.value, frozenset(keyers | ({decider} if decider else set())), second))
    return tuple(found)


def to_key_again(
    setting: str,
    record: Record,
    paper_type: PaperType | None,
    settled: Mapping[str, ExtractedField],
) -> dict[str, FieldValue]:
    """Return the critical fields among `settled` that another person has to key too, with the values they were given.

    Args:
        setting: `never`; `typed`: what no reader saw; `always`: whatever a person settled.
        record: As it was before.
        paper_type: Says which fields are critical.
        settled: The fields as the person leaves them.
    """
    if setting == NEVER or paper_type is None:
        return {}
    return {
        name: field.value
        for name, field in settled.items()
        if paper_type.is_critical(name) and _counts(setting, record.fields.get(name), paper_type, name, field.value)
    }


def _counts(setting: str, before: ExtractedField | None, paper_type: PaperType, name: str, value: FieldValue) -> bool:
    declared = paper_type.fields[name]
    held = before.value if before else None
    if setting == ALWAYS:
        # A sample that is right was a measurement; nothing was entered.
        return not (before is not None and is_sample(before) and same(declared, name, held, value))
    seen = (held, *(proposal.value for proposal in proposals_of(before, declared, name))) if before else (held,)
    return not any(same(declared, name, each, value) for each in seen)
