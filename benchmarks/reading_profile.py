"""Where the processor seconds of a page go, from the file to the stored record.

`python -m benchmarks.reading_profile PATH… [--picture OUT.png] [--json]`; PATH as for `sohoa ingest` (default: the
decree of the samples). Scans are received, read, sorted and stored in a new home by the functions that the product's
flow calls, in this one process and thread; Prefect, the start of Python and the loading of libraries are left out,
loading the models is not.

Each stage is a function of the product, wrapped while the profile runs. A stage is charged what it spent itself, what
the programs it started spent (Poppler) included, without the stages it called: a reader that the second look calls is
charged to the reader, under the name of the second look.
"""

import argparse
import functools
import importlib
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PIL import Image, ImageDraw

from benchmarks.drawing.fonts import Family, FontMissingError, Style, load_font
from benchmarks.scoring import format_table
from flows import assembly, reading
from flows.intake import take_in
from flows.workshop import open_workshop
from ocr.problem import SohoaError

_SAMPLES = Path("../shared/samples/decree")
_NO_SAMPLES, _NOT_RUN = 2, 3
_PACKAGES = ("ocr", "extractors", "storage", "flows")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what people call it, the function (`module`, `name` or `Class.name`), and whether it is a reader."""

    label: str
    module: str
    name: str
    is_reader: bool = False


STAGES = (
    Stage("nhận bản quét", "flows.reading", "receive_scan"),
    Stage("mở trang (giải mã, dựng hình)", "ocr.scan", "open_page"),
    Stage("lớp chữ của PDF", "ocr.text_layer", "read_text_layer"),
    Stage("chất lượng trang", "ocr.quality", "assess"),
    Stage("mã vạch, QR", "ocr.codes", "find_codes"),
    Stage("làm sạch", "ocr.cleanup.cleaning", "clean_page"),
    Stage("dòng bị bỏ sót", "ocr.overlooked_text", "look_again"),
    Stage("Tesseract", "ocr.readers.tesseract", "TesseractReader.read", is_reader=True),
    Stage("Tesseract", "ocr.readers.tesseract_in_process", "InProcessTesseractReader.read", is_reader=True),
    Stage("mô hình dòng", "ocr.readers.line_model", "LineModel.read", is_reader=True),
    Stage("ghép hai bộ đọc", "ocr.readers.two_readers", "TwoReaders.read"),
    Stage("đọc lại chỗ viết tay", "ocr.second_reader", "SecondReader.read_blanks"),
    Stage("đọc lại dòng của trường", "ocr.second_reader", "SecondReader.read_text"),
    Stage("dòng máy đọc của giấy tờ tùy thân", "ocr.mrz_finder", "find_mrz"),
    Stage("chữ ký số của PDF", "ocr.pdf_signatures", "pdf_signatures"),
    Stage("trang trắng hay không", "ocr.own_marks", "has_own_marks"),
    Stage("lưu trang", "storage.pages", "save_page"),
    Stage("trích xuất, lưu hồ sơ", "flows.assembly", "assemble_dossier"),
    Stage("phần còn lại của việc đọc", "flows.reading", "read_stored_page"),
)
# Within these the readers do something else than reading the page.
_CONTEXTS = frozenset({"dòng bị bỏ sót", "lớp chữ của PDF", "đọc lại chỗ viết tay", "đọc lại dòng của trường"})


@dataclass(slots=True)
class Profile:
    """Processor seconds by stage; of the stages in `readers`, a reader's."""

    seconds: dict[str, float] = field(default_factory=dict)
    readers: set[str] = field(default_factory=set)
    pages: int = 0

    @property
    def total_s(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())

    @property
    def reader_share(self) -> float:
        """Share of the seconds that readers spent."""
        return sum(self.seconds[name] for name in self.readers) / self.total_s if self.total_s else 0.0


class _Stopwatch:
    """Charges time to the innermost running stage."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._running: list[Stage] = []
        self._since = 0.0

    def wrapped(self, stage: Stage, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` with its time charged to `stage`."""

        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            self._charge()
            self._running.append(stage)
            try:
                return function(*arguments, **named)
            finally:
                self._charge()
                self._running.pop()

        return timed

    def _charge(self) -> None:
        """Give what has passed since the last call to the innermost stage."""
        now = _cpu_s()
        if self._running:
            stage = self._running[-1]
            label = stage.label
            if stage.is_reader:
                outer = next((each.label for each in reversed(self._running) if each.label in _CONTEXTS), "cả trang")
                label = f"{label}: {outer}"
                self._profile.readers.add(label)
            self._profile.seconds[label] = self._profile.seconds.get(label, 0.0) + now - self._since
        self._since = now


def _cpu_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@contextmanager
def profiled(stages: Sequence[Stage] = STAGES) -> Iterator[Profile]:
    """Measure the stages while the block runs.

    Raises:
        AttributeError: A stage names a function that is not there.
        ModuleNotFoundError: A stage names a module that is not there.
    """
    profile = Profile()
    watch = _Stopwatch(profile)
    with ExitStack() as patches:
        for stage in stages:
            owner: Any = importlib.import_module(stage.module)
            *classes, name = stage.name.split(".")
            for each in classes:
                owner = getattr(owner, each)
            original = getattr(owner, name)
            timed = watch.wrapped(stage, original)
            # A function is also replaced where another module has imported it by name.
            others = [] if classes else _modules_with(name, original)
            for place in [owner, *(module for module in others if module is not owner)]:
                patches.enter_context(patch.object(place, name, timed))
        yield profile


def _modules_with(name: str, function: Callable[..., Any]) -> list[Any]:
    ours = [module for key, module in list(sys.modules.items()) if key.split(".")[0] in (*_PACKAGES, "benchmarks")]
    return [module for module in ours if vars(module).get(name) is function]


def profile_reading(paths: Sequence[Path], home: Path) -> Profile:
    """Take `paths` in as `sohoa ingest` does and return where the time went.

    Raises:
        SohoaError: Home, reader or model cannot be used, or a page failed in passing.
    """
    with ExitStack() as stack:
        # Opening a home moves the process's folder for temporary files into it.
        stack.enter_context(patch.object(tempfile, "tempdir", tempfile.tempdir))
        shop = open_workshop(str(home))
        profile = stack.enter_context(profiled())
        for dossier in take_in(paths).dossiers:
            scans = [reading.receive_scan(shop, file) for file in dossier.files]
            for scan in scans:
                for number in range(1, (scan.page_count or 0) + 1):
                    reading.read_stored_page(shop, scan.sha256, number)
                    profile.pages += 1
            assembly.assemble_dossier(shop, dossier, scans, {})
    return profile


def draw_profile(profile: Profile) -> Image.Image:
    """Return a picture: one bar a stage, readers in blue, the rest in grey, seconds a page and share beside it."""
    rows = _rows(profile)
    width, row_height, left = 1180, 44, 470
    picture = Image.new("RGB", (width, row_height * (len(rows) + 2)), "white")
    pen = ImageDraw.Draw(picture)
    text, bold = load_font(Style.REGULAR, 22, Family.SANS), load_font(Style.BOLD, 24, Family.SANS)
    title = f"{profile.total_s / max(profile.pages, 1):.2f} s CPU mỗi trang; {profile.reader_share:.0%} trong bộ đọc"
    pen.text((20, 12), title, fill="black", font=bold)
    longest = max((seconds for _, seconds in rows), default=1.0)
    for number, (label, seconds) in enumerate(rows):
        top = row_height * (number + 1.5)
        pen.text((left - 16, top + 4), label, fill="black", font=text, anchor="ra")
        end = left + round(seconds / longest * (width - left - 230))
        pen.rectangle([left, top, end, top + 30], fill=(38, 98, 180) if label in profile.readers else (160, 160, 160))
        figures = f"{seconds / max(profile.pages, 1):.3f} s   {seconds / profile.total_s:.1%}"
        pen.text((end + 12, top + 3), figures, fill="black", font=text)
    return picture


def main(argv: list[str] | None = None) -> int:
    """Run and print; return the exit code: 0 it ran, 2 no samples or font, 3 the product did not run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading_profile", description="Thời gian đi đâu.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="như của sohoa ingest")
    parser.add_argument("--picture", type=Path, metavar="OUT.png", help="vẽ biểu đồ")
    parser.add_argument("--json", action="store_true", help="in số liệu dạng JSON")
    given = parser.parse_args(argv)
    paths = given.paths or sorted(_SAMPLES.glob("*.pdf"))
    if not paths or not all(path.exists() for path in paths):
        print(f"Không thấy {[str(path) for path in paths] or _SAMPLES}.", file=sys.stderr)
        return _NO_SAMPLES
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    try:
        with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as scratch:
            profile = profile_reading(paths, Path(scratch) / "home")
        if given.picture:
            draw_profile(profile).quantize(32).save(given.picture, optimize=True)
    except FontMissingError as error:
        print(error, file=sys.stderr)
        return _NO_SAMPLES
    except SohoaError as error:
        print(f"{error.problem.code}: {error.problem.detail}", file=sys.stderr)
        return _NOT_RUN
    print(_as_json(profile) if given.json else _as_table(profile))
    return 0


def _rows(profile: Profile) -> list[tuple[str, float]]:
    return sorted(profile.seconds.items(), key=lambda row: -row[1])


def _as_table(profile: Profile) -> str:
    pages = max(profile.pages, 1)
    rows = [
        (label, "x" if label in profile.readers else "", f"{seconds / pages:.3f}", f"{seconds / profile.total_s:.1%}")
        for label, seconds in _rows(profile)
    ]
    rows.append((f"tổng {profile.pages} trang", "", f"{profile.total_s / pages:.3f}", "100.0%"))
    rows.append(
        ("trong bộ đọc", "x", f"{profile.total_s * profile.reader_share / pages:.3f}", f"{profile.reader_share:.1%}")
    )
    return format_table(("công đoạn", "bộ đọc", "s CPU/trang", "tỷ lệ"), rows)


def _as_json(profile: Profile) -> str:
    figures = {
        "pages": profile.pages,
        "reader_share": profile.reader_share,
        "cpu_s_per_page": {label: seconds / max(profile.pages, 1) for label, seconds in _rows(profile)},
    }
    return json.dumps(figures, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
