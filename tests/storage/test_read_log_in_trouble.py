"""The read log when processes are killed, disks fill up and the store is away: what was told is kept, once."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import storage.read_log.spool as spool_module
from ocr.problem import Code, SohoaError
from storage.folder_store import FolderStore
from storage.read_log.entry import ReadEntry
from storage.read_log.log import ReadLog
from tests.drills.children import KILLED
from tests.storage.read_log_world import entry, files, stored

# What a process does on the way of an entry into the store, in order; it is killed before or after each.
STEPS = (
    "spool.os.open", "spool.fcntl.flock", "spool.write_all", "spool.os.fsync", "spool.Path.rename",
    "spool.sync_folder", "spool.os.fdatasync", "log.sealed", "store.create", "store.get", "project",
    "spool.Path.unlink", "log.remove_file",
)  # fmt: skip

KILLING = """
import os, signal, sys
from pathlib import Path
import storage.read_log.log as log
import storage.read_log.spool as spool
from storage.folder_store import FolderStore
from storage.read_log.entry import ReadEntry, ReadKind

root, folder, step, when, count = sys.argv[1:]
store = FolderStore(Path(root))
project = lambda key, entries: None
calls = 0

def deadly(function):
    def call(*arguments, **named):
        global calls
        calls += 1
        if calls == int(count) and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*arguments, **named)
        if calls == int(count) and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return call

if step == "project":
    project = deadly(project)
else:
    owner = {"log": log, "spool": spool, "store": store}[step.partition(".")[0]]
    *inside, name = step.split(".")[1:]
    for part in inside:
        owner = getattr(owner, part)
    setattr(owner, name, deadly(getattr(owner, name)))

with log.ReadLog(store, Path(folder), project, entries_per_segment=2) as read_log:
    for _ in range(5):
        entry = ReadEntry(kind=ReadKind.LOOKUP, reader="can-bo-1", purpose="kiem tra")
        # In one write: what is told has left.
        os.write(1, (read_log.append(entry) + "\\n").encode())
        read_log.seal(current=False)
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_whatever_was_told_survives_kill_9_once(
    start_python: Callable[..., Any], store: FolderStore, spool: Path, root: Path, step: str, when: str
) -> None:
    told: list[str] = []
    for count in (1, 2):
        process = start_python(KILLING, root, spool, step, when, str(count))
        told += process.communicate()[0].split()
        assert process.returncode == KILLED, f"{step} was not reached"
    assert ReadLog(store, spool).seal().put_off == ()
    found = Counter(stored(store))
    assert set(told) <= set(found)
    assert set(found.values()) <= {1}
    # An entry that was durable when its writer was killed may be there though its answer never left; no other.
    assert len(found) <= len(told) + 2
    assert [name for name in files(spool) if name.endswith(".jsonl")] == []


def test_a_line_torn_by_a_kill_is_cut(store: FolderStore, spool: Path) -> None:
    dead = ReadLog(store, spool)
    entry_id = dead.append(entry())
    [path] = spool.iterdir()
    dead._close_writer()
    with path.open("ab") as file:
        file.write(b'{"previous":"0123')
    assert ReadLog(store, spool).seal().put_off == ()
    assert stored(store) == [entry_id]


class FaultyStore(FolderStore):
    """A store that fails when told to."""

    fault: SohoaError | None = None

    def create(self, key: str, data: bytes) -> None:
        if self.fault is not None:
            raise self.fault
        super().create(key, data)


def test_appending_goes_on_while_the_store_is_out_of_reach(root: Path, spool: Path) -> None:
    store = FaultyStore(root)
    store.fault = SohoaError(Code.STORE_UNREACHABLE, retryable=True)
    log = ReadLog(store, spool, entries_per_segment=1)
    ids = [log.append(entry()) for _ in range(3)]
    report = log.seal()
    assert [problem.code for problem in report.put_off] == [Code.STORE_UNREACHABLE]
    assert [each.entry_id for each in log.pending()] == ids
    store.fault = None
    assert log.seal().put_off == ()
    assert stored(store) == ids


def test_one_bad_file_does_not_hold_up_the_others(store: FolderStore, spool: Path) -> None:
    spool.mkdir()
    (spool / "00000000-bad.jsonl").write_bytes(b"{}\n")
    log = ReadLog(store, spool)
    entry_id = log.append(entry())
    report = log.seal()
    assert [problem.code for problem in report.put_off] == [Code.READ_LOG_FAILED]
    assert stored(store) == [entry_id]
    assert files(spool) == ["00000000-bad.jsonl"]


def test_an_object_that_says_something_else_keeps_the_file(store: FolderStore, spool: Path) -> None:
    log = ReadLog(store, spool)
    told = entry()
    log.append(told)
    [path] = spool.iterdir()
    store.put(f"audit/{told.day}/{path.name}", b"something else")
    assert [problem.code for problem in log.seal().put_off] == [Code.OBJECT_DAMAGED]
    assert path.exists()


def test_entries_that_cannot_be_entered_in_the_catalogue_are_shipped_again(store: FolderStore, spool: Path) -> None:
    seen: list[str] = []

    def project(key: str, entries: Sequence[ReadEntry]) -> None:
        seen.append(key)
        if len(seen) == 1:
            raise SohoaError(Code.CATALOGUE_FAILED, retryable=True)

    log = ReadLog(store, spool, project)
    entry_id = log.append(entry())
    assert [problem.code for problem in log.seal().put_off] == [Code.CATALOGUE_FAILED]
    report = log.seal()
    assert report.put_off == () and list(report.keys) == [seen[0]] == [seen[1]]
    assert stored(store) == [entry_id]


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, error: OSError) -> Iterator[None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        yield


@pytest.mark.parametrize("name", ["fdatasync", "write"])
def test_an_append_that_fails_says_so_and_the_next_one_works(
    store: FolderStore, spool: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    log = ReadLog(store, spool)
    before = log.append(entry())
    with failing(monkeypatch, spool_module.os, name, OSError(28, "full")), pytest.raises(SohoaError) as caught:
        log.append(entry())
    assert caught.value.code is Code.READ_LOG_FAILED
    after = log.append(entry())
    log.seal()
    assert {before, after} <= set(stored(store))


def test_a_write_that_fails_half_way_leaves_no_half_line(
    store: FolderStore, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = ReadLog(store, spool)
    before = log.append(entry())
    real = os.write

    def half(descriptor: int, data: memoryview) -> int:
        if len(data) < 60:
            raise OSError(28, "full")
        return real(descriptor, data[: len(data) // 2])

    with monkeypatch.context() as patch:
        patch.setattr(spool_module.os, "write", half)
        with pytest.raises(SohoaError):
            log.append(entry())
    [path] = spool.iterdir()
    assert path.read_bytes().endswith(b"\n")
    after = log.append(entry())
    log.seal()
    assert stored(store) == [before, after]


def test_a_flush_that_failed_is_not_tried_again(
    store: FolderStore, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = ReadLog(store, spool)
    log.append(entry())
    writer = log._writer
    assert writer is not None
    with failing(monkeypatch, spool_module.os, "fdatasync", OSError(5, "io")), pytest.raises(SohoaError):
        log.append(entry())
    with pytest.raises(OSError, match="earlier flush"):
        writer.sync(10**9)


def test_no_folder_no_answer(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    log = ReadLog(store, tmp_path / "file" / "read-log")
    with pytest.raises(SohoaError) as caught:
        log.append(entry())
    assert caught.value.code is Code.READ_LOG_FAILED
    assert str(tmp_path) not in str(caught.value)
    assert log.seal().keys == ()


def test_what_killed_writers_left_half_made_goes(store: FolderStore, spool: Path) -> None:
    spool.mkdir()
    (spool / "a.new").write_bytes(b"{}\n")
    (spool / "b.new").write_bytes(b"")
    old = spool / "c.new"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    ReadLog(store, spool).seal()
    assert files(spool) == ["b.new"]
