"""Runs that are killed, stopped or watched on a terminal, as they happen in an office."""

import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.kill_drill import drill, pages_held, server_outlives
from tests.services.held_pages import HeldPages

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Hold = Callable[[int], HeldPages]
# Longer than any command takes on a busy machine.
LONGEST_S = 600
STOPPED = "sohoa: Đã dừng theo yêu cầu."
NOISE = ("Traceback", "prefect", "Prefect", "WARNING", "INFO", "ERROR", "Aborted")


def _heed_ctrl_c() -> None:
    """Let Ctrl-C end the program also where the tests themselves were started in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _take_terminal() -> None:
    """Make standard input the terminal of a new session, so that Ctrl-C reaches the program."""
    _heed_ctrl_c()
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A program on a terminal of its own: what it shows, and keys that are pressed."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command,
            env={**environment, "TERM": "xterm-256color"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=_take_terminal,  # noqa: PLW1509  the child does nothing else before it becomes the program
        )
        os.close(theirs)
        self._ours = ours
        self.shown = ""

    def read_until(self, words: str | None = None, timeout_s: float = LONGEST_S) -> str:
        """Read until `words` are shown, or to the end."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and (words is None or words not in self.shown):
            if not select.select([self._ours], [], [], 0.1)[0]:
                continue
            try:
                read = os.read(self._ours, 65536)
            except OSError:  # the program closed the terminal
                break
            self.shown += read.decode(errors="replace")
        return self.shown

    def press_ctrl_c(self) -> None:
        os.write(self._ours, b"\x03")

    def end(self) -> int:
        self.read_until()
        os.close(self._ours)
        return self.process.wait(LONGEST_S)


def test_a_terminal_shows_progress_and_a_table(program, environment, flow_api, drawn: Path, filled_home: Path):
    command = [*program, "ingest", str(drawn), "--home", str(filled_home)]
    terminal = Terminal(command, {**environment, "PREFECT_API_URL": flow_api})
    code = terminal.end()

    assert code == 0
    assert "Đang khởi động…" in terminal.shown
    assert "4/4" in terminal.shown and "trang" in terminal.shown
    assert "Kết quả số hóa" in terminal.shown and "hs-101" in terminal.shown
    assert not [noise for noise in NOISE if noise in terminal.shown]


def test_ctrl_c_ends_in_order_and_the_next_run_goes_on(
    program, environment, sohoa: Run, hold_pages: Hold, drawn: Path, filled_home: Path, tmp_path: Path
):
    home, pages = tmp_path / "home", hold_pages(1)
    terminal = Terminal([*program, "ingest", str(drawn), "--home", str(home)], {**environment, **pages.environment})
    terminal.read_until("/4")
    terminal.press_ctrl_c()
    pages.let_go()
    code = terminal.end()

    assert code == 130
    assert terminal.shown.count(STOPPED) == 1
    assert not [noise for noise in NOISE if noise in terminal.shown]
    assert not server_outlives(home)
    assert sohoa("ingest", drawn, "--home", home).returncode == 0
    assert _papers(sohoa, home) == _papers(sohoa, filled_home)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_during_the_start_leaves_no_server(
    program, environment, hold_pages: Hold, drawn: Path, tmp_path: Path, stop
):
    home, pages = tmp_path / "home", hold_pages(0)
    run = _start(program, {**environment, **pages.environment}, drawn, home)
    while run.poll() is None and not (home / "prefect").exists():
        time.sleep(0.02)
    time.sleep(0.5)
    run.send_signal(stop)
    pages.let_go()
    _, words = run.communicate(timeout=LONGEST_S)

    assert run.returncode == 130
    assert words.startswith(STOPPED) and len(words.splitlines()) == 1
    assert not server_outlives(home)


def test_a_service_managers_stop_in_the_middle(
    program, environment, flow_api, hold_pages: Hold, drawn: Path, tmp_path: Path
):
    home, pages = tmp_path / "home", hold_pages(1)
    run = _start(program, {**environment, **pages.environment, "PREFECT_API_URL": flow_api}, drawn, home)
    while run.poll() is None and pages_held(home) < 1:
        time.sleep(0.02)
    run.terminate()
    pages.let_go()
    _, words = run.communicate(timeout=LONGEST_S)

    assert run.returncode == 130
    assert words.startswith(STOPPED) and len(words.splitlines()) == 1


def test_a_killed_run_takes_its_server_along(program, environment, hold_pages: Hold, drawn: Path, tmp_path: Path):
    home = tmp_path / "home"
    run = _start(program, {**environment, **hold_pages(1).environment}, drawn, home)
    while run.poll() is None and pages_held(home) < 1:
        time.sleep(0.02)
    assert run.poll() is None
    run.kill()
    run.communicate()

    assert not server_outlives(home)


def test_kills_leave_no_trace_in_the_records(flow_api: str, tmp_path: Path):
    result = drill(tmp_path / "drill", kills=2, pages=3, seed=5, api_url=flow_api)

    assert len(result.kills) == 2
    assert result.passed and result.extra_revisions == 0, result


def _start(program: list[str], environment: dict[str, str], scans: Path, home: Path) -> "subprocess.Popen[str]":
    command = [*program, "ingest", str(scans), "--home", str(home)]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=_heed_ctrl_c,  # noqa: PLW1509  as above
    )


def _papers(sohoa: Run, home: Path) -> list[str]:
    lines = sohoa("export", "--home", home).stdout.splitlines()
    # Which accepted fields the blind sample takes is each home's own secret.
    return sorted(line.split('"provenance"')[0].replace('"sampled":true', '"sampled":false') for line in lines)
