"""`sohoa procedures`: procedures, the papers they ask for, and the import of the national list."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.common import DONE, PARTIAL, AsJson, Home, print_json, settings_of
from extractors.procedures.procedure import Procedure
from ocr.problem import Code, Problem, SohoaError
from storage.objects import ObjectStore
from storage.settings import Settings


def procedures(
    show: Annotated[str | None, typer.Option("--show", help="Xem thành phần hồ sơ của thủ tục mang mã này.")] = None,
    table: Annotated[
        str | None, typer.Option("--table", help="In thủ tục mang mã này dạng bảng YAML, để sửa rồi nạp lại.")
    ] = None,
    import_: Annotated[
        list[Path] | None,
        typer.Option("--import", help="Nạp tệp hoặc thư mục: JSON như danh mục quốc gia công bố, hoặc bảng YAML."),
    ] = None,
    reset: Annotated[
        str | None, typer.Option("--reset", help="Bỏ bảng riêng của cơ quan cho thủ tục này, dùng lại bảng có sẵn.")
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="Từng thành phần của danh mục quốc gia đã hiểu thành gì và vì sao.")
    ] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Ghi báo cáo ra tệp CSV này (kèm --report).")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Thủ tục hành chính và thành phần hồ sơ: danh sách, xem, nạp danh mục quốc gia, sửa."""
    settings = settings_of(home)
    store = settings.open_store()
    problems: tuple[Problem, ...] = ()
    imported: Sequence[Procedure] | None = None
    if import_:
        imported, problems = _import(settings, store, import_)
    if reset is not None:
        _reset(store, reset)
    if show is not None or table is not None:
        _print_one(store, show or table or "", as_table=table is not None, as_json=as_json)
    elif report:
        _print_report(store, imported, csv, as_json=as_json)
    elif imported is not None:
        _print_imported(imported, problems, as_json=as_json)
    elif reset is None:
        _print_list(store, as_json=as_json)
    _print_problems(problems)
    raise typer.Exit(PARTIAL if problems else DONE)


def _import(
    settings: Settings, store: ObjectStore, paths: Sequence[Path]
) -> tuple[Sequence[Procedure], tuple[Problem, ...]]:
    from extractors.paper_type_loader import paper_types_with  # noqa: PLC0415
    from storage.procedure_import import import_procedures  # noqa: PLC0415

    outcome = import_procedures(store, paths, paper_types_with(settings.paper_types_folder))
    return outcome.procedures, outcome.problems


def _reset(store: ObjectStore, code: str) -> None:
    from storage.procedures import withdraw_agency_table  # noqa: PLC0415

    if withdraw_agency_table(store, code) is None:
        raise SohoaError(Code.PROCEDURE_UNKNOWN, detail="no procedure has this code")


def _print_one(store: ObjectStore, code: str, *, as_table: bool, as_json: bool) -> None:
    from commands.procedures_view import print_procedure  # noqa: PLC0415
    from extractors.procedures.table_loader import table_of  # noqa: PLC0415
    from storage.procedures import load_procedure  # noqa: PLC0415

    procedure = load_procedure(store, code)
    if procedure is None:
        raise SohoaError(Code.PROCEDURE_UNKNOWN, detail="no procedure has this code")
    if as_json:
        print_json(procedure.model_dump(mode="json", by_alias=True))
    elif as_table:
        print(table_of(procedure), end="")
    else:
        print_procedure(procedure)


def _print_list(store: ObjectStore, *, as_json: bool) -> None:
    from commands.procedures_view import list_row, print_list  # noqa: PLC0415
    from storage.procedures import list_procedures  # noqa: PLC0415

    known = list_procedures(store)
    if as_json:
        print_json([list_row(procedure) for procedure in known])
    else:
        print_list(known)


def _print_imported(imported: Sequence[Procedure], problems: Sequence[Problem], *, as_json: bool) -> None:
    from commands.procedures_view import imported_as_json, print_imported  # noqa: PLC0415

    if as_json:
        print_json(imported_as_json(imported, problems))
    else:
        print_imported(imported)


def _print_report(store: ObjectStore, imported: Sequence[Procedure] | None, csv: Path | None, *, as_json: bool) -> None:
    from commands.procedures_view import print_report, write_csv  # noqa: PLC0415
    from extractors.procedures.mapping_report import report_of  # noqa: PLC0415
    from storage.procedures import imported_from_national_list  # noqa: PLC0415

    found = report_of(imported if imported is not None else imported_from_national_list(store))
    if csv is not None:
        write_csv(found, csv)
    if as_json:
        print_json({"counts": found.counts, "components": [one.as_json() for one in found.components]})
    else:
        print_report(found)


def _print_problems(problems: Sequence[Problem]) -> None:
    from ocr.messages import sentence  # noqa: PLC0415

    for problem in problems:
        print(f"  {sentence(problem)} [{problem.code}] {problem.detail}", file=sys.stderr)
