"""The list of write paths is complete: every function of the product that writes is on it, and every path is drilled."""

from pathlib import Path

import pytest

from tests.drills.call_sites import call_sites
from tests.drills.write_paths import DRILLED_ELSEWHERE, GROUPS, NOT_DRILLED, WRITERS

REPOSITORY = Path(__file__).parents[2]
DRILLED_HERE = {path.name for group in GROUPS.values() for path in group}
REMEDY = "name it in WRITERS of tests/drills/write_paths.py, with the path it is on; a new path gets a drill there"


@pytest.mark.parametrize(("writer", "called"), sorted((name, sorted(called)) for name, called in call_sites().items()))
def test_every_function_that_writes_is_on_a_drilled_path(writer: str, called: list[str]) -> None:
    assert writer in WRITERS, f"{writer} writes ({', '.join(called)}) and is on no list: {REMEDY}"


def test_the_list_names_nothing_that_is_gone() -> None:
    assert sorted(WRITERS.keys() - call_sites().keys()) == []


def test_every_path_that_is_named_is_drilled_or_said_not_to_be() -> None:
    known = DRILLED_HERE | DRILLED_ELSEWHERE.keys() | NOT_DRILLED.keys()
    named = {path for paths in WRITERS.values() for path in paths}
    assert sorted(named - known) == []
    assert all(WRITERS.values())


def test_no_path_is_on_the_list_that_nothing_writes_on() -> None:
    named = {path for paths in WRITERS.values() for path in paths}
    assert sorted((DRILLED_HERE | DRILLED_ELSEWHERE.keys() | NOT_DRILLED.keys()) - named) == []


@pytest.mark.parametrize("test", sorted({test for tests in DRILLED_ELSEWHERE.values() for test in tests}))
def test_drills_that_are_elsewhere_are_there(test: str) -> None:
    assert (REPOSITORY / test).is_file()


def test_the_manual_names_every_path() -> None:
    manual = (REPOSITORY / "docs" / "kiem-kho.md").read_text("utf-8")
    assert [name for name in sorted(DRILLED_HERE) if f"`{name}`" not in manual] == []
