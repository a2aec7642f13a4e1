"""The read log of a process: durable before it returns, shipped once, whatever stops it. All persons are invented."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import storage.read_log.log as log_module
from storage.folder_store import FolderStore
from storage.read_log.entry import ReadKind
from storage.read_log.log import ReadLog
from storage.read_log.reading import read_log_keys
from storage.read_log.segment import followed_key
from tests.storage.read_log_world import entry, files, stored


def test_an_entry_is_on_the_disk_when_append_returns(store: FolderStore, spool: Path) -> None:
    log = ReadLog(store, spool)
    entry_id = log.append(entry())
    assert [each.entry_id for each in log.pending()] == [entry_id]
    assert stored(store) == []


def test_sealing_moves_entries_into_the_store(store: FolderStore, spool: Path) -> None:
    log = ReadLog(store, spool)
    ids = [log.append(entry()) for _ in range(3)]
    report = log.seal()
    assert report.put_off == ()
    assert list(report.keys) == list(read_log_keys(store))
    assert stored(store) == ids
    assert files(spool) == []
    assert log.seal().keys == ()


def test_several_entries_of_one_question_stay_together(store: FolderStore, spool: Path) -> None:
    with ReadLog(store, spool) as log:
        first, second = entry(), entry(kind=ReadKind.RELATED)
        assert log.append(first, second) == first.entry_id
    assert stored(store) == [first.entry_id, second.entry_id]


def test_a_full_file_is_followed_by_another(store: FolderStore, spool: Path) -> None:
    with ReadLog(store, spool, entries_per_segment=2) as log:
        ids = [log.append(entry()) for _ in range(5)]
        assert len(files(spool)) == 3
    assert stored(store) == ids
    keys = list(read_log_keys(store))
    assert [followed_key(store.get(key)) for key in keys] == [None, *keys[:-1]]


def test_only_complete_files_are_shipped_while_others_are_written(store: FolderStore, spool: Path) -> None:
    log = ReadLog(store, spool, entries_per_segment=2)
    ids = [log.append(entry()) for _ in range(3)]
    log.seal(current=False)
    assert stored(store) == ids[:2]
    assert [each.entry_id for each in log.pending()] == ids[2:]


def test_an_old_file_is_shipped_though_it_is_not_full(store: FolderStore, spool: Path) -> None:
    log = ReadLog(store, spool, seconds_per_segment=0.05)
    entry_id = log.append(entry())
    time.sleep(0.06)
    log.seal(current=False)
    assert stored(store) == [entry_id]


def test_each_day_has_its_own_pieces(store: FolderStore, spool: Path) -> None:
    night = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    with ReadLog(store, spool) as log:
        for minutes in range(3):
            log.append(entry(at=night + timedelta(minutes=minutes)))
    assert [key.split("/")[1] for key in read_log_keys(store)] == ["2026-11-22", "2026-11-23"]
    assert len(stored(store)) == 3


def test_the_file_of_a_living_writer_is_left_alone(store: FolderStore, spool: Path) -> None:
    living, other = ReadLog(store, spool), ReadLog(store, spool)
    entry_id = living.append(entry())
    assert other.seal().keys == ()
    living.seal()
    assert stored(store) == [entry_id]


def test_files_are_for_their_owner_alone(store: FolderStore, spool: Path) -> None:
    ReadLog(store, spool).append(entry())
    assert spool.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in spool.iterdir()] == [0o600]


def test_threads_share_one_log(store: FolderStore, spool: Path) -> None:
    log = ReadLog(store, spool, entries_per_segment=40)
    ids: list[str] = []

    def work() -> None:
        ids.extend(log.append(entry()) for _ in range(50))

    with log.kept_sealed(every_s=0.01):
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert Counter(stored(store)) == Counter(ids)
    assert len(ids) == 400
    assert files(spool) == []


APPENDING = """
import sys
from pathlib import Path
from storage.folder_store import FolderStore
from storage.read_log.entry import ReadEntry, ReadKind
from storage.read_log.log import ReadLog
with ReadLog(FolderStore(Path(sys.argv[1])), Path(sys.argv[2]), entries_per_segment=30) as log:
    for _ in range(100):
        entry = ReadEntry(kind=ReadKind.LOOKUP, reader="can-bo-1", purpose="kiem tra")
        print(log.append(entry), flush=True)
        log.seal(current=False)
"""


def test_processes_share_one_folder(start_python: Callable[..., Any], store: FolderStore, spool: Path, root: Path):
    processes = [start_python(APPENDING, root, spool) for _ in range(2)]
    told = [line for process in processes for line in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(told) == 200
    assert Counter(stored(store)) == Counter(told)
    assert files(spool) == []


def test_a_forked_copy_writes_a_file_of_its_own(store: FolderStore, spool: Path) -> None:
    log = ReadLog(store, spool)
    mine = log.append(entry())
    theirs = entry()
    child = os.fork()
    if child == 0:
        log.append(theirs)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    also_mine = log.append(entry())
    log.seal()
    assert Counter(stored(store)) == Counter([mine, also_mine, theirs.entry_id])


def test_entries_come_out_in_the_order_of_their_identifiers() -> None:
    ids = [log_module.ReadEntry(kind=ReadKind.RECORD, reader="a", purpose="b").entry_id]
    time.sleep(0.002)
    ids.append(entry().entry_id)
    assert ids == sorted(ids)
