"""The text of one paper: its words, one string over them, and a spaCy Doc for label matching.

One string carries the whole paper (words joined by a blank, lines by a newline, pages by a form feed), a folded copy of
the same length stands beside it, and every stretch of it leads back to the words and so to boxes on the scan.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Doc
from spacy.vocab import Vocab

from ocr.page import Box, PageText, Word
from ocr.vietnamese import strip_accents

_TOKEN = re.compile(r"\w+")
OF_CODE = -1
# What the page reader did not see stands in no text either.
OVERLOOKED = -2


@dataclass(frozen=True, slots=True)
class PaperWord:
    """A word of the paper: which page (index within the paper) and where in `PaperText.text`.

    The payload of a code stands in no text: it is a word of its own, at `OF_CODE`.
    """

    word: Word
    page_index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the paper: text as printed and the words it covers (all on one page)."""

    text: str
    words: tuple[PaperWord, ...]

    @property
    def page_index(self) -> int:
        """Index, within the paper, of the page it stands on."""
        return self.words[0].page_index

    @property
    def is_of_code(self) -> bool:
        """True when it was taken from a code on the page instead of from print."""
        return self.words[0].start == OF_CODE

    @property
    def box(self) -> Box:
        """Place on the original scan."""
        return Box.around(word.word.box for word in self.words)

    @property
    def upright_box(self) -> Box:
        """Place on the upright page."""
        return Box.around(word.word.upright_box for word in self.words)

    @property
    def confidence(self) -> float | None:
        """Least confidence the reader claimed for one of the words."""
        claims = [word.word.confidence for word in self.words if word.word.confidence is not None]
        return min(claims) if claims else None


@dataclass(frozen=True)
class PaperText:
    """All words of one paper, in reading order."""

    pages: tuple[PageText, ...]
    words: tuple[PaperWord, ...] = field(init=False)
    text: str = field(init=False)
    folded: str = field(init=False)

    def __post_init__(self) -> None:
        """Lay the words of all pages out in one string."""
        words, text = _lay_out(self.pages)
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "folded", fold_same_length(text))

    @cached_property
    def lines(self) -> tuple[tuple[PaperWord, ...], ...]:
        """Words by text line, in reading order."""
        grouped: dict[tuple[int, int], list[PaperWord]] = {}
        for word in self.words:
            grouped.setdefault((word.page_index, word.word.line), []).append(word)
        return tuple(tuple(line) for line in grouped.values())

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    def words_between(self, start: int, end: int) -> tuple[PaperWord, ...]:
        """Return the words that overlap characters `start` to `end` (exclusive)."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_left(self._starts, end)
        return tuple(word for word in self.words[first:last] if word.end > start)

    def word_at(self, start: int) -> PaperWord:
        """Return the word that character `start` belongs to."""
        return self.words[max(0, bisect_right(self._starts, start) - 1)]

    def stretch(self, start: int, end: int) -> Stretch | None:
        """Return characters `start` to `end` as a stretch, without blanks at its ends; None when nothing is there.

        The signs of a word whose letters lie outside (`(` of `(bằng chữ`) are not of it either.
        """
        piece = self.text[start:end]
        end = start + len(piece.rstrip())
        start += len(piece) - len(piece.lstrip())
        if end <= start:
            return None
        words = self.words_between(start, end)
        if len(words) > 1 and self._is_cut_off(words[-1].start, end, words[-1]):
            end, words = words[-2].end, words[:-1]
        if len(words) > 1 and self._is_cut_off(start, words[0].end, words[0]):
            start, words = words[1].start, words[1:]
        page_index = words[0].page_index
        same_page = tuple(word for word in words if word.page_index == page_index)
        return Stretch(" ".join(self.text[start : min(end, same_page[-1].end)].split()), same_page)

    def _is_cut_off(self, start: int, end: int, word: PaperWord) -> bool:
        """True when the part of `word` between `start` and `end` has none of its letters."""
        part = self.text[max(start, word.start) : min(end, word.end)]
        return not any(map(str.isalnum, part)) and any(map(str.isalnum, word.word.text))


def stretch_of(words: Sequence[PaperWord]) -> Stretch:
    """Return whole words as one stretch."""
    return Stretch(" ".join(word.word.text for word in words), tuple(words))


def fold_same_length(text: str) -> str:
    """Return `text` folded (no accents, lower case) character by character, so that offsets stay true."""
    folded = strip_accents(text).lower()
    if len(folded) == len(text):
        return folded
    return "".join((strip_accents(char).lower() or " ")[0] for char in text)


def to_doc(vocab: Vocab, text: str, folded: str) -> tuple[Doc, list[int], list[int]]:
    """Return a Doc of the letter and digit runs of `text`, NORM being the folded run, with start and end offsets.

    Punctuation carries no label and is what readers get wrong most, so it is left out.
    Source: design §8: spaCy's own Vietnamese tokenizer joins across fields.
    """
    matches = list(_TOKEN.finditer(text))
    doc = Doc(vocab, words=[match.group() for match in matches])
    for token, match in zip(doc, matches, strict=True):
        token.norm_ = folded[match.start() : match.end()]
    return doc, [match.start() for match in matches], [match.end() for match in matches]


def _lay_out(pages: Sequence[PageText]) -> tuple[tuple[PaperWord, ...], str]:
    words: list[PaperWord] = []
    parts: list[str] = []
    offset = 0
    for page_index, page in enumerate(pages):
        if page_index:
            parts.append("\f")
            offset += 1
        for line_index, line in enumerate(page.lines()):
            for word_index, word in enumerate(line):
                if word_index or line_index:
                    parts.append(" " if word_index else "\n")
                    offset += 1
                words.append(PaperWord(word, page_index, offset, offset + len(word.text)))
                parts.append(word.text)
                offset += len(word.text)
    return tuple(words), "".join(parts)
