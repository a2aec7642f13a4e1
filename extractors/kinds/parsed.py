"""What parsing a printed text gives: a value, or a reason why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parsed:
    """A normalised value, or None with the machine reason; `partial` marks a value that is sound but incomplete."""

    value: str | None
    reason: str | None = None
    partial: bool = False
    repaired: bool = False


def invalid(reason: str) -> Parsed:
    """Return the answer for text that holds no value of the kind."""
    return Parsed(None, reason)
