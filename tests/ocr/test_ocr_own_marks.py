"""Blank pages: what stands on a back is not taken for writing, and no page somebody wrote on is called empty."""

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmarks.drawing.backs import EMPTY, NOT_EMPTY, draw_back
from ocr.image import PageImage
from ocr.own_marks import has_own_marks
from ocr.page_quality import Verdict
from ocr.read_page import read_page
from ocr.readers.tesseract import TesseractReader

DPI = 150
# Red marks are for the reader to judge; print so pale is not dark.
READ = {"received stamp", "red title", "pale print"}
# Print of the other side under a stamp that shows through, and the dots a threshold makes of a shadow, look like marks
# without colour: such a back is kept, which costs a glance.
KEPT = {("text and stamp through", "L"), ("scanner edges", "1")}


def page_image(page: Image.Image) -> PageImage:
    grey = page.convert("L") if page.mode == "1" else page
    return PageImage(np.ascontiguousarray(np.asarray(grey)), DPI, 1)


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
@pytest.mark.parametrize("kind", EMPTY)
def test_empty_backs_have_no_marks(kind: str, mode: str) -> None:
    if (kind, mode) not in KEPT:
        assert not has_own_marks(page_image(draw_back(kind, 21, DPI, mode)))


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
@pytest.mark.parametrize("kind", sorted(set(NOT_EMPTY) - READ))
def test_whatever_somebody_put_there_is_a_mark(kind: str, mode: str) -> None:
    for seed in (21, 22):
        assert has_own_marks(page_image(draw_back(kind, seed, DPI, mode)))


@pytest.mark.parametrize(
    "kind", ["stamp through", "wet stamp through", "text and stamp through", "ruled lines", "specks"]
)
def test_an_empty_back_is_blank_and_of_no_poor_quality(tesseract: TesseractReader, kind: str) -> None:
    page = read_page(page_image(draw_back(kind, 23, DPI)), "0" * 64, tesseract, 240)
    assert page.is_blank
    assert page.quality is not None and page.quality.verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("kind", "words"),
    [("Phụ lục", "Phụ lục"), ("red title", "GIẤY CHỨNG NHẬN"), ("received stamp", "ĐẾN"), ("signature", "")],
)
def test_a_page_with_little_on_it_is_kept_and_read(tesseract: TesseractReader, kind: str, words: str) -> None:
    page = read_page(page_image(draw_back(kind, 23, DPI)), "0" * 64, tesseract, 240)
    assert not page.is_blank
    assert words in page.text


def test_print_so_pale_that_it_is_hardly_there_is_read(tesseract: TesseractReader) -> None:
    page = read_page(page_image(draw_back("pale print", 23, DPI)), "0" * 64, tesseract, 240)
    assert not page.is_blank
    assert "Luật Tổ chức chính quyền địa phương" in page.text


def test_ruled_paper_that_nobody_wrote_on_bears_no_marks() -> None:
    page = np.full((2339, 1654), 250, np.uint8)
    for row, top in enumerate(range(200, 2200, 80)):
        if row % 2:
            page[top : top + 2, 160:1500] = 90
        else:
            for left in range(160, 1500, 9):
                page[top + (left > 800) : top + 3 + (left > 800), left : left + 3] = 90
    assert not has_own_marks(PageImage(page, 200, 1))


def test_writing_on_ruled_paper_is_a_mark() -> None:
    page = np.full((2339, 1654), 250, np.uint8)
    for top in range(200, 2200, 80):
        for left in range(160, 1500, 9):
            page[top : top + 3, left : left + 3] = 90
    cv2.putText(page, "An", (400, 435), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 2.5, 40, 4)
    assert has_own_marks(PageImage(page, 200, 1))


def test_an_empty_grainy_sheet_is_blank_and_quickly_so(tesseract: TesseractReader) -> None:
    generator = np.random.default_rng(5)
    shade = np.linspace(225, 240, 1654, dtype=np.float32)[None, :]
    page = (shade + generator.normal(0, 5, (2339, 1654))).clip(0, 255).astype(np.uint8)
    assert read_page(PageImage(page, 200, 1), "0" * 64, tesseract, 30).is_blank
