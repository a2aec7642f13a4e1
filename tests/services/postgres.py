"""A real PostgreSQL on loopback for tests and benchmarks: made from nothing, gone afterwards.

`running_postgres(folder)` is for programs, the fixture `postgres_server` for tests. PostgreSQL refuses to run as
root, so there it runs as the user `postgres`.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.services.ports import reserved_port

REMEDY = "PostgreSQL's server programs are missing: apt-get install postgresql"
_USER = "sohoa"
# Of a server on loopback that lives as long as the tests; also what tests look for in errors.
PASSWORD = "mat-khau-thu-nghiem"
_START_TIMEOUT_S = 180.0
_PR_SET_PDEATHSIG = 1
# Loaded here: in a new process, between fork and start, loading waits for ever for what another thread had locked.
_LIBC = ctypes.CDLL(None)


class PostgresServer:
    """A server of its own, with its files in `folder`. Databases are made with `new_database`."""

    def __init__(self, folder: Path, programs: Path, port: int, options: Sequence[str]) -> None:
        """Keep where everything is; nothing runs yet."""
        self.folder = folder
        self.port = port
        self._programs = programs
        self._options = tuple(options)
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str, *, password: str = PASSWORD) -> str:
        """The SQLAlchemy URL of a database, over TCP on loopback."""
        return f"postgresql+psycopg://{_USER}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """Make an empty database, or a copy of `template`, and return its URL."""
        name = f"t_{uuid.uuid4().hex}"
        self._sql_when_left(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever uses it."""
        self._sql_when_left(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement and return what it prints, bare."""
        command = [self._program("psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, database]
        return self._run(command).strip()

    def _sql_when_left(self, statement: str) -> None:
        """Run a statement for which everybody has to have left a database.

        The server cuts them off and waits for five seconds; on a busy machine they take longer to go.
        """
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                self.sql(statement)
            except RuntimeError as error:
                if "is being accessed by other users" not in str(error) or time.monotonic() > deadline:
                    raise
            else:
                return

    def dump(self, url: str) -> str:
        """The whole database as SQL text."""
        return self._run([self._program("pg_dump"), url.rpartition("/")[2]])

    def restore(self, dump: str) -> str:
        """Make a database out of what `dump` returned, as after a loss, and return its URL."""
        url = self.new_database()
        self._run([self._program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", url.rpartition("/")[2]], dump)
        return url

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [
            self._program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
            "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}",
            "-c", "logging_collector=off", "-c", "max_connections=60",
            *(part for option in self._options for part in ("-c", option)),
        ]  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  it calls the kernel and nothing else
                **_owner(),
            )
        deadline = time.monotonic() + _START_TIMEOUT_S
        ready = [self._program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode != 0:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server as an administrator does who cannot wait: connections are cut, everything is written."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a power cut does (SIGQUIT: at once, recovery on the next start)."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_START_TIMEOUT_S)
            self._process = None

    def _run(self, command: Sequence[str], given: str | None = None) -> str:
        environment = {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGPASSWORD": PASSWORD}
        answer = subprocess.run(
            command, env={**environment, "PGUSER": _USER}, input=given, capture_output=True, text=True, check=False
        )
        if answer.returncode != 0:
            raise RuntimeError(f"{Path(command[0]).name}: {answer.stderr}")
        return answer.stdout

    def _program(self, name: str) -> str:
        return str(self._programs / name)


@contextmanager
def running_postgres(folder: Path | None = None, *, fsync: bool = True) -> Iterator[PostgresServer]:
    """Run a new server until the block ends.

    Args:
        folder: Where its files go; every folder above must be open to all when root runs this. None: a new one.
        fsync: False makes it faster and no longer safe against a power cut.

    Raises:
        FileNotFoundError: The programs are missing; the message says what to install.
    """
    programs = server_programs()
    # The path of a Unix socket may have a hundred characters only: pytest's folders are too deep.
    place = folder or Path(tempfile.mkdtemp(prefix="sohoa-pg-"))
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(place, "postgres")
    password_file = place / "password"
    password_file.write_text(PASSWORD)
    password_file.chmod(0o644)
    subprocess.run(
        [
            programs / "initdb", "-D", place / "data", "-U", _USER, "--pwfile", password_file, "-A", "scram-sha-256",
            # Sorts as people do, unlike Python: what must sort by code points has to say so itself.
            "-E", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "vi", "--no-sync",
        ],
        check=True, capture_output=True, cwd=place, **_owner(),
    )  # fmt: skip
    server = PostgresServer(place, programs, reserved_port(), [] if fsync else ["fsync=off", "synchronous_commit=off"])
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server that all tests share. Where there is none, CI fails and everybody else skips."""
    try:
        server_programs()
    except FileNotFoundError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(REMEDY)
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of every kind the catalogue may be in, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/catalogue.sqlite"
    url: str = request.getfixturevalue("postgres_url")
    return url


def server_programs() -> Path:
    """Return the folder of PostgreSQL's server programs; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    if on_path is not None and Path(on_path).resolve().with_name("postgres").is_file():
        return Path(on_path).resolve().parent
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        raise FileNotFoundError(REMEDY)
    return max(found, key=lambda folder: int(folder.parent.name))


def _owner() -> dict[str, Any]:
    """Who runs the server: root may not, and hands over to `postgres`."""
    if os.getuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _die_with_parent() -> None:
    """Let the kernel stop the server when the tests are killed: nobody else would."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
