"""Grain: specks of paper, toner and scanner by the hundred thousand, which readers take minutes to make nothing of.

A page of print has one to three thousand marks; a grainy empty sheet that is made black and white has two hundred
thousand, and Tesseract's page layout cannot be stopped while it sorts them.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image import PageImage, as_pixels

# Wide enough to even out grain, narrow enough to leave the strokes of letters at 200 dpi.
_RADIUS_PX, _LEAST_DPI = 1.5, 200
# Window that takes specks away and leaves strokes, at 300 dpi.
_WINDOW_PX, _WINDOW_DPI = 5, 300
# Ten times the marks of the fullest page of print.
_MOST_MARKS = 30_000
_DARK = 160


def smoothed(image: PageImage) -> PageImage:
    """Return the page with its grain evened out: darkening pale print would make print of it."""
    radius = _RADIUS_PX * max(image.dpi, _LEAST_DPI) / _LEAST_DPI
    return _with(image, cv2.GaussianBlur(image.pixels, (0, 0), radius))


def without_specks(image: PageImage) -> PageImage:
    """Return the page without marks smaller than the strokes of letters."""
    window = max(3, round(_WINDOW_PX * (image.dpi or _WINDOW_DPI) / _WINDOW_DPI) | 1)
    return _with(image, cv2.medianBlur(image.pixels, window))


def is_grainy(picture: NDArray[np.uint8]) -> bool:
    """True when a grey picture bears more marks than any print."""
    dark = (picture < _DARK).astype(np.uint8)
    return int(cv2.connectedComponents(dark, connectivity=8)[0]) > _MOST_MARKS


def _with(image: PageImage, pixels: "cv2.typing.MatLike") -> PageImage:
    return PageImage(as_pixels(pixels), image.dpi, image.page_number, image.problems)
