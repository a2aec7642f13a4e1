"""Opening scans: what kind a file is, what is counted, what is refused before memory is spent."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.scan_files import scan_files
from ocr import picture_pages, scan
from ocr.problem import Code, SohoaError
from ocr.scan import ScanKind, inspect_scan, kind_of, open_page, sniff

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
        (b"\n\n%PDF-1.4", ScanKind.PDF),
        (b"II*\x00", ScanKind.TIFF),
        (b"MM\x00*", ScanKind.TIFF),
        (b"II+\x00", ScanKind.TIFF),
        (b"II*\x00 made from %PDF-1.4", ScanKind.TIFF),
        (b"\xff\xd8\xff\xe0", ScanKind.JPEG),
        (b"\x89PNG\r\n\x1a\n", ScanKind.PNG),
        (b"RIFF\x0a\x00\x00\x00WEBPVP8 ", ScanKind.WEBP),
        (b"RIFF\x0a\x00\x00\x00WAVEfmt ", None),
        (b"BM" + b"\x0a" * 12 + b"\x28\x00\x00\x00", ScanKind.BMP),
        (b"BM is how this text begins", None),
        (b"\x00\x00\x00\x18ftypheic", ScanKind.HEIC),
        (b"\x00\x00\x00\x18ftypmp42", None),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_kind_is_told_by_the_first_bytes(head: bytes, kind: ScanKind | None) -> None:
    assert sniff(head) is kind


def test_name_does_not_matter(tmp_path: Path) -> None:
    path = saved(tmp_path, "don.pdf", picture(), format="PNG")
    assert inspect_scan(path).kind is ScanKind.PNG


SUFFIXES = {"tif": ScanKind.TIFF, "jpg": ScanKind.JPEG}
FILES = scan_files()


@pytest.mark.parametrize("name", [name for name in FILES if name != "locked.pdf"])
def test_every_file_is_told_counted_and_opened(tmp_path: Path, name: str) -> None:
    path = tmp_path / "scan"
    path.write_bytes(FILES[name])
    suffix = name.rsplit(".", 1)[1]
    info = inspect_scan(path)
    assert info.kind is kind_of(path) is (SUFFIXES.get(suffix) or ScanKind(suffix))
    page = open_page(path, info.kind, info.page_count)
    assert page.problems == ()
    assert page.pixels[page.height_px // 2, page.width_px // 2].min() > 250  # paper
    assert page.pixels.ndim in {2, 3} and page.pixels.flags.c_contiguous


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


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.touch()
    assert code_of(path) is Code.SCAN_EMPTY


def test_other_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"PK\x03\x04 a word processor's file")
    assert code_of(path) is Code.SCAN_WRONG_TYPE


def test_file_above_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_SCAN_BYTES", 10)
    assert code_of(saved(tmp_path, "a.png", picture())) is Code.SCAN_TOO_LARGE


@pytest.mark.parametrize("name", ["RGB.png", "lossy.webp", "corners-turned.heic"])
def test_single_picture_above_the_limit_of_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(picture_pages, "MAX_PICTURE_BYTES", 10)
    path = tmp_path / name
    path.write_bytes(FILES[name])
    assert code_of(path) is Code.SCAN_TOO_LARGE


def test_more_pages_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_PAGES", 1)
    path = saved(tmp_path, "a.tif", picture(), save_all=True, append_images=[picture()])
    assert code_of(path) is Code.SCAN_TOO_MANY_PAGES


def test_too_small_page(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", Image.new("L", (99, 400)))
    with pytest.raises(SohoaError) as caught:
        open_page(path, ScanKind.PNG, 1)
    assert (caught.value.code, caught.value.problem.page_number) == (Code.PAGE_TOO_SMALL, 1)


@pytest.mark.parametrize("name", ["RGB.png", "RGB.jpg", "lossy.webp", "RGB.bmp", "1-group4.tif", "corners-turned.heic"])
def test_too_large_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(picture_pages, "MAX_PAGE_PIXELS", SIZE[0] * SIZE[1] - 1)
    path = tmp_path / name
    path.write_bytes(FILES[name])
    with pytest.raises(SohoaError) as caught:
        open_page(path, kind_of(path), 1)
    assert (caught.value.code, caught.value.problem.page_number) == (Code.PAGE_TOO_LARGE, 1)


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
    # One A4 page at 300 dpi is 26 MB; sixty would be 1.5 GB. One at a time stays below 300 MB, libraries included.
    assert last_kb < 300_000
    assert last_kb - first_kb < 40_000
