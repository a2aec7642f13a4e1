"""Print of the other side that shines through thin paper: paler than this side's print, and blurred by the paper."""

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cleanup.preview import Marks, paper_level

# Marks with less than this share of the contrast of usual print are pale.
_PALE = 0.6
# So many of them make a side that shines through; fewer are the rest of a stamp.
_MIN_PALE, _MIN_PALE_SHARE = 40, 0.05
# Paper blurs: the edges of its marks are so much softer than those of print. Pale print and pencil have sharp edges:
# 0.97 and more on 39 real pages with red stamps, 0.8 where print was drawn through paper.
_SOFTER = 0.92
# Paper begins at this much more contrast than nearly all pale marks have.
_CLEAR_OF = 0.04


@dataclass(frozen=True, slots=True, eq=False)
class ShowThrough:
    """The other side's print on this side.

    Attributes:
        marks: The marks of this side alone.
        contrast: What has less contrast than this (0-1, share of the paper's level) is the other side.
    """

    marks: Marks
    contrast: float


def find_show_through(preview: NDArray[np.uint8], marks: Marks) -> ShowThrough | None:
    """Return what shines through on a grey preview, None where all print is of this side."""
    if len(marks) < _MIN_PALE:
        return None
    darkest, paper = marks.darkest_levels(preview), paper_level(preview)
    contrasts = 1 - darkest / paper
    is_pale = contrasts < _PALE * np.percentile(contrasts, 90)
    if is_pale.sum() < max(_MIN_PALE, _MIN_PALE_SHARE * len(marks)) or is_pale.all():
        return None
    side = round(marks.letter_height) | 1
    window = np.ones((side, side), np.uint8)
    middle_x, middle_y = marks.boxes[:, 0] + marks.boxes[:, 2] // 2, marks.boxes[:, 1] + marks.boxes[:, 3] // 2
    slopes = cv2.dilate(cv2.morphologyEx(preview, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), window)
    sharpness = slopes[middle_y, middle_x] / np.maximum(1.0, paper - darkest)
    if np.median(sharpness[is_pale]) > _SOFTER * np.median(sharpness[~is_pale]):
        return None
    own = replace(marks, boxes=marks.boxes[~is_pale])
    return ShowThrough(own, float(np.percentile(contrasts[is_pale], 98)) + _CLEAR_OF)


def faded(picture: NDArray[np.uint8], contrast: float) -> NDArray[np.uint8]:
    """Return a grey, evenly lit picture in which all with less than `contrast` is paper."""
    return cast("NDArray[np.uint8]", cv2.convertScaleAbs(picture, alpha=255 / (paper_level(picture) * (1 - contrast))))
