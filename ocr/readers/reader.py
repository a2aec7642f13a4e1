"""What every reader is: something with an identity that turns a picture into words."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ocr.page import Box, ReaderInfo


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word as a reader saw it, in pixels of the picture it was given.

    Attributes:
        text: NFC, no white space, never empty.
        box: Place in the picture.
        confidence: What the reader claims, 0-1, or None.
        line: Number of its text line, in reading order, from 0.
    """

    text: str
    box: Box
    confidence: float | None
    line: int


class Reader(Protocol):
    """A text reader. Implementations are safe to call from several threads."""

    @property
    def info(self) -> ReaderInfo:
        """Name, version and model: part of the recipe of everything read."""
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
