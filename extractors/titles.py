"""Recognising a paper by its full-caps title line, on folded text, with a small edit budget."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from extractors.paper_text import PaperText, PaperWord
from extractors.paper_type import PaperType
from ocr.page import Box
from ocr.vietnamese import fold

# One misread letter in so many is forgiven. Source: titles of 15 real acts, none of which needed more.
LETTERS_PER_EDIT = 8
# A title read this badly may name a paper only where the rest of the page says the same. Source: domain §7.14, 80 %.
LETTERS_PER_EDIT_WITH_SUPPORT = 5
# A title stands in the upper part of the first page.
# Source: NĐ 30/2020 Phụ lục I, box 5a ends at 0.17 of the print area; certificates print theirs lower.
_LOWEST_TITLE = 0.6
# Above this share of capitals a line is in capitals; readers turn a few of them into small letters.
_CAPITAL_SHARE = 0.8
_NATIONAL_HEADER = "cong hoa xa hoi chu nghia viet nam"
_HEADER_EDITS = 6
# The longest title is that of the land certificate, printed over three or four lines. Source: TT 23/2014/TT-BTNMT.
_MOST_LINES = 5
# Lines of one title follow each other within so many text heights; a wider blank within a line parts two columns.
_LINE_GAP, _COLUMN_GAP = 1.6, 3.0
# Words of the second titles that cards print beside the Vietnamese one. Source: domain §7.11.
_ENGLISH = frozenset({"citizen", "identity", "card", "driver", "drivers", "driving", "license", "licence"})
_COPY_MARK = re.compile(r"\(?\s*(?:ban sao|ban chinh|trich luc)\s*\)")
_NUMBERED = re.compile(r"\d{1,2}[.)]?")


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


def find_title(
    paper: PaperText, paper_types: Sequence[PaperType], letters_per_edit: int = LETTERS_PER_EDIT
) -> TitlePlace | None:
    """Return the first title on the first page of `paper` that one of `paper_types` declares.

    Only a line in capitals counts: the same words inside running text name another paper. A title may be printed
    over several lines. The longest title wins where several fit.

    Args:
        paper: The paper, or a single page of it.
        paper_types: Whose titles are looked for.
        letters_per_edit: One misread letter is forgiven in so many.
    """
    lowest = paper.pages[0].upright_size[1] * _LOWEST_TITLE if paper.pages else 0
    titles = _titles(paper, paper_types, letters_per_edit)
    return next((title for title in titles if title.words[0].word.upright_box.top <= lowest), None)


def titles_of_first_page(paper: PaperText, paper_types: Sequence[PaperType]) -> tuple[TitlePlace, ...]:
    """Return all titles on the first page of `paper`, wherever they stand, from top to bottom."""
    return tuple(_titles(paper, paper_types, LETTERS_PER_EDIT))


def _titles(paper: PaperText, paper_types: Sequence[PaperType], letters_per_edit: int) -> Iterator[TitlePlace]:
    lines = [_parts(line) for line in paper.lines if line[0].page_index == 0]
    taken: set[int] = set()
    for index, parts in enumerate(lines):
        for part in parts:
            if part[0].start in taken:
                continue
            run: tuple[PaperWord, ...] = ()
            best: TitlePlace | None = None
            for words in _following(part, lines[index + 1 : index + _MOST_LINES]):
                run += words
                place = _match(run, paper_types, letters_per_edit)
                if place and (best is None or (len(place.title), -place.edits) > (len(best.title), -best.edits)):
                    best = place
            if best is not None:
                taken |= {word.start for word in best.words}
                yield best


def _following(
    part: tuple[PaperWord, ...], below: Sequence[list[tuple[PaperWord, ...]]]
) -> Iterator[tuple[PaperWord, ...]]:
    """Yield `part` and the parts in capitals that follow close under it, one a line."""
    yield part
    upper = _box(part)
    for parts in below:
        under = next((words for words in parts if _is_under(_box(words), upper)), None)
        if under is None:
            return
        yield under
        upper = _box(under)


def _is_under(lower: Box, upper: Box) -> bool:
    overlap = min(lower.right, upper.right) - max(lower.left, upper.left)
    is_close = lower.top - upper.bottom <= _LINE_GAP * max(upper.height, lower.height)
    return overlap > 0 and lower.center_y > upper.center_y and is_close


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


def _parts(line: tuple[PaperWord, ...]) -> list[tuple[PaperWord, ...]]:
    """Return what of a line may be (part of) a title: the line, or its columns, as far as in capitals."""
    # A row of a table or a list: what it names lies elsewhere. Source: receipts, domain §7.13.
    if len(line) > 1 and _NUMBERED.fullmatch(line[0].word.text):
        return []
    columns: list[list[PaperWord]] = [[line[0]]]
    for word, following in pairwise(line):
        box, next_box = word.word.upright_box, following.word.upright_box
        if next_box.left - box.right > _COLUMN_GAP * max(box.height, next_box.height):
            columns.append([])
        columns[-1].append(following)
    whole = _capitals(line)
    parts = [whole] if whole else []
    if len(columns) > 1:
        parts += [part for part in map(_capitals, columns) if part]
    return parts


def _capitals(line: Sequence[PaperWord]) -> tuple[PaperWord, ...]:
    """Return the words of `line` without stray marks when they are all in capitals, else nothing."""
    words = _without_second_title(line)
    # `QUYẾT ĐỊNH:` opens the operative part of a decision; a title has no colon.
    if not words or words[-1].word.text.endswith(":"):
        return ()
    words = [word for word in words if any(char.isalpha() for char in word.word.text)]
    # A single letter at an end is a speck beside the title.
    while words and len(_letters(words[-1])) == 1:
        words.pop()
    while words and len(_letters(words[0])) == 1:
        words.pop(0)
    return tuple(words) if words and is_in_capitals("".join(word.word.text for word in words)) else ()


def _without_second_title(line: Sequence[PaperWord]) -> list[PaperWord]:
    """Return `line` up to the English title of a card and up to `(BẢN SAO)`."""
    words = list(line)
    text = " ".join(fold(word.word.text) for word in words)
    mark = _COPY_MARK.search(text)
    if mark and mark.start() > 0:
        words = words[: len(text[: mark.start()].split())]
    kept = list(words)
    while len(kept) > 1 and (_letters(kept[-1]) in _ENGLISH or not _letters(kept[-1])):
        kept.pop()
    return kept if len(words) - len(kept) >= 2 else words


def _match(words: tuple[PaperWord, ...], paper_types: Sequence[PaperType], letters_per_edit: int) -> TitlePlace | None:
    """Return the nearest title; `THÔNG GÁO` is as near to `THÔNG BÁO` as to `THÔNG CÁO`, and so is neither."""
    key = " ".join(_letters(word) for word in words)
    places: list[TitlePlace] = []
    for paper_type in paper_types:
        for title in paper_type.titles:
            wanted = _key(title)
            budget = len(wanted) // letters_per_edit
            if abs(len(wanted) - len(key)) > budget:
                continue
            edits = Levenshtein.distance(key, wanted, score_cutoff=budget)
            if edits <= budget:
                places.append(TitlePlace(paper_type, title, words, edits))
    nearest = min((place.edits for place in places), default=0)
    places = [place for place in places if place.edits == nearest]
    return places[0] if len({place.paper_type.id for place in places}) == 1 else None


@cache
def _key(title: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", "", fold(title)).split())


def _box(words: Sequence[PaperWord]) -> Box:
    return Box.around(word.word.upright_box for word in words)


def _letters(word: PaperWord) -> str:
    return re.sub(r"[^a-z]", "", fold(word.word.text))
