"""Second readings of written blanks: what a pen wrote, read again by readers that know nothing of each other.

Source: design §8: on 70 values of 35 real acts two independent line models agree on 54, 53 of them right and the one
wrong refused by the grammar of dates, where the page reader has 22 right, 17 wrong and does not see the rest.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol

from extractors.kinds.parsed import Parsed
from extractors.paper_text import PaperText, Stretch
from extractors.paper_type import FieldType, PaperType
from extractors.reading import Reading
from ocr.blank import Blank, BlankReading, agreed
from ocr.line_reading import LineReader
from ocr.page import Box, PageText, ReaderInfo, Said

BlankReadings = Mapping[Blank, tuple[BlankReading, ...]]


class ReadAgain(Protocol):
    """Reads a line again, from the picture of the page."""

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """The readers that may be asked, the most reliable on figures first."""
        ...

    def text(self, page: PageText, line: Box, reader: LineReader) -> Said | None:
        """Return what one reader makes of a printed line, None where the machine lacks that reader.

        Args:
            page: The page as it was read first.
            line: Box of the line, or a part of it, on the upright page.
            reader: Whom to ask.
        """
        ...

    def blanks(self, page: PageText, line: Box, blanks: tuple[Blank, ...]) -> BlankReadings:
        """Return what each reader made of each blank.

        Args:
            page: The page as it was read first.
            line: Box of the whole line on the upright page.
            blanks: Which blanks of the line.
        """
        ...


def read_again_where_written(
    paper: PaperText,
    paper_type: PaperType,
    readings: Mapping[str, Reading],
    zones: Mapping[str, Stretch],
    read_again: ReadAgain,
) -> dict[str, Reading]:
    """Return `readings` with those of written fields put right, confirmed or marked as disputed."""
    result = dict(readings)
    for name, field in paper_type.fields.items():
        line = zones.get(field.written.zone) if field.written else None
        if field.written is None or line is None:
            continue
        seen = read_again.blanks(paper.pages[line.page_index], line.upright_box, field.written.blanks)
        second = _second_reading(field, seen, readings.get(name), line)
        if second is not None:
            result[name] = second
    return result


def _second_reading(field: FieldType, seen: BlankReadings, first: Reading | None, line: Stretch) -> Reading | None:
    """Return the reading to go on with, or None where the second readers saw nothing of use."""
    readers = tuple(dict.fromkeys(reading.reader for answers in seen.values() for reading in answers))
    settled = {blank: agreed(blank, answers) for blank, answers in seen.items()}
    value = _value_of(field, settled)
    stretch = first.stretch if first else line
    if value is not None:
        return Reading(Parsed(value), stretch, agreed_by=readers)
    proposal = _value_of(field, {blank: _first_answer(answers) for blank, answers in seen.items()})
    if proposal is None:
        return replace(first, is_disputed=True) if first else None
    return Reading(Parsed(proposal), stretch, is_disputed=True)


def _first_answer(answers: tuple[BlankReading, ...]) -> str | None:
    """Readers are asked in the order of how often they are right."""
    return next((reading.value for reading in answers if reading.value is not None), None)


def _value_of(field: FieldType, blanks: Mapping[Blank, str | None]) -> str | None:
    """Return the field's value from what stands in its blanks, None unless all are known and make sense together."""
    if field.kind != "date":
        return blanks.get(Blank.NUMBER)
    parts = (blanks.get(Blank.YEAR), blanks.get(Blank.MONTH), blanks.get(Blank.DAY))
    if None in parts:
        return None
    try:
        return date(*(int(part or 0) for part in parts)).isoformat()
    except ValueError:
        return None
