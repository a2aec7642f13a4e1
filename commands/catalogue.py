"""`sohoa reindex`: the catalogue, filled from the store."""

import sys
from typing import Annotated

import typer

from commands.common import DONE, PARTIAL, AsJson, Home, print_json, settings_of


def reindex(
    full: Annotated[
        bool,
        typer.Option("--full", help="Đọc lại mọi đối tượng, không chỉ những gì danh mục chưa có; cần khi đổi khóa."),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Dựng lại danh mục tra cứu từ kho; các lệnh khác vẫn chạy được trong lúc đó."""
    from flows.upkeep_report import counted  # noqa: PLC0415
    from ocr.messages import sentence  # noqa: PLC0415
    from storage.reindex import reindex as fill  # noqa: PLC0415

    settings = settings_of(home)
    with counted("Đang dựng danh mục", quiet=as_json) as progress:
        report = fill(settings.open_store(), settings.open_catalogue(), progress, full=full)
    if as_json:
        damaged = [problem.model_dump(mode="json") for problem in report.damaged]
        counts = {"records": report.records, "dossiers": report.dossiers}
        print_json({**counts, "entered": report.entered, "removed": report.removed, "damaged": damaged})
    else:
        changes = f"ghi {report.entered}, bỏ {report.removed}"
        print(f"Đã dựng lại danh mục: {report.dossiers} hồ sơ, {report.records} bản ghi ({changes}).")
        for problem in report.damaged:
            print(f"  {sentence(problem)} [{problem.code}] {problem.detail}", file=sys.stderr)
    raise typer.Exit(PARTIAL if report.damaged else DONE)
