"""Cutting a region of the upright page out of the original scan, in colour and at full resolution."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cleanup.geometry import as_matrix, shift, through, warp
from ocr.image import PageImage
from ocr.page import Box, PageText

# Pixels around the region that interpolation looks at.
_REACH_PX = 4


def cut_region(image: PageImage, page: PageText, box: Box, margin: float) -> NDArray[np.uint8]:
    """Return the picture inside `box` of the upright page.

    Args:
        image: The page as it came.
        page: Its text: tells how the page lies on the scan.
        box: `upright_box` coordinates.
        margin: Paper kept on each side, as a share of the box's height: readers want a little, and a pen's stroke
            leaves the height of print.

    Returns:
        RGB, `uint8`, shape `(height, width, 3)`; white where the box reaches over the edge.
    """
    margin_px = round(box.height * margin)
    left, top = box.left - margin_px, box.top - margin_px
    width, height = box.width + 2 * margin_px, box.height + 2 * margin_px
    to_scan = as_matrix(page.upright_to_scan) @ shift(left, top)
    corners = through(to_scan, np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64))
    # Only the part of the scan that is seen: a page at 600 dpi is a hundred megabytes.
    first_x, first_y = np.maximum(np.floor(corners.min(axis=0)).astype(int) - _REACH_PX, 0).tolist()
    last_x, last_y = (np.ceil(corners.max(axis=0)).astype(int) + _REACH_PX).tolist()
    part = image.pixels[first_y : max(last_y, 0), first_x : max(last_x, 0)]
    if not part.size:
        return np.full((height, width, 3), 255, np.uint8)
    region = warp(np.ascontiguousarray(part), shift(-first_x, -first_y) @ to_scan, (width, height))
    return region if region.ndim == 3 else np.asarray(cv2.cvtColor(region, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def upright_box_of(page: PageText, box: Box) -> Box:
    """Return the smallest box of the upright page that holds a box of the original scan."""
    to_upright = np.asarray(np.linalg.inv(as_matrix(page.upright_to_scan)), dtype=np.float64)
    corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    moved = through(to_upright, np.array(corners, dtype=np.float64))
    (left, top), (right, bottom) = np.floor(moved.min(axis=0)), np.ceil(moved.max(axis=0))
    return Box(int(left), int(top), int(right), int(bottom))
