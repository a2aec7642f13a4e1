"""Whatever two steps the service is killed between, no byte that was promised is lost, and sending goes on to its end."""

import json
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def test_killed_between_any_two_steps_of_sending(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.service.killed_uploads", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    for what, drill in answer.items():
        assert drill["faults"] == [], what
        assert drill["steps"] >= 25 and drill["points"] >= 14, what
        assert all(drill["expected"]["scans"]), what
        assert drill["expected"]["parts"] == [], what
        assert drill["expected"]["state"] == "waiting", what
        # Of the archive nothing is left but its entries.
        assert len(drill["expected"]["objects"]) == len(drill["expected"]["scans"]) + 1, what
