"""The product beside the newest OCRmyPDF: the same pages, the same machine, taking turns; cost and errors of both.

`python -m benchmarks.against_ocrmypdf [--samples FOLDER] [--only decree|acts] [--repeat N] [--no-ingest] [--json]`.
FOLDER holds `decree` (see `benchmarks.decree_cer`) and `real` (see `benchmarks.real_acts`).

**Programs.** `ocrmypdf -l vie -j 2 --deskew --rotate-pages --output-type pdf --force-ocr` with its text in a sidecar
(`--force-ocr`: a signed scan carries a caption as text, which would make it refuse or skip the page); the product's
reading engine alone, start of the process included (`benchmarks.reading_run`), which reads as OCRmyPDF does; the whole
`sohoa ingest`, which also splits, extracts and stores. Each reads each set of pages in one go: the acts are put into
one PDF first, pictures untouched.

**Cost.** Processor seconds of a program and all its children (`getrusage`), and seconds on the clock, a page; the
median of `--repeat` rounds, the programs taking turns within each.

**Errors.** Decree: `benchmarks.text_errors` on the whole text of each page. Acts: their truth is fields, not text, so
for every true organ, place, subject and signer's name, the stretch of the act's text that is nearest to it (fewest
edits; case and the place of the tone mark of `oa oe uy` aside) is compared with it, for both programs alike; a value
that was not read costs about as many edits as it has letters.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.decree_cer import split_pages, true_pages
from benchmarks.peers import peer_program
from benchmarks.product import Answer, Cost, ProductError, count_pages, run_command, run_sohoa
from benchmarks.scoring import format_table, normalise_spelling
from benchmarks.text_errors import TextErrors, axis_table, text_errors, total_errors

_SAMPLES = Path("../shared/samples")
_NO_SAMPLES, _NOT_RUN = 2, 3
_PEER_OPTIONS = ["-l", "vie", "-j", "2", "--deskew", "--rotate-pages", "--output-type", "pdf", "--force-ocr", "--quiet"]
_TEXT_FIELDS = ("organ_name", "place", "subject", "signer_name")
_MERGE = """
import sys, pikepdf
merged = pikepdf.Pdf.new()
for name in sys.argv[2:]:
    merged.pages.extend(pikepdf.Pdf.open(name).pages)
merged.save(sys.argv[1])
"""
PEER, ENGINE, INGEST = "OCRmyPDF", "sohoa: đọc", "sohoa ingest"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pages of one paper in a set, from `first` (0-based) up to, not including, `end`, and what they truly say."""

    first: int
    end: int
    text: str | None
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageSet:
    """Pages that every program reads in one go.

    Attributes:
        name: What people call it.
        pdf: All pages in one file.
        pages: How many.
        source: What `sohoa ingest` is given.
        truth: What is known of the pages.
    """

    name: str
    pdf: Path
    pages: int
    source: Path
    truth: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one program made of a set: cost of each round, and errors (None where it is not scored)."""

    program: str
    costs: tuple[Cost, ...]
    errors: TextErrors | None

    @property
    def cpu_s(self) -> float:
        """Processor seconds a page, median of the rounds."""
        return statistics.median(cost.cpu_s for cost in self.costs)

    @property
    def wall_s(self) -> float:
        """Seconds on the clock a page, median of the rounds."""
        return statistics.median(cost.wall_s for cost in self.costs)


def nearest_stretch(text: str, value: str) -> str:
    """Return the stretch of `text` with the fewest edits to `value`; the first to end of several, as short as may be.

    Source: Sellers 1980, approximate matching by dynamic programming.
    """
    if not text or not value:
        return ""
    end = int(_edits_by_end(text, value).argmin())
    start = end - int(_edits_by_end(text[:end][::-1], value[::-1]).argmin())
    return text[start:end]


def _edits_by_end(text: str, value: str) -> NDArray[np.int64]:
    """Return, for every place `0..len(text)`, the fewest edits between `value` and a stretch that ends there."""
    letters = np.array([ord(character) for character in text])
    places = np.arange(len(text) + 1)
    edits = np.zeros(len(text) + 1, dtype=np.int64)
    for row, character in enumerate(value, start=1):
        here = np.empty_like(edits)
        here[0] = row
        here[1:] = np.minimum(edits[:-1] + (letters != ord(character)), edits[1:] + 1)
        # A surplus character of the text costs one more than what ends before it.
        edits = np.minimum.accumulate(here - places) + places
    return edits


def score(pages: Sequence[str], truth: Sequence[Stretch]) -> TextErrors:
    """Return what is wrong in the text of the pages of one set."""
    errors: list[TextErrors] = []
    for stretch in truth:
        read = "\n".join(pages[stretch.first : stretch.end])
        if stretch.text is not None:
            errors.append(text_errors(read, stretch.text))
        flat = normalise_spelling(read)
        values = map(normalise_spelling, stretch.values)
        errors += [text_errors(nearest_stretch(flat, value), value) for value in values]
    return total_errors(errors)


def main(argv: list[str] | None = None) -> int:
    """Run and print; return the exit code: 0 it ran, 2 no samples, 3 a program did not run."""
    given = _arguments(argv)
    outcomes: dict[str, list[Outcome]] = {}
    try:
        with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as scratch:
            for number, page_set in enumerate(_page_sets(given.samples, given.only, Path(scratch))):
                folder = Path(scratch) / str(number)
                folder.mkdir()
                outcomes[page_set.name] = _measure(page_set, folder, given.repeat, given.ingest)
    except FileNotFoundError as error:
        print(f"Không thấy mẫu: {error}; chỉ thư mục bằng --samples.", file=sys.stderr)
        return _NO_SAMPLES
    except ProductError as error:
        print(error, file=sys.stderr)
        return _NOT_RUN
    print(_as_json(outcomes) if given.json else _as_tables(outcomes))
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against_ocrmypdf", description="So với OCRmyPDF.")
    parser.add_argument("--samples", type=Path, default=_SAMPLES, help="thư mục có decree và real")
    parser.add_argument("--only", choices=("decree", "acts"), help="chỉ một bộ mẫu")
    parser.add_argument("--repeat", type=int, default=3, help="số vòng, lấy trung vị (mặc định 3)")
    parser.add_argument("--no-ingest", dest="ingest", action="store_false", help="không đo sohoa ingest")
    parser.add_argument("--json", action="store_true", help="in số liệu dạng JSON")
    return parser.parse_args(argv)


def _page_sets(samples: Path, only: str | None, scratch: Path) -> list[PageSet]:
    """Return the sets asked for.

    Raises:
        FileNotFoundError: A set is not there.
        ProductError: The acts could not be put into one PDF.
    """
    sets = []
    if only in {None, "decree"}:
        sets.append(_decree(samples / "decree"))
    if only in {None, "acts"}:
        sets.append(_acts(samples / "real", scratch / "acts.pdf"))
    return sets


def _decree(folder: Path) -> PageSet:
    pdf = next(iter(sorted(folder.glob("*pages-*.pdf"))), None)
    if pdf is None:
        raise FileNotFoundError(folder / "…pages-NN-….pdf")
    _, texts = true_pages(pdf)
    truth = tuple(Stretch(number, number + 1, text, ()) for number, text in enumerate(texts))
    return PageSet("nghị định (1 bit)", pdf, len(texts), pdf, truth)


def _acts(folder: Path, merged: Path) -> PageSet:
    truth: dict[str, list[dict[str, Any]]] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    files, stretches, first = [], [], 0
    for dossier, papers in sorted(truth.items()):
        (file,) = {paper["file"] for paper in papers}
        files.append(folder / dossier / file)
        values = tuple(paper["fields"][name] for paper in papers for name in _TEXT_FIELDS if paper["fields"].get(name))
        end = first + count_pages(files[-1].parent)
        stretches.append(Stretch(first, end, None, values))
        first = end
    _succeed([peer_program("python"), "-W", "ignore", "-c", _MERGE, str(merged), *map(str, files)])
    return PageSet("văn bản thật (màu, 300 dpi)", merged, first, folder, tuple(stretches))


def _measure(page_set: PageSet, folder: Path, rounds: int, ingest: bool) -> list[Outcome]:
    pdf, sidecar, ours = str(page_set.pdf), folder / "peer.txt", folder / "sohoa.txt"
    peer = [peer_program("ocrmypdf"), *_PEER_OPTIONS, "--sidecar", str(sidecar), pdf, str(folder / "peer.pdf")]
    engine = [sys.executable, "-m", "benchmarks.reading_run", pdf, str(ours)]
    costs: dict[str, list[Cost]] = {}
    for number in range(rounds):
        costs.setdefault(PEER, []).append(_succeed(peer).cost)
        costs.setdefault(ENGINE, []).append(_succeed(engine).cost)
        if ingest:
            home = str(folder / f"home-{number}")
            costs.setdefault(INGEST, []).append(run_sohoa("ingest", str(page_set.source), "--home", home).cost)
    texts = {PEER: sidecar.read_text("utf-8"), ENGINE: ours.read_text("utf-8")}
    return [
        Outcome(
            program,
            tuple(cost.per_page(page_set.pages) for cost in spent),
            score(split_pages(texts[program], page_set.pages), page_set.truth) if program in texts else None,
        )
        for program, spent in costs.items()
    ]


def _succeed(command: Sequence[str]) -> Answer:
    """Run a command that has to succeed.

    Raises:
        ProductError: It did not.
    """
    answer = run_command(command)
    if answer.exit_code:
        raise ProductError(f"{command[0]} kết thúc với mã {answer.exit_code}")
    return answer


def _as_tables(outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    return "\n\n".join(table for name, found in outcomes.items() for table in _tables(name, found))


def _tables(name: str, outcomes: Sequence[Outcome]) -> tuple[str, str]:
    peer = outcomes[0]
    rows = []
    for outcome in outcomes:
        row = [outcome.program, f"{outcome.cpu_s:.2f}", f"{outcome.wall_s:.2f}", f"{outcome.cpu_s / peer.cpu_s:.2f}"]
        if outcome.errors is not None and peer.errors is not None:
            ratio = outcome.errors.cer / peer.errors.cer if peer.errors.edits else float("nan")
            row += [f"{outcome.errors.cer:.2%}", f"{outcome.errors.wer:.2%}", f"{ratio:.2f}"]
        rows.append([*row, *[""] * (7 - len(row))])
    header = (name, "s CPU/trang", "s đồng hồ/trang", "CPU so OCRmyPDF", "CER", "WER", "CER so OCRmyPDF")
    scored = [(outcome.program, outcome.errors) for outcome in outcomes if outcome.errors is not None]
    return format_table(header, rows), axis_table(scored)


def _as_json(outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    figures = {
        name: {
            outcome.program: {
                "cpu_s_per_page": outcome.cpu_s,
                "wall_s_per_page": outcome.wall_s,
                "cpu_s_of_rounds": [cost.cpu_s for cost in outcome.costs],
                "cpu_ratio": outcome.cpu_s / found[0].cpu_s,
                "cer": outcome.errors.cer if outcome.errors else None,
                "wer": outcome.errors.wer if outcome.errors else None,
                "axes": dict(outcome.errors.by_axis) if outcome.errors else None,
            }
            for outcome in found
        }
        for name, found in outcomes.items()
    }
    return json.dumps(figures, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
