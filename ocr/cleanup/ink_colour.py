"""Ink told by its colour: red stamps away from black print, blue pens kept."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

# Ink is red when its red is so much lighter than its green and blue, on paper made white: sealing ink and red print
# have 80 and more, pencils, blue and black ink none, the colour fringes of JPEG up to 30.
_RED = 40
# Less than this share of a page is fringe and dust; a red serial number is six times as much.
_LEAST_RED = 4e-5
# Paper this far from white (levels between its channels) is balanced first.
_CAST = 8


def has_red_ink(preview: NDArray[np.uint8]) -> bool:
    """True when a preview carries red ink, whatever the colour of its paper and light."""
    if preview.ndim == 2:
        return False
    mask = red_mask(preview)
    # A stroke is two pixels wide and more, a fringe is one.
    strokes = cv2.erode(mask, np.ones((2, 2), np.uint8))
    return cv2.countNonZero(strokes) > _LEAST_RED * mask.size


def red_mask(preview: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a mask (255) of the red ink of an RGB preview."""
    red, green, blue = cv2.split(preview)
    paper = np.percentile(preview[::16, ::16].reshape(-1, 3), 70, axis=0)
    if paper.max() - paper.min() > _CAST:
        red, green, blue = (
            cv2.convertScaleAbs(channel, alpha=255 / max(level, 1.0))
            for channel, level in zip((red, green, blue), paper.tolist(), strict=True)
        )
    redness = cv2.subtract(red, cv2.max(green, blue))
    return cast("NDArray[np.uint8]", cv2.threshold(redness, _RED, 255, cv2.THRESH_BINARY)[1])


def without_red(colour: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an RGB picture in grey without red ink.

    In the red channel red ink is as bright as paper, and black and blue ink as dark as ever. The ghost of a stamp that
    stays is not whitened: letters under the stamp are no darker than it, and would go with it.
    Source: design §8: signer's name under the stamp read on 7 of 30 acts in grey, 17 in the red channel.
    """
    return cast("NDArray[np.uint8]", cv2.extractChannel(colour, 0))


def with_all_ink(colour: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an RGB picture in grey with the ink of every colour as dark as it gets."""
    red, green, blue = cv2.split(colour)
    return cast("NDArray[np.uint8]", cv2.min(cv2.min(red, green), blue))
