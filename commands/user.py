"""`sohoa user …`: accounts of people, from the machine itself. The first administrator is made here."""

import sys
from collections.abc import Callable
from dataclasses import replace
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import AsJson, Home, print_json, settings_of
from commands.logged import account as os_account
from ocr.problem import Code, SohoaError
from service.roles import PEOPLE, ROLE_NAMES, Role

if TYPE_CHECKING:
    from storage.database import Database
    from storage.desk.accounts import Account
    from storage.settings import Settings

user_app = typer.Typer(help="Tài khoản của người dùng dịch vụ.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Tên tài khoản: chữ thường không dấu, chữ số, . _ - @.")]
Roles = Annotated[list[Role] | None, typer.Option("--role", help="Vai trò; dùng được nhiều lần.")]
Agency = Annotated[
    str | None, typer.Option("--agency", help="Mã cơ quan (H05.12): chỉ thấy cơ quan này và đơn vị trực thuộc.")
]
DisplayName = Annotated[str | None, typer.Option("--display-name", help="Họ tên, hiện trên các trang.")]
Email = Annotated[
    str | None,
    typer.Option("--email", help="Gắn với người có địa chỉ này, đã xác minh, ở lần đăng nhập một lần đầu tiên."),
]
OneTime = Annotated[bool, typer.Option("--one-time", help="Cấp mật khẩu dùng một lần và in ra, thay vì hỏi mật khẩu.")]


@user_app.command("add")
def add_command(
    name: Name,
    role: Roles = None,
    agency: Agency = None,
    display_name: DisplayName = None,
    email: Email = None,
    one_time: OneTime = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Thêm tài khoản. Mật khẩu hỏi hai lần trên màn hình, hoặc đọc một dòng từ đầu vào chuẩn."""
    from storage.desk.accounts import Account, Accounts  # noqa: PLC0415  loads the database's library
    from storage.desk.bindings import Bindings  # noqa: PLC0415

    account = name.strip().lower()
    settings = settings_of(home)
    desk = settings.open_desk()
    accounts = Accounts(desk)
    if accounts.find(account) is not None:
        raise SohoaError(Code.ACCOUNT_EXISTS, field="account")
    made = Account(account, display_name or account, _people(role), agency, is_local=False)
    password = None if one_time or email else new_password()
    accounts.add(made, password, by=by())
    if email:
        Bindings(desk).expect(account, email, by=by())
    handed_out = accounts.hand_out_password(account, by=by()) if one_time else None
    _print(desk, account, "Đã thêm tài khoản", as_json=as_json, handed_out=handed_out)


@user_app.command("list")
def list_command(home: Home = None, as_json: AsJson = False) -> None:
    """Mọi tài khoản: vai trò, cơ quan, tình trạng."""
    from storage.desk.accounts import Accounts  # noqa: PLC0415

    found = Accounts(settings_of(home).open_desk()).all()
    if as_json:
        print_json([_as_json(account) for account in found])
        return
    for account in found:
        print(f"{account.account}  {account.display_name}  {_described(account)}")
    if not found:
        print("Chưa có tài khoản nào. Thêm bằng `sohoa user add TÊN --role admin`.")


@user_app.command("set")
def set_command(
    name: Name,
    role: Roles = None,
    agency: Agency = None,
    every_agency: Annotated[bool, typer.Option("--every-agency", help="Thấy mọi cơ quan.")] = False,
    display_name: DisplayName = None,
    email: Email = None,
    subject: Annotated[str | None, typer.Option("--subject", help="Gắn với người có mã (sub) này.")] = None,
    no_provider: Annotated[bool, typer.Option("--no-provider", help="Bỏ đăng nhập một lần.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Đổi vai trò (thay tất cả), cơ quan, tên, người đăng nhập một lần."""
    from storage.desk.bindings import Bindings  # noqa: PLC0415

    settings = settings_of(home)

    def changed(account: "Account") -> "Account":
        return replace(
            account,
            roles=_people(role) if role else account.roles,
            agency=None if every_agency else agency or account.agency,
            display_name=display_name or account.display_name,
        )

    if sum((email is not None, subject is not None, no_provider)) > 1:
        raise SohoaError(Code.SETTING_INVALID, field="--email", detail="one of --email, --subject, --no-provider")
    issuer = _issuer(settings) if subject else ""
    desk = settings.open_desk()
    _change(desk, name, changed)
    if email:
        Bindings(desk).expect(name, email, by=by())
    elif subject:
        Bindings(desk).bind(name, issuer, subject, by=by())
    elif no_provider:
        Bindings(desk).unbind(name, by=by())
    _print(desk, name, "Đã đổi tài khoản", as_json=as_json)


@user_app.command("disable")
def disable_command(name: Name, home: Home = None, as_json: AsJson = False) -> None:
    """Khóa tài khoản; các phiên làm việc kết thúc ngay."""
    desk = settings_of(home).open_desk()
    _change(desk, name, lambda account: replace(account, disabled=True))
    _print(desk, name, "Đã khóa tài khoản", as_json=as_json)


@user_app.command("enable")
def enable_command(name: Name, home: Home = None, as_json: AsJson = False) -> None:
    """Mở khóa tài khoản."""
    desk = settings_of(home).open_desk()
    _change(desk, name, lambda account: replace(account, disabled=False))
    _print(desk, name, "Đã mở khóa tài khoản", as_json=as_json)


@user_app.command("passwd")
def passwd_command(name: Name, one_time: OneTime = False, home: Home = None, as_json: AsJson = False) -> None:
    """Đặt lại mật khẩu: hỏi hai lần trên màn hình, đọc một dòng từ đầu vào chuẩn, hoặc cấp loại dùng một lần."""
    from storage.desk.accounts import Accounts  # noqa: PLC0415

    desk = settings_of(home).open_desk()
    accounts, handed_out = Accounts(desk), None
    if accounts.find(name) is None:
        raise SohoaError(Code.ACCOUNT_UNKNOWN, field="account")
    if one_time:
        handed_out = accounts.hand_out_password(name, by=by())
    else:
        accounts.set_password(name, new_password(), by=by())
    _print(desk, name, "Đã đặt mật khẩu của tài khoản", as_json=as_json, handed_out=handed_out)


def new_password() -> str:
    """Return a password from a terminal, typed twice and not shown, or the first line of the standard input.

    Raises:
        SohoaError: `PASSWORD_WEAK` where the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Mật khẩu mới: ")
    if getpass("Nhập lại: ") != password:
        raise SohoaError(Code.PASSWORD_WEAK, field="password", detail="the two were not the same")
    return password


def by() -> str:
    """Return who acts: the account of the operating system, told apart from accounts of the service."""
    return f"os:{os_account()}"


def _people(roles: "list[Role] | None") -> frozenset[str]:
    if not roles or not set(roles) <= PEOPLE:
        known = ", ".join(sorted(PEOPLE))
        raise SohoaError(Code.ACCOUNT_INVALID, field="--role", detail=f"at least one of {known}")
    return frozenset(role.value for role in roles)


def _issuer(settings: "Settings") -> str:
    if settings.oidc_issuer is None:
        raise SohoaError(Code.SETTING_INVALID, field="--subject", detail="SOHOA_OIDC_ISSUER is not set")
    return settings.oidc_issuer.rstrip("/")


def _change(desk: "Database", name: str, changed: "Callable[[Account], Account]") -> None:
    from storage.desk.accounts import Accounts  # noqa: PLC0415

    accounts = Accounts(desk)
    found = accounts.find(name)
    if found is None:
        raise SohoaError(Code.ACCOUNT_UNKNOWN, field="account")
    accounts.change(changed(found), by=by())


def _print(desk: "Database", name: str, done: str, *, as_json: bool, handed_out: str | None = None) -> None:
    from storage.desk.accounts import Accounts  # noqa: PLC0415

    account = Accounts(desk).find(name)
    if account is None:
        raise SohoaError(Code.ACCOUNT_UNKNOWN, field="account")
    if as_json:
        print_json({**_as_json(account), **({"one_time_password": handed_out} if handed_out else {})})
        return
    print(f"{done} {account.account}: {_described(account)}.")
    if handed_out:
        print(f"Mật khẩu dùng một lần, chỉ hiện lần này, trong 7 ngày: {handed_out}")


def _described(account: "Account") -> str:
    roles = ", ".join(ROLE_NAMES[Role(role)] for role in sorted(account.roles) if role in set(Role))
    return f"{roles}; {account.agency or 'mọi cơ quan'}{'; ĐÃ KHÓA' if account.disabled else ''}"


def _as_json(account: "Account") -> dict[str, object]:
    return {
        "account": account.account,
        "display_name": account.display_name,
        "roles": sorted(account.roles),
        "agency": account.agency,
        "disabled": account.disabled,
        "has_password": account.is_local,
        "password_is_one_time": account.is_temporary,
        "is_bound": account.is_bound,
        "expected_email": account.expected_email,
        "signed_in_at": account.signed_in_at,
    }
