"""Reading one page: picture in, text out, failures as values."""

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ocr.cleanup import CLEANUP_VERSION, CleanPage, clean_page
from ocr.cleanup.sample import rows_with_most_ink
from ocr.codes import CODES_VERSION, find_codes
from ocr.grain import is_grainy, smoothed, without_specks
from ocr.image import PageImage, without_colour
from ocr.mrz_finder import MRZ_VERSION, find_mrz, zone_reader
from ocr.overlooked_text import SECOND_LOOK_VERSION, lines_left_out, look_again
from ocr.own_marks import OWN_MARKS_VERSION, has_own_marks
from ocr.page import PageText, Step, Word
from ocr.page_quality import PageQuality
from ocr.pale_print import darkened
from ocr.pdf_signatures import SIGNATURES_VERSION, pdf_signatures
from ocr.problem import Problem, SohoaError
from ocr.quality import QUALITY_VERSION, SHOWS_THROUGH, assess
from ocr.readers.reader import Reader, ReadWord, looks_like_word, reading_quality
from ocr.scan import OPENING_VERSION, PDF_RENDER_DPI, ScanKind, open_page
from ocr.text_layer import TEXT_LAYER_VERSION, TextLayer, read_text_layer

# Part of the recipe: raise it when the choice between readings changes.
READING_VERSION = 5

# Share of words that look like words on a page that was read the right way up is above 0.8 on every sample, and below
# 0.4 on each of them upside down; between, turning is tried and the better reading kept.
GOOD_READING = 0.6
# The shortest line that makes a page worth keeping has so many characters in words: `Phụ lục`, not `HH`.
SHORTEST_LINE = 5
# The print of the other side reads better in a mirror by so much and more; garbage reads alike both ways.
MIRRORED_READS_BETTER = 0.2

log = logging.getLogger(__name__)


def recipe_of(reader: Reader) -> str:
    """Return the fingerprint of all that decides how a page is read: reader, model, steps (16 hex digits)."""
    zones = zone_reader()
    parts = {
        "cleanup": CLEANUP_VERSION,
        "reading": READING_VERSION,
        "second_look": SECOND_LOOK_VERSION,
        "quality": QUALITY_VERSION,
        "own_marks": OWN_MARKS_VERSION,
        "opening": OPENING_VERSION,
        "render_dpi": PDF_RENDER_DPI,
        "text_layer": TEXT_LAYER_VERSION,
        "signatures": SIGNATURES_VERSION,
        "codes": CODES_VERSION,
        "mrz": MRZ_VERSION,
        "mrz_reader": zones and zones.info.model_dump(),
        "readers": [info.model_dump() for info in reader.readers],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def read_page_of(
    path: Path,
    kind: ScanKind,
    scan_sha256: str,
    page_number: int,
    reader: Reader,
    timeout_s: float,
    opened: Callable[[PageImage], None] | None = None,
) -> PageText:
    """Open and read one page; what goes wrong comes back as a problem of the page, never as an exception.

    Args:
        path: The scan.
        kind: As told by `ocr.scan.inspect_scan`.
        scan_sha256: Name of the scan in the store.
        page_number: From 1.
        reader: The text reader.
        timeout_s: Time limit of one reading.
        opened: Is given the picture once it is open.
    """
    page = _read_page_or_fail(path, kind, scan_sha256, page_number, reader, timeout_s, opened)
    if kind is ScanKind.PDF and page_number == 1:
        return page.model_copy(update={"signatures": pdf_signatures(path)})
    return page


def _read_page_or_fail(
    path: Path,
    kind: ScanKind,
    scan_sha256: str,
    page_number: int,
    reader: Reader,
    timeout_s: float,
    opened: Callable[[PageImage], None] | None,
) -> PageText:
    try:
        image = open_page(path, kind, page_number)
        if opened is not None:
            opened(image)
        layer = read_text_layer(path, image, reader, timeout_s) if kind is ScanKind.PDF else None
        if layer is not None and layer.words:
            page = _page_of_layer(image, scan_sha256, recipe_of(reader), layer)
            return _with_zones(image, page.model_copy(update={"codes": find_codes(image)}))
        page = read_page(image, scan_sha256, reader, timeout_s)
        return page if layer is None else page.model_copy(update={"steps": (layer.step, *page.steps)})
    except SohoaError as error:
        problem = error.problem.model_copy(update={"page_number": page_number})
    log.warning("page failed: scan %s page %d: %s", scan_sha256[:12], page_number, problem.code)
    return _failed_page(scan_sha256, page_number, recipe_of(reader), problem)


def read_page(image: PageImage, scan_sha256: str, reader: Reader, timeout_s: float) -> PageText:
    """Read one page picture.

    Raises:
        SohoaError: The reader failed or took too long.
    """
    quality = assess(image)
    page, words, is_empty = _read_words(image, quality, reader, timeout_s)
    codes = find_codes(image, page.rotation_deg)
    # A sheet with nothing but a code on it parts one paper from the next.
    is_blank = is_empty and not image.problems and not codes
    text = PageText(
        scan_sha256=scan_sha256,
        page_number=image.page_number,
        recipe=recipe_of(reader),
        width_px=image.width_px,
        height_px=image.height_px,
        dpi=image.dpi or round(page.dpi / page.reading_scale),
        rotation_deg=page.rotation_deg,
        upright_to_scan=page.upright_to_scan,
        upright_width_px=page.upright_size[0],
        upright_height_px=page.upright_size[1],
        is_blank=is_blank,
        quality=PageQuality(dpi=quality.dpi) if is_blank else quality,
        words=tuple(_place(word, page) for word in words),
        codes=codes,
        steps=(*page.steps, Step(name="read", version=READING_VERSION)),
        readers=reader.readers,
        problems=image.problems,
    )
    return _with_zones(image, text)


def _with_zones(image: PageImage, page: PageText) -> PageText:
    zones = find_mrz(image, page, zone_reader())
    return page.model_copy(update={"mrz": zones}) if zones else page


def _read_words(
    image: PageImage, quality: PageQuality, reader: Reader, timeout_s: float
) -> tuple[CleanPage, tuple[ReadWord, ...], bool]:
    """Clean and read a page; also tell whether nothing of its own stands on it."""
    has_marks = _has_marks(image, quality)
    if quality.is_pale and not has_marks:
        image = smoothed(image)
        quality = assess(image)
    shown = darkened(image) if quality.is_pale else image
    page = clean_page(shown)
    if is_grainy(page.pixels):
        image = without_specks(image)
        quality = assess(image)
        page = clean_page(image)
        has_marks = _has_marks(image, quality)
        # Where nothing is left but paper, grain was all there was; where it is still grain, a person looks.
        if not has_marks or is_grainy(page.pixels):
            return page, (), not has_marks
        shown = image
    words: tuple[ReadWord, ...] = ()
    if has_marks or quality.has_text:
        if not has_marks and _reads_in_a_mirror(page, reader, timeout_s):
            return page, (), True
        page, words = _read_right_way_up(shown, page, reader, timeout_s)
    elif image.pixels.ndim == 3 and has_own_marks(without_colour(image)):
        # Nothing but red ink: a stamp of the other side, or a page that is printed or stamped in red, which has rows.
        shown = without_colour(image)
        page = clean_page(shown)
        if not lines_left_out(page.pixels, ()):
            return page, (), True
        page, words = _read_right_way_up(shown, page, reader, timeout_s)
    words = look_again(page, words, reader, timeout_s)
    # Grain may look like pale rows; where nothing at all could be read of them there are none.
    has_rows = quality.has_text and bool(words)
    return page, words, not has_marks and not has_rows and _is_empty(words)


def _read_right_way_up(
    image: PageImage, page: CleanPage, reader: Reader, timeout_s: float
) -> tuple[CleanPage, tuple[ReadWord, ...]]:
    """Read; where that gives few words, try the other ways up on a few lines, and keep the best.

    A page that reads well is never turned, so an upright page pays nothing for this; and clean-up has found the right
    way up of nearly all others.
    """
    words = reader.read(page.pixels, page.dpi, timeout_s)
    best = (reading_quality(words), page, words)
    first = page.rotation_deg
    for turn in ((first + 180) % 360, (first + 90) % 360, (first + 270) % 360):
        if best[0] >= GOOD_READING:
            break
        turned = clean_page(image, rotation_deg=turn)
        sample = np.ascontiguousarray(rows_with_most_ink(turned.pixels))
        if reading_quality(reader.read(sample, turned.dpi, timeout_s)) <= best[0]:
            continue
        words = reader.read(turned.pixels, turned.dpi, timeout_s)
        quality = reading_quality(words)
        if quality > best[0]:
            best = (quality, turned, words)
    return best[1], best[2]


def _has_marks(image: PageImage, quality: PageQuality) -> bool:
    """True when a page surely bears something of its own; looks closely only where print is scarce or pale."""
    is_printed = quality.contrast is not None and quality.contrast >= SHOWS_THROUGH
    return is_printed or has_own_marks(image)


def _reads_in_a_mirror(page: CleanPage, reader: Reader, timeout_s: float) -> bool:
    """True when rows of pale letters are the print of the other side. Two readings, for pages without dark marks."""
    as_it_lies = reading_quality(reader.read(page.pixels, page.dpi, timeout_s))
    mirrored = np.ascontiguousarray(page.pixels[:, ::-1])
    return reading_quality(reader.read(mirrored, page.dpi, timeout_s)) > as_it_lies + MIRRORED_READS_BETTER


def _is_empty(words: tuple[ReadWord, ...]) -> bool:
    """True when a page without dark marks and rows of letters carries no line of words: dirt, a stamp through it."""
    good: dict[int, int] = {}
    for word in words:
        good[word.line] = good.get(word.line, 0) + len(word.text) * looks_like_word(word)
    return max(good.values(), default=0) < SHORTEST_LINE


def _place(word: ReadWord, page: CleanPage) -> Word:
    return Word(
        text=word.text,
        box=page.to_scan(word.box),
        upright_box=page.to_upright(word.box),
        confidence=word.confidence,
        line=word.line,
        said=word.said,
    )


def _page_of_layer(image: PageImage, scan_sha256: str, recipe: str, layer: TextLayer) -> PageText:
    return PageText(
        scan_sha256=scan_sha256,
        page_number=image.page_number,
        recipe=recipe,
        width_px=image.width_px,
        height_px=image.height_px,
        dpi=image.dpi,
        words=layer.words,
        steps=(layer.step,),
        readers=(layer.reader,),
        quality=PageQuality(dpi=image.dpi),
        problems=image.problems,
    )


def _failed_page(scan_sha256: str, page_number: int, recipe: str, problem: Problem) -> PageText:
    return PageText(
        scan_sha256=scan_sha256,
        page_number=page_number,
        recipe=recipe,
        width_px=0,
        height_px=0,
        dpi=0,
        problems=(problem,),
    )
