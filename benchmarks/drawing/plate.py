"""Cards of identity-card size on a sheet of A4: places are millimetres on the card, copied at a zoom."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from benchmarks.drawing.chance import Generator, between
from benchmarks.drawing.fonts import Family, Style
from benchmarks.drawing.ink import BLUE, RED, lay_ink, signature_mask, stamp_mask
from benchmarks.drawing.security_print import Area, Colour, chip, emblem, fine_lines, fingerprint, portrait
from benchmarks.drawing.sheets import INK, Sheets

CARD_WIDTH_MM, CARD_HEIGHT_MM = 85.6, 53.98  # ID-1. Source: ISO/IEC 7810
_LINE_MM_PER_PT = 0.415


@dataclass(frozen=True, slots=True)
class Plate:
    """One side of a card, its top left corner at (`left_mm`, `top_mm`) of the sheet, `zoom` times its real size."""

    sheets: Sheets
    left_mm: float
    top_mm: float
    zoom: float

    def area(self, left: float, top: float, width: float, height: float) -> Area:
        """Return a rectangle of the card on the sheet."""
        zoom = self.zoom
        return Area(self.left_mm + left * zoom, self.top_mm + top * zoom, width * zoom, height * zoom)

    def surface(self, generator: Generator, tint: Colour, lines: Colour) -> None:
        """Print the card itself: tint, fine lines and its edge."""
        area = self.area(0, 0, CARD_WIDTH_MM, CARD_HEIGHT_MM)
        fine_lines(self.sheets, area, generator, tint, lines)
        px = self.sheets.px
        box = [px(area.left), px(area.top), px(area.left + area.width), px(area.top + area.height)]
        edge = max(1, round(px(0.25)))
        ImageDraw.Draw(self.sheets.page).rounded_rectangle(box, px(3.2), outline=(150, 150, 150), width=edge)

    def put(
        self,
        text: str,
        x: float,
        y: float,
        size_pt: float,
        style: Style = Style.REGULAR,
        align: str = "left",
        ink: Colour = INK,
    ) -> None:
        """Write one line whose top is `y`; `x` is its left end, middle or right end by `align`."""
        zoom = self.zoom
        self.sheets.put(text, self.left_mm + x * zoom, self.top_mm + y * zoom, size_pt * zoom, style, align, ink)

    def width(self, text: str, size_pt: float, style: Style = Style.REGULAR) -> float:
        """Return the printed width of `text` on the card."""
        return self.sheets.text_width_mm(text, size_pt * self.zoom, style) / self.zoom

    def value(
        self,
        text: str,
        x: float,
        y: float,
        right: float,
        size_pt: float,
        style: Style = Style.REGULAR,
        first_x: float | None = None,
    ) -> float:
        """Write `text` broken at `right`, its first line from `first_x`, the others from `x`; return what is below."""
        start = x if first_x is None else first_x
        line: list[str] = []
        for word in text.split(" "):
            if start + self.width(" ".join([*line, word]), size_pt, style) > right and (line or start > x):
                self.put(" ".join(line), start, y, size_pt, style)
                y, start, line = y + size_pt * _LINE_MM_PER_PT, x, []
            line.append(word)
        self.put(" ".join(line), start, y, size_pt, style)
        return y + size_pt * _LINE_MM_PER_PT

    def zone(self, lines: tuple[str, str, str], y: float) -> None:
        """Write the machine-readable zone, ten characters an inch, from `y` downwards."""
        family, self.sheets.family = self.sheets.family, Family.MONO
        for number, line in enumerate(lines):
            self.put(line, 4.6, y + number * 4.7, 12)
        self.sheets.family = family

    def paste(self, picture: Image.Image, left: float, top: float) -> None:
        """Print `picture` (its pixels are those of the sheet)."""
        area = self.area(left, top, 0, 0)
        place = (round(self.sheets.px(area.left)), round(self.sheets.px(area.top)))
        self.sheets.page.paste(picture.convert("RGB"), place)

    def px(self, length: float) -> int:
        """Return a length on the card in pixels of the sheet."""
        return round(self.sheets.px(length * self.zoom))

    def emblem(self, x: float, y: float, radius: float) -> None:
        """Print the round emblem."""
        area = self.area(x, y, 0, 0)
        emblem(self.sheets, area.left, area.top, radius * self.zoom)

    def portrait(self, generator: Generator, left: float, top: float, width: float, height: float) -> None:
        """Print the photo."""
        portrait(self.sheets, self.area(left, top, width, height), generator)

    def chip(self, left: float, top: float) -> None:
        """Print the chip."""
        chip(self.sheets, self.area(left, top, 11.5, 9.5))

    def fingerprint(self, generator: Generator, left: float, top: float) -> None:
        """Print a fingerprint."""
        fingerprint(self.sheets, self.area(left, top, 12.5, 14.5), generator)

    def sign_and_stamp(self, generator: Generator, x: float, y: float, seal_text: str) -> None:
        """Print the signature of the officer with a small stamp left of it, around the middle `x` from `y` on."""
        sheets = self.sheets
        scribble = signature_mask(generator, sheets.dpi, 17 * self.zoom, 8 * self.zoom)
        area = self.area(x - 6, y, 0, 0)
        lay_ink(sheets.page, scribble, round(sheets.px(area.left)), round(sheets.px(area.top)), BLUE)
        stamp = stamp_mask(generator, sheets.dpi, seal_text)
        side = self.px(14)
        area = self.area(x - 13 + between(generator, -1, 1), y - 2, 0, 0)
        shrunk = stamp.resize((side, side), Image.Resampling.BICUBIC)
        lay_ink(sheets.page, shrunk, round(sheets.px(area.left)), round(sheets.px(area.top)), RED)
