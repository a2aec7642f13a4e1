"""`sohoa user` and `sohoa client`: the first administrator, exit codes, passwords that nobody sees."""

import json
import os
import pty
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.desk.accounts import Accounts
from storage.desk.bindings import Bindings
from storage.desk.clients import Clients
from storage.desk.database import open_desk

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PASSWORD, OTHER = "mat-khau-thu-nghiem-12", "con-mua-ngang-qua-77"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def typed(environment: dict[str, str], program: list[str], home: Path) -> Run:
    """Run a command with one line on its standard input."""

    def run(*arguments: str, line: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*program, *arguments, "--home", str(home)],
            env=environment,
            input=line,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_first_administrator_is_made_on_the_machine(typed: Run, home: Path) -> None:
    made = typed("user", "add", "Lan", "--role", "admin", "--role", "clerk", "--agency", "H05.12", line=f"{PASSWORD}\n")
    assert (made.returncode, made.stderr) == (0, "")
    assert "lan: quản trị, cán bộ một cửa; H05.12" in made.stdout and PASSWORD not in made.stdout
    accounts = Accounts(open_desk(f"sqlite:///{home}/desk.sqlite"))
    found = accounts.with_password("lan", PASSWORD)
    assert found is not None and found.roles == {"admin", "clerk"}

    assert typed("user", "passwd", "lan", line=OTHER).returncode == 0
    assert accounts.with_password("lan", PASSWORD) is None and accounts.with_password("lan", OTHER) is not None
    once = json.loads(typed("user", "passwd", "lan", "--one-time", "--json").stdout)
    handed_out = accounts.with_password("lan", once["one_time_password"])
    assert once["password_is_one_time"] and handed_out is not None and handed_out.is_temporary

    changed = json.loads(typed("user", "set", "lan", "--every-agency", "--display-name", "Trần Lan", "--json").stdout)
    assert (changed["agency"], changed["display_name"], changed["roles"]) == (None, "Trần Lan", ["admin", "clerk"])
    listed = json.loads(typed("user", "list", "--json").stdout)
    assert [account["account"] for account in listed] == ["lan"]
    assert "Trần Lan" in typed("user", "list").stdout


def test_mistakes_have_exit_codes_and_one_sentence(typed: Run) -> None:
    assert typed("user", "add", "sep", "--role", "admin", line=PASSWORD).returncode == 0
    for arguments, line, code, named in (
        (("user", "add", "sep", "--role", "clerk"), PASSWORD, 7, "account_exists"),
        (("user", "add", "lan", "--role", "clerk"), "matkhau12345", 2, "password_weak"),
        (("user", "add", "lan", "--role", "clerk"), "", 2, "password_weak"),
        (("user", "add", "Lan Trần", "--role", "clerk"), PASSWORD, 2, "account_invalid"),
        (("user", "add", "lan"), PASSWORD, 2, "account_invalid"),
        (("user", "add", "lan", "--role", "reader"), PASSWORD, 2, "account_invalid"),
        (("user", "add", "lan", "--role", "clerk", "--agency", "x"), PASSWORD, 2, "account_invalid"),
        (("user", "set", "nobody", "--role", "clerk"), "", 5, "account_unknown"),
        (("user", "passwd", "nobody"), PASSWORD, 5, "account_unknown"),
        (("user", "disable", "sep"), "", 7, "last_admin"),
        (("user", "set", "sep", "--role", "clerk"), "", 7, "last_admin"),
        (("user", "set", "sep", "--subject", "x"), "", 2, "setting_invalid"),
        (("client", "new-secret", "nobody"), "", 5, "account_unknown"),
        (("client", "add", "x", "--role", "steward"), "", 2, "account_invalid"),
        (("client", "add", "mot-cua", "--certificate", "abc"), "", 2, "account_invalid"),
    ):
        done = typed(*arguments, line=line)
        assert (done.returncode, len(done.stderr.splitlines())) == (code, 1), (arguments, done.stderr)
        assert f"[{named}]" in done.stderr and PASSWORD not in done.stderr
    assert typed("user", "add", "lan", "--role", "god", line=PASSWORD).returncode == 2


def test_a_person_of_the_provider_is_expected(typed: Run, home: Path) -> None:
    added = json.loads(typed("user", "add", "lan", "--role", "clerk", "--email", "Lan@h05.example", "--json").stdout)
    assert (added["expected_email"], added["has_password"]) == ("lan@h05.example", False)
    assert json.loads(typed("user", "set", "lan", "--no-provider", "--json").stdout)["expected_email"] is None
    assert Bindings(open_desk(f"sqlite:///{home}/desk.sqlite")).vouched("x", "y", "lan@h05.example") is None


def test_a_system_gets_a_secret_that_is_printed_once(typed: Run, home: Path) -> None:
    added = json.loads(typed("client", "add", "mot-cua", "--agency", "H05", "--json").stdout)
    clients = Clients(open_desk(f"sqlite:///{home}/desk.sqlite"))
    assert clients.with_secret("mot-cua", added["client_secret"]) is not None
    assert added["client_secret"] not in typed("client", "list", "--json").stdout
    renewed = typed("client", "new-secret", "mot-cua")
    assert clients.with_secret("mot-cua", added["client_secret"]) is None
    assert clients.with_secret("mot-cua", renewed.stdout.split()[-1]) is not None
    assert "ĐÃ KHÓA" in typed("client", "disable", "mot-cua").stdout
    assert "ĐÃ KHÓA" not in typed("client", "enable", "mot-cua").stdout
    held = json.loads(typed("client", "add", "khac", "--no-secret", "--certificate", "ab" * 32, "--json").stdout)
    assert (held["has_secret"], held["certificate_sha256"], "client_secret" in held) == (False, "ab" * 32, False)
    assert "mot-cua" in typed("client", "list").stdout


def test_on_a_terminal_the_password_is_asked_twice_and_not_shown(
    environment: dict[str, str], program: list[str], home: Path
) -> None:
    for answers, code in (((PASSWORD, OTHER), 2), ((PASSWORD, PASSWORD), 0)):
        shown, done = on_a_terminal(
            [*program, "user", "add", "lan", "--role", "clerk", "--home", str(home)], environment, answers
        )
        assert done == code, shown
        assert "Mật khẩu mới:" in shown and "Nhập lại:" in shown and PASSWORD not in shown
    assert Accounts(open_desk(f"sqlite:///{home}/desk.sqlite")).with_password("lan", PASSWORD) is not None


def on_a_terminal(command: list[str], environment: dict[str, str], answers: tuple[str, ...]) -> tuple[str, int]:
    """Run a command on a terminal of its own and answer what it asks; gives what the terminal showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, close_fds=True
    )
    os.close(theirs)
    shown, waiting = b"", list(answers)
    while True:
        try:
            shown += os.read(ours, 1024)
        except OSError:  # the command ended, and its terminal with it
            break
        if waiting and shown.decode("utf-8", "replace").rstrip().endswith(":"):
            # What is typed before is shown, or thrown away.
            while termios.tcgetattr(ours)[3] & termios.ECHO:
                time.sleep(0.01)
            os.write(ours, waiting.pop(0).encode() + b"\n")
    os.close(ours)
    return shown.decode("utf-8", "replace"), process.wait(120)
