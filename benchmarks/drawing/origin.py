"""How the picture of a paper came about: scanned, photocopied before, faxed, photographed."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from PIL import Image

from benchmarks.drawing.chance import Generator, happens
from benchmarks.drawing.copies import draw_fax, photocopy, send_fax
from benchmarks.drawing.photos import choose_desk, photograph
from benchmarks.drawing.wear import RANK, Strength, Wear, draw_wear, wear_page


class Origin(StrEnum):
    """What happened to a paper on its way to us; the value stands in the truth."""

    SCANNER = "scanner"
    PHOTOCOPY = "photocopy"
    SECOND_PHOTOCOPY = "second-photocopy"
    FAX = "fax"
    PHONE = "phone"


# Share of a dossier's papers that are no originals, by strength (light, medium, heavy); the rest is.
_COPIES: Mapping[Origin, tuple[float, float, float]] = {
    Origin.PHOTOCOPY: (0.12, 0.20, 0.25),
    Origin.SECOND_PHOTOCOPY: (0.0, 0.06, 0.13),
    Origin.FAX: (0.0, 0.06, 0.12),
}
# Share of pages laid into the scanner upside down.
_UPSIDE_DOWN = (0.0, 0.02, 0.04)


def choose_origin(generator: Generator, strength: Strength) -> Origin:
    """Return how a paper that lies in the scanner came about; a clean one is an original."""
    chance = generator.random()
    if strength is Strength.CLEAN:
        return Origin.SCANNER
    for origin, shares in _COPIES.items():
        chance -= shares[RANK[strength]]
        if chance < 0:
            return origin
    return Origin.SCANNER


def picture_pages(
    pages: list[Image.Image], origin: Origin, strength: Strength, generator: Generator, dpi: int, turned: bool = True
) -> list[Image.Image]:
    """Return `pages` (RGB, as printed) as they reach us: RGB, L (no colour) or 1 (no grey levels).

    Args:
        pages: All pages of one paper; the same machine did them all.
        origin: What happened to them.
        strength: How bad it was; a clean paper stays as it was printed.
        generator: Where chance comes from.
        dpi: Resolution of the pages; a photo may come out a little finer or coarser.
        turned: Some pages of worn papers lie upside down.
    """
    wear = draw_wear(generator, strength)
    if wear is None:
        return pages
    if origin is Origin.PHONE:
        desk = choose_desk(generator)
        return [photograph(page, strength, generator, dpi, desk) for page in pages]
    if origin is Origin.FAX:
        fax = draw_fax(generator, strength)
        return [send_fax(page, fax, generator, dpi) for page in pages]
    scans = [_scan(page, origin, strength, wear, generator, dpi) for page in pages]
    if turned and happens(generator, _UPSIDE_DOWN[RANK[strength]]):
        scans[0] = scans[0].rotate(180)
    return scans


def _scan(
    page: Image.Image, origin: Origin, strength: Strength, wear: Wear, generator: Generator, dpi: int
) -> Image.Image:
    if origin is Origin.SCANNER:
        return wear_page(page, wear, generator, dpi)
    generations = 2 if origin is Origin.SECOND_PHOTOCOPY else 1
    copy = photocopy(page, strength, generator, dpi, generations)
    # What the copier left is scanned once more, by a better machine: half the noise, half the blur.
    milder = replace(wear, noise=wear.noise / 2, blur_px=wear.blur_px / 2, grey=False)
    return wear_page(copy, milder, generator, dpi)
