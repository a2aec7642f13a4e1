"""Dotted leaders told by how their dots lie: many, small, alike, and evenly spaced along a line.

Works on the boxes of marks alone, so that it serves a preview as well as the reading picture. All lengths are judged
by the height of a lower-case letter of the page.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Text has no eight marks that are alike and evenly spaced: an ellipsis has three dots, a date on a form up to six.
LEAST_DOTS = 8
# A dot is smaller than this, as a share of a lower-case letter; the dash that a worn leader is broken into is flatter.
DOT_SIDE, _DASH_WIDTH, _DASH_HEIGHT = 0.45, 0.9, 0.3
# Dots are not much higher than wide, but for a pixel; figures of small print are, and as alike and evenly spaced.
_HIGH = 1.25
# Dots of one leader are so far apart, middle to middle; where text stands on it, some of them are hidden.
_WIDEST_PITCH, _REACH = 1.7, 3.5
# There is paper between them: they fill no more than this share of the pitch.
_FILLED = 0.85
# Lines may still run so much up or down (tangent): the skew that clean-up leaves, or that of a preview.
_LEVEL, _SKEWED = 0.02, 0.12
# A dot lies this near to where it belongs: a share of a letter's height, or pixels where these are coarser. A wider
# net would take the dots below letters along, which are as large as those of some leaders.
_OFF_PLACE, _OFF_PX = 0.09, 0.9
# Steps that differ less than this from the usual one are one pitch.
_OFF_PITCH = 0.2
# Dots of one leader differ by so many pixels in width or height, or by this share of it.
_UNLIKE_PX, _UNLIKE = 1.2, 0.35
# So many of the dots linked to a row are where they belong, and so many of the steps are one pitch and no more.
_MOSTLY, _NEXT_TO_EACH_OTHER = 0.75, 0.5
# Dots finer than this (share of a letter) are no full stops.
FINE = 0.22
# Of a row of fine dots so many stand somewhere without a gap. Where they are as large as full stops, that many stand
# in each stretch, and somewhere enough for a leader: fewer are the full stop of the text before, the lower dot of its
# colon, an ellipsis, the dot below a letter.
_STRETCH = 5
# At either end of fine dots.
_FINE_STRETCH = 3
# The dots of a colon stand so far apart (letter heights) and so straight.
_COLON, _COLON_PX = (0.35, 1.2), 1.6
# The nearest leader above or below is further off than this many letter heights: dots beside dots are a halftone.
_ROWS_APART = 1.2
# How many marks are looked at, in each of three bands, for the next dot of a row.
_TRIES = 2
# A dot's place is judged by so many on each side.
_WINDOW = 5

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Marks that may be dots: middles and sizes, all of shape `(n,)`, in pixels."""

    x: Floats
    y: Floats
    width: Floats
    height: Floats

    @classmethod
    def of_boxes(cls, boxes: NDArray[np.int32]) -> "Dots":
        """Return the marks in `boxes`: left, top, width, height, shape `(n, 4)`."""
        left, top, width, height = boxes[:, :4].T.astype(np.float64)
        return cls(left + width / 2, top + height / 2, width, height)

    def turned(self) -> "Dots":
        """Return the marks of the page on its side."""
        return Dots(self.y, self.x, self.height, self.width)

    def at(self, places: Indices) -> "Dots":
        """Return some of the marks."""
        return Dots(self.x[places], self.y[places], self.width[places], self.height[places])

    def __len__(self) -> int:
        """Return the number of marks."""
        return len(self.x)


def middle(values: Floats) -> float:
    """Return the median, the upper one of two: many times as fast as NumPy's for a few dozen values."""
    return float(np.sort(values)[len(values) // 2])


def dot_sized(boxes: NDArray[np.int32], letter_height: float) -> NDArray[np.bool_]:
    """Return which of `boxes` (left, top, width, height) are small enough for a dot or a dash of a leader."""
    width, height = boxes[:, 2], boxes[:, 3]
    is_dot = (width <= DOT_SIDE * letter_height) & (height <= DOT_SIDE * letter_height)
    return is_dot | ((width <= _DASH_WIDTH * letter_height) & (height <= _DASH_HEIGHT * letter_height))


def leader_rows(dots: Dots, letter_height: float, *, is_level: bool = True) -> list[Indices]:
    """Return the leaders among marks of the size of dots: for each the places of its dots, from left to right.

    Args:
        dots: The marks, as `dot_sized` lets them through.
        letter_height: Height of a lower-case letter in the same pixels.
        is_level: False where the page may still be skewed.
    """
    if len(dots) < LEAST_DOTS or not letter_height:
        return []
    slope = _LEVEL if is_level else _SKEWED
    rows = []
    for linked in _linked(dots, letter_height, slope):
        row = _evenly_spaced(linked, dots, letter_height)
        if row is not None:
            rows.append(row)
    return rows


def _linked(dots: Dots, letter_height: float, slope: float) -> list[Indices]:
    """Return rows of at least `LEAST_DOTS` marks that are alike, each the nearest to the right of the one before."""
    following = _next_to_the_right(dots, letter_height, slope)
    has_before = np.zeros(len(dots), np.bool_)
    has_before[following[following >= 0]] = True
    follows = following.tolist()
    rows = []
    for first in np.flatnonzero(~has_before & (following >= 0)).tolist():
        row = [first]
        while follows[row[-1]] >= 0:
            row.append(follows[row[-1]])
        if len(row) >= LEAST_DOTS:
            rows.append(np.array(row, dtype=np.int64))
    return rows


def _next_to_the_right(dots: Dots, letter_height: float, slope: float) -> Indices:
    """Return for each mark the nearest one to its right that may follow it in a leader, -1 for none."""
    band_px = max(3.0, letter_height / 4)
    span = float(dots.x.max()) + _REACH * letter_height + 1
    bands = np.floor(dots.y / band_px)
    order = np.argsort(bands * span + dots.x)
    keys = (bands * span + dots.x)[order]
    best = np.full(len(dots), np.inf)
    following = np.full(len(dots), -1, dtype=np.int64)
    for band in (-1, 0, 1):
        first = np.searchsorted(keys, (bands + band) * span + dots.x + 1)
        for one in range(_TRIES):
            candidate = order[np.minimum(first + one, len(order) - 1)]
            step = dots.x[candidate] - dots.x
            may_follow = (
                (step > 1)
                & (step < np.minimum(best, _REACH * letter_height))
                & (np.abs(dots.y[candidate] - dots.y) <= _OFF_PX + slope * step)
                & _alike(dots, dots.at(candidate))
            )
            following = np.where(may_follow, candidate, following)
            best = np.where(may_follow, step, best)
    # Two marks may not be followed by the same one: the nearer has it.
    nearest_first = np.argsort(best, kind="stable")
    _, winners = np.unique(following[nearest_first], return_index=True)
    kept = np.full(len(dots), -1, dtype=np.int64)
    winning = nearest_first[winners]
    kept[winning] = following[winning]
    return kept


def _alike(dots: Dots, others: Dots) -> NDArray[np.bool_]:
    width, height = np.minimum(dots.width, others.width), np.minimum(dots.height, others.height)
    return np.asarray(
        (np.abs(dots.width - others.width) <= np.maximum(_UNLIKE_PX, _UNLIKE * width))
        & (np.abs(dots.height - others.height) <= np.maximum(_UNLIKE_PX, _UNLIKE * height)),
        dtype=np.bool_,
    )


def _evenly_spaced(row: Indices, dots: Dots, letter_height: float) -> Indices | None:
    """Return those marks of a row that are evenly spaced and of usual size, None where these make no leader."""
    x = dots.x[row]
    pitch = _pitch(np.diff(x))
    usual = Dots(x, dots.y[row], *(np.full(len(row), middle(side[row])) for side in (dots.width, dots.height)))
    if usual.width[0] > _FILLED * pitch or pitch > _WIDEST_PITCH * letter_height:
        return None
    if usual.height[0] > _HIGH * usual.width[0] + 1:
        return None
    is_on = _on_grid(x, pitch, letter_height) & _alike(dots.at(row), usual)
    if is_on.sum() < max(LEAST_DOTS, _MOSTLY * len(row)):
        return None
    return _without_punctuation(row[is_on], dots, letter_height, pitch)


def _without_punctuation(row: Indices, dots: Dots, letter_height: float, pitch: float) -> Indices | None:
    """Return a row without the dots that belong to text before, between or after the dots for the pen."""
    starts = np.flatnonzero(np.rint(np.diff(dots.x[row]) / pitch) != 1) + 1
    stretches = []
    is_fine = middle(dots.width[row]) <= FINE * letter_height
    for stretch in np.split(row, starts):
        own = stretch[int(_is_colon(dots, int(stretch[0]), letter_height)) :]
        is_inside = row[0] not in own and row[-1] not in own
        if len(own) >= (_FINE_STRETCH if is_fine else _STRETCH) or (is_fine and is_inside and len(own)):
            stretches.append(own)
    if not stretches or max(map(len, stretches)) < (_STRETCH if is_fine else LEAST_DOTS):
        return None
    kept = np.concatenate(stretches)
    is_mostly_whole = len(kept) - len(stretches) >= _NEXT_TO_EACH_OTHER * (len(kept) - 1)
    return kept if len(kept) >= LEAST_DOTS and is_mostly_whole else None


def _is_colon(dots: Dots, place: int, letter_height: float) -> bool:
    """True when one more dot stands right above a dot."""
    above = dots.y[place] - dots.y
    near = (np.abs(dots.x - dots.x[place]) <= _COLON_PX) & (above > _COLON[0] * letter_height)
    return bool((near & (above < _COLON[1] * letter_height)).any())


def _pitch(steps: Floats) -> float:
    """Return the usual step, to a fraction of a pixel."""
    usual = middle(steps)
    # Rounded to whole pixels, steps of 7.4 are 7 and 8: their mean is nearer than their median.
    near = steps[np.abs(steps - usual) <= max(1.0, _OFF_PITCH * usual)]
    return float(near.mean())


def _on_grid(x: Floats, pitch: float, letter_height: float) -> NDArray[np.bool_]:
    """Return which places lie a whole number of steps from most of those around them."""
    offsets = np.arange(-_WINDOW, _WINDOW + 1)
    around = np.arange(len(x))[:, None] + offsets[offsets != 0]
    steps = (x[np.clip(around, 0, len(x) - 1)] - x[:, None]) / pitch
    off = np.abs(steps - np.rint(steps)) * pitch
    # The pitch is not known so well that places far away could be compared.
    counts = (around >= 0) & (around < len(x)) & (np.abs(steps) <= _WINDOW)
    fits = counts & (off <= max(_OFF_PX, _OFF_PLACE * letter_height))
    return np.asarray(2 * fits.sum(axis=1) > counts.sum(axis=1), dtype=np.bool_)


def alone(rows: list[Indices], dots: Dots, letter_height: float) -> list[Indices]:
    """Return the rows that have no other close above or below: the dots of a halftone or a woven ground do."""
    if len(rows) < 2:
        return rows
    left, right, level = np.array([(dots.x[row[0]], dots.x[row[-1]], middle(dots.y[row])) for row in rows]).T
    beside = (left[:, None] < right) & (left < right[:, None]) & ~np.eye(len(rows), dtype=np.bool_)
    crowded = (beside & (np.abs(level[:, None] - level) < _ROWS_APART * letter_height)).any(axis=1)
    return [row for row, is_crowded in zip(rows, crowded.tolist(), strict=True) if not is_crowded]
