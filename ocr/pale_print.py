"""Pages printed or scanned so pale that their letters are taken for paper: the same page with its ink made dark."""

import cv2
import numpy as np

from ocr.image import PageImage, as_pixels

# The darkest share of the pixels of a page of text is ink, whatever else is on it.
_INK_SHARE = 0.005
# A difference of fewer levels is noise of the scanner, not ink.
_LEAST_CONTRAST = 8


def darkened(image: PageImage) -> PageImage:
    """Return the page with its levels spread so that paper is white and the darkest ink black; same size and place."""
    grey = cv2.extractChannel(image.pixels, 1) if image.pixels.ndim == 3 else image.pixels
    counts = np.cumsum(np.bincount(grey[::3, ::3].ravel(), minlength=256))
    paper = int(np.searchsorted(counts, counts[-1] * 0.4))
    ink = min(int(np.searchsorted(counts, counts[-1] * _INK_SHARE)), paper - _LEAST_CONTRAST)
    levels = (np.arange(256) - ink) * (255 / (paper - ink))
    pixels = cv2.LUT(image.pixels, levels.clip(0, 255).astype(np.uint8))
    return PageImage(as_pixels(pixels), image.dpi, image.page_number, image.problems)
