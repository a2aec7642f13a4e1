"""Receiving scans: held once, and held as they came."""

import hashlib
import os
import tracemalloc
from pathlib import Path

import pytest

from ocr.problem import Code, SohoaError
from storage.folder_store import FolderStore
from storage.keys import scan_key
from storage.scans import ReceivedScan, receive

CONTENT = b"a scan"
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "Tờ khai.pdf"
    path.write_bytes(CONTENT)
    return path


def test_received_once(store: FolderStore, scan: Path) -> None:
    assert receive(store, scan) == ReceivedScan(SHA, len(CONTENT), already_held=False)
    assert receive(store, scan) == ReceivedScan(SHA, len(CONTENT), already_held=True)
    assert list(store.list("")) == [scan_key(SHA)]
    assert store.get(scan_key(SHA)) == CONTENT


@pytest.mark.parametrize("damaged", [b"a Scan", b"a sc", b""])
def test_a_damaged_copy_is_replaced(store: FolderStore, scan: Path, damaged: bytes) -> None:
    store.put(scan_key(SHA), damaged)
    assert not receive(store, scan).already_held
    assert store.get(scan_key(SHA)) == CONTENT


def test_a_store_that_does_not_give_back_what_it_got(
    store: FolderStore, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FolderStore, "put_file", lambda self, key, *_: self.put(key, b"something else"))
    with pytest.raises(SohoaError) as caught:
        receive(store, scan)
    assert caught.value.code is Code.OBJECT_DAMAGED
    assert scan_key(SHA) in caught.value.problem.detail


def test_a_file_that_changes_while_it_is_received(
    store: FolderStore, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exists = FolderStore.exists

    def change_then_look(self: FolderStore, key: str) -> bool:
        scan.write_bytes(b"another")
        return exists(self, key)

    monkeypatch.setattr(FolderStore, "exists", change_then_look)
    with pytest.raises(SohoaError) as caught:
        receive(store, scan)
    assert (caught.value.code, caught.value.problem.retryable) == (Code.PATH_UNREADABLE, True)
    assert list(store.list("")) == []


@pytest.mark.parametrize("kind", ["absent", "folder", "pipe"])
def test_what_cannot_be_read(store: FolderStore, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "Trần Thị Thử" / "scan.pdf"
    path.parent.mkdir()
    if kind == "folder":
        path.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(SohoaError) as caught:
        receive(store, path)
    assert (caught.value.code, caught.value.problem.file) == (Code.PATH_UNREADABLE, "scan.pdf")
    assert "Trần" not in str(caught.value)


def test_a_large_scan_is_never_in_memory_as_a_whole(store: FolderStore, tmp_path: Path) -> None:
    path = tmp_path / "large.tif"
    with path.open("wb") as file:
        file.truncate(20_000_000)
    tracemalloc.start()
    receive(store, path)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 5_000_000
