"""`sohoa subject …`: the rights of the person."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import DONE, PARTIAL, AsJson, Home, filled_catalogue, print_json, settings_of
from commands.subject_erase import erase, erasures, readmit, reapply
from commands.subject_options import By, Purpose, Subject, given_person, identifier_from
from ocr.problem import Code, SohoaError

if TYPE_CHECKING:
    from storage.rights.hold import Hold
    from storage.rights.request import CorrectionRequest

subject_app = typer.Typer(help="Quyền của người dân với dữ liệu về mình: xem, sửa, xóa.", no_args_is_help=True)
subject_app.command("erase")(erase)
subject_app.command("erasures")(erasures)
subject_app.command("readmit")(readmit)
subject_app.command("reapply-erasures")(reapply)


@subject_app.command("export")
def export_command(
    subject: Subject,
    reader: Annotated[str, typer.Option("--reader", help="Tài khoản của người xuất dữ liệu; ghi vào nhật ký đọc.")],
    purpose: Purpose,
    out: Annotated[Path, typer.Option("--out", help="Thư mục mới, hoặc tệp .zip mới.")],
    with_scans: Annotated[
        bool, typer.Option("--with-scans", help="Kèm ảnh các trang giấy tờ của người này, không kèm trang của ai khác.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Xuất mọi dữ liệu đang lưu về một người, và ai đã xem, để trao cho chính người đó."""
    from extractors.paper_type_loader import paper_types_with  # noqa: PLC0415
    from ocr.messages import sentence  # noqa: PLC0415
    from storage.read_log.entry import ReadKind, said  # noqa: PLC0415
    from storage.read_log.opening import log_read, open_read_log  # noqa: PLC0415
    from storage.read_log.readers import reads_about  # noqa: PLC0415
    from storage.rights.disclosure import Disclosure, cases_about, held_papers  # noqa: PLC0415
    from storage.rights.handing_over import hand_over, new_parcel  # noqa: PLC0415

    if not said(purpose):
        raise SohoaError(Code.PURPOSE_MISSING)
    if not said(reader):
        raise SohoaError(Code.SETTING_INVALID, field="--reader", detail="--reader is blank")
    settings = settings_of(home)
    store, catalogue = settings.open_store(), filled_catalogue(settings)
    person = given_person(settings, subject)
    with open_read_log(settings, catalogue) as read_log, new_parcel(out) as parcel:
        papers = held_papers(store, catalogue, person)
        requests, holds, erased = cases_about(store, person, papers)
        erased_ids = [record_id for erasure in erased for record_id in erasure.records]
        read = [paper.record for paper in papers]
        entry_id = log_read(
            read_log,
            ReadKind.SUBJECT,
            read,
            reader=reader,
            agency=settings.agency,
            purpose=purpose,
            subject_key=person.subject_key,
        )
        reads = reads_about(store, catalogue, read_log, subject_key=person.subject_key, record_ids=erased_ids)
        disclosure = Disclosure(person, datetime.now(UTC), papers, reads, requests, holds, erased)
        types = paper_types_with(settings.paper_types_folder)
        problems = hand_over(store, disclosure, parcel, types, purpose, with_scans=with_scans)
    if as_json:
        counts = {"records": len(papers), "reads": len(reads), "requests": len(requests), "holds": len(holds)}
        told = [problem.model_dump(mode="json") for problem in problems]
        print_json({"out": str(out), **counts, "erasures": len(erased), "read_log_id": entry_id, "problems": told})
    else:
        print(
            f"Đã xuất vào {out}: {len(papers)} giấy tờ, {len(reads)} lượt xem. Việc xuất đã ghi nhật ký ({entry_id})."
        )
        for problem in problems:
            print(f"  {sentence(problem)} [{problem.code}]")
    raise typer.Exit(PARTIAL if problems else DONE)


@subject_app.command("request")
def request_command(
    record: Annotated[str, typer.Option("--record", help="Mã bản ghi.")],
    field: Annotated[str, typer.Option("--field", help="Tên trường mà người dân cho là sai.")],
    says: Annotated[str, typer.Option("--says", help="Người dân nói đúng ra là gì; '-': đọc từ đầu vào chuẩn.")],
    by: By,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ghi nhận yêu cầu sửa một trường; phải trả lời trong hai ngày làm việc."""
    from storage.rights.request import request_correction  # noqa: PLC0415

    store = settings_of(home).open_store()
    made = request_correction(store, record, field, identifier_from(says), by, datetime.now(UTC))
    _print_request(made, as_json=as_json)


@subject_app.command("requests")
def requests_command(
    all_: Annotated[bool, typer.Option("--all", help="Cả những yêu cầu đã trả lời.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Các yêu cầu sửa đang chờ, cũ nhất trước: đã chờ bao lâu, hạn ngày nào."""
    from storage.rights.request import RequestState, requests_in  # noqa: PLC0415
    from storage.rights.working_days import local_day  # noqa: PLC0415

    store, today = settings_of(home).open_store(), local_day(datetime.now(UTC))
    found = sorted(
        (each for each in requests_in(store).all() if all_ or each.state is RequestState.OPEN), key=lambda each: each.at
    )
    if as_json:
        rows = [
            {
                **each.model_dump(mode="json", by_alias=True),
                "age_days": each.age_days(today),
                "late": each.is_late(today),
            }
            for each in found
        ]
        print_json(rows)
        return
    for each in found:
        state = "QUÁ HẠN" if each.is_late(today) else each.state.value
        waited = f"chờ {each.age_days(today)} ngày, hạn {each.due:%d/%m/%Y}"
        print(f"{each.case_id}  {state}  {waited}  {each.record_id} {each.field}")
    if not found:
        print("Không có yêu cầu nào.")


@subject_app.command("decide")
def decide_command(
    request_id: Annotated[str, typer.Argument(help="Mã yêu cầu, xem ở `sohoa subject requests`.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Vì sao trả lời như vậy.")],
    value: Annotated[
        str | None, typer.Option("--value", help="Chấp nhận: ghi giá trị này vào trường ('=': đúng như người dân nói).")
    ] = None,
    revision: Annotated[
        int | None, typer.Option("--revision", min=1, help="Chấp nhận: đã sửa ở bản này bằng `sohoa record correct`.")
    ] = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="Không sửa.")] = False,
    evidence: Annotated[list[str] | None, typer.Option("--evidence", help="Căn cứ; dùng được nhiều lần.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Trả lời một yêu cầu sửa: sửa bản ghi và ghi lại sửa ở bản nào, hoặc không sửa và nói vì sao."""
    from extractors.paper_type_loader import paper_types_with  # noqa: PLC0415
    from storage.rights.granting import grant_request  # noqa: PLC0415
    from storage.rights.request import answer_request  # noqa: PLC0415

    if sum((value is not None, revision is not None, refuse)) != 1:
        raise SohoaError(Code.SETTING_INVALID, field="--value", detail="give one of --value, --revision and --refuse")
    settings = settings_of(home)
    store, now = settings.open_store(), datetime.now(UTC)
    if value is None:
        answered = answer_request(store, request_id, by, reason, now, revision)
    else:
        said = None if value == "=" else value
        types = paper_types_with(settings.paper_types_folder)
        catalogue = filled_catalogue(settings)
        answered = grant_request(store, catalogue, request_id, by, reason, now, types, said, tuple(evidence or ()))
    _print_request(answered, as_json=as_json)


@subject_app.command("hold")
def hold_command(
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Văn bản yêu cầu giữ; không ghi tên hay số của người dân.")],
    subject: Annotated[
        str | None, typer.Option("--subject", help="Giữ mọi giấy tờ của người này ('-': đầu vào).")
    ] = None,
    record: Annotated[str | None, typer.Option("--record", help="Giữ bản ghi này.")] = None,
    dossier: Annotated[str | None, typer.Option("--dossier", help="Giữ hồ sơ này.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Giữ đến hết ngày (2027-05-06); bỏ trống: đến khi bỏ.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Lệnh giữ: cấm xóa giấy tờ của một người, một bản ghi hay một hồ sơ."""
    from flows.intake import display_text  # noqa: PLC0415
    from storage.acts import current  # noqa: PLC0415
    from storage.dossier_segment import dossier_segment  # noqa: PLC0415
    from storage.dossiers import load_dossier  # noqa: PLC0415
    from storage.rights.cases import new_case_id  # noqa: PLC0415
    from storage.rights.hold import Hold, holds_in  # noqa: PLC0415

    if sum(each is not None for each in (subject, record, dossier)) != 1:
        raise SohoaError(Code.SETTING_INVALID, field="--subject", detail="one of --subject, --record and --dossier")
    if not by.strip() or not reason.strip():
        raise SohoaError(Code.DECISION_INVALID, detail="a hold names who orders it and why")
    settings = settings_of(home)
    store = settings.open_store()
    scope = {}
    if subject is not None:
        scope["subject_key"] = given_person(settings, subject).subject_key
    elif record is not None:
        scope["record_id"] = current(store, record).record_id
    elif dossier is not None:
        dossier_id = display_text(dossier)
        if not dossier_id.strip() or load_dossier(store, dossier_id) is None:
            raise SohoaError(Code.DOSSIER_UNKNOWN)
        scope["dossier_segment"] = dossier_segment(dossier_id)
    hold = Hold(case_id=new_case_id(), by=by, reason=reason, at=datetime.now(UTC), until=_day(until), **scope)
    _print_hold(holds_in(store).open(hold), as_json=as_json)


@subject_app.command("release")
def release_command(
    hold_id: Annotated[str, typer.Argument(help="Mã lệnh giữ, xem ở `sohoa subject holds`.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Vì sao bỏ lệnh giữ.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Bỏ một lệnh giữ."""
    from storage.rights.hold import HoldState, holds_in  # noqa: PLC0415

    holds = holds_in(settings_of(home).open_store())
    hold = holds.latest(hold_id)
    if hold.state is HoldState.RELEASED or not by.strip() or not reason.strip():
        raise SohoaError(Code.DECISION_INVALID, detail="it was released already, or nobody or no reason is named")
    released = {"released_by": by, "released_at": datetime.now(UTC), "release_reason": reason}
    _print_hold(holds.follow(hold, state=HoldState.RELEASED, **released), as_json=as_json)


@subject_app.command("holds")
def holds_command(home: Home = None, as_json: AsJson = False) -> None:
    """Mọi lệnh giữ, còn hiệu lực hay không."""
    from storage.rights.hold import holds_in  # noqa: PLC0415

    found = sorted(holds_in(settings_of(home).open_store()).all(), key=lambda hold: hold.at)
    if as_json:
        print_json([hold.model_dump(mode="json", by_alias=True) for hold in found])
        return
    for hold in found:
        _print_hold(hold, as_json=False)
    if not found:
        print("Không có lệnh giữ nào.")


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given is not None else None
    except ValueError:
        raise SohoaError(Code.SETTING_INVALID, field="--until", detail="--until: a day as 2027-05-06") from None


def _print_request(request: "CorrectionRequest", *, as_json: bool) -> None:
    if as_json:
        print_json(request.model_dump(mode="json", by_alias=True))
        return
    corrected = f", sửa ở bản {request.corrected_in}" if request.corrected_in else ""
    print(f"Yêu cầu {request.case_id}: {request.state.value}, hạn trả lời {request.due:%d/%m/%Y}{corrected}.")


def _print_hold(hold: "Hold", *, as_json: bool) -> None:
    from storage.rights.working_days import local_day  # noqa: PLC0415

    if as_json:
        print_json(hold.model_dump(mode="json", by_alias=True))
        return
    state = "còn hiệu lực" if hold.is_in_force(local_day(datetime.now(UTC))) else "hết hiệu lực"
    what = hold.record_id or (f"hồ sơ {hold.dossier_segment}" if hold.dossier_segment else "một người")
    until = f" đến {hold.until:%d/%m/%Y}" if hold.until else ""
    print(f"{hold.case_id}  {state}{until}  {what}  {hold.reason}")
