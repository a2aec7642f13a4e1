"""What every reader promises, and what a page is when its reader does not keep it."""

from pathlib import Path

import numpy as np
import pytesseract
import pytest
from PIL import Image, ImageDraw

from benchmarks.drawing.fonts import Style, load_font
from ocr.image import PageImage
from ocr.page import PageText, ReaderInfo
from ocr.problem import Code, SohoaError
from ocr.read_page import read_page, read_page_of, recipe_of
from ocr.readers import tesseract as engine
from ocr.readers.reader import reading_quality
from ocr.readers.tesseract import TesseractReader
from ocr.readers.tesseract_model import TesseractModel, debian_model
from ocr.scan import ScanKind
from ocr.vietnamese import fold, to_nfc


@pytest.fixture(scope="session")
def picture(page_with_marks) -> np.ndarray:
    return np.asarray(page_with_marks[0].convert("L").resize((1158, 1637)).crop((0, 0, 1158, 420)))


@pytest.fixture
def scan_file(tmp_path: Path, page_with_marks) -> Path:
    path = tmp_path / "a.png"
    page_with_marks[0].save(path)
    return path


def test_words_are_nfc_without_blanks_and_inside_the_picture(page_reader, picture: np.ndarray) -> None:
    words = page_reader.read(picture, 140, 240)
    assert "THUẬN" in {word.text for word in words}
    height, width = picture.shape
    for word in words:
        assert word.text == to_nfc(word.text) and word.text and not any(char.isspace() for char in word.text)
        assert 0 <= word.box.left < word.box.right <= width
        assert 0 <= word.box.top < word.box.bottom <= height
        assert word.confidence is None or 0 <= word.confidence <= 1
    assert [word.line for word in words] == sorted(word.line for word in words)
    assert words[0].line == 0


def test_reading_twice_gives_the_same(page_reader, picture: np.ndarray) -> None:
    assert page_reader.read(picture, 140, 240) == page_reader.read(picture, 140, 60)


def test_empty_paper_has_no_words(page_reader) -> None:
    assert page_reader.read(np.full((600, 400), 255, np.uint8), 180, 240) == ()


def test_time_limit_is_kept(page_reader, page_with_marks) -> None:
    page = np.asarray(page_with_marks[0].convert("L"))
    with pytest.raises(SohoaError) as caught:
        page_reader.read(page, 200, 0.05)
    assert caught.value.code is Code.PAGE_TIMEOUT
    assert caught.value.problem.retryable


def test_info_tells_model_and_version(page_reader) -> None:
    (info,) = page_reader.readers
    assert info.label.startswith("tesseract 5") and " vie" in info.label
    assert len(info.model_sha256) == 64


def test_missing_program_and_missing_model_are_told(tesseract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SohoaError) as caught:
        TesseractReader(TesseractModel(tmp_path, "vie", "vie"))
    assert caught.value.code is Code.READER_MISSING
    model = debian_model()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SohoaError) as caught:
        TesseractReader(model)
    assert caught.value.code is Code.READER_MISSING


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (pytesseract.TesseractError(139, "Segmentation fault"), Code.READER_FAILED),
        (RuntimeError("Tesseract process timeout"), Code.PAGE_TIMEOUT),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), Code.READER_FAILED),
        (KeyError("text"), Code.READER_FAILED),
        (pytesseract.TesseractNotFoundError(), Code.READER_MISSING),
    ],
)
def test_engine_failures_become_codes_without_recognised_text(
    tesseract, picture: np.ndarray, monkeypatch: pytest.MonkeyPatch, raised: Exception, code: Code
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(engine.pytesseract, "image_to_data", fail)
    with pytest.raises(SohoaError) as caught:
        tesseract.read(picture, 140, 240)
    assert caught.value.code is code
    assert "Segmentation" not in caught.value.problem.detail


@pytest.mark.parametrize("code", [Code.PAGE_TIMEOUT, Code.READER_FAILED])
def test_failed_reader_is_a_problem_of_the_page(replay, scan_file: Path, code: Code) -> None:
    reader = replay(SohoaError(code, retryable=True))
    page = read_page_of(scan_file, ScanKind.PNG, "0" * 64, 1, reader, 1)
    assert page.failed
    assert [(problem.code, problem.page_number) for problem in page.problems] == [(code, 1)]
    assert page.recipe == recipe_of(reader)


def test_failure_of_the_second_look_fails_the_page(replay, record, page_with_marks) -> None:
    # A page known only in part must not pass for a whole one.
    reader = replay(record("Một hai ba bốn"), SohoaError(Code.READER_FAILED, retryable=True))
    image = PageImage(np.asarray(page_with_marks[0]), 200, 1)
    with pytest.raises(SohoaError):
        read_page(image, "0" * 64, reader, 1)


def test_damaged_file_is_a_problem_of_the_page(replay, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n cut off")
    page = read_page_of(path, ScanKind.PNG, "0" * 64, 3, replay(), 1)
    assert page.failed
    assert page.problems[0].page_number == 3


def test_recipe_changes_with_all_that_decides_a_reading(replay, monkeypatch: pytest.MonkeyPatch) -> None:
    info = ReaderInfo(name="t", version="5.3.0", model="vie", model_sha256="a" * 64, parameters={"psm": "3"})
    changes = [{"version": "5.5.4"}, {"model": "best"}, {"model_sha256": "b" * 64}, {"parameters": {"psm": "6"}}]
    recipes = {recipe_of(replay(info=info.model_copy(update=change))) for change in [{}, *changes]}
    assert len(recipes) == 1 + len(changes)
    assert recipe_of(replay(info=info)) == recipe_of(replay(info=info.model_copy()))
    for name in ("CLEANUP_VERSION", "READING_VERSION", "SECOND_LOOK_VERSION", "PDF_RENDER_DPI"):
        monkeypatch.setattr(f"ocr.read_page.{name}", 999)
        recipes.add(recipe_of(replay(info=info)))
    assert len(recipes) == 1 + len(changes) + 4


def test_page_text_survives_storing(replay, record, page_with_marks) -> None:
    page = read_page(PageImage(np.asarray(page_with_marks[0]), 200, 1), "a" * 64, replay(record("Một hai", "ba")), 1)
    assert PageText.from_json(page.to_json()) == page
    assert page.text == "Một hai\nba"
    assert b'"schema":"sohoa.page/1"' in page.to_json()


def test_reading_quality_is_a_share(record) -> None:
    assert reading_quality(()) == 0
    assert reading_quality(record("kính gửi công dân")) == 1
    assert reading_quality(record("kính gửi công dân", confidence=0.2)) == 0
    assert reading_quality(record("| . , ~ 1")) == 0


def corner_number_page() -> Image.Image:
    """A page whose number stands alone in the corner, and whose title is red."""
    page = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(page)
    draw.text((1300, 120), "Số: 143/2015", font=load_font(Style.REGULAR, 36), fill="black")
    draw.text((560, 420), "GIẤY KHAI SINH", font=load_font(Style.BOLD, 58), fill=(214, 32, 44))
    for row in range(14):
        line = f"Dòng {row} của giấy này ghi những điều mà ai cũng đọc được rõ ràng"
        draw.text((200, 600 + row * 80), line, font=load_font(Style.REGULAR, 38), fill="black")
    return page


def test_red_title_and_lone_number_are_read(page_reader) -> None:
    page = read_page(PageImage(np.asarray(corner_number_page()), 200, 1), "0" * 64, page_reader, 240)
    lines = page.text.splitlines()
    assert "Số: 143/2015" in lines
    assert fold(lines[0]) == "giay khai sinh"
    assert len(lines) == 16
