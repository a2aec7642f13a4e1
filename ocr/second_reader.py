"""Reading the blanks of a line a second time, by line models that know nothing of each other."""

import hashlib
import json
from collections.abc import Sequence

from ocr.blank import Blank, BlankReading, LineBlanks
from ocr.image import PageImage
from ocr.page import Box, PageText, ReaderInfo
from ocr.readers.line_model import LINE_MODELS, LineModel, LineReading
from ocr.region import cut_region
from ocr.written_blank import read_blank

# Paper around the line, as shares of its height: the usual framing first, then less and more.
_FRAMINGS = (0.2, 0.05, 0.35)

# Part of the recipe: raise it when a change in cutting or decoding changes what is read.
SECOND_READING_VERSION = 1


class SecondReader:
    """The line models of this machine, asked together."""

    def __init__(self, models: Sequence[LineModel]) -> None:
        """Use `models`, the most reliable first."""
        self._models = tuple(models)

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """The models, in the order in which they are asked."""
        return tuple(model.info for model in self._models)

    def recipe_for(self, line: Box, blanks: Sequence[Blank]) -> str:
        """Return the fingerprint of all that decides a second reading but the page itself (16 hex digits)."""
        parts = {
            "version": SECOND_READING_VERSION,
            "readers": [reader.model_dump() for reader in self.readers],
            "line": line,
            "blanks": list(blanks),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def read(self, image: PageImage, page: PageText, line: Box, blanks: Sequence[Blank]) -> LineBlanks:
        """Read the blanks of one line.

        Args:
            image: The page as it came.
            page: Its text: tells how it was turned and straightened.
            line: Box of the whole line on the upright page.
            blanks: Which blanks of the line.

        Raises:
            SohoaError: `reader_failed`.
        """
        regions = [cut_region(image, page, line, margin) for margin in _FRAMINGS]
        framed = [(model.info.label, [model.read(region) for region in regions]) for model in self._models]
        return LineBlanks(
            scan_sha256=page.scan_sha256,
            page_number=page.page_number,
            line=line,
            blanks={blank: tuple(_in_all(blank, label, lines) for label, lines in framed) for blank in blanks},
        )


def _in_all(blank: Blank, label: str, lines: Sequence[LineReading]) -> BlankReading:
    """Return the reading in the usual framing, marked as stable when the other framings give the same."""
    usual, *others = (read_blank(blank, label, line) for line in lines)
    return usual.model_copy(update={"is_stable": all(other.value == usual.value for other in others)})


def second_reader() -> SecondReader:
    """Return the second reader of this machine.

    Raises:
        SohoaError: `reader_missing` when set-up has not brought a model.
    """
    return SecondReader([LineModel(file) for file in LINE_MODELS])
