"""A crash between any two steps of an erasure, and running again: the end is always the same."""

import json
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.objects import ObjectStore
from storage.rights.erased import erasures, unfinished
from storage.rights.erasure import ErasureState
from storage.rights.execution import Eraser
from storage.verify import verify
from tests.storage.rights.conftest import KEY, TRACES, XOA, Town, everything, fill, person, traces_in

WRITES = frozenset({"put", "create", "put_file", "erase", "project_record", "project_dossier"})


class PowerCut(Exception):
    """The end of the process, in one process."""


class Failing:
    """Passes everything on, and stops before the n-th write of all."""

    def __init__(self, inner: Any, count: list[int], fatal: int) -> None:
        self._inner, self._count, self._fatal = inner, count, fatal

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if name not in WRITES:
            return method

        def write(*arguments: Any) -> Any:
            self._count[0] += 1
            if self._count[0] == self._fatal:
                raise PowerCut
            return method(*arguments)

        return write


def _town(folder: Path) -> Town:
    folder.mkdir()
    town = _at(folder, with_second=False)
    town.catalogue.create()
    fill(town)
    return town


def _at(folder: Path, *, with_second: bool) -> Town:
    catalogue = Catalogue(f"sqlite:///{folder}/catalogue.sqlite", KEY)
    return Town(FolderStore(folder / "store"), catalogue, FolderStore(folder / "second") if with_second else None)


def _end_of(town: Town, store: ObjectStore) -> dict[str, Any]:
    """What is left, without what differs from run to run: the erasure's identifier and times."""
    left = everything(store)
    (proof,) = erasures(store)
    changing = (proof.case_id, proof.started_at, proof.finished_at)
    text = {key.replace(proof.case_id, "CASE"): data for key, data in left.items()}
    for value in changing:
        word = value if isinstance(value, str) else value.isoformat().replace("+00:00", "Z") if value else "-"
        text = {key: data.replace(word.encode(), b"*") for key, data in text.items()}
    return text


@pytest.mark.parametrize("with_second", [False, True])
def test_any_crash_is_finished_by_the_next_run(
    tmp_path: Path, with_second: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)  # what is cut off here is no power
    first = _town(tmp_path / "first")
    marriage = first.id_of("hs-003/ket-hon.pdf/1")
    shutil.copytree(tmp_path / "first" / "store", tmp_path / "first" / "second")

    def erase_until(name: str, fatal: int) -> tuple[Town, int]:
        """Erase in a copy of the town until a write that fails; return it and the number of writes."""
        shutil.copytree(tmp_path / "first", tmp_path / name)
        town, count = _at(tmp_path / name, with_second=with_second), [0]
        store, second, catalogue = (
            Failing(inner, count, fatal) if inner else None for inner in (town.store, town.second, town.catalogue)
        )
        plan = town.plan(marriage)
        with pytest.raises(PowerCut) if fatal else nullcontext():
            Eraser(store, second, catalogue).erase(plan, "can-bo", "12/QĐ")
        return town, count[0]

    whole, steps = erase_until("whole", 0)
    expected = _end_of(whole, whole.store)
    assert steps > 20
    for fatal in range(1, steps + 1, 3 if with_second else 1):
        town, _ = erase_until("cut", fatal)
        if fatal == 1:
            assert list(erasures(town.store)) == []  # nothing was begun
        else:
            town.eraser().resume()
            assert _end_of(town, town.store) == expected, fatal
            for store in filter(None, (town.store, town.second)):
                assert traces_in(everything(store)) == []
            assert town.catalogue.holdings_of(person(XOA).subject_key) == ()
        shutil.rmtree(tmp_path / "cut")


ERASES = """
import sys, os, json
from datetime import date
sys.path.insert(0, sys.argv[1])
from tests.storage.rights.conftest import KEY, XOA, NO_RETENTION, TODAY, person
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.rights.execution import Eraser
from storage.rights.erasure import Ground
from storage.rights.plan import Planner
folder, fatal = sys.argv[2], int(sys.argv[3])
catalogue = Catalogue(f"sqlite:///{folder}/catalogue.sqlite", KEY)
store = FolderStore(__import__("pathlib").Path(folder) / "store")
count = 0
def dying(method):
    def call(*arguments):
        global count
        count += 1
        if count == fatal:
            os.kill(os.getpid(), 9)
        return method(*arguments)
    return call
plan = Planner(store, catalogue, KEY, NO_RETENTION, TODAY).plan(person(XOA), Ground.REQUEST)
store.create, store.erase, store.put = dying(store.create), dying(store.erase), dying(store.put)
Eraser(store, None, catalogue).erase(plan, "can-bo", "12/QĐ")
"""


@pytest.mark.parametrize("fatal", [2, 4, 9, 20])
def test_kill_9_is_finished_by_the_next_run(tmp_path: Path, fatal: int, start_python: Callable[..., Any]) -> None:
    town = _town(tmp_path / "town")
    repository = Path(__file__).parents[3]
    process = start_python(ERASES, repository, tmp_path / "town", str(fatal))
    assert process.wait(240) == -9
    (begun,) = unfinished(town.store)
    # Until it is finished a check of the store calls nothing of it damage.
    assert verify(town.store, town.catalogue).damage == ()
    (finished,) = town.eraser().resume()
    assert (finished.case_id, finished.state) == (begun.case_id, ErasureState.FINISHED)
    left = {key: data for key, data in everything(town.store).items() if town.id_of("hs-003/ket-hon.pdf/1") not in key}
    marriage = town.load("hs-003/ket-hon.pdf/1").source[0].sha256
    left = {key: data for key, data in left.items() if marriage not in key and marriage[2:] not in key}
    assert traces_in(left, TRACES) == []
    assert verify(town.store, town.catalogue).damage == ()
    assert json.loads(town.store.get(f"erasures/{begun.case_id}/r1.json"))["state"] == "started"
