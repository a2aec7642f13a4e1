"""What readers made of a field, as values a person may take with one key; and values as people write them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractors.kinds.parsed import Parsed
from extractors.kinds.registry import KINDS
from extractors.paper_type import CRITICAL_KINDS, DATE_KINDS, FieldType
from extractors.record import ExtractedField, FieldValue
from extractors.same_value import Value, values_match

# A key of the keyboard for each.
MOST_PROPOSALS = 9
_PRESENT = "máy đề xuất"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One value that was seen: by whom, the text as it was seen, and what the field's kind makes of it."""

    reader: str
    text: str
    value: FieldValue


def proposals_of(field: ExtractedField, declared: FieldType | None, name: str) -> tuple[Proposal, ...]:
    """Return the different values that readers saw, the one the record holds first."""
    found: list[Proposal] = []
    for proposal in _seen(field, declared):
        if proposal.value is not None and not any(same(declared, name, proposal.value, other.value) for other in found):
            found.append(proposal)
    return tuple(found[:MOST_PROPOSALS])


def same(declared: FieldType | None, name: str, one: Value, other: Value) -> bool:
    """True when two values of a field say the same; in numbers and codes white space does not count."""
    if values_match(name, one, other):
        return True
    is_code = declared is not None and declared.kind in CRITICAL_KINDS
    if not is_code or not isinstance(one, str) or not isinstance(other, str):
        return False
    return "".join(one.casefold().split()) == "".join(other.casefold().split())


def value_in(declared: FieldType | None, text: str) -> FieldValue:
    """Return what the field's kind makes of a text, None where nothing; of a field unknown here the text itself."""
    if declared is None:
        return text or None
    parse: Callable[[str], Parsed] = KINDS[declared.kind]
    value = parse(text).value
    return list(value) if isinstance(value, tuple) else value


def shown(declared: FieldType | None, value: FieldValue) -> str:
    """Return a value as people write it: dates day first, lists line by line, "" for none."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(value)
    if declared is not None and declared.kind in DATE_KINDS:
        return "/".join(reversed(value.split("-")))
    return value


def _seen(field: ExtractedField, declared: FieldType | None) -> Iterator[Proposal]:
    if field.value is not None:
        yield Proposal(_PRESENT, field.raw or shown(declared, field.value), field.value)
    for said in field.said:
        yield Proposal(said.reader, said.text, value_in(declared, said.text))
