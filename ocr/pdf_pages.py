"""Pages of a PDF: how many there are, and each drawn as a picture by Poppler.

`pdf2image` has a page drawn. It tells nothing of how Poppler ended; so where it has no whole and faultless picture to
give, the page is drawn once more by `ocr.poppler`, which tells why, or gives what could be drawn.
"""

import math
import re
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pdf2image import convert_from_path
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
)
from PIL import Image

from ocr.image import PageImage, without_empty_colour
from ocr.poppler import CPU_LIMIT_S, PopplerRun, draw, tell
from ocr.problem import Code, Problem, SohoaError

# A PDF page has no pixels of its own: its coordinates are those of its rendering at this resolution.
# Source: TT 05/2025/TT-BNV asks for 200 dpi, the 2025 guidance for 300; rendering above costs time and brings nothing.
PDF_RENDER_DPI = 300
# Large-format PDF pages are rendered coarser instead of refused.
MAX_RENDER_PIXELS = 40_000_000
MIN_RENDER_DPI = 50
POPPLER_TIMEOUT_S = 120  # the processor time it may use is bounded more tightly, see ocr.poppler
# Where pdf2image finds Poppler's programs: scripts that start them within the limits of ocr.poppler.
LIMITED_POPPLER = Path(__file__).parent / "limited_poppler"
_POINTS_PER_INCH = 72


def pdf_page_count(path: Path) -> int:
    """Return the number of pages of the PDF at `path`.

    Raises:
        SohoaError: `scan_encrypted`, `scan_no_pages`, `scan_damaged`, `reader_missing`; `page_timeout` and
            `reader_failed` as for a page.
    """
    printed, run = tell(["pdfinfo", str(path)], POPPLER_TIMEOUT_S)
    _refuse_interrupted(run, None)
    counts = re.findall(r"^Pages:\s+(\d+)$", printed, re.MULTILINE)
    if counts:
        return int(counts[-1])  # the first may stand in a title of several lines
    if "password" in run.messages:
        raise SohoaError(Code.SCAN_ENCRYPTED)
    if "Invalid page count 0" in run.messages:
        raise SohoaError(Code.SCAN_NO_PAGES)
    raise SohoaError(Code.SCAN_DAMAGED, detail=f"pdfinfo finds no pages, status {run.status}")


def render_pdf_page(path: Path, page_number: int) -> PageImage:
    """Draw one page of the PDF at `path`, as its crop box shows it and turned as it says.

    Args:
        path: The PDF.
        page_number: From 1.

    Returns:
        The picture at 300 dpi (less for sheets so large that 300 would not fit in memory); with the problem
        `page_damaged` where Poppler could draw it only in part.

    Raises:
        SohoaError: `page_damaged`, `page_too_large`, `reader_missing`; `page_timeout`, retryable where the machine was
            too busy; retryable `reader_failed` where Poppler was stopped from outside.
    """
    dpi, expected_px, has_damage = _resolution(path, page_number)
    pixels = None if has_damage else _convert(path, page_number, dpi)
    if pixels is not None and _is_whole(pixels, expected_px):
        return PageImage(without_empty_colour(pixels), dpi, page_number)
    del pixels
    return _draw_with_care(path, page_number, dpi, expected_px)


def _convert(path: Path, page_number: int, dpi: int) -> NDArray[np.uint8] | None:
    """Return the page as pdf2image gives it, RGB; None where it has no picture, or Poppler complained."""
    try:
        pictures = convert_from_path(
            path.absolute(),
            dpi,
            first_page=page_number,
            last_page=page_number,
            use_cropbox=True,
            strict=True,
            poppler_path=LIMITED_POPPLER,
            timeout=POPPLER_TIMEOUT_S,
        )
        return _pixels_of(pictures[0]) if len(pictures) == 1 else None
    except PDFPopplerTimeoutError as error:
        raise _took_too_long(page_number) from error
    except (PDFInfoNotInstalledError, PDFPageCountError, PDFSyntaxError, Image.DecompressionBombError):
        return None
    except (OSError, ValueError):  # no memory for a process; a picture without its end
        return None


def _pixels_of(picture: Image.Image) -> NDArray[np.uint8]:
    """Return the pixels of a PPM picture where they lie in memory; Pillow would copy them three times.

    Raises:
        ValueError: The picture ends too early.
    """
    buffer, offset = picture.fp.getbuffer(), picture.tile[0].offset  # type: ignore[attr-defined]  # it is a file's
    count = 3 * picture.width * picture.height
    pixels = np.frombuffer(buffer, dtype=np.uint8, count=count, offset=offset)
    return cast("NDArray[np.uint8]", pixels.reshape(picture.height, picture.width, 3))


def _draw_with_care(path: Path, page_number: int, dpi: int, expected_px: float) -> PageImage:
    """Draw the page again, and tell what is wrong with it."""
    number = str(page_number)
    # The crop box is what every viewer shows and what pdfinfo measures; the media box behind it may be of any size.
    command = ["pdftoppm", "-cropbox", "-r", str(dpi), "-f", number, "-l", number, str(path)]
    pixels, run = draw(command, POPPLER_TIMEOUT_S, 2 * MAX_RENDER_PIXELS)
    if pixels is None:
        _refuse_interrupted(run, page_number)
        raise SohoaError(Code.PAGE_DAMAGED, page_number=page_number, detail=f"nothing was drawn, status {run.status}")
    if not _is_whole(pixels, expected_px):
        raise SohoaError(Code.PAGE_TOO_LARGE, page_number=page_number, detail="no memory to draw the page in")
    problems: tuple[Problem, ...] = ()
    if run.found_damage:
        # Poppler draws what it can of a damaged page. People must look at it, but what is there is kept.
        detail = "the page could be drawn only in part"
        problems = (Problem(code=Code.PAGE_DAMAGED, page_number=page_number, detail=detail),)
    return PageImage(without_empty_colour(pixels), dpi, page_number, problems)


def _is_whole(pixels: NDArray[np.uint8], expected_px: float) -> bool:
    """False for the single pixel that Poppler gives when it finds no memory."""
    return pixels.size >= 3 * expected_px / 2


def _resolution(path: Path, page_number: int) -> tuple[int, float, bool]:
    """Return the dpi to draw the page at, how many pixels it then has, and whether the file is known to be damaged."""
    number = str(page_number)
    printed, run = tell(["pdfinfo", "-f", number, "-l", number, str(path)], POPPLER_TIMEOUT_S)
    _refuse_interrupted(run, page_number)
    sizes = re.findall(r"^Page\s+\d+ size:\s+([\d.e+]+) x ([\d.e+]+) pts", printed, re.MULTILINE)
    if not sizes:
        raise SohoaError(Code.PAGE_DAMAGED, page_number=page_number, detail="pdfinfo tells no size of the page")
    # The first may stand in a title of several lines.
    area_in2 = math.prod(float(side) for side in sizes[-1]) / _POINTS_PER_INCH**2
    dpi = PDF_RENDER_DPI
    if area_in2 * dpi**2 > MAX_RENDER_PIXELS:
        dpi = int((MAX_RENDER_PIXELS / area_in2) ** 0.5)
    if dpi < MIN_RENDER_DPI:
        raise SohoaError(Code.PAGE_TOO_LARGE, page_number=page_number, detail=f"{area_in2:.0f} square inches")
    return dpi, area_in2 * dpi**2, run.found_damage


def _refuse_interrupted(run: PopplerRun, page_number: int | None) -> None:
    """Raise when the program was stopped rather than done: that says nothing about the file."""
    if run.cost_too_much:
        raise SohoaError(Code.PAGE_TIMEOUT, page_number=page_number, detail=f"over {CPU_LIMIT_S} s of processor time")
    if run.timed_out:
        raise _took_too_long(page_number)
    if run.was_stopped:
        detail = f"Poppler was stopped from outside, status {run.status}"
        raise SohoaError(Code.READER_FAILED, page_number=page_number, detail=detail, retryable=True)


def _took_too_long(page_number: int | None) -> SohoaError:
    return SohoaError(Code.PAGE_TIMEOUT, page_number=page_number, detail="Poppler took too long", retryable=True)
