"""Printed addresses taken apart: words, the signs between them, and the words that announce a unit."""

import re
from dataclasses import dataclass

from extractors.units.tables import name_key
from ocr.vietnamese import fold, to_nfc

_TOKEN = re.compile(r"\w+|[^\w\s]+|\n")
# Signs that end a part of an address. A dash does so only between blanks: `Bà Rịa - Vũng Tàu` is put together first.
_BREAKS = frozenset(",;\n()/:")
_DASHES = frozenset("-–—")
# Words that announce a unit, folded, longest first, and the kind they stand for.
_MARKS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("thanh", "pho"), "Thành phố"),
    (("thi", "tran"), "Thị trấn"),
    (("thi", "xa"), "Thị xã"),
    (("dac", "khu"), "Đặc khu"),
    (("tinh",), "Tỉnh"),
    (("tp",), "Thành phố"),
    (("tx",), "Thị xã"),
    (("tt",), "Thị trấn"),
    (("huyen",), "Huyện"),
    (("quan",), "Quận"),
    (("phuong",), "Phường"),
    (("xa",), "Xã"),
)
_LETTER_MARKS = {"t": "Tỉnh", "h": "Huyện", "q": "Quận", "p": "Phường", "x": "Xã"}
# `P12`, `Q1`, `TPHCM`: mark and name in one word.
_GLUED = re.compile(r"(tp|tx|tt|[pq])(\d{1,2}|hcm)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an address.

    Attributes:
        text: As printed, NFC.
        key: Its matching copy.
        is_dotted: A dot follows at once: `P.` is a mark, `P` a letter.
        starts_part: It begins the text, or a comma, a dash or the like stands before it.
        after_dash: What stands before it is a dash: a part may begin there, but `Bà Rịa - Vũng Tàu` is one name.
    """

    text: str
    key: str
    is_dotted: bool
    starts_part: bool
    after_dash: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or two that announce a unit: `start` up to `end`, and the kind of unit."""

    start: int
    end: int
    kind: str


def printed_words(text: str) -> list[Word]:
    """Return the words of an address."""
    unglued = re.sub(r"\w+", lambda word: _unglued(word.group()), to_nfc(text))
    words: list[Word] = []
    starts_part, after_dash = True, False
    for match in _TOKEN.finditer(unglued):
        token, before, after = match.group(), unglued[: match.start()][-1:], unglued[match.end() :][:1]
        if token[0].isalnum() or token[0] == "_":
            words.append(Word(token, name_key([token]), after == ".", starts_part, after_dash))
            starts_part, after_dash = False, False
        elif _BREAKS & set(token):
            starts_part, after_dash = True, False
        elif _DASHES & set(token) and before.isspace() and after.isspace() and not starts_part:
            starts_part, after_dash = True, True
    return words


def mark_at(words: list[Word], start: int) -> Mark | None:
    """Return the mark that begins at `start`, if one does."""
    for spelled, kind in _MARKS:
        if tuple(fold(word.text) for word in words[start : start + len(spelled)]) == spelled:
            # The second half of `thị xã` and `thị trấn` announces nothing by itself.
            is_half = start > 0 and fold(words[start - 1].text) == "thi" and not words[start].starts_part
            return None if is_half else Mark(start, start + len(spelled), kind)
    word = words[start]
    if _is_letter_mark(word):
        return Mark(start, start + 1, _LETTER_MARKS[word.key])
    return None


def mark_before(words: list[Word], end: int, kinds: frozenset[str]) -> Mark | None:
    """Return the mark of one of `kinds` that ends where the name at `end` begins."""
    for start in (end - 2, end - 1):
        mark = mark_at(words, start) if start >= 0 else None
        if mark and mark.end == end and mark.kind in kinds:
            return mark
    return None


def _is_letter_mark(word: Word) -> bool:
    return word.is_dotted and word.key in _LETTER_MARKS


def _unglued(word: str) -> str:
    match = _GLUED.fullmatch(word)
    return f"{match[1]}. {match[2]}" if match else word
