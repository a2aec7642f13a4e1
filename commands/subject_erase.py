"""`sohoa subject erase` and what belongs to it."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.common import DONE, PARTIAL, AsJson, Home, print_json, settings_of
from commands.subject_options import By, given_person
from ocr.problem import Code, SohoaError

if TYPE_CHECKING:
    from storage.rights.erasure import Erasure, Kept
    from storage.rights.execution import Eraser
    from storage.rights.plan import Plan
    from storage.settings import Settings


def erase(
    subject: Annotated[str | None, typer.Option("--subject", help="Số định danh; '-': đọc từ đầu vào chuẩn.")] = None,
    ground: Annotated[
        str | None,
        typer.Option(
            "--ground",
            help="Căn cứ, theo Luật BVDLCN Điều 14.1: request, purpose-reached, retention-ended, "
            "authority-decision, agreement.",
        ),
    ] = None,
    decision: Annotated[str | None, typer.Option("--decision", help="Số, ngày quyết định.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Tài khoản của người xóa.")] = None,
    record: Annotated[
        list[str] | None,
        typer.Option(
            "--record", help="Bản ghi mà quyết định nêu rõ (giấy tờ chung, giấy không có số); nhiều lần được."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ in sẽ xóa gì, giữ gì và vì sao.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Làm nốt những lần xóa bị dừng giữa chừng.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Xóa dữ liệu của một người theo quyết định; ghi bằng chứng trước, rồi mới xóa."""
    settings = settings_of(home)
    eraser = _eraser(settings)
    finished = () if dry_run else eraser.resume()
    if resume:
        _print_finished(finished, as_json=as_json)
        return
    if subject is None or ground is None:
        raise SohoaError(Code.SETTING_INVALID, field="--subject", detail="--subject and --ground are needed")
    plan = _plan(settings, eraser, subject, ground, record or [])
    if dry_run:
        _print_plan(plan, as_json=as_json)
        return
    proof = eraser.erase(plan, by or "", decision or "")
    if as_json:
        print_json(_proof_json(proof))
    else:
        print(f"Đã xóa {len(proof.records)} bản ghi, {len(proof.objects)} đối tượng.")
        print(f"Bằng chứng: erasures/{proof.case_id}.")
        _print_kept(proof.kept)
    raise typer.Exit(PARTIAL if proof.kept else DONE)


def erasures(home: Home = None, as_json: AsJson = False) -> None:
    """Các lần xóa đã làm, và đã xong hay chưa."""
    from storage.rights.erased import erasures as all_erasures  # noqa: PLC0415

    found = sorted(all_erasures(settings_of(home).open_store()), key=lambda each: each.started_at)
    if as_json:
        print_json([_proof_json(each) for each in found])
        return
    for each in found:
        state = "xong" if each.finished_at else "CHƯA XONG"
        again = ", đã cho nhận lại" if each.readmission else ""
        print(
            f"{each.case_id}  {each.started_at:%d/%m/%Y}  {state}{again}  {len(each.records)} bản ghi  {each.decision}"
        )
    if not found:
        print("Chưa xóa lần nào.")


def readmit(
    erasure_id: Annotated[str, typer.Argument(help="Mã lần xóa, xem ở `sohoa subject erasures`.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Vì sao cho nhận lại, ví dụ người dân nộp lại tệp ấy.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Cho nhận lại các bản quét đã xóa, vào một hồ sơ mang tên khác."""
    proof = _eraser(settings_of(home)).readmit(erasure_id, by, reason)
    if as_json:
        print_json(_proof_json(proof))
    else:
        print(f"Từ nay nhận lại được các bản quét của lần xóa {proof.case_id}.")


def reapply(
    proof: Annotated[
        list[Path] | None,
        typer.Option("--proof", help="Tệp bằng chứng giữ ngoài kho (r1.json, r2.json); nhiều lần được."),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Sau khi phục hồi từ bản sao lưu: xóa lại những gì đã xóa theo quyết định."""
    done = _eraser(settings_of(home)).reapply(_read_proof(path) for path in proof or ())
    _print_finished(done, as_json=as_json)


def _read_proof(path: Path) -> "Erasure":
    from storage.rights.erasure import Erasure  # noqa: PLC0415

    try:
        return Erasure.from_json(path.read_bytes())
    except (OSError, ValueError):
        raise SohoaError(Code.SETTING_INVALID, field="--proof", detail="not the proof of an erasure") from None


def _eraser(settings: "Settings") -> "Eraser":
    from storage.reindex import reindex  # noqa: PLC0415
    from storage.rights.execution import Eraser  # noqa: PLC0415

    store, catalogue = settings.open_store(), settings.open_catalogue()
    # A run that was killed may have stored records that the catalogue does not know: these are the person's as well.
    reindex(store, catalogue)
    return Eraser(store, settings.open_second_store(), catalogue, partial(_forget, settings))


def _forget(settings: "Settings", proof: "Erasure") -> None:
    """Erase on the desk of the service, where there is one, what an erasure takes from the store."""
    from storage.desk.database import existing_desk  # noqa: PLC0415
    from storage.desk.forgetting import Gone, forget  # noqa: PLC0415
    from storage.desk.parts import Parts  # noqa: PLC0415
    from storage.key_parsing import parse_scan_key  # noqa: PLC0415
    from storage.rights.erased import keys_of  # noqa: PLC0415

    desk = existing_desk(settings.desk)
    if desk is not None:
        scans = {sha256 for key in keys_of(proof) if (sha256 := parse_scan_key(key)) is not None}
        forget(desk, Parts(settings.home), Gone(proof.records, proof.dossiers, scans, proof.batches))


def _plan(settings: "Settings", eraser: "Eraser", subject: str, ground: str, named: list[str]) -> "Plan":
    from storage.rights.erasure import Ground  # noqa: PLC0415
    from storage.rights.plan import Planner  # noqa: PLC0415
    from storage.rights.retention import load_retention  # noqa: PLC0415
    from storage.rights.working_days import local_day  # noqa: PLC0415

    if ground not in set(Ground):
        raise SohoaError(Code.SETTING_INVALID, field="--ground", detail=f"one of {', '.join(Ground)}")
    today = local_day(datetime.now(UTC))
    planner = Planner(eraser.store, eraser.catalogue, settings.identity_key(), load_retention(settings.home), today)
    return planner.plan(given_person(settings, subject), Ground(ground), named)


def _print_plan(plan: "Plan", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "ground": plan.ground.value,
                "records": plan.erased,
                "objects": plan.objects.keys,
                "dossiers": plan.segments,
                "batches": plan.batches,
                "requests": plan.requests,
                "kept": [kept.model_dump(mode="json") for kept in plan.kept],
                "to_consider": [record.record_id for record in plan.to_consider],
            }
        )
        return
    print(f"Căn cứ: {plan.ground.label}.")
    print(
        f"Sẽ xóa {len(plan.erased)} bản ghi, {len(plan.objects.keys)} đối tượng, viết lại {len(plan.segments)} hồ sơ:"
    )
    types = {each.record_id: each.latest.paper_type for each in plan.candidates}
    for record_id in plan.erased:
        print(f"  {record_id}  {types.get(record_id, 'bản nháp đã bỏ khi tách lại')}")
    _print_kept(plan.kept)
    if plan.to_consider:
        print("Có thể cũng của người này nhưng không ghi số định danh; quyết định muốn xóa thì nêu bằng --record:")
        for record in plan.to_consider:
            print(f"  {record.record_id}  {record.paper_type}")
    print("Chưa xóa gì.")


def _print_kept(kept: "tuple[Kept, ...]") -> None:
    if kept:
        print("Giữ lại:")
    for each in kept:
        until = f" (đến {each.until:%d/%m/%Y})" if each.until else ""
        print(f"  {each.record_id or each.key}: {each.reason.label}{until}")


def _print_finished(done: "tuple[Erasure, ...]", *, as_json: bool) -> None:
    if as_json:
        print_json([_proof_json(each) for each in done])
        return
    for each in done:
        print(f"Đã làm xong lần xóa {each.case_id}: {len(each.records)} bản ghi, {len(each.objects)} đối tượng.")
    if not done:
        print("Không có lần xóa nào dở dang.")


def _proof_json(proof: "Erasure") -> dict[str, Any]:
    return proof.model_dump(mode="json", by_alias=True)
