"""Backs of sheets that carry nothing of their own, and fronts with next to nothing that must not be taken for them."""

from collections.abc import Callable, Mapping

import numpy as np
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from benchmarks.drawing.chance import Generator, between, generator_for
from benchmarks.drawing.fonts import Style, load_font
from benchmarks.drawing.ink import BLUE, RED, lay_ink, signature_mask, stamp_mask
from benchmarks.drawing.sheets import HEIGHT_MM, INK, WIDTH_MM

_RING = "* ỦY BAN NHÂN DÂN XÃ MINH TÂN *"
_PRINT = "Căn cứ Luật Tổ chức chính quyền địa phương và đề nghị của Chánh Văn phòng, Ủy ban nhân dân xã quyết định"

Drawing = Callable[[Image.Image, Generator, int], None]


def _px(dpi: int, millimetres: float) -> int:
    return round(millimetres * dpi / 25.4)


def _nothing(_page: Image.Image, _generator: Generator, _dpi: int) -> None:
    """An empty sheet."""


def _specks(page: Image.Image, generator: Generator, dpi: int) -> None:
    draw = ImageDraw.Draw(page)
    for _ in range(250):
        left, top = between(generator, 2, WIDTH_MM - 4), between(generator, 2, HEIGHT_MM - 4)
        wide, high = between(generator, 0.1, 0.5), between(generator, 0.1, 0.5)
        level = int(generator.integers(20, 160))
        box = [_px(dpi, left), _px(dpi, top), _px(dpi, left + wide), _px(dpi, top + high)]
        draw.ellipse(box, fill=(level, level, level))


def _punch_holes(page: Image.Image, generator: Generator, dpi: int) -> None:
    draw = ImageDraw.Draw(page)
    shift = between(generator, -6, 6)
    for middle in (HEIGHT_MM / 2 - 40, HEIGHT_MM / 2 + 40):
        box = [_px(dpi, 9), _px(dpi, middle + shift - 3), _px(dpi, 15), _px(dpi, middle + shift + 3)]
        draw.ellipse(box, fill=(30, 28, 26))


def _lay_mirrored_stamp(page: Image.Image, generator: Generator, dpi: int, strength: float) -> None:
    mask = ImageOps.mirror(stamp_mask(generator, dpi, _RING)).point([round(value * strength) for value in range(256)])
    left, top = between(generator, 30, 120), between(generator, 60, 220)
    lay_ink(page, mask, _px(dpi, left), _px(dpi, top), RED)


def _stamp_through(page: Image.Image, generator: Generator, dpi: int) -> None:
    _lay_mirrored_stamp(page, generator, dpi, between(generator, 0.25, 0.6))


def _wet_stamp_through(page: Image.Image, generator: Generator, dpi: int) -> None:
    _lay_mirrored_stamp(page, generator, dpi, 1.0)


def _text_through(page: Image.Image, generator: Generator, dpi: int) -> None:
    other = Image.new("RGB", page.size, "white")
    _print_lines(other, dpi, 28)
    soft = ImageOps.mirror(other).filter(ImageFilter.GaussianBlur(dpi * between(generator, 0.004, 0.008)))
    depth = between(generator, 0.06, 0.2)
    pale = soft.point([round(255 - (255 - value) * depth) for value in range(256)] * 3)
    page.paste(ImageChops.multiply(page, pale))
    _lay_mirrored_stamp(page, generator, dpi, 0.4)


def _print_lines(page: Image.Image, dpi: int, count: int) -> None:
    font, draw = load_font(Style.REGULAR, 14 * dpi / 72), ImageDraw.Draw(page)
    words = _PRINT.split()
    for row in range(count):
        line = " ".join(words[(row * 5 + place) % len(words)] for place in range(12))
        draw.text((_px(dpi, 30), _px(dpi, 25 + 8.5 * row)), line, font=font, fill=INK)


def _scanner_edges(page: Image.Image, generator: Generator, dpi: int) -> None:
    draw = ImageDraw.Draw(page)
    wide = _px(dpi, between(generator, 1.5, 6))
    draw.rectangle((0, 0, wide, page.height), fill=(12, 12, 12))
    draw.polygon([(0, 0), (page.width, 0), (page.width, wide // 3), (0, wide)], fill=(18, 18, 18))
    shade = np.asarray(page, dtype=np.float32).copy()
    reach = _px(dpi, 12)
    shade[:, -reach:] *= np.linspace(1, 0.45, reach, dtype=np.float32)[None, :, None]
    page.paste(Image.fromarray(shade.astype(np.uint8)))


def _ruled_lines(page: Image.Image, _generator: Generator, dpi: int) -> None:
    draw = ImageDraw.Draw(page)
    for row in range(25):
        y = _px(dpi, 25 + 10 * row)
        if row % 2:
            draw.line([(_px(dpi, 20), y), (_px(dpi, 190), y)], fill=(60, 60, 60), width=max(1, dpi // 150))
        else:
            for x in range(_px(dpi, 20), _px(dpi, 190), _px(dpi, 1.4)):
                draw.ellipse([x, y, x + dpi // 90, y + dpi // 90], fill=(60, 60, 60))


def _empty_frame(page: Image.Image, _generator: Generator, dpi: int) -> None:
    draw = ImageDraw.Draw(page)
    for inset in (8, 10):
        box = (_px(dpi, inset), _px(dpi, inset), _px(dpi, WIDTH_MM - inset), _px(dpi, HEIGHT_MM - inset))
        draw.rectangle(box, outline=(150, 60, 70), width=max(1, dpi // 100))


def _fold(page: Image.Image, generator: Generator, dpi: int) -> None:
    draw = ImageDraw.Draw(page)
    for part in (1, 2):
        y = _px(dpi, HEIGHT_MM * part / 3 + between(generator, -3, 3))
        draw.line([(0, y), (page.width, y + _px(dpi, 1))], fill=(196, 194, 190), width=max(1, dpi // 120))


def _annex_line(page: Image.Image, _generator: Generator, dpi: int) -> None:
    font = load_font(Style.BOLD, 14 * dpi / 72)
    ImageDraw.Draw(page).text((page.width / 2, _px(dpi, 40)), "Phụ lục", font=font, fill=INK, anchor="mm")


def _short_word(page: Image.Image, _generator: Generator, dpi: int) -> None:
    font = load_font(Style.BOLD, 13 * dpi / 72)
    ImageDraw.Draw(page).text((page.width / 2, _px(dpi, 140)), "SAO Y", font=font, fill=INK, anchor="mm")


def _note(page: Image.Image, generator: Generator, dpi: int, words: str) -> None:
    """A note by pen: slanted letters that wander off the line, every letter in one stroke with its neighbours."""
    mask = Image.new("L", (_px(dpi, 150), _px(dpi, 16)))
    draw, x = ImageDraw.Draw(mask), float(_px(dpi, 3))
    for letter in words:
        font = load_font(Style.ITALIC, between(generator, 20, 24) * dpi / 72)
        draw.text((x, _px(dpi, 4) + between(generator, -1, 1) * dpi / 60), letter, font=font, fill=235)
        x += font.getlength(letter) * 0.93
    turned = mask.rotate(between(generator, -2, 2), Image.Resampling.BICUBIC)
    lay_ink(page, turned, _px(dpi, 25), _px(dpi, between(generator, 30, 240)), BLUE)


def _written_note(page: Image.Image, generator: Generator, dpi: int) -> None:
    _note(page, generator, dpi, "Đã nhận đủ hồ sơ ngày 5/3")


def _written_word(page: Image.Image, generator: Generator, dpi: int) -> None:
    _note(page, generator, dpi, "Đồng ý")


def _scrawl(page: Image.Image, generator: Generator, dpi: int) -> None:
    for row in range(2):
        mask = signature_mask(generator, dpi, 60, 12)
        lay_ink(page, mask, _px(dpi, 30 + 50 * row), _px(dpi, 60 + 14 * row), BLUE)


def _signature(page: Image.Image, generator: Generator, dpi: int) -> None:
    ink = BLUE if generator.uniform() < 0.5 else INK
    lay_ink(page, signature_mask(generator, dpi), _px(dpi, 120), _px(dpi, between(generator, 40, 230)), ink)


def _stamp_and_signature(page: Image.Image, generator: Generator, dpi: int) -> None:
    top = between(generator, 60, 220)
    lay_ink(page, signature_mask(generator, dpi), _px(dpi, 118), _px(dpi, top + 8), BLUE)
    lay_ink(page, stamp_mask(generator, dpi, _RING), _px(dpi, 95), _px(dpi, top), RED)


def _qr(page: Image.Image, generator: Generator, dpi: int) -> None:
    code = zxingcpp.create_barcode(f"H00.00.00-{int(generator.integers(10**6))}", zxingcpp.BarcodeFormat.QRCode)
    picture = Image.fromarray(np.array(code.to_image(scale=max(2, dpi // 50)))).convert("RGB")
    page.paste(picture, (_px(dpi, 90), _px(dpi, 120)))


def _received_stamp(page: Image.Image, _generator: Generator, dpi: int) -> None:
    """The box stamped on what comes in, in red. Source: NĐ 30/2020/NĐ-CP, Phụ lục IV."""
    mask = Image.new("L", (_px(dpi, 52), _px(dpi, 32)))
    draw, font = ImageDraw.Draw(mask), load_font(Style.BOLD, 11 * dpi / 72)
    draw.rectangle((2, 2, mask.width - 3, mask.height - 3), outline=230, width=max(2, dpi // 75))
    for row, line in enumerate(("UBND XÃ MINH TÂN", "ĐẾN  Số: ........", "Ngày: ..............", "Chuyển: ..........")):
        draw.text((_px(dpi, 3), _px(dpi, 2.5 + 7 * row)), line, font=font, fill=230)
    lay_ink(page, mask, _px(dpi, 30), _px(dpi, 30), RED)


def _red_title(page: Image.Image, _generator: Generator, dpi: int) -> None:
    font = load_font(Style.BOLD, 22 * dpi / 72)
    ImageDraw.Draw(page).text((page.width / 2, _px(dpi, 100)), "GIẤY CHỨNG NHẬN", font=font, fill=RED, anchor="mm")


def _pale_print(page: Image.Image, generator: Generator, dpi: int) -> None:
    """A page from a printer out of toner: every letter is there, none is dark."""
    other = Image.new("RGB", page.size, "white")
    _print_lines(other, dpi, 28)
    depth = between(generator, 0.05, 0.16)
    page.paste(ImageChops.multiply(page, other.point([round(255 - (255 - v) * depth) for v in range(256)] * 3)))


EMPTY: Mapping[str, Drawing] = {
    "empty": _nothing,
    "specks": _specks,
    "punch holes": _punch_holes,
    "stamp through": _stamp_through,
    "wet stamp through": _wet_stamp_through,
    "text and stamp through": _text_through,
    "scanner edges": _scanner_edges,
    "ruled lines": _ruled_lines,
    "frame": _empty_frame,
    "folds": _fold,
}
NOT_EMPTY: Mapping[str, Drawing] = {
    "Phụ lục": _annex_line,
    "SAO Y": _short_word,
    "written note": _written_note,
    "written word": _written_word,
    "scrawl": _scrawl,
    "signature": _signature,
    "stamp and signature": _stamp_and_signature,
    "QR alone": _qr,
    "received stamp": _received_stamp,
    "red title": _red_title,
    "pale print": _pale_print,
}


def draw_back(kind: str, seed: int, dpi: int = 300, mode: str = "RGB") -> Image.Image:
    """Draw a page of a kind in `EMPTY` or `NOT_EMPTY`; equal arguments give equal pictures.

    Args:
        kind: What stands on it.
        seed: Which of the endless pages of that kind.
        dpi: Resolution.
        mode: `RGB`, `L` (a photocopy: red is grey) or `1` (scanned without grey levels).
    """
    generator = generator_for(seed, 31)
    light = int(generator.integers(238, 255))
    size = (_px(dpi, WIDTH_MM), _px(dpi, HEIGHT_MM))
    page = Image.new("RGB", size, (light, light - 1, light - int(generator.integers(0, 9))))
    {**EMPTY, **NOT_EMPTY}[kind](page, generator, dpi)
    levels = np.asarray(page.filter(ImageFilter.GaussianBlur(dpi / 450)), dtype=np.float32)
    grain = generator.standard_normal(levels.shape[:2], dtype=np.float32) * np.float32(between(generator, 0.5, 3.0))
    scanned = Image.fromarray((levels + grain[:, :, None]).clip(0, 255).astype(np.uint8))
    if mode == "1":
        return scanned.convert("L").point([255 * (level >= 160) for level in range(256)], mode="1")
    return scanned.convert(mode)
