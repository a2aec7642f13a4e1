"""The sheet of paper on a photo: its four corners on a background, and the matrix that lays it flat."""

from itertools import pairwise
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cleanup.geometry import Transform

# The search runs on a picture whose longer side is this long.
_SEARCH_PX = 480
# A narrower strip is no photo of a sheet.
_NARROWEST_PX = 40
# A sheet covers at least this share of the photo.
_LEAST_SHARE = 0.15
# The rim of the picture (share of its shorter side) shows whether there is a background at all.
_RIM = 0.012
# The rim is no paper when it differs so much from it (levels of any channel) on so much of at least two sides.
_OFF_PAPER, _OFF_PAPER_SHARE, _SIDES = 45, 0.6, 2
# The four straight sides must enclose the found area this well, and no corner may be sharper or blunter than this.
_FIT = 0.93
_MOST_ASKEW_DEG = 35.0
# Corners are drawn in by this share, so that no sliver of the background is left.
_INSET = 0.004
# A side this near to the edge of the picture is the edge of the picture.
_AT_THE_RIM_PX = 4
# A sheet that fills the picture but for bands at the edges, and lies square in it, is a scan: its edges are painted.
_FILLS, _SQUARE_DEG = 0.8, 1.5

Corners = NDArray[np.float64]


def find_sheet(preview: NDArray[np.uint8]) -> Corners | None:
    """Return the corners of the sheet on a preview, grey or RGB: top left, top right, bottom right, bottom left.

    None where the paper reaches to the edges of the picture, as on a scan, or no sheet with four straight sides shows.
    """
    small, factor = _small(preview)
    if min(small.shape[:2]) < _NARROWEST_PX:
        return None
    if not _has_background(small):
        return None
    height, width = small.shape[:2]
    best: tuple[float, Corners] | None = None
    for mask in _candidates(small):
        corners = _quadrilateral(mask)
        if corners is None:
            continue
        if not _shows_its_sides(corners, (width, height)):
            continue
        contrast = _contrast_across_sides(small, corners)
        if best is None or contrast > best[0]:
            best = (contrast, corners)
    if best is None or best[0] < _OFF_PAPER / 2 or _is_scan(best[1], (width, height)):
        return None
    return best[1] / factor


def flat_to_source(corners: Corners) -> tuple[Transform, tuple[int, int]]:
    """Return the matrix from the flat sheet to the picture its corners were found on, and its width and height there.

    Each side is as long as the longer of the two it is seen as: nothing gets smaller.
    """
    sides = [float(np.hypot(*(b - a))) for a, b in pairwise([*corners, corners[0]])]
    width, height = round(max(sides[0], sides[2])), round(max(sides[1], sides[3]))
    middle = corners.mean(axis=0)
    inner = middle + (corners - middle) * (1 - 2 * _INSET)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(flat, inner.astype(np.float32))
    return np.asarray(matrix, dtype=np.float64), (width, height)


def _small(preview: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    factor = _SEARCH_PX / max(preview.shape[:2])
    size = (max(1, round(preview.shape[1] * factor)), max(1, round(preview.shape[0] * factor)))
    small = cv2.resize(preview, size, interpolation=cv2.INTER_AREA)
    return cast("NDArray[np.uint8]", small if small.ndim == 3 else cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)), factor


def _has_background(small: NDArray[np.uint8]) -> bool:
    """True when the rim of the picture is not paper on at least two sides."""
    height, width = small.shape[:2]
    rim = max(2, round(_RIM * min(height, width)))
    inner = small[height // 5 : -height // 5, width // 5 : -width // 5].reshape(-1, 3)
    paper = np.percentile(inner, 75, axis=0)
    sides = (small[:rim], small[-rim:], small[:, :rim], small[:, -rim:])
    off = [float((np.abs(side - paper).max(axis=2) > _OFF_PAPER).mean()) for side in sides]
    return sum(share > _OFF_PAPER_SHARE for share in off) >= _SIDES


def _candidates(small: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return masks (255) that may be the sheet: what is lighter than the rest, and what is unlike the rim."""
    # Text is closed first: it is no hole in the sheet.
    closed = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), (5, 5), 0)
    grey = cv2.cvtColor(closed, cv2.COLOR_RGB2GRAY)
    rim = np.concatenate(
        [
            closed[:3].reshape(-1, 3),
            closed[-3:].reshape(-1, 3),
            closed[:, :3].reshape(-1, 3),
            closed[:, -3:].reshape(-1, 3),
        ]
    )
    unlike = np.abs(closed.astype(np.int16) - np.median(rim, axis=0).astype(np.int16)).max(axis=2).astype(np.uint8)
    masks = [cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1] for plane in (grey, unlike)]
    # Half of the sheet may lie in shadow: a level between the rim and the darkest paper.
    level = float(np.percentile(rim.max(axis=1), 90)) + _OFF_PAPER / 2
    masks.append(cv2.threshold(closed.max(axis=2), level, 255, cv2.THRESH_BINARY)[1])
    kernel = np.ones((5, 5), np.uint8)
    return [cast("NDArray[np.uint8]", cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)) for mask in masks]


def _quadrilateral(mask: NDArray[np.uint8]) -> Corners | None:
    """Return the corners of the largest area of `mask` when it has four straight sides."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    largest = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(largest)
    area = cv2.contourArea(hull)
    if area < _LEAST_SHARE * mask.size or cv2.contourArea(largest) < _FIT * area:
        return None
    length = cv2.arcLength(hull, closed=True)
    for share in (0.01, 0.02, 0.03, 0.04, 0.06, 0.08):
        polygon = cv2.approxPolyDP(hull, share * length, closed=True).reshape(-1, 2)
        if len(polygon) <= 4:
            break
    if len(polygon) != 4:
        return None
    corners = _fitted(polygon.astype(np.float64), hull_points=largest.reshape(-1, 2).astype(np.float64))
    if corners is None:
        return None
    overlap = cv2.contourArea(corners.astype(np.float32))
    if not _FIT < area / overlap < 1 / _FIT or not _is_nearly_rectangular(corners):
        return None
    return _from_top_left(corners)


def _fitted(polygon: Corners, hull_points: NDArray[np.float64]) -> Corners | None:
    """Return the corners where lines fitted to the four sides meet: a folded or rounded corner does not move them."""
    lines = []
    for start, end in pairwise([*polygon, polygon[0]]):
        along = end - start
        length = float(np.hypot(*along))
        if length < 10:
            return None
        along /= length
        relative = hull_points - start
        place, off = relative @ along, relative @ np.array([-along[1], along[0]])
        near = hull_points[(place > 0.1 * length) & (place < 0.9 * length) & (np.abs(off) < 0.03 * length + 2)]
        if len(near) < 10:
            return None
        # A pixel's middle is half a pixel in from its edge.
        x_dir, y_dir, x, y = (
            float(value)
            for value in cv2.fitLine((near + 0.5).astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        )
        lines.append(np.cross([x, y, 1.0], [x + x_dir, y + y_dir, 1.0]))
    corners = []
    for before, after in pairwise([lines[-1], *lines]):
        x, y, w = np.cross(before, after)
        if abs(w) < 1e-9:
            return None
        corners.append((x / w, y / w))
    return np.array(corners)


def _is_nearly_rectangular(corners: Corners) -> bool:
    sides = [b - a for a, b in pairwise([*corners, corners[0], corners[1]])]
    angles = [
        float(np.degrees(np.arccos(np.clip(a @ b / (np.hypot(*a) * np.hypot(*b)), -1, 1)))) for a, b in pairwise(sides)
    ]
    return all(abs(angle - 90) <= _MOST_ASKEW_DEG for angle in angles)


def _from_top_left(corners: Corners) -> Corners:
    """Return the corners clockwise, from the one that is top left when the sheet is turned as little as possible."""
    middle = corners.mean(axis=0)
    clockwise = corners[np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))]
    # The top side is the one whose direction is nearest to that of the picture's rows.
    tops = [clockwise[(i + 1) % 4] - clockwise[i] for i in range(4)]
    first = max(range(4), key=lambda i: tops[i][0] / np.hypot(*tops[i]))
    return np.roll(clockwise, -first, axis=0)


def _contrast_across_sides(small: NDArray[np.uint8], corners: Corners) -> float:
    """Return how many levels inside and outside of the sides differ, for the worse half of the sides' points.

    Sides that lie on the edge of the picture (the sheet runs out of it) say nothing.
    """
    height, width = small.shape[:2]
    differences: list[NDArray[np.float64]] = []
    middle = corners.mean(axis=0)
    for start, end in pairwise([*corners, corners[0]]):
        points = start + (end - start) * np.linspace(0.05, 0.95, 40)[:, None]
        inward = middle - points
        inward /= np.hypot(inward[:, 0], inward[:, 1])[:, None]
        inside, outside = points + 4 * inward, points - 4 * inward
        seen = (outside >= 0).all(axis=1) & (outside[:, 0] < width) & (outside[:, 1] < height)
        if not seen.any():
            continue
        a, b = (np.clip(p[seen].astype(np.int64), 0, (width - 1, height - 1)) for p in (inside, outside))
        levels = np.abs(small[a[:, 1], a[:, 0]].astype(np.float64) - small[b[:, 1], b[:, 0]])
        differences.append(levels.max(axis=1))
    return float(np.percentile(np.concatenate(differences), 30)) if differences else 0.0


def _shows_its_sides(corners: Corners, size: tuple[int, int]) -> bool:
    """True when two sides that face each other lie inside the picture: the edge of a shadow is one side alone."""
    sides = np.array([(a + b) / 2 for a, b in pairwise([*corners, corners[0]])])
    limit = np.array(size)
    top, right, bottom, left = np.all((sides > _AT_THE_RIM_PX) & (sides < limit - _AT_THE_RIM_PX), axis=1).tolist()
    return bool((top and bottom) or (right and left))


def _is_scan(corners: Corners, size: tuple[int, int]) -> bool:
    """True when the sheet is the picture but for straight bands at its edges."""
    share = cv2.contourArea(corners.astype(np.float32)) / (size[0] * size[1])
    sides = [b - a for a, b in pairwise([*corners, corners[0]])]
    tilts = [abs(float(np.degrees(np.arctan2(y, x)))) % 90 for x, y in sides]
    return share > _FILLS and all(min(tilt, 90 - tilt) <= _SQUARE_DEG for tilt in tilts)
