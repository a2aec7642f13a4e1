"""Text layers: pages that programs wrote are read from them, and nothing is believed that the picture does not show."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from benchmarks.drawing.fonts import Style
from ocr.page import PageText
from ocr.pdf_words import clean_text, pdf_words, words_of_pdf_table
from ocr.read_page import read_page_of
from ocr.readers.reader import Reader
from ocr.scan import PDF_RENDER_DPI, ScanKind, open_page
from ocr.text_layer import TextLayer, Verdict, read_text_layer
from tests.ocr.written_pdf import A4, Sheet, Text, write_pdf

SHA256 = "a" * 64
LETTER = (
    "Kính gửi: Ủy ban nhân dân xã Tịnh Điền, huyện Sơn Hà",
    "Căn cứ Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018",
    "của Chính phủ về thực hiện cơ chế một cửa liên thông",
    "trong giải quyết thủ tục hành chính, đề nghị quý cơ quan",
    "trả kết quả đúng hẹn cho công dân theo quy định hiện hành",
    "và lưu hồ sơ số 0457/2024 tại bộ phận tiếp nhận",
)
HEADING = (
    Text("ỦY BAN NHÂN DÂN", 75, 70, 12, Style.BOLD),
    Text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 290, 70, 12, Style.BOLD),
    Text("Số: 574/UBND-KTTH", 80, 100),
    Text("Quảng Ngãi, ngày 04 tháng 02 năm 2025", 300, 100, 13, Style.ITALIC),
)


def body(top: float = 150, **options) -> tuple[Text, ...]:
    return tuple(Text(line, 85, top + 22 * row, **options) for row, line in enumerate(LETTER))


PAGE = (*HEADING, *body())
# What TCVN3 fonts (.VnTime) spell: shape of a Vietnamese letter, code of another one. Source: TCVN 5712:1993, VN3.
TCVN3 = dict(
    zip(
        "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđĐ",
        "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ¨©ª«¬­®§",
        strict=True,
    )
)


# Endings of VNI fonts (VNI-Times) by the marks of a letter; ơ, ư and đ are codes of their own. Source: VNI Win.
VNI_MARKS = {
    "\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï",
    "\u0302": "â", "\u0302\u0300": "à", "\u0302\u0301": "á", "\u0302\u0309": "å", "\u0302\u0303": "ã", "\u0323\u0302": "ä",
    "\u0306": "ê", "\u0306\u0300": "è", "\u0306\u0301": "é", "\u0306\u0309": "ú", "\u0306\u0303": "ü", "\u0323\u0306": "ë",
}  # fmt: skip
VNI_LETTERS = {"ơ": "ô", "ư": "ö", "Ơ": "Ô", "Ư": "Ö", "đ": "ñ", "Đ": "Ñ"}


def vni(character: str) -> str:
    if character in VNI_LETTERS:
        return VNI_LETTERS[character]
    letter, *marks = unicodedata.normalize("NFD", character)
    if "\u031b" in marks:
        marks.remove("\u031b")
        letter = VNI_LETTERS[unicodedata.normalize("NFC", letter + "\u031b")]
    return letter + VNI_MARKS.get("".join(marks), "")


def layer_of(path: Path, reader: Reader, page_number: int = 1) -> TextLayer | None:
    return read_text_layer(path, open_page(path, ScanKind.PDF, page_number), reader, 240)


def verdict_on(path: Path, reader: Reader) -> object:
    layer = layer_of(path, reader)
    assert layer is not None
    assert bool(layer.words) == (layer.step.parameters["verdict"] == Verdict.BELIEVED.value)
    return layer.step.parameters["verdict"]


def text_of(layer: TextLayer) -> list[str]:
    lines: dict[int, list[str]] = {}
    for word in layer.words:
        lines.setdefault(word.line, []).append(word.text)
    return [" ".join(words) for _, words in sorted(lines.items())]


def scan_of(path: Path, dpi: int = 150) -> Image.Image:
    """The page as a scanner would see it."""
    pixels = open_page(path, ScanKind.PDF, 1).pixels
    size = tuple(round(side * dpi / 72) for side in A4)
    return Image.fromarray(pixels).convert("L").resize(size)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    return write_pdf(tmp_path_factory.mktemp("written") / "letter.pdf", [Sheet(PAGE)])


def test_a_written_page_is_read_from_its_layer(written, tesseract):
    page = read_page_of(written, ScanKind.PDF, SHA256, 1, tesseract, 240)
    assert page.text.splitlines() == [
        "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 574/UBND-KTTH Quảng Ngãi, ngày 04 tháng 02 năm 2025",
        *LETTER,
    ]
    assert [info.name for info in page.readers] == ["text-layer"]
    assert page.readers[0].label.startswith("text-layer poppler ") and not page.readers[0].label.endswith(" ")
    assert all(word.confidence is None for word in page.words)
    (step,) = page.steps
    assert (step.name, step.parameters["verdict"]) == ("text-layer", "believed")
    assert step.parameters["words_equal"] >= 0.8 and step.parameters["words_compared"] > 15
    assert not page.problems and not page.is_blank
    assert PageText.from_json(page.to_json()) == page


@pytest.mark.parametrize(
    "shown",
    [
        dict(rotate=0),
        dict(rotate=90),
        dict(rotate=270),
        dict(rotate=180),
        dict(crop_box=(40, 300, 580, 830)),
        dict(media_box=(100, -50, 100 + A4[0], -50 + A4[1])),
        dict(media_box=(100, -50, 100 + A4[0], -50 + A4[1]), crop_box=(150, 250, 690, 780), rotate=90),
    ],
    ids=str,
)
def test_boxes_fall_on_the_ink_of_the_picture(tmp_path, shown, tesseract):
    left = shown.get("media_box", (0,))[0]
    texts = [Text(text.text, text.x + left, text.baseline, text.size, text.style) for text in PAGE]
    path = write_pdf(tmp_path / "turned.pdf", [Sheet(texts, **shown)])
    image = open_page(path, ScanKind.PDF, 1)
    assert image.dpi == PDF_RENDER_DPI
    dark = (image.pixels if image.pixels.ndim == 2 else image.pixels.min(axis=2)) < 128
    layer = layer_of(path, tesseract)
    assert layer is not None
    if shown.get("rotate", 0) in {90, 270}:
        assert layer.step.parameters["verdict"] == "sideways"  # lines run down the picture: for the reader to turn
        return
    if shown.get("rotate") == 180:
        assert layer.step.parameters["verdict"] == "reads-otherwise"
        return
    assert layer.words
    for word in layer.words:
        box = word.box
        assert dark[box.top : box.bottom, box.left : box.right].any()
        # The ink reaches to within three pixels of each edge: the box is that of the word.
        for edge in (dark[box.top : box.top + 4], dark[box.bottom - 4 : box.bottom]):
            assert edge[:, box.left : box.right].any()


def test_a_turned_page_whose_text_stands_upright_is_believed(tmp_path, tesseract):
    """A landscape page: the content was written sideways and `/Rotate` sets it right."""
    height = A4[1]
    path = write_pdf(tmp_path / "landscape.pdf", [Sheet(PAGE, rotate=90, is_landscape=True)])
    image = open_page(path, ScanKind.PDF, 1)
    assert image.width_px > image.height_px and image.width_px == pytest.approx(height * 300 / 72, abs=1)
    layer = layer_of(path, tesseract)
    assert layer is not None and text_of(layer)[2:] == list(LETTER)


def test_a_scan_without_a_layer_has_none(tmp_path, written, tesseract):
    path = write_pdf(tmp_path / "scan.pdf", [Sheet(picture=scan_of(written))])
    assert layer_of(path, tesseract) is None


def test_the_caption_of_a_signature_on_a_scan_is_no_layer(tmp_path, written, tesseract):
    caption = [
        Text("Ký bởi: Trung tâm Công báo và Tin học, tỉnh Quảng Ngãi", 300, 20, 6),
        Text("Cơ quan: Văn phòng Ủy ban nhân dân; Thời gian ký: 07.01.2025 10:44:25 +07:00", 300, 28, 6),
    ]
    path = write_pdf(tmp_path / "signed.pdf", [Sheet(caption, picture=scan_of(written))])
    assert verdict_on(path, tesseract) == "mostly-picture"
    page = read_page_of(path, ScanKind.PDF, SHA256, 1, tesseract, 240)
    assert "Tịnh Điền" in page.text
    assert page.readers[0].name == "tesseract"
    assert page.steps[0].parameters["verdict"] == "mostly-picture"


def test_the_hidden_layer_of_another_reader_is_not_believed(tmp_path, written, tesseract):
    """What a scanner's own recogniser put under the picture, even when it is right."""
    hidden = [*body(mode=3), *(Text(t.text, t.x, t.baseline, t.size, t.style, mode=3) for t in HEADING)]
    path = write_pdf(tmp_path / "two-layers.pdf", [Sheet(hidden, picture=scan_of(written))])
    assert verdict_on(path, tesseract) == "mostly-picture"
    # A scan of a slip, a third of the page, on a page of its own: the picture alone does not tell.
    slip = scan_of(written).crop((0, 0, 1240, 600))
    place = (0, 0, A4[0], A4[0] * 600 / 1240)
    path = write_pdf(tmp_path / "slip.pdf", [Sheet(hidden, picture=slip, picture_place=place)])
    assert verdict_on(path, tesseract) == "not-visible"


def test_words_nobody_sees_are_left_out(tmp_path, tesseract):
    unseen = (
        Text("chữ ẩn hoàn toàn", 85, 500, mode=3),
        Text("chữ trắng trên nền trắng", 85, 540, grey=1.0),
        Text("chữ bị che kín", 85, 580),
        Text("chữ ngoài trang giấy", 700, 600),
    )
    cover = f"1 g 80 {A4[1] - 590} 300 20 re f"
    path = write_pdf(tmp_path / "unseen.pdf", [Sheet((*PAGE, *unseen), after=cover)])
    layer = layer_of(path, tesseract)
    assert layer is not None
    assert text_of(layer)[2:] == list(LETTER)
    assert layer.step.parameters["hidden_words"] == 4 + 5 + 4


def test_light_text_on_a_dark_band_is_seen(tmp_path, tesseract):
    band = f"0.1 g 80 {A4[1] - 370} 400 30 re f"
    path = write_pdf(tmp_path / "band.pdf", [Sheet((*PAGE, Text("TỔNG CỘNG", 90, 358, grey=1.0)), before=band)])
    layer = layer_of(path, tesseract)
    assert layer is not None and text_of(layer)[-1] == "TỔNG CỘNG"


def test_one_text_hidden_under_another_is_not_believed(tmp_path, tesseract):
    other = tuple(Text(line, 85, 150 + 22 * row, mode=3) for row, line in enumerate(reversed(LETTER)))
    path = write_pdf(tmp_path / "two-texts.pdf", [Sheet((*PAGE, *other))])
    assert verdict_on(path, tesseract) == "not-visible"


@pytest.mark.parametrize(
    ("spelling", "verdict"),
    [
        (lambda c: TCVN3.get(c, c), "reads-otherwise"),
        (vni, "reads-otherwise"),
        (lambda c: chr(ord(c) + 3) if c.isalpha() and c.isascii() else c, "reads-otherwise"),
        (lambda c: chr(0xE000 + ord(c) % 0x1000), "unreadable-letters"),
    ],
    ids=["tcvn3", "vni", "shifted", "private-use"],
)
def test_a_layer_that_is_spelled_wrong_is_not_believed(tmp_path, tesseract, spelling, verdict):
    path = write_pdf(tmp_path / "garbage.pdf", [Sheet(PAGE)], spelling)
    assert verdict_on(path, tesseract) == verdict


def test_a_layer_that_lacks_part_of_the_page_is_not_believed(tmp_path, written, tesseract):
    scan = scan_of(written)
    table = scan.crop((150, 270, 1000, 560))
    path = write_pdf(tmp_path / "half.pdf", [Sheet(PAGE, picture=table, picture_place=(85, 400, 408, 139))])
    assert verdict_on(path, tesseract) == "text-left-out"
    number = scan.crop((150, 190, 420, 215))
    path = write_pdf(tmp_path / "number.pdf", [Sheet(PAGE, picture=number, picture_place=(85, 400, 130, 12))])
    assert verdict_on(path, tesseract) == "text-left-out"
    emblem = Image.radial_gradient("L")
    path = write_pdf(tmp_path / "emblem.pdf", [Sheet(PAGE, picture=emblem, picture_place=(85, 400, 100, 100))])
    assert verdict_on(path, tesseract) == "believed"


def test_a_signature_drawn_on_a_written_page_takes_nothing_away(tmp_path, tesseract):
    scribble = "q 0 0 0.6 RG 2 w 350 400 m 380 480 400 330 430 420 c 440 470 470 380 520 430 c S Q"
    path = write_pdf(tmp_path / "signed.pdf", [Sheet(PAGE, after=scribble)])
    assert verdict_on(path, tesseract) == "believed"


def test_letters_drawn_one_by_one_and_a_change_of_font_make_one_word(tmp_path):
    texts = [Text("Số: 57", 85, 100), Text("4/UB", 118.6, 100, 13, Style.BOLD)]
    path = write_pdf(tmp_path / "joined.pdf", [Sheet(texts)])
    assert [word.text for word in pdf_words(path, 1, 10).words] == ["Số:", "574/UB"]


def test_a_label_and_its_value_across_a_gap_are_one_line(tmp_path):
    form = {"Họ, chữ đệm, tên:": "THÀO A PÁO", "Giới tính:": "Nam", "Dân tộc:": "Mông", "Quốc tịch:": "Việt Nam"}
    texts = [
        text
        for row, (label, value) in enumerate(form.items())
        for text in (Text(label, 60, 140 + 20 * row), Text(value, 280, 140 + 20 * row, 13, Style.BOLD))
    ]
    path = write_pdf(tmp_path / "form.pdf", [Sheet(texts)])
    lines: dict[int, list[str]] = {}
    for word in pdf_words(path, 1, 10).words:
        lines.setdefault(word.line, []).append(word.text)
    assert [" ".join(words) for words in lines.values()] == [f"{label} {value}" for label, value in form.items()]


def test_a_file_that_is_no_pdf_has_no_words(tmp_path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing of the kind")
    assert pdf_words(path, 1, 10).words == ()


@pytest.mark.parametrize(
    ("given_text", "clean"),
    [
        ("hiê\u0323u", "hiệu"),
        ("pha\u00adp", "phap"),
        ("xa\u0303\u200b", "xã"),
        ("con\ufb01rm", "confirm"),
        ("a\u00a0b", "ab"),
        ("\x00\x07", ""),
        ("\u202e574", "574"),
    ],
)
def test_words_are_spelled_as_the_product_spells(given_text, clean):
    assert clean_text(given_text) == clean


@given(st.text())
def test_any_table_is_parsed(table):
    words_of_pdf_table(table)


CELL = st.one_of(st.text(max_size=6), st.sampled_from(["1", "4", "5", "nan", "inf", "-1e9", "1e400", "12.5"]))


@given(st.lists(st.lists(CELL, min_size=10, max_size=14).map("\t".join), max_size=8).map("\n".join))
def test_any_row_is_parsed_into_words_with_numbers_for_places(table):
    page = words_of_pdf_table(table)
    for word in page.words:
        assert word.text and not any(character.isspace() for character in word.text)
        assert all(np.isfinite(edge) for edge in (word.left, word.top, word.right, word.bottom))


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)
