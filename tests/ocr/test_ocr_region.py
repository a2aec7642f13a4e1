"""Regions: what is cut out is what stands in the box, however the page was turned."""

import numpy as np
import pytest

from ocr.image import PageImage
from ocr.page import Box, PageText, Step
from ocr.region import cut_region


def page_of(rotation_deg: int = 0, angle_deg: float = 0.0) -> PageText:
    steps = (Step(name="deskew", version=1, parameters={"angle_deg": angle_deg}),) if angle_deg else ()
    return PageText(
        scan_sha256="0" * 64, page_number=1, recipe="r", width_px=400, height_px=300, dpi=100,
        rotation_deg=rotation_deg, steps=steps,
    )  # fmt: skip


def marked() -> np.ndarray:
    pixels = np.full((300, 400, 3), 255, np.uint8)
    pixels[100:140, 50:250] = (200, 0, 0)
    return pixels


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_a_turned_page_gives_the_upright_region(rotation_deg: int) -> None:
    scan = np.ascontiguousarray(np.rot90(marked(), k=rotation_deg // 90))
    region = cut_region(PageImage(scan, 100, 1), page_of(rotation_deg), Box(50, 100, 250, 140), 0)
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
    cv2 = pytest.importorskip("cv2")
    turn = cv2.getRotationMatrix2D((200, 150), -2.0, 1.0)
    skewed = cv2.warpAffine(marked(), turn, (400, 300), borderValue=(255, 255, 255))
    region = cut_region(PageImage(skewed, 100, 1), page_of(angle_deg=2.0), Box(60, 105, 240, 135), 0)
    assert (region[..., 1] < 60).mean() > 0.99
