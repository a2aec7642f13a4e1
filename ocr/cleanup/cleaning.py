"""One page cleaned: what it needs is judged on a preview, and only that is done.

The scan is looked at whole twice: once for the preview, once to make the reading picture. All else works on these two,
which are small whatever the scan's resolution.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cleanup.borders import painted
from ocr.cleanup.findings import Findings, look_at
from ocr.cleanup.geometry import as_matrix, as_values, scaling, through, warp
from ocr.cleanup.ink_colour import with_all_ink, without_red
from ocr.cleanup.layout import MIN_LETTERS, Layout, layout_of
from ocr.cleanup.leaders import Leaders, cleared, find_leaders
from ocr.cleanup.light import evened, is_uneven, light_of
from ocr.cleanup.show_through import faded
from ocr.image import PageImage
from ocr.page import Box, Matrix, Step

# Part of the recipe: raise it when a change here changes what is read.
CLEANUP_VERSION = 4

# Tesseract's net reads best when a lower-case letter is about this high.
# Source: `python -m benchmarks.decree_cer` on the decree at 120 to 300 dpi, least errors around 180 dpi.
TARGET_LETTER_HEIGHT_PX = 14.0
# Scaling is only trusted within these bounds: outside, the letters measured were no letters.
MIN_SCALE, MAX_SCALE = 0.2, 3.0
# Where no letters can be measured, this resolution is a good guess for office paper.
TARGET_DPI = 180


@dataclass(frozen=True, slots=True, eq=False)
class CleanPage:
    """A page ready for reading.

    Attributes:
        pixels: `uint8` grey picture, shape `(height, width)`, upright and straight, at reading scale; without red ink,
            unless the text is red.
        all_ink: The same picture with all ink; `pixels` itself where there is no red.
        dpi: Resolution of `pixels` to tell the reader, never 0.
        upright_to_scan: 3x3 matrix, row by row, from the upright page at the scale of the scan to pixels of the
            original scan; a homography, for a photo.
        reading_scale: Reading pixels per pixel of the upright page.
        scan_width_px, scan_height_px: Size of the original scan page.
        rotation_deg: Clockwise quarter turn applied: 0, 90, 180, 270.
        letters: Number of letter-sized marks seen.
        steps: What was done, in order.
    """

    pixels: NDArray[np.uint8]
    all_ink: NDArray[np.uint8]
    dpi: int
    upright_to_scan: Matrix
    reading_scale: float
    scan_width_px: int
    scan_height_px: int
    rotation_deg: int
    letters: int
    steps: tuple[Step, ...]

    @property
    def is_blank(self) -> bool:
        """True when there is nothing to read."""
        return self.letters < MIN_LETTERS

    def to_scan(self, box: Box) -> Box:
        """Return the smallest box of the original scan around `box` of the reading picture, kept on the page."""
        corners = np.array([[box.left, box.top], [box.right, box.top], [box.left, box.bottom], [box.right, box.bottom]])
        points = through(as_matrix(self.upright_to_scan), corners / self.reading_scale)
        left, top = np.rint(points.min(axis=0)).tolist()
        right, bottom = np.rint(points.max(axis=0)).tolist()
        # A word at the rim of a photo may reach over the edge of the picture.
        return Box(
            int(np.clip(left, 0, self.scan_width_px)),
            int(np.clip(top, 0, self.scan_height_px)),
            int(np.clip(right, 0, self.scan_width_px)),
            int(np.clip(bottom, 0, self.scan_height_px)),
        )

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height of the upright page in pixels, at the scale of the scan."""
        height, width = self.pixels.shape
        return round(width / self.reading_scale), round(height / self.reading_scale)

    def to_upright(self, box: Box) -> Box:
        """Return `box` of the reading picture at the scale of the scan."""
        return Box(*(round(edge / self.reading_scale) for edge in box))


def clean_page(page: PageImage, rotation_deg: int | None = None) -> CleanPage:
    """Make a page readable.

    Args:
        page: The picture as it came.
        rotation_deg: Clockwise quarter turn to apply; None finds it out from how lines run and on which side of its
            letters the accents stand. A page without accents may come out upside down: the reader's success tells, see
            `ocr.read_page`.
    """
    findings = look_at(page.pixels)
    layout = layout_of(findings, rotation_deg)
    scale = _reading_scale(layout.letter_height_px, page.dpi)
    planes = _planes(page.pixels, scale, findings)
    evenly_lit = [_evenly_lit(_upright(plane, page, layout, scale, findings), findings) for plane in planes]
    pictures = [picture for picture, _ in evenly_lit]
    letter_height = layout.letter_height_px * scale
    leaders = find_leaders(pictures[0], letter_height) if letter_height else None
    if leaders is not None:
        pictures = [cleared(picture, leaders) for picture in pictures]
    return CleanPage(
        pixels=pictures[0],
        all_ink=pictures[-1],
        dpi=round(page.dpi * scale) if page.dpi else TARGET_DPI,
        upright_to_scan=as_values(layout.to_scan),
        reading_scale=scale,
        scan_width_px=page.width_px,
        scan_height_px=page.height_px,
        rotation_deg=layout.rotation_deg,
        letters=len(findings.marks),
        steps=tuple(_steps(findings, layout, scale, leaders, was_uneven=evenly_lit[0][1])),
    )


def _reading_scale(letter_height_px: float, dpi: int) -> float:
    if letter_height_px:
        scale = TARGET_LETTER_HEIGHT_PX / letter_height_px
        if MIN_SCALE <= scale <= MAX_SCALE:
            return scale
    return TARGET_DPI / dpi if dpi else 1.0


def _planes(pixels: NDArray[np.uint8], scale: float, findings: Findings) -> list[NDArray[np.uint8]]:
    """Return the scan in grey at reading scale: without red ink and, where there is some, with all ink."""
    if not findings.has_red:
        return [_scaled(without_red(pixels) if pixels.ndim == 3 else pixels, scale)]
    colour = _scaled(pixels, scale)
    return [with_all_ink(colour)] if findings.text_is_red else [without_red(colour), with_all_ink(colour)]


def _scaled(pixels: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1.0:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=interpolation), dtype=np.uint8)


def _upright(
    plane: NDArray[np.uint8], page: PageImage, layout: Layout, scale: float, findings: Findings
) -> NDArray[np.uint8]:
    """Return a picture of the scan at reading scale as the upright page at the same scale, dark edges painted."""
    cleared = plane if findings.edges is None else painted(plane, findings.edges)
    size = (max(1, round(layout.size[0] * scale)), max(1, round(layout.size[1] * scale)))
    scan_to_plane = scaling(plane.shape[1] / page.width_px, plane.shape[0] / page.height_px)
    to_upright = scaling(layout.size[0] / size[0], layout.size[1] / size[1])
    to_plane = scan_to_plane @ layout.to_scan @ to_upright
    return cleared if np.allclose(to_plane, np.eye(3), atol=1e-6) else warp(cleared, to_plane, size)


def _evenly_lit(picture: NDArray[np.uint8], findings: Findings) -> tuple[NDArray[np.uint8], bool]:
    """Return an upright picture evenly lit, without the print of the other side, and whether its light was evened."""
    light = light_of(picture)
    was_uneven = is_uneven(light)
    if was_uneven:
        picture = evened(picture, light)
    if findings.other_side is not None:
        picture = faded(picture, findings.other_side)
    return picture, was_uneven


def _steps(
    findings: Findings, layout: Layout, scale: float, leaders: Leaders | None, *, was_uneven: bool
) -> list[Step]:
    steps = []
    if findings.corners is not None:
        steps.append(Step(name="flatten", version=1, parameters=_corner_parameters(findings.corners)))
    if findings.has_red:
        steps.append(Step(name="keep-red" if findings.text_is_red else "drop-red", version=3))
    if findings.edges is not None:
        steps.append(Step(name="clear-edges", version=1))
    if layout.rotation_deg:
        steps.append(Step(name="turn", version=2, parameters={"clockwise_deg": layout.rotation_deg}))
    if layout.skew_deg:
        steps.append(Step(name="deskew", version=2, parameters={"angle_deg": layout.skew_deg}))
    if scale != 1.0:
        steps.append(Step(name="scale", version=1, parameters={"factor": round(scale, 4)}))
    if was_uneven:
        steps.append(Step(name="even-light", version=1))
    if findings.other_side is not None:
        steps.append(Step(name="fade-other-side", version=1, parameters={"contrast": round(findings.other_side, 3)}))
    if leaders is not None:
        steps.append(Step(name="clear-leaders", version=1, parameters={"rows": leaders.rows, "dots": leaders.dots}))
    return steps


def _corner_parameters(corners: NDArray[np.float64]) -> dict[str, float | int | str | bool]:
    names = ("top_left", "top_right", "bottom_right", "bottom_left")
    return {
        f"{name}_{axis}": round(float(value), 1)
        for name, point in zip(names, corners, strict=True)
        for axis, value in zip("xy", point, strict=True)
    }
