"""How much of the national list of procedures is mapped to our terms, which components are left, and how fast.

    python -m benchmarks.procedures_mapping --samples ../shared/samples/procedures [--truth truth.json]

`--truth` compares with rows labelled by hand: JSON of `<code>#<row>` → labels, one blank between them. A label is `O`
(another paper), `F` (form), `C` (remark), `OF` (either of two), or `P:` with paper types joined by `+`; with `?` behind
it the row may give it or not. A row is right when it gives all that is wanted and nothing else.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.paper_type import PaperType
from extractors.paper_type_loader import shipped_paper_types
from extractors.procedures.mapping import components_of
from extractors.procedures.mapping_report import MappingReport, Verdict, report_of, verdict_of
from extractors.procedures.national_list import parse_published
from extractors.procedures.procedure import Component, Procedure
from extractors.procedures.published_text import rows_of_published
from ocr.problem import Problem, SohoaError

TARGET = 0.85
_SHORT = 120
_LETTERS: Mapping[Verdict, str] = {
    Verdict.OTHER_PAPER: "O",
    Verdict.FORM: "F",
    Verdict.CONDITION: "C",
    Verdict.PERSON: "-",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What came of the files of a folder."""

    procedures: tuple[Procedure, ...]
    problems: tuple[Problem, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """Rows against labels made by hand; papers of ours counted apart, for they alone are offered as held."""

    rows: int
    right: int
    left_to_a_person: int
    papers_wanted: int
    papers_given: int
    papers_right: int


def run(folder: Path, paper_types: Sequence[PaperType]) -> Run:
    """Read and map every file of the folder."""
    found: list[Procedure] = []
    problems: list[Problem] = []
    begun = time.perf_counter()
    for file in sorted(folder.glob("*.json")):
        try:
            found.append(parse_published(file.read_bytes(), file.name, paper_types))
        except SohoaError as error:
            problems.append(error.problem)
    return Run(tuple(found), tuple(problems), time.perf_counter() - begun)


def score(procedures: Sequence[Procedure], paper_types: Sequence[PaperType], truth: Mapping[str, str]) -> Score:
    """Compare the rows that `truth` names."""
    rows = right = left = wanted = given = correct = 0
    for procedure in procedures:
        for index, row in enumerate(rows_of_published(procedure.text)):
            labels = truth.get(f"{procedure.code}#{index}")
            if labels is None:
                continue
            got = [_label(component) for component in components_of([row], paper_types, procedure.field)]
            must = [label for label in labels.split() if not label.endswith("?")]
            may = [label.rstrip("?") for label in labels.split()]
            rows += 1
            right += all(any(_fits(one, each) for each in got) for one in must) and all(
                any(_fits(one, each) for one in may) for each in got
            )
            left += "-" in got
            papers = [label for label in must if label.startswith("P:")]
            wanted += len(papers)
            given += sum(each.startswith("P:") for each in got)
            correct += sum(any(_fits(one, each) for one in papers) for each in got if each.startswith("P:"))
    return Score(rows, right, left, wanted, given, correct)


def _label(component: Component) -> str:
    verdict = verdict_of(component)
    return "P:" + "+".join(sorted(component.paper_types)) if verdict is Verdict.PAPER else _LETTERS[verdict]


def _fits(wanted: str, got: str) -> bool:
    if wanted.startswith("P:") and got.startswith("P:"):
        return set(wanted[2:].split("+")) == set(got[2:].split("+"))
    return got in wanted if wanted == "OF" else got == wanted


def _print(report: MappingReport, ran: Run) -> None:
    total = len(report.components)
    print(f"{len(ran.procedures)} procedures, {total} components, {ran.seconds:.2f} s")
    for verdict, count in report.counts.items():
        print(f"  {verdict.value:15} {count:5}  {count / max(total, 1):6.1%}")
    share = report.mapped_share or 0.0
    print(f"mapped: {share:.1%} (wanted: {TARGET:.0%} or more)")
    print("\nleft to a person:")
    for one in report.left_to_a_person:
        print(f"  {one.procedure.code}:{one.number} {one.component.reason}: {one.component.name[:_SHORT]}")
    for problem in ran.problems:
        print(f"  unread: {problem.detail}")


def main() -> None:
    """Print the report on a folder of published procedures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--truth", type=Path)
    arguments = parser.parse_args()
    paper_types = shipped_paper_types()
    ran = run(arguments.samples, paper_types)
    _print(report_of(ran.procedures), ran)
    if arguments.truth:
        found = score(ran.procedures, paper_types, json.loads(arguments.truth.read_text("utf-8")))
        print(f"\nrows labelled by hand: {found.rows}, right {found.right} ({found.right / max(found.rows, 1):.1%}),")
        print(f"  left to a person {found.left_to_a_person}")
        print(f"papers of ours: wanted {found.papers_wanted}, given {found.papers_given}, right {found.papers_right}")


if __name__ == "__main__":
    main()
