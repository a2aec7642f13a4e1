"""The nouns of written blanks: which blank, what a reader made of it, when readers agree. Imports nothing heavy."""

from collections.abc import Iterable
from enum import StrEnum

from ocr.stored import Stored

# What a blank holds besides writing: paper, dots, a ruling.
FILLING = " .…_-"


class Blank(StrEnum):
    """A printed blank, by what may stand in it."""

    NUMBER = "number"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class BlankReading(Stored):
    """What one reader made of a blank.

    Attributes:
        reader: Label of the reader.
        value: Digits as written (`04`), or None where the blank or its neighbours were not found.
        seen: What the reader saw before the grammar had its say.
        is_stable: True when the reader saw the same value with less and with more paper around the line.
    """

    reader: str
    value: str | None
    seen: str
    is_stable: bool = False

    @property
    def as_seen(self) -> bool:
        """True when the value is what the model saw, False when the grammar chose another path."""
        return self.value is not None and self.value == written(self.seen)


def agreed(blank: Blank, readings: Iterable[BlankReading]) -> str | None:
    """Return the value that all of at least two readers give, or None; `7` and `07` are one value, `07`.

    Each must see it however the line is framed: two upright strokes are read as 11, 41 or 44 by turns, and now and then
    both readers fall for the same. One of them must have seen it as it is: where the grammar had to choose for all,
    nobody saw the value. And a figure that the rules print with a leading zero is half a figure without it.
    """
    answers = list(readings)
    values = [answer.value for answer in answers if answer.value is not None and answer.is_stable]
    if len(answers) < 2 or len(values) < len(answers) or len({int(value) for value in values}) > 1:
        return None
    value = max(values, key=len)
    # Source: NĐ 30/2020: days below 10 and the months 1 and 2 carry a leading zero.
    is_half = len(value) < 2 and (blank is Blank.DAY or (blank is Blank.MONTH and value in {"1", "2"}))
    return value if any(answer.as_seen for answer in answers) and not is_half else None


def written(seen: str) -> str:
    """Return what was seen without the paper and the dots of the blank."""
    return "".join(character for character in seen if character not in FILLING)
