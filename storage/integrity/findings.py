"""What checking a store found, as values."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ocr.problem import Code, Problem, SohoaError

DAMAGE = frozenset({Code.OBJECT_MISSING, Code.OBJECT_DAMAGED})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        code: `OBJECT_DAMAGED` and `OBJECT_MISSING` are damage, everything else is a warning.
        key: The object it was noticed at.
        remark: What is the matter, in English; names objects, never persons.
        wanted: The object whose intact copy would mend it, or what the names of all such objects start with (ends
            with a slash); None where a copy is no help.
    """

    code: Code
    key: str
    remark: str
    wanted: str | None = None

    @property
    def is_damage(self) -> bool:
        """True when something that was stored cannot be had back as it was."""
        return self.code in DAMAGE

    def problem(self) -> Problem:
        """Return it as a problem whose `detail` starts with the name of the object."""
        return Problem(code=self.code, detail=f"{self.key}: {self.remark}")


@dataclass(frozen=True, slots=True)
class KindCount:
    """How much of one kind of objects was checked; `kind` is a name of `storage.integrity.kinds`."""

    kind: str
    objects: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What checking a store found.

    Attributes:
        objects: Number of objects checked.
        findings: Damage and warnings, in the order they were found.
        kinds: How much of each kind was checked; kinds of which there is nothing are left out.
        complete: False when the pass was stopped before its end and can be resumed.
        first_seen: Number of objects that no earlier pass had seen: what happened to them before is not known.
    """

    objects: int
    findings: tuple[Finding, ...]
    kinds: tuple[KindCount, ...] = ()
    complete: bool = True
    first_seen: int = 0

    @property
    def damage(self) -> tuple[Problem, ...]:
        """`OBJECT_DAMAGED` and `OBJECT_MISSING`: something stored cannot be had back as it was."""
        return tuple(finding.problem() for finding in self.findings if finding.is_damage)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Everything else: intact, but nothing refers to it, or the catalogue does not know it as it is."""
        return tuple(finding.problem() for finding in self.findings if not finding.is_damage)

    @property
    def is_intact(self) -> bool:
        """True without damage; warnings do not count."""
        return not any(finding.is_damage for finding in self.findings)


@contextmanager
def suppress_damage() -> Iterator[None]:
    """Go on after the block when an object that it reads is damaged or missing: that is found by itself."""
    try:
        yield
    except SohoaError as error:
        if error.code not in DAMAGE:
            raise
