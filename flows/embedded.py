"""A Prefect server of our own for the length of one command, quiet and gone with the command that started it.

Imports nothing of Prefect: its settings are read from the environment when it is first imported.
"""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from ocr.problem import Code, SohoaError

# Starting takes 5 s on a small machine and 10 s the first time, when its database is made; a loaded one needs longer.
_START_TIMEOUT_S = 240
_STOP_TIMEOUT_S = 5
# One that is busy with the flows of others takes its time; one that is not there is known at once.
_ANSWER_TIMEOUT_S = 60
_PR_SET_PDEATHSIG = 1


# Every switch by which Prefect's client or server would tell its makers something. Not for the environment to undo.
_SILENCE = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
}


def private_environment(environ: MutableMapping[str, str] = os.environ) -> None:
    """Set what Prefect reads at import so that it reports to nobody, whatever was set before."""
    environ.update(_SILENCE)


def quiet_environment(home: Path, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set what Prefect reads at import: its files inside the home, no telemetry, no log lines for the clerk.

    A value that is already set stays, except that telemetry is off in any case.
    """
    private_environment(environ)
    for name, value in {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_CLI_COLORS": "false",
    }.items():
        environ.setdefault(name, value)


@contextmanager
def flow_server(home: Path, meanwhile: Callable[[], object] = lambda: None) -> Iterator[str]:
    """Give the API address of a Prefect server: that of `PREFECT_API_URL`, else one of our own until the block ends.

    Args:
        home: Folder of the local data.
        meanwhile: Called while ours starts, with its address in the environment already: importing Prefect takes
            seconds too, on the other core.

    Raises:
        SohoaError: `flow_server_unreachable` when the given one does not answer; `flow_server_failed` when ours does
            not come up, its own words are in `prefect/server.log`.
    """
    quiet_environment(home)
    given = os.environ.get("PREFECT_API_URL")
    if given:
        require_server(given)
        yield given
        return
    with held_port() as port:
        address = f"http://127.0.0.1:{port}/api"
        server = _start(home, port)
        os.environ["PREFECT_API_URL"] = address
        try:
            meanwhile()
            _wait_until_healthy(server, address)
            yield address
        finally:
            os.environ.pop("PREFECT_API_URL", None)
            _stop(server)


def require_server(address: str) -> None:
    """Make sure that the Prefect server at `address` answers; Prefect itself would end in a traceback.

    Raises:
        SohoaError: `flow_server_unreachable`.
    """
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=_ANSWER_TIMEOUT_S):  # noqa: S310  checked by Settings
            return
    except (OSError, http.client.HTTPException) as error:
        detail = f"no answer to /health: {type(error).__name__}"
        raise SohoaError(Code.FLOW_SERVER_UNREACHABLE, detail=detail, retryable=True) from None


def _start(home: Path, port: int) -> subprocess.Popen[bytes]:
    folder = Path(os.environ["PREFECT_HOME"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-P", "-m", "prefect", "server", "start", "--no-services"]
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


@contextmanager
def held_port() -> Iterator[int]:
    """Give a port that a server can listen on, and that nobody gets who asks for any, until the block ends."""
    with socket.socket() as holding:
        # The server says so too, as servers do; of two that do, and do not both listen, each may have the port.
        holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holding.bind(("127.0.0.1", 0))
        yield int(holding.getsockname()[1])


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SohoaError(Code.FLOW_SERVER_FAILED, detail=f"ended with status {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):  # noqa: S310  our own loopback address
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise SohoaError(Code.FLOW_SERVER_FAILED, detail=f"not ready after {_START_TIMEOUT_S} s")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
