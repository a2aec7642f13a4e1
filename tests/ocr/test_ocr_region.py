"""Regions: what is cut out is what stands in the box, however the page lay on its scan."""

import cv2
import numpy as np
import pytest

from ocr.cleanup.geometry import as_matrix, as_values, level_back, quarter_turn_back, through
from ocr.image import PageImage
from ocr.page import IDENTITY, Box, Matrix, PageText
from ocr.region import cut_region


def page_of(upright_to_scan: Matrix = IDENTITY) -> PageText:
    return PageText(
        scan_sha256="0" * 64, page_number=1, recipe="r", width_px=400, height_px=300, dpi=100,
        upright_to_scan=upright_to_scan,
    )  # fmt: skip


def marked() -> np.ndarray:
    pixels = np.full((300, 400, 3), 255, np.uint8)
    pixels[100:140, 50:250] = (200, 0, 0)
    return pixels


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_a_turned_page_gives_the_upright_region(rotation_deg: int) -> None:
    scan = np.ascontiguousarray(np.rot90(marked(), k=rotation_deg // 90))
    back = as_values(quarter_turn_back(scan.shape[1], scan.shape[0], rotation_deg))
    region = cut_region(PageImage(scan, 100, 1), page_of(back), Box(50, 100, 250, 140), 0)
    assert region.shape == (40, 200, 3)
    assert (region == (200, 0, 0)).all()


def test_the_margin_is_paper_and_white_beyond_the_edge() -> None:
    region = cut_region(PageImage(marked(), 100, 1), page_of(), Box(0, 0, 100, 40), 0.5)
    assert region.shape == (80, 140, 3)
    assert (region[:20] == 255).all()


def test_a_grey_page_gives_three_equal_colours() -> None:
    grey = np.full((300, 400), 7, np.uint8)
    region = cut_region(PageImage(grey, 100, 1), page_of(), Box(10, 10, 60, 30), 0)
    assert region.shape == (20, 50, 3)
    assert (region == 7).all()


def test_a_straightened_page_gives_a_level_line() -> None:
    back, (width, height) = level_back((400, 300), 2.0)
    skewed = cv2.warpPerspective(
        marked(), np.array([[1, 0, (width - 400) / 2], [0, 1, (height - 300) / 2], [0, 0, 1]]), (450, 350),
        borderValue=(255, 255, 255),
    )  # fmt: skip
    scan = cv2.warpPerspective(skewed, back, (400, 300), borderValue=(255, 255, 255))
    left, top = round((width - 400) / 2), round((height - 300) / 2)
    box = Box(60 + left, 105 + top, 240 + left, 135 + top)
    region = cut_region(PageImage(scan, 100, 1), page_of(as_values(back)), box, 0)
    assert (region[..., 1] < 60).mean() > 0.99


def test_a_photo_gives_the_flat_region() -> None:
    seen = np.array([[30, 20], [370, 60], [350, 280], [50, 250]], dtype=np.float32)
    flat = np.array([[0, 0], [400, 0], [400, 300], [0, 300]], dtype=np.float32)
    photo = cv2.warpPerspective(marked(), cv2.getPerspectiveTransform(flat, seen), (400, 300))
    back = as_values(np.asarray(cv2.getPerspectiveTransform(flat, seen), dtype=np.float64))
    region = cut_region(PageImage(photo, 100, 1), page_of(back), Box(55, 105, 245, 135), 0)
    assert (region[..., 1] < 60).mean() > 0.99
    corner = through(as_matrix(back), np.array([[0.0, 0.0]]))[0]
    assert corner == pytest.approx((30, 20), abs=1e-3)


def test_a_region_beside_the_scan_is_white() -> None:
    region = cut_region(PageImage(marked(), 100, 1), page_of(), Box(900, 900, 950, 920), 0)
    assert region.shape == (20, 50, 3)
    assert (region == 255).all()
