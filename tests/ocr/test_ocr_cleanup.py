"""Clean-up: turned and skewed pages are put upright, and every word leads back to its place on the scan."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from benchmarks.drawing.chance import generator_for
from benchmarks.drawing.fonts import Style, load_font
from benchmarks.drawing.ink import RED, lay_ink, stamp_mask
from ocr.cleanup import MIN_LETTERS, TARGET_LETTER_HEIGHT_PX, clean_page
from ocr.image import PageImage
from ocr.page import Box, PageText
from ocr.read_page import read_page
from ocr.readers.reader import ReadWord

Marks = tuple[Image.Image, dict[str, Box]]
A4_200 = (1654, 2339)


def page_image(image: Image.Image, dpi: int = 200) -> PageImage:
    return PageImage(np.ascontiguousarray(np.asarray(image), dtype=np.uint8), dpi, 1)


def turned_box(box: Box, size: tuple[int, int], clockwise_deg: int) -> Box:
    """Where `box` of a page of `size` lies after the page was turned."""
    width, height = size
    return {
        0: box,
        90: Box(height - box.bottom, box.left, height - box.top, box.right),
        180: Box(width - box.right, height - box.bottom, width - box.left, height - box.top),
        270: Box(box.top, width - box.right, box.bottom, width - box.left),
    }[clockwise_deg]


def assert_near(found: Box, wanted: Box, px: int) -> None:
    assert all(abs(a - b) <= px for a, b in zip(found, wanted, strict=True)), (found, wanted)


def place_of(page: PageText, mark: str) -> Box:
    return next(word.box for word in page.words if word.text == mark)


@pytest.mark.parametrize("scan_turn", [0, 90, 180, 270])
def test_words_lead_back_to_the_scan_however_it_lay(page_with_marks: Marks, tesseract, scan_turn: int) -> None:
    image, boxes = page_with_marks
    scan = image.rotate(-scan_turn, expand=True)
    page = read_page(page_image(scan), "0" * 64, tesseract, 240)
    assert page.rotation_deg == (360 - scan_turn) % 360
    for mark, box in boxes.items():
        assert_near(place_of(page, mark), turned_box(box, A4_200, scan_turn), 8)


@pytest.mark.parametrize("turn", [0, 90])
def test_frame_of_a_form_does_not_turn_the_page(page_with_marks: Marks, turn: int) -> None:
    image = page_with_marks[0].copy()
    draw = ImageDraw.Draw(image)
    for inset in (80, 100, 150):
        draw.rectangle((inset, inset, A4_200[0] - inset, A4_200[1] - inset), outline=(150, 60, 70), width=7)
    assert clean_page(page_image(image.rotate(turn, expand=True))).rotation_deg == turn


@pytest.mark.parametrize("skew_deg", [-3.0, 3.0])
def test_skewed_page_is_straightened(page_with_marks: Marks, tesseract, skew_deg: float) -> None:
    image, boxes = page_with_marks
    scan = image.rotate(skew_deg, Image.Resampling.BICUBIC, fillcolor="white")
    page = read_page(page_image(scan), "0" * 64, tesseract, 240)
    assert {step.name for step in page.steps} >= {"deskew", "read"}
    for mark, box in boxes.items():
        found = place_of(page, mark)
        angle = np.radians(-skew_deg)
        x, y = box.center_x - A4_200[0] / 2, box.center_y - A4_200[1] / 2
        assert found.center_x == pytest.approx(x * np.cos(angle) - y * np.sin(angle) + A4_200[0] / 2, abs=8)
        assert found.center_y == pytest.approx(x * np.sin(angle) + y * np.cos(angle) + A4_200[1] / 2, abs=8)


@pytest.mark.parametrize("dpi", [150, 300])
def test_letters_reach_the_height_the_reader_likes(page_with_marks: Marks, dpi: int) -> None:
    image, _ = page_with_marks
    scaled = image.resize((image.width * dpi // 200, image.height * dpi // 200), Image.Resampling.LANCZOS)
    with_dpi, without = clean_page(page_image(scaled, dpi)), clean_page(page_image(scaled, 0))
    assert with_dpi.reading_scale == without.reading_scale
    # Lower-case letters of the font are 0.46 of its 38 pixels at 200 dpi.
    assert 38 * 0.46 * dpi / 200 * with_dpi.reading_scale == pytest.approx(TARGET_LETTER_HEIGHT_PX, rel=0.35)
    assert without.dpi > 0


def test_red_ink_is_paper_to_the_reader_and_stays_in_the_other_picture() -> None:
    page = Image.new("RGB", A4_200, "white")
    ImageDraw.Draw(page).text((200, 300), "GIẤY KHAI SINH", font=load_font(Style.BOLD, 60), fill=RED)
    clean = clean_page(page_image(page))
    assert clean.pixels.min() > 200
    assert clean.all_ink.min() < 80


def mirrored_back(mode: str, ink: int) -> Image.Image:
    page = Image.new("RGB", A4_200, "white")
    mask = ImageOps.mirror(stamp_mask(generator_for(5), 200, "* ỦY BAN NHÂN DÂN *"))
    lay_ink(page, mask.point([value * ink // 255 for value in range(256)]), 300, 900, RED)
    return page.convert(mode)


def test_mirrored_red_stamp_alone_is_not_even_read(replay) -> None:
    reader = replay()
    page = read_page(page_image(mirrored_back("RGB", 60)), "0" * 64, reader, 1)
    assert page.is_blank
    assert not page.words
    assert not reader.pictures


def test_fresh_mirrored_red_stamp_alone_is_a_blank_page(tesseract) -> None:
    assert read_page(page_image(mirrored_back("RGB", 255)), "0" * 64, tesseract, 240).is_blank


def test_mirrored_stamp_in_grey_is_a_blank_page(tesseract) -> None:
    assert read_page(page_image(mirrored_back("L", 90)), "0" * 64, tesseract, 240).is_blank


def test_specks_are_a_blank_page(replay) -> None:
    generator = np.random.default_rng(3)
    page = np.full((2339, 1654), 255, np.uint8)
    for top, left in generator.integers((0, 0), (2320, 1640), (250, 2)):
        page[top : top + 8, left : left + 6] = 40
    assert read_page(PageImage(page, 200, 1), "0" * 64, replay(), 1).is_blank


def test_white_page_is_blank() -> None:
    clean = clean_page(page_image(Image.new("L", A4_200, 255)))
    assert clean.is_blank
    assert clean.letters < MIN_LETTERS


def test_one_line_is_no_blank_page(tesseract) -> None:
    page = Image.new("L", A4_200, 255)
    ImageDraw.Draw(page).text((300, 1000), "Trang này cố ý để trống", font=load_font(Style.REGULAR, 38), fill=0)
    read = read_page(page_image(page), "0" * 64, tesseract, 240)
    assert not read.is_blank
    assert "trống" in read.text


def test_page_of_marks_that_nobody_can_read_is_not_dropped(replay, page_with_marks: Marks) -> None:
    page = read_page(page_image(page_with_marks[0]), "0" * 64, replay(), 1)
    assert not page.is_blank
    assert not page.failed


def test_page_on_its_side_is_turned_though_the_reader_manages_it(replay, page_with_marks: Marks) -> None:
    # Tesseract reads columns of turned text well, each word in a box higher than wide.
    lying = tuple(ReadWord(f"chữ{row}", Box(100, 90 * row, 120, 90 * row + 80), 0.95, row) for row in range(9))
    upright = tuple(ReadWord(f"chữ{row}", Box(100, 40 * row, 180, 40 * row + 20), 0.95, row) for row in range(9))
    reader = replay(lying, lying, upright)
    assert read_page(page_image(page_with_marks[0]), "0" * 64, reader, 1).rotation_deg == 90


def test_boxes_stay_on_the_page(record: Callable, replay, page_with_marks: Marks) -> None:
    words = record("một hai ba", "bốn năm sáu")
    page = read_page(page_image(page_with_marks[0]), "0" * 64, replay(words), 1)
    for word in page.words:
        assert 0 <= word.box.left <= word.box.right <= page.width_px
        assert 0 <= word.box.top <= word.box.bottom <= page.height_px
