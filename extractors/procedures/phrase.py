"""A component's text as words, each with its place in the text and what stands before it.

The national list is typed, so words are matched with their marks: without them `khi` is `khí`, `đề` is `để`.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from extractors.lexicon.tone_placement import unplaced
from extractors.paper_names import SHORT_FORMS
from ocr.vietnamese import fold

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?]\s")
# Where the tone's place is a habit: `hoà` or `hòa`, `thuỷ` or `thủy`.
_HABIT = re.compile("[oòóỏõọ][aàáảãạeèéẻẽẹ]|[uùúủũụ][yỳýỷỹỵ]")
# `unplaced` spells tones as marks; as letters they stay part of the word.
_TONES = str.maketrans("`'?~.", "fsrxj")


def matching_words(text: str) -> str:
    """Return the words of `text` as they are matched: lower case, one spelling for `hoà` and `hòa`."""
    return " ".join(_matching(word) for word in _WORD.findall(text))


def _matching(word: str) -> str:
    lower = word.lower()
    return unplaced(lower).translate(_TONES) if _HABIT.search(lower) else lower


@dataclass(frozen=True, slots=True)
class PhraseWord:
    """One word; a short form (`GCN`) is several words at one place.

    Attributes:
        key: As it is matched; see `matching_words`.
        start, end: Place in the text.
        before: What stands between the word before and this one.
        depth: How many brackets are open around it.
    """

    key: str
    start: int
    end: int
    before: str
    depth: int


@dataclass(frozen=True)
class Phrase:
    """A text, its words and one string of their keys, so that patterns can be tried at any word."""

    text: str
    words: tuple[PhraseWord, ...]
    keys: str = field(default="")
    places: tuple[int, ...] = field(default=())

    @classmethod
    def of(cls, text: str) -> "Phrase":
        """Read the words of a text."""
        words: list[PhraseWord] = []
        end = depth = 0
        for match in _WORD.finditer(text):
            before = text[end : match.start()]
            depth = max(0, depth + before.count("(") - before.count(")"))
            full = SHORT_FORMS.get(fold(match[0]), match[0])
            for number, part in enumerate(full.split()):
                words.append(PhraseWord(_matching(part), match.start(), match.end(), "" if number else before, depth))
            end = match.end()
        places: list[int] = []
        length = 0
        for word in words:
            places.append(length)
            length += len(word.key) + 1
        return cls(text, tuple(words), " ".join(word.key for word in words), tuple(places))

    def match(self, pattern: re.Pattern[str], index: int) -> int:
        """Return the index of the word behind `pattern`, tried at the word `index`; `index` where it does not fit."""
        if index >= len(self.words):
            return index
        found = pattern.match(self.keys, self.places[index])
        return index if found is None or found.end() == found.start() else self._index_behind(found.end())

    def find(self, pattern: re.Pattern[str], index: int = 0) -> tuple[int, int] | None:
        """Return the first and the last-but-one word of the first place where `pattern` fits, from `index` on."""
        if index >= len(self.words):
            return None
        found = pattern.search(self.keys, self.places[index])
        return None if found is None else (bisect_left(self.places, found.start()), self._index_behind(found.end()))

    def said(self, first: int, end: int) -> str:
        """Return the keys of the words from `first` to before `end`."""
        return " ".join(word.key for word in self.words[first:end])

    def printed(self, first: int, end: int) -> str:
        """Return the words from `first` to before `end` as printed."""
        return self.text[self.words[first].start : self.words[end - 1].end] if first < end else ""

    def begins_sentence(self, index: int) -> bool:
        """True when the word `index` is the first of another sentence."""
        word = self.words[index]
        return bool(_SENTENCE_END.search(word.before)) and self.is_capital(index)

    def is_capital(self, index: int) -> bool:
        """True when the word is printed with a capital."""
        return self.text[self.words[index].start].isupper()

    def _index_behind(self, end: int) -> int:
        return bisect_left(self.places, end)
