"""Processes killed while their requests to a real MinIO are under way: repeated, nothing is lost and nothing twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.drills.killed_requests import KILLS, SCAN_BYTES
from tests.services.minio import MinioServer

REPOSITORY = Path(__file__).parents[2]
SEED = 20261123


def test_killed_at_any_time_and_repeated(minio_server: MinioServer, tmp_path: Path) -> None:
    prefix = minio_server.new_store().connection.address.prefix
    command = [sys.executable, "-m", "tests.drills.killed_requests", str(tmp_path), str(SEED)]
    environment = {**os.environ, **minio_server.settings(prefix)}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    for name, operation in answer["operations"].items():
        assert operation["ended"] == [0] * (KILLS + 1), (name, done.stderr)
        assert operation["killed"] > 0, f"{name} was always done before it was to be killed"
    numbers = KILLS + 1
    found = answer["found"]
    assert found["scans"] == [SCAN_BYTES + len(b"%PDF-1.7 ")] * numbers
    assert found["revisions"] == [["r1.json", "r2.json"]] * numbers
    assert found["rows"] == [2] * numbers
    assert (found["lost_reads"], found["double_reads"], found["spooled"]) == ([], [], [])
    assert [each for each in found["damage"] if not each.endswith("is not held")] == []
    assert found["entered_by_reindex"] == 0
