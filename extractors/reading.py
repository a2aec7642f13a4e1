"""The noun between finding and judging: what was read of one field, and where it stands."""

from dataclasses import dataclass

from extractors.kinds.parsed import Parsed
from extractors.paper_text import Stretch


@dataclass(frozen=True, slots=True)
class Reading:
    """A field as read: what its kind made of the text, and the text itself with its place."""

    parsed: Parsed
    stretch: Stretch

    @property
    def whole(self) -> str | None:
        """The value when it was read whole, else None."""
        return None if self.parsed.partial else self.parsed.value

    @property
    def as_printed(self) -> str | None:
        """The value when it was read whole and nothing was put right in it, else None."""
        return None if self.parsed.repaired else self.whole
