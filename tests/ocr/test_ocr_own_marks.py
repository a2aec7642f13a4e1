"""Blank pages: what stands on a back is not taken for writing, and no page somebody wrote on is called empty."""

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
    page = read_page(page_image(draw_back(kind, 23, DPI)), "0" * 64, tesseract, 60)
    assert page.is_blank
    assert page.quality is not None and page.quality.verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("kind", "words"),
    [("Phụ lục", "Phụ lục"), ("red title", "GIẤY CHỨNG NHẬN"), ("received stamp", "ĐẾN"), ("signature", "")],
)
def test_a_page_with_little_on_it_is_kept_and_read(tesseract: TesseractReader, kind: str, words: str) -> None:
    page = read_page(page_image(draw_back(kind, 23, DPI)), "0" * 64, tesseract, 60)
    assert not page.is_blank
    assert words in page.text


def test_print_so_pale_that_it_is_hardly_there_is_read(tesseract: TesseractReader) -> None:
    page = read_page(page_image(draw_back("pale print", 23, DPI)), "0" * 64, tesseract, 60)
    assert not page.is_blank
    assert "Luật Tổ chức chính quyền địa phương" in page.text
