"""`sohoa client …`: systems that call the API."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import AsJson, Home, print_json, settings_of
from commands.user import Agency, by
from ocr.problem import Code, SohoaError
from service.roles import ROLE_NAMES, SYSTEMS, Role

if TYPE_CHECKING:
    from storage.desk.clients import Client, Clients

client_app = typer.Typer(help="Hệ thống được gọi giao diện lập trình.", no_args_is_help=True)

ClientId = Annotated[str, typer.Argument(help="Mã hệ thống: chữ thường không dấu, chữ số, dấu chấm, gạch ngang.")]


@client_app.command("add")
def add_command(
    client_id: ClientId,
    role: Annotated[list[Role] | None, typer.Option("--role", help="Vai trò (mặc định reader).")] = None,
    agency: Agency = None,
    display_name: Annotated[str | None, typer.Option("--display-name", help="Tên hệ thống.")] = None,
    certificate: Annotated[
        str | None, typer.Option("--certificate", help="Dấu vân tay SHA-256 của chứng thư, khi gọi qua mTLS.")
    ] = None,
    no_secret: Annotated[bool, typer.Option("--no-secret", help="Không cấp bí mật: chỉ dùng chứng thư.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Thêm hệ thống; bí mật in ra một lần này."""
    from storage.desk.clients import Client  # noqa: PLC0415  loads the database's library

    roles = frozenset(role or (Role.READER,))
    if not roles <= SYSTEMS:
        known = ", ".join(sorted(SYSTEMS))
        raise SohoaError(Code.ACCOUNT_INVALID, field="--role", detail=f"of systems: {known}")
    clients = _clients(home)
    name = client_id.strip().lower()
    values = frozenset(each.value for each in roles)
    clients.add(Client(name, display_name or name, values, agency, certificate_sha256=certificate), by=by())
    _print(clients, name, "Đã thêm hệ thống", as_json=as_json, secret=None if no_secret else _secret(clients, name))


@client_app.command("list")
def list_command(home: Home = None, as_json: AsJson = False) -> None:
    """Mọi hệ thống: vai trò, cơ quan, nhận ra bằng gì, tình trạng."""
    found = _clients(home).all()
    if as_json:
        print_json([_as_json(client) for client in found])
        return
    for client in found:
        print(f"{client.client_id}  {client.display_name}  {_described(client)}")
    if not found:
        print("Chưa có hệ thống nào.")


@client_app.command("disable")
def disable_command(client_id: ClientId, home: Home = None, as_json: AsJson = False) -> None:
    """Khóa hệ thống; mã truy cập đang dùng mất hiệu lực ngay."""
    clients = _clients(home)
    _change(clients, client_id, lambda client: replace(client, disabled=True))
    _print(clients, client_id, "Đã khóa hệ thống", as_json=as_json)


@client_app.command("enable")
def enable_command(client_id: ClientId, home: Home = None, as_json: AsJson = False) -> None:
    """Mở khóa hệ thống."""
    clients = _clients(home)
    _change(clients, client_id, lambda client: replace(client, disabled=False))
    _print(clients, client_id, "Đã mở khóa hệ thống", as_json=as_json)


@client_app.command("new-secret")
def new_secret_command(client_id: ClientId, home: Home = None, as_json: AsJson = False) -> None:
    """Cấp bí mật mới, in ra một lần; bí mật cũ và mã truy cập đang dùng mất hiệu lực."""
    clients = _clients(home)
    _print(clients, client_id, "Đã cấp bí mật mới cho", as_json=as_json, secret=_secret(clients, client_id))


def _clients(home: Home) -> "Clients":
    from storage.desk.clients import Clients  # noqa: PLC0415

    return Clients(settings_of(home).open_desk())


def _secret(clients: "Clients", client_id: str) -> str:
    return clients.new_secret(client_id, by=by())


def _change(clients: "Clients", client_id: str, changed: "Callable[[Client], Client]") -> None:
    found = clients.find(client_id)
    if found is None:
        raise SohoaError(Code.ACCOUNT_UNKNOWN, field="client_id")
    clients.change(changed(found), by=by())


def _print(clients: "Clients", client_id: str, done: str, *, as_json: bool, secret: str | None = None) -> None:
    client = clients.find(client_id)
    if client is None:
        raise SohoaError(Code.ACCOUNT_UNKNOWN, field="client_id")
    if as_json:
        print_json({**_as_json(client), **({"client_secret": secret} if secret else {})})
        return
    print(f"{done} {client.client_id}: {_described(client)}.")
    if secret:
        print(f"Bí mật, chỉ hiện lần này: {secret}")


def _described(client: "Client") -> str:
    roles = ", ".join(ROLE_NAMES[Role(role)] for role in sorted(client.roles) if role in set(Role))
    told_by = [words for words, has in (("bí mật", client.has_secret), ("chứng thư", client.certificate_sha256)) if has]
    locked = "; ĐÃ KHÓA" if client.disabled else ""
    return f"{roles}; {client.agency or 'mọi cơ quan'}; {', '.join(told_by) or 'chưa gọi được'}{locked}"


def _as_json(client: "Client") -> dict[str, object]:
    return {
        "client_id": client.client_id,
        "display_name": client.display_name,
        "roles": sorted(client.roles),
        "agency": client.agency,
        "disabled": client.disabled,
        "has_secret": client.has_secret,
        "certificate_sha256": client.certificate_sha256,
    }
