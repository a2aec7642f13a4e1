"""What printers of cards and certificates put beneath and beside the text: tints, fine lines, emblem, photo, chip."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from benchmarks.drawing.chance import Generator, between
from benchmarks.drawing.sheets import Sheets

Colour = tuple[int, int, int]
_EMBLEM = (206, 44, 38)
_GOLD = (214, 174, 92)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a sheet, in millimetres from its top left corner."""

    left: float
    top: float
    width: float
    height: float


def fine_lines(sheets: Sheets, area: Area, generator: Generator, tint: Colour, lines: Colour) -> None:
    """Print `tint` and waving fine lines over `area` of the sheet, as paper of value has them; text shows through."""
    left, top = round(sheets.px(area.left)), round(sheets.px(area.top))
    width, height = round(sheets.px(area.width)), round(sheets.px(area.height))
    millimetre = sheets.px(1)
    across = np.arange(width, dtype=np.float32)[None, :] / millimetre
    down = np.arange(height, dtype=np.float32)[:, None] / millimetre
    mask = np.zeros((height, width), dtype=np.float32)
    for slope in (1, -1):
        pitch, length = between(generator, 1.5, 2.2), between(generator, 16, 30)
        swing = 3.4 * np.sin(across * np.float32(math.tau / length) + np.float32(between(generator, 0, math.tau)))
        phase = (down + slope * 0.3 * across + swing) * np.float32(math.tau / pitch)
        # A line covers about a sixth of its pitch.
        mask = np.maximum(mask, np.clip((np.cos(phase) - 0.8) * 5, 0, 1))
    strength = Image.fromarray((mask * 255).astype(np.uint8))
    inked = Image.composite(Image.new("RGB", (width, height), lines), Image.new("RGB", (width, height), tint), strength)
    box = (left, top, left + width, top + height)
    sheets.page.paste(ImageChops.multiply(sheets.page.crop(box), inked), (left, top))


def emblem(sheets: Sheets, x_mm: float, y_mm: float, radius_mm: float) -> None:
    """Draw a round emblem with a star, centred on the place."""
    draw = ImageDraw.Draw(sheets.page)
    for share, colour in ((1.0, _GOLD), (0.8, _EMBLEM)):
        reach = radius_mm * share
        box = [sheets.px(value) for value in (x_mm - reach, y_mm - reach, x_mm + reach, y_mm + reach)]
        draw.ellipse(box, fill=colour)
    points = []
    for corner in range(10):
        reach = radius_mm * (0.62 if corner % 2 == 0 else 0.24)
        angle = math.pi * corner / 5 - math.pi / 2
        points.append((sheets.px(x_mm + reach * math.cos(angle)), sheets.px(y_mm + reach * math.sin(angle))))
    draw.polygon(points, fill=_GOLD)


def portrait(sheets: Sheets, area: Area, generator: Generator) -> None:
    """Draw what a photo of a person is from afar: shoulders, a head, hair."""
    width, height = round(sheets.px(area.width)), round(sheets.px(area.height))
    photo = Image.new("RGB", (width, height), (206, 218, 232))
    draw = ImageDraw.Draw(photo)

    def box(left: float, top: float, right: float, bottom: float) -> list[float]:
        return [left * width, top * height, right * width, bottom * height]

    skin = int(between(generator, 172, 214))
    cloth = int(between(generator, 60, 200))
    draw.ellipse(box(0.06, 0.72, 0.94, 1.6), fill=(cloth, cloth, min(255, cloth + 20)))
    draw.ellipse(box(0.27, 0.14, 0.73, 0.66), fill=(46, 38, 36))
    draw.ellipse(box(0.31, 0.22, 0.69, 0.76), fill=(skin, skin - 34, skin - 58))
    sheets.page.paste(photo, (round(sheets.px(area.left)), round(sheets.px(area.top))))


def chip(sheets: Sheets, area: Area) -> None:
    """Draw the contacts of a chip."""
    draw = ImageDraw.Draw(sheets.page)
    left, top = sheets.px(area.left), sheets.px(area.top)
    right, bottom = sheets.px(area.left + area.width), sheets.px(area.top + area.height)
    draw.rounded_rectangle([left, top, right, bottom], sheets.px(1.2), fill=_GOLD, outline=(120, 96, 48))
    thickness = max(1, round(sheets.px(0.25)))
    for share in (0.33, 0.67):
        middle_x, middle_y = left + (right - left) * share, top + (bottom - top) * share
        draw.line([middle_x, top, middle_x, bottom], fill=(120, 96, 48), width=thickness)
        draw.line([left, middle_y, right, middle_y], fill=(120, 96, 48), width=thickness)


def fingerprint(sheets: Sheets, area: Area, generator: Generator) -> None:
    """Draw the ridges of a finger."""
    draw = ImageDraw.Draw(sheets.page)
    middle_x, middle_y = area.left + area.width / 2, area.top + area.height * between(generator, 0.5, 0.62)
    thickness = max(1, round(sheets.px(0.3)))
    ring = 0.9
    while ring < area.width / 2:
        tall = ring * area.height / area.width
        box = [sheets.px(v) for v in (middle_x - ring, middle_y - tall, middle_x + ring, middle_y + tall)]
        start = between(generator, -30, 30)
        draw.arc(box, start, start + between(generator, 230, 340), fill=(92, 88, 96), width=thickness)
        ring += 0.75
