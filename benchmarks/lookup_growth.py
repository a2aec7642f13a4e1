"""`python -m benchmarks.lookup_growth`: how long the once-only question takes as the catalogue grows.

A whole lookup each time, as in a serving process: the question is checked, the holdings are fetched, judged, and the
look is durable in the read log (its file on the disk of the home, flushed) before the clock stops; what is logged is
shipped into the store and the catalogue by the thread beside it. Persons and procedures are drawn at random.
"""

import argparse
import json
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.lookup_town import PAPERS_A_PERSON, fill, identifier_of
from extractors.procedures.table_loader import built_in_procedures
from storage.catalogue import Catalogue, HoldingRow
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.lookup import ProcedureShelf, lookup
from storage.lookup_answer import LookupRequest
from storage.procedures import load_procedure
from storage.read_log.entry import ReadEntry
from storage.read_log.log import ReadLog
from storage.read_log.reading import read_entries, read_rows
from tests.services.postgres import running_postgres

KEY = IdentityKey(b"benchmark" * 4)
GOAL_P50_MS, GOAL_P99_MS = 3.0, 20.0
_ON = date(2026, 11, 22)
_WARM_UP = 300


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured on one database of one size, times in milliseconds.

    `catalogue_p50_ms` and `log_p50_ms` are the parts of fetching and of logging. `processor_ms` is what a lookup costs
    this process on average, the shipping of the log left out. `busy` is the share of the machine's processor time that
    others took meanwhile, the database's server among them: where it is large, times say little. `logged` is True when
    every lookup, and nothing else, is in the shipped read log afterwards.
    """

    database: str
    papers: int
    persons: int
    lookups: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float
    catalogue_p50_ms: float
    log_p50_ms: float
    processor_ms: float
    busy: float
    pieces: int
    logged: bool


class _Timed:
    """Measures what lookups do to the catalogue and to the read log."""

    def __init__(self, catalogue: Catalogue, read_log: ReadLog) -> None:
        self._catalogue, self._read_log = catalogue, read_log
        self.catalogue_ms: list[float] = []
        self.log_ms: list[float] = []

    def holdings_of(self, subject_key: str) -> Sequence[HoldingRow]:
        start = time.perf_counter()
        found = self._catalogue.holdings_of(subject_key)
        self.catalogue_ms.append((time.perf_counter() - start) * 1000)
        return found

    def append(self, *entries: ReadEntry) -> str:
        start = time.perf_counter()
        entry_id = self._read_log.append(*entries)
        self.log_ms.append((time.perf_counter() - start) * 1000)
        return entry_id


class _Busy:
    """How much of the machine's processor time went to neither this process nor nobody, since it was made."""

    def __init__(self) -> None:
        self._before = self._now()

    def share(self) -> float:
        total, idle, ours = (now - before for now, before in zip(self._now(), self._before, strict=True))
        return max(0.0, (total - idle - ours) / total)

    @staticmethod
    def _now() -> tuple[float, float, float]:
        ticks = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        a_second = os.sysconf("SC_CLK_TCK")
        return sum(ticks) / a_second, (ticks[3] + ticks[4]) / a_second, time.process_time()


def populate(url: str, papers: int) -> None:
    """Fill the empty database at `url`."""
    catalogue = Catalogue(url, KEY)
    catalogue.create()
    fill(url, range(papers // PAPERS_A_PERSON), KEY, catalogue.filling.projection.name)


def measure(database: str, url: str, papers: int, lookups: int, home: Path) -> Growth:
    """Ask the database at `url`, which `populate` filled, and return how long it took."""
    catalogue = Catalogue(url, KEY)
    persons = papers // PAPERS_A_PERSON
    store = FolderStore(home / "store")

    def enter(key: str, entries: Sequence[ReadEntry]) -> None:
        catalogue.filling.enter_piece(key, read_rows(entries))

    codes = [
        code for code, procedure in built_in_procedures().items() if any(c.paper_types for c in procedure.components)
    ]
    shelf = ProcedureShelf(lambda code: load_procedure(store, code))
    dice = random.Random(papers)
    read_log = ReadLog(store, home / "read-log", enter)
    times_ms: list[float] = []
    told = set()
    busy, processor_s = _Busy(), 0.0
    with read_log.kept_sealed():
        timed = _Timed(catalogue, read_log)
        for number in range(_WARM_UP + lookups):
            person = dice.randrange(persons)
            request = LookupRequest(
                subject=identifier_of(person),
                procedure=dice.choice(codes),
                on=_ON,
                purpose="giải quyết hồ sơ",
                reader="can-bo-1",
                agency="H05.12",
            )
            start = time.perf_counter()
            answer = lookup(timed, shelf, timed, KEY, request)
            if number == _WARM_UP:
                busy, processor_s = _Busy(), time.thread_time()
            if number >= _WARM_UP:
                times_ms.append((time.perf_counter() - start) * 1000)
            told.add(answer.read_log_id)
        processor_ms = (time.thread_time() - processor_s) * 1000 / (lookups - 1)
        share = busy.share()
    entries = {entry.entry_id for entry in read_entries(store)}
    cuts = statistics.quantiles(times_ms, n=100)
    return Growth(
        database=database,
        papers=papers,
        persons=persons,
        lookups=lookups,
        p50_ms=cuts[49],
        p90_ms=cuts[89],
        p99_ms=cuts[98],
        max_ms=max(times_ms),
        catalogue_p50_ms=statistics.median(timed.catalogue_ms),
        log_p50_ms=statistics.median(timed.log_ms),
        processor_ms=processor_ms,
        busy=share,
        pieces=sum(1 for _ in store.list("audit/")),
        logged=entries == told,
    )


def draw(growth: Sequence[Growth], path: Path) -> None:
    """Write the chart as a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(7.2, 4.4), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    colours = {"PostgreSQL": ("#1f6f5c", -13), "SQLite": ("#b4652a", 6)}  # and where figures stand, in points
    for database, (colour, above) in colours.items():
        rows = sorted((row for row in growth if row.database == database), key=lambda row: row.papers)
        if not rows:
            continue
        papers = [row.papers for row in rows]
        axes.plot(papers, [row.p50_ms for row in rows], "o-", color=colour, label=f"{database}, một nửa số lần (p50)")
        axes.plot(papers, [row.p99_ms for row in rows], "s--", color=colour, label=f"{database}, 99 % số lần (p99)")
        for row in rows:
            axes.annotate(f"{row.p50_ms:.2f}".replace(".", ","), (row.papers, row.p50_ms), (0, above),
                          textcoords="offset points", ha="center", fontsize=8, color=colour)  # fmt: skip
    for goal, name in ((GOAL_P50_MS, "mục tiêu p50: 3 ms"), (GOAL_P99_MS, "mục tiêu p99: 20 ms")):
        axes.axhline(goal, color="#8a93a0", linewidth=0.9, linestyle=":")
        axes.annotate(name, (0.16, goal), (0, 3), xycoords=("axes fraction", "data"), textcoords="offset points",
                      fontsize=8, color="#5b6573")  # fmt: skip
    axes.set(xscale="log", yscale="log", ylim=(0.3, 70))
    axes.set_yticks([0.5, 1, 2, 5, 10, 20], ["0,5", "1", "2", "5", "10", "20"])
    axes.set_xticks([10_000, 100_000, 1_000_000], ["10 000", "100 000", "1 000 000"])
    axes.set_xlabel("số giấy tờ trong danh mục (mỗi người bốn giấy)")
    axes.set_ylabel("mili giây một lần tra cứu, cả nhật ký đọc")
    axes.set_title("Tra cứu một lần khi kho lớn dần", fontsize=11)
    axes.grid(color="#d9dee3", linewidth=0.5)
    axes.legend(frameon=False, fontsize=8, loc="upper center", ncols=2)
    figure.savefig(path)


@contextmanager
def _databases(
    given: str | None, sizes: Sequence[int], *, sqlite: bool, folder: Path
) -> Iterator[Iterator[tuple[str, str, int]]]:
    if given is not None:
        yield iter([("PostgreSQL", given, sizes[-1])])
        return
    with running_postgres() as server:
        rows = [("PostgreSQL", server.new_database(), size) for size in sizes]
        if sqlite:
            rows += [("SQLite", f"sqlite:///{folder}/{size}.sqlite", size) for size in sizes]
        yield iter(rows)


def main() -> None:
    """Measure every size, print the table, and say whether the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="papers")
    parser.add_argument("--lookups", type=int, default=5000)
    parser.add_argument("--url", help="an empty PostgreSQL database for the last size alone; otherwise one is started")
    parser.add_argument("--no-sqlite", action="store_true")
    parser.add_argument("--picture", type=Path, help="write the chart to this PNG")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--draw-again", type=Path, help="measure nothing: draw the figures of this file")
    arguments = parser.parse_args()
    if arguments.draw_again:
        growth = [Growth(**row) for row in json.loads(arguments.draw_again.read_text())]
    else:
        growth = _measured(arguments)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in growth], indent=1) + "\n")
    if arguments.picture:
        draw(growth, arguments.picture)
    largest = max((row for row in growth if row.database == "PostgreSQL"), key=lambda row: row.papers)
    met = largest.p50_ms <= GOAL_P50_MS and largest.p99_ms <= GOAL_P99_MS and all(row.logged for row in growth)
    print(f"goals at {largest.papers:,} papers (p50 ≤ 3 ms, p99 ≤ 20 ms, all logged): {'met' if met else 'NOT MET'}")
    raise SystemExit(0 if met else 1)


def _measured(arguments: Any) -> list[Growth]:
    growth = []
    print(f"Python {platform.python_version()}, {arguments.lookups} lookups each, milliseconds")
    print(
        "database    papers    persons   p50   p90   p99    max  | fetch p50  log p50  CPU  others  pieces  all logged"
    )
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows = stack.enter_context(
            _databases(arguments.url, arguments.sizes, sqlite=not arguments.no_sqlite, folder=folder)
        )
        for number, (database, url, papers) in enumerate(rows):
            populate(url, papers)
            row = measure(database, url, papers, arguments.lookups, folder / str(number))
            growth.append(row)
            print(_line(row), flush=True)
    return growth


def _line(row: Growth) -> str:
    size = f"{row.database:10} {row.papers:>9,} {row.persons:>9,}"
    times = f"{row.p50_ms:6.2f}{row.p90_ms:6.2f}{row.p99_ms:6.2f}{row.max_ms:7.1f}"
    parts = f"{row.catalogue_p50_ms:9.2f} {row.log_p50_ms:8.2f} {row.processor_ms:5.2f} {row.busy:6.0%}"
    return f"{size} {times}  | {parts} {row.pieces:7} {row.logged!s:>8}"


if __name__ == "__main__":
    main()
