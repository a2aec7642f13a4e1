"""Characters misread on ten pages of a real decree: the product beside plain Tesseract, in one run.

`python -m benchmarks.decree_cer [--samples FOLDER] [--json]`; FOLDER holds one PDF `…pages-NN-….pdf` whose first page
is page NN, and `page-NN.txt` for each of its pages.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.product import Cost, ProductError, run_command, run_sohoa
from benchmarks.scoring import format_table
from benchmarks.text_errors import TextErrors, axis_table, text_errors, total_errors

_SAMPLES = Path("../shared/samples/decree")
_NO_SAMPLES, _NOT_RUN = 2, 3
_FIRST_PAGE = re.compile(r"pages-(\d+)-")
_PEER_DPI = 300


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader made of all pages: a text per page, and what it took."""

    name: str
    pages: tuple[str, ...]
    cost: Cost


def split_pages(text: str, count: int) -> tuple[str, ...]:
    """Return the `count` pages of a text parted by form feeds; pages that are not there are empty."""
    pages = text.split("\f")[:count]
    return (*pages, *[""] * (count - len(pages)))


def true_pages(pdf: Path) -> tuple[list[str], list[str]]:
    """Return the names and true texts of the pages of `pdf`, in order."""
    found = _FIRST_PAGE.search(pdf.name)
    number = int(found.group(1)) if found else 1
    names, texts = [], []
    while (path := pdf.parent / f"page-{number:02d}.txt").is_file():
        names.append(path.stem)
        texts.append(path.read_text(encoding="utf-8"))
        number += 1
    return names, texts


def main(argv: list[str] | None = None) -> int:
    """Run and print; return the exit code: 0 it ran, 2 no samples, 3 a program did not run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decree_cer", description="Tỷ lệ ký tự đọc sai (CER).")
    parser.add_argument("--samples", type=Path, default=_SAMPLES, help="thư mục có PDF và page-NN.txt")
    parser.add_argument("--json", action="store_true", help="in số liệu dạng JSON")
    given = parser.parse_args(argv)
    pdf = next(iter(sorted(given.samples.glob("*pages-*.pdf"))), None)
    if pdf is None:
        print(f"Không thấy PDF …pages-NN-….pdf trong {given.samples}; chỉ thư mục bằng --samples.", file=sys.stderr)
        return _NO_SAMPLES
    names, truths = true_pages(pdf)
    try:
        with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as scratch:
            readings = (
                _read_with_product(pdf, Path(scratch) / "home", len(truths)),
                _read_with_tesseract(pdf, Path(scratch), len(truths)),
            )
    except ProductError as error:
        print(error, file=sys.stderr)
        return _NOT_RUN
    print(_as_json(readings, truths) if given.json else _as_table(readings, names, truths))
    return 0


def _read_with_product(pdf: Path, home: Path, count: int) -> Reading:
    cost = run_sohoa("ingest", str(pdf), "--home", str(home)).cost
    text = run_sohoa("text", pdf.stem, "--home", str(home)).text
    return Reading("sohoa", split_pages(text, count), cost)


def _read_with_tesseract(pdf: Path, scratch: Path, count: int) -> Reading:
    """Read the plain 300 dpi rendering with the tesseract command, one thread, without any clean-up."""
    rendering = run_command(["pdftoppm", "-r", str(_PEER_DPI), "-gray", "-png", str(pdf), str(scratch / "page")])
    pages, cpu, wall = [], rendering.cost.cpu_s, rendering.cost.wall_s
    for picture in sorted(scratch.glob("page-*.png"))[:count]:
        answer = run_command(["tesseract", str(picture), "stdout", "-l", "vie"], {"OMP_THREAD_LIMIT": "1"}, quiet=True)
        if answer.exit_code:
            raise ProductError(f"tesseract kết thúc với mã {answer.exit_code}")
        pages.append(answer.text.replace("\f", ""))
        cpu, wall = cpu + answer.cost.cpu_s, wall + answer.cost.wall_s
    return Reading("tesseract 300 dpi", split_pages("\f".join(pages), count), Cost(cpu, wall))


def _errors(reading: Reading, truths: Sequence[str]) -> list[TextErrors]:
    return [text_errors(read, truth) for read, truth in zip(reading.pages, truths, strict=True)]


def _as_table(readings: Sequence[Reading], names: Sequence[str], truths: Sequence[str]) -> str:
    columns = [_errors(reading, truths) for reading in readings]
    rows: list[tuple[str, ...]] = [
        (name, str(columns[0][index].characters), *(f"{column[index].cer:.2%}" for column in columns))
        for index, name in enumerate(names)
    ]
    sums = [total_errors(column) for column in columns]
    rows.append(("tổng", str(sums[0].characters), *(f"{each.cer:.2%}" for each in sums)))
    costs = [reading.cost.per_page(len(truths)) for reading in readings]
    rows.append(("s CPU mỗi trang", "", *(f"{cost.cpu_s:.2f}" for cost in costs)))
    rows.append(("s đồng hồ mỗi trang", "", *(f"{cost.wall_s:.2f}" for cost in costs)))
    table = format_table(("trang", "ký tự", *(f"CER {reading.name}" for reading in readings)), rows)
    axes = axis_table([(reading.name, each) for reading, each in zip(readings, sums, strict=True)])
    return f"{table}\n\n{axes}"


def _as_json(readings: Sequence[Reading], truths: Sequence[str]) -> str:
    figures = {
        reading.name: {
            "cer": total_errors(_errors(reading, truths)).cer,
            "wer": total_errors(_errors(reading, truths)).wer,
            "axes": dict(total_errors(_errors(reading, truths)).by_axis),
            "page_cer": [page.cer for page in _errors(reading, truths)],
            "cpu_s_per_page": reading.cost.per_page(len(truths)).cpu_s,
            "wall_s_per_page": reading.cost.per_page(len(truths)).wall_s,
        }
        for reading in readings
    }
    return json.dumps(figures, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
