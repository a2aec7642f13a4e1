"""Peak memory of a worker: each kind of page read and read again in a fresh process.

The process imports what a worker imports and loads the page reader first. `ready` is its size then, `peak` the most it
had resident while it opened, cleaned and read the page and every second reader looked at three of its lines; the
program that draws PDF pages is counted by itself as `render`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.drawing.fonts import Style, load_font

LIMIT_MIB = 600
_A4_INCHES = (8.27, 11.69)
_TEXT = "Uỷ ban nhân dân xã kính gửi công dân kết quả giải quyết thủ tục hành chính đúng hẹn theo quy định"


_MEASURED_CHILD = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of one case in MiB: with the page reader loaded, at its peak, and of Poppler's renderer."""

    ready_mib: float
    peak_mib: float
    child_mib: float
    words: int


def _sheet(width_px: int, height_px: int) -> Image.Image:
    """Return a page of text with a red stamp."""
    page = Image.new("RGB", (width_px, height_px), "white")
    draw = ImageDraw.Draw(page)
    size = height_px // 65
    font = load_font(Style.REGULAR, size)
    for row in range(40):
        text = f"Số: {row * 37} /UBND-KTTH {_TEXT}" if row % 8 == 0 else _TEXT
        draw.text((width_px // 10, height_px // 12 + row * size * 1.35), text[:70], font=font, fill="black")
    ring = (width_px * 0.6, height_px * 0.75, width_px * 0.8, height_px * 0.75 + width_px * 0.2)
    draw.ellipse(ring, outline=(210, 30, 40), width=size // 4)
    return page


def _a4(dpi: int) -> Image.Image:
    return _sheet(*(round(side * dpi) for side in _A4_INCHES))


def _photo(width_px: int, height_px: int) -> Image.Image:
    """Return a page on a dark table, turned a little, with the grain of a camera."""
    page = _sheet(round(width_px * 0.8), round(height_px * 0.85)).rotate(3, expand=True, fillcolor=(70, 60, 50))
    table = Image.new("RGB", (width_px, height_px), (70, 60, 50))
    table.paste(page, ((width_px - page.width) // 2, (height_px - page.height) // 2))
    blurred = np.asarray(table.filter(ImageFilter.GaussianBlur(1)))
    grain = np.random.default_rng(1).integers(-8, 9, size=(height_px // 4, width_px // 4, 1), dtype=np.int16)
    grain = np.repeat(np.repeat(grain, 4, axis=0), 4, axis=1)
    noisy = blurred[: grain.shape[0], : grain.shape[1]] + grain
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _as_pdf(image: Image.Image, path: Path) -> None:
    image.save(path, "PDF", resolution=image.width / _A4_INCHES[0])


# Name, suffix of the file, and how it is drawn.
CASES: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "bilevel A4 300 dpi, TIFF G4": ("tif", lambda path: _a4(300).convert("1").save(path, compression="group4")),
    "bilevel A4 300 dpi, PDF": ("pdf", lambda path: _as_pdf(_a4(300).convert("1"), path)),
    "colour A4 300 dpi, PDF": ("pdf", lambda path: _as_pdf(_a4(300), path)),
    "colour A4 300 dpi, JPEG": ("jpg", lambda path: _a4(300).save(path, dpi=(300, 300))),
    "colour A4 600 dpi, JPEG": ("jpg", lambda path: _a4(600).save(path, dpi=(600, 600))),
    "colour A4 600 dpi, PDF": ("pdf", lambda path: _as_pdf(_a4(600), path)),
    "phone 12 Mpx, JPEG": ("jpg", lambda path: _photo(3024, 4032).save(path)),
    "phone 48 Mpx, JPEG": ("jpg", lambda path: _photo(6048, 8064).save(path)),
}


def measure(path: Path) -> Memory:
    """Measure the case at `path` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.memory", "--worker", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Memory(**json.loads(done.stdout.splitlines()[-1]))


def _work(path: Path) -> Memory:
    """Do in this process what a worker does with one page."""
    from flows.workshop import open_workshop  # noqa: PLC0415  only the measured process pays for a worker's imports
    from ocr.blank import Blank  # noqa: PLC0415
    from ocr.line_reading import LineReader  # noqa: PLC0415
    from ocr.page import Box  # noqa: PLC0415
    from ocr.read_page import read_page_of  # noqa: PLC0415
    from ocr.scan import inspect_scan, open_page  # noqa: PLC0415
    from ocr.second_reader import second_reader  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as home:
        shop = open_workshop(home)
        reader, second = shop.reader, shop.second_reader or second_reader()
        # Models take their memory at their first use.
        reader.read(np.full((400, 600), 255, dtype=np.uint8), 180, 60)
        ready_mib = _resident_mib("VmRSS")
        kind = inspect_scan(path).kind
        page = read_page_of(path, kind, "0" * 64, 1, reader, 300)
        image = open_page(path, kind, 1)
        for line in page.lines()[::8][:3]:
            box = Box.around(word.upright_box for word in line)
            second.read_blanks(image, page, box, (Blank.NUMBER,))
            for line_reader in filter(second.has, LineReader):
                second.read_text(image, page, box, line_reader)
    return Memory(ready_mib, _resident_mib("VmHWM"), _renderer_mib(path, kind, image.dpi), len(page.words))


def _renderer_mib(path: Path, kind: str, dpi: int) -> float:
    """Return the peak of the program that draws a PDF page, run once more by a process too small to be mistaken for it.

    A program's `ru_maxrss` counts the process it was forked from.
    """
    if kind != "pdf":
        return 0.0
    command = ["pdftoppm", "-cropbox", "-r", str(dpi), "-f", "1", "-l", "1", str(path)]
    measured = [sys.executable, "-S", "-c", _MEASURED_CHILD, *command]
    done = subprocess.run(measured, capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


def _resident_mib(name: str) -> float:
    """Return a figure of this process; not `ru_maxrss`, which remembers the process that this one was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{name}:")[1].split()[0]) / 1024


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", type=Path, help="measure this file in this process (used by the command itself)")
    parser.add_argument("--case", default="", help="only cases whose name contains this")
    arguments = parser.parse_args()
    if arguments.worker:
        print(json.dumps(asdict(_work(arguments.worker))))
        return
    print(f"{'page':32} {'ready':>7} {'peak':>7} {'render':>7}  MiB   words")
    with tempfile.TemporaryDirectory() as folder:
        for name, (suffix, draw) in CASES.items():
            if arguments.case not in name:
                continue
            path = Path(folder) / f"page.{suffix}"
            draw(path)
            memory = measure(path)
            verdict = "" if memory.peak_mib <= LIMIT_MIB else f"  above {LIMIT_MIB}"
            figures = f"{memory.ready_mib:7.0f} {memory.peak_mib:7.0f} {memory.child_mib:7.0f}"
            print(f"{name:32} {figures}        {memory.words}{verdict}", flush=True)


if __name__ == "__main__":
    main()
