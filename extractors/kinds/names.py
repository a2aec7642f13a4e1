"""Names of people: as printed in `raw`, in title case in `value`. No list may reject a person."""

import re

from extractors.kinds.parsed import Parsed, invalid

# Letters, and the marks that ethnic-minority names carry (Y-Bhăm, H'Hen, Ka-Lơ).
_SYLLABLE = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_MAX_SYLLABLES = 10
_HONORIFIC = re.compile(r"^(?:ông|bà|anh|chị|cháu)\s*:?\s+", re.IGNORECASE)


def parse_person_name(raw: str) -> Parsed:
    """Return the name in title case; the tone-mark spelling stays as printed."""
    text = _HONORIFIC.sub("", raw.strip(" .,:;_-…|'`\"“”"))
    syllables = text.split()
    if not 2 <= len(syllables) <= _MAX_SYLLABLES:
        return invalid("not-a-name")
    if not all(_SYLLABLE.fullmatch(syllable) for syllable in syllables):
        return invalid("not-a-name")
    return Parsed(" ".join(_title_case(syllable) for syllable in syllables))


def _title_case(syllable: str) -> str:
    # str.title() would also raise the letter after an apostrophe inside a word it takes for two: that is wanted here.
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), syllable)
