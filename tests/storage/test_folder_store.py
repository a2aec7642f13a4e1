"""The folder store when things go wrong: kills, races, full and broken disks."""

import errno
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocr.problem import Code, SohoaError
from storage.folder_store import FolderStore
from storage.objects import ObjectExists

Start = Callable[..., "subprocess.Popen[str]"]

KILLED_BEFORE_PUBLISHING = """
import os, sys
from pathlib import Path
from storage.folder_store import FolderStore
os.replace = os.link = lambda *_, **__: os._exit(9)
getattr(FolderStore(Path(sys.argv[1])), sys.argv[2])("a/r1.json", b"half")
"""

RACING = """
import sys, time
from pathlib import Path
from storage.folder_store import FolderStore
from storage.objects import ObjectExists
root, go, me = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
store = FolderStore(root)
store.put(f"ready/{me}", b"")
while not go.exists():
    time.sleep(0.001)
won = 0
for number in range(40):
    try:
        store.create(f"a/{number}", me.encode())
        won += 1
    except ObjectExists:
        pass
print(won)
"""


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("operation", ["put", "create"])
def test_a_writer_killed_before_publishing_leaves_no_object(
    store: FolderStore, root: Path, start_python: Start, operation: str
) -> None:
    assert start_python(KILLED_BEFORE_PUBLISHING, root, operation).wait() == 9
    assert not store.exists("a/r1.json")
    assert list(store.list("")) == []
    assert len(files_in(root / ".tmp")) == 1

    getattr(store, operation)("a/r1.json", b"whole")
    assert store.get("a/r1.json") == b"whole"

    assert store.remove_leftovers() == 0
    assert store.remove_leftovers(older_than_h=0) == 1
    assert files_in(root) == [root / "a/r1.json"]


def test_leftovers_are_kept_while_they_may_be_written(store: FolderStore, root: Path) -> None:
    store.put("a", b"")
    old, new = root / ".tmp/old", root / ".tmp/new"
    for path in (old, new):
        path.write_bytes(b"")
    long_ago = time.time() - 25 * 3600
    os.utime(old, (long_ago, long_ago))
    assert store.remove_leftovers() == 1
    assert new.exists()
    assert not old.exists()


def test_of_racing_creators_exactly_one_wins(
    store: FolderStore, root: Path, tmp_path: Path, start_python: Start
) -> None:
    go = tmp_path / "go"
    racers = [start_python(RACING, root, go, name) for name in ("one", "two")]
    while len(list(store.list("ready/"))) < len(racers):
        assert all(racer.poll() is None for racer in racers)
        time.sleep(0.01)
    go.touch()
    won = [int(racer.communicate(timeout=240)[0]) for racer in racers]
    assert sum(won) == 40
    winners = [store.get(key) for key in store.list("a/")]
    assert [winners.count(b"one"), winners.count(b"two")] == won
    assert files_in(root / ".tmp") == []


def test_create_decides_by_the_link_not_by_looking_first(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.create("a", b"one")
    monkeypatch.setattr(FolderStore, "exists", lambda *_: False)
    with pytest.raises(ObjectExists):
        store.create("a", b"two")
    assert store.get("a") == b"one"


def failing(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "/a/path/with/a name")

    return fail


@pytest.mark.parametrize("call", ["write", "fsync", "link", "replace"])
@pytest.mark.parametrize(
    ("number", "code", "retryable"),
    [
        (errno.ENOSPC, Code.STORE_FULL, True),
        (errno.EDQUOT, Code.STORE_FULL, True),
        (errno.EIO, Code.STORE_UNWRITABLE, False),
        (errno.EROFS, Code.STORE_UNWRITABLE, False),
    ],
)
def test_disk_errors(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, root: Path, call: str, number: int, code: Code, retryable: bool
) -> None:
    store.put("kept", b"before")
    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing(number))
        write = store.create if call == "link" else store.put
        with pytest.raises(SohoaError) as caught:
            write("new", b"data")
    problem = caught.value.problem
    assert (problem.code, problem.retryable) == (code, retryable)
    assert problem.detail == f"new: {errno.errorcode[number]}"
    assert not store.exists("new")
    assert store.get("kept") == b"before"
    assert files_in(root / ".tmp") == []
    store.put("new", b"data")


def test_short_writes_are_completed(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
        store.put("a", b"0123456789")
    assert store.get("a") == b"0123456789"


def test_everything_is_synchronised_before_and_after_publishing(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    fsync, replace = os.fsync, os.replace

    def recorded_fsync(descriptor: int) -> None:
        events.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    def recorded_replace(source: Path, target: Path) -> None:
        events.append("publish")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "replace", recorded_replace)
    store.put("a/b/c", b"data")
    assert Path(events[0]).parent == root / ".tmp"
    assert events[1] == "publish"
    assert events[2:] == [str(folder) for folder in (root / "a/b", root / "a", root, root.parent)]


def test_reading_errors(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put("a", b"data")
    for number, code in ((errno.EIO, Code.OBJECT_DAMAGED), (errno.EACCES, Code.STORE_UNWRITABLE)):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", failing(number))
            with pytest.raises(SohoaError) as caught:
                store.get("a")
        assert caught.value.code is code
        assert "path" not in str(caught.value)


def test_files_are_for_their_owner_only(store: FolderStore, root: Path) -> None:
    store.put("a/b", b"")
    assert (root.stat().st_mode & 0o777, (root / "a/b").stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_file_in_the_way_is_an_error_of_the_store(store: FolderStore, root: Path) -> None:
    store.put("a", b"")
    with pytest.raises(SohoaError) as caught:
        store.create("a/b", b"")
    assert caught.value.code is Code.STORE_UNWRITABLE
    assert files_in(root / ".tmp") == []


def test_what_is_no_object_is_not_listed(store: FolderStore, root: Path) -> None:
    store.put("a", b"")
    (root / ".hidden").touch()
    (root / "with space").touch()
    assert list(store.list("")) == ["a"]
