"""Whatever two steps of a write path a process is killed between, doing it again ends as if nothing had happened."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.drills.write_paths import GROUPS

REPOSITORY = Path(__file__).parents[2]
FEWEST_STEPS = 2


@pytest.mark.parametrize("group", GROUPS)
def test_killed_between_any_two_steps_and_done_again(group: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.drills.kill_between_steps", str(tmp_path), group]
    done = subprocess.run(command, cwd=REPOSITORY, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, dict[str, Any]] = json.loads(done.stdout)
    assert [fault for drill in answer.values() for fault in drill["faults"]] == []
    assert list(answer) == [path.name for path in GROUPS[group]]
    for path in GROUPS[group]:
        steps, points = answer[path.name]["steps"], answer[path.name]["points"]
        assert steps >= FEWEST_STEPS, path.name
        # Short paths at every point, and after the last: everything done, nobody told.
        assert points == steps + 1 or path.most_points // 2 < points <= path.most_points, path.name
