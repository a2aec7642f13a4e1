"""Signs in which two readings of one text differ: which of them stands on the paper, where that can be told.

A worn comma is read as a dot, a colon or a semicolon. Places of an address are parted by commas on every form, and a
sentence does not end before a small letter.
"""

import re
from collections.abc import Collection

from ocr.vietnamese import fold

_SIGNS = ",;:."
_TOKEN = re.compile(r"\w+|[^\w\s]")
# Abbreviations that carry a dot, folded: kinds of units, and who signs for whom (NĐ 30/2020 Phụ lục I, mục II.6).
_WITH_DOT = frozenset({"h", "kt", "p", "q", "t", "tl", "tm", "tp", "tt", "tuq", "tx", "x"})


def settle_signs(frame: str, first: str, second: str, *, of_places: bool) -> str | None:
    """Return `frame` with the signs that both readings have, or that can be told where they differ, else None.

    Args:
        frame: The text to put signs in; word for word and sign for sign the same as both readings but for `, ; : .`.
        first: What one reader says.
        second: What the other says.
        of_places: True for an address, whose places only commas part.

    Raises:
        ValueError: The three have not the same number of words and signs.
    """
    settled = list(frame)
    before = ""
    for token, one, other in zip(*(_TOKEN.finditer(text) for text in (frame, first, second)), strict=True):
        if token[0] not in _SIGNS:
            before = token[0]
            continue
        seen = {one[0], other[0]}
        sign = seen.pop() if len(seen) == 1 else _sign(seen, before, frame[token.end() :], of_places=of_places)
        if sign is None:
            return None
        settled[token.start()] = sign
    return "".join(settled)


def _sign(seen: Collection[str], before: str, behind: str, *, of_places: bool) -> str | None:
    """Return the sign that two readers saw as `seen` between the word `before` and the text `behind`."""
    if "." in seen and fold(before) in _WITH_DOT:
        return "."
    if "," not in seen or behind[:1].isdigit():
        return None
    goes_on = set(seen) == {",", "."} and behind.lstrip()[:1].islower()
    return "," if of_places or goes_on else None
