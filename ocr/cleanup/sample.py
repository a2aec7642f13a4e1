"""A few lines of a page: enough for a reader to tell whether it stands the right way up."""

import cv2
import numpy as np
from numpy.typing import NDArray

# Eight lines of text, where a lower-case letter is 14 pixels high.
_SAMPLE_PX = 300


def rows_with_most_ink(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the band of an upright grey picture in which most is printed; all of it, when it is hardly higher."""
    if picture.shape[0] <= 2 * _SAMPLE_PX:
        return picture
    darkness = 255.0 - picture.mean(axis=1)
    ink = cv2.boxFilter(darkness[:, None], -1, (1, _SAMPLE_PX), borderType=cv2.BORDER_REPLICATE)[:, 0]
    half = _SAMPLE_PX // 2
    top = int(ink[half:-half].argmax())
    return picture[top : top + _SAMPLE_PX]
