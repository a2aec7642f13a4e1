"""The table of words that Tesseract gives, however it is driven."""

from ocr.page import Box
from ocr.readers.reader import ReadWord
from ocr.vietnamese import to_nfc

# Columns of Tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
_COLUMNS = 12
_WORD_LEVEL = "5"


def words_of_table(table: str) -> tuple[ReadWord, ...]:
    """Return the words of Tesseract's TSV in its own reading order; a heading row is passed over.

    Raises:
        ValueError: A word's row holds no numbers where numbers belong.
    """
    words: list[ReadWord] = []
    line_numbers: dict[tuple[str, ...], int] = {}
    for row in table.split("\n"):
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) < _COLUMNS or cells[0] != _WORD_LEVEL:
            continue
        # A word may hold white space (a no-break space read from a wide gap); it is one token all the same.
        text = "".join(to_nfc(cells[11]).split())
        confidence = float(cells[10])
        if not text or confidence < 0:
            continue
        left, top, width, height = (int(cell) for cell in cells[6:10])
        line = line_numbers.setdefault(tuple(cells[2:5]), len(line_numbers))
        box = Box(left, top, left + width, top + height)
        words.append(ReadWord(text, box, round(min(confidence, 100.0) / 100, 4), line))
    return tuple(words)
