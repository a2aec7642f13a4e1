"""Whatever write a run dies at, the next run ends with the same records and reads no stored page again."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.drills.children import KILLED

PROGRAM = Path(__file__).with_name("crash_points.py")
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("crash")
    command = [sys.executable, str(PROGRAM), str(folder)]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_undisturbed_run_writes_each_object_once(seen):
    assert seen["ended"] == 0
    # Two scans, three pages with a picture each, a record for each page and its row, the dossier and its row.
    assert seen["writes"] == 2 + 2 * 3 + 2 * 3 + 2
    assert len(seen["whole"]["records"]) == 3 and not seen["whole"]["problems"]


def test_every_crash_point_is_met_and_recovered_from(seen):
    assert len(seen["points"]) == 2 * seen["writes"]
    assert {(point["crash"], point["ended"]) for point in seen["points"]} == {(KILLED, 0)}
    for point in seen["points"]:
        assert point["found"] == seen["whole"], (point["fatal"], point["after"])


def test_a_stored_page_is_never_read_again_and_every_other_once(seen):
    pages = {page.removeprefix("pages/").rsplit("/", 1)[0] for page in seen["whole"]["pages"]}
    for point in seen["points"]:
        assert sorted(point["read_again"]) == sorted(pages - set(point["held"])), (point["fatal"], point["after"])
