"""A program, started by test_killed_upkeep: end at every write of a repair and of a copy, and run again.

A program of its own because it forks: the test runner has threads. Prints what it saw as JSON.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.integrity.ledger import Ledger
from storage.integrity.names import QUARANTINE_PREFIX
from storage.keys import dossier_key, page_key, record_key, scan_key
from storage.mirror import mirror
from storage.repair import repair
from storage.rights.cases import new_case_id
from storage.rights.erasure import ErasedObject, Erasure, ErasureState, Ground, erasures_in
from storage.verify import verify
from tests.drills.children import Dying, in_child
from tests.storage.whole_store import NOON, RECIPE, content_of, fill, record_id_of, sha_of


class Home:
    """A store, its copy, its catalogue and its ledger, all in one folder that can be copied."""

    def __init__(self, folder: Path) -> None:
        self.store = FolderStore(folder / "one")
        self.copy = FolderStore(folder / "two")
        self.ledger = folder / "ledger.sqlite"
        self.catalogue = Catalogue(f"sqlite:///{folder}/catalogue.sqlite", IdentityKey(b"k" * 32))
        self.catalogue.create()

    def repair(self) -> None:
        catalogue: Any = Dying(self.catalogue)
        store: Any = Dying(self.store)
        with Ledger.open(self.ledger) as ledger:
            report = verify(self.store, self.catalogue, ledger=ledger)
            done = repair(store, self.copy, catalogue, report.findings, ledger)
        assert not done.impossible, done.impossible

    def mirror(self) -> None:
        with Ledger.reading(self.ledger) as ledger:
            mirror(self.store, Dying(self.copy), ledger, check_held=True)  # type: ignore[arg-type]

    def look(self) -> dict[str, Any]:
        with Ledger.open(self.ledger) as ledger:
            report = verify(self.store, self.catalogue, ledger=ledger)
        return {
            "findings": [problem.detail for problem in (*report.damage, *report.warnings)],
            "store": _hexed(content_of(self.store)),
            "copy": _hexed(content_of(self.copy)),
            "aside": _hexed({key: each.get(key) for each in (self.store, self.copy) for key in each.list(QUARANTINE_PREFIX)}),
            "rows": [repr(row) for row in (*self.catalogue.records(), *self.catalogue.dossiers())],
        }  # fmt: skip


def _hexed(content: dict[str, bytes]) -> dict[str, str]:
    return {key: data.hex() for key, data in content.items()}


def prepare(folder: Path) -> Home:
    """A home whose copy is whole, with a ledger that has seen everything."""
    home = Home(folder)
    fill(home.store, home.catalogue, folder / "spool")
    home.mirror()
    with Ledger.open(home.ledger) as ledger:
        verify(home.store, home.catalogue, ledger=ledger)
    return home


def damage_store(home: Home) -> None:
    """Something damaged and something lost of several kinds."""
    home.store.put(scan_key(sha_of(1)), b"scam")
    record = record_key(record_id_of(1), 1)
    home.store.put(record, home.store.get(record).replace(b'"12"', b'"13"'))
    home.store.put(dossier_key("hs-002", 1), b"{")
    for key in (page_key(sha_of(1), 1, RECIPE), scan_key(sha_of(2)), record_key(record_id_of(2), 1)):
        home.store.erase(key)


def damage_copy(home: Home) -> None:
    """A copy with gaps, damage, and something that was erased in the store."""
    home.copy.put(scan_key(sha_of(1)), b"scam")
    home.copy.put(record_key(record_id_of(1), 1), b"{")
    for key in (page_key(sha_of(1), 1, RECIPE), scan_key(sha_of(2)), *home.copy.list("calibration/")):
        home.copy.erase(key)
    gone = list(home.store.list("previews/"))
    proof = Erasure(
        case_id=new_case_id(), state=ErasureState.FINISHED, subject_key="0" * 64, by="can-bo-1", ground=Ground.REQUEST,
        decision="7/QĐ", started_at=NOON, finished_at=NOON,
        objects=tuple(ErasedObject(key=key, sha256=None, size_bytes=1) for key in gone),
    )  # fmt: skip
    erasures_in(home.store).open(proof)
    for key in gone:
        home.store.erase(key)


def main(folder: Path, work: str) -> None:
    base = folder / "base"
    base.mkdir()
    home = prepare(base)
    whole = home.look()
    (damage_store if work == "repair" else damage_copy)(home)
    writes = folder / "writes"

    def run(at: Path, fatal: int = 0, after: bool = False) -> None:
        Dying.at(fatal, after=after)
        getattr(Home(at), work)()
        writes.write_text(str(Dying.writes))

    shutil.copytree(base, folder / "unbroken")
    ended = in_child(lambda: run(folder / "unbroken"))
    answer: dict[str, Any] = {
        "ended": ended,
        "before": whole,
        "unbroken": Home(folder / "unbroken").look(),
        "points": [],
    }
    answer["writes"] = int(writes.read_text())
    for fatal in range(1, answer["writes"] + 1):
        for after in (False, True):
            at = folder / f"{fatal}-{after}"
            shutil.copytree(base, at)
            crash = in_child(lambda: run(at, fatal, after))  # noqa: B023
            ended = in_child(lambda: run(at))  # noqa: B023
            answer["points"].append(
                {"fatal": fatal, "after": after, "crash": crash, "ended": ended, "found": Home(at).look()}
            )
            shutil.rmtree(at)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
