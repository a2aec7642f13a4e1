"""What every reader is: something with an identity that turns a picture into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ocr.page import Box, ReaderInfo, Said


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word as a reader saw it, in pixels of the picture it was given.

    Attributes:
        text: NFC, no white space, never empty.
        box: Place in the picture.
        confidence: What the reader claims, 0-1, or None.
        line: Number of its text line, in reading order, from 0.
        said: Who said what, the page reader first; empty when one reader alone was asked.
    """

    text: str
    box: Box
    confidence: float | None
    line: int
    said: tuple[Said, ...] = ()


def reading_quality(words: Sequence[ReadWord]) -> float:
    """Return the share (0-1) of characters in words that look like words and are claimed with 0.6 or more."""
    total = sum(len(word.text) for word in words)
    good = sum(len(word.text) for word in words if looks_like_word(word))
    return good / total if total else 0.0


def looks_like_word(word: ReadWord) -> bool:
    """True for two letters or figures and more, claimed with 0.6 or more, in a box that lies as upright words do."""
    # A longer word that is higher than wide was read from a page on its side.
    on_its_side = len(word.text) >= 3 and word.box.height > word.box.width
    return (word.confidence or 0.0) >= 0.6 and sum(c.isalnum() for c in word.text) > 1 and not on_its_side


class Reader(Protocol):
    """A text reader. Implementations are safe to call from several threads."""

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """Who reads, with which model, the reader of whole pages first: part of the recipe of everything read."""
        ...

    def read(self, picture: NDArray[np.uint8], dpi: int, timeout_s: float) -> tuple[ReadWord, ...]:
        """Read a page.

        Args:
            picture: Grey, `uint8`, shape `(height, width)`, upright.
            dpi: Resolution of `picture`.
            timeout_s: Give up after this many seconds.

        Raises:
            SohoaError: `page_timeout` or `reader_failed` (retryable), `reader_missing`.
        """
        ...
