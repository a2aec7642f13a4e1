"""`sohoa verify` and `sohoa store mirror`: whether what was stored is still as it was, and a second copy of it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from commands.common import DONE, STORE_TROUBLE, AsJson, Home, print_json
from storage.setting_values import SECOND_STORE
from storage.settings import Settings

Rate = Annotated[
    float | None,
    typer.Option("--rate", min=0.01, help="Đọc kho nhiều nhất bấy nhiêu MiB mỗi giây; bỏ trống: không hạn chế."),
]


def verify(
    repair: Annotated[
        bool, typer.Option("--repair", help="Thay đối tượng hỏng, thiếu bằng bản nguyên vẹn của kho thứ hai.")
    ] = False,
    second: Annotated[
        str | None, typer.Option("--from", help="Kho thứ hai để phục hồi, thay cho SOHOA_SECOND_STORE.")
    ] = None,
    rate: Rate = None,
    resume: Annotated[bool, typer.Option("--resume", help="Đi tiếp lần kiểm bị dừng giữa chừng.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Băm lại mọi đối tượng trong kho, báo hư hỏng, và phục hồi từ kho thứ hai khi được yêu cầu."""
    from flows.upkeep_report import check_up_as_json, counted, print_check_up  # noqa: PLC0415
    from storage.upkeep import check_up  # noqa: PLC0415

    settings = _settings_with(home, second)
    with counted("Đang kiểm", quiet=as_json) as progress:
        done = check_up(settings, progress, rate_mib_s=rate, resume=resume, mend=repair)
    if as_json:
        print_json(check_up_as_json(done))
    else:
        print_check_up(done)
    raise typer.Exit(DONE if done.is_intact else STORE_TROUBLE)


def mirror(
    destination: Annotated[
        str | None,
        typer.Argument(help="Kho nhận bản sao, file:ĐƯỜNG_DẪN hoặc s3://…; bỏ trống: SOHOA_SECOND_STORE."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Đọc lại cả những bản sao đã có, thay bản sao hỏng.")] = False,
    apply_erasures: Annotated[
        bool,
        typer.Option("--apply-erasures/--keep-erased", help="Xóa ở bản sao những gì kho đã xóa theo quyết định."),
    ] = True,
    rate: Rate = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Chép sang kho thứ hai những gì nơi đó còn thiếu; không ghi đè, không chép đối tượng hỏng; dừng thì chạy lại."""
    from flows.upkeep_report import counted, mirror_as_json, print_mirror  # noqa: PLC0415
    from ocr.problem import Code, SohoaError  # noqa: PLC0415
    from storage.upkeep import copy_store  # noqa: PLC0415

    settings = _settings_with(home, destination)
    there = settings.open_second_store()
    if there is None:
        raise SohoaError(Code.SETTING_INVALID, field=SECOND_STORE, detail="name a store to copy to")
    if settings.second_store == settings.store:
        raise SohoaError(Code.SETTING_INVALID, field=SECOND_STORE, detail="is the store itself")
    with counted("Đang chép", quiet=as_json) as progress:
        report = copy_store(settings, there, progress, rate_mib_s=rate, check_held=check, apply_erasures=apply_erasures)
    if as_json:
        print_json(mirror_as_json(report))
    else:
        print_mirror(report)
    raise typer.Exit(STORE_TROUBLE if report.damage else DONE)


def _settings_with(home: Path | None, second: str | None) -> Settings:
    from ocr.problem import Code, SohoaError  # noqa: PLC0415

    settings = Settings.load(home, {SECOND_STORE: second}, os.environ)
    if settings.store.startswith("file:") and not settings.home.is_dir():
        # In a home whose name was mistyped nothing is damaged: who asks must not be told that all is well.
        raise SohoaError(Code.SETTING_INVALID, field="SOHOA_HOME", detail="no such folder")
    return settings
