"""Running text, places, organs, and the words of short closed lists."""

import re

from extractors.kinds.parsed import Parsed, invalid
from ocr.vietnamese import fold

_EDGE = " .,:;_-–—…|'`\"“”„‘’~*^=/\\()[]{}<>"
_STRUCK_OUT = re.compile(r"[\s.]*[-–—]\s*/\s*[-–—][\s.]*|\s*khong\s*\.?\s*")
# Subject of an act without its `V/v`; `Về việc` belongs to the text. Source: design §6.
_RE_MARK = re.compile(r"^\W*v\s*/\s*v\b\s*:?\s*", re.IGNORECASE)


def parse_text(raw: str) -> Parsed:
    """Return the text with single blanks, without dotted leaders and stray marks at its ends."""
    text = re.sub(r"[.…_]{3,}", " ", raw)
    # A rule of the form beside a word is read as an apostrophe; one inside a word (`H'Hen`) belongs to it.
    text = re.sub(r"(?<!\w)['`‘’|]+(?=\w)", "", text)
    text = " ".join(text.split()).strip(_EDGE)
    if is_struck_out(raw) or not any(char.isalnum() for char in text):
        return invalid("empty")
    if raw.rstrip().endswith(")") and text.count("(") > text.count(")"):
        text += ")"
    return Parsed(text)


def is_struck_out(raw: str) -> bool:
    """True when the paper says that there is no value: `-/-`, or `Không`. Dots say nothing."""
    return _STRUCK_OUT.fullmatch(fold(raw)) is not None


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
