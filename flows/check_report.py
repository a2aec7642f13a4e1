"""What a clerk sees of a check: a line for each page that is not as it should be, and a count."""

import sys

from rich.text import Text

from flows.check import CheckOutcome
from flows.record_view import console_for
from ocr.messages import on_one_line, quality_words, sentence
from ocr.page_quality import Verdict
from ocr.problem import Problem

_STYLES = {Verdict.WARN: "yellow", Verdict.RESCAN: "red"}


def print_check(outcome: CheckOutcome) -> None:
    """Print poor pages and the count on standard output, problems on standard error."""
    for file in outcome.files:
        name = on_one_line(file.file if file.file.startswith(file.dossier_id) else f"{file.dossier_id}/{file.file}")
        if file.problem:
            _say_problem(file.problem)
        for page in file.pages:
            for problem in page.problems:
                _say_problem(problem)
            if page.quality and page.quality.reasons:
                words = f"{name}, trang {page.page_number}: {quality_words(page.quality)}"
                style = _STYLES[page.quality.verdict]
                console_for(sys.stdout).print(Text(words, style=style), soft_wrap=True)
    for problem in outcome.skipped:
        console_for(sys.stderr).print(Text(sentence(problem), style="dim"), soft_wrap=True)
    for problem in outcome.problems:
        _say_problem(problem)
    console_for(sys.stdout).print(_summary(outcome), soft_wrap=True)


def _say_problem(problem: Problem) -> None:
    console_for(sys.stderr).print(Text(f"{sentence(problem)} [{problem.code}]", style="red"), soft_wrap=True)


def _summary(outcome: CheckOutcome) -> str:
    pages = sum(1 for _ in outcome.pages())
    unopened = sum(file.problem is not None for file in outcome.files)
    parts = [
        f"{len(outcome.files)} tệp, {pages} trang",
        f"{outcome.count(Verdict.ACCEPT)} đạt",
        f"{outcome.count(Verdict.WARN)} nên xem lại",
        f"{outcome.count(Verdict.RESCAN)} cần quét lại",
    ]
    return f"{parts[0]}: {', '.join(parts[1:])}" + (f"; {unopened} tệp không mở được." if unopened else ".")
