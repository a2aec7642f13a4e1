"""How a page lies: which way its lines run, how skewed they are, and whether they stand on their heads.

Judged on the boxes of letter-sized marks, never on pixels: frames, tables, photos and dark edges have no say, and
it costs a few milliseconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.cleanup.preview import Marks

# A skew below this does not hurt reading; above the other bound the estimate is not trusted.
MIN_SKEW_DEG, MAX_SKEW_DEG = 0.25, 15.0
_COARSE_STEP_DEG, _FINE_STEP_DEG = 0.5, 0.05
# Fewer marks than this give no direction worth trusting.
_MIN_MARKS = 8
# Lines run down the page when that direction is so much sharper than the other. On 39 real pages, straight and skewed
# by up to 14 degrees, the right direction is 2.3 to 6 times as sharp.
_CLEARLY_SHARPER = 1.3
# Specks line up 1.2 to 1.5 times as well at their best angle, a single line of text above 3.
_LEAST_SHARPNESS = 1.8
# Of the accents that stand apart from their letters so many more must lie below than above, and so surely.
_CLEARLY_MORE, _SURE_DEVIATIONS = 1.3, 2.5


@dataclass(frozen=True, slots=True)
class Direction:
    """The best way to lay parallel lines through the marks.

    Attributes:
        skew_deg: Counter-clockwise turn that makes these lines level (or plumb).
        sharpness: How much better marks line up there than at the usual angle, 1.0 = not at all.
    """

    skew_deg: float
    sharpness: float


def direction_across(marks: Marks) -> Direction:
    """Return how well the marks form lines across the page."""
    left, top, width, height = marks.boxes.T.astype(np.float64)
    return _direction(top + height, left + width / 2, marks.letter_height)


def direction_down(marks: Marks) -> Direction:
    """Return how well the marks form lines down the page."""
    left, top, width, height = marks.boxes.T.astype(np.float64)
    # A turn moves what lies to the right up, and what lies further down to the right.
    down = _direction(left + width, top + height / 2, marks.letter_height)
    return Direction(-down.skew_deg, down.sharpness)


def lines_run_down(across: Direction, down: Direction) -> bool:
    """True when text lines run from top to bottom."""
    return down.sharpness > _CLEARLY_SHARPER * across.sharpness


def trusted_skew(direction: Direction) -> float:
    """Return the turn worth doing, 0.0 for none."""
    is_sure = direction.sharpness >= _LEAST_SHARPNESS
    return direction.skew_deg if is_sure and MIN_SKEW_DEG <= abs(direction.skew_deg) <= MAX_SKEW_DEG else 0.0


def _direction(position: NDArray[np.float64], along: NDArray[np.float64], letter_height: float) -> Direction:
    """Return the angle at which most marks share a line.

    Args:
        position: Place of each mark's foot across the lines.
        along: Place of each mark along the lines.
        letter_height: In the same pixels.
    """
    if len(position) < _MIN_MARKS:
        return Direction(0.0, 1.0)
    bin_px = max(1.0, letter_height / 4)
    coarse = np.arange(-MAX_SKEW_DEG, MAX_SKEW_DEG + 0.01, _COARSE_STEP_DEG)
    scores = _line_scores(position, along, coarse, bin_px)
    usual = float(np.median(scores))
    best = float(coarse[scores.argmax()])
    fine = np.arange(best - _COARSE_STEP_DEG, best + _COARSE_STEP_DEG + 0.01, _FINE_STEP_DEG)
    fine_scores = _line_scores(position, along, fine, bin_px)
    # Neighbouring angles often tie: the middle of the best is the angle.
    top = fine[fine_scores >= 0.99 * fine_scores.max()]
    return Direction(round(float(np.median(top)), 2), float(fine_scores.max()) / usual)


def _line_scores(
    position: NDArray[np.float64], along: NDArray[np.float64], angles_deg: NDArray[np.float64], bin_px: float
) -> NDArray[np.float64]:
    """Return for each angle the sum of squares of how many marks share a bin of `bin_px` across the lines."""
    places = (position[None] - along[None] * np.tan(np.radians(angles_deg))[:, None]) / bin_px
    bins = (places - places.min()).astype(np.int64)
    per_angle = int(bins.max()) + 1
    counts = np.bincount(
        (bins + np.arange(len(angles_deg))[:, None] * per_angle).ravel(), minlength=per_angle * len(angles_deg)
    )
    squares: NDArray[np.float64] = np.square(counts.reshape(len(angles_deg), per_angle), dtype=np.float64).sum(axis=1)
    return squares


def stands_on_its_head(marks: Marks, clockwise_deg: int) -> bool:
    """True when the accents of the text lie below its letters after a turn by `clockwise_deg`: turn it by 180 more.

    Vietnamese marks stand above their letters but for the dot below: of those apart from their letter three lie above
    for each one below, on every one of 39 real pages (77:5 to 541:163) and on capitals. A page of figures has none.
    """
    above, below = _accents_above_and_below(marks, clockwise_deg)
    return below > _CLEARLY_MORE * above and below - above > _SURE_DEVIATIONS * np.sqrt(below + above)


def _accents_above_and_below(marks: Marks, clockwise_deg: int) -> tuple[int, int]:
    """Return how many small marks have a letter right below them and none above, and the other way round."""
    reach = marks.letter_height
    heights = marks.boxes[:, 3] if clockwise_deg % 180 == 0 else marks.boxes[:, 2]
    letters = marks.boxes[(heights >= 0.8 * reach) & (heights < 2.2 * reach)]
    page_width, page_height = marks.size
    is_letter = np.zeros((page_height, page_width), np.bool_)
    for left, top, width, height in letters.tolist():
        is_letter[top : top + height, left : left + width] = True
    left, top, width, height = marks.small.T
    middle_x, middle_y = left + width // 2, top + height // 2
    # Which way is up on the turned page, in pixels of the unturned one.
    up_x, up_y = {0: (0, -1), 90: (-1, 0), 180: (0, 1), 270: (1, 0)}[clockwise_deg]
    half = (height if clockwise_deg % 180 == 0 else width) / 2

    def near(direction: int) -> NDArray[np.bool_]:
        found = np.zeros(len(left), np.bool_)
        for share in (0.15, 0.3, 0.45):
            step = direction * np.rint(half + share * reach + 1).astype(np.int64)
            x = np.clip(middle_x + up_x * step, 0, page_width - 1)
            y = np.clip(middle_y + up_y * step, 0, page_height - 1)
            found |= is_letter[y, x]
        return found

    letter_above, letter_below = near(1), near(-1)
    return int((letter_below & ~letter_above).sum()), int((letter_above & ~letter_below).sum())
