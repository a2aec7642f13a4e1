"""The answer of a lookup as the page shows it: every line in words, identifiers masked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from extractors.record import RecordState
from storage.lookup_answer import Asked, LookupAnswer, MissingBecause
from storage.lookup_words import (
    NameOf,
    caution_words,
    copies_words,
    instead_words,
    masked,
    missing_words,
    printed_day,
    refused_words,
    trust_words,
    until_words,
)

_FOR_HOLDERS = frozenset({MissingBecause.FORM, MissingBecause.ONLY_REFUSED, MissingBecause.CONDITION})


@dataclass(frozen=True, slots=True)
class Line:
    """One component of the procedure.

    Attributes:
        number: Its place in the procedure, from 1.
        component: Its text as printed.
        case: Heading of the case it belongs to, or None.
        paper: What people call the paper that is held, or empty.
        record_id: The record that is held, or None.
        facts: What is said of it, each a few words.
        cautions: What a person has to see to.
        instead: Where its data may be found, so that it need not be brought.
        why: Why it has to be brought, or is not good enough; empty for what is held.
        tells_holder: True when `why` says something to the citizen too, not to the clerk alone.
        is_approved: True for what a steward approved.
    """

    number: int
    component: str
    case: str | None
    paper: str = ""
    record_id: str | None = None
    facts: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    why: str = ""
    tells_holder: bool = False
    is_approved: bool = False


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The whole answer, in the order of the procedure's components."""

    subject: str
    procedure: str
    procedure_name: str
    on: date
    purpose: str
    read_log_id: str
    held: tuple[Line, ...]
    refused: tuple[Line, ...]
    missing: tuple[Line, ...]


def answer_view(answer: LookupAnswer, name_of: NameOf) -> AnswerView:
    """Return what the page shows of an answer; `name_of` gives what people call a paper type."""
    return AnswerView(
        subject=masked(answer.subject),
        procedure=answer.procedure,
        procedure_name=answer.procedure_name,
        on=answer.on,
        purpose=answer.purpose,
        read_log_id=answer.read_log_id,
        held=_held(answer, name_of),
        refused=_refused(answer, name_of),
        missing=_missing(answer, name_of),
    )


def _held(answer: LookupAnswer, name_of: NameOf) -> tuple[Line, ...]:
    lines = []
    for held in answer.held:
        issued = (f"cấp ngày {printed_day(held.issued_date)}",) if held.issued_date else ()
        lines.append(
            replace(
                _line(held),
                paper=name_of(held.paper_type),
                record_id=held.record_id,
                facts=_said(*issued, until_words(held), trust_words(held)),
                cautions=tuple(caution_words(held, name_of)),
                is_approved=held.state is RecordState.APPROVED,
            )
        )
    return tuple(lines)


def _refused(answer: LookupAnswer, name_of: NameOf) -> tuple[Line, ...]:
    return tuple(
        replace(
            _line(refused), paper=name_of(refused.paper_type), record_id=refused.record_id, why=refused_words(refused)
        )
        for refused in answer.refused
    )


def _missing(answer: LookupAnswer, name_of: NameOf) -> tuple[Line, ...]:
    lines = []
    for missing in answer.missing:
        candidates = _names(name_of(one.paper_type) for one in missing.candidates)
        maybe = (f"có thể là {candidates} trong kho",) if candidates else ()
        refused = _names(
            refused_words(one) for one in answer.refused if one.component_number == missing.component_number
        )
        lines.append(
            replace(
                _line(missing),
                facts=_said(copies_words(missing)),
                why=f"{missing_words(missing)}: {refused}" if refused else missing_words(missing),
                tells_holder=missing.why in _FOR_HOLDERS,
                cautions=maybe,
                instead=tuple(instead_words(missing)),
            )
        )
    return tuple(lines)


def _said(*words: str) -> tuple[str, ...]:
    return tuple(each for each in words if each)


def _names(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _line(asked: Asked) -> Line:
    return Line(asked.component_number, asked.component, asked.case)
