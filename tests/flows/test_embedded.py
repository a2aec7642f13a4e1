"""The environment of Prefect: quiet, and telling nobody."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flows.embedded import held_port, private_environment, quiet_environment

SWITCHES = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
}
# Names every outgoing connection that is not to this machine, and refuses it.
WATCH = """
import socket, sys
_connect, _lookup = socket.socket.connect, socket.getaddrinfo
LOCAL = {"127.0.0.1", "localhost", "::1", "0.0.0.0"}
def connect(self, address, *rest):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOCAL:
        open(WHERE, "a").write(f"connect {address[0]}\\n"); raise OSError("refused by the test")
    return _connect(self, address, *rest)
def getaddrinfo(host, *rest, **named):
    if host and (host.decode() if isinstance(host, bytes) else host) not in LOCAL:
        open(WHERE, "a").write(f"look up {host}\\n"); raise OSError("refused by the test")
    return _lookup(host, *rest, **named)
socket.socket.connect, socket.getaddrinfo = connect, getaddrinfo
"""


def test_every_switch_of_telemetry_is_off_whatever_was_set(tmp_path: Path):
    environ = {"PREFECT_SERVER_ANALYTICS_ENABLED": "true"}
    quiet_environment(tmp_path, environ)
    assert environ.items() >= SWITCHES.items()

    environ = {"DO_NOT_TRACK": "0"}
    private_environment(environ)
    assert environ == SWITCHES


def test_these_are_all_the_switches_prefect_has(environment):
    look = "from prefect.settings.models.root import Settings; print('\\n'.join(sorted(_names(Settings))))"
    names = "def _names(model, prefix='PREFECT'):\n  for name, field in model.model_fields.items():\n    "
    names += "inner, full = field.annotation, f'{prefix}_{name}'.upper()\n    "
    names += "yield from _names(inner, full) if hasattr(inner, 'model_fields') else [full]\n"
    env = {**environment, **SWITCHES}
    done = subprocess.run([sys.executable, "-c", names + look], env=env, capture_output=True, text=True, check=True)
    known = [name for name in done.stdout.split() if re.search("ANALYTICS|TELEMETRY", name)]
    enabling = {name for name in known if "ENABLE" in name}

    assert enabling == {name for name in SWITCHES if name.startswith("PREFECT_")}


def test_a_value_that_is_set_stays(tmp_path: Path):
    environ = {"PREFECT_LOGGING_LEVEL": "DEBUG"}
    quiet_environment(tmp_path, environ)
    assert environ["PREFECT_LOGGING_LEVEL"] == "DEBUG"
    assert environ["PREFECT_HOME"] == str(tmp_path / "prefect")


def test_a_port_that_is_held_is_the_servers_alone():
    with held_port() as port:
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        # As `prefect server start` does: it looks whether the port is free, and then listens on it.
        with socket.socket() as looking:
            looking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            looking.bind(("127.0.0.1", port))
        with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as asking:
            assert asking.getpeername()[1] == port


def test_a_run_with_its_own_server_reaches_for_no_network(environment, program, small_scan: Path, tmp_path: Path):
    said = tmp_path / "network.txt"
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(f"WHERE = {str(said)!r}\n{WATCH}")
    env = {**environment, "PYTHONPATH": str(tmp_path / "site")}
    probe = [sys.executable, "-c", "import urllib.request as r; r.urlopen('http://example.invalid/')"]
    subprocess.run(probe, env=env, capture_output=True, check=False)
    assert said.read_text() == "look up example.invalid\n", "the watch itself must work"
    said.unlink()
    run = subprocess.run(
        [*program, "ingest", str(small_scan), "--home", str(tmp_path / "home")],
        env={**env, "PREFECT_API_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert not said.exists(), said.read_text()
    assert not list((tmp_path / "home" / "tmp").iterdir())
