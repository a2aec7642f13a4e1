"""The picture of one page, as it came from the scan."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.problem import Problem


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """One page picture.

    Attributes:
        pixels: `uint8`, shape `(height, width, 3)` in RGB order, or `(height, width)` for grey and bilevel pages.
        dpi: Resolution of `pixels`; what the file says, else 300 for a PDF page rendering, else 0 for unknown.
        page_number: Page of the scan, from 1.
        problems: What the decoder complained about while still giving a picture.
    """

    pixels: NDArray[np.uint8]
    dpi: int
    page_number: int
    problems: tuple[Problem, ...] = ()

    @property
    def width_px(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height_px(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])


def as_pixels(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Return `array` as contiguous `uint8` pixels."""
    return np.ascontiguousarray(array, dtype=np.uint8)
