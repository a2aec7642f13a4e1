"""Pictures kept between reading a page and reading its lines again: whole or not there, and gone afterwards."""

from pathlib import Path

import numpy as np
import pytest

from flows.opened_pages import OpenedPages
from ocr.image import PageImage
from ocr.problem import Code, Problem

SCAN, OTHER = "a" * 64, "b" * 64
COLOUR = np.random.default_rng(1).integers(0, 256, (40, 30, 3), dtype=np.uint8)


def test_what_is_kept_is_found_as_it_was(tmp_path: Path) -> None:
    pages = OpenedPages(tmp_path)
    for number, pixels in ((1, COLOUR), (12, COLOUR[..., 0])):
        pages.keep(SCAN, PageImage(pixels, 300, number))
        found = pages.find(SCAN, number)
        assert found is not None
        assert np.array_equal(found.pixels, pixels)
        assert (found.dpi, found.page_number) == (300, number)
    assert pages.find(SCAN, 2) is None
    assert pages.find(OTHER, 1) is None


def test_a_scan_is_dropped_whole_and_alone(tmp_path: Path) -> None:
    pages = OpenedPages(tmp_path)
    for scan, number in ((SCAN, 1), (SCAN, 2), (OTHER, 1)):
        pages.keep(scan, PageImage(COLOUR, 200, number))
    mapped = pages.find(SCAN, 1)
    pages.drop([SCAN])
    assert pages.find(SCAN, 1) is None
    assert pages.find(SCAN, 2) is None
    assert pages.find(OTHER, 1) is not None
    assert mapped is not None
    assert np.array_equal(mapped.pixels, COLOUR)


def test_no_more_is_kept_than_allowed(tmp_path: Path) -> None:
    pages = OpenedPages(tmp_path, max_bytes=COLOUR.nbytes + 200)
    pages.keep(SCAN, PageImage(COLOUR, 200, 1))
    pages.keep(SCAN, PageImage(COLOUR, 200, 2))
    assert pages.find(SCAN, 1) is not None
    assert pages.find(SCAN, 2) is None


def test_pages_with_problems_are_opened_again(tmp_path: Path) -> None:
    problem = Problem(code=Code.PAGE_DAMAGED, page_number=1)
    OpenedPages(tmp_path).keep(SCAN, PageImage(COLOUR, 200, 1, (problem,)))
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_is_as_good_as_none(tmp_path: Path) -> None:
    pages = OpenedPages(tmp_path)
    pages.keep(SCAN, PageImage(COLOUR, 200, 1))
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert pages.find(SCAN, 1) is None


def test_a_full_disk_keeps_nothing_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    OpenedPages(tmp_path).keep(SCAN, PageImage(COLOUR, 200, 1))
    assert list(tmp_path.iterdir()) == []
