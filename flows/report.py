"""What a clerk sees of a run: a progress bar, then a table of dossiers and a sentence for each problem."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from extractors.paper_type import UNKNOWN_PAPER_TYPE
from extractors.paper_type_loader import shipped_paper_types
from flows.progress import DossierDone, Event, PageRead, PagesFound, subscribed
from ocr.messages import sentence
from storage.dossier import DossierPaper, DossierState

if TYPE_CHECKING:
    from flows.digitize import DossierOutcome, RunOutcome

STATE_NAMES = {DossierState.COMPLETE: "đủ", DossierState.PARTIAL: "thiếu", DossierState.FAILED: "hỏng"}
_STATE_STYLES = {DossierState.COMPLETE: "green", DossierState.PARTIAL: "yellow", DossierState.FAILED: "red"}
# Wide enough that nothing is cut where the output goes to a file or a pipe.
_PIPE_WIDTH = 160


@contextmanager
def watched(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show progress on a terminal until the block ends; gives a function that sets the words beside the bar."""
    console = Console(stderr=True, highlight=False)
    if quiet or not console.is_terminal:
        yield lambda _words: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("trang"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=None)

        def show(event: Event) -> None:
            task = progress.tasks[0]
            match event:
                case PagesFound(count, held):
                    progress.update(bar, total=(task.total or 0) + count, advance=held, description="Đang đọc")
                case PageRead():
                    progress.update(bar, advance=1)
                case DossierDone():
                    progress.update(bar, description="Đang đọc")

        with subscribed(show):
            yield lambda words: progress.update(bar, description=words)


class RunReport:
    """The result of a run, for people and for programs."""

    def __init__(self, outcome: "RunOutcome") -> None:
        """Keep the outcome."""
        self._outcome = outcome
        self._type_names = {paper_type.id: paper_type.name for paper_type in shipped_paper_types()}
        self._type_names[UNKNOWN_PAPER_TYPE] = "Không rõ loại"

    def print(self) -> None:
        """Print the table on standard output and the problems on standard error."""
        if self._outcome.dossiers:
            self._console(sys.stdout).print(self._table())
        errors = self._console(sys.stderr)
        for problem in self._outcome.skipped:
            errors.print(sentence(problem), style="dim", markup=False)
        for dossier in self._outcome.dossiers:
            for problem in dossier.problems:
                errors.print(f"{dossier.dossier_id}: {sentence(problem)} [{problem.code}]", style="red", markup=False)
        for problem in self._outcome.problems:
            errors.print(f"{sentence(problem)} [{problem.code}]", style="red", markup=False)
        self._console(sys.stdout).print(self._summary(), markup=False)

    def as_json(self) -> dict[str, Any]:
        """Return the result for programs."""
        return {
            "dossiers": [
                {
                    "dossier_id": outcome.dossier_id,
                    "state": outcome.state,
                    "papers": [paper.model_dump(mode="json") for paper in _papers(outcome)],
                    "problems": [problem.model_dump(mode="json") for problem in outcome.problems],
                }
                for outcome in self._outcome.dossiers
            ],
            "skipped": [problem.model_dump(mode="json") for problem in self._outcome.skipped],
            "problems": [problem.model_dump(mode="json") for problem in self._outcome.problems],
        }

    def _console(self, stream: Any) -> Console:
        width = None if stream.isatty() else _PIPE_WIDTH
        return Console(file=stream, highlight=False, width=width)

    def _table(self) -> Table:
        table = Table(title="Kết quả số hóa", title_justify="left")
        for heading in ("Hồ sơ", "Trang", "Giấy tờ", "Tình trạng"):
            table.add_column(heading, justify="right" if heading == "Trang" else "left", overflow="fold")
        for outcome in self._outcome.dossiers:
            style = _STATE_STYLES[outcome.state]
            pages = outcome.dossier.page_places() if outcome.dossier else ()
            blank = len(outcome.dossier.blank_pages) if outcome.dossier else 0
            table.add_row(
                outcome.dossier_id,
                f"{len(pages)}" + (f" ({blank} trống)" if blank else ""),
                self._paper_names(outcome),
                f"[{style}]{STATE_NAMES[outcome.state]}[/{style}]",
            )
        return table

    def _paper_names(self, outcome: "DossierOutcome") -> str:
        names = Counter(self._type_names.get(paper.paper_type, paper.paper_type) for paper in _papers(outcome))
        return ", ".join(name if count == 1 else f"{count} {name}" for name, count in names.items()) or "-"

    def _summary(self) -> str:
        dossiers = self._outcome.dossiers
        states = Counter(outcome.state for outcome in dossiers)
        papers = sum(len(_papers(outcome)) for outcome in dossiers)
        parts = [f"{states[state]} {STATE_NAMES[state]}" for state in DossierState if states[state]]
        return f"{len(dossiers)} hồ sơ ({', '.join(parts) or 'không có'}), {papers} giấy tờ."


def _papers(outcome: "DossierOutcome") -> tuple[DossierPaper, ...]:
    return outcome.dossier.papers if outcome.dossier else ()
