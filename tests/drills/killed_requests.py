"""A program, started by test_killed_requests: die while requests to a real server are under way, and do it again.

A program of its own because it forks: the test runner has threads. The store is told by the environment, as to the
commands. Prints what it saw as JSON.
"""

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from extractors.paper_type_loader import shipped_paper_types
from extractors.record import Record
from storage.acts import Act, current
from storage.decisions import approve
from storage.keys import record_prefix, scan_key
from storage.read_log.entry import ReadEntry, ReadKind
from storage.read_log.opening import open_read_log
from storage.read_log.reading import read_entries
from storage.records import save_draft
from storage.reindex import reindex
from storage.scans import receive
from storage.settings import Settings
from storage.verify import verify
from tests.drills.children import in_child
from tests.storage.deciding import birth_record

KILLS = 6
SCAN_BYTES = 600_000
MOST_ATTEMPTS = 24
TYPES = shipped_paper_types()


class Office:
    """A home whose store is on the server; every number is one scan, record, decision and read of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings.load(folder / "home", {}, os.environ)
        self.store = self.settings.open_store()
        self.catalogue = self.settings.open_catalogue()
        self.told = folder / "told"
        self.told.touch()
        # Here and not in a child: a scan that was itself cut off by a kill would be received as it is, and rightly.
        for nth in range(1, KILLS + 2):
            self.scan_of(nth).write_bytes(b"%PDF-1.7 " + random.Random(nth).randbytes(SCAN_BYTES))

    def receive(self, nth: int) -> None:
        receive(self.store, self.scan_of(nth))

    def save_draft(self, nth: int) -> None:
        self.catalogue.project_record(save_draft(self.store, birth_record(nth)))

    def approve(self, nth: int) -> None:
        record = current(self.store, birth_record(nth).record_id)
        if record.decision is None:
            approve(self.store, self.catalogue, record.record_id, record.revision, Act("lan"), TYPES)
        else:  # who repeats a command that was done is refused, and the catalogue told
            self.catalogue.project_record(record)

    def seal(self, nth: int) -> None:
        with open_read_log(self.settings, self.catalogue) as log:
            entry_id = log.append(ReadEntry(kind=ReadKind.RECORD, reader="lan", purpose=f"xem lại {nth}"))
            with self.told.open("a") as told:
                told.write(f"{entry_id}\n")

    def scan_of(self, nth: int) -> Path:
        return self.folder / f"{nth}.pdf"


def drill(office: Office, operation: Callable[[int], None], chance: random.Random) -> dict[str, Any]:
    """Kill the operation at times by chance, for numbers 1 and up, and repeat each to its end."""
    started = time.monotonic()
    ended = [in_child(lambda: operation(1))]
    lasts_s = time.monotonic() - started
    killed = 0
    for nth in range(2, KILLS + 2):
        for _ in range(MOST_ATTEMPTS):  # until it is killed and not done before
            how = in_child(lambda: operation(nth), chance.uniform(0.0, lasts_s))  # noqa: B023
            killed += how != 0
            if how:
                break
        ended.append(in_child(lambda: operation(nth)))  # noqa: B023
    return {"ended": ended, "killed": killed}


def look(office: Office) -> dict[str, Any]:
    """What the store holds of every number."""
    store = office.store
    numbers = range(1, KILLS + 2)
    records: list[Record] = [birth_record(nth) for nth in numbers]
    held = Counter(entry.entry_id for entry in read_entries(store))
    return {
        "scans": [len(store.get(scan_key(receive(store, office.scan_of(nth)).sha256))) for nth in numbers],
        "revisions": [
            [key.rpartition("/")[2] for key in store.list(record_prefix(each.record_id))] for each in records
        ],
        "rows": [row.revision for row in office.catalogue.records()],
        "lost_reads": sorted(set(office.told.read_text().split()) - set(held)),
        "double_reads": sorted(entry_id for entry_id, times in held.items() if times > 1),
        "spooled": [path.name for path in (office.settings.home / "read-log").glob("*.jsonl")],
        "damage": [f"{each.code}: {each.detail}" for each in verify(store, office.catalogue).damage],
        "entered_by_reindex": reindex(store, office.catalogue).entered,
    }


def main(folder: Path, seed: int) -> None:
    office, chance = Office(folder), random.Random(seed)
    operations = (office.receive, office.save_draft, office.approve, office.seal)
    answer = {operation.__name__: drill(office, operation, chance) for operation in operations}
    sys.stdout.write(json.dumps({"operations": answer, "found": look(office)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
