"""The words that a page of a PDF says it carries, as Poppler tells them: text and place, before anybody believed them.

Poppler's table (`pdftotext -tsv`) has the columns of Tesseract's. Its places are points (1/72 inch) from the top left
corner of the page as it is shown, turned by `/Rotate`; so they need only be scaled to fall on the rendered picture.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocr.poppler import tell
from ocr.vietnamese import to_nfc

_COLUMNS = 12
_PAGE_LEVEL, _LINE_LEVEL, _WORD_LEVEL = "1", "4", "5"
# Characters that stand for letters drawn as one, and the dash that shows only at the end of a line.
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# Within one word letters may stand apart by this share of the letter height: programs set every letter by itself.
# Poppler takes a gap of a tenth of the font size for a blank at most; a blank of the narrowest line is two tenths.
_GAP_IN_WORD = 0.1
# Two lines whose middles differ by less than this share of the lower one's height are one row.
_SAME_ROW = 0.4


@dataclass(frozen=True, slots=True)
class PdfWord:
    """A word of the text layer; places in points, `line` is its row in reading order, from 0."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    line: int

    @property
    def height(self) -> float:
        """Height of its box: from the highest to the lowest stroke the font may have."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PdfPageWords:
    """The words of one page, and its size in points; sizes are 0.0 when there is no such page."""

    width: float
    height: float
    words: tuple[PdfWord, ...]


def pdf_words(path: Path, page_number: int, timeout_s: float) -> PdfPageWords:
    """Return the words of one page; a page that Poppler cannot read, or not in `timeout_s` seconds, has none.

    Raises:
        SohoaError: `reader_missing` when Poppler is not installed.
    """
    number = str(page_number)
    # The crop box, as for the picture of the page: the places must fall on it.
    command = ["pdftotext", "-q", "-cropbox", "-tsv", "-enc", "UTF-8", "-f", number, "-l", number]
    table, run = tell([*command, str(path.absolute()), "-"], timeout_s)
    return words_of_pdf_table(table if run.status == 0 else "")


def words_of_pdf_table(table: str) -> PdfPageWords:
    """Return the words of Poppler's table. Rows that make no sense are passed over: a letter may be a line break."""
    width = height = 0.0
    lines: list[list[PdfWord]] = []
    for row in table.split("\n"):
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) < _COLUMNS:
            continue
        places = _numbers(cells[6:10])
        if places is None:
            continue
        if cells[0] == _PAGE_LEVEL:
            width, height = places[2:]
        elif cells[0] == _LINE_LEVEL:
            lines.append([])
        elif cells[0] == _WORD_LEVEL and lines:
            text = clean_text(cells[11])
            left, top, word_width, word_height = places
            if text:
                word = PdfWord(text, left, top, left + word_width, top + word_height, len(lines))
                lines[-1].append(word)
    return PdfPageWords(width, height, tuple(_numbered(_rows(_joined(line) for line in lines if line))))


def clean_text(text: str) -> str:
    """Return a word of the layer as the product writes words: NFC, letters for ligatures, nothing that has no shape."""
    spelled = "".join(_LIGATURES.get(character, character) for character in text)
    # Cf: soft hyphens, joiners, direction marks; Cc: what a broken map gives; none of them leaves ink.
    shown = "".join(c for c in spelled if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
    return to_nfc("".join(shown.split()))


@cache
def poppler_version() -> str:
    """Return the version of Poppler's programs, empty when it cannot be told.

    Raises:
        SohoaError: `reader_missing`.
    """
    printed, run = tell(["pdftotext", "-v"], 20.0)
    match = re.search(r"version ([\d.]+)", run.messages + printed)
    return match[1] if match else ""


def _numbers(cells: Sequence[str]) -> tuple[float, float, float, float] | None:
    try:
        left, top, width, height = (float(cell) for cell in cells)
    except ValueError:
        return None
    # `inf` and `nan` are numbers to Python, and no page is a kilometre wide.
    is_place = all(abs(number) < 1e6 for number in (left, top, width, height))
    return (left, top, width, height) if is_place else None


def _joined(line: Sequence[PdfWord]) -> list[PdfWord]:
    """Join neighbours without a blank between them: a change of font or a wide letter is no end of a word."""
    joined: list[PdfWord] = []
    for word in line:
        before = joined[-1] if joined else None
        if before is not None and abs(word.left - before.right) <= _GAP_IN_WORD * before.height:
            top, bottom = min(before.top, word.top), max(before.bottom, word.bottom)
            text = to_nfc(before.text + word.text)
            joined[-1] = PdfWord(text, before.left, top, max(before.right, word.right), bottom, before.line)
        else:
            joined.append(word)
    return joined


def _rows(lines: Iterable[list[PdfWord]]) -> list[list[PdfWord]]:
    """Join a line with the one before it where both stand on one row, as readers of pictures see them.

    Poppler ends a line at every wide gap: between a label and its value, between the two columns of a heading.
    """
    rows: list[list[PdfWord]] = []
    for line in lines:
        before = rows[-1][-1] if rows else None
        first = line[0]
        if before is not None and first.left >= before.right:
            apart = abs((first.top + first.bottom) - (before.top + before.bottom)) / 2
            if apart < _SAME_ROW * min(first.height, before.height):
                rows[-1] += line
                continue
        rows.append(line)
    return rows


def _numbered(rows: Iterable[Sequence[PdfWord]]) -> Iterable[PdfWord]:
    for number, row in enumerate(rows):
        for word in row:
            yield PdfWord(word.text, word.left, word.top, word.right, word.bottom, number)
