"""Pages of picture files: TIFF, JPEG, PNG, WebP and BMP through Pillow, HEIC through libheif.

What a file claims is checked before memory is spent on it. Colour profiles are not applied: they move colours by less
than clean-up tells apart. What could be decoded of a damaged picture is kept, with a problem.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from ocr.image import PageImage, as_pixels, without_empty_colour
from ocr.libtiff_faults import faults_during
from ocr.problem import Code, Problem, SohoaError

# A3 at 600 dpi is 70 million pixels; three bytes each must fit a small machine beside the readers.
MAX_PAGE_PIXELS = 100_000_000
# Smaller than this is an icon, not a page (a 50 mm card at 100 dpi is 200 pixels).
MIN_SIDE_PX = 100
# A file with one picture is decoded from memory by some libraries. 100 million pixels fit even hardly compressed.
MAX_PICTURE_BYTES = 400_000_000
# A progressive JPEG has about ten scans; each passes over all pixels, so thousands of empty ones take hours.
# Source: libtiff's LIBTIFF_JPEG_MAX_ALLOWED_SCAN_NUMBER.
MAX_JPEG_SCANS = 100
_START_OF_SCAN = b"\xff\xda"
_END_OF_JPEG = b"\xff\xd9"
# NewSubfileType: bit 0 a reduced copy of another page, bit 2 a transparency mask. Source: TIFF 6.0 section 8.
_NEW_SUBFILE_TYPE, _NO_PAGE = 254, 0b101
_TILE_WIDTH, _TILE_LENGTH = 322, 323
# Rows moved at a time from Pillow to numpy, so that the picture is not held a third time.
_BAND_ROWS = 512


def picture_page_count(path: Path, pillow_format: str, max_pages: int) -> int:
    """Return the number of pages of the picture file at `path`.

    A TIFF has one page a directory, without thumbnails and masks; a directory that is broken counts as one page, which
    fails when it is opened. Every other kind has one: further pictures of an MPO or HEIC are exposures or depth maps,
    and an animated WebP or PNG is no document; the first picture is read.

    Args:
        path: The file.
        pillow_format: The only format that is tried.
        max_pages: Counting stops above it.

    Raises:
        SohoaError: `scan_damaged`, `scan_too_large`, `page_too_large`.
    """
    with _opened(path, pillow_format) as image:
        if pillow_format != "TIFF":
            return 1
        count = 0
        try:
            for _ in _page_frames(image):
                count += 1
                if count > max_pages:
                    break
        except Exception:  # a broken directory chain raises whatever the parser met
            return count + 1
        return max(1, count)


def decode_picture_page(path: Path, pillow_format: str, page_number: int) -> PageImage:
    """Decode one page of the picture file at `path`.

    Args:
        path: The file.
        pillow_format: The only format that is tried.
        page_number: From 1.

    Returns:
        Grey or RGB on white, turned as the file says; with the problem `page_damaged` where only a part could be
        decoded.

    Raises:
        SohoaError: `page_damaged`, `page_too_large`, `scan_damaged`, `scan_too_large`.
    """
    with _opened(path, pillow_format) as image:
        try:
            _go_to_page(image, page_number)
            check_size(*image.size, page_number)
            _check_claims(image, path, page_number)
            dpi = _stated_dpi(image)
            pixels, problems = _decoded(image, path, page_number)
        except SohoaError:
            raise
        except Image.DecompressionBombError as error:
            raise SohoaError(Code.PAGE_TOO_LARGE, page_number=page_number, detail="decompression bomb") from error
        except Exception as error:  # decoders raise OSError, SyntaxError, struct.error, … on broken data
            raise SohoaError(Code.PAGE_DAMAGED, page_number=page_number, detail=type(error).__name__) from error
    return PageImage(without_empty_colour(pixels), dpi, page_number, problems)


def check_size(width_px: int, height_px: int, page_number: int) -> None:
    """Refuse a page of more pixels than a worker can hold.

    Raises:
        SohoaError: `page_too_large`.
    """
    if width_px * height_px > MAX_PAGE_PIXELS:
        detail = f"{width_px} x {height_px} pixels, at most {MAX_PAGE_PIXELS}"
        raise SohoaError(Code.PAGE_TOO_LARGE, page_number=page_number, detail=detail)


def check_bytes(path: Path) -> None:
    """Refuse a file that is too large for one picture.

    Raises:
        SohoaError: `scan_too_large`.
    """
    size = path.stat().st_size
    if size > MAX_PICTURE_BYTES:
        raise SohoaError(Code.SCAN_TOO_LARGE, detail=f"{size} bytes for one picture, at most {MAX_PICTURE_BYTES}")


def flattened(image: Image.Image) -> NDArray[np.uint8]:
    """Return a decoded picture as grey or RGB pixels on white paper."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep_grey(np.asarray(image))
    if image.mode in {"1", "L"}:
        return _to_array(image.convert("L"))
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGB", layered.size, "white")
        paper.paste(layered, mask=layered.getchannel("A"))
        return _to_array(paper)
    return _to_array(image if image.mode == "RGB" else image.convert("RGB"))


@contextmanager
def _opened(path: Path, pillow_format: str) -> Iterator[Image.Image]:
    if pillow_format != "TIFF":
        check_bytes(path)
    with warnings.catch_warnings():
        # Our own limit is checked right after, with an error that names the page; malformed EXIF is harmless.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(path, formats=(pillow_format,))
        except Image.DecompressionBombError as error:
            raise SohoaError(Code.PAGE_TOO_LARGE, page_number=1, detail="decompression bomb") from error
        except UnidentifiedImageError as error:
            raise SohoaError(Code.SCAN_DAMAGED, detail=type(error).__name__) from error
        except Exception as error:  # parsers of headers raise whatever they met
            raise SohoaError(Code.SCAN_DAMAGED, detail=type(error).__name__) from error
        with image:
            yield image


def _page_frames(image: Image.Image) -> Iterator[int]:
    """Go from directory to directory of a TIFF; yields where one is a page."""
    index = 0
    while True:
        try:
            image.seek(index)
        except EOFError:
            return
        tags: Any = getattr(image, "tag_v2", {})
        if not int(tags.get(_NEW_SUBFILE_TYPE, 0)) & _NO_PAGE:
            yield index
        index += 1


def _go_to_page(image: Image.Image, page_number: int) -> None:
    if image.format != "TIFF":
        return
    for number, _ in enumerate(_page_frames(image), start=1):
        if number == page_number:
            return
    if page_number > 1:
        raise SohoaError(Code.PAGE_DAMAGED, page_number=page_number, detail="no such page")
    image.seek(0)  # nothing but thumbnails: the first is better than none


def _check_claims(image: Image.Image, path: Path, page_number: int) -> None:
    """Refuse what costs far more than the pixels of the page let expect."""
    tags: Any = getattr(image, "tag_v2", {})
    tile_px = int(tags.get(_TILE_WIDTH, 0)) * int(tags.get(_TILE_LENGTH, 0))
    if tile_px > MAX_PAGE_PIXELS:
        raise SohoaError(Code.PAGE_TOO_LARGE, page_number=page_number, detail=f"tiles of {tile_px} pixels")
    if image.format in {"JPEG", "MPO"}:
        scans = path.read_bytes().count(_START_OF_SCAN)
        if scans > MAX_JPEG_SCANS:
            raise SohoaError(Code.PAGE_DAMAGED, page_number=page_number, detail=f"{scans} scans in one JPEG")


def _decoded(image: Image.Image, path: Path, page_number: int) -> tuple[NDArray[np.uint8], tuple[Problem, ...]]:
    try:
        faults = faults_during(image.load)
    except Exception as error:  # decoders raise OSError, SyntaxError, struct.error, … on broken or cut-off data
        pixels = _rows_decoded(image)
        if pixels is None and image.format in {"JPEG", "MPO"}:
            pixels = _jpeg_so_far(path)
        if pixels is None:
            raise
        return pixels, (_in_part(page_number, type(error).__name__),)
    problems = (_in_part(page_number, f"{faults} faults"),) if faults else ()
    return _turned(flattened(image), _orientation(image)), problems


def _in_part(page_number: int, reason: str) -> Problem:
    detail = f"the picture could be decoded only in part: {reason}"
    return Problem(code=Code.PAGE_DAMAGED, page_number=page_number, detail=detail)


def _rows_decoded(image: Image.Image) -> NDArray[np.uint8] | None:
    """Return the rows that were decoded before the fault, on white paper, or None when they make no page."""
    if getattr(image, "_im", None) is None:
        return None
    image.tile = []  # type: ignore[attr-defined]  # nothing is left to decode: Pillow then gives what it has
    box = image.getbbox(alpha_only=False)
    if box is None or box[3] - box[1] < MIN_SIDE_PX:
        return None
    pixels = flattened(image)
    pixels[: box[1]] = pixels[box[3] :] = 255
    return _turned(pixels, _orientation(image))


def _jpeg_so_far(path: Path) -> NDArray[np.uint8] | None:
    """Return what a cut-off progressive JPEG shows so far: its decoder gives nothing before it has seen an end."""
    with Image.open(BytesIO(path.read_bytes() + _END_OF_JPEG), formats=("JPEG",)) as finished:
        pixels = flattened(finished)
        if pixels.min() == pixels.max():  # nothing but the grey that stands for no data
            return None
        return _turned(pixels, _orientation(finished))


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation that Pillow has not applied yet (it does so for TIFF), 1 to 8."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # malformed EXIF raises whatever the parser met, and turns nothing
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Return the picture upright. Source: EXIF 2.32, tag 0x0112: where row 0 and column 0 are seen."""
    if orientation in {5, 6, 7, 8}:
        pixels = pixels.swapaxes(0, 1)
    if orientation in {3, 4, 7, 8}:
        pixels = pixels[::-1]
    if orientation in {2, 3, 6, 7}:
        pixels = pixels[:, ::-1]
    return as_pixels(pixels)


def _from_deep_grey(levels: NDArray[Any]) -> NDArray[np.uint8]:
    """Return 16- or 32-bit grey in 8 bits, its brightest level white: scanners store 10, 12 or 16 bits alike."""
    if levels.dtype == np.int32:
        levels = levels.astype(np.float32)
    if levels.dtype.byteorder == ">":
        levels = levels.astype(levels.dtype.newbyteorder("="))
    brightest = float(np.nanmax(levels))
    if not np.isfinite(brightest) or brightest <= 0:
        return np.zeros(levels.shape, dtype=np.uint8)
    return as_pixels(cv2.convertScaleAbs(levels, alpha=255 / brightest))


def _to_array(image: Image.Image) -> NDArray[np.uint8]:
    width, height = image.size
    pixels = np.empty((height, width) if image.mode == "L" else (height, width, 3), dtype=np.uint8)
    for top in range(0, height, _BAND_ROWS):
        bottom = min(height, top + _BAND_ROWS)
        pixels[top:bottom] = np.asarray(image.crop((0, top, width, bottom)))
    return pixels


def _stated_dpi(image: Image.Image) -> int:
    """Resolution the file states, or 0 where it states none or nonsense."""
    try:
        horizontal = float(image.info.get("dpi", (0, 0))[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0
    # 72 and 96 are what programs write when they know nothing.
    return round(horizontal) if 100 <= horizontal <= 2400 else 0
