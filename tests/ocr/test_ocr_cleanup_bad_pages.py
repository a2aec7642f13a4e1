"""Clean-up of bad pages: photos, shadows, dark edges, the other side shining through; and nothing of it on good ones."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from benchmarks.drawing.chance import generator_for
from benchmarks.drawing.fonts import Style, load_font
from benchmarks.drawing.ink import BLUE, RED, lay_ink, stamp_mask
from ocr.cleanup import clean_page
from ocr.image import PageImage
from ocr.page import Box
from ocr.read_page import read_page

Marks = tuple[Image.Image, dict[str, Box]]
A4_200 = (1654, 2339)
OPTIONAL_STEPS = {"flatten", "clear-edges", "even-light", "fade-other-side", "drop-red", "turn", "deskew"}


def pixels_of(image: Image.Image) -> np.ndarray:
    return np.array(image, dtype=np.uint8)


def noisy(pixels: np.ndarray, deviation: float = 3.0) -> np.ndarray:
    grain = np.random.default_rng(1).standard_normal(pixels.shape[:2], dtype=np.float32) * deviation
    return (pixels + (grain if pixels.ndim == 2 else grain[..., None])).clip(0, 255).astype(np.uint8)


def steps_of(pixels: np.ndarray) -> set[str]:
    return {step.name for step in clean_page(PageImage(pixels, 200, 1)).steps}


def words_of(pixels: np.ndarray, reader) -> list[str]:
    return read_page(PageImage(pixels, 200, 1), "0" * 64, reader, 240).text.split()


def photo_of(page: np.ndarray, background: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return a photo of `page` lying askew on a table, and the matrix from the page to the photo."""
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    seen = np.array([[210, 150], [1790, 60], [1850, 2500], [90, 2420]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    size = (1950, 2600)
    table = np.full((size[1], size[0], 3), background, np.uint8)
    sheet = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC)
    is_sheet = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size) > 127
    photo = np.where(is_sheet[..., None], sheet, table)
    return noisy(cv2.GaussianBlur(photo, (0, 0), 0.8)), matrix


def lit_from_one_side(page: np.ndarray, darkest: float) -> np.ndarray:
    light = np.linspace(darkest, 1.0, page.shape[1], dtype=np.float32)
    return (page * (light[None, :] if page.ndim == 2 else light[None, :, None])).astype(np.uint8)


def shaded_below(page: np.ndarray, level: float) -> np.ndarray:
    light = np.ones(page.shape[:2], np.float32)
    light[page.shape[0] // 2 :] = level
    return (page * cv2.GaussianBlur(light, (0, 0), 25)[..., None]).astype(np.uint8)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_good_page_needs_nothing(page_with_marks: Marks, mode: str) -> None:
    assert not steps_of(noisy(pixels_of(page_with_marks[0].convert(mode)))) & OPTIONAL_STEPS


@pytest.mark.parametrize("background", [(52, 40, 30), (120, 118, 110), (70, 95, 150)])
def test_words_of_a_photo_lead_back_to_it(page_with_marks: Marks, tesseract, background: tuple[int, int, int]) -> None:
    image, boxes = page_with_marks
    photo, matrix = photo_of(pixels_of(image), background)
    page = read_page(PageImage(photo, 0, 1), "0" * 64, tesseract, 240)
    assert "flatten" in {step.name for step in page.steps}
    for mark, box in boxes.items():
        found = next(word for word in page.words if word.text == mark)
        corners = np.array(
            [[[box.left, box.top], [box.right, box.top], [box.right, box.bottom], [box.left, box.bottom]]]
        )
        seen = cv2.perspectiveTransform(corners.astype(np.float64), matrix.astype(np.float64))[0]
        wanted = (*seen.min(axis=0), *seen.max(axis=0))
        assert all(abs(a - b) <= 10 for a, b in zip(found.box, wanted, strict=True)), (mark, found.box, wanted)


def test_the_edge_of_a_shadow_is_no_sheet(page_with_marks: Marks) -> None:
    assert "flatten" not in steps_of(noisy(shaded_below(pixels_of(page_with_marks[0]), 0.4)))


def test_a_shadow_is_taken_off(page_with_marks: Marks, tesseract) -> None:
    shaded = noisy(shaded_below(pixels_of(page_with_marks[0]), 0.35))
    assert "even-light" in steps_of(shaded)
    words = words_of(shaded, tesseract)
    assert words.count("hành") == words_of(pixels_of(page_with_marks[0]), tesseract).count("hành")
    assert "NGHIÊM" in words


def test_light_from_one_side_is_evened(page_with_marks: Marks, tesseract) -> None:
    lit = noisy(lit_from_one_side(pixels_of(page_with_marks[0].convert("L")), 0.3))
    assert "even-light" in steps_of(lit)
    assert set(page_with_marks[1]) <= set(words_of(lit, tesseract))


def test_white_on_black_stays_readable_beside_uneven_light(page_with_marks: Marks) -> None:
    page = pixels_of(page_with_marks[0].convert("L"))
    page[600:800, 200:1500] = 50
    page[680:720, 300:1400:12] = 255
    clean = clean_page(PageImage(lit_from_one_side(page, 0.4), 200, 1))
    middle = clean.pixels[
        clean.pixels.shape[0] * 700 // 2339, clean.pixels.shape[1] // 5 : clean.pixels.shape[1] * 4 // 5
    ]
    assert int(middle.max()) - int(middle.min()) > 80


def with_dark_edges(page: np.ndarray) -> np.ndarray:
    edged = page.copy()
    edged[:, :60] = 10
    edged[:25] = 14
    edged[:, -40:] = 8
    for y in (800, 1450):
        cv2.circle(edged, (120, y), 24, (12, 12, 12), -1)
    return noisy(edged, 2.0)


def test_dark_edges_and_punch_holes_become_paper(page_with_marks: Marks) -> None:
    clean = clean_page(PageImage(with_dark_edges(pixels_of(page_with_marks[0])), 200, 1))
    assert "clear-edges" in {step.name for step in clean.steps}
    margin = round(150 * clean.reading_scale)
    assert clean.pixels[:, :margin].min() > 150
    assert clean.pixels[:, -round(60 * clean.reading_scale) :].min() > 150


def test_text_at_the_edge_stays(tesseract) -> None:
    page = Image.new("RGB", A4_200, "white")
    draw, font = ImageDraw.Draw(page), load_font(Style.REGULAR, 40)
    for row in range(10):
        draw.text((58, 300 + 80 * row), "Hồ sơ địa chính xã Đông Thượng huyện Thanh Oai", font=font, fill="black")
    draw.rectangle((0, 0, 60, 2339), fill=(10, 10, 10))
    touching = noisy(pixels_of(page), 2.0)
    assert "clear-edges" in steps_of(touching)
    assert words_of(touching, tesseract).count("chính") == 10
    cut_off = noisy(pixels_of(page.crop((62, 0, *A4_200))), 2.0)
    assert "clear-edges" not in steps_of(cut_off)


def test_text_in_deep_shadow_is_no_dark_edge(page_with_marks: Marks) -> None:
    assert "clear-edges" not in steps_of(noisy(shaded_below(pixels_of(page_with_marks[0]), 0.2), 1.0))


def shining_through(front: np.ndarray, back: np.ndarray, strength: float) -> np.ndarray:
    mirrored = cv2.GaussianBlur(np.roll(back[:, ::-1], 30, axis=0), (0, 0), 1.7).astype(np.float32)
    return noisy((front * (1 - strength * (1 - mirrored / 255))).astype(np.uint8), 2.0)


def page_of_lines(text: str, fill: str | tuple[int, int, int] = "black", rows: int = 20) -> np.ndarray:
    page = Image.new("RGB", A4_200, "white")
    for row in range(rows):
        ImageDraw.Draw(page).text((170, 250 + row * 90), text, font=load_font(Style.REGULAR, 38), fill=fill)
    return pixels_of(page)


def test_print_of_the_other_side_is_faded(tesseract) -> None:
    front = page_of_lines("Người yêu cầu đăng ký phải nộp giấy tờ hợp lệ theo quy định")
    back = page_of_lines("Trường hợp hồ sơ chưa đầy đủ thì hướng dẫn bổ sung ngay", rows=21)
    both = shining_through(front, back, 0.5)
    clean = clean_page(PageImage(both, 200, 1))
    assert "fade-other-side" in {step.name for step in clean.steps}
    assert abs(clean.reading_scale / clean_page(PageImage(front, 200, 1)).reading_scale - 1) < 0.05
    words = words_of(both, tesseract)
    assert words.count("cầu") == 20
    assert len(words) <= 20 * 14 + 10


def test_pale_print_beside_black_print_is_kept(tesseract) -> None:
    page = page_of_lines("Người yêu cầu đăng ký phải nộp giấy tờ hợp lệ", rows=10)
    pale = page_of_lines("Ghi chú bằng bút chì của cán bộ tiếp nhận", fill=(165, 165, 165))
    page[1200:] = pale[1200:]
    assert "fade-other-side" not in steps_of(noisy(page))
    assert "chì" in words_of(noisy(page), tesseract)


@pytest.mark.parametrize("paper", [(255, 255, 255), (242, 224, 172), (205, 222, 238)])
def test_red_is_told_from_black_on_any_paper(page_with_marks: Marks, paper: tuple[int, int, int]) -> None:
    black = noisy((pixels_of(page_with_marks[0]) * (np.array(paper) / 255)).astype(np.uint8))
    assert "drop-red" not in steps_of(black)
    stamped = page_with_marks[0].copy()
    lay_ink(stamped, stamp_mask(generator_for(4), 200, "* ỦY BAN NHÂN DÂN *"), 900, 1500, RED)
    assert "drop-red" in steps_of(noisy((pixels_of(stamped) * (np.array(paper) / 255)).astype(np.uint8)))


def test_blue_pen_stays_dark_and_is_not_taken_for_red() -> None:
    clean = clean_page(PageImage(page_of_lines("Nguyễn Văn An ký nhận", fill=BLUE), 200, 1))
    assert clean.pixels.min() < 90
    assert clean.all_ink is clean.pixels


def test_red_serial_number_and_title_are_read(page_with_marks: Marks, tesseract) -> None:
    page = page_with_marks[0].copy()
    draw = ImageDraw.Draw(page)
    draw.text((1100, 60), "Số: BM 482917", font=load_font(Style.BOLD, 42), fill=(214, 32, 44))
    draw.text((500, 2150), "GIẤY CHỨNG NHẬN KẾT HÔN", font=load_font(Style.BOLD, 44), fill=(214, 32, 44))
    words = words_of(pixels_of(page), tesseract)
    assert {"482917", "CHỨNG", "NHẬN"} <= set(words)


def test_page_printed_in_red_is_read(tesseract) -> None:
    page = noisy(page_of_lines("Giấy chứng nhận đăng ký kết hôn bản chính", fill=(235, 60, 70)))
    assert "keep-red" in steps_of(page)
    assert words_of(page, tesseract).count("chứng") == 20


@pytest.mark.parametrize(
    "text", ["UỶ BAN NHÂN DÂN HUYỆN THANH OAI ĐÃ TIẾP NHẬN HỒ SƠ", "Đơn xin xác nhận nơi cư trú của công dân"]
)
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_right_way_up_is_found_without_reading(text: str, turn: int) -> None:
    page = np.ascontiguousarray(np.rot90(noisy(page_of_lines(text, rows=6)), turn // 90))
    assert clean_page(PageImage(page, 200, 1)).rotation_deg == turn


@pytest.mark.parametrize("skew_deg", [-14.0, -7.0, 11.0])
def test_a_table_is_straightened(skew_deg: float) -> None:
    page = page_of_lines("Trần Thị Bình  12/03/1961  Đã nộp", rows=14)
    for y in range(235, 1500, 90):
        cv2.line(page, (150, y), (1400, y), (20, 20, 20), 3)
    turn = cv2.getRotationMatrix2D((A4_200[0] / 2, A4_200[1] / 2), skew_deg, 1.0)
    skewed = cv2.warpAffine(page, turn, A4_200, borderValue=(255, 255, 255))
    step = next(step for step in clean_page(PageImage(noisy(skewed), 200, 1)).steps if step.name == "deskew")
    assert step.parameters["angle_deg"] == pytest.approx(-skew_deg, abs=0.3)


def test_figures_upside_down_are_found_by_reading_a_few_lines(replay, record) -> None:
    # A page of figures has no accents: the first reading fails, then only a band of the other ways up is shown.
    page = page_of_lines("12 345 678 901 234 567", rows=20)
    garbage, good = record("S6 VΛ", confidence=0.2), record("mười hai", "ba bốn năm")
    reader = replay(garbage, good, good)
    read_page(PageImage(page, 200, 1), "0" * 64, reader, 1)
    heights = [picture.shape[0] for picture in reader.pictures[:3]]
    assert heights[1] < heights[0] / 3
    assert heights[2] == heights[0]


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from([0, 300]))
@settings(max_examples=60, deadline=None)
def test_a_picture_of_any_size_is_cleaned(width: int, height: int, seed: int, is_colour: bool, dpi: int) -> None:
    shape = (height, width, 3) if is_colour else (height, width)
    generator = np.random.default_rng(seed)
    pixels = generator.integers(generator.integers(0, 255), 256, shape, dtype=np.uint8)
    clean = clean_page(PageImage(pixels, dpi, 1))
    assert clean.pixels.shape == clean.all_ink.shape
    place = clean.to_scan(Box(0, 0, clean.pixels.shape[1], clean.pixels.shape[0]))
    assert 0 <= place.left <= place.right <= width
    assert 0 <= place.top <= place.bottom <= height
