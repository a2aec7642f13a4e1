"""Names that may go on in a line which the page reader lost: the empty strip below is asked of two other readers.

`TRẦN CÔNG` ends at the margin and `VỸ` stands alone in the next line: a line of two letters is what page layout takes
for a speck, and the readers who confirm the first line never see the second. The page tells where that may be: the line
was full, and below it there is room for one more before the next text. Only there are readers asked, and a letter that
one of them sees is enough to leave the field to a person; no reader adds to the value.
"""

from collections.abc import Mapping
from dataclasses import replace
from statistics import median

from extractors.layout import rows_of
from extractors.paper_text import PaperText, PaperWord
from extractors.paper_type import PaperType
from extractors.reading import Reading
from extractors.second_reading import ReadAgain
from ocr.line_reading import LineReader
from ocr.page import Box

LINE_UNREAD = "line-below-unread"

# Addresses need none of this: without a province at the end they wait for a person.
_KINDS = frozenset({"holder_name", "person_name", "text"})
# Both are of another make than the page reader. Its relative overlooks what it overlooks, and sees letters in specks.
_READERS = (LineReader.FIGURES, LineReader.WORDS)
# All in heights of the value's words. A line is full when a long syllable (`NGHIÊNG`) hardly fits behind it, and has a
# line's room below when twice the usual blank is there; words of one line stand no further apart than a column's gap.
_FULL, _ROOM, _COLUMN_GAP = 4.0, 1.4, 3.0
# Lower than a letter is a speck, whatever the page reader took it for.
_SPECK = 0.5
# The strip: without the dots under the value's own line, as high as a line and the blanks around it, as wide as line
# models read well.
_BELOW, _HEIGHT, _WIDTH, _SIDE = 0.1, 1.9, 20.0, 0.4


def doubt_lost_lines(
    paper: PaperText, paper_type: PaperType, readings: Mapping[str, Reading], read_again: ReadAgain
) -> dict[str, Reading]:
    """Return `readings`, those marked as incomplete below which another reader sees letters that the page lacks."""
    result = dict(readings)
    for name, reading in readings.items():
        field = paper_type.fields[name]
        if field.kind not in _KINDS or field.auxiliary or reading.whole is None or reading.is_disputed:
            continue
        strip = _strip_below(paper, reading)
        if strip is not None and _has_letters(paper, reading, strip, read_again):
            result[name] = replace(reading, parsed=replace(reading.parsed, reason=LINE_UNREAD, partial=True))
    return result


def _has_letters(paper: PaperText, reading: Reading, strip: Box, read_again: ReadAgain) -> bool:
    page = paper.pages[reading.stretch.page_index]
    answers = (read_again.text(page, strip, reader) for reader in _READERS)
    return any(char.isalpha() for answer in answers if answer is not None for char in answer.text)


def _strip_below(paper: PaperText, reading: Reading) -> Box | None:
    """Return the box of the line that may have been lost, on the upright page; None where nothing tells of one."""
    words = [word for word in reading.stretch.words if word.start >= 0 and _is_text(word)]
    if not words:
        return None  # of a code, or overlooked itself
    row = rows_of(words)[-1]
    box = Box.around(word.word.upright_box for word in row)
    height = median(word.word.upright_box.height for word in row)
    others = [
        word.word.upright_box
        for word in paper.words
        if word.page_index == row[0].page_index and _is_text(word) and word.word.upright_box.height > _SPECK * height
    ]
    left = _left_edge(paper, row[0], height)
    right = _right_edge(box, others)
    below = [other.top for other in others if other.center_y > box.bottom and left < other.right and other.left < right]
    bottom = min(below, default=paper.pages[row[0].page_index].upright_size[1])
    full = _end_of_full_lines(paper, row[0].page_index, box, right) - box.right < _FULL * height
    if not full or bottom - box.bottom < _ROOM * height:
        return None
    return Box(
        max(0, round(left - _SIDE * height)),
        round(box.bottom + _BELOW * height),
        round(min(right, left + _WIDTH * height)),
        round(min(bottom - _BELOW * height, box.bottom + (_BELOW + _HEIGHT) * height)),
    )


def _right_edge(row: Box, others: list[Box]) -> int:
    """Return where the column of `row` ends: at what stands beside it, else where the text of the page does."""
    beside = [other.left for other in others if other.left >= row.right and row.top < other.center_y < row.bottom]
    return min(beside, default=max((other.right for other in others), default=row.right))


def _end_of_full_lines(paper: PaperText, page_index: int, row: Box, right: int) -> int:
    """Return where the longest line of the column of `row` ends: blank paper parts it from the column beside."""
    lines = (line for line in paper.lines if line[0].page_index == page_index)
    ends = (max((word.word.upright_box.right for word in line if _is_text(word)), default=0) for line in lines)
    return max((end for end in ends if row.right <= end <= right), default=row.right)


def _left_edge(paper: PaperText, first: PaperWord, height: float) -> int:
    """Return where the line of the value begins: at its label, or the number before that."""
    place = first.page_index, first.word.line
    before = [word for word in paper.words if (word.page_index, word.word.line) == place and word.start < first.start]
    left = first.word.upright_box.left
    for word in reversed(before):
        if left - word.word.upright_box.right > _COLUMN_GAP * height:
            break
        left = min(left, word.word.upright_box.left)
    return left


def _is_text(word: PaperWord) -> bool:
    return any(map(str.isalnum, word.word.text))
