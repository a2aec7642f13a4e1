"""Photocopies, photocopies of photocopies, and faxes: what machines make of a sheet before anybody scans it."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.drawing.chance import Generator, between, happens, pick
from benchmarks.drawing.sheets import HEIGHT_MM, WIDTH_MM
from benchmarks.drawing.wear import RANK, Strength

Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fax:
    """A transmission.

    Attributes:
        dots: Dots per inch across and down. Source: ITU-T T.4 and T.30 (G3 fine 204 x 196, standard 204 x 98).
        turn_deg: How far the sheet was turned.
        noise: Standard deviation of the scanner's noise before it decides black or white, grey levels.
        lost_lines: Scan lines lost on the wire; each repeats the one before.
    """

    dots: tuple[int, int]
    turn_deg: float
    noise: float
    lost_lines: int


def draw_fax(generator: Generator, strength: Strength) -> Fax:
    """Return how a sheet of that strength was sent; `standard` sampling only now and then, and only when heavy.

    Raises:
        KeyError: `strength` is clean.
    """
    rank = RANK[strength]
    dots = (204, 98) if happens(generator, (0.0, 0.0, 0.15)[rank]) else (204, 196)
    turn = between(generator, *((0.1, 0.4), (0.4, 1.0), (0.8, 2.0))[rank]) * pick(generator, (-1, 1))
    return Fax(dots, turn, (4, 9, 16)[rank], (0, 1, 3)[rank])


def send_fax(page: Image.Image, fax: Fax, generator: Generator, dpi: int) -> Image.Image:
    """Return `page` as the other machine prints it: mode 1, A4 at `dpi`."""
    grey = page.convert("L").rotate(fax.turn_deg, Image.Resampling.BICUBIC, fillcolor=255)
    across, down = fax.dots
    sampled = grey.resize((round(WIDTH_MM / 25.4 * across), round(HEIGHT_MM / 25.4 * down)), Image.Resampling.BOX)
    levels: Levels = np.array(sampled, dtype=np.float32)
    levels += generator.standard_normal(levels.shape, dtype=np.float32) * np.float32(fax.noise)
    bits = np.where(levels >= between(generator, 140, 185), 255, 0).astype(np.uint8)
    for _ in range(fax.lost_lines):
        row = int(generator.integers(2, bits.shape[0]))
        bits[row] = bits[row - 1]
    size = (round(WIDTH_MM / 25.4 * dpi), round(HEIGHT_MM / 25.4 * dpi))
    return Image.fromarray(bits).resize(size, Image.Resampling.NEAREST).convert("1", dither=Image.Dither.NONE)


def photocopy(
    page: Image.Image, strength: Strength, generator: Generator, dpi: int, generations: int = 1
) -> Image.Image:
    """Return an RGB picture without colour: high contrast, uneven toner, streaks, the dark border of an open lid.

    Args:
        page: The sheet on the glass.
        strength: How badly the machine is kept.
        generator: Where chance comes from.
        dpi: Resolution of `page`.
        generations: 2 is a photocopy of a photocopy; each is laid on the glass anew.

    Raises:
        KeyError: `strength` is clean.
    """
    rank = RANK[strength]
    levels: Levels = np.array(page.convert("L"), dtype=np.float32)
    for _ in range(generations):
        levels = _laid_on_the_glass(levels, rank, generator)
        levels = cv2.GaussianBlur(levels, (0, 0), (0.45, 0.6, 0.8)[rank] * dpi / 200).astype(np.float32)
        _drop_toner(levels, rank, generator)
        toner = between(generator, *((-8, 10), (-12, 18), (-16, 26))[rank])
        contrast = (1.25, 1.55, 1.9)[rank]
        levels = np.clip((levels - 145 - toner) * np.float32(contrast) + 145, 0, 255).astype(np.float32)
        _streaks(levels, rank, generator, dpi)
        _dark_borders(levels, rank, generator, dpi)
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8)).convert("RGB")


def _laid_on_the_glass(levels: Levels, rank: int, generator: Generator) -> Levels:
    """Shift, turn and shrink a little: nobody lays a sheet exactly, and copiers shrink by a percent."""
    height, width = levels.shape
    turn = between(generator, 0, (0.25, 0.5, 0.9)[rank]) * pick(generator, (-1, 1))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, between(generator, 0.97, 1.0))
    matrix[:, 2] += [between(generator, -0.006, 0.006) * width, between(generator, -0.006, 0.006) * height]
    white = (255.0, 255.0, 255.0)
    moved = cv2.warpAffine(levels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=white)
    return np.asarray(moved, dtype=np.float32)


def _drop_toner(levels: Levels, rank: int, generator: Generator) -> None:
    """Let black thin out in places, in place: a worn drum prints parts of the sheet paler."""
    coarse = generator.uniform((0.96, 0.91, 0.86)[rank], 1.0, (9, 6)).astype(np.float32)
    depth = cv2.resize(coarse, (levels.shape[1], levels.shape[0]), interpolation=cv2.INTER_CUBIC)
    grain = generator.standard_normal(levels.shape, dtype=np.float32) * np.float32((0.02, 0.035, 0.05)[rank])
    levels[:] = 255 - (255 - levels) * np.clip(depth + grain, 0, 1)


def _streaks(levels: Levels, rank: int, generator: Generator, dpi: int) -> None:
    """Draw dark threads and pale bands down the sheet, in place, as dirt on glass and drum does."""
    for _ in range(int(generator.integers(0, (1, 3, 5)[rank]))):
        column = int(generator.integers(levels.shape[1] - dpi // 10))
        if happens(generator, 0.6):
            levels[:, column : column + max(1, dpi // 150)] *= np.float32(between(generator, 0.45, 0.8))
        else:
            band = levels[:, column : column + max(2, dpi // 20)]
            band[:] = 255 - (255 - band) * np.float32(between(generator, 0.45, 0.75))


def _dark_borders(levels: Levels, rank: int, generator: Generator, dpi: int) -> None:
    """Darken some of the four borders, in place, where the lid was open beside the sheet."""
    sides: tuple[Callable[[int], Levels], ...] = (
        lambda reach: levels[:, :reach],
        lambda reach: levels[:, ::-1][:, :reach],
        lambda reach: levels[:reach].T,
        lambda reach: levels[::-1][:reach].T,
    )
    for side in sides:
        if not happens(generator, (0.15, 0.4, 0.6)[rank]):
            continue
        reach = round(between(generator, *((0.5, 2), (1, 4), (2, 7))[rank]) * dpi / 25.4)
        if reach:
            border = side(reach)
            fall = np.linspace(between(generator, 0.05, 0.25), 1.0, reach, dtype=np.float32) ** np.float32(2.5)
            border *= 1 - (1 - fall)[None, :] * np.float32(0.93)
