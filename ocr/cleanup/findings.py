"""What a preview of the page shows of its state: what of it is paper, which marks are its own, what disturbs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.cleanup.borders import dark_edges
from ocr.cleanup.geometry import Transform, scaling, warp
from ocr.cleanup.ink_colour import has_red_ink, red_mask, with_all_ink, without_red
from ocr.cleanup.leaders import without_leaders
from ocr.cleanup.orientation import direction_across, direction_down
from ocr.cleanup.preview import Marks, ink_mask, letter_marks, reduced
from ocr.cleanup.sheet import find_sheet, flat_to_source
from ocr.cleanup.show_through import find_show_through

# Text is red where hardly any letter is black, and red ones are more than the ring of a stamp or two holds, in lines.
_BLACK_CONTRAST, _FEW_LETTERS, _MANY_RED_LETTERS, _IN_LINES = 0.25, 60, 120, 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What clean-up goes by.

    Attributes:
        marks: Letter-sized marks of this side of the paper, on the preview of the flat sheet.
        factor: Pixels of the scan in one of the preview.
        flat_to_scan: 3x3 matrix from the flat sheet to the scan; the identity where the whole scan is the sheet.
        flat_size: Width and height of the flat sheet at the scale of the scan.
        corners: Corners of the sheet on the scan of a photo, shape `(4, 2)`, clockwise from the top left one; or None.
        has_red: True when there is red ink.
        text_is_red: True when nearly all text is printed in red.
        edges: Mask (255) of dark edges and punch holes on the preview, or None.
        other_side: Contrast (0-1) below which print is that of the other side, or None.
    """

    marks: Marks
    factor: int
    flat_to_scan: Transform
    flat_size: tuple[int, int]
    corners: NDArray[np.float64] | None
    has_red: bool
    text_is_red: bool
    edges: NDArray[np.uint8] | None
    other_side: float | None


def look_at(pixels: NDArray[np.uint8]) -> Findings:
    """Return what a page picture, grey or RGB, needs."""
    preview, factor = reduced(pixels)
    flat_to_scan, flat_size = np.eye(3), (pixels.shape[1], pixels.shape[0])
    corners = find_sheet(preview)
    if corners is not None:
        flat_to_preview, preview_size = flat_to_source(corners)
        preview = warp(preview, flat_to_preview, preview_size)
        flat_to_scan = scaling(factor, factor) @ flat_to_preview @ scaling(1 / factor, 1 / factor)
        flat_size = (preview_size[0] * factor, preview_size[1] * factor)
    has_red = has_red_ink(preview)
    ink = without_red(preview) if preview.ndim == 3 else preview
    marks = letter_marks(ink_mask(ink))
    text_is_red = has_red and marks.count_darker_than(_BLACK_CONTRAST, ink) < _FEW_LETTERS and _is_text(preview)
    if text_is_red:
        ink = with_all_ink(preview)
        marks = letter_marks(ink_mask(ink))
    edges = dark_edges(ink, marks) if corners is None else None
    if edges is not None:
        marks = marks.outside(edges)
    other_side = find_show_through(ink, marks)
    return Findings(
        marks=without_leaders(marks if other_side is None else other_side.marks),
        factor=factor,
        flat_to_scan=flat_to_scan,
        flat_size=flat_size,
        corners=None if corners is None else corners * factor,
        has_red=has_red,
        text_is_red=text_is_red,
        edges=edges,
        other_side=None if other_side is None else other_side.contrast,
    )


def _is_text(preview: NDArray[np.uint8]) -> bool:
    """True when the red ink of an RGB preview stands in lines of letters."""
    red = letter_marks(red_mask(preview))
    sharpness = max(direction_across(red).sharpness, direction_down(red).sharpness)
    return len(red) >= _MANY_RED_LETTERS and sharpness >= _IN_LINES
