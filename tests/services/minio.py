"""A real MinIO on loopback for tests and benchmarks: its own folder, its own port, gone afterwards.

`running_minio(folder)` is for programs, the fixture `minio_server` for tests. MinIO is AGPL-3.0: it is a program of
its own that the tests start, no part of the product.
"""

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3
from minio import Minio

from storage.s3 import S3Store
from storage.s3.errors import REQUEST_ERRORS
from storage.s3.setup import set_up
from tests.services.ports import reserved_port

REMEDY = "MinIO's server is missing: tests/services/setup.sh builds it where Go is, or put `minio` on PATH"
ACCESS_KEY = "sohoa-thu-nghiem"
# Of a server on loopback that lives as long as the tests; also what tests look for in errors.
SECRET_KEY = "mat-khau-thu-nghiem-kho"
_KMS_KEY = "sohoa-thu-nghiem:bW90LWtob2EtdGh1LW5naGllbS1kdS0zMi1ieXRlcy4="
_REPOSITORY = Path(__file__).parents[2]
_START_TIMEOUT_S = 180.0
# Longer than a busy machine stalls: only tests of a server that is away are in a hurry.
PATIENCE_S = 120.0


def find_minio() -> str | None:
    """Return the server program: on PATH, or where `tests/services/setup.sh` puts it."""
    ours = _REPOSITORY / ".tools" / "bin" / "minio"
    return shutil.which("minio") or (str(ours) if os.access(ours, os.X_OK) else None)


class MinioServer:
    """A server with its files in `folder`, always at the same address."""

    access_key = ACCESS_KEY
    secret_key = SECRET_KEY

    def __init__(self, program: str, folder: Path, certificates: Path | None = None) -> None:
        """Keep where everything is; nothing runs yet. With `certificates` (public.crt, private.key) it speaks TLS."""
        self.folder = folder
        self.address = f"127.0.0.1:{reserved_port()}"
        self.process: subprocess.Popen[bytes] | None = None
        self._program = program
        self._certificates = certificates

    @property
    def data(self) -> Path:
        """Where it keeps the objects."""
        return self.folder / "data"

    def url(self, prefix: str) -> str:
        """Value of SOHOA_STORE for a store on it."""
        return f"s3://{self.address}/{prefix}{'' if self._certificates else '?tls=0'}"

    def settings(self, prefix: str) -> dict[str, str]:
        """Environment of a program that uses a store on it."""
        return {
            "SOHOA_STORE": self.url(prefix),
            "SOHOA_STORE_ACCESS_KEY": self.access_key,
            "SOHOA_STORE_SECRET_KEY": self.secret_key,
        }

    def store(self, prefix: str, patience_s: float = PATIENCE_S) -> S3Store:
        """A store on it, whose buckets may not be there yet."""
        return S3Store.at(self.url(prefix), self.access_key, self.secret_key, patience_s=patience_s)

    def new_store(self, patience_s: float = PATIENCE_S) -> S3Store:
        """A store of its own, with its buckets, locked for a day."""
        store = self.store(f"t-{uuid.uuid4().hex[:12]}", patience_s)
        set_up(store.connection, 1)
        return store

    def start(self) -> None:
        """Start and wait until it answers."""
        options = ["--address", self.address, "--console-address", "127.0.0.1:0"]
        if self._certificates is not None:
            options += ["--certs-dir", str(self._certificates)]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._program, "server", *options, str(self.data)],
                stdout=log, stderr=log, env={**os.environ, **_environment(self.folder)},
            )  # fmt: skip
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"MinIO did not start: {(self.folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End at once, as when the power fails."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        """True when it serves its account; it calls itself ready before it knows of any."""
        certificate = str(self._certificates / "public.crt") if self._certificates else None
        with urllib3.PoolManager(retries=False, timeout=10.0, ca_certs=certificate) as pool:
            secure, region = certificate is not None, "us-east-1"
            client = Minio(self.address, ACCESS_KEY, SECRET_KEY, secure=secure, region=region, http_client=pool)
            try:
                client.list_buckets()
            except REQUEST_ERRORS:
                return False
            return True


@contextmanager
def running_minio(folder: Path, certificates: Path | None = None) -> Iterator[MinioServer]:
    """A server while the block runs.

    Raises:
        FileNotFoundError: The server program is missing.
    """
    program = find_minio()
    if program is None:
        raise FileNotFoundError(REMEDY)
    server = MinioServer(program, folder, certificates)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def minio_or_skip() -> None:
    """Skip the test where the server program is missing; fail it where nothing may be skipped."""
    if find_minio() is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(REMEDY)


@pytest.fixture(scope="session")
def minio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MinioServer]:
    """A server that tests share: each makes its own store. Tests that stop it use `own_minio_server`."""
    minio_or_skip()
    with running_minio(tmp_path_factory.mktemp("minio")) as server:
        yield server


@pytest.fixture
def own_minio_server(tmp_path: Path) -> Iterator[MinioServer]:
    """A server of the test's own, to be stopped, killed and damaged."""
    minio_or_skip()
    folder = tmp_path / "minio"
    folder.mkdir()
    with running_minio(folder) as server:
        yield server


def _environment(folder: Path) -> Mapping[str, str]:
    return {
        "MINIO_ROOT_USER": ACCESS_KEY,
        "MINIO_ROOT_PASSWORD": SECRET_KEY,
        "MINIO_KMS_SECRET_KEY": _KMS_KEY,
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
        "MINIO_CI_CD": "1",  # lets the data lie on the root file system of a small machine
        "HOME": str(folder),
    }
