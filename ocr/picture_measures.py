"""Figures of a page picture that say whether its letters can be read: size, sharpness, contrast, noise, cut letters.

Letters are found on a reduced picture; what they look like is measured on a few patches of text that are brought to
the height at which they are read. There one figure means the same for a coarse scan, a picture out of focus and a
small picture that was blown up, whatever its resolution.

Sources: edge width as the measure of blur, P. Marziliano et al., "A no-reference perceptual blur metric", ICIP 2002;
noise by the Laplacian difference, J. Immerkær, "Fast noise variance estimation", CVIU 64 (1996); the split of ink and
paper, N. Otsu (1979); the angle of lines from pairs of neighbouring letters, L. O'Gorman, "The document spectrum for
page layout analysis", PAMI 15 (1993).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image import PageImage
from ocr.page_quality import Side

Pixels = NDArray[np.uint8]
Stats = NDArray[np.int32]

# Letters of office text are six pixels high and more when the long side of A4 is this many: enough to find them.
_REDUCED_SIDE_PX = 1200
# Steps below paper at which a mark begins: as the clean-up sees them, and on a page where nothing is that dark.
_INK_STEP, _PALE_INK_STEP = 15, 5
# The height of lower-case letters at which patches are measured, that of reading.
_PATCH_LETTER_PX = 14.0
# Patches are so many letter heights wide and high, and so many are measured.
_PATCH_LETTERS, _PATCHES = 12, 9
# Source: Immerkær 1996; the mask has the weight 6 for the standard deviation.
_LAPLACIAN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_LEFT, _TOP, _WIDTH, _HEIGHT, _AREA = range(5)


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures of one page picture.

    Attributes:
        letters: Number of marks of the size of letters with another beside them, as letters of a line have.
        is_pale: True when the marks were found only after looking for much paler ones than print.
        paper: Median level of the page, 0-255.
        letter_height_px: Height of lower-case letters in pixels of the scan, 0.0 when unknown.
        contrast: Levels between ink and paper, 0-255.
        edge_px: Width of the edge of a stroke where it is softest, in pixels of the reading picture; a sharp scan has
            2.5.
        noise: Standard deviation of the paper, as a share of `contrast`.
        stroke_px: Thickness of strokes, in pixels of the reading picture; print has 2 to 2.8.
        loops: Closed loops (of a, d, e, o, ...) for each mark; print has 0.19 to 0.35, broken strokes close none.
        skew_deg: How far lines lie from the nearest side of the picture, 0-45.
        cut: By side, how many letters of lines of text stand cut at the edge of the picture.
    """

    letters: int
    is_pale: bool
    paper: float
    letter_height_px: float = 0.0
    contrast: float = 0.0
    edge_px: float = 0.0
    noise: float = 0.0
    stroke_px: float = 0.0
    loops: float = 0.0
    skew_deg: float = 0.0
    cut: Mapping[Side, int] = field(default_factory=dict)


def measure(image: PageImage, min_letters: int) -> Measures:
    """Measure a page picture; 20 ms for a page of 300 dpi.

    Args:
        image: The picture as it came.
        min_letters: With fewer letters in lines a page has no text to measure.
    """
    # Green shows red, blue and black ink alike as dark, and yellow paper as bright.
    grey = cast("Pixels", cv2.extractChannel(image.pixels, 1)) if image.pixels.ndim == 3 else image.pixels
    small, factor = _reduce(grey)
    paper = float(np.median(small[::4, ::4]))
    letters, in_lines = _letters_of_lines(small, _INK_STEP)
    is_pale = in_lines < min_letters
    if is_pale:
        letters, in_lines = _letters_of_lines(small, _PALE_INK_STEP)
    if in_lines < min_letters:
        return Measures(in_lines, is_pale, paper)
    # As the clean-up measures them: lower-case letters without accents, below capitals and accented ones.
    small_height = float(np.percentile(letters[:, _HEIGHT], 35))
    height_px = small_height * factor
    patches = [_patch_figures(patch, height_px) for patch in _patches(grey, letters, height_px, factor)]
    figures = np.array([figure for figure in patches if figure is not None])
    if not figures.size:
        return Measures(in_lines, is_pale, paper, height_px)
    # A page is as good as its worse quarter: a photo is sharp in the middle, a shadow lies on one side.
    return Measures(
        letters=in_lines,
        is_pale=is_pale,
        paper=paper,
        letter_height_px=height_px,
        contrast=float(np.percentile(figures[:, 0], 25)),
        edge_px=float(np.percentile(figures[:, 1], 75)),
        noise=float(np.percentile(figures[:, 2], 75)),
        stroke_px=float(np.median(figures[:, 3])),
        loops=float(np.median(figures[:, 4])),
        skew_deg=_skew(letters, small_height),
        cut=_cut_letters(letters, small_height, small.shape),
    )


def _reduce(grey: Pixels) -> tuple[Pixels, int]:
    """Return the picture reduced by a whole factor, which costs next to nothing, and the factor."""
    factor = max(1, round(max(grey.shape) / _REDUCED_SIDE_PX))
    if factor == 1:
        return grey, 1
    height, width = grey.shape[0] // factor, grey.shape[1] // factor
    whole = grey[: height * factor, : width * factor]
    return cast("Pixels", cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)), factor


def _letters(small: Pixels, step: int) -> Stats:
    """Return left, top, width, height and area of the marks that are at least `step` levels darker than around them."""
    block = max(15, int(min(small.shape) / 40) | 1)
    mask = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, step)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    marks = stats[1:]
    heights, widths = marks[:, _HEIGHT], marks[:, _WIDTH]
    fits = (heights >= 4) & (heights <= small.shape[0] / 15) & (widths >= 2) & (widths <= 3 * heights)
    return cast("Stats", marks[fits & (marks[:, _AREA] >= 6)])


def _letters_of_lines(small: Pixels, step: int) -> tuple[Stats, int]:
    """Return the marks of the size of letters, and about how many of them have another of their size beside them.

    Letters have; specks have not. Beside is across or down: the page may lie on its side.
    """
    letters = _letters(small, step)
    if len(letters) < 2:
        return letters, 0
    middles = letters[:, [_LEFT, _TOP]] + letters[:, [_WIDTH, _HEIGHT]] / 2
    some = np.unique(np.linspace(0, len(letters) - 1, 250).astype(int))
    apart = np.abs(middles[None, :, :] - middles[some, None, :])
    size = np.median(letters[:, _HEIGHT])
    near = (apart.max(axis=2) < 2 * size) & (apart.min(axis=2) < 0.6 * size)
    has_neighbour = near.sum(axis=1) > 1  # each is near itself
    return letters, round(len(letters) * float(has_neighbour.mean()))


def _patches(grey: Pixels, letters: Stats, height_px: float, factor: int) -> list[Pixels]:
    """Return square cut-outs full of text, spread over the page from top to bottom."""
    side = round(min(max(_PATCH_LETTERS * height_px, 96), 720))
    columns = ((letters[:, _LEFT] + letters[:, _WIDTH] / 2) * factor // side).astype(int)
    rows = ((letters[:, _TOP] + letters[:, _HEIGHT] / 2) * factor // side).astype(int)
    places, counts = np.unique(np.stack([rows, columns]), axis=1, return_counts=True)
    full = places[:, counts * 3 >= counts.max()]
    chosen = full[:, np.unique(np.linspace(0, full.shape[1] - 1, _PATCHES).astype(int))]
    patches = [grey[row * side : (row + 1) * side, column * side : (column + 1) * side] for row, column in chosen.T]
    return [patch for patch in patches if min(patch.shape) * 2 >= side]


def _patch_figures(patch: Pixels, height_px: float) -> tuple[float, ...] | None:
    """Return contrast, edge width, noise, thickness and loops of a patch at reading scale.

    None where ink does not part from paper.
    """
    scale = _PATCH_LETTER_PX / height_px
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = cast("Pixels", cv2.resize(patch, None, fx=scale, fy=scale, interpolation=interpolation))
    _, mask = cv2.threshold(picture, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink, paper = picture[mask > 0], picture[mask == 0]
    if min(ink.size, paper.size) < 20:
        return None
    contrast = max(1.0, float(np.median(paper) - np.percentile(ink, 25)))
    # Single specks are noise, not strokes.
    strokes = cast("Pixels", cv2.medianBlur(mask, 3))
    return (
        contrast,
        contrast / _slope(picture, strokes),
        _noise(picture, strokes) / contrast,
        _thickness(cast("Pixels", mask)),
        _loops(cast("Pixels", mask)),
    )


def _slope(picture: Pixels, strokes: Pixels) -> float:
    """Return the levels per pixel across the edges of strokes, where they are softest.

    The lower quartile, because a hand that moved blurs the edges across its way and leaves those along it sharp.
    """
    levels = picture.astype(np.int16)
    across = np.abs(np.diff(levels, axis=1))[strokes[:, 1:] != strokes[:, :-1]]
    down = np.abs(np.diff(levels, axis=0))[strokes[1:] != strokes[:-1]]
    steps = np.concatenate([across, down])
    return max(0.5, float(np.percentile(steps, 25))) if steps.size else 0.5


def _thickness(mask: Pixels) -> float:
    """Return the mean thickness of strokes in pixels: twice their area over the length of their outline."""
    # Steps along rows and columns overrate the length of an outline of all directions by 4 / pi.
    steps = np.count_nonzero(mask[:, 1:] != mask[:, :-1]) + np.count_nonzero(mask[1:] != mask[:-1])
    return float(2 * np.count_nonzero(mask) / max(1.0, steps * np.pi / 4))


def _loops(mask: Pixels) -> float:
    """Return the number of closed loops for each mark."""
    _, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    has_parent = tree[0][:, 3] >= 0 if tree is not None else np.zeros(1, bool)
    return float(has_parent.sum() / max(1, (~has_parent).sum()))


def _noise(picture: Pixels, strokes: Pixels) -> float:
    """Return the standard deviation of the paper between strokes, in levels."""
    near_ink = cv2.dilate(strokes, np.ones((5, 5), np.uint8))[1:-1, 1:-1]
    steps = np.abs(cv2.filter2D(picture, cv2.CV_16S, _LAPLACIAN)[1:-1, 1:-1][near_ink == 0])
    return float(steps.mean() * np.sqrt(np.pi / 2) / 6) if steps.size > 50 else 0.0


def _skew(letters: Stats, height: float) -> float:
    """Return the angle between the lines of text and the nearest side of the picture, 0-45 degrees.

    Letters of one line lie in one direction from each other; between three and ten letter heights apart, their uneven
    heights no longer matter and other lines lie in all directions.
    """
    middles = letters[:, [_LEFT, _TOP]] + letters[:, [_WIDTH, _HEIGHT]] / 2
    some = middles[:: max(1, len(middles) // 250)]
    dx = middles[None, :, 0] - some[:, None, 0]
    dy = middles[None, :, 1] - some[:, None, 1]
    distance = np.hypot(dx, dy)
    near = (distance > 3 * height) & (distance < 10 * height)
    if not near.any():
        return 0.0
    angles = np.degrees(np.arctan2(dy[near], dx[near])) % 90
    counts = np.bincount(angles.astype(int), minlength=90)
    # Smoothed around the circle, so that one line does not fall into two bins.
    smooth = sum(np.roll(counts, shift) for shift in (-1, 0, 1))
    peak = float(np.argmax(smooth)) + 0.5
    return min(peak, 90 - peak)


def _cut_letters(letters: Stats, height: float, shape: tuple[int, ...]) -> dict[Side, int]:
    """Return by side how many letters that belong to text stand at the edge of the picture.

    A mark at the edge is a letter of a line when another letter of its size follows close by; the dark edge of a
    scanner, a hole and a ruling have no such neighbour. At the left and right the marks counted are line ends, at the
    top and bottom letters of a line that is cut along its length.
    """
    left, top = letters[:, _LEFT], letters[:, _TOP]
    right, bottom = left + letters[:, _WIDTH], top + letters[:, _HEIGHT]
    sizes = letters[:, _HEIGHT]
    is_line_height = (sizes >= 0.6 * height) & (sizes <= 2.5 * height)
    is_slice = (sizes <= 2.5 * height) & (letters[:, _WIDTH] <= 4 * height)
    at_edge = {
        Side.LEFT: (left <= 1) & is_line_height,
        Side.RIGHT: (right >= shape[1] - 1) & is_line_height,
        Side.TOP: (top <= 1) & is_slice,
        Side.BOTTOM: (bottom >= shape[0] - 1) & is_slice,
    }
    found: dict[Side, int] = {}
    for side, marks in at_edge.items():
        number = sum(_has_neighbour(letters, int(index), height) for index in np.flatnonzero(marks))
        if number:
            found[side] = int(number)
    return found


def _has_neighbour(letters: Stats, index: int, height: float) -> bool:
    """True when another mark stands beside mark `index` on the same line."""
    mark: Any = letters[index]
    left, top, right, bottom = mark[_LEFT], mark[_TOP], mark[_LEFT] + mark[_WIDTH], mark[_TOP] + mark[_HEIGHT]
    tops, bottoms = letters[:, _TOP], letters[:, _TOP] + letters[:, _HEIGHT]
    overlap = np.minimum(bottoms, bottom) - np.maximum(tops, top)
    shorter = np.minimum(letters[:, _HEIGHT], mark[_HEIGHT])
    gap = np.maximum(letters[:, _LEFT] - right, left - (letters[:, _LEFT] + letters[:, _WIDTH]))
    beside = (gap >= -2) & (gap <= 1.2 * height) & (overlap * 2 >= shorter) & (letters[:, _HEIGHT] >= 0.5 * height)
    beside[index] = False
    return bool(beside.any())
