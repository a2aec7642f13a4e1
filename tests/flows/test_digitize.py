"""The flow's own decisions, in a process of its own: what is tried again, what is counted, what the log may say."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Prefect reads its settings when first imported, so the flow runs in a fresh process with a reader that fails.
PROGRAM = """
import json, sys, time
from pathlib import Path
from prefect.futures import PrefectConcurrentFuture
from flows import reading
from flows.progress import DossierDone, PageRead, PagesFound, subscribed
from ocr.page import PageText
from ocr.problem import Code, Problem, SohoaError

CALLS, TICKS, FOUND, TICKS_WHEN_DONE = [], [], [], []

def read_page_of(path, kind, sha256, page_number, *rest):
    CALLS.append(page_number)
    passing = page_number == 1 and CALLS.count(1) == 1 or page_number == 2
    codes = {1: Code.READER_FAILED, 2: Code.PAGE_TIMEOUT, 3: Code.PAGE_DAMAGED}
    problems = (Problem(code=codes[page_number], page_number=page_number, retryable=passing),)
    whole = page_number == 1 and not passing
    return PageText(scan_sha256=sha256, page_number=page_number, recipe=rest[0].recipe, width_px=9, height_px=9, dpi=9,
                    is_blank=whole, problems=() if whole else problems)

reading.read_page_of = lambda path, kind, sha, number, *rest: read_page_of(path, kind, sha, number, RECIPE)
from flows.digitize import digitize, run_digitize
from flows.workshop import open_workshop
home = Path(sys.argv[2])
class RECIPE:
    recipe = open_workshop(str(home)).recipe

# Who waits for a task may go on long before those are called who asked to be told of its end.
add = PrefectConcurrentFuture.add_done_callback
def add_late(future, call):
    add(future, lambda over: (time.sleep(2), call(over)))
PrefectConcurrentFuture.add_done_callback = add_late

def note(event):
    if isinstance(event, PageRead): TICKS.append(1)
    if isinstance(event, DossierDone): TICKS_WHEN_DONE.append(len(TICKS))
    if isinstance(event, PagesFound): FOUND.append(event.count)

with subscribed(note):
    outcome = run_digitize([Path(sys.argv[1])], home, 2)
try:
    empty = digitize([], str(home)).complete
except Exception as error:
    empty = repr(error)
problems = [problem.code for dossier in outcome.dossiers for problem in dossier.problems]
print(json.dumps({"calls": sorted(CALLS), "ticks": len(TICKS), "found": sum(FOUND), "problems": problems,
                  "ticks_when_done": TICKS_WHEN_DONE,
                  "complete": outcome.complete, "empty_complete": empty}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, environment, flow_api: str, drawn: Path) -> dict:
    home = tmp_path_factory.mktemp("failing-reader")
    env = {**environment, "PREFECT_API_URL": flow_api, "PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_HOME": str(home)}
    env |= {"PYTHONPATH": str(Path(__file__).parents[2]), "PREFECT_LOGGING_TO_API_ENABLED": "false"}
    command = [sys.executable, "-c", PROGRAM, str(drawn / "hs-101"), str(home)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_only_passing_failures_are_tried_again(seen):
    # Page 1 fails once in passing, page 2 always, page 3 is damaged for good.
    assert seen["calls"] == [1, 1, 2, 2, 3]
    assert sorted(seen["problems"]) == ["page_damaged", "page_timeout"]
    assert not seen["complete"]


def test_a_page_that_is_tried_again_counts_once(seen):
    assert seen["ticks"] == seen["found"] == 3


def test_every_page_is_told_of_before_its_dossier(seen):
    assert seen["ticks_when_done"] == [3]


def test_a_run_without_anything_to_do_is_not_complete(seen):
    assert seen["empty_complete"] is False
