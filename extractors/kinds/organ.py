"""Names of organs and places, accents put right where a closed list leaves no doubt."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from extractors.kinds.parsed import Parsed, Repair, invalid
from extractors.kinds.text import parse_text
from extractors.lexicon.repair import repair as repaired_words
from extractors.units.tables import province_names
from ocr.vietnamese import fold

# A dot behind a whole word of a heading in capitals is dirt: only abbreviations (`TP.`) carry one.
_SPECK = re.compile(r"(?<=[^\W\d_]{3})(?<!TUQ)[.:;](?=\s)")


def parse_organ(raw: str) -> Parsed:
    """Return the name of an organ as printed, accents of known words put right."""
    parsed = parse_text(_SPECK.sub(" ", raw) if raw.isupper() else raw)
    if parsed.text is None:
        return parsed
    value, repairs = repaired_words(parsed.text)
    return Parsed(value, repairs=repairs)


def parse_place(raw: str) -> Parsed:
    """Return a place name (`Quảng Ngãi`), accents of known names put right.

    A province but for one accent (`Thái Nguyền`) is that province: no place signs its papers with such a name.
    """
    if re.search(r"\d{3,}", raw):
        return invalid("not-a-place")
    parsed = parse_organ(raw)
    right = _provinces_by_letters().get(fold(parsed.text or ""))
    if right is None or parsed.text is None or right.casefold() == parsed.text.casefold():
        return parsed
    repair = Repair(read=parsed.text, repaired=right, source="units:provinces")
    return Parsed(right, repairs=(*parsed.repairs, repair))


def parse_address(raw: str) -> Parsed:
    """Return an address as printed, house numbers and all, accents of known names put right.

    One that ends in no province is partial: a line of it may have been lost.
    """
    parsed = parse_organ(raw)
    text = parsed.text or ""
    if sum(map(str.isalpha, text)) <= sum(map(str.isdigit, text)):
        return invalid("not-a-place")
    return parsed if _ends_in_province(text) else replace(parsed, partial=True, reason="province-unseen")


def _ends_in_province(text: str) -> bool:
    folded = re.sub(r"[\W_]*(?:viet nam)?[\W_]*$", "", fold(text))
    return any(folded.endswith(name) for name in _folded_provinces())


@cache
def _provinces_by_letters() -> Mapping[str, str]:
    return {fold(name): name for name in province_names()}


@cache
def _folded_provinces() -> tuple[str, ...]:
    # `Hồ Chí Minh` is printed with and without its `Thành phố`; papers older than 2008 name `Hà Tây`, which is gone.
    return tuple(fold(name) for name in province_names())
