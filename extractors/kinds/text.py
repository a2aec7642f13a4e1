"""Running text, places, organs, and the words of short closed lists."""

import re
import unicodedata
from dataclasses import replace

from extractors.kinds.parsed import Parsed, Repair, invalid
from ocr.syllables import is_syllable
from ocr.vietnamese import fold, to_nfc

_EDGE = " .,:;_-–—…|'`\"“”„‘’~*^=/\\()[]{}<>"
_STRUCK_OUT = re.compile(r"[\s.]*[-–—]\s*/\s*[-–—][\s.]*|\s*khong\s*\.?\s*")
# Subject of an act without its `V/v`; `Về việc` belongs to the text. Source: design §6.
_RE_MARK = re.compile(r"^\W*v\s*/\s*v\b\s*:?\s*", re.IGNORECASE)
# The opening words with the capital that begins the text; specks before it are few and short.
_OPENING = re.compile(r"(?<!\w)(?:Về việc|V\s*/\s*v)(?!\w)")
_MOST_SPECKS, _LONGEST_SPECK = 2, 3
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def parse_text(raw: str) -> Parsed:
    """Return the text with single blanks, without dotted leaders and stray marks at its ends."""
    text = re.sub(r"[.…_]{3,}", " ", to_nfc(raw))
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
    """Return the subject (trích yếu) of an act, without `V/v` and without specks before it, glued words parted."""
    text, repairs = _part_glued(to_nfc(raw))
    parsed = parse_text(_RE_MARK.sub("", _without_specks(text)))
    if parsed.text is None or len(parsed.text) < 5:
        return invalid("empty")
    return replace(parsed, repairs=repairs)


def _without_specks(text: str) -> str:
    """Return `text` without what stands before its opening words: a figure of the stamp, a speck read as a letter."""
    opening = _OPENING.search(text)
    before = text[: opening.start()].split() if opening else []
    are_specks = all(len(word) <= _LONGEST_SPECK and not (len(word) > 1 and is_syllable(word)) for word in before)
    return text[opening.start() :] if opening and len(before) <= _MOST_SPECKS and are_specks else text


def _part_glued(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return `text` with words parted that can only be two syllables run together, and the trace of it."""
    parted: dict[str, str] = {}
    for word in re.findall(r"[^\W\d_]+", text):
        cuts = [cut for cut in range(1, len(word)) if is_syllable(word[:cut]) and is_syllable(word[cut:])]
        # One syllable has one tone. A word without marks may be a name (`Masan`) or of another language; without a
        # consonant between them, two marks are a misread one (`ỦỴ`).
        if len(cuts) == 1 and all(map(_has_tone, _cut(word, cuts[0]))) and fold(word[cuts[0]]) not in "aeiouy":
            parted[word] = " ".join(_cut(word, cuts[0]))
    repaired = re.sub(r"[^\W\d_]+", lambda match: parted.get(match[0], match[0]), text)
    return repaired, tuple(Repair(read=word, repaired=two, source="lexicon:syllables") for word, two in parted.items())


def _cut(word: str, at: int) -> tuple[str, str]:
    return word[:at], word[at:]


def _has_tone(syllable: str) -> bool:
    return not _TONES.isdisjoint(unicodedata.normalize("NFD", syllable))


def parse_sex(raw: str) -> Parsed:
    """Return `Nam` or `Nữ`."""
    match re.sub(r"[^a-z]", "", fold(raw)):
        case "nam":
            return Parsed("Nam")
        case "nu":
            return Parsed("Nữ")
    return invalid("not-a-sex")
