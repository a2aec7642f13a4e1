"""One-column pages of running text with the truth of every word, and what copiers, faxes and cameras make of them.

A page of one column has one reading order, so what differs from the truth is misread, not reordered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.drawing.chance import Generator, between, generator_for, happens, pick
from benchmarks.drawing.copies import Fax, send_fax
from benchmarks.drawing.fonts import Family, Style
from benchmarks.drawing.ink import RED, STAMP_DIAMETER_MM, lay_ink, stamp_mask
from benchmarks.drawing.office_texts import draw_headings, draw_paragraph
from benchmarks.drawing.sheets import HEIGHT_MM, WIDTH_MM, Margins, Run, Sheets
from benchmarks.drawing.wear import RANK, Strength, draw_wear, wear_page

Levels = NDArray[np.float32]
# Body sizes of office papers; Nghị định 30/2020/NĐ-CP asks for 13-14, forms and recipients go down to 11.
_SIZES_PT = (11.0, 12.0, 13.0, 13.0, 14.0, 14.0)
_FAMILIES = (Family.SERIF, Family.SERIF, Family.SERIF, Family.SANS, Family.MONO)
_STYLES = (Style.REGULAR, Style.REGULAR, Style.REGULAR, Style.BOLD, Style.ITALIC)


class Damage(StrEnum):
    """Where a page comes from."""

    SCANNER = "scanner"
    PHOTOCOPY = "photocopy"
    FAX = "fax"
    UNEVEN_LIGHT = "uneven-light"


@dataclass(frozen=True, slots=True, eq=False)
class TextPage:
    """A drawn page.

    Attributes:
        picture: RGB, L or 1, as it came from the machine.
        text: All words in reading order, parted by blanks. What a stamp says is not in it.
        damage: Where it comes from.
        strength: How bad it is.
        dpi: Resolution of `picture`.
    """

    picture: Image.Image
    text: str
    damage: Damage
    strength: Strength
    dpi: int


def draw_text_page(seed: int, strength: Strength, damage: Damage, dpi: int = 300) -> TextPage:
    """Draw an invented page; equal arguments give equal pages, and the words depend on `seed` alone.

    Raises:
        benchmarks.drawing.fonts.FontMissingError: The Liberation fonts are not installed.
    """
    clean, text = _write(generator_for(seed, 3), dpi)
    if strength is Strength.CLEAN:
        return TextPage(clean, text, damage, strength, dpi)
    generator = generator_for(seed, 4, RANK[strength])
    _stamp(clean, generator, dpi, count=(0, 1, 2)[RANK[strength]])
    return TextPage(_DAMAGES[damage](clean, strength, generator, dpi), text, damage, strength, dpi)


def _write(generator: Generator, dpi: int) -> tuple[Image.Image, str]:
    margins = Margins(left=between(generator, 25, 33), right=between(generator, 14, 20))
    sheets = Sheets(dpi, margins, between(generator, 1.05, 1.4), pick(generator, _FAMILIES))
    size_pt = pick(generator, _SIZES_PT)
    headings = draw_headings(generator, 3)
    while len(sheets.pages) == 1:
        if headings and happens(generator, 0.2):
            sheets.headline(headings.pop(), size_pt, width_mm=150)
            sheets.y_mm += 3
        style = pick(generator, _STYLES)
        sheets.paragraph([Run(draw_paragraph(generator), style)], size_pt, justified=happens(generator, 0.7))
    return sheets.pages[0], " ".join(sheets.written[0])


def _stamp(page: Image.Image, generator: Generator, dpi: int, count: int) -> None:
    """Press red stamps over the text in place."""
    for _ in range(count):
        mask = stamp_mask(generator, dpi, "ỦY BAN NHÂN DÂN XÃ TỊNH KHUÊ ★ TỈNH LÂM ĐỒNG ★")
        left = between(generator, 15, WIDTH_MM - STAMP_DIAMETER_MM - 15) * dpi / 25.4
        top = between(generator, HEIGHT_MM / 2, HEIGHT_MM - STAMP_DIAMETER_MM - 20) * dpi / 25.4
        lay_ink(page, mask, round(left), round(top), RED)


def _through_scanner(
    page: Image.Image, strength: Strength, generator: Generator, dpi: int, keep_greys: bool = False
) -> Image.Image:
    """Skew, blur, tint, noise, crumbs, JPEG or (unless `keep_greys`) one bit, see `benchmarks.drawing.wear`."""
    wear = draw_wear(generator, strength)
    if wear is None:
        return page
    return wear_page(page, replace(wear, one_bit=False) if keep_greys else wear, generator, dpi)


def _through_photocopier(page: Image.Image, strength: Strength, generator: Generator, dpi: int) -> Image.Image:
    """Toner that is too much or too little, a high contrast, streaks down the page, a dark edge; then a scanner."""
    rank = RANK[strength]
    grey: Levels = np.asarray(page.convert("L"), dtype=np.float32)
    fine = cv2.GaussianBlur(grey, (0, 0), (0.7, 1.0, 1.4)[rank] * dpi / 300)
    toner = between(generator, *((-12, 12), (-28, 24), (-40, 32))[rank])
    contrast = (1.3, 1.8, 2.6)[rank]
    copied = np.clip((fine - 140 - toner) * contrast + 140, 0, 255)
    for _ in range((0, 2, 4)[rank]):
        column = int(generator.integers(copied.shape[1]))
        copied[:, column : column + max(1, dpi // 150)] *= between(generator, 0.45, 0.8)
    edge = round(between(generator, *((0, 1), (1, 4), (3, 8))[rank]) * dpi / 25.4)
    if edge:
        copied[:, -edge:] = between(generator, 10, 60)
    return _through_scanner(Image.fromarray(copied.astype(np.uint8)).convert("RGB"), strength, generator, dpi)


def _through_fax(page: Image.Image, strength: Strength, generator: Generator, dpi: int) -> Image.Image:
    """Turn, sample as a fax does, one bit, broken scan lines, see `benchmarks.drawing.copies`."""
    rank = RANK[strength]
    turn = between(generator, *((0.1, 0.4), (0.4, 1.0), (0.8, 2.0))[rank]) * pick(generator, (-1, 1))
    # 300 x 300 and 200 x 200 dots per inch are G4's and T.30's superfine sampling; heavy is G3's fine, 204 x 196.
    dots = ((300, 300), (204, 196), (204, 163))[rank]
    return send_fax(page, Fax(dots, turn, (6, 14, 24)[rank], (0, 1, 3)[rank]), generator, dpi)


def _in_uneven_light(page: Image.Image, strength: Strength, generator: Generator, dpi: int) -> Image.Image:
    """A lamp on one side, a soft shadow across, a slightly wavy sheet; then blur, noise and JPEG of a camera."""
    rank = RANK[strength]
    pixels: Levels = np.array(page, dtype=np.float32)
    height, width = pixels.shape[:2]
    down, across = np.mgrid[0:1:height*1j, 0:1:width*1j].astype(np.float32)  # fmt: skip
    direction = between(generator, 0, 2 * np.pi)
    darkest = (0.75, 0.5, 0.3)[rank]
    slope = (np.cos(direction) * (across - 0.5) + np.sin(direction) * (down - 0.5)) / np.sqrt(2) + 0.5
    light = 1 - (1 - darkest) * slope
    middle, softness = between(generator, 0.2, 0.8), between(generator, 0.04, 0.15)
    shadow = 1 / (1 + np.exp((across + 0.4 * down - middle) / softness))
    light *= 1 - (0.1, 0.25, 0.4)[rank] * shadow
    pixels *= light[:, :, None]
    bow = (0.3, 0.8, 1.5)[rank] * dpi / 25.4
    rows = (down * height + bow * np.sin(np.pi * across * between(generator, 1, 2))).astype(np.float32)
    columns = (across * width).astype(np.float32)
    bent = cv2.remap(pixels, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = Image.fromarray(bent.clip(0, 255).astype(np.uint8))
    # One threshold for a page in uneven light leaves nothing to read; no camera works with one.
    return _through_scanner(seen, strength, generator, dpi, keep_greys=True)


_DAMAGES: Mapping[Damage, Callable[[Image.Image, Strength, Generator, int], Image.Image]] = {
    Damage.SCANNER: _through_scanner,
    Damage.PHOTOCOPY: _through_photocopier,
    Damage.FAX: _through_fax,
    Damage.UNEVEN_LIGHT: _in_uneven_light,
}
