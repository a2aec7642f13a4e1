"""The page reduced for looking at, and the marks on it: all that decides about clean-up is judged on these."""

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

# The longer side of a preview is about this long: a lower-case letter of office text is some ten pixels high.
_PREVIEW_PX = 1750
# Letters are at least so high on a preview, so wide, and have so many pixels of ink.
_LOWEST_PX, _NARROWEST_PX, _LEAST_INK_PX = 5, 2, 8
# No letter is higher than this share of the page, nor wider than this many times its height.
_HIGHEST_SHARE = 1 / 15
_WIDEST = 3.0
# Lower-case letters without marks are the lower third of all heights: below capitals and accented letters.
_LOWER_CASE_PERCENTILE = 35
# An accent apart from its letter is lower than this share of a lower-case letter.
_SMALL = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Connected marks of ink on a preview; boxes are left, top, width and height, `int32`, shape `(n, 4)`.

    Attributes:
        boxes: Marks of the size of letters.
        small: Marks that are smaller: accents, dots, specks.
        size: Width and height of the preview.
    """

    boxes: NDArray[np.int32]
    small: NDArray[np.int32]
    size: tuple[int, int]

    def __len__(self) -> int:
        """Return the number of marks."""
        return len(self.boxes)

    def outside(self, mask: NDArray[np.uint8]) -> "Marks":
        """Return the marks whose middle is not in `mask`, a picture of the size of the preview."""
        letters, small = (
            boxes[mask[boxes[:, 1] + boxes[:, 3] // 2, boxes[:, 0] + boxes[:, 2] // 2] == 0]
            for boxes in (self.boxes, self.small)
        )
        return replace(self, boxes=letters, small=small)

    def darkest_levels(self, grey: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the darkest level of each mark of letter size on the preview it was found on."""
        side = round(self.letter_height) | 1
        darkest = cv2.erode(grey, np.ones((side, side), np.uint8))
        levels = darkest[self.boxes[:, 1] + self.boxes[:, 3] // 2, self.boxes[:, 0] + self.boxes[:, 2] // 2]
        return np.asarray(levels, dtype=np.float64)

    def count_darker_than(self, contrast: float, grey: NDArray[np.uint8]) -> int:
        """Return how many marks of letter size have at least `contrast` (0-1, share of the paper's level)."""
        return int((self.darkest_levels(grey) <= (1 - contrast) * paper_level(grey)).sum())

    @property
    def letter_height(self) -> float:
        """Height of a lower-case letter in pixels of the preview, 0.0 without marks."""
        return _lower_case(self.boxes[:, 3])

    @property
    def letter_height_lying(self) -> float:
        """The same, for a page on its side."""
        return _lower_case(self.boxes[:, 2])


def reduced(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """Return the preview of a picture, grey or RGB as it is, and how many pixels of it make one of the preview.

    The factor is whole: averaging whole blocks is ten times as fast as any other reduction.
    """
    factor = max(1, round(max(pixels.shape[:2]) / _PREVIEW_PX))
    height, width = pixels.shape[0] // factor, pixels.shape[1] // factor
    if factor == 1:
        return pixels, 1
    whole = pixels[: height * factor, : width * factor]
    return cast("NDArray[np.uint8]", cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)), factor


def paper_level(grey: NDArray[np.uint8]) -> float:
    """Return the usual level of the paper of a grey picture."""
    return max(1.0, float(np.percentile(grey[::8, ::8], 80)))


def ink_mask(grey: NDArray[np.uint8], least_contrast: int = 15) -> NDArray[np.uint8]:
    """Return a mask (255 = ink) of what is darker than the paper around it by `least_contrast` levels."""
    block = max(15, int(min(grey.shape) / 40) | 1)
    mask = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, least_contrast)
    return cast("NDArray[np.uint8]", mask)


def letter_marks(mask: NDArray[np.uint8]) -> Marks:
    """Return the marks of an ink mask."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes, areas = stats[1:, :4], stats[1:, cv2.CC_STAT_AREA]
    widths, heights = boxes[:, 2], boxes[:, 3]
    fits = (
        (heights >= _LOWEST_PX)
        & (heights <= mask.shape[0] * _HIGHEST_SHARE)
        & (widths >= _NARROWEST_PX)
        & (widths <= _WIDEST * heights)
        & (areas >= _LEAST_INK_PX)
    )
    letters = np.ascontiguousarray(boxes[fits], dtype=np.int32)
    letter_height = _lower_case(letters[:, 3])
    is_small = (heights >= 2) & (heights < _SMALL * letter_height) & (widths < 1.2 * letter_height) & (areas >= 3)
    return Marks(
        boxes=letters,
        small=np.ascontiguousarray(boxes[is_small], dtype=np.int32),
        size=(mask.shape[1], mask.shape[0]),
    )


def _lower_case(heights: NDArray[np.int32]) -> float:
    """Return the height that most lower-case letters have: their usual whole number, and how it tends."""
    if not len(heights):
        return 0.0
    usual = np.percentile(heights, _LOWER_CASE_PERCENTILE, method="nearest")
    return float(heights[np.abs(heights - usual) <= 1].mean())
