"""Where the value of a field stands: beside its label, below it, alone in a line, in a zone, or in a code."""

import re
from collections.abc import Iterator
from itertools import pairwise

from extractors.kinds.registry import KINDS
from extractors.labels import LabelPlace
from extractors.layout import rows_of
from extractors.paper_text import OF_CODE, PaperText, PaperWord, Stretch, stretch_of
from extractors.paper_type import Finder
from extractors.payloads import Payload
from extractors.sheet import Sheet, standing_where
from ocr.page import Box, Word

# A blank wider than so many text heights parts two columns; printed blanks are filled with dots.
_COLUMN_GAP = 3.0
# Lines of one value are no further apart than so many heights of its label.
_ROW_GAP = 2.2
# Words of one value are no further apart than so many heights of its label.
_BLANK = 0.9


def stretches_of(sheet: Sheet, finder: Finder, kind: str) -> list[Stretch]:
    """Return every stretch that `finder` gives on `sheet`, in order; `kind` tells a value that stands alone."""
    if finder.alone:
        return [
            stretch for stretch in _standing_alone(sheet.paper) if _is_all_of(KINDS[kind](stretch.text).text, stretch)
        ]
    if finder.zone:
        zone = sheet.zones.get(finder.zone)
        return [zone] if zone else []
    if finder.payload:
        payload = sheet.payloads.get(finder.payload)
        return [_as_stretch(payload)] if payload else []
    return _after_labels(sheet, finder)


def _standing_alone(paper: PaperText) -> Iterator[Stretch]:
    """Yield each line of the paper, cut where a wide gap parts it."""
    for line in paper.lines:
        start, end = line[0].start, line[-1].end
        while start < end:
            cut = _column_end(paper, start, end)
            stretch = paper.stretch(start, cut)
            if stretch:
                yield stretch
            start = cut + 1


def _is_all_of(value: str | None, stretch: Stretch) -> bool:
    """True when the stretch holds the value and nothing else: within a sentence it is another paper's."""
    return value is not None and re.findall(r"\w", value.upper()) == re.findall(r"\w", stretch.text.upper())


def _as_stretch(payload: Payload) -> Stretch:
    """Return a payload as one word that stands where its code does."""
    word = Word(text=payload.text, box=payload.box, upright_box=payload.box, confidence=None, line=0)
    return Stretch(payload.text, (PaperWord(word, payload.page_index, OF_CODE, OF_CODE),))


def _after_labels(sheet: Sheet, finder: Finder) -> list[Stretch]:
    allowed = standing_where(sheet, finder)
    stretches: list[Stretch] = []
    for place in sheet.places:
        if place.label in finder.labels and allowed(place):
            stretch = _in_column(sheet, place, finder.lines) if finder.column else beside(sheet, place, finder.lines)
            if stretch:
                stretches.append(stretch)
    return stretches


def beside(sheet: Sheet, place: LabelPlace, lines: int) -> Stretch | None:
    """Return what follows a label up to the next one; what stands below it where nothing does."""
    paper = sheet.paper
    following = [other.start for other in sheet.places if other.start >= place.end and other.label not in sheet.inside]
    end = min([*following, _line_end(paper, place.end, lines)])
    stretch = paper.stretch(place.end, _column_end(paper, place.end, end))
    if lines > 1 and (stretch is None or _is_of_row_above(sheet, place, stretch)):
        return _below(sheet, place)
    return stretch


def _is_of_row_above(sheet: Sheet, place: LabelPlace, stretch: Stretch) -> bool:
    """True when the value stands a line lower and the label is not the first of a row of labels: columns of a card."""
    text = sheet.paper.text
    if "\n" not in text[place.start : stretch.words[0].start]:
        return False
    return any(
        other.end <= place.start
        and "\n" not in text[other.start : place.start]
        and not text[other.end : place.start].strip()
        for other in sheet.places
    )


def _below(sheet: Sheet, place: LabelPlace) -> Stretch | None:
    """Return what stands under a label with nothing beside it: cards set several labels in a row, values below."""
    label = sheet.paper.word_at(place.start)
    box = label.word.upright_box
    rows = [
        other.word.upright_box.left
        for other in (sheet.paper.word_at(place.start) for place in sheet.places)
        if other.page_index == label.page_index
        and abs(other.word.upright_box.center_y - box.center_y) < box.height / 2
        and other.word.upright_box.left > box.left
    ]
    right = min(rows, default=sheet.paper.pages[label.page_index].upright_size[0])
    taken = {word.start for other in sheet.places for word in sheet.paper.words_between(other.start, other.end)}
    words = [
        word
        for word in sheet.paper.words
        if word.page_index == label.page_index
        and box.bottom < word.word.upright_box.center_y < box.bottom + 3.2 * box.height
        and box.left - box.height < word.word.upright_box.center_x < right
    ]
    if not words or any(word.start in taken for word in words):
        return None
    return stretch_of(rows_of(words)[0])


def _in_column(sheet: Sheet, place: LabelPlace, lines: int) -> Stretch | None:
    """Return what follows a label in its line and, below it, in rows that begin no further left than the label.

    What stands at the left of the column belongs to labels of its own, with the words that follow close behind them.
    """
    paper = sheet.paper
    label = paper.words_between(place.start, place.end)
    box = Box.around(word.word.upright_box for word in label)
    own = {word.start for word in label}
    labelled = {word.start for other in sheet.places for word in paper.words_between(other.start, other.end)} - own
    words = [
        word
        for word in paper.words
        if word.page_index == label[0].page_index and word.start not in own and word.word.upright_box.center_y > box.top
    ]
    taken: list[PaperWord] = []
    last = box
    for whole_row in rows_of(words):
        row = _right_of(whole_row, box, labelled)
        if not row:
            continue
        row_box = Box.around(word.word.upright_box for word in row)
        if row_box.top - last.bottom > _ROW_GAP * box.height or lines == 0:
            break
        ends = next((index for index, word in enumerate(row) if word.start in labelled), len(row))
        taken += row[:ends]
        if ends < len(row):
            break
        last, lines = row_box, lines - 1
    return stretch_of(taken) if taken else None


def _right_of(row: list[PaperWord], label: Box, labelled: set[int]) -> list[PaperWord]:
    """Return the words of `row` in the column below `label`, without those that run on from a label left of it."""
    edge = label.left - label.height
    kept: list[PaperWord] = []
    end: int | None = None  # of the last word that belongs to a label at the left
    for word in row:
        box = word.word.upright_box
        runs_on = end is not None and box.left - end < _BLANK * label.height
        if box.left <= edge:
            end = box.right if word.start in labelled or runs_on else None
        elif runs_on and kept == []:
            # A speck between two columns bridges nothing.
            end = box.right if any(map(str.isalnum, word.word.text)) else end
        else:
            kept.append(word)
    return kept


def _line_end(paper: PaperText, start: int, lines: int) -> int:
    """Return where the `lines`-th text line from `start` ends; a value never runs over a page."""
    page_end = paper.text.find("\f", start)
    limit = page_end if page_end >= 0 else len(paper.text)
    end = start
    for _ in range(lines):
        newline = paper.text.find("\n", end, limit)
        if newline < 0:
            return limit
        end = newline + 1
    return end - 1


def _column_end(paper: PaperText, start: int, end: int) -> int:
    """Return where the value's column ends: a gap of several text heights within a line leads into another column."""
    words = paper.words_between(start, end)
    for word, following in pairwise(words):
        box, next_box = word.word.upright_box, following.word.upright_box
        same_line = word.word.line == following.word.line
        if same_line and next_box.left - box.right > _COLUMN_GAP * max(box.height, next_box.height):
            return word.end
    return end
