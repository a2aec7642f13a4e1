"""The picture of one page, as it came from the scan."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.problem import Problem

# A page with colour is told by a few of its rows, nearly for free.
_SAMPLED_ROWS = 50


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


def without_empty_colour(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an RGB picture without any colour as the grey picture it is; any other picture unchanged.

    Scanners store black and white pages in colour, and Poppler draws every page so: a third of the memory and of
    the clean-up is enough for them.
    """
    if pixels.ndim == 2 or not _is_grey(pixels[::_SAMPLED_ROWS]) or not _is_grey(pixels):
        return pixels
    return as_pixels(pixels[..., 0])


def _is_grey(pixels: NDArray[np.uint8]) -> bool:
    red = pixels[..., 0]
    return np.array_equal(red, pixels[..., 1]) and np.array_equal(red, pixels[..., 2])


def without_colour(page: PageImage) -> PageImage:
    """Return the page in grey with ink of every colour dark: each pixel by its darkest channel."""
    grey = page.pixels if page.pixels.ndim == 2 else as_pixels(page.pixels.min(axis=2))
    return PageImage(grey, page.dpi, page.page_number, page.problems)
