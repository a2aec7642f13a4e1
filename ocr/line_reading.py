"""The nouns of second readings: which reader is asked about a line, and what was answered. Imports nothing heavy."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from ocr.blank import Blank, BlankReading
from ocr.page import Box, Said
from ocr.stored import StoredDocument


class LineReader(StrEnum):
    """Readers of one line, by what they are good at.

    FIGURES: a line model for digits and codes; it knows no Vietnamese tones.
    WORDS: a line model that reads Vietnamese.
    OTHER_NET: Tesseract with another net than the page reader has; a close relative, so no independent witness beside
        it, but an arbiter where the page reader and a line model differ.
    """

    FIGURES = "figures"
    WORDS = "words"
    OTHER_NET = "other-net"


class SecondReading(StoredDocument):
    """What other readers made of one line; stored, so that a line is read again only once.

    Attributes:
        scan_sha256: The scan the line stands on.
        page_number: From 1.
        line: Box of the line, or of the part of it that was asked about, on the upright page.
        blanks: For each written blank, the answer of each reader, the most reliable reader first.
        text: The whole line as one reader saw it, single blanks, NFC.
    """

    schema_: Literal["sohoa.reading/1"] = Field(default="sohoa.reading/1", alias="schema")
    scan_sha256: str
    page_number: int
    line: Box
    blanks: dict[Blank, tuple[BlankReading, ...]] = Field(default_factory=dict)
    text: Said | None = None
