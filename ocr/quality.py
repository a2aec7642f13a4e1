"""The quality gate: whether a page picture is good enough to be read, told before anyone waits for the reading.

The thresholds are measured: drawn pages with known text were made worse step by step and read with the product.
`rescan` begins where more than 8 % of the characters are misread, `warn` where misreadings double. The figures are
those of `ocr.picture_measures`, where the sources of the measures stand.
"""

from collections.abc import Iterator

from ocr.image import PageImage
from ocr.own_marks import has_own_marks
from ocr.page_quality import PageQuality, QualityReason, Side, Verdict
from ocr.picture_measures import Measures, measure
from ocr.problem import Code

# Part of the recipe: raise it when a change here can change a verdict.
QUALITY_VERSION = 1

# A page with fewer marks of the size of letters (a back with a stamp through, a title alone) has no text to judge.
MIN_LETTERS = 60
# Height of lower-case letters, pixels of the scan.
SMALL_LETTER_PX = {Verdict.RESCAN: 6.5, Verdict.WARN: 7.5}
# Softest edges of strokes, pixels at reading scale; a sharp scan has 2.5.
EDGE_PX = {Verdict.RESCAN: 5.4, Verdict.WARN: 3.8}
# Thickness of strokes, pixels at reading scale, where the edges are sharp: beyond, letters run into each other.
STROKE_PX = {Verdict.RESCAN: 4.4, Verdict.WARN: 3.2}
# Fewer closed loops for each mark are broken strokes. They are past reading where what is left is thin or pale too.
BROKEN_LOOPS, BROKEN_STROKE_PX, BROKEN_CONTRAST = 0.05, 2.02, 70
# Levels between ink and paper; paler print is darkened before it is read, down to the noise of a scanner.
CONTRAST = {Verdict.RESCAN: 6.0, Verdict.WARN: 30.0}
# Noise of the paper, share of the contrast.
NOISE = {Verdict.RESCAN: 0.13, Verdict.WARN: 0.065}
# Degrees between the lines and the sides of the picture. Beyond the bound the clean-up does not straighten a page.
SKEW_DEG = {Verdict.RESCAN: 17.0, Verdict.WARN: 15.0}
# Line ends cut at the left or right; letters of one line cut at the top or bottom.
CUT_LINES = {Verdict.RESCAN: 3, Verdict.WARN: 2}
CUT_LETTERS = {Verdict.RESCAN: 8, Verdict.WARN: 5}
# Paper below this level is a dark picture.
_DARK_PAPER = 110.0
# What shows through paper is at most half as dark as print: with so many levels between ink and paper it is print.
SHOWS_THROUGH = 120
# Source: TT 05/2025/TT-BNV and NĐ 30/2020/NĐ-CP ask for 200 dpi. Rounding and phone cameras get some grace.
MIN_DPI = 190
# Long side of A4 over its short side, and how far a page may be from it to be taken for A4.
_A4_RATIO, _A4_LONG_SIDE_IN, _A4_TOLERANCE = 1.414, 11.69, 0.06


def assess(image: PageImage) -> PageQuality:
    """Judge a page picture, without reading it.

    Args:
        image: The picture as it came from the scan.

    Returns:
        `accept` without reasons for a page that shows too little text to judge.
    """
    measures = measure(image, MIN_LETTERS)
    dpi = _dpi(image)
    if not measures.letter_height_px:
        return PageQuality(dpi=dpi)
    found = sorted(_reasons(measures, dpi), key=lambda reason: reason.verdict is not Verdict.RESCAN)
    return PageQuality(
        verdict=found[0].verdict if found else Verdict.ACCEPT,
        reasons=tuple(found),
        letter_height_px=round(measures.letter_height_px, 1),
        contrast=round(measures.contrast),
        is_pale=measures.is_pale,
        dpi=dpi,
    )


def assess_unread(image: PageImage) -> PageQuality:
    """Judge a page picture that nobody is going to read now.

    What shows through an empty back is pale and blurred print. Only reading tells it from a poor front, so here such a
    page is at most for a person to look at.
    """
    quality = assess(image)
    is_pale = quality.contrast is not None and quality.contrast < SHOWS_THROUGH
    if quality.verdict is not Verdict.RESCAN or not is_pale or has_own_marks(image):
        return quality
    reasons = tuple(reason.model_copy(update={"verdict": Verdict.WARN}) for reason in quality.reasons)
    return quality.model_copy(update={"verdict": Verdict.WARN, "reasons": reasons})


def looks_blank(image: PageImage, quality: PageQuality) -> bool:
    """True when a page that nobody read yet shows neither text nor marks of its own. Reading has the last word.

    Args:
        image: The picture as it came from the scan.
        quality: What `assess_unread` said of it.
    """
    return quality.letter_height_px is None and not has_own_marks(image)


def _reasons(measures: Measures, dpi: int | None) -> Iterator[QualityReason]:
    yield from _below(Code.LETTERS_TOO_SMALL, measures.letter_height_px, SMALL_LETTER_PX)
    if dpi is not None and dpi < MIN_DPI:
        yield QualityReason(code=Code.RESOLUTION_LOW, verdict=Verdict.WARN, measured=dpi)
    yield from _below(_what_is_pale(measures), measures.contrast, CONTRAST)
    yield from _above(Code.PAGE_BLURRED, measures.edge_px, EDGE_PX)
    if measures.edge_px < EDGE_PX[Verdict.WARN]:
        yield from _above(Code.STROKES_MERGED, measures.stroke_px, STROKE_PX)
        if measures.loops < BROKEN_LOOPS:
            is_lost = measures.stroke_px < BROKEN_STROKE_PX or measures.contrast < BROKEN_CONTRAST
            verdict = Verdict.RESCAN if is_lost else Verdict.WARN
            yield QualityReason(code=Code.STROKES_BROKEN, verdict=verdict, measured=round(measures.loops, 3))
    yield from _above(Code.PAGE_NOISY, measures.noise, NOISE)
    yield from _above(Code.PAGE_SKEWED, measures.skew_deg, SKEW_DEG)
    for side, number in measures.cut.items():
        bounds = CUT_LINES if side in {Side.LEFT, Side.RIGHT} else CUT_LETTERS
        yield from _above(Code.TEXT_CUT_OFF, number, bounds, side)


def _what_is_pale(measures: Measures) -> Code:
    """Return why ink and paper are too near each other: for a clerk the lamp and the toner differ."""
    return Code.PAGE_TOO_DARK if measures.paper < _DARK_PAPER else Code.PAGE_FAINT


def _above(
    code: Code, measured: float, bounds: dict[Verdict, float] | dict[Verdict, int], side: Side | None = None
) -> Iterator[QualityReason]:
    for verdict, bound in bounds.items():
        if measured >= bound:
            yield QualityReason(code=code, verdict=verdict, side=side, measured=round(measured, 3))
            return


def _below(code: Code, measured: float, bounds: dict[Verdict, float]) -> Iterator[QualityReason]:
    for verdict, bound in bounds.items():
        if measured < bound:
            yield QualityReason(code=code, verdict=verdict, measured=round(measured, 3))
            return


def _dpi(image: PageImage) -> int | None:
    """Return the resolution that the file states, else that of an A4 page of this shape, else None."""
    if image.dpi:
        return image.dpi
    short_side, long_side = sorted((image.width_px, image.height_px))
    if abs(long_side / short_side / _A4_RATIO - 1) <= _A4_TOLERANCE:
        return round(long_side / _A4_LONG_SIDE_IN)
    return None
