"""A batch of broken inputs beside one good dossier: a sentence and a code for each, and the good one complete."""

import io
import json
import os
import shutil
import struct
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

A4_POINTS = (595, 842)


def pdf(*boxes: tuple[float, float], catalog: bytes = b"", trailer: bytes = b"", content: bytes = b"") -> bytes:
    """A PDF written by hand: one page for each size in points, with `content` drawn on each."""
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(len(boxes)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(boxes)),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    for width, height in boxes:
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Contents 3 0 R >>" % (width, height))
    written, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % start)


def encrypted_pdf() -> bytes:
    hexes = b"<" + b"5a" * 32 + b">"
    keys = b"/Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s" % (hexes, hexes)
    return pdf(A4_POINTS, trailer=b"/Encrypt << %s >> /ID [<00> <00>]" % keys)


def png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def png_bomb(side: int) -> bytes:
    """A valid grey PNG of `side` x `side` pixels in a few hundred kilobytes."""
    packer, row = zlib.compressobj(9), bytes(side + 1)
    return png(side, side, b"".join([*(packer.compress(row) for _ in range(side)), packer.flush()]))


def picture(size: tuple[int, int] = (800, 1100)) -> Image.Image:
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    for top in range(100, size[1] - 100, 60):
        draw.rectangle((80, top, size[0] - 80, top + 18), fill=0)
    return image


def encoded(form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture().save(buffer, form, **options)
    return buffer.getvalue()


def tiff_with_broken_second_page() -> bytes:
    """Two pages; the second directory's strip lies past the end of the file."""
    buffer = io.BytesIO()
    picture((400, 560)).save(buffer, "TIFF", save_all=True, append_images=[picture((400, 560))])
    data = bytearray(buffer.getvalue())
    first = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[first : first + 2])[0]
    second = struct.unpack("<I", data[first + 2 + 12 * entries :][:4])[0]
    for number in range(struct.unpack("<H", data[second : second + 2])[0]):
        place = second + 2 + 12 * number
        if struct.unpack("<H", data[place : place + 2])[0] == 273:  # StripOffsets
            data[place + 4 : place + 12] = struct.pack("<II", 1, len(data) + 1000)
    return bytes(data)


def huge_tiff_header() -> bytes:
    tags = [(256, 4, 1, 200_000), (257, 4, 1, 200_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    tags += [(273, 4, 1, 8), (278, 4, 1, 200_000), (279, 4, 1, 100)]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\x00" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


JAVASCRIPT = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
LONG_NAME = "hồ-sơ-" + "a" * 240
NFD_NAME = unicodedata.normalize("NFD", "giấy hỏng")

# By the name of the file: its bytes, and the codes any of which tells what is wrong with it.
BROKEN: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "empty.pdf": (lambda: b"", {"scan_empty"}),
    "web-page.pdf": (lambda: b"<!DOCTYPE html><html><body>404</body></html>", {"scan_wrong_type"}),
    "encrypted.pdf": (encrypted_pdf, {"scan_encrypted"}),
    "no-pages.pdf": (pdf, {"scan_no_pages", "scan_damaged"}),
    "only-mark.pdf": (lambda: b"%PDF-1.7\n", {"scan_damaged"}),
    "half.jpg": (lambda: encoded("JPEG")[:3000], {"page_damaged"}),
    "head-only.jpg": (lambda: encoded("JPEG")[:20], {"scan_damaged", "page_damaged"}),
    "broken-data.png": (lambda: png(600, 800, b"not deflated"), {"page_damaged"}),
    "cut.png": (lambda: encoded("PNG")[:400], {"page_damaged"}),
    "bomb.png": (lambda: png_bomb(30_000), {"page_too_large"}),
    "dot.png": (lambda: png(1, 1, zlib.compress(b"\0\0")), {"page_too_small"}),
    "text.jpg": ("Cộng hòa xã hội chủ nghĩa Việt Nam".encode, {"scan_wrong_type"}),
    "gif.png": (lambda: encoded("GIF"), {"scan_wrong_type"}),
    "second-page.tif": (tiff_with_broken_second_page, {"page_damaged"}),
    "huge.tif": (huge_tiff_header, {"page_too_large"}),
    "tiff-head.tif": (lambda: b"II*\x00\x08\x00\x00\x00", {"scan_damaged"}),
    "a-point.pdf": (lambda: pdf((1, 1)), {"page_too_small"}),
    "field.pdf": (lambda: pdf((14_400, 14_400)), {"page_too_large", "dossier_blank"}),
    "poster-blank.pdf": (lambda: pdf((2384, 3370)), {"dossier_blank"}),
    "script-blank.pdf": (lambda: pdf(A4_POINTS, catalog=JAVASCRIPT), {"dossier_blank"}),
    f"{NFD_NAME}.pdf": (lambda: b"", {"scan_empty"}),
    "[red]đỏ[bold].pdf": (lambda: b"", {"scan_empty"}),
    "dòng\nhai\x1b[31m.pdf": (lambda: b"", {"scan_empty"}),
    f"{LONG_NAME[:200]}.pdf": (lambda: b"", {"scan_empty"}),
    " .pdf": (lambda: b"", {"scan_empty"}),
    "²3.pdf": (lambda: b"", {"scan_empty"}),
}


def _write_batch(batch: Path, good: Path) -> None:
    batch.mkdir()
    shutil.copytree(good, batch / "hs-102")
    shutil.copy(batch / "hs-102" / "scan.pdf", batch / "hs-102" / "the same.pdf")  # a duplicate is no fault
    for name, (make, _) in BROKEN.items():
        (batch / name).write_bytes(make())
    (batch / "folder.pdf").mkdir()
    (batch / "folder-without-files").mkdir()
    (batch / "folder-with-truth").mkdir()
    (batch / "folder-with-truth" / "truth.json").write_text("{}")
    (batch / "loop.pdf").symlink_to("loop.pdf")
    (batch / "nowhere.pdf").symlink_to("absent.pdf")
    (batch / "round").symlink_to(".", target_is_directory=True)
    os.mkfifo(batch / "pipe.tif")
    Path(os.fsdecode(os.fsencode(batch) + b"/caf\xe9.pdf")).write_bytes(b"")
    scan = (good / "scan.pdf").read_bytes()
    for share in (5, 50, 95):
        (batch / f"cut-{share}.pdf").write_bytes(scan[: len(scan) * share // 100])


FOLDERS = {"folder.pdf", "folder-without-files", "folder-with-truth"}
UNREADABLE = {"loop.pdf", "nowhere.pdf", "round", "pipe.tif"}


def _shown(name: str) -> str:
    plain = unicodedata.normalize("NFC", name)
    return plain.replace("\n", "\\n").replace("\x1b", "\\x1b")


def _expected() -> dict[str, set[str]]:
    expected = {_shown(name): codes for name, (_, codes) in BROKEN.items()}
    expected |= {name: {"folder_empty"} for name in FOLDERS} | {name: {"path_unreadable"} for name in UNREADABLE}
    expected |= {f"cut-{share}.pdf": {"scan_damaged", "page_damaged"} for share in (5, 50, 95)}
    return {**expected, "caf\\xe9.pdf": {"scan_empty"}}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory, drawn: Path) -> Path:
    folder = tmp_path_factory.mktemp("broken") / "batch"
    _write_batch(folder, drawn / "hs-102")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken-home")


@pytest.fixture(scope="module")
def answer(sohoa, batch: Path, home: Path):
    return sohoa("ingest", batch, "--home", home)


def test_each_broken_input_is_one_sentence_with_its_name_and_code(answer):
    lines = [line for line in answer.stderr.splitlines() if "bỏ qua" not in line]
    expected = _expected()
    wrong = []
    for name, codes in expected.items():
        stem = name.rsplit(".", 1)[0] if name.endswith(("pdf", "png", "jpg", "tif")) else name
        # The name of the file, or of the dossier that consists of it.
        about = [line for line in lines if f" {name}" in f" {line}" or line.startswith((f"{stem}: ", f"{name}: "))]
        if len(about) != 1 or not any(about[0].endswith(f"[{code}]") for code in codes):
            wrong.append((name, codes, about))
    assert not wrong
    assert len(lines) == len(expected), lines


def test_the_run_says_that_not_all_is_well(answer):
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr + answer.stdout
    assert "hs-102" in answer.stdout


def test_no_noise_of_the_libraries_underneath(answer):
    for noise in (
        "Warning",
        "WARNING",
        "page failed",
        "Error",
        "PIL",
        "libtiff",
        "Syntax",
        "poppler",
        "DEBUG",
        "INFO",
        "prefect",
    ):
        assert noise not in answer.stderr


def test_the_good_dossier_is_complete_and_exported(answer, sohoa, home: Path):
    exported = sohoa("export", "--home", home, "--dossier", "hs-102")
    assert exported.returncode == 0
    assert [json.loads(line)["paper_type"] for line in exported.stdout.splitlines()] == ["thong-bao"]


def test_a_second_run_says_the_same_and_reads_nothing(answer, sohoa, batch: Path, home: Path):
    before = _objects(home)
    again = sohoa("ingest", batch, "--home", home)

    assert (again.returncode, again.stdout) == (1, answer.stdout)
    assert sorted(again.stderr.splitlines()) == sorted(answer.stderr.splitlines())
    assert _objects(home) == before


def _objects(home: Path) -> dict[str, tuple[int, int]]:
    files = ((path, path.stat()) for path in (home / "store").rglob("*") if path.is_file())
    return {str(path): (found.st_ino, found.st_mtime_ns) for path, found in files}
