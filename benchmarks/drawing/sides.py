"""The sides of sheets in a pile: backs that carry nothing, and where they lie between the written pages."""

import numpy as np
from PIL import Image, ImageChops, ImageFilter, ImageOps

from benchmarks.drawing.backs import EMPTY, draw_back
from benchmarks.drawing.chance import Generator, between, happens, pick
from benchmarks.drawing.origin import Origin
from benchmarks.drawing.paper import DrawnPaper
from benchmarks.drawing.wear import Strength, draw_wear, wear_page

# Certificates whose pages always lie back to back on one sheet.
_ALWAYS_DUPLEX = ("giay-chung-nhan-quyen-su-dung-dat",)


def blank_back(paper: DrawnPaper, number: int, generator: Generator, worn: Strength, dpi: int) -> Image.Image:
    """Return the empty back of page `number` (from 0) of `paper`, in the mode of its scan.

    Ink of an original shines through, its stamp most; the backs of copies are merely empty or dirty.
    """
    front, mode = paper.printed[number], paper.pages[number].mode
    if worn is not Strength.CLEAN and happens(generator, 0.4):
        return draw_back(pick(generator, tuple(EMPTY)), int(generator.integers(1_000_000)), dpi, mode)
    back = Image.new("RGB", front.size, (255, 255, 255))
    if paper.truth["origin"] == Origin.SCANNER.value and happens(generator, 0.6):
        text = 0.0 if worn is Strength.CLEAN else between(generator, 0.02, 0.1)
        back = _shining_through(front, text, between(generator, 0.15, 0.4), dpi)
    return scanned(back, generator, worn, dpi).convert(mode)


def scanned(page: Image.Image, generator: Generator, worn: Strength, dpi: int) -> Image.Image:
    """Return a sheet (RGB) as the scanner gives it."""
    wear = draw_wear(generator, worn)
    return page if wear is None else wear_page(page, wear, generator, dpi)


def sides_of(
    paper: DrawnPaper, generator: Generator, worn: Strength, dpi: int, two_sided: bool
) -> tuple[list[Image.Image], list[int]]:
    """Return all sides of a paper in the order of the scanner, and which of them (from 1) are its pages.

    Args:
        paper: The paper.
        generator: Where chance comes from.
        worn: How worn its empty backs are.
        dpi: Resolution.
        two_sided: The scanner takes both sides of every sheet.
    """
    if not two_sided or paper.truth["origin"] == Origin.PHONE.value:
        return paper.pages, list(range(1, len(paper.pages) + 1))
    duplex = paper.truth["type"] in _ALWAYS_DUPLEX or happens(generator, 0.5)
    sides: list[Image.Image] = []
    numbers: list[int] = []
    for index, page in enumerate(paper.pages):
        sides.append(page)
        numbers.append(len(sides))
        if not duplex or (index % 2 == 0 and index == len(paper.pages) - 1):
            sides.append(blank_back(paper, index, generator, worn, dpi))
    return sides, numbers


def _shining_through(front: Image.Image, text: float, stamp: float, dpi: int) -> Image.Image:
    """Return white paper with the mirrored `front` on it: black ink to a depth of `text`, red ink of `stamp` (0-1)."""
    levels = np.asarray(ImageOps.mirror(front), dtype=np.float32)
    red = (levels[:, :, 0] - levels[:, :, 1] > 60)[:, :, None]
    pale = 255 - (255 - levels) * np.where(red, np.float32(stamp), np.float32(text))
    soft = Image.fromarray(pale.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(dpi * 0.004))
    return ImageChops.multiply(Image.new("RGB", front.size, (255, 255, 255)), soft)
