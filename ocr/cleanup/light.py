"""Even light: shadows, the dark gutter of a book, a lamp on one side, taken off where they are.

Tesseract parts ink from paper by one level for the whole page (Otsu), so paper in a shadow becomes ink.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

# The light is judged on a picture this much smaller; strokes of text up to this wide (px of the reading picture, where
# a lower-case letter is 14 high) are ink, not shadow.
_REDUCTION = 4
_WIDEST_STROKE_PX = 28
_SMOOTHING_PX = 21
# One level for the whole page copes with less difference than this between the darkest and the lightest paper.
_UNEVEN = 0.82
# Dark areas (photos, filled cells with white text) are not made paper.
_DARKEST_PAPER = 0.3
_PAPER_LEVEL = 250.0


def light_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the brightness of the paper at each point of a grey picture, at a quarter of its size."""
    size = (max(1, picture.shape[1] // _REDUCTION), max(1, picture.shape[0] // _REDUCTION))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    side = _WIDEST_STROKE_PX // _REDUCTION
    paper = cv2.dilate(small, np.ones((side, side), np.uint8))
    return cast("NDArray[np.uint8]", cv2.medianBlur(paper, _SMOOTHING_PX))


def is_uneven(light: NDArray[np.uint8]) -> bool:
    """True when the paper is so much darker in one place that ink elsewhere would be lighter."""
    darkest, lightest = np.percentile(light[::2, ::2], (2, 98))
    return bool(darkest < _UNEVEN * lightest)


def evened(picture: NDArray[np.uint8], light: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture as it would look with the same light everywhere."""
    floor = _DARKEST_PAPER * float(np.percentile(light, 98))
    gain = _PAPER_LEVEL / np.maximum(light.astype(np.float32), max(floor, 1.0))
    height, width = picture.shape
    everywhere = cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
    return cast("NDArray[np.uint8]", cv2.multiply(picture, everywhere, dtype=cv2.CV_8U))
