"""What a clerk sees of a run: a progress bar, then a table of dossiers and a sentence for each problem."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flows.contents_view import contents_lines
from flows.outcome import DossierOutcome, RunOutcome, ToReview
from flows.progress import DossierDone, Event, PageRead, PagesFound, subscribed
from flows.record_view import console_for, paper_type_name
from flows.signature_view import is_sound, signature_line
from ocr.messages import on_one_line, quality_words, sentence
from ocr.page_quality import Verdict
from ocr.problem import Problem
from ocr.signature import PdfSignature
from storage.dossier import DossierPaper, DossierState

STATE_NAMES = {
    DossierState.COMPLETE: "đủ",
    DossierState.PARTIAL: "thiếu",
    DossierState.FAILED: "hỏng",
    DossierState.ERASED: "đã xóa",
}
_STATE_STYLES = {
    DossierState.COMPLETE: "green",
    DossierState.PARTIAL: "yellow",
    DossierState.FAILED: "red",
    DossierState.ERASED: "dim",
}


@contextmanager
def watched(*, quiet: bool, doing: str = "Đang đọc") -> Iterator[Callable[[str], None]]:
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
                    progress.update(bar, total=(task.total or 0) + count, advance=held, description=doing)
                case PageRead():
                    progress.update(bar, advance=1)
                case DossierDone():
                    progress.update(bar, description=doing)

        with subscribed(show):
            yield lambda words: progress.update(bar, description=words)


class RunReport:
    """The result of a run, for people and for programs."""

    def __init__(self, outcome: RunOutcome) -> None:
        """Keep the outcome."""
        self._outcome = outcome

    def print(self) -> None:
        """Print the table on standard output and the problems on standard error."""
        if self._outcome.dossiers:
            console_for(sys.stdout).print(self._table())
        for file, signature in self._signatures():
            words = f"{on_one_line(file)}: {signature_line(signature)}"
            style = "green" if is_sound(signature) else "yellow"
            console_for(sys.stdout).print(Text(words, style=style), soft_wrap=True)
        for dossier in self._outcome.dossiers:
            for page in dossier.poor_pages:
                place = on_one_line(f"{dossier.dossier_id}: {page.file}, trang {page.page_number}")
                style = "red" if page.quality.verdict is Verdict.RESCAN else "yellow"
                found = Text(f"{place}: {quality_words(page.quality)}", style=style)
                console_for(sys.stdout).print(found, soft_wrap=True)
        self._say_what_is_open()
        for problem in self._outcome.skipped:
            self._say(sentence(problem), "dim")
        for dossier in self._outcome.dossiers:
            for problem in dossier.problems:
                self._say(f"{on_one_line(dossier.dossier_id)}: {_with_code(problem)}", "red")
        for problem in self._outcome.problems:
            self._say(_with_code(problem), "red")
        console_for(sys.stdout).print(self._summary())

    def as_json(self) -> dict[str, Any]:
        """Return the result for programs."""
        return {
            "dossiers": [
                {
                    "dossier_id": outcome.dossier_id,
                    "state": outcome.state,
                    "to_review": {"records": outcome.to_review.records, "fields": outcome.to_review.fields},
                    "dossier_code": outcome.dossier.dossier_code if outcome.dossier else None,
                    "papers": [paper.model_dump(mode="json") for paper in _papers(outcome)],
                    **_contents(outcome),
                    "signatures": [
                        {"file": scan.file, **signature.model_dump(mode="json")}
                        for scan in (outcome.dossier.scans if outcome.dossier else ())
                        for signature in scan.signatures
                    ],
                    "poor_pages": [page.model_dump(mode="json") for page in outcome.poor_pages],
                    "problems": [problem.model_dump(mode="json") for problem in outcome.problems],
                }
                for outcome in self._outcome.dossiers
            ],
            "skipped": [problem.model_dump(mode="json") for problem in self._outcome.skipped],
            "problems": [problem.model_dump(mode="json") for problem in self._outcome.problems],
        }

    def _say_what_is_open(self) -> None:
        for outcome in self._outcome.dossiers:
            for line in contents_lines(outcome.dossier) if outcome.dossier else ():
                words = Text(f"{on_one_line(outcome.dossier_id)}: {line}", style="yellow")
                console_for(sys.stdout).print(words, soft_wrap=True)

    def _signatures(self) -> Iterator[tuple[str, PdfSignature]]:
        """Yield the signatures of every file, with the name of dossier and file."""
        for outcome in self._outcome.dossiers:
            for scan in outcome.dossier.scans if outcome.dossier else ():
                for signature in scan.signatures:
                    yield f"{outcome.dossier_id}, {scan.file}", signature

    def _say(self, words: str, style: str) -> None:
        # One line for one problem, however narrow the terminal: it breaks lines itself.
        console_for(sys.stderr).print(Text(words, style=style), soft_wrap=True)

    def _table(self) -> Table:
        table = Table(title="Kết quả số hóa", title_justify="left")
        for heading in ("Hồ sơ", "Trang", "Giấy tờ", "Cần xem", "Tình trạng"):
            table.add_column(heading, justify="right" if heading == "Trang" else "left", overflow="fold")
        for outcome in self._outcome.dossiers:
            pages = outcome.dossier.page_places() if outcome.dossier else ()
            blank = len(outcome.dossier.blank_pages) if outcome.dossier else 0
            sheets = len(outcome.dossier.separator_pages) if outcome.dossier else 0
            asides = [f"{blank} trống"] * bool(blank) + [f"{sheets} ngăn cách"] * bool(sheets)
            table.add_row(
                Text(on_one_line(outcome.dossier_id)),
                f"{len(pages)}" + (f" ({', '.join(asides)})" if asides else ""),
                Text(self._paper_names(outcome)),
                _to_review(outcome.to_review),
                Text(STATE_NAMES[outcome.state], style=_STATE_STYLES[outcome.state]),
            )
        return table

    def _paper_names(self, outcome: DossierOutcome) -> str:
        names = Counter(paper_type_name(paper.paper_type) for paper in _papers(outcome))
        return ", ".join(name if count == 1 else f"{count} {name}" for name, count in names.items()) or "-"

    def _summary(self) -> str:
        dossiers = self._outcome.dossiers
        states = Counter(outcome.state for outcome in dossiers)
        papers = sum(len(_papers(outcome)) for outcome in dossiers)
        waiting = sum(outcome.to_review.records for outcome in dossiers)
        parts = [f"{states[state]} {STATE_NAMES[state]}" for state in DossierState if states[state]]
        listed = f" ({', '.join(parts)})" if parts else ""
        return f"{len(dossiers)} hồ sơ{listed}, {papers} giấy tờ, {waiting} cần người xem."


def _papers(outcome: DossierOutcome) -> tuple[DossierPaper, ...]:
    return outcome.dossier.papers if outcome.dossier else ()


def _contents(outcome: DossierOutcome) -> dict[str, Any]:
    """Return what of a dossier is no paper, and what is open about its papers."""
    dossier = outcome.dossier
    parts = {
        "blank_pages": dossier.blank_pages if dossier else (),
        "separator_pages": dossier.separator_pages if dossier else (),
        "questions": dossier.questions if dossier else (),
        "components": dossier.components if dossier else (),
    }
    return {name: [part.model_dump(mode="json") for part in found] for name, found in parts.items()}


def _to_review(waiting: ToReview) -> str:
    """`2 giấy tờ (5 trường)`: a paper of unknown type waits as a whole, without fields."""
    if not waiting.records:
        return "-"
    return f"{waiting.records} giấy tờ" + (f" ({waiting.fields} trường)" if waiting.fields else "")


def _with_code(problem: Problem) -> str:
    return f"{sentence(problem)} [{problem.code}]"
