"""Clean-up of a page picture before reading: red ink away, upright, straight, at the text height readers like.

Every step is recorded, and the transform from the reading picture back to the original scan is kept, so that each
word can be shown where it stands on the paper.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image import PageImage
from ocr.page import Box, Step

# Part of the recipe: raise it when a change here changes what is read.
CLEANUP_VERSION = 2

# Tesseract's net reads best when a lower-case letter is about this high.
# Source: `python -m benchmarks.decree_cer` on the decree at 120 to 300 dpi, least errors around 180 dpi.
TARGET_LETTER_HEIGHT_PX = 14.0
# Scaling is only trusted within these bounds: outside, the letters measured were no letters.
MIN_SCALE, MAX_SCALE = 0.2, 3.0
# Where no letters can be measured, this resolution is a good guess for office paper.
TARGET_DPI = 180
# A skew below this does not hurt reading; above the other bound the estimate is not trusted.
MIN_SKEW_DEG, MAX_SKEW_DEG = 0.25, 10.0
# Fewer letter-sized marks than this on a page (dust, punch holes) is a blank page.
MIN_LETTERS = 8
_ANALYSIS_HEIGHT_PX = 1600


@dataclass(frozen=True, slots=True, eq=False)
class CleanPage:
    """A page ready for reading.

    Attributes:
        pixels: `uint8` grey picture without red ink, shape `(height, width)`, upright and straight, at reading scale.
        all_ink: The same picture with red ink.
        dpi: Resolution of `pixels` to tell the reader, never 0.
        reading_to_scan: 3x3 affine matrix from reading pixels to pixels of the original scan.
        reading_scale: Reading pixels per scan pixel.
        scan_width_px, scan_height_px: Size of the original scan page.
        rotation_deg: Clockwise quarter turn applied: 0, 90, 180, 270.
        letters: Number of letter-sized marks seen.
        steps: What was done, in order.
    """

    pixels: NDArray[np.uint8]
    all_ink: NDArray[np.uint8]
    dpi: int
    reading_to_scan: NDArray[np.float64]
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
        corners = np.array(
            [[box.left, box.top, 1], [box.right, box.top, 1], [box.left, box.bottom, 1], [box.right, box.bottom, 1]]
        )
        x, y, _ = self.reading_to_scan @ corners.T
        return Box(
            max(0, round(float(x.min()))),
            max(0, round(float(y.min()))),
            min(self.scan_width_px, round(float(x.max()))),
            min(self.scan_height_px, round(float(y.max()))),
        )

    def to_upright(self, box: Box) -> Box:
        """Return `box` of the reading picture at the scale of the scan."""
        return Box(*(round(edge / self.reading_scale) for edge in box))


def clean_page(page: PageImage, rotation_deg: int | None = None) -> CleanPage:
    """Make a page readable.

    Args:
        page: The picture as it came.
        rotation_deg: Clockwise quarter turn to apply; None finds out whether lines run across or down (it cannot tell
            upside down: the reader's success does, see `ocr.read_page`).
    """
    steps: list[Step] = []
    ink, all_ink = _drop_red(page.pixels)
    if all_ink is not ink:
        steps.append(Step(name="drop-red", version=2))
    if rotation_deg is None:
        rotation_deg = 90 if _lines_run_down(ink) else 0
    turned = _quarter_turn(ink, rotation_deg)
    if rotation_deg:
        steps.append(Step(name="turn", version=1, parameters={"clockwise_deg": rotation_deg}))
    letter_height, letters = _letter_height(turned)
    scale = _reading_scale(letter_height, page.dpi)
    skew_deg = _skew(turned) if letters >= MIN_LETTERS else 0.0
    reading, matrix = _straighten_and_scale(turned, skew_deg, scale)
    reading_all_ink = reading
    if all_ink is not ink:
        reading_all_ink, _ = _straighten_and_scale(_quarter_turn(all_ink, rotation_deg), skew_deg, scale)
    if skew_deg:
        steps.append(Step(name="deskew", version=1, parameters={"angle_deg": round(skew_deg, 2)}))
    if scale != 1.0:
        steps.append(Step(name="scale", version=1, parameters={"factor": round(scale, 4)}))
    height, width = page.pixels.shape[:2]
    turn_back = _turn_matrix(width, height, rotation_deg)
    return CleanPage(
        pixels=reading,
        all_ink=reading_all_ink,
        dpi=round(page.dpi * scale) if page.dpi else TARGET_DPI,
        reading_to_scan=turn_back @ np.linalg.inv(matrix),
        reading_scale=scale,
        scan_width_px=width,
        scan_height_px=height,
        rotation_deg=rotation_deg,
        letters=letters,
        steps=tuple(steps),
    )


def _drop_red(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the page in grey without red ink, and with all ink.

    In the red channel red ink is as bright as paper, and black and blue ink as dark as ever.
    Source: design §8: signer's name under the stamp read on 7 of 30 acts in grey, 17 in the red channel.
    """
    if pixels.ndim == 2:
        return pixels, pixels
    return np.ascontiguousarray(pixels[..., 0]), np.ascontiguousarray(pixels.min(axis=2))


def _ink_mask(grey: NDArray[np.uint8], height_px: int) -> tuple[NDArray[np.uint8], float]:
    """Return a mask (255 = ink) of the picture reduced to at most `height_px` rows, and the factor."""
    factor = min(1.0, height_px / max(grey.shape))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    # A local threshold keeps text on uneven paper; paper noise stays below the offset of 15 levels.
    block = max(15, int(min(small.shape) / 40) | 1)
    mask = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 15)
    return cast("NDArray[np.uint8]", mask), factor


def _lines_run_down(grey: NDArray[np.uint8]) -> bool:
    """True when text lines run from top to bottom: the sums over columns vary more than the sums over rows."""
    mask, _ = _ink_mask(grey, 800)
    # Frames and table rules run both ways: one down the page would outweigh all lines of text across it.
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    is_rule = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) > max(mask.shape) / 6
    mask[is_rule[labels]] = 0
    margin_y, margin_x = mask.shape[0] // 20, mask.shape[1] // 20
    inner = mask[margin_y:-margin_y, margin_x:-margin_x].astype(np.float64)
    if not inner.any():
        return False
    across = float(np.square(np.diff(inner.sum(axis=1) / inner.shape[1])).mean())
    down = float(np.square(np.diff(inner.sum(axis=0) / inner.shape[0])).mean())
    return down > 1.5 * across


def _quarter_turn(grey: NDArray[np.uint8], clockwise_deg: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(grey, k=-(clockwise_deg // 90) % 4))


def _turn_matrix(width: int, height: int, clockwise_deg: int) -> NDArray[np.float64]:
    """Return the 3x3 matrix from turned pixels back to the pixels of the scan of `width` x `height`."""
    matrices = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
    }
    return np.array(matrices[clockwise_deg], dtype=np.float64)


def _letter_height(grey: NDArray[np.uint8]) -> tuple[float, int]:
    """Return the height of lower-case letters in pixels of `grey` (0.0 when unknown) and the number of letters seen."""
    mask, factor = _ink_mask(grey, _ANALYSIS_HEIGHT_PX)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    areas = stats[1:, cv2.CC_STAT_AREA]
    tallest = grey.shape[0] * factor / 15
    is_letter = (heights >= 5) & (heights <= tallest) & (widths >= 2) & (widths <= 3 * heights) & (areas >= 8)
    letters = int(is_letter.sum())
    if letters < MIN_LETTERS:
        return 0.0, letters
    # The lower quartile: lower-case letters without accents, below capitals and accented letters.
    return float(np.percentile(heights[is_letter], 35)) / factor, letters


def _reading_scale(letter_height_px: float, dpi: int) -> float:
    if letter_height_px:
        scale = TARGET_LETTER_HEIGHT_PX / letter_height_px
        if MIN_SCALE <= scale <= MAX_SCALE:
            return scale
    return TARGET_DPI / dpi if dpi else 1.0


def _skew(grey: NDArray[np.uint8]) -> float:
    """Return the angle in degrees (counter-clockwise positive) that makes text lines level, 0.0 when not needed."""
    mask, _ = _ink_mask(grey, 900)
    # Wide marks (rules, table lines, stamps) are kept: they are as skewed as the text.
    coarse = max(np.arange(-MAX_SKEW_DEG, MAX_SKEW_DEG + 0.1, 1.0), key=lambda angle: _levelness(mask, angle))
    fine = max(np.arange(coarse - 1.0, coarse + 1.01, 0.1), key=lambda angle: _levelness(mask, angle))
    best = float(fine)
    return best if MIN_SKEW_DEG <= abs(best) < MAX_SKEW_DEG else 0.0


def _levelness(mask: NDArray[np.uint8], angle_deg: float) -> float:
    """How sharply rows of ink alternate with rows of paper after a turn by `angle_deg`."""
    height, width = mask.shape
    # A shear moves pixels within columns only: near enough to a turn for small angles, and much cheaper.
    shear = np.array([[1, 0, 0], [-np.tan(np.radians(angle_deg)), 1, width / 2 * np.tan(np.radians(angle_deg))]])
    turned = cv2.warpAffine(mask, shear, (width, height), flags=cv2.INTER_NEAREST)
    return float(np.square(np.diff(turned.sum(axis=1, dtype=np.int64).astype(np.float64))).sum())


def _straighten_and_scale(
    grey: NDArray[np.uint8], skew_deg: float, scale: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return the reading picture and the 3x3 matrix from `grey` to it."""
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=interpolation) if scale != 1.0 else grey
    to_scaled = np.diag([scaled.shape[1] / grey.shape[1], scaled.shape[0] / grey.shape[0], 1.0])
    if not skew_deg:
        return cast("NDArray[np.uint8]", scaled), to_scaled
    height, width = scaled.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew_deg, 1.0)
    level = cv2.warpAffine(
        scaled, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,)
    )
    return cast("NDArray[np.uint8]", level), np.vstack([turn, [0, 0, 1]]) @ to_scaled
