"""`sohoa store …`: the store itself."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import DONE, PARTIAL, AsJson, Home, print_json, settings_of
from ocr.problem import Code, SohoaError

if TYPE_CHECKING:
    from storage.s3 import S3Store
    from storage.s3.accounts import Account
    from storage.s3.setup import Step
    from storage.settings import Settings

store_app = typer.Typer(help="Kho dữ liệu: tạo, kiểm tra, sao chép.", no_args_is_help=True)

ACCOUNTS_FOLDER = "store-accounts"

_FEATURES = {
    "bucket": "bucket",
    "versioning": "giữ phiên bản",
    "object-lock": "khóa đối tượng (governance)",
    "lifecycle": "vòng đời",
    "unfinished-uploads": "dọn tải lên dở dang",
    "encryption": "mã hóa phía máy chủ",
    "conditional-put": "ghi một lần (If-None-Match)",
}
_RESULTS = {"made": "đã tạo", "kept": "đã có", "refused": "KHÔNG CÓ"}
_NOTHING_TO_DO = "Kho là một thư mục: không phải chuẩn bị gì."
_IF_REFUSED = {"unfinished-uploads": "máy chủ không nhận quy tắc; MinIO tự dọn sau một ngày"}
# MinIO does this by itself and refuses to be told: no reason to call the store half done.
_UNIMPORTANT = frozenset({"unfinished-uploads"})

RetentionDays = Annotated[
    int | None,
    typer.Option(
        "--retention-days",
        min=1,
        max=36500,
        help="Bản gốc và nhật ký mới bị khóa bao nhiêu ngày (bỏ trống: giữ như đang có; kho mới: 365).",
    ),
]


@store_app.command("init")
def init(
    retention_days: RetentionDays = None,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Máy chủ mã hóa những gì lưu từ nay (SSE-S3).")] = False,
    accounts: Annotated[
        bool, typer.Option("--accounts", help="Tạo tài khoản đọc, ghi, cán bộ, xóa trên máy chủ MinIO.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Chuẩn bị kho trên máy chủ: bucket, phiên bản, khóa, vòng đời, mã hóa; chạy lại bao nhiêu lần cũng được."""
    settings = settings_of(home)
    store = _server_store(settings)
    if store is None:
        _say_nothing_to_do(as_json=as_json)
        return
    from storage.s3.accounts import make_accounts  # noqa: PLC0415
    from storage.s3.setup import StepResult, set_up  # noqa: PLC0415

    steps = set_up(store.connection, retention_days, encrypt=encrypt)
    made = make_accounts(store.connection, settings.home / ACCOUNTS_FOLDER) if accounts else ()
    if as_json:
        rows = {"steps": [step.as_json() for step in steps], "accounts": [account.as_json() for account in made]}
        print_json(rows)
    else:
        _print_steps(steps)
        _print_accounts(made)
    lacking = {step.feature for step in steps if step.result is StepResult.REFUSED} - _UNIMPORTANT
    raise typer.Exit(PARTIAL if lacking else DONE)


@store_app.command("policies")
def policies(
    out: Annotated[Path | None, typer.Option(help="Ghi mỗi vai trò một tệp JSON vào thư mục này.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """In chính sách quyền (IAM) của từng vai trò, cho máy chủ mà `store init --accounts` không tạo được."""
    from storage.s3.client import Address  # noqa: PLC0415
    from storage.s3.policies import Role, policy_of  # noqa: PLC0415

    place = settings_of(home).store
    if not place.startswith("s3://"):
        _say_nothing_to_do(as_json=as_json)
        return
    found = {role.value: policy_of(role, Address.parse(place).prefix) for role in Role}
    if out is not None:
        for name, policy in found.items():
            _write(out / f"{name}.json", json.dumps(policy, indent=2) + "\n")
    if as_json or out is None:
        print_json(found)
    else:
        print(f"Đã ghi {len(found)} tệp vào {out}: {', '.join(f'{name}.json' for name in found)}.")


@store_app.command("extend-retention")
def extend_retention(
    days: Annotated[int, typer.Option(min=1, max=36500, help="Khóa thêm ít nhất bấy nhiêu ngày kể từ hôm nay.")] = 365,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Gia hạn khóa cho bản gốc và nhật ký sắp hết hạn khóa; không bao giờ rút ngắn."""
    store = _server_store(settings_of(home))
    if store is None:
        _say_nothing_to_do(as_json=as_json)
        return
    from storage.s3.retention import extend_retention as extend  # noqa: PLC0415

    renewal = extend(store, days)
    if as_json:
        print_json({"objects": renewal.objects, "extended": renewal.extended})
    else:
        print(f"Đã xem {renewal.objects} đối tượng, gia hạn {renewal.extended}.")


def _server_store(settings: "Settings") -> "S3Store | None":
    """Return the store when it lies on a server, else None."""
    if not settings.store.startswith("s3://"):
        return None
    from storage.s3 import S3Store  # noqa: PLC0415

    store = settings.open_store()
    return store if isinstance(store, S3Store) else None


def _say_nothing_to_do(*, as_json: bool) -> None:
    if as_json:
        print_json({"steps": []})
    else:
        print(_NOTHING_TO_DO)


def _print_steps(steps: "tuple[Step, ...]") -> None:
    for name in dict.fromkeys(step.bucket for step in steps):
        print(name)
        for step in steps:
            if step.bucket == name:
                remark = step.remark or (_IF_REFUSED.get(step.feature) if step.result.value == "refused" else "")
                remark = f" ({remark})" if remark else ""
                print(f"  {_RESULTS[step.result.value]:9} {_FEATURES[step.feature]}{remark}")


def _print_accounts(accounts: "tuple[Account, ...]") -> None:
    if accounts:
        print("Tài khoản")
    for account in accounts:
        where = str(account.file) if account.file is not None else "mật khẩu không có trên máy này"
        print(f"  {_RESULTS[account.state.value]:9} {account.access_key}: {where}")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise SohoaError(Code.PATH_UNREADABLE, file=path.name, detail="cannot be written") from error
