"""Broken and hostile files through the loaders: each must give pages or one typed problem, in bounded time and memory.

Every case runs in a process of its own kind that is replaced when it crashes or hangs, so that a fault in a decoder
written in C is seen, counted and named. A case is told by its seed and number alone: `--only NUMBER` repeats it.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.fuzz_mutations import mutated
from benchmarks.scan_files import scan_files
from ocr.problem import SohoaError
from ocr.scan import inspect_scan, open_page

# Drawing a page may take Poppler its full two minutes, counting pages and measuring one as long each.
CASE_LIMIT_S = 400.0
# The largest page that is taken: 100 million pixels, held by the decoder in four bytes each and by us in three.
MEMORY_LIMIT_MIB = 1024
_PAGES_OPENED = 2
# PDFs cost fifty times what pictures cost: one case in so many is one.
_PDF_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case.

    Attributes:
        number: Which case of the run.
        file: Seed file it was made of.
        outcome: `opened`, `opened in part`, a problem's code, or a fault: `crash…`, `hang`, `untyped…`, `memory…`.
        is_fault: True when the loaders broke their promise.
        seconds: Wall-clock time.
        peak_mib: Peak resident memory of the process during the case; 0 when unknown.
    """

    number: int
    file: str
    outcome: str
    is_fault: bool
    seconds: float
    peak_mib: float


def case_file(seed: int, number: int, files: dict[str, bytes]) -> tuple[str, bytes]:
    """Return the name of the seed file and the broken bytes of case `number` of the run with `seed`."""
    rng = random.Random(f"{seed}-{number}")
    wants_pdf = rng.random() < _PDF_SHARE
    name = rng.choice([name for name in files if name.endswith(".pdf") == wants_pdf])
    return name, mutated(files[name], rng, list(files.values()))


def run_cases(seed: int, numbers: Iterable[int], limit_s: float = CASE_LIMIT_S) -> Iterator[CaseResult]:
    """Run the cases one after the other; a process that crashes or hangs is replaced by a fresh one."""
    files = scan_files()
    loader = _LoaderProcess()
    try:
        for number in numbers:
            name, data = case_file(seed, number, files)
            started = time.monotonic()
            outcome, is_fault, peak_mib = loader.open(data, limit_s)
            yield CaseResult(number, name, outcome, is_fault, time.monotonic() - started, peak_mib)
    finally:
        loader.stop()


class _LoaderProcess:
    """The process in which files are opened."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fuzz-")
        self._start()

    def open(self, data: bytes, limit_s: float) -> tuple[str, bool, float]:
        path = Path(self._folder.name) / "scan"
        path.write_bytes(data)
        self._pipe.send(path)
        try:
            if self._pipe.poll(limit_s):
                outcome, is_fault, peak_mib = self._pipe.recv()
                if peak_mib > MEMORY_LIMIT_MIB:
                    return f"memory above {MEMORY_LIMIT_MIB} MiB ({outcome})", True, peak_mib
                return outcome, is_fault, peak_mib
            outcome = "hang"
        except EOFError:
            self._process.join()
            outcome = f"crash with status {self._process.exitcode}"
        self._end_process()
        self._start()
        return outcome, True, 0.0

    def stop(self) -> None:
        self._end_process()
        self._folder.cleanup()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def _end_process(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    while True:
        path = pipe.recv()
        _forget_peak()
        try:
            outcome, is_fault = _opened(path), False
        except SohoaError as error:
            outcome, is_fault = str(error.code), False
        except BaseException as error:  # this is what the run looks for
            place = traceback.extract_tb(error.__traceback__)[-1]
            outcome, is_fault = f"untyped {type(error).__name__} at {Path(place.filename).name}:{place.lineno}", True
        pipe.send((outcome, is_fault, _peak_mib()))


def _opened(path: Path) -> str:
    info = inspect_scan(path)
    pages = [open_page(path, info.kind, number) for number in range(1, min(info.page_count, _PAGES_OPENED) + 1)]
    return "opened in part" if any(page.problems for page in pages) else "opened"


def _forget_peak() -> None:
    """Let the kernel measure the peak anew. Source: proc(5), clear_refs, value 5."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def report(results: Sequence[CaseResult], seed: int) -> str:
    """Return the table of outcomes, the extremes, and how to repeat every fault."""
    lines = [f"{count:7d}  {outcome}" for outcome, count in Counter(result.outcome for result in results).most_common()]
    slowest = max(results, key=lambda result: result.seconds)
    largest = max(results, key=lambda result: result.peak_mib)
    faults = [result for result in results if result.is_fault]
    lines += [
        f"{len(results)} cases, seed {seed}, {len(faults)} faults",
        f"slowest {slowest.seconds:.1f} s (case {slowest.number}, {slowest.file})",
        f"peak memory {largest.peak_mib:.0f} MiB (case {largest.number}, {largest.file})",
    ]
    lines += [f"fault: --seed {seed} --only {fault.number}  {fault.file}: {fault.outcome}" for fault in faults]
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", type=int, help="run this case alone and keep its file as fuzz-case")
    arguments = parser.parse_args()
    numbers: Sequence[int] = range(arguments.first, arguments.first + arguments.cases)
    if arguments.only is not None:
        numbers = [arguments.only]
        Path("fuzz-case").write_bytes(case_file(arguments.seed, arguments.only, scan_files())[1])
    results = []
    for result in run_cases(arguments.seed, numbers):
        results.append(result)
        if result.is_fault:
            print(f"case {result.number} ({result.file}): {result.outcome}", flush=True)
        if len(results) % 500 == 0:
            print(f"{len(results)} done", file=sys.stderr, flush=True)
    print(report(results, arguments.seed))
    sys.exit(any(result.is_fault for result in results))


if __name__ == "__main__":
    main()
