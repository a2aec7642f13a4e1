"""Opening scans: every kind of file, every limit, every way to be broken."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from ocr import scan
from ocr.problem import Code, SohoaError
from ocr.scan import ScanKind, inspect_scan, open_page, sniff

SIZE = (400, 300)


def picture(mode: str = "RGB", colour: object = "white") -> Image.Image:
    return Image.new(mode, SIZE, colour)


def saved(folder: Path, name: str, image: Image.Image, **options: object) -> Path:
    path = folder / name
    image.save(path, **options)
    return path


def code_of(path: Path) -> Code:
    with pytest.raises(SohoaError) as caught:
        inspect_scan(path)
    return caught.value.code


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", ScanKind.PDF),
        (b"\x00" * 900 + b"%PDF-1.4", ScanKind.PDF),
        (b"II*\x00", ScanKind.TIFF),
        (b"MM\x00*", ScanKind.TIFF),
        (b"\xff\xd8\xff\xe0", ScanKind.JPEG),
        (b"\x89PNG\r\n\x1a\n", ScanKind.PNG),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_kind_is_told_by_the_first_bytes(head: bytes, kind: ScanKind | None) -> None:
    assert sniff(head) is kind


def test_name_does_not_matter(tmp_path: Path) -> None:
    path = saved(tmp_path, "don.pdf", picture(), format="PNG")
    assert inspect_scan(path).kind is ScanKind.PNG


@pytest.mark.parametrize(
    ("name", "options", "kind"),
    [
        ("a.pdf", {"save_all": True, "append_images": [picture(), picture()], "resolution": 100}, ScanKind.PDF),
        ("a.tif", {"save_all": True, "append_images": [picture(), picture()]}, ScanKind.TIFF),
    ],
)
def test_pages_are_counted_and_opened(tmp_path: Path, name: str, options: dict, kind: ScanKind) -> None:
    path = saved(tmp_path, name, picture(), **options)
    info = inspect_scan(path)
    assert (info.kind, info.page_count) == (kind, 3)
    assert open_page(path, kind, 3).page_number == 3


def test_pdf_page_is_rendered_at_300_dpi(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.pdf", picture(), resolution=100)
    page = open_page(path, ScanKind.PDF, 1)
    assert page.dpi == 300
    assert (page.width_px, page.height_px) == (1200, 900)


def test_large_sheet_is_rendered_coarser(tmp_path: Path) -> None:
    path = saved(tmp_path, "a0.pdf", Image.new("1", (840, 1188), 1), resolution=25.4)  # A0
    page = open_page(path, ScanKind.PDF, 1)
    assert page.dpi < 300
    assert page.width_px * page.height_px <= scan.MAX_RENDER_PIXELS * 1.01


def test_exif_turn_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise by 90 degrees to see it upright
    page = open_page(saved(tmp_path, "a.jpg", picture(), exif=exif), ScanKind.JPEG, 1)
    assert (page.width_px, page.height_px) == (SIZE[1], SIZE[0])


def test_transparent_is_paper(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", picture("RGBA", (0, 0, 0, 0)))
    assert open_page(path, ScanKind.PNG, 1).pixels.min() == 255


def test_16_bit_grey_keeps_its_levels(tmp_path: Path) -> None:
    levels = np.linspace(0, 65535, SIZE[0] * SIZE[1]).astype(np.uint16).reshape(SIZE[1], SIZE[0])
    page = open_page(saved(tmp_path, "a.png", Image.fromarray(levels)), ScanKind.PNG, 1)
    assert page.pixels.dtype == np.uint8
    assert (page.pixels.min(), page.pixels.max()) == (0, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK"])
def test_every_mode_becomes_grey_or_rgb(tmp_path: Path, mode: str) -> None:
    image = picture().convert(mode)
    path = saved(tmp_path, "a.tif", image)
    page = open_page(path, ScanKind.TIFF, 1)
    assert page.pixels.dtype == np.uint8
    assert page.pixels.ndim in {2, 3}
    assert page.pixels.mean() > 250


@pytest.mark.parametrize(("stated", "dpi"), [((200, 200), 200), ((72, 72), 0), (None, 0), ((5000, 5000), 0)])
def test_dpi_is_believed_only_when_it_can_be_true(tmp_path: Path, stated: tuple[int, int] | None, dpi: int) -> None:
    options = {"dpi": stated} if stated else {}
    assert open_page(saved(tmp_path, "a.jpg", picture(), **options), ScanKind.JPEG, 1).dpi == dpi


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.touch()
    assert code_of(path) is Code.SCAN_EMPTY


def test_other_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"PK\x03\x04 a word processor's file")
    assert code_of(path) is Code.SCAN_WRONG_TYPE


def test_truncated_pdf_is_damaged(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.pdf", picture())
    path.write_bytes(path.read_bytes()[:60])
    assert code_of(path) is Code.SCAN_DAMAGED


def test_encrypted_pdf_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise scan.PDFPageCountError("Command Line Error: Incorrect password")

    monkeypatch.setattr(scan, "pdfinfo_from_path", refuse)
    assert code_of(saved(tmp_path, "a.pdf", picture())) is Code.SCAN_ENCRYPTED


def test_file_above_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_SCAN_BYTES", 10)
    assert code_of(saved(tmp_path, "a.png", picture())) is Code.SCAN_TOO_LARGE


def test_more_pages_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_PAGES", 1)
    path = saved(tmp_path, "a.tif", picture(), save_all=True, append_images=[picture()])
    assert code_of(path) is Code.SCAN_TOO_MANY_PAGES


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_truncated_picture_is_a_damaged_page(tmp_path: Path, name: str) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8))
    path = saved(tmp_path, name, noise)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert inspect_scan(path).page_count == 1
    with pytest.raises(SohoaError) as caught:
        open_page(path, sniff(path.read_bytes()), 1)
    assert caught.value.code is Code.PAGE_DAMAGED


def test_too_small_page(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", Image.new("L", (99, 400)))
    with pytest.raises(SohoaError) as caught:
        open_page(path, ScanKind.PNG, 1)
    assert (caught.value.code, caught.value.problem.page_number) == (Code.PAGE_TOO_SMALL, 1)


def test_too_large_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_PAGE_PIXELS", SIZE[0] * SIZE[1] - 1)
    with pytest.raises(SohoaError) as caught:
        open_page(saved(tmp_path, "a.png", picture()), ScanKind.PNG, 1)
    assert caught.value.code is Code.PAGE_TOO_LARGE


def test_damaged_page_does_not_hide_the_next_one(tmp_path: Path) -> None:
    options = {"save_all": True, "append_images": [picture("L", 255)], "compression": "tiff_adobe_deflate"}
    path = saved(tmp_path, "a.tif", picture("L", 0), **options)
    with Image.open(path) as image:
        start, length = image.tag_v2[TiffImagePlugin.STRIPOFFSETS][0], image.tag_v2[TiffImagePlugin.STRIPBYTECOUNTS][0]
    data = bytearray(path.read_bytes())
    data[start : start + length] = b"\xff" * length
    path.write_bytes(bytes(data))
    with pytest.raises(SohoaError) as caught:
        open_page(path, ScanKind.TIFF, 1)
    assert (caught.value.code, caught.value.problem.page_number) == (Code.PAGE_DAMAGED, 1)
    assert open_page(path, ScanKind.TIFF, 2).pixels.min() == 255


MEMORY = """
import sys
from pathlib import Path
from ocr.scan import inspect_scan, open_page
def peak_kb():
    # Not ru_maxrss: that remembers the process this one was forked from.
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
path = Path(sys.argv[1])
info = inspect_scan(path)
assert info.page_count == 60
open_page(path, info.kind, 1)
before = peak_kb()
for number in range(2, int(sys.argv[2])):
    open_page(path, info.kind, number)
print(before, peak_kb())
"""


def test_pages_of_a_long_pdf_are_opened_one_at_a_time(tmp_path: Path) -> None:
    sheets = [Image.new("1", (827, 1169), 1) for _ in range(60)]
    path = saved(tmp_path, "a.pdf", sheets[0], save_all=True, append_images=sheets[1:], resolution=100)
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path), "12"], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    first_kb, last_kb = (int(word) for word in done.stdout.split())
    # One A4 page at 300 dpi is 26 MB; sixty would be 1.5 GB. One at a time stays below 400 MB, libraries included.
    assert last_kb < 400_000
    assert last_kb - first_kb < 80_000
