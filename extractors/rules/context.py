"""What a rule may look at, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from extractors.paper_text import PaperText
from extractors.paper_type import PaperType
from extractors.reading import Reading


class Verdict(StrEnum):
    """What a rule says of a field."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may look at."""

    paper: PaperText
    paper_type: PaperType
    readings: Mapping[str, Reading]

    def whole(self, name: str) -> str | None:
        """Return the value of field `name` when it was read whole, else None."""
        reading = self.readings.get(name)
        return reading.whole if reading else None

    def as_printed(self, name: str) -> str | None:
        """Return the value of field `name` when it was read whole and nothing was put right in it, else None."""
        reading = self.readings.get(name)
        return reading.as_printed if reading else None


Verdicts = dict[str, Verdict]
Rule = Callable[[RuleContext, Mapping[str, str]], Verdicts]
