"""Running the product the way its users do: the installed `sohoa` command, in processes of its own."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pdf2image import pdfinfo_from_path
from PIL import Image, UnidentifiedImageError

_WORKED = (0, 1)  # 1: done, but some dossiers are partial or failed


class ProductError(RuntimeError):
    """The product could not be run, or refused to."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: processor seconds of all its processes, and seconds on the clock."""

    cpu_s: float
    wall_s: float

    def per_page(self, pages: int) -> "Cost":
        """Return the cost of one of `pages`; of one when there is none."""
        return Cost(self.cpu_s / max(pages, 1), self.wall_s / max(pages, 1))


@dataclass(frozen=True, slots=True)
class Answer:
    """Standard output, exit code and cost of a command."""

    text: str
    exit_code: int
    cost: Cost


def run_command(command: Sequence[str], environment: Mapping[str, str] | None = None, quiet: bool = False) -> Answer:
    """Run a command to its end, measuring it; standard error is passed through unless `quiet`.

    Raises:
        ProductError: There is no such program.
    """
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            text=True,
            check=False,
            env={**os.environ, **(environment or {})},
        )
    except OSError as error:
        raise ProductError(f"Không chạy được {command[0]}: {error.strerror}") from error
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Answer(done.stdout, done.returncode, Cost(cpu, wall))


def run_sohoa(*arguments: str) -> Answer:
    """Run `sohoa` of the running environment.

    Raises:
        ProductError: It is not installed, or ended with a code other than 0 and 1.
    """
    program = Path(sys.executable).with_name("sohoa")
    if not program.is_file():
        raise ProductError(f"Không thấy lệnh sohoa cạnh {sys.executable}; hãy cài sản phẩm vào môi trường này trước.")
    answer = run_command([str(program), *arguments])
    if answer.exit_code not in _WORKED:
        raise ProductError(f"sohoa {' '.join(arguments)}: kết thúc với mã {answer.exit_code}")
    return answer


def parse_json_lines(text: str) -> list[dict[str, Any]]:
    """Return the objects of JSON lines; empty lines are skipped.

    Raises:
        ProductError: A line is not a JSON object.
    """
    records: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise ProductError(f"Dòng {number} của sohoa export không phải JSON: {error}") from error
        if not isinstance(record, dict):
            raise ProductError(f"Dòng {number} của sohoa export không phải một bản ghi")
        records.append(record)
    return records


def count_pages(folder: Path) -> int:
    """Return the number of pages of all scans below `folder`; files that are no scan count nothing."""
    return sum(_pages_of(path) for path in sorted(folder.rglob("*")) if path.is_file())


def _pages_of(path: Path) -> int:
    if path.suffix.lower() == ".pdf":
        return int(pdfinfo_from_path(str(path))["Pages"])
    try:
        with Image.open(path) as image:
            return int(getattr(image, "n_frames", 1))
    except UnidentifiedImageError:
        return 0
