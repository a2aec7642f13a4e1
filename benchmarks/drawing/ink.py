"""Round red stamps and scribbled signatures, laid over print the way ink lies on paper."""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from benchmarks.drawing.chance import Generator, between
from benchmarks.drawing.fonts import Style, load_font

RED = (214, 32, 44)
BLUE = (28, 52, 150)
STAMP_DIAMETER_MM = 36.0  # Source: seals with the national emblem, Thông tư 08/2003/TT-BCA


def lay_ink(page: Image.Image, mask: Image.Image, left_px: int, top_px: int, ink: tuple[int, int, int]) -> None:
    """Darken `page` in place with `ink` where `mask` (mode L, 255 = full ink) says so; print shows through."""
    box = (left_px, top_px, left_px + mask.width, top_px + mask.height)
    under = page.crop(box)
    inked = ImageChops.multiply(under, Image.new("RGB", under.size, ink))
    page.paste(Image.composite(inked, under, mask), box[:2])


def _star(draw: ImageDraw.ImageDraw, center: float, radius: float) -> None:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.pi * corner / 5 - math.pi / 2
        points.append((center + reach * math.cos(angle), center + reach * math.sin(angle)))
    draw.polygon(points, fill=255)


def _curved_text(mask: Image.Image, text: str, radius: float, size_px: float) -> None:
    font = load_font(Style.BOLD, size_px)
    widths = [font.getlength(letter) * 1.12 for letter in text]
    shrink = min(1.0, 1.65 * math.pi * radius / sum(widths))
    angle = -math.pi / 2 - sum(widths) * shrink / radius / 2
    side = math.ceil(size_px * 1.8)
    for letter, width in zip(text, widths, strict=True):
        angle += width * shrink / radius / 2
        tile = Image.new("L", (side, side))
        ImageDraw.Draw(tile).text((side / 2, side / 2), letter, fill=255, font=font, anchor="mm")
        tile = tile.rotate(-math.degrees(angle + math.pi / 2), Image.Resampling.BICUBIC)
        left = round(mask.width / 2 + radius * math.cos(angle) - side / 2)
        top = round(mask.height / 2 + radius * math.sin(angle) - side / 2)
        mask.paste(ImageChops.lighter(mask.crop((left, top, left + side, top + side)), tile), (left, top))
        angle += width * shrink / radius / 2


def _uneven(generator: Generator, mask: Image.Image, strength: float) -> Image.Image:
    """Thin the ink unevenly, as a hand presses a stamp: `strength` is the mean opacity."""
    coarse = generator.uniform(strength - 0.25, strength + 0.2, (7, 7)).clip(0.15, 1.0)
    fine = generator.uniform(0.75, 1.0, (mask.height, mask.width))
    smooth = Image.fromarray((coarse * 255).astype(np.uint8)).resize(mask.size, Image.Resampling.BICUBIC)
    opacity = np.asarray(smooth, dtype=np.float64) / 255 * fine
    return Image.fromarray((np.asarray(mask) * opacity).astype(np.uint8))


def stamp_mask(generator: Generator, dpi: int, ring_text: str, center_lines: tuple[str, ...] = ()) -> Image.Image:
    """Return the mask of a round stamp: `ring_text` runs around; a star, or `center_lines`, in the middle."""
    side = round((STAMP_DIAMETER_MM + 2) * dpi / 25.4)
    radius, center = STAMP_DIAMETER_MM * dpi / 25.4 / 2, side / 2
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    for reach, width_mm in ((1.0, 0.9), (0.92, 0.3), (0.66, 0.3)):
        edge = radius * reach
        box = [center - edge, center - edge, center + edge, center + edge]
        draw.ellipse(box, outline=255, width=max(1, round(width_mm * dpi / 25.4)))
    size_px = 3.4 * dpi / 25.4
    _curved_text(mask, ring_text, radius * 0.79, size_px)
    if center_lines:
        font = load_font(Style.BOLD, size_px * 0.95)
        for number, line in enumerate(center_lines):
            offset = (number - (len(center_lines) - 1) / 2) * size_px * 1.25
            draw.text((center, center + offset), line, fill=255, font=font, anchor="mm")
    else:
        _star(draw, center, radius * 0.42)
    turned = mask.rotate(between(generator, -12, 12), Image.Resampling.BICUBIC)
    return _uneven(generator, turned, 0.8)


def signature_mask(generator: Generator, dpi: int, width_mm: float = 42.0, height_mm: float = 20.0) -> Image.Image:
    """Return the mask of an invented scribble: a few loops and a long closing stroke."""
    width, height = width_mm * dpi / 25.4, height_mm * dpi / 25.4
    mask = Image.new("L", (math.ceil(width), math.ceil(height)))
    steps = np.linspace(0, 1, 240)
    loops = between(generator, 3.5, 6.5)
    swell = 0.25 + 0.75 * np.sin(math.pi * steps * between(generator, 0.8, 1.3) + between(generator, 0, 0.6)) ** 2
    phase = between(generator, 0, math.tau)
    across = width * (0.08 + 0.55 * steps + 0.06 * np.cos(math.tau * loops * steps + phase))
    down = height * (0.55 + 0.32 * swell * np.sin(math.tau * loops * steps + phase) - 0.12 * steps)
    pen = max(1, round(between(generator, 0.45, 0.75) * dpi / 25.4))
    draw = ImageDraw.Draw(mask)
    draw.line(list(zip(across.tolist(), down.tolist(), strict=True)), fill=235, width=pen, joint="curve")
    bend = between(generator, 0.6, 0.9)
    stroke = [(width * (0.05 + 0.92 * t), height * (0.92 - bend * t**1.6)) for t in np.linspace(0, 1, 40).tolist()]
    draw.line(stroke, fill=235, width=pen, joint="curve")
    return mask
