"""Confirmation: each printed field is read again by a reader of another make, and what both say is trusted.

The page reader's own words are compared, as the kind of the field understands them: a date is a date however it is
spaced. Where the two differ, a third reader is asked; the value that two of the three give is the one to propose, and
where no two say the same as a whole, the words are chosen one by one; but a person decides. Source: on the ten decree
pages the page reader and the line model agree on 94.5 % of words, none of them wrong.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from extractors.kinds.parsed import Parsed
from extractors.kinds.registry import FIGURE_KINDS, KINDS
from extractors.layout import rows_of
from extractors.lexicon.repair import has_doubtful_surname
from extractors.lexicon.tones import has_doubtful_tone
from extractors.paper_text import PaperText, PaperWord, Stretch
from extractors.paper_type import PaperType
from extractors.reading import Reading
from extractors.record import LEFT_BLANK
from extractors.second_reading import ReadAgain
from extractors.sign_agreement import settle_signs
from extractors.signals import OTHER_READER
from extractors.voices import Voices, settle_words
from ocr.line_reading import LineReader
from ocr.page import Box, PageText, Said
from ocr.syllables import is_syllable, lacks_marks
from ocr.vietnamese import fold

# Paper at the sides of a piece, as a share of its height, at most half-way to the neighbours: enough to see a letter
# that the page reader left out (`hạm` of `Phạm`).
_SIDE = 1.0
# A longer piece is cut at a blank: line models squeeze what is too long for them.
_LONGEST = 20.0
# Kinds whose words may be chosen one by one; figures are right as a whole, or not.
_NAMES = frozenset({"address", "holder_name", "organ", "person_name", "place", "signer_name", "signer_title"})
_RUNNING_TEXT = frozenset({"subject", "text"})


def confirm_readings(
    paper: PaperText, paper_type: PaperType, readings: Mapping[str, Reading], read_again: ReadAgain
) -> dict[str, Reading]:
    """Return `readings`, those of printed fields confirmed by another reader, put right, or marked as disputed."""
    result = dict(readings)
    for name, reading in readings.items():
        field = paper_type.fields[name]
        settled = reading.agreed_by or reading.is_disputed  # by the second readings of written blanks
        printed = not reading.stretch.is_of_code and reading.parsed.reason != LEFT_BLANK
        if printed and not field.auxiliary and not settled:
            result[name] = _confirmed(paper, field.kind, reading, read_again)
    return result


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one reader says of a field, and what the field's kind makes of it (None: nobody knows which part it is)."""

    said: Said
    parsed: Parsed | None

    @property
    def value(self) -> str | None:
        """The value as one text."""
        return self.parsed.text if self.parsed else None

    @property
    def is_repaired(self) -> bool:
        """True when a list put something right in it."""
        return self.parsed is not None and self.parsed.repaired


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
        return _Voice(Said(reader=said[0].reader, text=text), _parsed(kind, text, reading.stretch))

    first, second = (
        (LineReader.FIGURES, LineReader.WORDS) if kind in FIGURE_KINDS else (LineReader.WORDS, LineReader.OTHER_NET)
    )
    other = ask(first)
    if other is None:
        return reading
    said: tuple[Said, ...] = (own.said, other.said)
    if isinstance(reading.parsed.value, tuple):
        return _confirmed_list(reading, reading.parsed.value, own, other)
    if _agree(own, other) and not _is_doubtful(kind, own.value):
        return _confirmed_by(kind, replace(reading, said=said), own, other)
    third = ask(second)
    if third is None:
        return replace(reading, is_disputed=True, said=said)
    said = (*said, third.said)
    is_upheld = _same(own.value, third.value) and _same(own.value, reading.parsed.text)
    proposal = reading.parsed if is_upheld else _proposal(reading, own, other, third)
    proposal = _word_by_word(kind, proposal, own, other, third)
    if is_upheld and _same(proposal.text, reading.parsed.text):
        return replace(reading, said=said)  # rules may still support it
    if not _same(proposal.text, reading.parsed.text):
        reading = replace(reading, parsed=replace(proposal, reason=OTHER_READER))
    return replace(reading, is_disputed=True, said=said)


def _confirmed_list(reading: Reading, values: tuple[str, ...], own: _Voice, other: _Voice) -> Reading:
    """Return a list with the blanks another reader saw, where both saw the same letters from first to last.

    It is no support: both were shown the same rows, and where a cell ends was told once, for both.
    """
    said = (own.said, other.said)
    spaced = _with_blanks_of(values, other.said.text)
    if spaced is None:
        return replace(reading, is_disputed=True, said=said)
    return replace(reading, parsed=replace(reading.parsed, value=spaced), said=said)


def _with_blanks_of(values: tuple[str, ...], text: str) -> tuple[str, ...] | None:
    """Return `values` with the blanks of `text` (`Tờkhai`, `Tờ khai`), None unless both have the same letters."""
    words = text.split()
    spaced: list[str] = []
    for value in values:
        taken: list[str] = []
        while words and len(_signless(" ".join(taken))) < len(_signless(value)):
            taken.append(words.pop(0))
        if _signless(" ".join(taken)) != _signless(value):
            return None
        spaced.append(" ".join(taken) if len(taken) > len(value.split()) else value)
    return None if _signless(" ".join(words)) else tuple(spaced)


def _signless(text: str) -> str:
    return "".join(re.findall(r"\w", text)).casefold()


def _proposal(reading: Reading, own: _Voice, other: _Voice, third: _Voice) -> Parsed:
    """Return what to propose as a whole where the page reader and the other differ."""
    chosen = next((voice for voice in (other, own) if _same(voice.value, third.value)), None)
    if chosen is None and other.value is not None and _is_vietnamese(other.value):
        chosen = other  # it sees the line alone and at full resolution: beside a stamp it is the one to propose
    return reading.parsed if chosen is None or chosen.parsed is None else chosen.parsed


def _word_by_word(kind: str, proposal: Parsed, own: _Voice, other: _Voice, third: _Voice) -> Parsed:
    """Return the proposal with the words in which the readers differ chosen one by one."""
    if kind not in _NAMES | _RUNNING_TEXT or not isinstance(proposal.value, str):
        return proposal
    voices = Voices(own.value, other.value, third.value)
    settled = settle_words(proposal.value, voices, by_compounds=kind in _RUNNING_TEXT)
    if settled.text == " ".join(proposal.value.split()):
        return proposal
    whole = next((voice.parsed for voice in (own, other) if voice.parsed and voice.value == settled.text), None)
    return whole or replace(proposal, value=settled.text, repairs=(*proposal.repairs, *settled.repairs))


def _agree(own: _Voice, other: _Voice) -> bool:
    """True when both say the same; where a list put both right, they must have seen the same letters."""
    if not _same(own.value, other.value):
        return False
    return not (own.is_repaired and other.is_repaired) or _letters(own.said.text) == _letters(other.said.text)


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", fold(text)))


def _confirmed_by(kind: str, reading: Reading, own: _Voice, other: _Voice) -> Reading:
    """Return the reading with the value two readers agree on, disputed where nobody can tell a comma from a dot."""
    chosen = _agreed(reading, own, other)
    if chosen.text is not None and own.value is not None and other.value is not None:
        text = settle_signs(chosen.text, own.value, other.value, of_places=kind == "address")
        if text is None:
            return replace(reading, is_disputed=True)
        chosen = replace(chosen, value=text)
    return replace(reading, parsed=chosen, agreed_by=(own.said.reader, other.said.reader))


def _agreed(reading: Reading, own: _Voice, other: _Voice) -> Parsed:
    """Return the value two readers agree on: as the fields were read, unless a third reader's words are in it."""
    if _same(own.value, reading.parsed.text):
        unrepaired = next((voice.parsed for voice in (own, other) if voice.parsed and not voice.is_repaired), None)
        # What one of the two saw by itself is no proposal of a list any more; the trace stays with the reading.
        return unrepaired or reading.parsed
    return own.parsed or reading.parsed


def _own_voice(page: PageText, kind: str, reading: Reading) -> _Voice:
    """Return what the page reader alone said: words that the line model has put right already are not its own."""
    label = page.readers[0].label if page.readers else "sample"
    words = reading.stretch.words
    if all(word.word.text == word.word.by_page_reader for word in words):
        return _Voice(Said(reader=label, text=reading.stretch.text), reading.parsed)
    text = " ".join(word.word.by_page_reader for word in words)
    return _Voice(Said(reader=label, text=text), _parsed(kind, text, reading.stretch))


def _parsed(kind: str, text: str, stretch: Stretch) -> Parsed | None:
    """Return what another reader's text of the words says, of which the stretch may be a part."""
    before, _, after = " ".join(word.word.text for word in stretch.words).partition(" ".join(stretch.text.split()))
    part = _without(_without(text, before, from_end=False), after, from_end=True)
    return None if part is None else KINDS[kind](part)


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
    """True when both say the same, signs and all; the paper between them does not count, nor yet a dot for a comma."""
    return first is not None and second is not None and _parts(first) == _parts(second)


def _parts(value: str) -> list[str]:
    return [re.sub("[,;:]", ".", part) for part in re.findall(r"\w+|[^\w\s]", value)]


def _is_doubtful(kind: str, value: str | None) -> bool:
    """True for a value that is hardly right whoever read it: in bold capitals all readers lose the same small marks.

    `CHỦ TICH` is none that can be; `Nguyên` before a name may be, but is far more often `Nguyễn`, and `thấm định` in
    running text is `thẩm định`.
    """
    if value is None or (kind in {"person_name", "signer_name"} and has_doubtful_surname(value)):
        return True
    if kind in _RUNNING_TEXT and has_doubtful_tone(value):
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
