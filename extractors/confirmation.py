"""Confirmation: each printed field is read again by a reader of another make, and what both say is trusted.

The page reader's own words are compared, as the kind of the field understands them: a date is a date however it is
spaced. Where the two differ, a third reader is asked; the value that two of the three give is the one to propose, but a
person decides. Source: on the ten decree pages the page reader and the line model agree on 94.5 % of words, none of
them wrong.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from extractors.kinds.parsed import Parsed
from extractors.kinds.registry import FIGURE_KINDS, KINDS
from extractors.layout import rows_of
from extractors.lexicon.repair import has_doubtful_surname
from extractors.paper_text import PaperText, PaperWord, Stretch
from extractors.paper_type import PaperType
from extractors.reading import Reading
from extractors.record import LEFT_BLANK
from extractors.second_reading import ReadAgain
from ocr.line_reading import LineReader
from ocr.page import Box, PageText, Said
from ocr.syllables import is_syllable, lacks_marks

# Paper at the sides of a piece, as a share of its height, at most half-way to the neighbours: enough to see a letter
# that the page reader left out (`hạm` of `Phạm`).
_SIDE = 1.0
# A longer piece is cut at a blank: line models squeeze what is too long for them.
_LONGEST = 20.0


def confirm_readings(
    paper: PaperText, paper_type: PaperType, readings: Mapping[str, Reading], read_again: ReadAgain
) -> dict[str, Reading]:
    """Return `readings`, those of printed fields confirmed by another reader, put right, or marked as disputed."""
    result = dict(readings)
    for name, reading in readings.items():
        field = paper_type.fields[name]
        settled = reading.agreed_by or reading.is_disputed  # by the second readings of written blanks
        if not field.auxiliary and not settled and reading.parsed.reason != LEFT_BLANK:
            result[name] = _confirmed(paper, field.kind, reading, read_again)
    return result


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one reader says of a field, and the value in it."""

    said: Said
    value: str | None


def _confirmed(paper: PaperText, kind: str, reading: Reading, read_again: ReadAgain) -> Reading:
    page = paper.pages[reading.stretch.page_index]
    pieces = list(_pieces(paper, reading.stretch))
    own = _own_voice(page, kind, reading)

    def ask(reader: LineReader) -> _Voice | None:
        answers = [read_again.text(page, piece, reader) for piece in pieces]
        said = [answer for answer in answers if answer is not None]
        if not said:
            return None
        text = " ".join(answer.text for answer in said)
        return _Voice(Said(reader=said[0].reader, text=text), _value(kind, text, reading.stretch))

    first, second = (
        (LineReader.FIGURES, LineReader.WORDS) if kind in FIGURE_KINDS else (LineReader.WORDS, LineReader.OTHER_NET)
    )
    other = ask(first)
    if other is None:
        return reading
    said: tuple[Said, ...] = (own.said, other.said)
    if _same(own.value, other.value) and not _is_doubtful(kind, own.value):
        parsed = reading.parsed if _same(own.value, reading.parsed.value) else Parsed(own.value)
        return replace(reading, parsed=parsed, agreed_by=(own.said.reader, other.said.reader), said=said)
    third = ask(second)
    if third is None:
        return replace(reading, is_disputed=True, said=said)
    said = (*said, third.said)
    if _same(own.value, third.value) and _same(own.value, reading.parsed.value):
        return replace(reading, said=said)  # rules may still support it
    chosen = next((voice for voice in (other, own) if _same(voice.value, third.value)), None)
    if chosen is None and other.value is not None and _is_vietnamese(other.value):
        chosen = other  # it sees the line alone and at full resolution: beside a stamp it is the one to propose
    if chosen is not None and not _same(chosen.value, reading.parsed.value):
        reading = replace(reading, parsed=Parsed(chosen.value, "other-reader"))
    return replace(reading, is_disputed=True, said=said)


def _own_voice(page: PageText, kind: str, reading: Reading) -> _Voice:
    """Return what the page reader alone said: words that the line model has put right already are not its own."""
    label = page.readers[0].label if page.readers else "sample"
    words = reading.stretch.words
    if all(word.word.text == word.word.by_page_reader for word in words):
        return _Voice(Said(reader=label, text=reading.stretch.text), reading.parsed.value)
    text = " ".join(word.word.by_page_reader for word in words)
    return _Voice(Said(reader=label, text=text), _value(kind, text, reading.stretch))


def _value(kind: str, text: str, stretch: Stretch) -> str | None:
    """Return the value in another reader's text of the words that the stretch is, or is a part of."""
    before, _, after = " ".join(word.word.text for word in stretch.words).partition(stretch.text)
    part = _without(_without(text, before, from_end=False), after, from_end=True)
    return None if part is None else KINDS[kind](part).value


def _without(text: str | None, other: str, *, from_end: bool) -> str | None:
    """Return `text` without what stands for `other` at one of its ends, cut at the sign that parts them.

    Signs alone are left to the kind; None where the sign is not there, or a letter: nobody knows where to cut.
    """
    if text is None or not any(map(str.isalnum, other)):
        return text
    sign = other.strip()[0 if from_end else -1]
    count = other.count(sign)
    parts = text.rsplit(sign, count) if from_end else text.split(sign, count)
    if sign.isalnum() or len(parts) <= count:
        return None
    return parts[0] if from_end else parts[-1]


def _same(first: str | None, second: str | None) -> bool:
    """True when both say the same, signs and all; the paper between them does not count, nor a dot for a comma."""
    return first is not None and second is not None and _parts(first) == _parts(second)


def _parts(value: str) -> list[str]:
    return [re.sub("[,;:]", ".", part) for part in re.findall(r"\w+|[^\w\s]", value)]


def _is_doubtful(kind: str, value: str | None) -> bool:
    """True for a value that is hardly right whoever read it: in bold capitals all readers lose the same small marks.

    `CHỦ TICH` is none that can be; `Nguyên` before a name may be, but is far more often `Nguyễn`.
    """
    if value is None or (kind in {"person_name", "signer_name"} and has_doubtful_surname(value)):
        return True
    return any(lacks_marks(word) for word in value.split())


def _is_vietnamese(value: str) -> bool:
    return all(is_syllable(word) for word in value.split() if any(map(str.isalpha, word)))


def _pieces(paper: PaperText, stretch: Stretch) -> Iterator[Box]:
    """Yield the boxes, on the upright page, that together show the stretch: row by row, each of a readable length."""
    neighbours = [word for word in paper.words if word.page_index == stretch.page_index]
    for row in rows_of(stretch.words):
        for words in _cut(row):
            box = Box.around(word.word.upright_box for word in words)
            yield _with_sides(box, neighbours, {word.start for word in words})


def _cut(row: list[PaperWord]) -> Iterator[list[PaperWord]]:
    height = Box.around(word.word.upright_box for word in row).height
    piece: list[PaperWord] = []
    for word in row:
        if piece and word.word.upright_box.right - piece[0].word.upright_box.left > _LONGEST * height:
            yield piece
            piece = []
        piece.append(word)
    yield piece


def _with_sides(box: Box, neighbours: list[PaperWord], own: set[int]) -> Box:
    """Return `box` with a little paper at its left and right, but nothing of a neighbour's letters."""
    others = [
        word.word.upright_box
        for word in neighbours
        if word.start not in own and box.top < word.word.upright_box.center_y < box.bottom
    ]
    side = round(_SIDE * box.height)
    left_gap = min((box.left - other.right for other in others if other.right <= box.left), default=2 * side)
    right_gap = min((other.left - box.right for other in others if other.left >= box.right), default=2 * side)
    return Box(box.left - min(side, left_gap // 2), box.top, box.right + min(side, right_gap // 2), box.bottom)
