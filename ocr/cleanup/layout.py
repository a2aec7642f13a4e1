"""How the upright page lies on its scan."""

from dataclasses import dataclass

from ocr.cleanup.findings import Findings
from ocr.cleanup.geometry import Transform, level_back, quarter_turn_back
from ocr.cleanup.orientation import (
    direction_across,
    direction_down,
    lines_run_down,
    stands_on_its_head,
    trusted_skew,
)
from ocr.cleanup.preview import Marks

# Fewer letter-sized marks than this on a page (dust, punch holes) is a blank page.
MIN_LETTERS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the upright page is on the scan.

    Attributes:
        to_scan: 3x3 matrix from the upright page to the scan.
        size: Width and height of the upright page at the scale of the scan.
        rotation_deg: Clockwise quarter turn that made it upright.
        skew_deg: Counter-clockwise turn that made it straight after that, 0.0 for none.
        letter_height_px: Height of a lower-case letter on the upright page, 0.0 when unknown.
    """

    to_scan: Transform
    size: tuple[float, float]
    rotation_deg: int
    skew_deg: float
    letter_height_px: float


def layout_of(findings: Findings, rotation_deg: int | None) -> Layout:
    """Return how the page lies; a quarter turn that is given is not judged."""
    marks = findings.marks
    has_letters = len(marks) >= MIN_LETTERS
    rotation, skew_deg = _lie(marks, rotation_deg) if has_letters else (rotation_deg or 0, 0.0)
    is_lying = rotation % 180 != 0
    width, height = findings.flat_size
    to_flat, size = quarter_turn_back(width, height, rotation), (float(width), float(height))
    if is_lying:
        size = (size[1], size[0])
    if skew_deg:
        to_skewed, size = level_back(size, skew_deg)
        to_flat = to_flat @ to_skewed
    letter_height = marks.letter_height_lying if is_lying else marks.letter_height
    return Layout(
        to_scan=findings.flat_to_scan @ to_flat,
        size=size,
        rotation_deg=rotation,
        skew_deg=skew_deg,
        letter_height_px=letter_height * findings.factor if has_letters else 0.0,
    )


def _lie(marks: Marks, rotation_deg: int | None) -> tuple[int, float]:
    """Return the clockwise quarter turn that makes the page upright, and the skew that is left."""
    across, down = direction_across(marks), direction_down(marks)
    if rotation_deg is None:
        rotation_deg = 90 if lines_run_down(across, down) else 0
        if stands_on_its_head(marks, rotation_deg):
            rotation_deg += 180
    return rotation_deg, trusted_skew(down if rotation_deg % 180 else across)
