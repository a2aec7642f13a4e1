"""Dark edges of a scan: the open lid of the scanner, the side of a copier's glass, punch holes."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cleanup.preview import Marks, paper_level

# Darker than this share of the paper is an edge, a hole or ink.
_DARK = 0.35
# A4 is this long: the resolution of a preview.
_PAGE_MM = 297.0
# No stroke of text or ruling is wider; what is wider and reaches the edge of the picture is no text.
_WIDEST_STROKE_MM = 2.0
# Source: ISO 838: filing holes are 6 mm wide, 12 mm from the edge; office punches make 5 to 8.
_HOLE_MM = (4.0, 9.0)
_HOLE_FROM_EDGE_MM = 22.0
_SOFT_MM = 0.6
# A picture that is mostly dark has no edges to clear.
_MOST_OF_THE_PAGE = 0.4
# An edge with more marks of letter size than this is paper in shadow.
_MOST_LETTERS = 8


def dark_edges(preview: NDArray[np.uint8], marks: Marks) -> NDArray[np.uint8] | None:
    """Return a mask (255) of the dark edges and punch holes of a grey preview, None where there are none.

    Text that touches an edge stays, because its strokes are too narrow to count; and so does text in deep shadow,
    because an edge on which letters stand is paper.
    """
    height, width = preview.shape
    mm = max(height, width) / _PAGE_MM
    dark = cv2.threshold(preview, _DARK * paper_level(preview), 255, cv2.THRESH_BINARY_INV)[1]
    side = max(3, round(_WIDEST_STROKE_MM * mm)) | 1  # odd: an even window would creep into the picture
    # What lies beyond the picture counts as dark: an edge may be a line only.
    framed = cv2.copyMakeBorder(dark, side, side, side, side, cv2.BORDER_CONSTANT, value=(255,))
    solid = cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))[side:-side, side:-side]
    if not solid.any():
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(solid), connectivity=8)
    left, top, mark_width, mark_height = marks.boxes.T
    letters_on = np.bincount(labels[top + mark_height // 2, left + mark_width // 2], minlength=len(stats))
    wanted = np.array(
        [
            number > 0 and letters_on[number] <= _MOST_LETTERS and _is_edge_or_hole(row, (width, height), mm)
            for number, row in enumerate(stats)
        ]
    )
    if not wanted.any() or stats[wanted, cv2.CC_STAT_AREA].sum() > _MOST_OF_THE_PAGE * height * width:
        return None
    mask = wanted[labels].astype(np.uint8) * 255
    soft = 2 * max(1, round(_SOFT_MM * mm)) + 1
    return cast("NDArray[np.uint8]", cv2.dilate(mask, np.ones((soft, soft), np.uint8)))


def _is_edge_or_hole(stats: NDArray[np.int32], size: tuple[int, int], mm: float) -> bool:
    left, top, width, height, area = (int(value) for value in stats)
    page_width, page_height = size
    gaps = (left, top, page_width - left - width, page_height - top - height)
    if min(gaps) == 0:
        return True
    is_hole_sized = all(_HOLE_MM[0] * mm <= side <= _HOLE_MM[1] * mm for side in (width, height))
    is_round = 0.65 < area / (width * height) < 0.9 and 0.8 < width / height < 1.25
    return is_hole_sized and is_round and min(gaps) < _HOLE_FROM_EDGE_MM * mm


def painted(picture: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a grey picture with the places of `mask`, a smaller picture of the same page, painted as paper."""
    height, width = picture.shape
    result = picture.copy()
    is_edge = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    result[is_edge] = round(paper_level(picture))
    return result
