"""Matrices of clean-up: pictures and points move alike, and every way leads back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.cleanup import clean_page
from ocr.cleanup.geometry import as_matrix, as_values, level_back, quarter_turn_back, scaling, shift, through, warp
from ocr.image import PageImage
from ocr.page import PageText

sizes = st.tuples(st.integers(20, 200), st.integers(20, 200))


@given(sizes, st.sampled_from([0, 90, 180, 270]))
@settings(max_examples=40, deadline=None)
def test_a_quarter_turn_copies_pixels(size: tuple[int, int], turn: int) -> None:
    width, height = size
    picture = np.random.default_rng(width * height).integers(0, 256, (height, width), dtype=np.uint8)
    turned = np.rot90(picture, k=-(turn // 90))
    back = quarter_turn_back(width, height, turn)
    assert (warp(picture, back, (turned.shape[1], turned.shape[0])) == turned).all()


@given(sizes, st.floats(-15, 15))
def test_a_straightened_page_holds_every_corner(size: tuple[int, int], angle: float) -> None:
    back, (level_width, level_height) = level_back(size, angle)
    corners = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float64)
    there = through(np.linalg.inv(back), corners)
    assert (there >= -1e-6).all()
    assert (there <= np.array([level_width, level_height]) + 1e-6).all()
    assert through(back, there) == pytest.approx(corners, abs=1e-6)


@given(st.floats(-30, 30), st.floats(-30, 30), st.floats(0.2, 3), st.floats(0.2, 3))
def test_stored_values_are_the_matrix(x: float, y: float, a: float, b: float) -> None:
    matrix = shift(x, y) @ scaling(a, b) * 2.0
    assert as_matrix(as_values(matrix)) == pytest.approx(matrix / 2.0)


def test_a_picture_moves_as_its_points_do() -> None:
    picture = np.full((120, 160), 255, np.uint8)
    picture[40:60, 50:90] = 0
    back = shift(10, 5) @ scaling(0.5, 0.5)
    moved = warp(picture, back, (300, 220))
    ys, xs = np.nonzero(moved < 128)
    box = through(np.linalg.inv(back), np.array([[50.0, 40.0], [90.0, 60.0]]))
    assert (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1) == pytest.approx(tuple(box.ravel()), abs=1.5)


def test_beyond_the_picture_is_paper() -> None:
    dark = np.zeros((30, 30, 3), np.uint8)
    assert (warp(dark, shift(-10, 0), (40, 30))[:, :10] == 255).all()


def test_a_page_on_its_side_has_the_size_of_the_upright_page() -> None:
    page = clean_page(PageImage(np.full((900, 1300), 255, np.uint8), 200, 1), rotation_deg=90)
    width, height = page.upright_size
    assert abs(width - 900) <= 3
    assert abs(height - 1300) <= 3


def test_a_page_text_without_an_upright_size_is_measured_by_its_scan() -> None:
    page = PageText(scan_sha256="0" * 64, page_number=1, recipe="r", width_px=700, height_px=300, dpi=100)
    assert page.upright_size == (700, 300)
    assert page.model_copy(update={"upright_width_px": 710, "upright_height_px": 320}).upright_size == (710, 320)
