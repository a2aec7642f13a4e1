"""What time, photocopiers and scanners do to paper, in four strengths."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from benchmarks.drawing.chance import Generator, between, happens, pick

Levels = NDArray[np.float32]


class Strength(StrEnum):
    """How worn a paper looks."""

    CLEAN = "clean"
    LIGHT = "light"
    MEDIUM = "medium"
    HEAVY = "heavy"


# Place in tables of (light, medium, heavy); nothing happens to a clean paper.
RANK: Mapping[Strength, int] = {Strength.LIGHT: 0, Strength.MEDIUM: 1, Strength.HEAVY: 2}


@dataclass(frozen=True, slots=True)
class Wear:
    """What is done to the pages of one paper.

    Attributes:
        skew_deg: Largest turn of a page, either way; each page gets at least half of it.
        tint: Colour of the paper, red, green and blue 0-255.
        noise: Standard deviation of scanner noise, grey levels.
        blur_px: Radius of the blur at 200 dpi.
        jpeg_quality: 1-95.
        speckle: Share of the page's pixels (at 200 dpi) where a black crumb begins.
        grey: A black-and-white photocopy: the stamp is grey.
        one_bit: Scanned without grey levels.
    """

    skew_deg: float
    tint: tuple[int, int, int]
    noise: float
    blur_px: float
    jpeg_quality: int
    speckle: float
    grey: bool
    one_bit: bool


def draw_wear(generator: Generator, strength: Strength) -> Wear | None:
    """Return what happens to a paper of that strength; None: nothing."""
    if strength is Strength.CLEAN:
        return None
    rank = RANK[strength]
    lightness = int(generator.integers((248, 240, 228)[rank], 254))
    yellow = int(generator.integers(0, (3, 9, 18)[rank]))
    return Wear(
        skew_deg=between(generator, *((0.3, 0.5), (0.5, 1.3), (1.3, 3.0))[rank]),
        tint=(lightness, lightness - yellow // 3, lightness - yellow),
        noise=between(generator, *((1.5, 3.0), (3.0, 6.0), (6.0, 11.0))[rank]),
        blur_px=between(generator, *((0.2, 0.45), (0.4, 0.8), (0.7, 1.1))[rank]),
        jpeg_quality=int(generator.integers(*((80, 90), (60, 80), (40, 60))[rank])),
        speckle=(0.0, 1.0e-5, 6.0e-5)[rank],
        grey=happens(generator, (0.05, 0.2, 0.3)[rank]),
        one_bit=happens(generator, (0.0, 0.15, 0.3)[rank]),
    )


def wear_page(page: Image.Image, wear: Wear, generator: Generator, dpi: int) -> Image.Image:
    """Return `page` (RGB) as it comes from the scanner: RGB, L for a photocopy, or 1."""
    turn = between(generator, wear.skew_deg / 2, wear.skew_deg) * pick(generator, (-1, 1))
    turned = page.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if wear.grey or wear.one_bit:
        turned = turned.convert("L")
    softened = turned.filter(ImageFilter.GaussianBlur(wear.blur_px * dpi / 200))
    pixels: Levels = np.array(softened, dtype=np.float32)
    tint = wear.tint if pixels.ndim == 3 else (wear.tint[1],)
    pixels *= np.array(tint, dtype=np.float32).squeeze() / np.float32(255)
    pixels *= _for_channels(_shading(generator, pixels.shape[:2], wear), pixels)
    grain = generator.standard_normal(pixels.shape[:2], dtype=np.float32) * np.float32(wear.noise)
    pixels += _for_channels(grain, pixels)
    _crumbs(generator, pixels, wear.speckle, dpi)
    scanned = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    if wear.one_bit:
        threshold = int(generator.integers(135, 180))
        return scanned.point([255 if level >= threshold else 0 for level in range(256)], mode="1")
    return _through_jpeg(scanned, wear.jpeg_quality)


def _shading(generator: Generator, shape: tuple[int, ...], wear: Wear) -> Levels:
    """Return slowly changing light across the page, around 1."""
    depth = 0.004 * wear.noise
    corners = generator.uniform(1 - depth, 1, (2, 2)).astype(np.float32)
    down = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    across = np.linspace(0, 1, shape[1], dtype=np.float32)[None, :]
    light: Levels = (corners[0, 0] * (1 - across) + corners[0, 1] * across) * (1 - down)
    light += (corners[1, 0] * (1 - across) + corners[1, 1] * across) * down
    return light


def _for_channels(plane: Levels, pixels: Levels) -> Levels:
    """Return `plane` (height by width) in a shape that spreads over the channels of `pixels`."""
    return plane if pixels.ndim == 2 else plane[:, :, None]


def _crumbs(generator: Generator, pixels: Levels, share: float, dpi: int) -> None:
    """Drop dark crumbs on `pixels` in place."""
    count = int(generator.poisson(share * 1654 * 2339))
    for _ in range(count):
        side = max(1, round(between(generator, 0.1, 0.35) * dpi / 25.4))
        top = int(generator.integers(pixels.shape[0] - side))
        left = int(generator.integers(pixels.shape[1] - side))
        pixels[top : top + side, left : left + side] *= np.float32(between(generator, 0.1, 0.5))


def _through_jpeg(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as compressed:
        compressed.load()
        return compressed.copy()
