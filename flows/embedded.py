"""A Prefect server of our own for the length of one command, quiet and gone with the command that started it.

Imports nothing of Prefect: its settings are read from the environment when it is first imported.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from ocr.problem import Code, SohoaError

# Starting takes 5 s on a small machine and 10 s the first time, when its database is made; a loaded one needs longer.
_START_TIMEOUT_S = 120
_STOP_TIMEOUT_S = 5
_PR_SET_PDEATHSIG = 1


def quiet_environment(home: Path, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set what Prefect reads at import: its files inside the home, no telemetry, no log lines for the clerk.

    A value that is already set stays.
    """
    for name, value in {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_CLI_COLORS": "false",
        "DO_NOT_TRACK": "1",
    }.items():
        environ.setdefault(name, value)


@contextmanager
def flow_server(home: Path) -> Iterator[str]:
    """Give the API address of a Prefect server: that of `PREFECT_API_URL`, else one of our own until the block ends.

    Raises:
        SohoaError: `flow_server_failed` when ours does not come up; its own words are in `prefect/server.log`.
    """
    quiet_environment(home)
    given = os.environ.get("PREFECT_API_URL")
    if given:
        yield given
        return
    port = _free_port()
    address = f"http://127.0.0.1:{port}/api"
    server = _start(home, port)
    os.environ["PREFECT_API_URL"] = address
    try:
        _wait_until_healthy(server, address)
        yield address
    finally:
        del os.environ["PREFECT_API_URL"]
        _stop(server)


def _start(home: Path, port: int) -> subprocess.Popen[bytes]:
    folder = Path(os.environ["PREFECT_HOME"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start", "--no-services"]
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            # Its own process group: Ctrl-C is for the command, which then stops the server in order.
            process_group=0,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  single-threaded here, before any worker starts
        )


def _die_with_parent() -> None:
    """Ask the kernel to end this child when its parent goes, even by kill -9: no server is left behind."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SohoaError(Code.FLOW_SERVER_FAILED, detail=f"ended with status {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):  # noqa: S310  our own loopback address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SohoaError(Code.FLOW_SERVER_FAILED, detail=f"not ready after {_START_TIMEOUT_S} s")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
