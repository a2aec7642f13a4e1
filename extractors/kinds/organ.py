"""Names of organs and places, accents put right where a closed list leaves no doubt."""

import re

from extractors.kinds.parsed import Parsed, invalid
from extractors.kinds.text import parse_text
from extractors.lexicon.repair import repair_accents


def parse_organ(raw: str) -> Parsed:
    """Return the name of an organ as printed, accents of known words put right."""
    parsed = parse_text(raw)
    if parsed.value is None:
        return parsed
    value = repair_accents(parsed.value)
    return Parsed(value, repaired=value != parsed.value)


def parse_place(raw: str) -> Parsed:
    """Return a place name (`Quảng Ngãi`), accents of known names put right."""
    if re.search(r"\d{3,}", raw):
        return invalid("not-a-place")
    return parse_organ(raw)
