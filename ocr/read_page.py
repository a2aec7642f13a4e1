"""Reading one page: picture in, text out, failures as values."""

import hashlib
import json
import logging
from pathlib import Path

from ocr.cleanup import CLEANUP_VERSION, CleanPage, clean_page
from ocr.image import PageImage
from ocr.overlooked_text import SECOND_LOOK_VERSION, lines_left_out, look_again
from ocr.page import PageText, Step, Word
from ocr.problem import Problem, SohoaError
from ocr.readers.reader import Reader, ReadWord, looks_like_word, reading_quality
from ocr.scan import PDF_RENDER_DPI, ScanKind, open_page

# Part of the recipe: raise it when the choice between readings changes.
READING_VERSION = 2

# Share of words that look like words on a page that was read the right way up is above 0.8 on every sample, and below
# 0.4 on each of them upside down; between, turning is tried and the better reading kept.
GOOD_READING = 0.6
# A ring of a stamp carries some forty letters. A page with fewer than this and no line of words is the back of another.
FEW_LETTERS = 60
# The shortest line that makes a page worth keeping has so many characters in words: `Phụ lục`, not `HH`.
SHORTEST_LINE = 5

log = logging.getLogger(__name__)


def recipe_of(reader: Reader) -> str:
    """Return the fingerprint of all that decides how a page is read: reader, model, steps (16 hex digits)."""
    parts = {
        "cleanup": CLEANUP_VERSION,
        "reading": READING_VERSION,
        "second_look": SECOND_LOOK_VERSION,
        "render_dpi": PDF_RENDER_DPI,
        "reader": reader.info.model_dump(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def read_page_of(
    path: Path, kind: ScanKind, scan_sha256: str, page_number: int, reader: Reader, timeout_s: float
) -> PageText:
    """Open and read one page; what goes wrong comes back as a problem of the page, never as an exception.

    Args:
        path: The scan.
        kind: As told by `ocr.scan.inspect_scan`.
        scan_sha256: Name of the scan in the store.
        page_number: From 1.
        reader: The text reader.
        timeout_s: Time limit of one reading.
    """
    try:
        return read_page(open_page(path, kind, page_number), scan_sha256, reader, timeout_s)
    except SohoaError as error:
        problem = error.problem.model_copy(update={"page_number": page_number})
    log.warning("page failed: scan %s page %d: %s", scan_sha256[:12], page_number, problem.code)
    return _failed_page(scan_sha256, page_number, recipe_of(reader), problem)


def read_page(image: PageImage, scan_sha256: str, reader: Reader, timeout_s: float) -> PageText:
    """Read one page picture.

    Raises:
        SohoaError: The reader failed or took too long.
    """
    page = clean_page(image)
    words: tuple[ReadWord, ...] = ()
    if not page.is_blank:
        page, words = _read_right_way_up(image, page, reader, timeout_s)
        words = look_again(page, words, reader, timeout_s)
    return PageText(
        scan_sha256=scan_sha256,
        page_number=image.page_number,
        recipe=recipe_of(reader),
        width_px=image.width_px,
        height_px=image.height_px,
        dpi=image.dpi or round(page.dpi / page.reading_scale),
        rotation_deg=page.rotation_deg,
        is_blank=(page.is_blank or _is_show_through(page, words)) and not image.problems,
        words=tuple(_place(word, page) for word in words),
        steps=(*page.steps, Step(name="read", version=READING_VERSION)),
        readers=(reader.info,),
        problems=image.problems,
    )


def _read_right_way_up(
    image: PageImage, page: CleanPage, reader: Reader, timeout_s: float
) -> tuple[CleanPage, tuple[ReadWord, ...]]:
    """Read; where that gives few words, try the other ways up and keep the best.

    A page that reads well is never turned, so an upright page pays nothing for this.
    """
    words = reader.read(page.pixels, page.dpi, timeout_s)
    best = (reading_quality(words), page, words)
    first = page.rotation_deg
    for turn in ((first + 180) % 360, (first + 90) % 360, (first + 270) % 360):
        if best[0] >= GOOD_READING:
            break
        turned = clean_page(image, rotation_deg=turn)
        words = reader.read(turned.pixels, turned.dpi, timeout_s)
        quality = reading_quality(words)
        if quality > best[0]:
            best = (quality, turned, words)
    return best[1], best[2]


def _is_show_through(page: CleanPage, words: tuple[ReadWord, ...]) -> bool:
    """True when the marks of a page are no text: specks, and the stamp of its other side in grey.

    A page with rows of letters that nobody can read is not blank: a person must see it.
    """
    if not words:
        return not lines_left_out(page.pixels, ())
    good: dict[int, int] = {}
    for word in words:
        good[word.line] = good.get(word.line, 0) + len(word.text) * looks_like_word(word)
    return page.letters < FEW_LETTERS and max(good.values()) < SHORTEST_LINE


def _place(word: ReadWord, page: CleanPage) -> Word:
    return Word(
        text=word.text,
        box=page.to_scan(word.box),
        upright_box=page.to_upright(word.box),
        confidence=word.confidence,
        line=word.line,
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
