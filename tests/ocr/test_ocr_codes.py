"""Codes drawn with the library's own writer, put on pages as scanners and fax machines give them, and found again."""

import base64

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from zxingcpp import BarcodeFormat

from ocr import codes
from ocr.codes import find_codes
from ocr.image import PageImage
from ocr.page import CodeContent, CodeFormat
from ocr.read_page import read_page

# An invented person, in the order of the code on a citizen's card.
CARD = "001099012345|012345678|Nguyễn Văn Ẩn|02021999|Nam|Thôn Đông, xã Bình Minh, huyện Thanh Oai, Hà Nội|01012021"
DOSSIER = "H44.100-261122-0042"
A4_PX = (3508, 2480)

WRITTEN = {
    CodeFormat.QR: BarcodeFormat.QRCode,
    CodeFormat.MICRO_QR: BarcodeFormat.MicroQRCode,
    CodeFormat.DATA_MATRIX: BarcodeFormat.DataMatrix,
    CodeFormat.PDF417: BarcodeFormat.PDF417,
    CodeFormat.AZTEC: BarcodeFormat.Aztec,
    CodeFormat.CODE_128: BarcodeFormat.Code128,
}


def modules(kind, content):
    picture = np.array(zxingcpp.create_barcode(content, WRITTEN[kind]).to_image(scale=1))
    if kind is CodeFormat.CODE_128:  # the writer makes bars of a fixed height; those of a receipt are some 8 mm high
        bars = picture[picture.shape[0] // 2]
        return np.pad(np.repeat(bars[np.newaxis], 30, axis=0), ((4, 4), (0, 0)), constant_values=255)
    return picture


def drawn(kind=CodeFormat.QR, content=DOSSIER, module_px=4, angle=0.0):
    """A code on white, drawn four times as large and reduced, so that edges are as soft as those of a scanner."""
    large = cv2.resize(
        modules(kind, content), None, fx=4 * module_px, fy=4 * module_px, interpolation=cv2.INTER_NEAREST
    )
    height, width = large.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    across = int(abs(turn[0, 0]) * width + abs(turn[0, 1]) * height) + 16
    down = int(abs(turn[0, 1]) * width + abs(turn[0, 0]) * height) + 16
    turn[:, 2] += ((across - width) / 2, (down - height) / 2)
    turned = cv2.warpAffine(large, turn, (across, down), flags=cv2.INTER_LINEAR, borderValue=255)
    return cv2.resize(turned, (across // 4, down // 4), interpolation=cv2.INTER_AREA)


def on_page(*placed, page=None):
    page = np.full(A4_PX, 255, np.uint8) if page is None else page.copy()
    for (left, top), code in placed:
        height, width = code.shape
        page[top : top + height, left : left + width] = np.minimum(page[top : top + height, left : left + width], code)
    return page


def scanned(page, *, dark=40, light=235, blur=0.7, noise=6):
    soft = cv2.GaussianBlur(page.astype(np.float32), (0, 0), blur)
    grain = np.random.default_rng(1).normal(0, noise, page.shape)
    return np.clip(dark + (light - dark) * soft / 255 + grain, 0, 255).astype(np.uint8)


def found_on(pixels, dpi=300, rotation_deg=0):
    return find_codes(PageImage(np.ascontiguousarray(pixels), dpi, 1), rotation_deg)


def texts(pixels, **kwargs):
    return [code.text for code in found_on(pixels, **kwargs)]


@pytest.mark.parametrize("angle", [0, 3, 20, 45, 90, 180, 262])
@pytest.mark.parametrize("kind", [kind for kind in WRITTEN if kind is not CodeFormat.MICRO_QR])
def test_code_of_each_kind_is_found_at_any_angle(kind, angle):
    picture = drawn(kind, DOSSIER, 4, angle)
    (code,) = found_on(scanned(on_page(((1100, 1500), picture))))
    assert (code.format, code.text, code.content) == (kind, DOSSIER, CodeContent.TEXT)
    assert code.payload_base64 is None
    height, width = picture.shape
    assert 1090 <= code.box.left < code.box.right <= 1110 + width
    assert 1490 <= code.box.top < code.box.bottom <= 1510 + height
    # The box holds the code, not a part of it: paper around it is a fifth at most, and bars may be read in part.
    if kind is not CodeFormat.CODE_128:
        assert code.box.width * code.box.height > 0.35 * width * height
    assert len(code.corners) == 4


def test_micro_code_is_found():
    (code,) = found_on(scanned(on_page(((200, 300), drawn(CodeFormat.MICRO_QR, "0042", 5)))))
    assert (code.format, code.text) == (CodeFormat.MICRO_QR, "0042")


@pytest.mark.parametrize("module_px", [3, 4, 6, 10, 20])
def test_code_of_a_citizen_card_is_found_at_any_size(module_px):
    assert texts(scanned(on_page(((150, 600), drawn(content=CARD, module_px=module_px, angle=5))))) == [CARD]


def test_code_on_a_bilevel_page():
    page = scanned(on_page(((300, 300), drawn(content=CARD)), ((300, 1500), drawn(CodeFormat.CODE_128))), noise=20)
    assert texts(np.where(page > 128, 255, 0).astype(np.uint8)) == [CARD, DOSSIER]


@pytest.mark.parametrize("kind", [CodeFormat.QR, CodeFormat.CODE_128, CodeFormat.PDF417])
def test_faded_and_grainy_code(kind):
    page = on_page(((800, 900), drawn(kind, module_px=4, angle=3)))
    assert texts(scanned(page, dark=120, light=215, blur=1.0, noise=8)) == [DOSSIER]


def test_code_under_a_red_stamp():
    page = scanned(on_page(((1000, 2000), drawn(content=CARD))))
    colour = cv2.cvtColor(page, cv2.COLOR_GRAY2RGB)
    stamp = np.zeros(A4_PX, np.uint8)
    for radius in (60, 100, 140, 180):
        cv2.circle(stamp, (1120, 2120), radius, 255, 22)
    colour[stamp > 0] = np.minimum(colour[stamp > 0], np.array([235, 60, 70], np.uint8))
    assert texts(colour) == [CARD]


@pytest.mark.parametrize("ink", [(200, 20, 30), (20, 40, 160), (20, 110, 60)], ids=["red", "blue", "green"])
def test_coloured_code(ink):
    share = scanned(on_page(((1000, 2000), drawn(content=CARD, module_px=5)))).astype(np.float32)[..., np.newaxis] / 255
    colour = 255 * share + np.array(ink, np.float32) * (1 - share)
    assert texts(colour.astype(np.uint8)) == [CARD]


def test_light_code_on_dark_ground():
    ground = np.full((400, 400), 255, np.uint8)
    code = drawn(module_px=6)
    ground[100 : 100 + code.shape[0], 100 : 100 + code.shape[1]] = code
    assert texts(scanned(on_page(((900, 900), 255 - ground)))) == [DOSSIER]


def test_code_that_shines_through_from_the_other_side_is_none_of_this_page():
    page = on_page(((500, 500), drawn(module_px=8)), ((500, 1500), drawn(CodeFormat.CODE_128)))
    assert texts(scanned(page[:, ::-1], dark=215, light=245, noise=2)) == []


def test_several_codes_stand_in_reading_order_and_the_same_text_at_two_places_is_two():
    codes = (
        ((1800, 200), drawn(content="hai")),
        ((200, 230), drawn(content="một")),
        ((300, 1500), drawn(CodeFormat.CODE_128, "3")),
        ((1500, 1520), drawn(CodeFormat.DATA_MATRIX, "4", 5)),
        ((200, 3000), drawn(content="một")),
    )
    page = scanned(on_page(*codes))
    assert texts(page) == ["một", "hai", "3", "4", "một"]
    assert texts(page[::-1, ::-1], rotation_deg=180) == ["một", "hai", "3", "4", "một"]
    assert texts(np.rot90(page), rotation_deg=90) == ["một", "hai", "3", "4", "một"]
    assert texts(np.rot90(page, -1), rotation_deg=270) == ["một", "hai", "3", "4", "một"]


def test_faded_page_with_many_slanted_codes():
    codes = (
        ((50, 50), drawn(content=CARD, angle=20)),
        ((900, 50), drawn(CodeFormat.CODE_128)),
        ((50, 900), drawn(CodeFormat.PDF417, angle=45)),
        ((900, 1000), drawn(CodeFormat.DATA_MATRIX, module_px=5, angle=20)),
        ((900, 2000), drawn(CodeFormat.CODE_128, "3900", angle=-30)),
    )
    page = scanned(on_page(*codes), dark=120, light=215, blur=1.0, noise=8)
    assert sorted(texts(page)) == sorted([CARD, DOSSIER, DOSSIER, DOSSIER, "3900"])


def test_codes_side_by_side_are_both_found():
    codes = (((300, 300), drawn(CodeFormat.CODE_128, module_px=3)), ((300, 440), drawn(module_px=4)))
    assert sorted(code.format for code in found_on(scanned(on_page(*codes)))) == [CodeFormat.CODE_128, CodeFormat.QR]


@pytest.mark.parametrize("scale", [2, 1, 2 / 3])
def test_page_of_any_resolution(scale):
    page = scanned(on_page(((1000, 1000), drawn(content=CARD, module_px=5, angle=8))))
    resized = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    (code,) = found_on(resized, round(300 * scale))
    assert code.text == CARD
    assert code.box.left == pytest.approx(1030 * scale, abs=30 * scale)


def test_picture_of_a_code_alone():
    assert texts(drawn(module_px=10)) == [DOSSIER]


def test_page_of_text_has_no_codes(page_with_marks):
    assert texts(np.asarray(page_with_marks[0]), dpi=200) == []


def test_utf8_is_kept_whether_the_code_declares_it_or_not():
    for mode in (cv2.QRCodeEncoder_MODE_BYTE, cv2.QRCodeEncoder_MODE_ECI):
        for text in ("Đỗ", "Hà", "xã", CARD):
            assert texts(utf8_code(text, mode)) == [text]
    # The writer marks bytes as binary, as some software does with UTF-8.
    (code,) = found_on(drawn(content="Nguyễn".encode(), module_px=6))
    assert (code.text, code.content, code.payload_base64) == ("Nguyễn", CodeContent.TEXT, None)


def test_bytes_that_are_no_text_are_kept_as_they_are():
    payload = bytes(range(0, 250, 3))
    (code,) = found_on(drawn(content=payload, module_px=6))
    assert (code.text, code.content) == ("", CodeContent.BINARY)
    assert base64.b64decode(code.payload_base64) == payload


def test_decomposed_text_becomes_nfc_and_its_bytes_are_kept():
    (code,) = found_on(drawn(content="xa\u0303", module_px=6))
    assert code.text == "xã"
    assert base64.b64decode(code.payload_base64).decode() == "xa\u0303"


def utf8_code(text, mode=cv2.QRCodeEncoder_MODE_BYTE):
    """A QR as most software of offices makes it: UTF-8 that nothing declares."""
    parameters = cv2.QRCodeEncoder_Params()
    parameters.mode = mode
    code = cv2.resize(cv2.QRCodeEncoder.create(parameters).encode(text), None, fx=5, fy=5, interpolation=0)
    return np.pad(code, 40, constant_values=255)


LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵĐ 0123456789|/.-"


@given(st.text(st.sampled_from(LETTERS), min_size=1, max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_vietnamese_text_comes_back(text):
    # The first letter is in no smaller character set: so the writer uses UTF-8.
    assert texts(drawn(content="ễ" + text, module_px=5)) == ["ễ" + text]


def test_linear_code_seen_on_a_few_rows_is_not_believed():
    page = scanned(on_page(((300, 300), drawn(CodeFormat.CODE_128, module_px=4)[60:66])), blur=0.4, noise=2)
    assert texts(page) == []


def finder_patterns(side_px):
    pattern = np.full((9, 9), 255, np.uint8)
    pattern[1:8, 1:8], pattern[2:7, 2:7], pattern[3:6, 3:6] = 0, 255, 0
    tile = np.kron(pattern, np.ones((side_px, side_px), np.uint8))
    return np.tile(tile, (A4_PX[0] // len(tile) + 1, A4_PX[1] // len(tile) + 1))[: A4_PX[0], : A4_PX[1]]


HOSTILE = {
    "grain": lambda: np.random.default_rng(2).integers(0, 256, A4_PX, dtype=np.uint8),
    "bilevel": lambda: np.random.default_rng(2).integers(0, 2, A4_PX, dtype=np.uint8) * 255,
    "finders": lambda: finder_patterns(4),
    "fine finders": lambda: finder_patterns(1),
    "some fine finders": lambda: np.where(np.arange(A4_PX[0])[:, np.newaxis] < 500, finder_patterns(1), 255).astype(
        np.uint8
    ),
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_page_costs_a_bounded_time_and_gives_nothing(hostile, monkeypatch):
    """Time is that of the pixels looked at: 0.1 to 0.9 s where it was measured."""
    page, looked_at, read = HOSTILE[hostile](), {True: 0, False: 0}, codes._read

    def counted(view, *, whole_page):
        looked_at[whole_page] += view.pixels.size
        return read(view, whole_page=whole_page)

    monkeypatch.setattr(codes, "_read", counted)
    assert texts(page) == []
    # Corner marks of QR all over cost 12 s where the whole page is looked at closely: that is done at half its size.
    assert looked_at[True] == (page.size if hostile == "some fine finders" else page.size / 4)
    assert looked_at[False] <= codes._MAX_SPOT_PIXELS


def test_sheet_with_a_code_alone_is_not_blank(replay):
    sheet = PageImage(scanned(on_page(((900, 900), drawn(module_px=8)))), 300, 1)
    page = read_page(sheet, "0" * 64, replay(), 1)
    assert [code.text for code in page.codes] == [DOSSIER]
    assert not page.is_blank
    empty = read_page(PageImage(scanned(on_page()), 300, 1), "0" * 64, replay(), 1)
    assert (empty.codes, empty.is_blank) == ((), True)
