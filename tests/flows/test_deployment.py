"""The deployment: `prefect deploy` with prefect.yaml, `sohoa deploy`, and workers that run it, as an administrator does."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.deployment import DEPLOYMENT, NIGHTLY, NIGHTLY_CRON, TIMEZONE, WORK_POOL
from flows.submitting import BATCH_RUNS, DOSSIER_RUNS

REPOSITORY = Path(__file__).parents[2]
FULL_NAME = f"digitize/{DEPLOYMENT}"
NIGHTLY_NAME = f"verify-store/{NIGHTLY}"


@pytest.fixture
def ask(flow_api: str) -> Callable[..., Any]:
    def ask(path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(f"{flow_api}{path}", headers={"Content-Type": "application/json"})
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data, timeout=120) as answer:
            return json.load(answer)

    return ask


@pytest.fixture
def prefect(environment: dict[str, str], flow_api: str, tmp_path: Path) -> Callable[..., str]:
    def prefect(*arguments: str, cwd: Path = tmp_path) -> str:
        command = [str(Path(sys.executable).with_name("prefect")), "--no-prompt", *arguments]
        env = {**environment, "PREFECT_API_URL": flow_api, "PREFECT_HOME": str(tmp_path / "prefect")}
        done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return prefect


def _run_of(ask: Callable[..., Any], parameters: dict[str, Any], name: str = FULL_NAME) -> str:
    deployment = ask(f"/deployments/name/{name}")
    run = ask(f"/deployments/{deployment['id']}/create_flow_run", {"parameters": parameters})
    return str(run["id"])


def _is_scheduled(ask: Callable[..., Any]) -> None:
    deployment = ask(f"/deployments/name/{NIGHTLY_NAME}")
    assert deployment["entrypoint"] == "flows.verification.verify_store"
    assert deployment["parameters"] == {
        "home": None,
        "rate_mib_s": 20,
        "hours": 6,
        "repair": False,
        "lock_days": None,
    }
    (schedule,) = deployment["schedules"]
    assert schedule["active"]
    assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == (NIGHTLY_CRON, TIMEZONE)


def test_prefect_deploys_the_yaml_and_its_worker_runs_it(ask, prefect, sohoa, small_scan: Path, tmp_path: Path):
    home = tmp_path / "home"
    prefect("work-pool", "create", WORK_POOL, "--type", "process", "--overwrite")
    prefect("deploy", "--all", cwd=REPOSITORY)

    deployment = ask(f"/deployments/name/{FULL_NAME}")
    assert deployment["entrypoint"] == "flows.digitize.digitize"
    assert deployment["parameters"] == {"paths": [], "home": None}
    assert deployment["pull_steps"] == []  # a worker elsewhere has no such folder to change into

    _is_scheduled(ask)

    run_id = _run_of(ask, {"paths": [str(small_scan)], "home": str(home)})
    prefect("worker", "start", "--pool", WORK_POOL, "--type", "process", "--run-once")

    assert ask(f"/flow_runs/{run_id}")["state"]["type"] == "COMPLETED"
    exported = sohoa("export", "--home", home).stdout.splitlines()
    assert [json.loads(line)["dossier_id"] for line in exported] == [small_scan.stem]


def test_sohoa_deploys_and_works_without_the_yaml(ask, sohoa, small_scan: Path, tmp_path: Path):
    home, env = tmp_path / "home", {"PREFECT_HOME": str(tmp_path / "prefect")}
    for _ in range(2):  # the second time everything is there already
        done = sohoa("deploy", "--json", cwd=tmp_path, env=env)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout) == {
            "deployment": FULL_NAME,
            "nightly": NIGHTLY_NAME,
            "service": [BATCH_RUNS, DOSSIER_RUNS],
            "work_pool": WORK_POOL,
        }
    _is_scheduled(ask)
    assert ask(f"/work_pools/{WORK_POOL}")["type"] == "process"
    assert ask(f"/deployments/name/{FULL_NAME}")["entrypoint"] == "flows.digitize.digitize"

    run_id = _run_of(ask, {"paths": [str(small_scan)]})
    worked = sohoa("worker", "--once", "--home", home, cwd=tmp_path, env=env)

    assert worked.returncode == 0, worked.stderr
    assert "Traceback" not in worked.stderr
    assert ask(f"/flow_runs/{run_id}")["state"]["type"] == "COMPLETED"
    assert len(sohoa("export", "--home", home).stdout.splitlines()) == 1

    run_id = _run_of(ask, {"home": str(home)}, NIGHTLY_NAME)
    assert sohoa("worker", "--once", "--home", home, cwd=tmp_path, env=env).returncode == 0
    assert ask(f"/flow_runs/{run_id}")["state"]["type"] == "COMPLETED"
    (report,) = (home / "verify").glob("report-*.json")
    assert json.loads(report.read_text())["damage"] == []


@pytest.mark.parametrize("command", ["deploy", "worker"])
def test_without_a_server_the_setting_is_named(sohoa, command: str, tmp_path: Path):
    done = sohoa(command, env={"PREFECT_API_URL": ""}, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("sohoa: PREFECT_API_URL: ")
    assert "[setting_invalid]" in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("deploy",), ("worker", "--once"), ("ingest", ".")])
def test_a_server_that_does_not_answer_is_one_sentence(sohoa, arguments: tuple[str, ...], tmp_path: Path):
    done = sohoa(*arguments, env={"PREFECT_API_URL": "http://127.0.0.1:9/api"}, cwd=tmp_path)

    assert done.returncode == 3
    assert "[flow_server_unreachable]" in done.stderr and len(done.stderr.splitlines()) == 1
