"""What one component of a procedure comes to: held, or to be asked for and why. Rules alone."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from extractors.procedures.equivalents import Equivalent, data_instead_of, equivalents_of
from extractors.procedures.procedure import Component, ComponentKind
from extractors.record import RecordState
from storage.catalogue import HoldingRow
from storage.holdings import ABOUT_A_THING, Use, is_own_paper, preference, reasons_against
from storage.lookup_answer import Candidate, DataInstead, Held, Missing, MissingBecause, Refused, Substitute

_WHY_OF_KIND = {
    ComponentKind.FORM: MissingBecause.FORM,
    ComponentKind.OTHER_PAPER: MissingBecause.OTHER_PAPER,
    ComponentKind.CONDITION: MissingBecause.CONDITION,
}


@dataclass(frozen=True, slots=True)
class Person:
    """What is held on one person: all records, and which of them may be about somebody else."""

    rows: Sequence[HoldingRow]
    strangers: Collection[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a component comes to: exactly one of `held` and `missing`; `refused` only beside `missing`."""

    held: Held | None = None
    missing: Missing | None = None
    refused: tuple[Refused, ...] = ()

    def records(self) -> Iterable[tuple[str, int]]:
        """Yield the record and revision of everything that is told."""
        told = (self.held, *self.refused, *(self.missing.candidates if self.missing else ()))
        return ((one.record_id, one.revision) for one in told if one is not None)


@dataclass(frozen=True, slots=True)
class _Option:
    """A paper type that proves the component: the one asked for, or an equivalent of it."""

    paper_type: str
    asked_for: str
    equivalent: Equivalent | None = None


def outcome_of(component: Component, number: int, person: Person | None, use: Use) -> Outcome:
    """Return what a component comes to.

    Args:
        component: One line of what the procedure asks for.
        number: Its place in the procedure, from 1.
        person: Whose paper it is; None where it is not known who that is.
        use: When and for what it is needed.
    """
    if component.kind is not ComponentKind.PAPER:
        return Outcome(missing=_missing(component, number, _WHY_OF_KIND[component.kind]))
    if person is None:
        return Outcome(missing=_missing(component, number, MissingBecause.PERSON_UNKNOWN))
    usable: dict[str, tuple[HoldingRow, _Option]] = {}
    refused: dict[str, Refused] = {}
    for option in _options(component):
        for row in person.rows:
            if row.paper_type != option.paper_type or row.record_id in usable or row.record_id in refused:
                continue
            if row.state is RecordState.REJECTED or not is_own_paper(row, component.role):
                continue
            reasons = reasons_against(row, use, other_person=row.record_id in person.strangers)
            if reasons:
                said = Refused(**_asked(component, number), **_named(row), state=row.state, reasons=reasons)
                refused[row.record_id] = said
            else:
                usable[row.record_id] = (row, option)
    if not usable:
        why = MissingBecause.ONLY_REFUSED if refused else MissingBecause.NEVER_HELD
        return Outcome(missing=_missing(component, number, why), refused=tuple(refused.values()))
    ordered = sorted(usable.values(), key=lambda pair: preference(pair[0], direct=not pair[1].equivalent), reverse=True)
    row, option = ordered[0]
    several_things = row.paper_type in ABOUT_A_THING and len(ordered) > 1
    if component.person_decides or several_things:
        candidates = tuple(Candidate(**_named(each)) for each, _ in ordered)
        missing = _missing(component, number, MissingBecause.PERSON_DECIDES, candidates)
        return Outcome(missing=missing, refused=tuple(refused.values()))
    return Outcome(held=_held(component, number, row, option))


def _options(component: Component) -> list[_Option]:
    """Return the paper types that prove a component, those it names first; each once."""
    options = {name: _Option(name, name) for name in component.paper_types}
    for name in component.paper_types:
        for equivalent in equivalents_of(name):
            options.setdefault(equivalent.paper_type, _Option(equivalent.paper_type, name, equivalent))
    return list(options.values())


def _held(component: Component, number: int, row: HoldingRow, option: _Option) -> Held:
    substitute = None
    if option.equivalent is not None:
        substitute = Substitute(
            asked_for=option.asked_for,
            ground=option.equivalent.ground,
            confirmed=option.equivalent.confirmed,
            note=option.equivalent.note,
        )
    return Held(
        **_asked(component, number),
        **_named(row),
        state=row.state,
        trust_level=row.trust_level,
        issued_date=row.issued_date,
        valid_until=row.valid_until,
        scope=row.scope,
        verified_by=row.verified_by,
        by_equivalent=substitute,
        confirm_thing=row.paper_type in ABOUT_A_THING,
    )


def _missing(component: Component, number: int, why: MissingBecause, candidates: tuple[Candidate, ...] = ()) -> Missing:
    person_decides = component.person_decides or why in {
        MissingBecause.PERSON_DECIDES,
        MissingBecause.PERSON_UNKNOWN,
        MissingBecause.CONDITION,
    }
    instead = (data for name in component.paper_types for data in data_instead_of(name))
    return Missing(
        **_asked(component, number),
        paper_type=next(iter(component.paper_types), None),
        paper_types=component.paper_types,
        person_decides=person_decides,
        why=why,
        form=component.form.value,
        originals=component.originals,
        copies=component.copies,
        candidates=candidates,
        data_instead=tuple(dict.fromkeys(DataInstead(source=data.source, ground=data.ground) for data in instead)),
    )


def _asked(component: Component, number: int) -> dict[str, object]:
    return {
        "component": component.name,
        "component_number": number,
        "case": component.case,
        "required": component.required,
        "role": component.role,
    }


def _named(row: HoldingRow) -> dict[str, object]:
    return {"paper_type": row.paper_type, "record_id": row.record_id, "revision": row.revision}
