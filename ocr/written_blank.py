"""Numbers written by pen into printed blanks: `Số: 574 /UBND-KTTH`, `ngày 04 tháng 02 năm 2025`.

The whole line is read, the blank is found between its printed neighbours, and what stands in it is decoded under the
grammar of the blank: a day is 1 to 31, so `45` is never an answer. Each model answers on its own; only answers that
agree are worth trusting. Source: design §8: of 70 values on 35 real acts the two models agree on 54, 53 of them right,
and the grammar of dates refuses the one that is wrong.
"""

import re
from dataclasses import dataclass

import numpy as np

from ocr.blank import FILLING, Blank, BlankReading, written
from ocr.readers.line_model import LineReading
from ocr.vietnamese import strip_accents

# Blanks with few possible values: decoded as the likeliest of them, with and without the leading zero.
_CANDIDATES = {
    Blank.DAY: (*(f"{day:02d}" for day in range(1, 32)), *(str(day) for day in range(1, 10))),
    Blank.MONTH: (*(f"{month:02d}" for month in range(1, 13)), *(str(month) for month in range(1, 10))),
}
# Blanks of any digits.
_DIGITS = {Blank.NUMBER: re.compile(r"\d{1,6}"), Blank.YEAR: re.compile(r"(?:19|20)\d\d")}


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Folded patterns of the print before and after a blank."""

    before: re.Pattern[str]
    after: re.Pattern[str]


_NEIGHBOURS = {
    Blank.NUMBER: _Neighbours(re.compile(r"^\W*s\w?\s*[:;.]?"), re.compile(r"/")),
    Blank.DAY: _Neighbours(re.compile(r"ng\w{0,2}y|^\W*g?ay"), re.compile(r"t?hang")),
    Blank.MONTH: _Neighbours(re.compile(r"t?hang"), re.compile(r"n\wm")),
    Blank.YEAR: _Neighbours(re.compile(r"n\wm"), re.compile(r"$")),
}


def read_blank(blank: Blank, reader: str, line: LineReading) -> BlankReading:
    """Read one blank of a line.

    Args:
        blank: Which blank.
        reader: Name of the model, for the answer.
        line: The whole line as that model read it.
    """
    characters = line.characters()
    # One letter for each character, so that places in the text are places in the reading.
    text = "".join(_folded(character) for character, _ in characters)
    nothing = BlankReading(reader=reader, value=None, seen="")
    neighbours = _NEIGHBOURS[blank]
    before = neighbours.before.search(text)
    after = neighbours.after.search(text, before.end()) if before else None
    if before is None or after is None or before.end() == 0:
        return nothing
    seen = "".join(character for character, _ in characters[before.end() : after.start()]).strip()
    if not seen:
        return nothing
    if blank in _DIGITS:
        digits = written(seen)
        return BlankReading(reader=reader, value=digits if _DIGITS[blank].fullmatch(digits) else None, seen=seen)
    # A step further at each end would be the neighbours' own.
    last = characters[after.start()][1] if after.start() < len(characters) else len(line.log_probabilities)
    part = line.between(characters[before.end() - 1][1] + 1, last).ignoring(FILLING)
    return BlankReading(reader=reader, value=_likeliest(part, _CANDIDATES[blank], written(seen)), seen=seen)


def _likeliest(part: LineReading, candidates: tuple[str, ...], strokes: str) -> str | None:
    """Return the likeliest candidate. How many characters stand there is seen more surely than which."""
    of_length = [candidate for candidate in candidates if len(candidate) == len(strokes)]
    scored = [(part.score(candidate), candidate) for candidate in of_length or candidates]
    best, candidate = max(scored)
    return candidate if np.isfinite(best) else None


def _folded(character: str) -> str:
    return (strip_accents(character).lower() or " ")[0]
