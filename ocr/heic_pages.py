"""HEIC photos of phones, decoded by libheif through `pi_heif`: a wheel with the HEVC decoder and no encoder.

It is called directly, not registered with Pillow, so nothing else in the process learns to open HEIC. The orientation
stands in the container and is applied by libheif; the EXIF orientation beside it is a copy and not to be applied again.
Source: ISO/IEC 23008-12, 6.5.10 and annex A.
"""

from pathlib import Path

import numpy as np
import pi_heif

from ocr.image import PageImage, as_pixels, without_empty_colour
from ocr.picture_pages import check_bytes, check_size, flattened
from ocr.problem import Code, SohoaError


def check_heic(path: Path) -> None:
    """Read the head of the HEIC file at `path`.

    Raises:
        SohoaError: `scan_damaged`, `scan_too_large`.
    """
    _open(path)


def decode_heic_page(path: Path, page_number: int) -> PageImage:
    """Decode the primary picture of the HEIC file at `path`.

    Args:
        path: The file.
        page_number: 1: further pictures are exposures of the same thing.

    Returns:
        RGB on white, 8 bits, resolution unknown (phones know none).

    Raises:
        SohoaError: `page_damaged`, `page_too_large`, `scan_damaged`, `scan_too_large`.
    """
    heif = _open(path)
    try:
        image = heif[heif.primary_index]
        width_px, height_px = image.size
        check_size(width_px, height_px, page_number)
        # Straight from the decoder's memory where there is no alpha to lay on paper.
        pixels = as_pixels(np.asarray(image)) if image.mode in {"RGB", "L"} else flattened(image.to_pillow())
    except SohoaError:
        raise
    except Exception as error:  # libheif's errors arrive as ValueError, EOFError, SyntaxError, RuntimeError, OSError
        raise SohoaError(Code.PAGE_DAMAGED, page_number=page_number, detail=type(error).__name__) from error
    return PageImage(without_empty_colour(pixels), 0, page_number)


def _open(path: Path) -> pi_heif.HeifFile:
    check_bytes(path)
    try:
        heif = pi_heif.open_heif(path)
    except Exception as error:  # as above
        raise SohoaError(Code.SCAN_DAMAGED, detail=type(error).__name__) from error
    if not len(heif):
        raise SohoaError(Code.SCAN_NO_PAGES)
    return heif
