"""Fixtures of tests that run the product as a user does: one Prefect server a session, drawn scans, the command line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from benchmarks.drawing.dossier import draw_dossier, write_dossiers
from flows.embedded import flow_server
from tests.services.surroundings import own_environment

pytest_plugins = [
    "tests.services.minio",
    "tests.services.postgres",
    "tests.services.chromium",
    "tests.services.office",
    "tests.services.pages",
    "tests.services.oidc_provider",
    "tests.services.receiver",
    "tests.services.serving",
    "tests.services.held_pages",
]

REPOSITORY = Path(__file__).parents[1]
DPI = 150
# Of a command; longer than any takes on a busy machine.
LONGEST_S = 600

# How long an example takes is the machine's affair: nothing is asserted of it.
settings.register_profile("any-machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def flow_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect server that all tests share; it is not in this process's environment."""
    before = dict(os.environ)
    os.environ.pop("PREFECT_API_URL", None)
    with flow_server(tmp_path_factory.mktemp("prefect")) as address:
        # Never empty: threads of what other fixtures opened look at it.
        os.environ.update(before)
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        yield address


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment of started programs: no settings of the person who runs the tests."""
    return {**own_environment(), "COLUMNS": "120"}


@pytest.fixture(scope="session")
def program() -> list[str]:
    """The console script, as installed."""
    return [str(Path(sys.executable).with_name("sohoa"))]


@pytest.fixture(scope="session")
def sohoa(environment: dict[str, str], program: list[str], flow_api: str) -> Run:
    """Run the command line on the shared Prefect server, to its end."""

    def run(*arguments: str | Path, env: dict[str, str] | None = None, **options: Any):
        return subprocess.run(
            [*program, *map(str, arguments)],
            env={**environment, "PREFECT_API_URL": flow_api, **(env or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=LONGEST_S,
            check=False,
            **options,
        )

    return run


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `hs-101` (one scan of three pages), `hs-102` (one page) and their `truth.json`."""
    folder = tmp_path_factory.mktemp("drawn")
    two = draw_dossier(10, "clean", DPI, ("quyet-dinh", "giay-khai-sinh"), dossier_id="hs-101")
    one = draw_dossier(9, "clean", DPI, ("thong-bao",), dossier_id="hs-102")
    write_dossiers(folder, [two, one], DPI)
    return folder


@pytest.fixture(scope="session")
def small_scan(drawn: Path) -> Path:
    """A single good scan of a paper."""
    return next(path for path in sorted((drawn / "hs-102").iterdir()))


@pytest.fixture(scope="session")
def digitised_home(tmp_path_factory: pytest.TempPathFactory, drawn: Path, sohoa: Run) -> Path:
    """A home that holds the drawn dossiers, to be copied: who only reads changes it too, by the read log."""
    home = tmp_path_factory.mktemp("filled") / "home"
    answer = sohoa("ingest", drawn, "--home", home)
    assert answer.returncode == 0, answer.stderr
    return home


@pytest.fixture
def filled_home(digitised_home: Path, tmp_path: Path) -> Path:
    """A home of the test's own that holds the drawn dossiers."""
    return shutil.copytree(digitised_home, tmp_path / "filled")
