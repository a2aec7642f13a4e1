"""`sohoa lookup`, `sohoa reads`, `sohoa reuse`: what is held, who read it, and what citizens were not asked for."""

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.common import AsJson, Home, filled_catalogue, print_json, settings_of
from commands.logged import account
from ocr.problem import Code, SohoaError

if TYPE_CHECKING:
    from storage.read_log.entry import ReadEntry

# A machine may keep the time of the world; days of papers are those of Viet Nam, which has one time all year.
_VIET_NAM = timezone(timedelta(hours=7))
_FROM_STANDARD_INPUT = "-"
_IDENTIFIER_HELP = "Số định danh; '-': đọc từ đầu vào chuẩn, để số không hiện trong danh sách tiến trình."

Purpose = Annotated[str, typer.Option("--purpose", help="Tra cứu để làm gì; được ghi vào nhật ký đọc.")]
Reader = Annotated[
    str | None, typer.Option("--reader", help="Tài khoản người tra cứu; bỏ trống: tài khoản của máy này.")
]
Agency = Annotated[str | None, typer.Option("--agency", help="Mã định danh cơ quan tra cứu; bỏ trống: SOHOA_AGENCY.")]


def lookup(
    subject: Annotated[str, typer.Option("--subject", help=_IDENTIFIER_HELP)],
    procedure: Annotated[str, typer.Option("--procedure", help="Mã thủ tục, ví dụ 1.001193.")],
    purpose: Purpose = "",
    on: Annotated[str | None, typer.Option("--on", help="Ngày giấy tờ phải còn hiệu lực; bỏ trống: hôm nay.")] = None,
    reader: Reader = None,
    agency: Agency = None,
    dossier_code: Annotated[str | None, typer.Option("--dossier-code", help="Mã hồ sơ đang giải quyết.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Họ tên người nộp, để đối chiếu.")] = None,
    birth: Annotated[str | None, typer.Option("--birth", help="Ngày sinh người nộp, để đối chiếu.")] = None,
    role: Annotated[
        str | None, typer.Option("--role", help="Người nộp là ai trong thủ tục này: wife, husband, mother, father…")
    ] = None,
    other: Annotated[
        list[str] | None,
        typer.Option("--other", help="Người khác trong hồ sơ, VAI=SỐ, ví dụ child=…; dùng được nhiều lần."),
    ] = None,
    approved_only: Annotated[
        bool, typer.Option("--approved-only", help="Chỉ tính giấy tờ cán bộ đã duyệt, không tính máy tự nhận.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Giấy tờ nào của thủ tục đã có, giấy nào có mà không dùng được và vì sao, giấy nào còn phải nộp."""
    from commands.lookup_view import print_answer  # noqa: PLC0415
    from storage.lookup import lookup as answer_of  # noqa: PLC0415
    from storage.lookup_answer import LookupRequest  # noqa: PLC0415
    from storage.procedures import load_procedure  # noqa: PLC0415
    from storage.read_log.opening import open_read_log  # noqa: PLC0415

    settings = settings_of(home)
    request = LookupRequest(
        subject=_identifier(subject),
        procedure=procedure,
        on=_day(on, "--on") if on is not None else _today(),
        purpose=purpose,
        reader=account() if reader is None else reader,
        agency=agency or settings.agency,
        dossier_code=dossier_code,
        name=name,
        birth=_date(birth, "--birth") if birth is not None else None,
        role=role,
        others=_others(other or ()),
        approved_only=approved_only,
    )
    store, catalogue = settings.open_store(), filled_catalogue(settings)
    with open_read_log(settings, catalogue) as read_log:
        key = settings.identity_key()
        answer = answer_of(catalogue, lambda code: load_procedure(store, code), read_log, key, request)
    if as_json:
        print_json(answer.as_json())
    else:
        print_answer(answer)


def reads(
    subject: Annotated[str | None, typer.Option("--subject", help=_IDENTIFIER_HELP)] = None,
    record: Annotated[str | None, typer.Option("--record", help="Mã bản ghi.")] = None,
    purpose: Annotated[
        str, typer.Option("--purpose", help="Xem nhật ký để làm gì; việc xem cũng được ghi.")
    ] = "xem nhật ký đọc",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ai đã xem giấy tờ của một người, hay một bản ghi; lúc nào, để làm gì."""
    from commands.lookup_view import print_reads  # noqa: PLC0415
    from storage.identity import normal_identifier  # noqa: PLC0415
    from storage.read_log.entry import ReadEntry, ReadKind, RecordRead, said  # noqa: PLC0415
    from storage.read_log.opening import open_read_log  # noqa: PLC0415
    from storage.read_log.readers import reads_about  # noqa: PLC0415

    if (subject is None) == (record is None):
        raise SohoaError(Code.SETTING_INVALID, field="--subject", detail="give either --subject or --record")
    if not said(purpose):
        raise SohoaError(Code.PURPOSE_MISSING)
    settings = settings_of(home)
    store, catalogue = settings.open_store(), filled_catalogue(settings)
    subject_key = None
    if subject is not None:
        subject_key = settings.identity_key().subject(normal_identifier(_identifier(subject)))
    held = catalogue.record(record) if record is not None else None
    if record is not None and held is None:
        raise SohoaError(Code.RECORD_UNKNOWN)
    with open_read_log(settings, catalogue) as read_log:
        found = reads_about(
            store, catalogue, read_log, subject_key=subject_key, record_ids=(held.record_id,) if held else ()
        )
        read_log.append(
            ReadEntry(
                kind=ReadKind.SUBJECT,
                reader=account(),
                agency=settings.agency,
                purpose=purpose,
                subject_key=subject_key,
                records=(RecordRead(record_id=held.record_id, revision=held.revision),) if held else (),
            )
        )
    if as_json:
        print_json([_as_json(entry) for entry in found])
    else:
        print_reads(found)


def reuse(
    first: Annotated[str | None, typer.Option("--from", help="Từ ngày; bỏ trống: đầu năm nay.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Đến hết ngày; bỏ trống: hôm nay.")] = None,
    agency: Annotated[str | None, typer.Option("--agency", help="Chỉ cơ quan này.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Theo từng thủ tục và cơ quan: bao nhiêu lần tra cứu, bao nhiêu giấy tờ người dân không phải nộp lại."""
    from commands.lookup_view import print_reuse  # noqa: PLC0415
    from storage.read_log.opening import open_read_log  # noqa: PLC0415

    settings = settings_of(home)
    catalogue = filled_catalogue(settings)
    # What was looked up until now counts.
    with open_read_log(settings, catalogue):
        pass
    today = _today()
    begin = _day(first, "--from") if first is not None else today.replace(month=1, day=1)
    end = _day(last, "--to") if last is not None else today
    rows = catalogue.reuse(begin, end, agency)
    if as_json:
        counted = [{name: getattr(row, name) for name in row.__dataclass_fields__} for row in rows]
        print_json({"from": begin.isoformat(), "to": end.isoformat(), "rows": counted})
    else:
        print_reuse(rows, begin, end)


def _today() -> date:
    return datetime.now(_VIET_NAM).date()


def _identifier(given: str) -> str:
    """Return an identifier, from the next line of standard input where `-` was given."""
    return sys.stdin.readline().strip() if given == _FROM_STANDARD_INPUT else given


def _others(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in given:
        role, separator, identifier = text.partition("=")
        if not separator or not role.strip():
            raise SohoaError(Code.SETTING_INVALID, field="--other", detail="--other takes ROLE=IDENTIFIER")
        found[role.strip()] = _identifier(identifier.strip())
    return found


def _date(given: str, option: str) -> str:
    """Return a date, month or year as ISO 8601, however Vietnamese write it."""
    from extractors.kinds.date import parse_date  # noqa: PLC0415

    value = parse_date(given).value
    if not isinstance(value, str):
        raise SohoaError(Code.SETTING_INVALID, field=option, detail=f"{option} is no date")
    return value


def _day(given: str, option: str) -> date:
    try:
        return date.fromisoformat(_date(given, option))
    except ValueError:
        raise SohoaError(Code.SETTING_INVALID, field=option, detail=f"{option} needs day, month and year") from None


def _as_json(entry: "ReadEntry") -> dict[str, Any]:
    return entry.model_dump(mode="json", by_alias=True, exclude={"subject_key"})
