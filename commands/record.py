"""`sohoa record …`: what people decide on a record, and its history."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import AsJson, Home, filled_catalogue, print_json, settings_of
from commands.logged import logged
from ocr.problem import Code, SohoaError

if TYPE_CHECKING:
    from extractors.paper_type import PaperType
    from extractors.record import Record
    from storage.acts import Act
    from storage.catalogue import Catalogue
    from storage.objects import ObjectStore
    from storage.settings import Settings

record_app = typer.Typer(help="Bản ghi: lịch sử, duyệt, sửa, thay thế, thu hồi.", no_args_is_help=True)

RecordId = Annotated[str, typer.Argument(help="Mã bản ghi (r và 24 chữ số hệ 16), xem ở `sohoa show`.")]
By = Annotated[str, typer.Option("--by", help="Tài khoản của người quyết định.")]
Reason = Annotated[str, typer.Option("--reason", help="Vì sao.")]
Evidence = Annotated[
    list[str] | None,
    typer.Option("--evidence", help="Căn cứ: trang, mã bản ghi, số văn bản; dùng được nhiều lần."),
]
Revision = Annotated[
    int | None,
    typer.Option("--revision", min=1, help="Bản mà người quyết định đã xem; bỏ trống: bản mới nhất lúc chạy lệnh."),
]
Decide = Callable[["ObjectStore", "Catalogue", int, "Act"], "Record"]


@record_app.command("history")
def history_command(record_id: RecordId, home: Home = None, as_json: AsJson = False) -> None:
    """Mọi bản của một bản ghi: ai, lúc nào, đổi gì, vì sao."""
    from extractors.changes import history_as_json  # noqa: PLC0415
    from flows.history_view import print_history  # noqa: PLC0415
    from storage.acts import current  # noqa: PLC0415
    from storage.read_log.entry import ReadKind  # noqa: PLC0415
    from storage.records import history  # noqa: PLC0415

    settings = settings_of(home)
    store = settings.open_store()
    latest = current(store, record_id)
    revisions = list(logged(settings, ReadKind.RECORD, history(store, record_id)))
    if as_json:
        print_json({"record_id": record_id, "revisions": history_as_json(revisions)})
    else:
        print_history(revisions, _type_of(settings, latest.paper_type))


@record_app.command("show")
def show_command(
    record_id: RecordId,
    revision: Annotated[int | None, typer.Option("--revision", min=1, help="Bản thứ mấy; bỏ trống: mới nhất.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Xem một bản ghi, bản mới nhất hay một bản cũ."""
    from extractors.blind_sample import blind  # noqa: PLC0415
    from flows.record_view import print_records  # noqa: PLC0415
    from flows.standing_view import standing_lines  # noqa: PLC0415
    from storage.acts import current  # noqa: PLC0415
    from storage.read_log.entry import ReadKind  # noqa: PLC0415
    from storage.records import load_record  # noqa: PLC0415

    settings = settings_of(home)
    store = settings.open_store()
    record: Record | None = current(store, record_id)
    if revision is not None:
        record = load_record(store, record_id, revision)
    if record is None:
        raise SohoaError(Code.RECORD_UNKNOWN, detail=f"{record_id} has no revision {revision}")
    for shown in logged(settings, ReadKind.RECORD, [record]):
        if as_json:
            print_json(blind(shown))
        elif print_records([shown]) == 0:  # withdrawn or erased: nothing to show but where it stands
            print("\n".join(standing_lines(shown)))


@record_app.command("approve")
def approve_command(
    record_id: RecordId,
    by: By,
    reason: Reason = "",
    evidence: Evidence = None,
    revision: Revision = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Duyệt: cán bộ chịu trách nhiệm về bản ghi. Còn trường chưa chắc thì không duyệt được."""
    from storage.decisions import approve  # noqa: PLC0415

    settings = settings_of(home)
    types = _types(settings)
    _decide(
        settings, record_id, revision, (by, reason, evidence),
        lambda store, catalogue, at, act: approve(store, catalogue, record_id, at, act, types), as_json=as_json,
    )  # fmt: skip


@record_app.command("correct")
def correct_command(
    record_id: RecordId,
    by: By,
    reason: Reason,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="TRƯỜNG=GIÁ TRỊ, như in trên giấy; để trống sau dấu bằng: giấy không ghi."),
    ] = None,
    confirm: Annotated[
        list[str] | None, typer.Option("--confirm", help="Trường đúng như đang có; dùng được nhiều lần.")
    ] = None,
    evidence: Evidence = None,
    revision: Revision = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Sửa giá trị, hoặc xác nhận trường đúng như đang có."""
    from storage.decisions import correct  # noqa: PLC0415

    settings = settings_of(home)
    types, new_values = _types(settings), _values_of(values or ())
    _decide(
        settings, record_id, revision, (by, reason, evidence),
        lambda store, catalogue, at, act: correct(
            store, catalogue, record_id, at, act, types, new_values, tuple(confirm or ())
        ), as_json=as_json,
    )  # fmt: skip


@record_app.command("reject")
def reject_command(
    record_id: RecordId,
    by: By,
    reason: Reason,
    evidence: Evidence = None,
    revision: Revision = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Loại: bản ghi không được dùng (quét nhầm, phải quét lại)."""
    from storage.decisions import reject  # noqa: PLC0415

    _decide(
        settings_of(home), record_id, revision, (by, reason, evidence),
        lambda store, catalogue, at, act: reject(store, catalogue, record_id, at, act), as_json=as_json,
    )  # fmt: skip


@record_app.command("reopen")
def reopen_command(
    record_id: RecordId,
    by: By,
    reason: Reason,
    evidence: Evidence = None,
    revision: Revision = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Mở lại bản ghi đã duyệt, đã loại hay máy đã nhận: bản ghi lại chờ người xem."""
    from storage.decisions import reopen  # noqa: PLC0415

    _decide(
        settings_of(home), record_id, revision, (by, reason, evidence),
        lambda store, catalogue, at, act: reopen(store, catalogue, record_id, at, act), as_json=as_json,
    )  # fmt: skip


@record_app.command("revoke")
def revoke_command(
    record_id: RecordId,
    by: By,
    reason: Reason,
    authority: Annotated[str, typer.Option("--authority", help="Cơ quan thu hồi.")],
    act_number: Annotated[str, typer.Option("--act", help="Số, ký hiệu văn bản thu hồi.")],
    act_date: Annotated[str, typer.Option("--act-date", help="Ngày văn bản: 2024-05-06 hoặc 06/05/2024.")],
    act_record: Annotated[
        str | None, typer.Option("--act-record", help="Mã bản ghi của văn bản ấy, nếu có trong kho.")
    ] = None,
    evidence: Evidence = None,
    revision: Revision = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Thu hồi: cơ quan có thẩm quyền đã thu hồi giấy tờ."""
    from extractors.record import Revocation  # noqa: PLC0415
    from storage.decisions import revoke  # noqa: PLC0415

    settings = settings_of(home)
    revocation = Revocation(
        by_authority=authority, act_number=act_number, act_date=_day(act_date), record_id=act_record
    )
    _decide(
        settings, record_id, revision, (by, reason, evidence),
        lambda store, catalogue, at, act: revoke(store, catalogue, record_id, at, act, revocation), as_json=as_json,
    )  # fmt: skip


@record_app.command("supersede")
def supersede_command(
    record_id: RecordId,
    new_id: Annotated[str, typer.Option("--with", help="Mã bản ghi của giấy tờ mới.")],
    by: By,
    reason: Reason,
    evidence: Evidence = None,
    force: Annotated[
        bool, typer.Option("--force", help="Dù hai giấy không rõ là của cùng một người; lý do phải nói vì sao.")
    ] = False,
    revision: Revision = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Thay thế: giấy tờ mới thay giấy tờ này. Lệnh bị ngắt giữa chừng thì chạy lại."""
    from storage.links import supersede  # noqa: PLC0415

    _decide(
        settings_of(home), record_id, revision, (by, reason, evidence),
        lambda store, catalogue, at, act: supersede(store, catalogue, record_id, at, new_id, act, force=force),
        as_json=as_json,
    )  # fmt: skip


@record_app.command("reinstate")
def reinstate_command(
    record_id: RecordId,
    by: By,
    reason: Reason,
    evidence: Annotated[
        list[str], typer.Option("--evidence", help="Văn bản hủy việc thu hồi, thay thế; dùng được nhiều lần.")
    ],
    revision: Revision = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Khôi phục giấy tờ đã bị thu hồi hay thay thế, theo một văn bản sau đó."""
    from storage.links import reinstate  # noqa: PLC0415

    _decide(
        settings_of(home), record_id, revision, (by, reason, evidence),
        lambda store, catalogue, at, act: reinstate(store, catalogue, record_id, at, act), as_json=as_json,
    )  # fmt: skip


def _decide(
    settings: "Settings",
    record_id: str,
    revision: int | None,
    told: tuple[str, str, list[str] | None],
    decide: Decide,
    *,
    as_json: bool,
) -> None:
    """Decide on the revision that was looked at, and print what became of the record."""
    from extractors.wording import STATES  # noqa: PLC0415
    from storage.acts import Act, current  # noqa: PLC0415

    by, reason, evidence = told
    store, catalogue = settings.open_store(), filled_catalogue(settings)
    expected = revision if revision is not None else current(store, record_id).revision
    record = decide(store, catalogue, expected, Act(by, reason, tuple(evidence or ())))
    if as_json:
        shown = {"record_id", "revision", "state", "decision", "supersedes", "superseded_by", "revocation"}
        print_json(record.model_dump(mode="json", include=shown))
    else:
        print(f"{record.record_id}: bản {record.revision}, {STATES[record.state]}.")


def _values_of(given: "list[str] | tuple[()]") -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for assignment in given:
        name, mark, value = assignment.partition("=")
        if not mark or name.strip() in values:
            raise SohoaError(Code.SETTING_INVALID, field="--set", detail="FIELD=VALUE, each field once")
        values[name.strip()] = value if value.strip() else None
    return values


def _day(given: str) -> date:
    from extractors.kinds.date import parse_date  # noqa: PLC0415

    parsed = parse_date(given)
    if parsed.text is None or parsed.partial:
        raise SohoaError(Code.SETTING_INVALID, field="--act-date", detail="a day as 2024-05-06 or 06/05/2024")
    return date.fromisoformat(parsed.text)


def _types(settings: "Settings") -> "tuple[PaperType, ...]":
    from extractors.paper_type_loader import paper_types_with  # noqa: PLC0415

    return paper_types_with(settings.paper_types_folder)


def _type_of(settings: "Settings", paper_type_id: str) -> "PaperType | None":
    return next((paper_type for paper_type in _types(settings) if paper_type.id == paper_type_id), None)
