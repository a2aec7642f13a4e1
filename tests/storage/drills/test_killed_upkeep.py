"""Repairing and copying, killed before and after every single write: repeated, all is as if nothing had happened."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.drills.children import KILLED

REPOSITORY = Path(__file__).parents[3]


def drill(work: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.storage.drills.killed_upkeep", str(folder), work]
    done = subprocess.run(command, cwd=REPOSITORY, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["ended"] == 0, done.stderr
    return answer


@pytest.mark.parametrize("work", ["repair", "mirror"])
def test_killed_at_any_write_and_repeated(work: str, tmp_path: Path) -> None:
    answer = drill(work, tmp_path)
    unbroken = answer["unbroken"]

    assert unbroken["findings"] == []
    assert answer["writes"] > 8
    if work == "repair":
        assert unbroken["store"] == answer["before"]["store"]
        assert unbroken["rows"] == answer["before"]["rows"]
    else:
        assert unbroken["copy"] == unbroken["store"]
    assert len(answer["points"]) == 2 * answer["writes"]
    for point in answer["points"]:
        assert (point["crash"], point["ended"]) == (KILLED, 0), point
        # Nothing lost, nothing twice, nothing of what was put aside twice.
        assert point["found"] == unbroken, (point["fatal"], point["after"])
