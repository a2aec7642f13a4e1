"""The command line of sohoa: thin wiring of flows and storage. See README for the commands and exit codes."""

import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from commands.catalogue import reindex
from commands.client import client_app
from commands.common import DONE, PARTIAL, STORE_TROUBLE, AsJson, Home, filled_catalogue, print_json, settings_of
from commands.integrity import mirror, verify
from commands.logged import logged, logged_dossier
from commands.lookup import lookup, reads, reuse
from commands.procedures import procedures
from commands.record import record_app
from commands.serve import serve
from commands.store import store_app
from commands.subject import subject_app
from commands.user import user_app
from ocr.problem import Code, SohoaError
from storage.settings import Settings, Source

if TYPE_CHECKING:
    from extractors.record import Record

USAGE, MISSING_PROGRAM, NOT_FOUND, UNEXPECTED, CONFLICT = 2, 3, 5, 6, 7
INTERRUPTED = 130
_SOURCE_WORDS = {
    Source.FLAG: "cờ lệnh",
    Source.ENVIRONMENT: "biến môi trường",
    Source.TOML: "sohoa.toml",
    Source.DEFAULT: "mặc định",
}

_EXIT_CODES = {
    Code.READER_MISSING: MISSING_PROGRAM,
    Code.FLOW_SERVER_FAILED: MISSING_PROGRAM,
    Code.FLOW_SERVER_UNREACHABLE: MISSING_PROGRAM,
    Code.STORE_UNWRITABLE: STORE_TROUBLE,
    Code.STORE_FULL: STORE_TROUBLE,
    Code.OBJECT_MISSING: STORE_TROUBLE,
    Code.OBJECT_DAMAGED: STORE_TROUBLE,
    Code.CATALOGUE_FAILED: STORE_TROUBLE,
    Code.DESK_FAILED: STORE_TROUBLE,
    Code.STORE_UNREACHABLE: STORE_TROUBLE,
    Code.STORE_UNFIT: STORE_TROUBLE,
    Code.READ_LOG_FAILED: STORE_TROUBLE,
    Code.REPAIR_IMPOSSIBLE: STORE_TROUBLE,
    Code.DOSSIER_UNKNOWN: NOT_FOUND,
    Code.RECORD_UNKNOWN: NOT_FOUND,
    Code.PROCEDURE_UNKNOWN: NOT_FOUND,
    Code.CASE_UNKNOWN: NOT_FOUND,
    Code.ACCOUNT_UNKNOWN: NOT_FOUND,
    Code.ACCOUNT_EXISTS: CONFLICT,
    Code.LAST_ADMIN: CONFLICT,
    Code.ACCOUNT_INVALID: USAGE,
    Code.PASSWORD_WEAK: USAGE,
    Code.RECORD_CHANGED: CONFLICT,
    Code.DECISION_INVALID: CONFLICT,
    Code.ERASURE_REFUSED: CONFLICT,
    Code.PROCEDURE_INVALID: USAGE,
    Code.SUBJECT_INVALID: USAGE,
    Code.PURPOSE_MISSING: USAGE,
    Code.SETTING_INVALID: USAGE,
    Code.TOO_FEW_KNOWN: USAGE,
    Code.PATH_UNREADABLE: USAGE,
    Code.PAPER_TYPES_INVALID: USAGE,
    Code.INTERRUPTED: INTERRUPTED,
}

app = typer.Typer(
    name="sohoa",
    help="Số hóa hồ sơ, giấy tờ: từ bản quét đến hồ sơ dữ liệu tin cậy, dùng lại được.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(record_app, name="record")
app.add_typer(store_app, name="store")
app.add_typer(subject_app, name="subject")
app.add_typer(user_app, name="user")
app.add_typer(client_app, name="client")
store_app.command("mirror")(mirror)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Thư mục hồ sơ, thư mục nhiều hồ sơ, hoặc tệp quét.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Số hóa: nạp bản quét, đọc, tách giấy tờ, trích trường, lưu hồ sơ dữ liệu."""
    from flows.embedded import flow_server  # noqa: PLC0415  Prefect reads its settings when first imported
    from flows.report import RunReport, watched  # noqa: PLC0415

    settings = settings_of(home)
    settings.open_store()
    with watched(quiet=as_json) as status:
        status("Đang khởi động…")
        with flow_server(settings.home, meanwhile=lambda: import_module("flows.digitize")):
            from flows.digitize import run_digitize  # noqa: PLC0415

            outcome = run_digitize(paths, settings.home, settings.workers)
    report = RunReport(outcome)
    if as_json:
        print_json(report.as_json())
    else:
        report.print()
    raise typer.Exit(DONE if outcome.complete else PARTIAL)


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="Thư mục hồ sơ, thư mục nhiều hồ sơ, hoặc tệp quét.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Xem trước khi nạp: từng trang quét có đủ rõ không, trang nào cần quét lại và vì sao; không đọc chữ."""
    from flows.check import check_paths  # noqa: PLC0415
    from flows.check_report import print_check  # noqa: PLC0415
    from flows.report import watched  # noqa: PLC0415

    with watched(quiet=as_json, doing="Đang xem"):
        outcome = check_paths(paths, settings_of(home).workers)
    if as_json:
        print_json(outcome.as_json())
    else:
        print_check(outcome)
    raise typer.Exit(DONE if outcome.is_fit else PARTIAL)


@app.command()
def export(
    home: Home = None,
    dossier: Annotated[str | None, typer.Option(help="Chỉ hồ sơ này.")] = None,
    state: Annotated[str | None, typer.Option(help="Chỉ bản ghi ở trạng thái này, ví dụ needs_review.")] = None,
    as_json: AsJson = False,
) -> None:
    """In bản mới nhất của mọi bản ghi, mỗi dòng một JSON."""
    del as_json  # the output is JSON lines either way; the flag is accepted so that every command takes it
    from storage.read_log.entry import ReadKind  # noqa: PLC0415

    settings = settings_of(home)
    for record in logged(settings, ReadKind.EXPORT, _records(settings, dossier, state)):
        print(record.to_json().decode())


@app.command()
def show(
    dossier: Annotated[str | None, typer.Argument(help="Mã (tên) hồ sơ; bỏ trống: mọi hồ sơ.")] = None,
    home: Home = None,
    state: Annotated[str | None, typer.Option(help="Chỉ bản ghi ở trạng thái này, ví dụ needs_review.")] = None,
    as_json: AsJson = False,
) -> None:
    """Xem các trường đã trích: trường nào máy nhận và vì sao, trường nào cần người xem."""
    from extractors.blind_sample import blind  # noqa: PLC0415
    from flows.contents_view import print_contents  # noqa: PLC0415
    from flows.record_view import print_records  # noqa: PLC0415
    from storage.read_log.entry import ReadKind  # noqa: PLC0415

    settings = settings_of(home)
    records = list(logged(settings, ReadKind.RECORD, _records(settings, dossier, state)))
    if as_json:
        print_json([blind(record) for record in records])
    elif print_records(records) == 0:
        print("Chưa có bản ghi nào.")
    elif state is None:
        print_contents(settings.open_store(), (record.dossier_id for record in records))


@app.command()
def text(
    dossier: Annotated[str, typer.Argument(help="Mã (tên) hồ sơ.")], home: Home = None, as_json: AsJson = False
) -> None:
    """In chữ đã nhận dạng theo thứ tự đọc, các trang cách nhau bằng ký tự sang trang."""
    from storage.dossier_text import dossier_text  # noqa: PLC0415

    settings, dossier_id = settings_of(home), _dossier_id(dossier)
    pages = dossier_text(settings.open_store(), dossier_id)
    logged_dossier(settings, dossier_id)
    if as_json:
        print_json([page.as_json() for page in pages])
    else:
        sys.stdout.write("\f".join(page.text for page in pages) + "\n")


@app.command("paper-types")
def paper_types_command(
    home: Home = None,
    check: Annotated[bool, typer.Option("--check", help="Thử từng loại giấy tờ trên các mẫu của nó.")] = False,
    as_json: AsJson = False,
) -> None:
    """Các loại giấy tờ máy nhận ra, có sẵn và của cơ quan (thư mục paper-types trong thư mục dữ liệu)."""
    from extractors.paper_type_loader import paper_types_with  # noqa: PLC0415  spaCy takes half a second to import
    from flows.paper_types_view import paper_type_rows, print_paper_types  # noqa: PLC0415

    rows = paper_type_rows(paper_types_with(settings_of(home).paper_types_folder), check=check)
    if as_json:
        print_json([row.as_json() for row in rows])
    else:
        print_paper_types(rows, checked=check)
    if any(row.faults for row in rows):
        raise typer.Exit(PARTIAL)


app.command("reindex")(reindex)
app.command("verify")(verify)
app.command("lookup")(lookup)
app.command("reads")(reads)
app.command("reuse")(reuse)
app.command("serve")(serve)
app.command("procedures")(procedures)


@app.command()
def calibrate(
    target_error: Annotated[
        float, typer.Option(min=0.0001, max=0.2, help="Tỷ lệ sai cho phép trong số máy tự nhận.")
    ] = 0.005,
    truth: Annotated[
        list[Path] | None, typer.Option(help="Tệp truth.json của hồ sơ đã nạp; dùng được nhiều lần.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Vẽ biểu đồ dự đoán so với thực tế ra tệp PNG này.")] = None,
    write: Annotated[
        bool, typer.Option("--write/--dry-run", help="Lưu vào kho để dùng, hay chỉ xem (mặc định).")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Ghi hiệu chỉnh ra tệp JSON này.")] = None,
    note: Annotated[str, typer.Option(help="Ghi chú lưu kèm, ví dụ số gieo của hồ sơ vẽ.")] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Đo từ bản ghi đã duyệt và tệp đáp án: bao giờ máy được tự nhận từng trường, để sai không quá mức cho phép."""
    from flows.calibrate import calibrate_and_keep, calibration_as_json, print_calibration  # noqa: PLC0415

    store = settings_of(home).open_store()
    run, stored = calibrate_and_keep(store, truth or (), target_error, note, picture, out, write=write)
    if as_json:
        print_json(calibration_as_json(run, stored))
    else:
        print_calibration(run, stored)


@app.command()
def separators(
    count: Annotated[int, typer.Option(min=1, max=500, help="Số trang cần in.")] = 10,
    out: Annotated[Path, typer.Option(help="Ghi ra tệp PDF này.")] = Path("trang-ngan-cach.pdf"),
    paper_type: Annotated[str | None, typer.Option(help="Loại giấy tờ đặt sau trang, ví dụ giay-khai-sinh.")] = None,
    dossier_code: Annotated[str | None, typer.Option(help="Mã hồ sơ của cả tập, ví dụ H05.12-251112-0012.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """In trang ngăn cách (PDF, A4) để đặt giữa các giấy tờ rồi quét cả tập một lần."""
    del home  # sheets are the same in every home; the flag is accepted so that every command takes it
    from extractors.splitting.separators import Separator  # noqa: PLC0415
    from flows.separator_sheets import write_separators  # noqa: PLC0415

    write_separators(Separator(paper_type, dossier_code), count, out)
    if as_json:
        print_json({"file": str(out), "count": count})
    else:
        print(f"Đã ghi {count} trang ngăn cách vào {out}. In trên giấy A4, tỷ lệ 100 %.")


@app.command()
def doctor(home: Home = None, as_json: AsJson = False) -> None:
    """Cho biết máy đã có gì, thiếu gì và lệnh cài phần thiếu; nguồn của từng cài đặt."""
    from flows.doctor import examine, examine_store  # noqa: PLC0415

    found = settings_of(home)
    checks = (*examine(), *examine_store(found))
    settings = found.describe()
    if as_json:
        rows = [{"name": row.name, "value": row.value, "source": row.source} for row in settings]
        print_json({"checks": [check.as_json() for check in checks], "settings": rows})
    else:
        for check in checks:
            print(f"{'có   ' if check.found else 'THIẾU'}  {check.name}: {check.version or check.remedy}")
        print("\nCài đặt (nguồn):")
        for row in settings:
            print(f"  {row.name} = {row.value or '(không đặt)'}  ({_SOURCE_WORDS[row.source]})")
    raise typer.Exit(DONE if all(check.found or not check.required for check in checks) else MISSING_PROGRAM)


@app.command()
def deploy(home: Home = None, as_json: AsJson = False) -> None:
    """Đăng ký luồng số hóa và luồng kiểm kho hằng đêm trên máy chủ Prefect ở PREFECT_API_URL."""
    from flows.deployment import WORK_POOL  # noqa: PLC0415
    from flows.deployment import deploy as register  # noqa: PLC0415

    settings_of(home)
    name, nightly, *of_service = register(home)
    if as_json:
        print_json({"deployment": name, "nightly": nightly, "service": of_service, "work_pool": WORK_POOL})
    else:
        print(f"Đã đăng ký {name}, và {nightly} (kiểm kho lúc 22 giờ), trong nhóm máy {WORK_POOL}.")
        print(f"Cho dịch vụ `sohoa serve`: {', '.join(of_service)}.")
        print("Chạy `sohoa worker` trên máy xử lý.")


@app.command()
def worker(
    once: Annotated[bool, typer.Option("--once", help="Làm xong các lượt đang chờ rồi dừng.")] = False,
    home: Home = None,
) -> None:
    """Chạy các lượt số hóa được giao qua máy chủ Prefect ở PREFECT_API_URL, cho đến khi dừng."""
    from flows.deployment import work  # noqa: PLC0415

    work(settings_of(home).home, once=once)


def main() -> NoReturn:
    """Run the command line; every error we raise on purpose becomes one sentence and its exit code."""
    # Anything that is not ASCII on a terminal without a locale must not end in a traceback.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    # A clerk reads sentences, not log lines: every problem reaches the report by itself.
    logging.basicConfig(handlers=[logging.NullHandler()])
    try:
        try:
            with _stopped_in_order():
                app()
        finally:
            sys.stdout.flush()  # here, where a reader that went away is no error; at exit it would be a message
    except SohoaError as error:
        _fail(error)
    except KeyboardInterrupt:
        _fail(SohoaError(Code.INTERRUPTED))
    except SystemExit as ended:
        if ended.code == INTERRUPTED:  # what Typer makes of KeyboardInterrupt, without a word
            _fail(SohoaError(Code.INTERRUPTED))
        raise
    except BrokenPipeError:
        # The reader of our output went away (`sohoa export | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(DONE)


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, so that a service manager's stop also ends in order."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _fail(error: SohoaError) -> NoReturn:
    from ocr.messages import sentence  # noqa: PLC0415

    detail = f" ({error.problem.detail})" if error.problem.detail else ""
    print(f"sohoa: {sentence(error.problem)} [{error.code}]{detail}", file=sys.stderr)
    sys.exit(_EXIT_CODES.get(error.code, UNEXPECTED))


def _dossier_id(given: str) -> str:
    from flows.intake import display_text  # noqa: PLC0415

    if not given.strip():
        raise SohoaError(Code.DOSSIER_UNKNOWN, detail="the name is blank")
    return display_text(given)


def _records(settings: Settings, dossier: str | None, state: str | None) -> "Iterator[Record]":
    """Yield the latest revision of every record, or of those of one dossier or state."""
    from extractors.record import RecordState  # noqa: PLC0415
    from storage.records import load_record  # noqa: PLC0415

    if state is not None and state not in set(RecordState):
        raise SohoaError(Code.SETTING_INVALID, field="--state", detail=f"one of {', '.join(RecordState)}")
    store, catalogue = settings.open_store(), filled_catalogue(settings)
    dossier = _dossier_id(dossier) if dossier is not None else None
    if dossier is not None and catalogue.dossier(dossier) is None:
        raise SohoaError(Code.DOSSIER_UNKNOWN, file=dossier)
    for row in catalogue.records(dossier_id=dossier, state=RecordState(state) if state else None):
        record = load_record(store, row.record_id)
        if record is None:
            raise SohoaError(Code.OBJECT_MISSING, detail=f"record {row.record_id}")
        yield record


if __name__ == "__main__":
    main()
