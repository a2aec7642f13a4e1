"""Running text, places, organs, and the words of short closed lists."""

import re

from extractors.kinds.parsed import Parsed, invalid
from ocr.vietnamese import fold

_EDGE = " .,:;_-–—…|'`\"“”„‘’~*^=/\\()[]{}<>"
_EMPTY = {"", "-/-", "-", "/", "không", "khong"}
# Subject of an act without its `V/v`; `Về việc` belongs to the text. Source: design §6.
_RE_MARK = re.compile(r"^\W*v\s*/\s*v\b\s*:?\s*", re.IGNORECASE)


def parse_text(raw: str) -> Parsed:
    """Return the text with single blanks, without dotted leaders and stray marks at its ends."""
    text = re.sub(r"[.…_]{3,}", " ", raw)
    text = " ".join(text.split()).strip(_EDGE)
    if fold(text) in _EMPTY or not any(char.isalnum() for char in text):
        return invalid("empty")
    if raw.rstrip().endswith(")") and text.count("(") > text.count(")"):
        text += ")"
    return Parsed(text)


def parse_subject(raw: str) -> Parsed:
    """Return the subject (trích yếu) of an act, without `V/v`."""
    without_mark = _RE_MARK.sub("", raw)
    parsed = parse_text(without_mark)
    if parsed.value is None or len(parsed.value) < 5:
        return invalid("empty")
    return parsed


def parse_sex(raw: str) -> Parsed:
    """Return `Nam` or `Nữ`."""
    match re.sub(r"[^a-z]", "", fold(raw)):
        case "nam":
            return Parsed("Nam")
        case "nu":
            return Parsed("Nữ")
    return invalid("not-a-sex")
