"""Dotted leaders leave the picture that is read, whatever their pitch; text, rulings, codes and halftones never do."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.drawing.fonts import Style, load_font
from benchmarks.drawing.ink import RED
from ocr.cleanup import TARGET_LETTER_HEIGHT_PX, clean_page
from ocr.cleanup.leaders import cleared, find_leaders, line_without_leaders
from ocr.code_writer import qr_picture
from ocr.image import PageImage
from ocr.read_page import read_page

# Thirteen points at 200 dpi; a lower-case letter of the font is 0.46 of it.
FONT_PX = 36
LETTER_PX = 0.46 * FONT_PX
MM = 200 / 25.4
LINES = (
    "Họ và tên: DANH THỊ RẾT",
    "Nơi thường trú: xã Thạnh Sơn, huyện Thụy Lữ, tỉnh Quảng Ninh",
    "Năm sinh: 1987. Số nhà 229/10, tổ 9, diện tích 157,9 m2.",
    "Ngày bốn, tháng tư, năm hai ngàn không trăm mười bảy",
)
TEXT = (
    "1.1.1.1.1.1.1.1.1 và 000.00.12.H26-241105-0001; 8.000.000.000 đồng…",
    "ạ ị ọ ụ ẹ ỵ ậ ặ ợ ự ệ ộ ạ ị ọ ụ ẹ ỵ ậ ặ ợ ự ệ ộ",
    "i i i i i i i i i i i i j j j j j j : : : : ; ; ; ;",
    "- Tên công trình: ... - - - v.v... Số: ..... ngày .... tháng .... năm",
    "l.i.t.i.l.i.t.i.l.i.t.i TM. KT. TL. TP. P. Q. A. B.",
)


def page_of(lines: tuple[str, ...], mode: str = "L") -> Image.Image:
    page = Image.new(mode, (1400, 180 + 110 * len(lines)), "white")
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((80, 120 + 110 * number), line, font=load_font(Style.REGULAR, FONT_PX), fill=0, anchor="ls")
    return page


def dotted(page: Image.Image, lines: int, pitch_mm: float, dot_mm: float, left_px: float = 250) -> Image.Image:
    """Return `page` with a row of dots a little below the foot of each line, as forms have them."""
    scale = 4
    dots = Image.new("L", (page.width * scale, page.height * scale), 255)
    draw = ImageDraw.Draw(dots)
    for number in range(lines):
        middle_y, x, half = 120 + 110 * number + 0.75 * MM, left_px, dot_mm * MM / 2
        while x < page.width - 80:
            corners = (x - half, middle_y - half, x + half, middle_y + half)
            draw.ellipse([scale * corner for corner in corners], fill=30)
            x += pitch_mm * MM
    pixels = np.minimum(np.asarray(page), np.asarray(dots.resize(page.size, Image.Resampling.BOX)))
    return Image.fromarray(pixels)


def pixels_of(image: Image.Image) -> np.ndarray:
    return np.array(image, dtype=np.uint8)


def without_leaders(picture: np.ndarray) -> np.ndarray:
    leaders = find_leaders(picture, LETTER_PX)
    assert leaders is not None
    return cleared(picture, leaders)


def ink_of(picture: np.ndarray) -> float:
    return float((255.0 - picture).sum())


@pytest.mark.parametrize(("pitch_mm", "dot_mm"), [(0.7, 0.25), (1.05, 0.25), (1.05, 0.4), (2.0, 0.35), (2.6, 0.5)])
def test_dots_under_the_text_go_and_the_text_stays(pitch_mm: float, dot_mm: float) -> None:
    text = page_of(LINES)
    form = dotted(text, len(LINES), pitch_mm, dot_mm)
    plain, found = pixels_of(text), without_leaders(pixels_of(form))
    left = np.clip(plain.astype(np.int16) - found, 0, None).sum()
    assert left < 0.15 * (ink_of(pixels_of(form)) - ink_of(plain))
    # Wherever there was print before there were dots, it is as dark as ever: tone dots, commas and descenders too.
    assert found[plain < 100].max() < 130


@pytest.mark.parametrize("style", [Style.REGULAR, Style.BOLD, Style.ITALIC])
def test_typed_full_stops_after_a_value_go_but_its_own_stay(style: Style) -> None:
    page = page_of(())
    draw = ImageDraw.Draw(page)
    font = load_font(style, FONT_PX)
    draw.text((80, 120), "Email:", font=font, fill=0, anchor="ls")
    own = page.copy()
    draw.text((80 + font.getlength("Email:"), 120), " " + "." * 60, font=font, fill=0, anchor="ls")
    assert np.abs(without_leaders(pixels_of(page)).astype(np.int16) - pixels_of(own)).max() < 90


def test_a_colon_right_before_the_dots_keeps_its_lower_dot() -> None:
    page = page_of(("Quê quán:" + "." * 60,))
    own = page_of(("Quê quán:",))
    found = without_leaders(pixels_of(page))
    assert found[pixels_of(own) < 100].max() < 130


@pytest.mark.parametrize(("blur", "quality", "one_bit"), [(0.4, 85, False), (0.8, 60, False), (0.5, 95, True)])
@pytest.mark.parametrize("skew_deg", [-0.2, 0.2])
def test_worn_and_slightly_skewed_leaders_go(blur: float, quality: int, one_bit: bool, skew_deg: float) -> None:
    def worn(page: Image.Image) -> np.ndarray:
        turned = page.rotate(skew_deg, Image.Resampling.BICUBIC, fillcolor=255)
        soft = turned.filter(ImageFilter.GaussianBlur(blur))
        if one_bit:
            soft = soft.point([0 if level < 160 else 255 for level in range(256)])
        stream = io.BytesIO()
        soft.save(stream, "JPEG", quality=quality)
        return pixels_of(Image.open(stream))

    text = page_of(LINES)
    plain, form = worn(text), worn(dotted(text, len(LINES), 1.05, 0.3))
    found = without_leaders(form)
    assert ink_of(found) - ink_of(plain) < 0.2 * (ink_of(form) - ink_of(plain))
    assert (found[plain < 60] > 130).mean() < 2e-4  # what JPEG does beside a dot


def test_short_dashes_of_a_worn_leader_go() -> None:
    page = page_of(LINES)
    form = page.copy()
    for x in range(250, 1300, 13):
        ImageDraw.Draw(form).rectangle((x, 127, x + 6, 128), fill=40)
    found = without_leaders(pixels_of(form))
    assert ink_of(found) - ink_of(pixels_of(page)) < 0.1 * (ink_of(pixels_of(form)) - ink_of(pixels_of(page)))


@pytest.mark.parametrize("style", [Style.REGULAR, Style.BOLD, Style.ITALIC])
@pytest.mark.parametrize("line", [*LINES, *TEXT])
def test_text_has_no_leaders(line: str, style: Style) -> None:
    for size in (24, 30, 36, 48):
        page = Image.new("L", (2000, 200), 255)
        ImageDraw.Draw(page).text((60, 120), line, font=load_font(style, size), fill=0, anchor="ls")
        assert find_leaders(pixels_of(page), 0.46 * size) is None, size


@pytest.mark.parametrize("size", [8, 9, 10, 11, 12, 13, 15, 18])
def test_small_print_beside_larger_has_no_leaders(size: int) -> None:
    page = Image.new("L", (1400, 400), 255)
    for number, line in enumerate(
        ("Ký bởi: Ủy ban nhân dân tỉnh Quảng Ngãi", "Số định danh: 001202034567 và 079304011111111111", *LINES)
    ):
        place = (60, 40 + 30 * number)
        ImageDraw.Draw(page).text(place, line, font=load_font(Style.REGULAR, size), fill=0, anchor="ls")
    for letter_px in (12.0, LETTER_PX, 20.0):
        assert find_leaders(pixels_of(page), letter_px) is None


def test_a_page_without_leaders_is_read_as_it_was() -> None:
    pixels = pixels_of(page_of((*LINES, *TEXT) * 3))
    assert "clear-leaders" not in {step.name for step in clean_page(PageImage(pixels, 200, 1)).steps}


def test_rulings_codes_halftones_and_noise_are_no_leaders() -> None:
    ruled = page_of(LINES)
    draw = ImageDraw.Draw(ruled)
    for y in range(60, 600, 55):
        draw.line((60, y, 1340, y), fill=0, width=2)
    code = np.kron(qr_picture("HS-2025-000123" * 6), np.ones((4, 4), np.uint8))
    halftone = np.full((600, 600), 255, np.uint8)
    for row in range(10, 590, 7):
        halftone[row : row + 2, 10 + row % 2 * 3 : 590 : 7] = 60
        halftone[row : row + 2, 11 + row % 2 * 3 : 590 : 7] = 60
    specks = np.full((2000, 1400), 255, np.uint8)
    for top, left in np.random.default_rng(7).integers(0, (1990, 1390), (4000, 2)):
        specks[top : top + 3, left : left + 3] = 30
    for picture in (pixels_of(ruled), code, halftone, specks):
        assert find_leaders(picture, LETTER_PX) is None


def test_a_page_without_letters_or_smaller_than_a_letter_has_none() -> None:
    assert find_leaders(np.full((3, 3), 255, np.uint8), 14.0) is None
    assert find_leaders(np.full((400, 400), 255, np.uint8), 14.0) is None
    assert find_leaders(np.zeros((400, 400), np.uint8), 14.0) is None


def test_the_step_is_recorded_and_both_pictures_are_cleared() -> None:
    form = dotted(page_of(LINES * 3), 12, 1.05, 0.25).convert("RGB")
    ImageDraw.Draw(form).ellipse((700, 1250, 860, 1410), outline=RED, width=6)
    clean = clean_page(PageImage(pixels_of(form), 200, 1))
    step = next(step for step in clean.steps if step.name == "clear-leaders")
    assert int(step.parameters["rows"]) >= 12
    assert int(step.parameters["dots"]) > 12 * 80
    assert clean.all_ink is not clean.pixels
    for picture in (clean.pixels, clean.all_ink):
        assert find_leaders(picture, TARGET_LETTER_HEIGHT_PX) is None


@pytest.mark.parametrize("margin_px", [2, 5, 8])
def test_a_line_that_is_read_again_loses_its_leader_alone(margin_px: int) -> None:
    box = (70, 120 - 34 - margin_px, 1330, 120 + 11 + margin_px)
    for line in (*LINES, *TEXT):
        text = page_of((line,))
        plain, form = pixels_of(text.crop(box)), pixels_of(dotted(text, 1, 1.05, 0.25).crop(box))
        assert line_without_leaders(plain) is plain
        found = line_without_leaders(form)
        assert ink_of(found) - ink_of(plain) < 0.2 * (ink_of(form) - ink_of(plain))
        assert found[plain < 100].max() < 130


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_leaders_do_not_turn_a_page(turn: int) -> None:
    form = dotted(page_of(LINES * 4), 16, 1.05, 0.25)
    assert clean_page(PageImage(pixels_of(form.rotate(turn, expand=True)), 200, 1)).rotation_deg == turn


def test_values_on_leaders_are_read(tesseract) -> None:
    form = dotted(page_of(LINES * 3), 12, 1.05, 0.25)
    text = read_page(PageImage(pixels_of(form), 200, 1), "0" * 64, tesseract, 240).text
    assert text.count("DANH THỊ RẾT") == 3
    assert text.count("Thạnh Sơn") == 3
