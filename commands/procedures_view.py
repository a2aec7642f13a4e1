"""Procedures and the report on their import as a clerk reads them, in Vietnamese."""

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from extractors.procedures.equivalents import data_instead_of, equivalents_of
from extractors.procedures.mapping_report import MappingReport, Verdict, report_of, verdict_of
from extractors.procedures.procedure import CodeBasis, Component, Procedure, ProcedureSource, SubmissionForm
from extractors.procedures.published_text import PieceKind, pieces_of
from flows.record_view import console_for, paper_type_name
from ocr.messages import on_one_line
from ocr.problem import Code, Problem, SohoaError
from storage.objects import error_name

SOURCES: Mapping[ProcedureSource, str] = {
    ProcedureSource.BUILT_IN: "bảng có sẵn",
    ProcedureSource.NATIONAL_LIST: "danh mục quốc gia",
    ProcedureSource.AGENCY: "bảng của cơ quan",
}
CODES: Mapping[CodeBasis, str] = {
    CodeBasis.NATIONAL_LIST: "",
    CodeBasis.UNCONFIRMED: "mã chưa đối chiếu danh mục quốc gia",
    CodeBasis.OWN: "mã riêng của sohoa, chưa rõ mã quốc gia",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.PAPER: "giấy tờ kho nhận ra",
    Verdict.OTHER_PAPER: "giấy tờ khác",
    Verdict.FORM: "đơn, tờ khai",
    Verdict.CONDITION: "câu điều kiện, lưu ý",
    Verdict.PERSON: "cán bộ quyết định",
}
FORMS: Mapping[SubmissionForm, str] = {
    SubmissionForm.SUBMIT: "nộp",
    SubmissionForm.SHOW: "xuất trình",
    SubmissionForm.EITHER: "nộp hoặc xuất trình",
}
_SHOWN = 110


def list_row(procedure: Procedure) -> dict[str, Any]:
    """Return what a list says of a procedure, ready for JSON."""
    return {
        "code": procedure.code,
        "code_basis": procedure.code_basis.value,
        "name": procedure.name,
        "field": procedure.field,
        "level": procedure.level,
        "source": procedure.source.value,
        "revision": procedure.revision,
        "components": len(procedure.components),
    }


def print_list(known: Sequence[Procedure]) -> None:
    """Print procedures as a table on standard output."""
    table = Table("mã", "tên", "lĩnh vực", "thành phần", "từ đâu")
    for one in known:
        code = one.code if one.code_basis is CodeBasis.NATIONAL_LIST else f"{one.code} *"
        row = (code, on_one_line(one.name), on_one_line(one.field or ""), str(len(one.components)), SOURCES[one.source])
        table.add_row(*row)
    console_for(sys.stdout).print(table)
    if any(one.code_basis is not CodeBasis.NATIONAL_LIST for one in known):
        print("* mã chưa đối chiếu với danh mục quốc gia, hoặc mã riêng của sohoa.")


def print_procedure(procedure: Procedure) -> None:
    """Print a procedure and its components on standard output."""
    print(f"{on_one_line(procedure.name)} ({procedure.code}), {SOURCES[procedure.source]}")
    about = (CODES[procedure.code_basis], procedure.field, procedure.level, procedure.decision, procedure.legal_source)
    print("; ".join(on_one_line(one) for one in about if one))
    case = None
    for number, component in enumerate(procedure.components, 1):
        if component.case != case:
            case = component.case
            print(f"\n[{on_one_line(case)}]" if case else "")
        print(f"{number:3}. {on_one_line(component.name)}")
        for line in _component_lines(component):
            print(f"     {line}")
    if procedure.text and procedure.source is not ProcedureSource.NATIONAL_LIST:
        print("\nDanh mục quốc gia công bố nguyên văn:")
        for piece in pieces_of(procedure.text):
            if piece.kind is not PieceKind.COLUMNS:
                print(f"  {on_one_line(piece.text)}")


def imported_as_json(imported: Sequence[Procedure], problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what an import did, ready for JSON."""
    report = report_of(imported)
    return {
        "procedures": [list_row(procedure) for procedure in imported],
        "counts": report.counts,
        "problems": [problem.model_dump(mode="json") for problem in problems],
    }


def print_imported(imported: Sequence[Procedure]) -> None:
    """Print what an import did on standard output."""
    print(f"Đã nạp {len(imported)} thủ tục.")
    _print_counts(report_of(imported))


def print_report(report: MappingReport) -> None:
    """Print what was mapped and why, and what is left to a person, on standard output."""
    for verdict in (Verdict.PAPER, Verdict.OTHER_PAPER, Verdict.FORM, Verdict.CONDITION, Verdict.PERSON):
        found = [one for one in report.components if one.verdict is verdict]
        print(f"\n{VERDICTS[verdict].upper()}: {len(found)}")
        for one in found:
            mark = " (cán bộ xem lại)" if one.component.person_decides and verdict is not Verdict.PERSON else ""
            types = f" → {', '.join(one.component.paper_types)}" if one.component.paper_types else ""
            print(f"  {one.procedure.code}:{one.number} {_shortened(one.component.name)}{types}{mark}")
            print(f"      {on_one_line(one.component.reason)}")
    _print_counts(report)


def write_csv(report: MappingReport, path: Path) -> None:
    """Write the report as CSV that a spreadsheet opens with its accents.

    Raises:
        SohoaError: `PATH_UNREADABLE` when the file cannot be written.
    """
    rows = [one.as_json() for one in report.components]
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(rows[0] if rows else ())
            writer.writerows([_cell(value) for value in row.values()] for row in rows)
    except OSError as error:
        raise SohoaError(Code.PATH_UNREADABLE, detail=error_name(error)) from None


def _component_lines(component: Component) -> list[str]:
    counts = ((component.originals, "bản chính"), (component.copies, "bản sao"))
    how = [FORMS[component.form], *(f"{number} {what}" for number, what in counts if number)]
    if not component.required:
        how.append("chỉ khi thuộc trường hợp nêu trên")
    if component.person_decides:
        how.append("cán bộ quyết định")
    lines = [f"{VERDICTS[verdict_of(component)]}; {', '.join(how)}"]
    for paper_type in component.paper_types:
        lines.append(f"dùng được: {paper_type_name(paper_type)}")
        lines += [
            f"  thay được bằng {paper_type_name(one.paper_type)} ({one.ground})"
            for one in equivalents_of(paper_type)
            if one.paper_type not in component.paper_types
        ]
        lines += [f"  hoặc dữ liệu: {one.source} ({one.ground})" for one in data_instead_of(paper_type)]
    if component.reason:
        lines.append(f"vì: {component.reason}")
    return list(dict.fromkeys(map(on_one_line, lines)))


def _print_counts(report: MappingReport) -> None:
    if report.mapped_share is None:
        return
    parts = [f"{VERDICTS[verdict]} {count}" for verdict, count in report.counts.items()]
    share = f"{100 * report.mapped_share:.1f}".replace(".", ",")
    print(f"\n{len(report.components)} thành phần: {', '.join(parts)}. Đã hiểu {share} %.")


def _shortened(text: str) -> str:
    line = on_one_line(text)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _cell(value: Any) -> str:
    """Return a cell; what a spreadsheet would take for a formula is kept a text."""
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
