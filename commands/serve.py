"""The command `sohoa serve`: pages, API and the runner that digitises what comes in."""

import logging
import shlex
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import Home, settings_of
from storage.setting_values import invalid

if TYPE_CHECKING:
    from service.office import Office


def serve(
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe; 0.0.0.0: mọi địa chỉ của máy.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng; 0: cổng trống bất kỳ.")] = 8080,
    open_page: Annotated[bool, typer.Option("--open", help="Mở trình duyệt ở trang đầu.")] = False,
    home: Home = None,
) -> None:
    """Chạy dịch vụ: trang làm việc, giao diện lập trình, và bộ số hóa những gì được nạp lên, cho đến khi dừng."""
    from flows.launching import launcher_for  # noqa: PLC0415
    from service.server import serve as serve_office  # noqa: PLC0415  FastAPI takes a second to load

    settings = settings_of(home)
    if not host.strip():
        raise invalid("--host", "is blank")
    # What an administrator must know goes to the journal: numbers and codes, never personal data.
    logging.basicConfig(level=logging.WARNING, format="sohoa: %(message)s", stream=sys.stderr, force=True)
    launcher = launcher_for(settings)

    def ready(address: str, office: "Office") -> None:
        launcher.start()
        _say(f"Dịch vụ đã chạy: {address}  (Ctrl-C để dừng)")
        if not office.accounts.all():
            _say(f"Chưa có tài khoản nào. Tạo tài khoản quản trị đầu tiên: {_first_account(settings.home)}")
        if open_page:
            webbrowser.open(address)

    try:
        serve_office(settings, launcher, host, port, ready)
    finally:
        launcher.close()
    _say("Dịch vụ đã dừng.")


def _first_account(home: Path) -> str:
    return f"sohoa user add TEN --role admin --home {shlex.quote(str(home))}"


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
