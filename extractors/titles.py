"""Recognising a paper by its full-caps title line, on folded text, with a small edit budget."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from extractors.paper_text import PaperText, PaperWord
from extractors.paper_type import PaperType
from ocr.vietnamese import fold

# One misread letter in so many is forgiven. Source: titles of 15 real acts, none of which needed more.
_LETTERS_PER_EDIT = 8
# A title stands in the upper part of the first page.
# Source: NĐ 30/2020 Phụ lục I, box 5a ends at 0.17 of the print area; certificates print theirs lower.
_LOWEST_TITLE = 0.6
# Above this share of capitals a line is in capitals; readers turn a few of them into small letters.
_CAPITAL_SHARE = 0.8
_NATIONAL_HEADER = "cong hoa xa hoi chu nghia viet nam"
_HEADER_EDITS = 6


@dataclass(frozen=True, slots=True)
class TitlePlace:
    """A recognised title: whose it is, the words of it, and how far the reading was from the form's wording."""

    paper_type: PaperType
    title: str
    words: tuple[PaperWord, ...]
    edits: int

    @property
    def confidence(self) -> float:
        """Share of letters read as the form prints them."""
        return round(1 - self.edits / len(self.title), 4)


def find_title(paper: PaperText, paper_types: tuple[PaperType, ...]) -> TitlePlace | None:
    """Return the first title on the first page of `paper` that one of `paper_types` declares.

    Only a line in capitals counts: the same words inside running text name another paper. A title may be printed
    over two lines. The longest title wins where several fit.
    """
    lines = [line for line in paper.lines if line[0].page_index == 0]
    lowest = paper.pages[0].upright_size[1] * _LOWEST_TITLE if paper.pages else 0
    best: TitlePlace | None = None
    for index, line in enumerate(lines):
        if line[0].word.upright_box.top > lowest:
            continue
        capitals = _capitals(line)
        follower = _capitals(lines[index + 1]) if index + 1 < len(lines) else ()
        for words in (capitals, (*capitals, *follower) if capitals and follower else ()):
            place = _match(words, paper_types) if words else None
            if place and (best is None or (len(place.title), -place.edits) > (len(best.title), -best.edits)):
                best = place
        if best is not None and line[0].word.line > best.words[-1].word.line:
            break
    return best


def has_national_header(paper: PaperText) -> bool:
    """True when `CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM` heads the first page."""
    return find_national_header(paper) is not None


def find_national_header(paper: PaperText) -> tuple[PaperWord, ...] | None:
    """Return the words of the national header in the upper third of the first page, or None."""
    size = len(_NATIONAL_HEADER.split())
    for line in paper.lines:
        if line[0].page_index != 0 or line[0].word.upright_box.top > paper.pages[0].upright_size[1] * 0.4:
            continue
        keys = [_letters(word) for word in line]
        for first in range(len(line) - size + 1):
            window = " ".join(keys[first : first + size])
            if Levenshtein.distance(window, _NATIONAL_HEADER, score_cutoff=_HEADER_EDITS) <= _HEADER_EDITS:
                return line[first : first + size]
    return None


def is_in_capitals(text: str) -> bool:
    """True when (nearly) all letters of `text` are capitals and there are at least two of them."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 2 and sum(char.isupper() for char in letters) >= _CAPITAL_SHARE * len(letters)


def _capitals(line: tuple[PaperWord, ...]) -> tuple[PaperWord, ...]:
    """Return the words of `line` without stray marks when they are all in capitals, else nothing."""
    words = [word for word in line if any(char.isalpha() for char in word.word.text)]
    # A single letter at an end is a speck beside the title.
    while words and len(_letters(words[-1])) == 1:
        words.pop()
    while words and len(_letters(words[0])) == 1:
        words.pop(0)
    # `QUYẾT ĐỊNH:` opens the operative part of a decision; a title has no colon.
    if line[-1].word.text.endswith(":"):
        return ()
    return tuple(words) if words and is_in_capitals("".join(word.word.text for word in words)) else ()


def _match(words: tuple[PaperWord, ...], paper_types: tuple[PaperType, ...]) -> TitlePlace | None:
    """Return the nearest title; `THÔNG GÁO` is as near to `THÔNG BÁO` as to `THÔNG CÁO`, and so is neither."""
    key = " ".join(_letters(word) for word in words)
    places: list[TitlePlace] = []
    for paper_type in paper_types:
        for title in paper_type.titles:
            wanted = re.sub(r"[^a-z ]", "", fold(title))
            budget = len(wanted) // _LETTERS_PER_EDIT
            edits = Levenshtein.distance(key, wanted, score_cutoff=budget)
            if edits <= budget:
                places.append(TitlePlace(paper_type, title, words, edits))
    nearest = min((place.edits for place in places), default=0)
    places = [place for place in places if place.edits == nearest]
    return places[0] if len(places) == 1 else None


def _letters(word: PaperWord) -> str:
    return re.sub(r"[^a-z]", "", fold(word.word.text))
