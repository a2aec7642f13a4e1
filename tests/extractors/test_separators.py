"""Separator sheets: what their code says, printed, soiled and scanned."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from extractors.sample import page_from_text
from extractors.splitting.separator_sheets import separator_pdf, separator_sheet
from extractors.splitting.separators import Separator, find_separator, separator_payload
from ocr.codes import find_codes
from ocr.image import PageImage
from ocr.page import Box, CodeContent, CodeFormat, PageCode, PageText

PLAIN = Separator()
FULL = Separator("giay-khai-sinh", "H05.12-251112-0012")


def page_with(text: str, code_format: CodeFormat = CodeFormat.QR) -> PageText:
    code = PageCode(format=code_format, content=CodeContent.TEXT, text=text, box=Box(0, 0, 9, 9), corners=())
    return page_from_text("").model_copy(update={"codes": (code,)})


@pytest.mark.parametrize(
    "separator", [PLAIN, FULL, Separator(paper_type="can-cuoc"), Separator(dossier_code="H44-251112-0012")]
)
def test_what_is_written_is_read(separator: Separator):
    assert find_separator(page_with(separator_payload(separator))) == separator


def test_the_payload_is_versioned_and_a_later_sheet_still_separates():
    assert separator_payload(PLAIN) == "SOHOA:NGAN-CACH:1"
    assert find_separator(page_with("SOHOA:NGAN-CACH:2;loai=giay-khai-sinh")) == PLAIN


@pytest.mark.parametrize(
    "text", ["SOHOA:NGAN-CACH:", "x SOHOA:NGAN-CACH:1", "SOHOA:NGAN-CACH:1 x", "027195001234|1|An", ""]
)
def test_no_other_code_separates(text: str):
    assert find_separator(page_with(text)) is None


def test_only_a_qr_separates_and_nonsense_in_it_is_left_aside():
    assert find_separator(page_with("SOHOA:NGAN-CACH:1", CodeFormat.CODE_128)) is None
    assert find_separator(page_with("SOHOA:NGAN-CACH:1;loai=Ông A;ho-so=12")) == PLAIN


def test_the_printed_words_are_enough_for_a_copy_too_poor_for_its_code():
    words = "TRANG NGĂN CÁCH\nĐặt trang này giữa hai giấy tờ trước khi quét cả tập."
    assert find_separator(page_from_text(words)) == PLAIN
    assert find_separator(page_from_text("TRANG NGĂN CÁCH")) is None


@given(st.text(max_size=60))
def test_no_code_breaks_it(text: str):
    assert find_separator(page_with(f"SOHOA:NGAN-CACH:1{text}")) is not False


@pytest.mark.parametrize("separator", [Separator(paper_type="Giấy"), Separator(dossier_code="12")])
def test_what_is_no_type_and_no_code_is_not_printed(separator: Separator):
    with pytest.raises(ValueError, match=r"no (paper type|dossier code)"):
        separator_payload(separator)
    with pytest.raises(ValueError, match="at least one"):
        separator_pdf(PLAIN, 0)


def scanned(sheet: Image.Image, worn: str) -> np.ndarray:
    grey = np.asarray(sheet.convert("L").resize((1654, 2339), Image.Resampling.BOX))
    height, width = grey.shape
    if worn == "upside-down":
        return np.ascontiguousarray(grey[::-1, ::-1])
    if worn == "skewed":
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 4, 1)
        return cv2.warpAffine(grey, turn, (width, height), borderValue=255)
    if worn == "fax":
        small = cv2.resize(grey, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        return np.where(small < 128, 0, 255).astype(np.uint8)
    if worn == "soiled":
        soiled = grey.copy()
        cv2.line(soiled, (width // 2 - 90, 600), (width // 2 + 120, 1000), 0, 25)
        return soiled
    return grey


@pytest.mark.parametrize("worn", ["clean", "upside-down", "skewed", "fax", "soiled"])
def test_a_printed_sheet_is_found_however_it_was_scanned(worn: str):
    pixels = scanned(separator_sheet(FULL), worn)
    image = PageImage(pixels=pixels, page_number=1, dpi=100 if worn == "fax" else 200)
    page = page_from_text("").model_copy(update={"codes": find_codes(image)})
    assert find_separator(page) == FULL


def test_the_transfer_patch_has_its_measures_from_either_edge():
    column = np.asarray(separator_sheet(PLAIN))[:, 1240]
    for edge in (column, column[::-1]):
        dark = np.flatnonzero(~edge)
        changes = np.flatnonzero(np.diff(edge[: dark[0] + 300].astype(int))) + 1
        widths = np.diff(changes[:8]) / 300
        assert widths == pytest.approx([0.08, 0.08, 0.2, 0.08, 0.08, 0.08, 0.2], abs=0.01)


def test_the_pdf_has_so_many_pages():
    assert separator_pdf(PLAIN, 3).count(b"/Type /Page\n") == 3
