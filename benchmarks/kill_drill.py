"""`python -m benchmarks.kill_drill`: kill -9 a run again and again; in the end nothing may be lost or read twice."""

import argparse
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.drawing.dossier import DrawnFile, encode_file
from benchmarks.drawing.paper import draw_paper
from benchmarks.drawing.registry import PAPER_TYPES
from flows.embedded import flow_server

_DPI = 150
_POLL_S = 0.02
_SERVER_GONE_S = 120  # what is left behind stays for good; what ends needs a while on a busy machine
_RUN_TIMEOUT_S = 900

# Of every file below the store: inode and time of writing. A file that was written again has others.
Written = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: seconds after the start, page texts held then, and whether a server process outlived it."""

    after_s: float
    pages_held: int
    server_left: bool


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What the drill found.

    Attributes:
        kills: Every kill.
        records: Number of records of the undisturbed run.
        same_records: True when the disturbed home exports the same records, times aside.
        pages_read_twice: Page texts that were written again after they had been stored.
        intact: True when `sohoa verify` finds no damage and no warning.
        extra_revisions: Record and dossier revisions beyond the first, which only a page read otherwise would cause.
    """

    kills: tuple[Kill, ...]
    records: int
    same_records: bool
    pages_read_twice: int
    intact: bool
    extra_revisions: int

    @property
    def passed(self) -> bool:
        """True when the kills left no trace."""
        no_server_left = not any(kill.server_left for kill in self.kills)
        return self.same_records and self.intact and self.pages_read_twice == 0 and no_server_left


def drill(folder: Path, kills: int, pages: int, seed: int, api_url: str | None) -> DrillResult:
    """Digitise one dossier undisturbed and, in another home, with `kills` kills and a last full run.

    Args:
        folder: Empty folder for dossier and homes.
        kills: How often.
        pages: Pages of the dossier.
        seed: Of the dossier and the moments.
        api_url: A Prefect server that all runs share, which is quicker; None for one of each run's own.
    """
    scans = _draw(folder / "hs-20", pages, seed)
    reference, home = folder / "reference", folder / "home"
    environment = {**os.environ, "PREFECT_API_URL": api_url or ""}
    _finish(_start(scans, reference, environment))
    chance = random.Random(seed)
    first_written: Written = {}
    done: list[Kill] = []
    rewritten: set[str] = set()
    for _ in range(kills):
        done.append(_kill(_start(scans, home, environment), home, chance, 2 * pages / max(1, kills)))
        rewritten |= _note(first_written, home)
    _finish(_start(scans, home, environment))
    rewritten |= _note(first_written, home)
    intact = _verifies(home, environment)
    expected, found = _export(reference, environment), _export(home, environment)
    revisions = sum(1 for name in first_written if re.search(r"/r(?!1\.)\d+\.json$", name))
    return DrillResult(tuple(done), len(expected), found == expected, len(rewritten), intact, revisions)


def _draw(folder: Path, pages: int, seed: int) -> Path:
    drawn: list[Image.Image] = []
    while len(drawn) < pages:
        paper_type = PAPER_TYPES[len(drawn) % len(PAPER_TYPES)]
        drawn += draw_paper(paper_type, seed * 1000 + len(drawn), _DPI, "clean").pages
    folder.mkdir(parents=True)
    (folder / "scan.pdf").write_bytes(encode_file(DrawnFile("scan.pdf", drawn[:pages]), _DPI))
    return folder


def _command(*arguments: str | Path) -> list[str]:
    return [str(Path(sys.executable).with_name("sohoa")), *map(str, arguments)]


def _start(scans: Path, home: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = _command("ingest", scans, "--home", home, "--json")
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _finish(run: "subprocess.Popen[bytes]") -> None:
    _, words = run.communicate(timeout=_RUN_TIMEOUT_S)
    if run.returncode != 0:
        raise RuntimeError(f"an undisturbed run ended with {run.returncode}: {words.decode()}")


def _kill(run: "subprocess.Popen[bytes]", home: Path, chance: random.Random, most_pages: float) -> Kill:
    """Kill the run alone, not its children, some random pages and then some random time into its work."""
    started = time.monotonic()
    wanted = pages_held(home) + chance.randint(0, max(1, round(most_pages)))
    while run.poll() is None and pages_held(home) < wanted:
        time.sleep(_POLL_S)
    with contextlib.suppress(subprocess.TimeoutExpired):
        run.wait(chance.uniform(0, 1.5))
    run.kill()
    run.communicate()
    after_s = time.monotonic() - started
    return Kill(after_s, pages_held(home), server_outlives(home))


def pages_held(home: Path) -> int:
    """Return how many page texts the home holds."""
    return sum(1 for _ in (home / "store" / "pages").glob("*/*/*.json"))


def _note(first_written: Written, home: Path) -> set[str]:
    """Enter what is new in the store; return page texts and second readings written again since they were entered."""
    present: Written = {}
    for folder, _, names in os.walk(home / "store"):
        for path in (Path(folder, name) for name in names if not folder.endswith(".tmp")):
            found = path.stat()
            present[str(path)] = (found.st_ino, found.st_mtime_ns)
    costly = (name for name in first_written if "/pages/" in name or "/readings/" in name)
    again = {name for name in costly if present.get(name) != first_written[name]}
    for name, written in present.items():
        first_written.setdefault(name, written)
    return again


def server_outlives(home: Path) -> bool:
    """True when, after a while, a process still works in the home: a Prefect server of its own runs there."""
    deadline = time.monotonic() + _SERVER_GONE_S
    while time.monotonic() < deadline:
        if not any(_works_in(process, home) for process in _processes()):
            return False
        time.sleep(_POLL_S)
    return True


def _processes() -> Iterator[Path]:
    return (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _works_in(process: Path, home: Path) -> bool:
    try:
        return (process / "cwd").readlink() == home
    except OSError:  # it has ended, or is somebody else's
        return False


def _export(home: Path, environment: dict[str, str]) -> list[dict[str, Any]]:
    answer = subprocess.run(_command("export", "--home", home), env=environment, capture_output=True, check=True)
    records = [json.loads(line) for line in answer.stdout.splitlines()]
    for record in records:
        del record["provenance"]["created_at"]
        for field in record["fields"].values():
            del field["sampled"]  # which fields the blind sample takes is each home's own secret
    return records


def _verifies(home: Path, environment: dict[str, str]) -> bool:
    command = _command("verify", "--home", home, "--json")
    answer = json.loads(subprocess.run(command, env=environment, capture_output=True, check=False).stdout)
    return not answer["damage"] and not answer["warnings"]


def _table(result: DrillResult) -> str:
    rows = [f"{'kill':>4} {'after s':>8} {'pages held':>11}  server left"]
    rows += [
        f"{number:>4} {kill.after_s:>8.1f} {kill.pages_held:>11}  {'YES' if kill.server_left else 'no'}"
        for number, kill in enumerate(result.kills, start=1)
    ]
    rows += [
        "",
        f"records as without kills: {'yes' if result.same_records else 'NO'} ({result.records})",
        f"page texts read twice:    {result.pages_read_twice}",
        f"revisions beyond r1:      {result.extra_revisions}",
        f"verify:                   {'intact' if result.intact else 'DAMAGE OR WARNINGS'}",
    ]
    return "\n".join(rows)


def main(argv: list[str] | None = None) -> int:
    """Drill, print the table; return 0 when the kills left no trace, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_drill", description=__doc__)
    parser.add_argument("--kills", type=int, default=10, help="số lần giết tiến trình (mặc định 10)")
    parser.add_argument("--pages", type=int, default=20, help="số trang của hồ sơ (mặc định 20)")
    parser.add_argument("--seed", type=int, default=1, help="số gieo (mặc định 1)")
    parser.add_argument("--embedded", action="store_true", help="mỗi lần chạy dùng máy chủ Prefect riêng")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kill-drill-") as name:
        folder = Path(name)
        with contextlib.nullcontext() if given.embedded else flow_server(folder) as api_url:
            result = drill(folder / "drill", given.kills, given.pages, given.seed, api_url)
    print(_table(result))
    return 0 if result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
