"""Pages that programs wrote: read from their text layer, but only where the picture of the page bears it out.

A layer wins when all of this holds; else the page is read like any scan:

* its words are seen: there is ink where they stand, and on a page with pictures they vanish when it is drawn without
  fonts. Hidden text, white text on white, covered text, and what another program put under a scan are not believed;
* no text stands on the page that the layer lacks;
* a few lines, the doubtful and the telling ones first, read from the picture say the same as the layer: the letters of
  a font without a proper map, or of the old Vietnamese fonts (TCVN3, VNI), look right and are spelled wrong.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image import PageImage
from ocr.overlooked_text import lines_left_out
from ocr.page import Box, ReaderInfo, Step, Word
from ocr.pdf_words import PdfPageWords, pdf_words, poppler_version
from ocr.poppler import draw, tell
from ocr.readers.reader import Reader, ReadWord
from ocr.trial_lines import compare, letters_in

# Part of the recipe: raise it when a change here changes what is read.
TEXT_LAYER_VERSION = 1

# The picture is checked at this resolution: half of the rendering; letters of 13 points are as high as readers like.
CHECK_DPI = 150
# Fewer letters are the caption of a signature or a stamp of receipt on a scan, not the text of a page.
MIN_LETTERS = 60
PDFTOTEXT_TIMEOUT_S = 10.0
POPPLER_TIMEOUT_S = 30.0

# Ink differs from its ground, and a drawn letter from the page without it, by this many of 256 levels.
_CONTRAST = 60
# Anything darker is not plain paper.
_PAPER = 230
# Ink of this share of its box makes a word visible; a full stop covers four times as much.
_MIN_INK = 0.01
# The words of a page that a program wrote cover nearly all its ink; a caption on a scan covers next to nothing.
_MIN_COVERED = 0.4
# A picture as large as this share of the page is a scan, or a ground on which nothing is certain.
_MAX_PICTURES = 0.5
# Share of letters that may be unreadable (bullets of symbol fonts are).
_MAX_UNREADABLE = 0.02
_MAX_SIDEWAYS = 0.2
# Pictures have whole pixels: the sides of a small page may be scaled this much apart.
_MAX_DISTORTION = 0.02
# Share of words that may stand on another word.
_MAX_SHARED = 0.02
# More rows without words than this are read with the rest of the page.
_MAX_ROWS_LEFT_OUT = 8
_POINTS_PER_INCH = 72
_GAP_PX = 24


class Verdict(StrEnum):
    """What became of a text layer; kept with the page."""

    BELIEVED = "believed"
    SIDEWAYS = "sideways"
    UNREADABLE = "unreadable-letters"
    MOSTLY_PICTURE = "mostly-picture"
    NOT_VISIBLE = "not-visible"
    TEXT_LEFT_OUT = "text-left-out"
    READS_OTHERWISE = "reads-otherwise"


@dataclass(frozen=True, slots=True)
class TextLayer:
    """A text layer after it was held against the picture.

    Attributes:
        words: In reading order; empty unless the layer is believed.
        step: What was compared, and the verdict.
        reader: The program that took the words out of the file.
    """

    words: tuple[Word, ...]
    step: Step
    reader: ReaderInfo


def read_text_layer(path: Path, image: PageImage, reader: Reader, timeout_s: float) -> TextLayer | None:
    """Return the text layer of a PDF page with a verdict on it, or None when the page has none to speak of.

    Args:
        path: The PDF file.
        image: The page as `ocr.scan.open_page` rendered it; its boxes are those of the words.
        reader: Reads a few lines of the picture for comparison.
        timeout_s: Time limit of that reading.

    Raises:
        SohoaError: Poppler is missing, or the reader failed or took too long.
    """
    layer = pdf_words(path, image.page_number, PDFTOTEXT_TIMEOUT_S)
    if sum(len(word.text) for word in layer.words) < MIN_LETTERS:
        return None
    words, step = _judge(path, image, layer, reader, timeout_s)
    return TextLayer(
        words=words,
        step=step,
        reader=ReaderInfo(name="text-layer", version=f"poppler {poppler_version()}", model="", model_sha256=""),
    )


def _judge(
    path: Path, image: PageImage, layer: PdfPageWords, reader: Reader, timeout_s: float
) -> tuple[tuple[Word, ...], Step]:
    grey = _small_grey(image)
    found = _on_picture(layer, grey.shape[1], grey.shape[0])
    verdict = _doubt_text(found) or _doubt_cover(grey, found)
    if verdict is not None:
        return (), _step(verdict)
    visible = [word for word in found if _ink(grey, word.box) is not None]
    pictures = _share_of_pictures(path, image.page_number, layer)
    if pictures > _MAX_PICTURES:
        return (), _step(Verdict.MOSTLY_PICTURE)
    if pictures:
        # The ink may be of a picture, with the words of another reader hidden under it.
        drawn = _drawn_text(path, image, grey)
        visible = [word for word in visible if drawn is not None and _is_drawn(drawn, word.box)]
    if sum(letters_in(word.text) for word in visible) < MIN_LETTERS or _two_in_one_place(visible, grey):
        return (), _step(Verdict.NOT_VISIBLE)
    left_out = _rows_left_out(grey, visible)
    if len(left_out) > _MAX_ROWS_LEFT_OUT:
        return (), _step(Verdict.TEXT_LEFT_OUT, rows_left_out=len(left_out))
    compared = compare(grey, CHECK_DPI, visible, left_out, reader, timeout_s)
    verdict = Verdict.BELIEVED
    if not compared.is_alike:
        verdict = Verdict.READS_OTHERWISE
    elif compared.lacks_text:
        verdict = Verdict.TEXT_LEFT_OUT
    step = _step(
        verdict,
        words=len(visible),
        hidden_words=len(found) - len(visible),
        lines_compared=compared.lines,
        words_compared=compared.words,
        words_equal=round(compared.equal, 3),
    )
    if verdict is not Verdict.BELIEVED:
        return (), step
    factor = image.width_px / grey.shape[1]
    readable = [word for word in visible if not all(_is_unreadable(character) for character in word.text)]
    return tuple(_word(word, _tight(grey, word.box), factor) for word in readable), step


def _step(verdict: Verdict, **numbers: float) -> Step:
    return Step(name="text-layer", version=TEXT_LAYER_VERSION, parameters={"verdict": verdict.value, **numbers})


def _small_grey(image: PageImage) -> NDArray[np.uint8]:
    """Return the page in grey at `CHECK_DPI`, or as it is when it was rendered coarser."""
    pixels = image.pixels if image.pixels.ndim == 2 else cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY)
    factor = min(1.0, CHECK_DPI / image.dpi)
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else pixels
    return cast("NDArray[np.uint8]", small)


def _on_picture(layer: PdfPageWords, width_px: int, height_px: int) -> list[ReadWord]:
    """Return the words in pixels of the picture; those beside the page are left out."""
    if min(layer.width, layer.height) <= 0:
        return []
    across, down = width_px / layer.width, height_px / layer.height
    # Poppler turns the places as `/Rotate` says, but tells the size of the page before it.
    if (width_px > height_px) != (layer.width > layer.height):
        across, down = width_px / layer.height, height_px / layer.width
    # Another shape is another page box than the one that was drawn: no place would be right.
    if abs(across / down - 1) > _MAX_DISTORTION:
        return []
    words = []
    for word in layer.words:
        box = Box(
            max(0, int(word.left * across)),
            max(0, int(word.top * down)),
            min(width_px, int(word.right * across) + 1),
            min(height_px, int(word.bottom * down) + 1),
        )
        if box.width > 1 and box.height > 1:
            words.append(ReadWord(word.text, box, None, word.line))
    return words


def _doubt_text(words: Sequence[ReadWord]) -> Verdict | None:
    """Return what is wrong with the words themselves, before any look at the picture."""
    text = "".join(word.text for word in words)
    if sum(map(_is_unreadable, text)) > _MAX_UNREADABLE * len(text):
        return Verdict.UNREADABLE
    long = [word for word in words if len(word.text) >= 3]
    sideways = sum(2 * word.box.height > 3 * word.box.width for word in long)
    return Verdict.SIDEWAYS if sideways > _MAX_SIDEWAYS * len(long) else None


def _doubt_cover(grey: NDArray[np.uint8], words: Sequence[ReadWord]) -> Verdict | None:
    """Tell a scan with a caption from a page of text by the share of strokes that lies under the words."""
    # Strokes have edges; a dark field of a table, however large, has few.
    edges = cv2.threshold(cv2.absdiff(grey[:, 1:], grey[:, :-1]), _CONTRAST, 1, cv2.THRESH_BINARY)[1]
    total = int(edges.sum())
    for word in words:
        edges[word.box.top : word.box.bottom, word.box.left : word.box.right] = 0
    return Verdict.MOSTLY_PICTURE if total - int(edges.sum()) < _MIN_COVERED * total or not words else None


def _share_of_pictures(path: Path, page_number: int, layer: PdfPageWords) -> float:
    """Return the area of all pictures on the page as a share of the page; 1.0 where Poppler cannot tell."""
    number = str(page_number)
    printed, run = tell(["pdfimages", "-list", "-f", number, "-l", number, str(path.absolute())], POPPLER_TIMEOUT_S)
    if run.status != 0:
        return 1.0
    # Columns: page, number, type, width, height, …, dots per inch across and down, size, ratio.
    rows = [row.split() for row in printed.splitlines()[2:]]
    # The mask of a transparent picture is listed beside it.
    areas = [_picture_area(row) for row in rows if len(row) > 8 and row[2] != "smask"]
    return sum(areas) * _POINTS_PER_INCH**2 / (layer.width * layer.height)


def _picture_area(row: Sequence[str]) -> float:
    """Return the area of a listed picture in square inches."""
    try:
        width, height, across, down = (float(row[column]) for column in (3, 4, -4, -3))
    except ValueError:
        return math.inf
    return width / max(across, 1.0) * height / max(down, 1.0)


def _drawn_text(path: Path, image: PageImage, grey: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return a mask (1) of the pixels of `grey` that were drawn with fonts, or None when Poppler fails.

    Poppler draws the page a second time with its font engine off: what differs is text, whatever its colour and
    ground. Letters that are themselves drawings (Type 3 fonts) stay, and so do not count as text. At the same
    resolution as `image`: pictures scaled otherwise would differ at all their edges.
    """
    number = str(image.page_number)
    command = ["pdftoppm", "-q", "-cropbox", "-freetype", "no", "-r", str(image.dpi), "-f", number, "-l", number]
    pixels, _ = draw([*command, str(path.absolute())], POPPLER_TIMEOUT_S, image.width_px * image.height_px)
    if pixels is None or pixels.shape[:2] != image.pixels.shape[:2]:
        return None
    without = _small_grey(PageImage(pixels, image.dpi, image.page_number))
    return cast("NDArray[np.uint8]", cv2.threshold(cv2.absdiff(grey, without), _CONTRAST, 1, cv2.THRESH_BINARY)[1])


def _is_drawn(drawn: NDArray[np.uint8], box: Box) -> bool:
    part = drawn[box.top : box.bottom, box.left : box.right]
    return int(part.sum()) >= max(2, _MIN_INK * part.size)


def _two_in_one_place(words: Sequence[ReadWord], grey: NDArray[np.uint8]) -> bool:
    """True when words stand on each other, so that one hides the other; dots that lead to a value may lie under it."""
    painted = np.zeros(grey.shape, np.uint8)
    cores = [_core(word.box) for word in words if letters_in(word.text) > 1]
    for core in cores:
        painted[core] += 1
    shared = sum(float((painted[core] > 1).mean()) > 0.5 for core in cores)
    return shared > _MAX_SHARED * len(cores)


def _core(box: Box) -> tuple[slice, slice]:
    """Return the middle of a box: the boxes of neighbouring lines overlap at their edges."""
    third = box.height // 3
    return slice(box.top + third, max(box.top + third + 1, box.bottom - third)), slice(box.left, box.right)


def _rows_left_out(grey: NDArray[np.uint8], words: Sequence[ReadWord]) -> list[Box]:
    """Return the rows of letters outside the words."""
    rest = grey.copy()
    for word in words:
        box = word.box
        rest[max(0, box.top - 2) : box.bottom + 2, max(0, box.left - 2) : box.right + 2] = 255
    inked = np.flatnonzero((rest < _PAPER).any(axis=1))
    if not len(inked):
        return []
    # Mostly a rule or two are left, near the top: only that part of the page is looked at.
    top, bottom = max(0, int(inked[0]) - _GAP_PX), int(inked[-1]) + _GAP_PX
    rows = lines_left_out(rest[top:bottom], ())
    return [Box(row.left, row.top + top, row.right, row.bottom + top) for row in rows]


def _ink(grey: NDArray[np.uint8], box: Box) -> NDArray[np.bool_] | None:
    """Return where in the box there is ink, dark on light or light on dark, or None when there is none."""
    part = grey[box.top : box.bottom, box.left : box.right]
    low, high = int(part.min()), int(part.max())
    if high - low < _CONTRAST:
        return None
    dark = part < (low + high) / 2
    ink = dark if 2 * int(dark.sum()) < dark.size else ~dark
    return ink if int(ink.sum()) >= max(2, _MIN_INK * ink.size) else None


def _tight(grey: NDArray[np.uint8], box: Box) -> Box:
    """Return `box` without its empty border: a layer gives the height of the font, readers give that of the ink."""
    ink = _ink(grey, box)
    if ink is None:
        return box
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return Box(
        box.left + int(columns[0]),
        box.top + int(rows[0]),
        box.left + int(columns[-1]) + 1,
        box.top + int(rows[-1]) + 1,
    )


def _word(word: ReadWord, box: Box, factor: float) -> Word:
    place = Box(*(round(edge * factor) for edge in box))
    return Word(text=word.text, box=place, upright_box=place, confidence=None, line=word.line)


def _is_unreadable(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) in {"Co", "Cn", "Cs"}
