"""Reading lines a second time, by readers that know nothing of the page reader."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.blank import Blank, BlankReading
from ocr.cleanup.leaders import line_without_leaders
from ocr.image import PageImage
from ocr.line_reading import LineReader, SecondReading
from ocr.page import Box, PageText, ReaderInfo, Said
from ocr.readers.best import other_net_line_reader
from ocr.readers.line_model import ASTER, PP_OCR, LineModel, LineReading
from ocr.readers.reader import Reader
from ocr.region import cut_region
from ocr.vietnamese import to_nfc
from ocr.written_blank import read_blank

# Paper around a written line, as shares of its height: the usual framing first, then less and more.
_FRAMINGS = (0.2, 0.05, 0.35)
# Paper around a printed line: line models lose tone marks in a tight frame, and gain nothing from a wide one.
_MARGIN = 0.1
# A line at scan resolution is some 30 pixels high; this much white around it is what Tesseract wants.
_WHITE_PX = 12
_LINE_DPI = 300
_LINE_TIMEOUT_S = 20.0

# Part of the recipe: raise it when a change in cutting or decoding changes what is read.
SECOND_READING_VERSION = 3


class SecondReader:
    """The second readers of this machine."""

    def __init__(self, models: Mapping[LineReader, LineModel], other_net: Reader | None) -> None:
        """Use line models by what they are good at, and Tesseract with another net than the page reader has."""
        self._models = dict(models)
        self._other_net = other_net

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """All of them; the line models, the most reliable on figures first."""
        return (*(model.info for model in self._models.values()), *(self._other_net.readers if self._other_net else ()))

    def recipe_for(self, line: Box, asked: Sequence[Blank] | LineReader) -> str:
        """Return the fingerprint of all that decides a second reading but the page itself (16 hex digits)."""
        parts = {
            "version": SECOND_READING_VERSION,
            "readers": [reader.model_dump() for reader in self.readers],
            "line": line,
            "asked": list(asked) if not isinstance(asked, LineReader) else asked,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def has(self, reader: LineReader) -> bool:
        """True when that reader is on this machine."""
        return reader in self._models or (reader is LineReader.OTHER_NET and self._other_net is not None)

    def read_blanks(self, image: PageImage, page: PageText, line: Box, blanks: Sequence[Blank]) -> SecondReading:
        """Read the written blanks of one line with every line model.

        Args:
            image: The page as it came.
            page: Its text: tells how the page lies on the scan.
            line: Box of the whole line on the upright page.
            blanks: Which blanks of the line.

        Raises:
            SohoaError: `reader_failed`.
        """
        regions = [cut_region(image, page, line, margin) for margin in _FRAMINGS]
        framed = [(model.info.label, [model.read(region) for region in regions]) for model in self._models.values()]
        return SecondReading(
            scan_sha256=page.scan_sha256,
            page_number=page.page_number,
            line=line,
            blanks={blank: tuple(_in_all(blank, label, lines) for label, lines in framed) for blank in blanks},
        )

    def read_text(self, image: PageImage, page: PageText, line: Box, reader: LineReader) -> SecondReading:
        """Read one printed line, or a part of it, with one reader; `has(reader)` must be true.

        Args:
            image: The page as it came.
            page: Its text: tells how the page lies on the scan.
            line: Box of the line on the upright page, little wider than its words.
            reader: Whom to ask.

        Raises:
            SohoaError: `reader_failed`.
        """
        region = cut_region(image, page, line, _MARGIN)
        # Red ink is as bright as paper in the red channel: a stamp over the line is gone. What is printed in red
        # alone would be gone too, so an empty answer is asked once more with all ink.
        label, text = self._line_text(reader, line_without_leaders(np.ascontiguousarray(region[..., 0])))
        if not text:
            label, text = self._line_text(reader, line_without_leaders(np.ascontiguousarray(region.min(axis=2))))
        return SecondReading(
            scan_sha256=page.scan_sha256, page_number=page.page_number, line=line, text=Said(reader=label, text=text)
        )

    def _line_text(self, reader: LineReader, grey: NDArray[np.uint8]) -> tuple[str, str]:
        """Return the label of the reader and what it saw."""
        if reader is LineReader.OTHER_NET and self._other_net is not None:
            framed = np.pad(grey, _WHITE_PX, constant_values=255)
            words = self._other_net.read(framed, _LINE_DPI, _LINE_TIMEOUT_S)
            return self._other_net.readers[0].label, " ".join(word.text for word in words)
        model = self._models[reader]
        return model.info.label, to_nfc(" ".join(model.read(np.repeat(grey[..., np.newaxis], 3, axis=2)).text.split()))


def _in_all(blank: Blank, label: str, lines: Sequence[LineReading]) -> BlankReading:
    """Return the reading in the usual framing, marked as stable when the other framings give the same."""
    usual, *others = (read_blank(blank, label, line) for line in lines)
    return usual.model_copy(update={"is_stable": all(other.value == usual.value for other in others)})


def second_reader() -> SecondReader:
    """Return the second reader of this machine.

    Raises:
        SohoaError: `reader_missing` when set-up has not brought a line model.
    """
    models = {LineReader.FIGURES: LineModel(PP_OCR), LineReader.WORDS: LineModel(ASTER)}
    return SecondReader(models, other_net_line_reader())
