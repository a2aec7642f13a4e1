"""What parsing a printed text gives: a value, or a reason why there is none, and a trace of what was put right."""

from dataclasses import dataclass

from ocr.stored import Stored

# Beginning of the source of what is no repair but the word of another reader.
OF_READERS = "readers:"

Value = str | tuple[str, ...] | None


class Repair(Stored):
    """One stretch that was put right; what was printed stays in the field's `raw`.

    Attributes:
        read: As the reader saw it.
        repaired: As it must be.
        source: What says so: a list (`lexicon:organs`, `lexicon:compounds`, `units:provinces`) or, where readers
            differ, another of them (`readers:majority`, `readers:other`).
    """

    read: str
    repaired: str
    source: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A normalised value, or None with the machine reason.

    Attributes:
        value: Text; a tuple of texts for kinds that list (`components`); None where there is no value.
        reason: Why there is no value, or what speaks against it.
        partial: True for a value that is incomplete, or that a check speaks against: nobody may accept it unseen.
        repairs: What was put right to get it, in reading order.
    """

    value: Value
    reason: str | None = None
    partial: bool = False
    repairs: tuple[Repair, ...] = ()

    @property
    def repaired(self) -> bool:
        """True when anything was put right: such a value is a proposal, no evidence."""
        return bool(self.repairs)

    @property
    def text(self) -> str | None:
        """The value as one text, a list line by line: for comparing and showing."""
        return "\n".join(self.value) if isinstance(self.value, tuple) else self.value


def invalid(reason: str) -> Parsed:
    """Return the answer for text that holds no value of the kind."""
    return Parsed(None, reason)
