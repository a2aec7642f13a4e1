"""Marks that a page has of its own, as against what an empty back shows: the other side, dirt, holes, rulings, edges.

Called only for pages on which no text was found. Leaving out a page that somebody wrote on loses a paper, keeping an
empty one costs a glance: whatever is dark, of some size and of no known harmless shape counts as a mark.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image import PageImage

# Part of the recipe: raise it when a change here can make a page blank or not.
OWN_MARKS_VERSION = 2

Pixels = NDArray[np.uint8]
Mask = NDArray[np.uint8]

_REDUCED_SIDE_PX = 1200
_A4_LONG_SIDE_MM = 297.0
# What shows through paper is at most half as dark as print: 60 of 255 levels on drawn backs, under 40 on real ones;
# the palest pen is above 90.
_STRONG = 70
# Red by so many levels over green and blue is stamp ink, also where it is thick and dark.
_RED_LEAD = 25
# Shorter marks are specks and the dots of a form.
_SPECK_MM = 1.5
# A straight stretch longer than this is a ruling, a fold or a frame.
_RULING_MM = 7.0
_RULING_THICKNESS_MM = 0.9
# Dots and dashes of ruled paper: so thin, so far apart at most, in rows at least so long.
_DOT_MM, _DOT_GAP_MM, _DOTTED_ROW_MM = 0.7, 3.0, 20.0
# Holes for a binder: solid, round, this wide, near a side.
_HOLE_MM, _HOLE_MARGIN_MM = (4.0, 8.5), 25.0
# Round stamps of the state are 32 to 42 mm wide. Source: TT 08/2003/TT-BCA. Some print is worn off at the edges.
_STAMP_MM, _STAMP_GAP_MM = (24.0, 46.0), 2.5
# A word of two letters is so long; a hair or a staple is shorter.
_LEAST_MARKS_MM = 8.0


def has_own_marks(image: PageImage) -> bool:
    """True when a page bears strong dark marks of some size: writing, print, a code, a signature.

    Red marks do not count: stamps show through paper more than anything else. Whether red text stands on a page is for
    the reader to say. A round stamp without colour is taken for that of the other side.
    """
    strong, per_mm = _strong_ink(image)
    strong = _without_rulings(_without_round_stamps(strong, per_mm), per_mm)
    _, _, stats, _ = cv2.connectedComponentsWithStats(strong, connectivity=8)
    return sum(_length_mm(mark, per_mm, strong.shape) for mark in stats[1:].tolist()) >= _LEAST_MARKS_MM


def _strong_ink(image: PageImage) -> tuple[Mask, float]:
    """Return the mask (255) of dark ink that is not red, on a reduced picture, and its pixels per millimetre."""
    height, width = image.pixels.shape[:2]
    factor = max(1, round(max(height, width) / _REDUCED_SIDE_PX))
    size = (max(1, width // factor), max(1, height // factor))
    small = cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA) if factor > 1 else image.pixels
    per_mm = image.dpi / 25.4 / factor if image.dpi else max(size) / _A4_LONG_SIDE_MM
    # In the red channel pale red is paper already.
    dark = small if small.ndim == 2 else np.ascontiguousarray(small[..., 0])
    side = round(5 * per_mm) | 1
    # The paper around each mark: edges of the scanner and shadows wider than a stroke are part of it.
    paper = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    strong = (cv2.subtract(paper, dark) > _STRONG).astype(np.uint8) * 255
    if small.ndim == 3:
        others = cv2.max(small[..., 1], small[..., 2])
        red = (cv2.subtract(dark, np.ascontiguousarray(others)) > _RED_LEAD).astype(np.uint8)
        strong[cv2.dilate(red, np.ones((3, 3), np.uint8)) > 0] = 0
    return strong, per_mm


def _without_rulings(mask: Mask, per_mm: float) -> Mask:
    """Take away straight stretches across and down, and rows of dots and dashes to write on."""
    length = max(3, round(_RULING_MM * per_mm))
    rest = cast("Mask", cv2.subtract(mask, _dotted_rows(mask, per_mm)))
    for shape in ((1, length), (length, 1)):
        rulings = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        rest = cast("Mask", cv2.subtract(rest, cv2.dilate(rulings, np.ones((3, 3), np.uint8))))
    return rest


def _dotted_rows(mask: Mask, per_mm: float) -> Mask:
    """Return the thin marks that lie in a row across the page, close to each other: a dotted line of ruled paper."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    is_thin = stats[:, cv2.CC_STAT_HEIGHT] <= max(2, round(_DOT_MM * per_mm))
    is_thin[0] = False
    thin = is_thin[labels].astype(np.uint8) * 255
    # Dots lean with the sheet: a row is let be a dot thicker than it is.
    thick = cv2.dilate(thin, np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, max(3, round(_DOT_GAP_MM * per_mm))), np.uint8))
    rows = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, round(_DOTTED_ROW_MM * per_mm)), np.uint8))
    return cast("Mask", cv2.bitwise_and(thin, cv2.dilate(rows, np.ones((3, 3), np.uint8))))


def _without_round_stamps(mask: Mask, per_mm: float) -> Mask:
    """Take away rings the size of a stamp, with all that stands in them. A signature across one makes it no ring."""
    reach = round(_STAMP_GAP_MM * per_mm) | 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    low, high = (bound * per_mm for bound in _STAMP_MM)
    rest = mask.copy()
    for label, (left, top, width, height, _) in enumerate(stats.tolist()):
        shorter, longer = sorted((width, height))
        part = (slice(top, top + height), slice(left, left + width))
        if label and low <= shorter and longer <= min(high, 1.25 * shorter) and _is_ring(labels[part] == label):
            rest[part] = 0
    return rest


def _is_ring(ink: NDArray[np.bool_]) -> bool:
    """True when ink stands along the circle inside its box, at least half way around, and next to none outside."""
    rows, columns = np.nonzero(ink)
    y, x = (rows + 0.5) / ink.shape[0] * 2 - 1, (columns + 0.5) / ink.shape[1] * 2 - 1
    radius = np.hypot(x, y)
    on_ring = np.abs(radius - 0.9) < 0.15
    directions = np.unique((np.degrees(np.arctan2(y[on_ring], x[on_ring])) // 15).astype(int))
    return len(directions) >= 12 and float((radius > 1.1).mean()) < 0.05


def _length_mm(mark: list[int], per_mm: float, shape: tuple[int, ...]) -> float:
    """Return the longer side of a mark in millimetres; 0.0 for a speck, a hole, a part of the picture's edge."""
    left, top, width, height, area = mark
    longer, shorter = max(width, height) / per_mm, min(width, height) / per_mm
    at_edge = left <= 1 or top <= 1 or left + width >= shape[1] - 1 or top + height >= shape[0] - 1
    margin = min(left, top, shape[1] - left - width, shape[0] - top - height) / per_mm
    low, high = _HOLE_MM
    is_hole = (
        low <= shorter and longer <= high and longer < 1.3 * shorter and area > 0.65 * width * height
        and margin <= _HOLE_MARGIN_MM
    )  # fmt: skip
    # Dots that touch each other are no straight stretch, but as thin as one.
    is_ruling = shorter <= _RULING_THICKNESS_MM and longer >= _RULING_MM
    return 0.0 if at_edge or is_hole or is_ruling or longer < _SPECK_MM else longer
