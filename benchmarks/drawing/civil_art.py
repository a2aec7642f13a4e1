"""What certificates carry besides words: border, rosettes against copying, the round mark, boxes to tick."""

import math

from PIL import ImageDraw

from benchmarks.drawing.sheets import HEIGHT_MM, INK, WIDTH_MM, Sheets

_FRAME_INK = (196, 120, 128)
_ROSETTE_INK = (248, 216, 221)
_EMBLEM_INK = (196, 60, 52)


def frame(sheets: Sheets) -> None:
    """Draw the printed double border of the form."""
    draw = ImageDraw.Draw(sheets.page)
    for inset, thickness in ((10.0, 0.9), (12.0, 0.3)):
        box = [sheets.px(inset), sheets.px(inset), sheets.px(WIDTH_MM - inset), sheets.px(HEIGHT_MM - inset)]
        draw.rectangle(box, outline=_FRAME_INK, width=max(1, round(sheets.px(thickness))))


def rosettes(sheets: Sheets) -> None:
    """Cover the sheet with pale pink rosettes, as certificates have them against copying; do it before writing."""
    draw = ImageDraw.Draw(sheets.page)
    width = max(1, round(sheets.px(0.18)))
    for number in range(5 * 7):
        column, line = number % 5, number // 5
        _rosette(sheets, draw, (14 + 45.5 * column, 16 + 44 * line), 21, width)
    _rosette(sheets, draw, (WIDTH_MM / 2, HEIGHT_MM / 2), 52, width * 2)


def emblem(sheets: Sheets, middle_mm: float, y_mm: float, diameter_mm: float = 17.0) -> float:
    """Draw a round mark where certificates print the national emblem; return the top of what may follow."""
    draw = ImageDraw.Draw(sheets.page)
    center = (sheets.px(middle_mm), sheets.px(y_mm + diameter_mm / 2))
    radius = sheets.px(diameter_mm / 2)
    for share in (1.0, 0.84):
        edge = radius * share
        box = [center[0] - edge, center[1] - edge, center[0] + edge, center[1] + edge]
        draw.ellipse(box, outline=_EMBLEM_INK, width=max(1, round(sheets.px(0.5))))
    points = []
    for corner in range(10):
        reach = radius * (0.5 if corner % 2 == 0 else 0.19)
        angle = math.pi * corner / 5 - math.pi / 2
        points.append((center[0] + reach * math.cos(angle), center[1] - radius * 0.12 + reach * math.sin(angle)))
    draw.polygon(points, fill=_EMBLEM_INK)
    return y_mm + diameter_mm + 1.5


def tick_box(sheets: Sheets, x_mm: float, y_mm: float, ticked: bool, side_mm: float = 3.6) -> None:
    """Draw a small box to tick; a ticked one is crossed."""
    draw = ImageDraw.Draw(sheets.page)
    left, top, side = sheets.px(x_mm), sheets.px(y_mm), sheets.px(side_mm)
    width = max(1, round(sheets.px(0.25)))
    draw.rectangle([left, top, left + side, top + side], outline=INK, width=width)
    if ticked:
        draw.line([left, top, left + side, top + side], fill=INK, width=width)
        draw.line([left, top + side, left + side, top], fill=INK, width=width)


def _rosette(
    sheets: Sheets, draw: ImageDraw.ImageDraw, center_mm: tuple[float, float], radius_mm: float, width_px: int
) -> None:
    for petals, share in ((6, 1.0), (8, 0.72), (12, 0.45)):
        points = []
        for step in range(181):
            angle = math.tau * step / 180
            reach = radius_mm * share * (0.62 + 0.38 * math.cos(petals * angle))
            x_mm, y_mm = center_mm[0] + reach * math.cos(angle), center_mm[1] + reach * math.sin(angle)
            points.append((sheets.px(x_mm), sheets.px(y_mm)))
        draw.line(points, fill=_ROSETTE_INK, width=width_px)
