"""How well and how fast the product reads dossiers whose truth is known.

`python -m benchmarks.real_acts [--samples FOLDER] [--home DIR] [--json]`; FOLDER holds dossiers and `truth.json`, as
the real administrative acts do, or what `python -m benchmarks.drawing` wrote.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.product import Cost, ProductError, count_pages, parse_json_lines, run_sohoa
from benchmarks.scoring import (
    FieldOutcome,
    character_error_rate,
    field_table,
    outcomes_of_paper,
    tally_fields,
    values_match,
)
from extractors import paper_matching
from extractors.paper_matching import PaperPlace

_SAMPLES = Path("../shared/samples/real")
_NO_SAMPLES, _NOT_RUN = 2, 3
Truth = Mapping[str, Any]
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """One paper of the truth and what the product made of it; `found_type` is None when no record matches."""

    dossier_id: str
    true_type: str
    found_type: str | None
    fields: tuple[FieldOutcome, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes, records nobody asked for, and what the reading took."""

    papers: tuple[PaperOutcome, ...]
    surplus_records: int
    pages: int
    cost: Cost


def match_papers(papers: Sequence[Truth], records: Sequence[Record]) -> list[Record | None]:
    """Return for each paper of one dossier the record about it, or None; see `extractors.paper_matching`."""
    wanted = [PaperPlace(one["type"], one.get("file"), min(one.get("pages") or (), default=None)) for one in papers]
    found = [PaperPlace(one["paper_type"], *_first_page(one)) for one in records]
    return [None if index is None else records[index] for index in paper_matching.match_papers(wanted, found)]


def score(truth: Mapping[str, Sequence[Truth]], records: Sequence[Record], pages: int, cost: Cost) -> Report:
    """Compare every paper of `truth` with the exported `records`."""
    outcomes: list[PaperOutcome] = []
    used = 0
    for dossier_id, papers in truth.items():
        candidates = [record for record in records if record["dossier_id"] == dossier_id]
        for paper, record in zip(papers, match_papers(papers, candidates), strict=True):
            used += record is not None
            fields = outcomes_of_paper(dossier_id, paper["type"], paper["fields"], record["fields"] if record else {})
            found = record["paper_type"] if record else None
            outcomes.append(PaperOutcome(dossier_id, paper["type"], found, tuple(fields)))
    return Report(tuple(outcomes), len(records) - used, pages, cost)


def summarise(report: Report) -> dict[str, Any]:
    """Return the figures of a report as plain values, ready for JSON."""
    outcomes = [outcome for paper in report.papers for outcome in paper.fields]
    dated = [outcome for outcome in outcomes if outcome.field == "issued_date" and outcome.truth]
    subjects = [outcome for outcome in outcomes if outcome.field == "subject" and outcome.truth]
    errors = [character_error_rate(str(outcome.got or ""), str(outcome.truth)) for outcome in subjects]
    each = report.cost.per_page(report.pages)
    return {
        "papers": len(report.papers),
        "pages": report.pages,
        "type_right": sum(paper.true_type == paper.found_type for paper in report.papers),
        "surplus_records": report.surplus_records,
        "fields": [asdict(tally) for tally in tally_fields(outcomes)],
        "issued_month_right": sum(str(outcome.got or "")[:7] == str(outcome.truth)[:7] for outcome in dated),
        "issued_dates": len(dated),
        "subject_exact": sum(outcome.right for outcome in subjects),
        "subjects": len(subjects),
        "subject_mean_cer": sum(errors) / len(errors) if errors else None,
        "cpu_s_per_page": round(each.cpu_s, 3),
        "wall_s_per_page": round(each.wall_s, 3),
        "misses": _misses(report),
    }


def format_report(report: Report) -> str:
    """Return the report as text for people."""
    figures = summarise(report)
    tallies = tally_fields(outcome for paper in report.papers for outcome in paper.fields)
    lines = [field_table(tallies), ""]
    lines.append(f"Đúng loại giấy tờ: {figures['type_right']}/{figures['papers']}")
    if figures["surplus_records"]:
        lines.append(f"Bản ghi thừa (không ứng với giấy tờ nào): {figures['surplus_records']}")
    if figures["issued_dates"]:
        lines.append(f"Đúng tháng và năm ban hành: {figures['issued_month_right']}/{figures['issued_dates']}")
    if figures["subjects"]:
        lines.append(
            f"Trích yếu đúng hoàn toàn: {figures['subject_exact']}/{figures['subjects']}; "
            f"CER trung bình {figures['subject_mean_cer']:.2%}"
        )
    lines.append(
        f"{figures['pages']} trang; mỗi trang {figures['cpu_s_per_page']:.2f} s CPU, "
        f"{figures['wall_s_per_page']:.2f} s đồng hồ"
    )
    if figures["misses"]:
        lines += ["", "Chưa đúng:", *(f"  {miss}" for miss in figures["misses"])]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Run and print; return the exit code: 0 it ran, 2 no samples, 3 the product did not run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_acts", description="Chấm hồ sơ đã biết đáp án.")
    parser.add_argument("--samples", type=Path, default=_SAMPLES, help="thư mục hồ sơ có truth.json")
    parser.add_argument("--home", type=Path, help="nơi lưu của sản phẩm; mặc định một thư mục tạm, mới")
    parser.add_argument("--json", action="store_true", help="in số liệu dạng JSON")
    given = parser.parse_args(argv)
    if not (given.samples / "truth.json").is_file():
        print(f"Không thấy {given.samples / 'truth.json'}; chỉ thư mục mẫu bằng --samples.", file=sys.stderr)
        return _NO_SAMPLES
    try:
        with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as scratch:
            report = _measure(given.samples, given.home or Path(scratch) / "home")
    except ProductError as error:
        print(error, file=sys.stderr)
        return _NOT_RUN
    print(json.dumps(summarise(report), ensure_ascii=False) if given.json else format_report(report))
    return 0


def _measure(samples: Path, home: Path) -> Report:
    cost = run_sohoa("ingest", str(samples), "--home", str(home)).cost
    exported = parse_json_lines(run_sohoa("export", "--home", str(home)).text)
    records = [record for record in exported if not record.get("withdrawn")]
    truth = json.loads((samples / "truth.json").read_text(encoding="utf-8"))
    return score(truth, records, count_pages(samples), cost)


def _first_page(record: Record) -> tuple[str, int]:
    pages = [(source["file"], source["page_number"]) for source in record["source"]]
    return min(pages, default=("", 0))


def _misses(report: Report) -> list[str]:
    lines = []
    for paper in report.papers:
        if paper.found_type != paper.true_type:
            lines.append(f"{paper.dossier_id} paper_type: {paper.found_type} ≠ {paper.true_type}")
        for outcome in paper.fields:
            if not values_match(outcome.field, outcome.got, outcome.truth):
                mark = " (tự nhận!)" if outcome.accepted else ""
                lines.append(f"{outcome.dossier_id} {outcome.field}: {outcome.got!r} ≠ {outcome.truth!r}{mark}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
