"""Opening a scan: what kind of file it is, how many pages it has, one page picture at a time.

The kind is told by the first bytes, never by the name. A page is decoded only when asked for, so a PDF of
500 pages never stands in memory. Every failure is a `SohoaError` with a code and, where it is one page's, the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ocr.heic_pages import check_heic, decode_heic_page
from ocr.image import PageImage
from ocr.pdf_pages import PDF_RENDER_DPI, pdf_page_count, render_pdf_page
from ocr.picture_pages import MIN_SIDE_PX, decode_picture_page, picture_page_count
from ocr.problem import Code, SohoaError

__all__ = ["OPENING_VERSION", "PDF_RENDER_DPI", "ScanInfo", "ScanKind", "inspect_scan", "kind_of", "open_page", "sniff"]

MAX_PAGES = 5_000
MAX_SCAN_BYTES = 2_000_000_000
# Part of the recipe: raise it when the same file gives other pixels than before.
OPENING_VERSION = 2


class ScanKind(StrEnum):
    """Kinds of scan that can be opened."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    BMP = "bmp"
    HEIC = "heic"


# What Pillow calls the kinds that it opens.
_PILLOW_FORMATS: Mapping[ScanKind, str] = {
    ScanKind.TIFF: "TIFF",
    ScanKind.JPEG: "JPEG",
    ScanKind.PNG: "PNG",
    ScanKind.WEBP: "WEBP",
    ScanKind.BMP: "BMP",
}


# The first bytes of each kind. A picture that begins as one is one, whatever follows, so PDF comes last: its readers
# accept the mark anywhere in the first 1024 bytes. Sources: ISO 32000-1 annex H.3.4.1 note 12; Windows GDI "Bitmap
# Header Types" (`BM` alone begins many a text); ISO/IEC 23008-12 (mif1 is any still picture).
_FIRST_BYTES: Mapping[ScanKind, re.Pattern[bytes]] = {
    ScanKind.TIFF: re.compile(rb"II[*+]\x00|MM\x00[*+]"),
    ScanKind.JPEG: re.compile(rb"\xff\xd8\xff"),
    ScanKind.PNG: re.compile(rb"\x89PNG\r\n\x1a\n"),
    ScanKind.WEBP: re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    ScanKind.BMP: re.compile(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00", re.DOTALL),
    ScanKind.HEIC: re.compile(rb".{4}ftyp(heic|heix|heim|heis|mif1)", re.DOTALL),
    ScanKind.PDF: re.compile(rb".{0,1019}%PDF-", re.DOTALL),
}


@dataclass(frozen=True, slots=True)
class ScanInfo:
    """What is known of a scan without decoding its pages."""

    kind: ScanKind
    page_count: int


def sniff(head: bytes) -> ScanKind | None:
    """Return the kind told by the first bytes (1024 are enough), or None."""
    return next((kind for kind, pattern in _FIRST_BYTES.items() if pattern.match(head)), None)


def kind_of(path: Path) -> ScanKind:
    """Return the kind of the scan at `path` without looking further into it.

    Raises:
        SohoaError: `scan_empty`, `scan_too_large`, `scan_wrong_type`.
    """
    size = path.stat().st_size
    if size == 0:
        raise SohoaError(Code.SCAN_EMPTY)
    if size > MAX_SCAN_BYTES:
        raise SohoaError(Code.SCAN_TOO_LARGE, detail=f"{size} bytes, at most {MAX_SCAN_BYTES}")
    with path.open("rb") as stream:
        kind = sniff(stream.read(1024))
    if kind is None:
        raise SohoaError(Code.SCAN_WRONG_TYPE, detail="first bytes are of no kind that is read")
    return kind


def inspect_scan(path: Path) -> ScanInfo:
    """Tell kind and number of pages of the scan at `path`.

    Raises:
        SohoaError: The file is empty, of another kind, encrypted, damaged, too large or without pages; retryable where
            the machine failed and not the file.
    """
    kind = kind_of(path)
    count = _page_count(path, kind)
    if count < 1:
        raise SohoaError(Code.SCAN_NO_PAGES)
    if count > MAX_PAGES:
        raise SohoaError(Code.SCAN_TOO_MANY_PAGES, detail=f"{count} pages, at most {MAX_PAGES}")
    return ScanInfo(kind, count)


def open_page(path: Path, kind: ScanKind, page_number: int) -> PageImage:
    """Decode one page of the scan at `path`.

    Args:
        path: The scan.
        kind: As told by `inspect_scan` or `kind_of`.
        page_number: From 1.

    Raises:
        SohoaError: The page is damaged, too large, too small, or took too long.
    """
    page = _open_page(path, kind, page_number)
    if min(page.width_px, page.height_px) < MIN_SIDE_PX:
        raise SohoaError(
            Code.PAGE_TOO_SMALL, page_number=page_number, detail=f"{page.width_px} x {page.height_px} pixels"
        )
    return page


def _page_count(path: Path, kind: ScanKind) -> int:
    if kind is ScanKind.PDF:
        return pdf_page_count(path)
    if kind is ScanKind.HEIC:
        check_heic(path)
        return 1
    return picture_page_count(path, _PILLOW_FORMATS[kind], MAX_PAGES)


def _open_page(path: Path, kind: ScanKind, page_number: int) -> PageImage:
    if kind is ScanKind.PDF:
        return render_pdf_page(path, page_number)
    if kind is ScanKind.HEIC:
        return decode_heic_page(path, page_number)
    return decode_picture_page(path, _PILLOW_FORMATS[kind], page_number)
