"""What is wrong in a read text: character and word error rates, errors by axis, and what two readers agree on.

Texts are compared in NFC with every run of white space as one blank; case, tones and punctuation count, and so does
where the tone mark of `oa oe uy` stands.

**Character errors.** Truth and reading are aligned once, character by character, with the fewest edits (Levenshtein;
`rapidfuzz.distance.Levenshtein.editops`). Every edit is counted once, on one axis, so that the axes sum to the edits
and the edits over the characters of the truth are the CER:

| axis | the edit |
|---|---|
| `base` | one letter for another whose base letter differs (`n` for `h`) |
| `modifier` | same base, another modifier: breve, circumflex, horn, or the stroke of `đ` (`o` for `ơ`, `d` for `đ`) |
| `tone` | same base and modifier, another tone: ngang, huyền, sắc, hỏi, ngã, nặng (`ả` for `ã`) |
| `modifier_and_tone` | same base, both others differ (`a` for `ấ`) |
| `case` | the same letter, large for small |
| `sign` | a digit or a punctuation mark on either side (`0` for `O`, `;` for `:`) |
| `blank` | a blank too many or too few, or a blank for something: words joined or parted |
| `inserted`, `deleted` | any other character that is not in the truth, or is missing in the reading |

The parts of a letter are told by NFD: the base letter comes first, tones and modifiers are the combining marks; `đ` is
`d` with a stroke. With several equally short alignments the library's choice stands.

**Word errors.** The same with words (what stands between blanks): edits over words of the truth, the WER.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from benchmarks.scoring import format_table

# huyền, sắc, hỏi, ngã, nặng.
_TONES = frozenset("\u0300\u0301\u0309\u0303\u0323")
_STROKE = {"đ": ("d", "\u0335"), "Đ": ("D", "\u0335")}


class Axis(StrEnum):
    """On which side of a character an edit lies; see the table above."""

    BASE = "base"
    MODIFIER = "modifier"
    TONE = "tone"
    MODIFIER_AND_TONE = "modifier_and_tone"
    CASE = "case"
    SIGN = "sign"
    BLANK = "blank"
    INSERTED = "inserted"
    DELETED = "deleted"


AXIS_NAMES = {
    Axis.BASE: "chữ gốc",
    Axis.MODIFIER: "dấu phụ (ă â ê ô ơ ư đ)",
    Axis.TONE: "dấu thanh",
    Axis.MODIFIER_AND_TONE: "cả dấu phụ và thanh",
    Axis.CASE: "hoa/thường",
    Axis.SIGN: "chữ số, dấu câu",
    Axis.BLANK: "khoảng trắng",
    Axis.INSERTED: "thừa",
    Axis.DELETED: "thiếu",
}


@dataclass(frozen=True, slots=True)
class TextErrors:
    """Errors of a reading, addable over pages.

    Attributes:
        characters: Of the truth, blanks between words included.
        by_axis: Character edits on each axis; an axis without edits may be missing.
        words: Of the truth.
        word_edits: Word edits.
    """

    characters: int
    by_axis: Counter[Axis]
    words: int
    word_edits: int

    @property
    def edits(self) -> int:
        """Character edits."""
        return self.by_axis.total()

    @property
    def cer(self) -> float:
        """Character edits per character of the truth; above 1 when much was invented."""
        return self.edits / max(self.characters, 1)

    @property
    def wer(self) -> float:
        """Word edits per word of the truth."""
        return self.word_edits / max(self.words, 1)

    def __add__(self, other: "TextErrors") -> "TextErrors":
        """Return the errors of both texts together."""
        return TextErrors(
            self.characters + other.characters,
            self.by_axis + other.by_axis,
            self.words + other.words,
            self.word_edits + other.word_edits,
        )


class Agreement(NamedTuple):
    """What two readers of the same text agree on, addable over pages.

    Attributes:
        words: Words of the first reader.
        agreed: Those that the second reads alike at the same place.
        agreed_wrong: Those of the agreed that are not in the truth at that place.
    """

    words: int
    agreed: int
    agreed_wrong: int

    @property
    def share(self) -> float:
        """Share of the first reader's words that both read alike."""
        return self.agreed / max(self.words, 1)

    @property
    def wrong_share(self) -> float:
        """Share of the agreed words that are wrong."""
        return self.agreed_wrong / max(self.agreed, 1)


def comparable_text(text: str) -> str:
    """Return `text` in NFC with every run of white space as one blank, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def text_errors(read: str, truth: str) -> TextErrors:
    """Count what is wrong in `read`."""
    got, expected = comparable_text(read), comparable_text(truth)
    by_axis: Counter[Axis] = Counter()
    for edit in Levenshtein.editops(expected, got):
        was = "" if edit.tag == "insert" else expected[edit.src_pos]
        became = "" if edit.tag == "delete" else got[edit.dest_pos]
        by_axis[axis_of(was, became)] += 1
    true_words = expected.split()
    return TextErrors(len(expected), by_axis, len(true_words), Levenshtein.distance(true_words, got.split()))


def total_errors(errors: Iterable[TextErrors]) -> TextErrors:
    """Return the sum over pages."""
    return sum(errors, TextErrors(0, Counter(), 0, 0))


def axis_of(truth: str, read: str) -> Axis:
    """Return the axis of one edit.

    Args:
        truth: The character of the truth; empty for an insertion.
        read: The character that was read; empty for a deletion.
    """
    if " " in {truth, read}:
        return Axis.BLANK
    if not truth or not read:
        return Axis.DELETED if truth else Axis.INSERTED
    if not (truth.isalpha() and read.isalpha()):
        return Axis.SIGN
    return _axis_of_letters(letter_parts(truth), letter_parts(read))


class LetterParts(NamedTuple):
    """A letter taken apart; `marks` without tones, `tone` empty for ngang."""

    base: str
    modifier: frozenset[str]
    tone: frozenset[str]


def letter_parts(letter: str) -> LetterParts:
    """Take one NFC letter apart: base letter (with its case), modifier, tone."""
    if letter in _STROKE:
        base, stroke = _STROKE[letter]
        return LetterParts(base, frozenset(stroke), frozenset())
    base, *marks = list(unicodedata.normalize("NFD", letter))
    return LetterParts(base, frozenset(marks) - _TONES, frozenset(marks) & _TONES)


def _axis_of_letters(truth: LetterParts, read: LetterParts) -> Axis:
    if truth.base.casefold() != read.base.casefold():
        return Axis.BASE
    other_modifier, other_tone = truth.modifier != read.modifier, truth.tone != read.tone
    if other_modifier and other_tone:
        return Axis.MODIFIER_AND_TONE
    if other_modifier:
        return Axis.MODIFIER
    return Axis.TONE if other_tone else Axis.CASE


def word_agreement(first: str, second: str, truth: str) -> Agreement:
    """Tell what two readings of one text agree on.

    Words are aligned with the fewest edits: the first reading with the second, and the first with the truth. A word
    of the first is agreed when it is aligned with an equal word of the second, and right when it is aligned with an
    equal word of the truth.
    """
    words, others, true_words = (comparable_text(text).split() for text in (first, second, truth))
    agreed, right = _aligned_equal(words, others), _aligned_equal(words, true_words)
    return Agreement(len(words), len(agreed), len(agreed - right))


def total_agreement(agreements: Iterable[Agreement]) -> Agreement:
    """Return the sum over pages."""
    pages = list(agreements)
    return Agreement(*(sum(page[part] for page in pages) for part in range(3)))


def _aligned_equal(words: Sequence[str], others: Sequence[str]) -> set[int]:
    """Return the places in `words` that an alignment puts beside an equal word of `others`."""
    opcodes = Levenshtein.opcodes(words, others)
    return {place for code in opcodes if code.tag == "equal" for place in range(code.src_start, code.src_end)}


def axis_table(errors: Sequence[tuple[str, TextErrors]]) -> str:
    """Return a table of readers in Vietnamese: CER, WER, and edits on each axis per 10,000 characters of the truth."""
    rows: list[tuple[str, ...]] = [
        ("CER", *(f"{each.cer:.2%}" for _, each in errors)),
        ("WER", *(f"{each.wer:.2%}" for _, each in errors)),
    ]
    rows += [
        (name, *(f"{each.by_axis[axis] / max(each.characters, 1) * 1e4:.1f}" for _, each in errors))
        for axis, name in AXIS_NAMES.items()
    ]
    return format_table(("lỗi trên 10.000 ký tự", *(name for name, _ in errors)), rows)
