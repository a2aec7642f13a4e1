"""A paper as PDF: pictures of its pages with the recognised words over them, unseen, to be searched and copied.

The words are set in a font without outlines that is made for the document: every letter has the same width, and each
word is stretched to the width it has on the page. No font has to be installed, and none is given away.
"""

import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.ttLib.tables._g_l_y_f import Glyph  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.enums import TextMode
from PIL import Image

from ocr.image import PageImage
from ocr.page import Box, PageText, Word

# Print stays sharp, an A4 page in colour takes about 400 kB.
MOST_DPI = 200
_JPEG_QUALITY = 72
_POINTS_PER_INCH = 72
# Of a page whose file states no resolution: its longer side is that of A4.
_A4_LONGER_SIDE_PT = 841.89
_FONT = "words"
_UNITS, _ASCENT, _DESCENT, _WIDTH = 1000, 800, -200, 500
# No moment of making: the same pages always give the same file.
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page: its text, None where it was never read, and what opens its picture, when it is its turn."""

    text: PageText | None
    open: Callable[[], PageImage]


@dataclass(frozen=True, slots=True)
class Placed:
    """A word on the turned page, in pixels of the scan: its box, and the height of the print of its line."""

    text: str
    box: Box
    height: float


def searchable_pdf(pages: Sequence[PdfPage], title: str, mark: str = "") -> bytes:
    """Return a PDF of `pages`; one picture at a time is in memory.

    Args:
        pages: In order.
        title: What kind of paper it is; never whose.
        mark: A line of ASCII that the file carries among its keywords, as it is.

    Raises:
        SohoaError: What opening a page raises.
    """
    with tempfile.TemporaryDirectory() as folder:
        pdf = FPDF(unit="pt")
        pdf.set_auto_page_break(auto=False)
        pdf.set_margin(0)
        pdf.set_title(title)
        pdf.set_creator("sohoa")
        pdf.set_lang("vi")
        pdf.set_keywords(mark)
        pdf.set_creation_date(_NO_TIME)
        letters = {letter for page in pages if page.text for word in page.text.words for letter in word.text}
        if letters:
            path = Path(folder) / f"{_FONT}.ttf"
            path.write_bytes(_font_of(letters))
            pdf.add_font(_FONT, fname=path)
        for page in pages:
            _add(pdf, page)
        return bytes(pdf.output())


def placed_words(page: PageText) -> Iterable[Placed]:
    """Yield the words of a page where they stand when the scan is turned by `rotation_deg`."""
    for line in page.lines():
        boxes = [_turned(word.box, page) for word in line]
        # Words without tall letters would otherwise be set smaller than their neighbours.
        height = median(box.height for box in boxes)
        yield from (_placed(word, box, height) for word, box in zip(line, boxes, strict=True))


def _placed(word: Word, box: Box, height: float) -> Placed:
    return Placed(word.text, box, height)


def _add(pdf: FPDF, page: PdfPage) -> None:
    image = page.open()
    turn = page.text.rotation_deg if page.text else 0
    picture = Image.fromarray(image.pixels).rotate(-turn, expand=True)
    # Boxes are in pixels of the page as it was read, which is how it was opened now unless it is a PDF of then.
    read_px = _turned_width(page.text) if page.text else picture.width
    dpi = image.dpi or picture.height * _POINTS_PER_INCH / _A4_LONGER_SIDE_PT
    if not image.dpi and picture.width > picture.height:
        dpi = picture.width * _POINTS_PER_INCH / _A4_LONGER_SIDE_PT
    width_pt, height_pt = (side / dpi * _POINTS_PER_INCH for side in picture.size)
    pdf.add_page(format=(width_pt, height_pt))
    pdf.image(io.BytesIO(_jpeg(picture, dpi)), 0, 0, width_pt, height_pt)
    if page.text is not None:
        _write(pdf, placed_words(page.text), width_pt / read_px)


def _write(pdf: FPDF, words: Iterable[Placed], points_per_px: float) -> None:
    with pdf.local_context(text_mode=TextMode.INVISIBLE):
        for word in words:
            size = word.height * points_per_px * _UNITS / (_ASCENT - _DESCENT)
            natural = len(word.text) * size * _WIDTH / _UNITS
            if size <= 0 or word.box.width <= 0:
                continue
            pdf.set_font(_FONT, size=size)
            pdf.set_stretching(100 * word.box.width * points_per_px / natural)
            base = word.box.bottom * points_per_px + size * _DESCENT / _UNITS
            pdf.text(word.box.left * points_per_px, base, word.text)
        pdf.set_stretching(100)


def _jpeg(picture: Image.Image, dpi: float) -> bytes:
    share = min(1.0, MOST_DPI / dpi)
    if share < 1.0:
        size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return target.getvalue()


def _turned(box: Box, page: PageText) -> Box:
    """Return a box of the scan as it stands when the scan is turned clockwise by `rotation_deg`."""
    left, top, right, bottom = box
    width, height = page.width_px, page.height_px
    if page.rotation_deg == 90:
        return Box(height - bottom, left, height - top, right)
    if page.rotation_deg == 180:
        return Box(width - right, height - bottom, width - left, height - top)
    if page.rotation_deg == 270:
        return Box(top, width - right, bottom, width - left)
    return box


def _turned_width(page: PageText) -> int:
    return page.height_px if page.rotation_deg in {90, 270} else page.width_px


def _font_of(letters: Iterable[str]) -> bytes:
    """Return a TrueType font with an empty glyph for each letter."""
    names = {ord(letter): f"u{ord(letter):04X}" for letter in sorted(letters)}
    glyphs = [".notdef", *names.values()]
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap(names)
    builder.setupGlyf({name: Glyph() for name in glyphs})
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (_WIDTH, 0)))
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": "Words", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT, usWinAscent=_ASCENT, usWinDescent=-_DESCENT)
    builder.setupPost(isFixedPitch=1)
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()
