"""What the importer made of procedures: each component, what it was mapped to and why, and what is left to a person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from extractors.procedures.procedure import Component, ComponentKind, Procedure


class Verdict(StrEnum):
    """What became of a component; `PERSON` alone is not mapped."""

    PAPER = "paper"
    OTHER_PAPER = "other_paper"
    FORM = "form"
    CONDITION = "condition"
    PERSON = "person_decides"


@dataclass(frozen=True, slots=True)
class MappedComponent:
    """One component of a procedure; `number` counts from 1."""

    procedure: Procedure
    number: int
    component: Component

    @property
    def verdict(self) -> Verdict:
        """What became of it."""
        return verdict_of(self.component)

    def as_json(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; for a table, join the paper types."""
        one = self.component
        return {
            "procedure": self.procedure.code,
            "number": self.number,
            "verdict": self.verdict.value,
            "paper_types": list(one.paper_types),
            "person_decides": one.person_decides,
            "reason": one.reason,
            "required": one.required,
            "form": one.form.value,
            "originals": one.originals,
            "copies": one.copies,
            "role": one.role,
            "scope": one.scope,
            "case": one.case,
            "name": one.name,
        }


@dataclass(frozen=True, slots=True)
class MappingReport:
    """The components of some procedures."""

    components: tuple[MappedComponent, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many components became what."""
        found = Counter(one.verdict for one in self.components)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def mapped_share(self) -> float | None:
        """Share of the components that were mapped, 0-1; None where there are none."""
        if not self.components:
            return None
        return 1 - self.counts[Verdict.PERSON] / len(self.components)

    @property
    def left_to_a_person(self) -> tuple[MappedComponent, ...]:
        """The components nothing could be told of, and the papers of ours of which a person must say the last word."""
        return tuple(one for one in self.components if one.component.person_decides)


def verdict_of(component: Component) -> Verdict:
    """Return what became of a component."""
    if component.kind is ComponentKind.OTHER_PAPER and component.person_decides:
        return Verdict.PERSON
    return Verdict(component.kind.value)


def report_of(procedures: Iterable[Procedure]) -> MappingReport:
    """Return the report on procedures, in their order."""
    return MappingReport(
        tuple(
            MappedComponent(procedure, number, component)
            for procedure in procedures
            for number, component in enumerate(procedure.components, 1)
        )
    )
