"""The noun between finding and judging: what was read of one field, and where it stands."""

from dataclasses import dataclass

from extractors.kinds.parsed import Parsed
from extractors.paper_text import Stretch
from ocr.page import Said


@dataclass(frozen=True, slots=True)
class Reading:
    """A field as read: what its kind made of the text, and the text itself with its place.

    Attributes:
        parsed: What the kind made of it.
        stretch: Where it stands, as the page reader saw it.
        agreed_by: Labels of the independent readers that agree on the value; empty when none was asked or they differ.
        is_disputed: True when independent readers were asked and do not agree.
        said: Who said what, the page reader first; empty when the page reader alone was asked.
    """

    parsed: Parsed
    stretch: Stretch
    agreed_by: tuple[str, ...] = ()
    is_disputed: bool = False
    said: tuple[Said, ...] = ()

    @property
    def whole(self) -> str | None:
        """The value when it was read whole, else None."""
        return None if self.parsed.partial else self.parsed.text

    @property
    def as_printed(self) -> str | None:
        """The value when it was read whole, undisputed, and nothing was put right in it, else None."""
        return None if self.parsed.repaired or self.is_disputed else self.whole
