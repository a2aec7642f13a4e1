"""Photos of papers by phone, taken with more or less care: seen from aside, on a desk, in uneven light."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.drawing.chance import Generator, between, pick
from benchmarks.drawing.wear import RANK, Strength

Levels = NDArray[np.float32]
# Desks: wood, light wood, a grey office table, a dark one, a green cutting mat; red, green, blue.
_DESKS = ((126, 92, 62), (176, 146, 108), (150, 152, 156), (62, 58, 60), (58, 92, 78))


def choose_desk(generator: Generator) -> tuple[int, int, int]:
    """Return the colour of the table that all pages of a paper are laid on."""
    return pick(generator, _DESKS)


def photograph(
    page: Image.Image, strength: Strength, generator: Generator, dpi: int, desk: tuple[int, int, int]
) -> Image.Image:
    """Return an RGB photo of `page`, a little larger than the page for what is seen beside it.

    A light photo is one taken with care: nearly from above, the whole sheet sharp, light from one side only.

    Args:
        page: The sheet.
        strength: How careless the photo is.
        generator: Where chance comes from.
        dpi: Resolution of `page`, and roughly of the sheet in the photo.
        desk: Colour of the table.

    Raises:
        KeyError: `strength` is clean.
    """
    rank = RANK[strength]
    photo = _on_a_desk(np.array(page.convert("RGB")), rank, generator, desk)
    photo *= _light(photo.shape[:2], rank, generator)[:, :, None]
    warmth = between(generator, -1, 1) * (0.02, 0.04, 0.07)[rank]
    photo *= np.array([1 + warmth, 1.0, 1 - warmth], dtype=np.float32)
    blur = between(generator, *((0.35, 0.55), (0.5, 0.8), (0.7, 1.1))[rank]) * dpi / 200
    photo = cv2.GaussianBlur(photo, (0, 0), blur).astype(np.float32)
    noise = between(generator, *((1.0, 2.5), (2.0, 4.5), (4.0, 7.0))[rank])
    photo += generator.standard_normal(photo.shape[:2], dtype=np.float32)[:, :, None] * np.float32(noise)
    taken = Image.fromarray(photo.clip(0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    taken.save(buffer, "JPEG", quality=int(generator.integers(*((88, 94), (80, 90), (65, 80))[rank])))
    with Image.open(buffer) as compressed:
        compressed.load()
        return compressed.copy()


def _on_a_desk(sheet: NDArray[np.uint8], rank: int, generator: Generator, colour: tuple[int, int, int]) -> Levels:
    """Return the sheet seen in perspective on a desk, the soft shadow of its edge beside it."""
    height, width = sheet.shape[:2]
    border = between(generator, *((0.03, 0.06), (0.03, 0.09), (0.04, 0.12))[rank])
    size = (round(width * (1 + 2 * border)), round(height * (1 + 2 * border)))
    left, top = width * border, height * border
    corners = np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]])
    turn = np.deg2rad(between(generator, 0, (0.8, 1.5, 2.5)[rank]) * pick(generator, (-1, 1)))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = corners.mean(axis=0)
    reach = (0.008, 0.018, 0.03)[rank] * width
    seen = (corners - middle) @ rotation.T + middle + generator.uniform(-reach, reach, (4, 2))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(flat, seen.astype(np.float32))
    warped = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_CUBIC).astype(np.float32)
    mask = np.zeros((size[1], size[0]), dtype=np.float32)
    cv2.fillConvexPoly(mask, seen.round().astype(np.int32), 1.0)
    shadow = cv2.GaussianBlur(np.roll(mask, (6, 4), (0, 1)), (0, 0), 9)
    desk = _desk(size, generator, colour) * (1 - 0.45 * shadow[:, :, None])
    edge = cv2.GaussianBlur(mask, (0, 0), 0.8)[:, :, None]
    return np.asarray(warped * edge + desk * (1 - edge), dtype=np.float32)


def _desk(size: tuple[int, int], generator: Generator, colour: tuple[int, int, int]) -> Levels:
    """Return a table top: one colour, a grain that runs one way, no two places quite alike."""
    width, height = size
    grain = generator.standard_normal((height // 60 + 2, width // 6 + 2), dtype=np.float32)
    if generator.uniform() < 0.5:
        grain = grain.T.copy()
    texture = cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC) * np.float32(between(generator, 2, 9))
    return np.asarray(np.array(colour, dtype=np.float32)[None, None, :] + texture[:, :, None], dtype=np.float32)


def _light(shape: tuple[int, ...], rank: int, generator: Generator) -> Levels:
    """Return how bright each place is: a lamp at one side, and the soft shadow of the hand that holds the phone."""
    height, width = shape
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    direction = between(generator, 0, 2 * np.pi)
    slope = (np.cos(direction) * (across - 0.5) + np.sin(direction) * (down - 0.5)) / np.sqrt(2) + 0.5
    darkest = between(generator, *((0.85, 0.95), (0.7, 0.85), (0.55, 0.7))[rank])
    light = between(generator, 0.9, 0.98) * (1 - (1 - darkest) * slope)
    middle, softness = between(generator, -0.2, 0.5), between(generator, 0.06, 0.15)
    shadow = 1 / (1 + np.exp((across + 0.4 * down - middle) / softness))
    return np.asarray(light * (1 - (0.04, 0.12, 0.22)[rank] * shadow), dtype=np.float32)
