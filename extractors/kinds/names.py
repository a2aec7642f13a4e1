"""Names of people: as printed in `raw`, in title case in `value`. No list may reject a person."""

import re

from extractors.kinds.parsed import Parsed, invalid
from extractors.kinds.text import parse_text
from ocr.vietnamese import fold, to_nfc

# Letters, and the marks that ethnic-minority names carry (Y-Bhăm, H'Hen, Ka-Lơ).
_SYLLABLE = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_MAX_SYLLABLES = 10
# Rules, brackets and specks beside a name; and a dotted leader behind it, with whatever its dots were read as.
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LEADER = re.compile(r"(?<=\w)\s*[.…_]{4,}.*", re.DOTALL)
# What the names of bodies begin with, and no person's: `Hội`, `Sở` and `Trường` alone may be a given name.
_BODY = re.compile(
    r"\W*(?:(?:tong )?cong ty|tap doan|doanh nghiep|dntn|hop tac xa|htx|uy ban nhan dan|ubnd|ban quan ly|chi nhanh"
    r"|ngan hang|benh vien|trung tam|truong (?:mam non|tieu hoc|trung hoc|thcs|thpt|cao dang|dai hoc))\b"
)
_HONORIFIC = re.compile(r"^(?:ông|bà|anh|chị|cháu)\s*:?\s+", re.IGNORECASE)


def parse_person_name(raw: str) -> Parsed:
    """Return the name in title case; the tone-mark spelling stays as printed."""
    text = _HONORIFIC.sub("", _EDGES.sub("", _LEADER.sub("", to_nfc(raw))))
    syllables = [syllable.strip(".,:;") for syllable in text.split()]
    if not 2 <= len(syllables) <= _MAX_SYLLABLES:
        return invalid("not-a-name")
    if not all(_SYLLABLE.fullmatch(syllable) for syllable in syllables):
        return invalid("not-a-name")
    return Parsed(" ".join(_title_case(syllable) for syllable in syllables))


def parse_holder_name(raw: str) -> Parsed:
    """Return the name of whoever a paper was granted to: a person's as `parse_person_name`, a body's as printed."""
    return parse_text(raw) if _BODY.match(fold(raw)) else parse_person_name(raw)


def _title_case(syllable: str) -> str:
    # str.title() would also raise the letter after an apostrophe inside a word it takes for two: that is wanted here.
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), syllable)
