"""A full disk, injected at every system call of every write path, and for real on a small file system of its own."""

import errno
import os
import subprocess
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ocr.problem import Code, SohoaError
from storage import folder_store
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.integrity.ledger import Ledger
from storage.keys import scan_key
from storage.mirror import mirror
from storage.objects import ObjectStore
from storage.read_log.entry import ReadEntry, ReadKind
from storage.read_log.log import ReadLog
from storage.repair import repair
from storage.scans import receive
from storage.verify import verify
from tests.storage.whole_store import add_dossier, content_of, scan_of, sha_of

CALLS = ("open", "write", "fsync", "link", "replace", "mkdir")


class FullDisk:
    """Lets the n-th of the calls that write fail for want of room, and every later one until room is made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.full_from: int | None = None
        ours = types.SimpleNamespace(**vars(os))
        for name in ("open", "fsync"):
            setattr(ours, name, self._counted(getattr(os, name), name))
        monkeypatch.setattr(folder_store, "os", ours)
        for name in ("write_all", "sync_folder", "_replace", "_link"):
            monkeypatch.setattr(folder_store, name, self._counted(getattr(folder_store, name), name))

    def _counted(self, function: Callable[..., object], name: str) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            is_write = name != "open" or bool(int(arguments[1]) & os.O_CREAT)  # type: ignore[call-overload]
            if is_write:
                self.calls += 1
                if self.full_from is not None and self.calls >= self.full_from:
                    raise OSError(errno.ENOSPC, "No space left on device")
            return function(*arguments, **options)

        return call


def _receive(store: ObjectStore, _: Catalogue, folder: Path) -> None:
    path = folder / "scan.pdf"
    path.write_bytes(scan_of(7))
    receive(store, path)


def _dossier(store: ObjectStore, catalogue: Catalogue, _: Path) -> None:
    add_dossier(store, catalogue, 7)


def _mirror(store: ObjectStore, _: Catalogue, folder: Path) -> None:
    mirror(_other(folder), store, Ledger.in_memory(), threads=1)


def _repair(store: ObjectStore, catalogue: Catalogue, folder: Path) -> None:
    ledger = Ledger.in_memory()
    report = verify(store, catalogue, ledger=ledger)
    assert not repair(store, _other(folder), catalogue, report.findings, ledger).left


def _seal(store: ObjectStore, _: Catalogue, folder: Path) -> None:
    log = ReadLog(store, folder / "spool")
    log.append(ReadEntry(kind=ReadKind.LOOKUP, reader="can-bo-1", purpose="đăng ký khai sinh"))
    put_off = log.seal().put_off
    if put_off:
        raise SohoaError(put_off[0].code, detail=put_off[0].detail, retryable=put_off[0].retryable)


def _other(folder: Path) -> FolderStore:
    other = FolderStore(folder / "other")
    if not other.exists(scan_key(sha_of(5))):
        for number in (1, 5):
            add_dossier(other, None, number)
    return other


PATHS = {"receive": _receive, "dossier": _dossier, "mirror": _mirror, "repair": _repair, "read log": _seal}


@pytest.mark.parametrize("path", sorted(PATHS))
def test_full_at_any_call_nothing_is_half_written_and_the_same_call_completes(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, faults = PATHS[path], 0
    _other(tmp_path)
    for full_from in range(1, 200):
        folder = tmp_path / str(full_from)
        folder.mkdir()
        (folder / "other").symlink_to(tmp_path / "other")
        store, catalogue = FolderStore(folder / "store"), Catalogue(f"sqlite:///{folder}/catalogue.sqlite")
        catalogue.create()
        add_dossier(store, catalogue, 1)
        if path == "repair":
            store.put(scan_key(sha_of(1)), b"scam")
        with monkeypatch.context() as patch:
            disk = FullDisk(patch)
            disk.full_from = full_from
            try:
                work(store, catalogue, folder)
            except SohoaError as error:
                assert (error.code, error.problem.retryable) == (Code.STORE_FULL, True)  # noqa: PT017
                faults += 1
            else:
                break
            # Every name that is there is whole, except for what was damaged before.
            found = {finding.key for finding in verify(store, catalogue).findings if finding.is_damage}
            assert found <= ({scan_key(sha_of(1))} if path == "repair" else set())
            assert not any((folder / "store" / ".tmp").iterdir())
            disk.full_from = None  # room was made
            work(store, catalogue, folder)
        assert verify(store, catalogue).is_intact
        revisions = [key for prefix in ("records/", "dossiers/") for key in store.list(prefix)]
        assert all(key.endswith("/r1.json") for key in revisions)
    assert faults >= 4


@contextmanager
def small_disk(folder: Path, size_kib: int) -> Iterator[Path]:
    """A file system of its own; needs root."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 1024) as folder:
        yield folder


def fill_up(disk: Path) -> Path:
    """Leave no room at all; return the file to remove."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017
    return filler


@pytest.mark.parametrize("path", sorted(PATHS))
def test_a_disk_that_is_full_for_real(path: str, disk: Path, tmp_path: Path, catalogue: Catalogue) -> None:
    _other(tmp_path)
    store, work = FolderStore(disk / "store"), PATHS[path]
    add_dossier(store, catalogue, 1)
    if path == "repair":
        store.put(scan_key(sha_of(1)), b"scam")
    before = content_of(store)
    filler = fill_up(disk)
    with pytest.raises(SohoaError) as refused:
        work(store, catalogue, tmp_path)
    assert (refused.value.code, refused.value.problem.retryable) == (Code.STORE_FULL, True)
    assert content_of(store) == before
    assert not any((disk / "store" / ".tmp").iterdir())

    filler.unlink()
    work(store, catalogue, tmp_path)
    assert verify(store, catalogue).is_intact
    assert content_of(store) != before


def test_a_big_scan_that_does_not_fit_leaves_nothing(disk: Path, tmp_path: Path) -> None:
    scan = tmp_path / "big.pdf"
    scan.write_bytes(os.urandom(2 << 20))
    store = FolderStore(disk / "store")
    with pytest.raises(SohoaError) as refused:
        receive(store, scan)
    assert refused.value.code is Code.STORE_FULL
    assert list(store.list("")) == [] and not any((disk / "store" / ".tmp").iterdir())
    store.put("calibration/r1.json", b"small things still fit")


def test_a_lookup_is_not_answered_when_the_read_log_cannot_be_written(disk: Path, tmp_path: Path) -> None:
    log = ReadLog(FolderStore(tmp_path / "store"), disk / "spool")
    entry = ReadEntry(kind=ReadKind.LOOKUP, reader="can-bo-1", purpose="đăng ký khai sinh")
    log.append(entry)
    filler = fill_up(disk)

    def append_some() -> None:
        for _ in range(100):  # what is left of a block the file already has may still take a few
            log.append(ReadEntry(kind=ReadKind.LOOKUP, reader="can-bo-1", purpose="đăng ký khai sinh"))

    with pytest.raises(SohoaError) as refused:
        append_some()
    assert refused.value.code is Code.READ_LOG_FAILED
    filler.unlink()
    later = ReadEntry(kind=ReadKind.LOOKUP, reader="can-bo-1", purpose="đăng ký khai sinh")
    log.append(later)
    log.seal()
    store = FolderStore(tmp_path / "store")
    pieces = b"".join(store.get(key) for key in store.list("audit/"))
    assert pieces.count(entry.entry_id.encode()) == pieces.count(later.entry_id.encode()) == 1


def test_a_ledger_on_a_full_disk_is_said_and_serves_again(disk: Path, tmp_path: Path, catalogue: Catalogue) -> None:
    store = FolderStore(tmp_path / "store")
    for number in range(200):
        store.put(f"scans/sha256/{number % 256:02x}/{number:062x}", b"x")
    filler: Path | None = None

    def fill_in_the_middle(done: int, _: int) -> None:
        nonlocal filler
        if done == 10:
            filler = fill_up(disk)

    with pytest.raises(SohoaError) as refused, Ledger.open(disk / "ledger.sqlite") as ledger:
        verify(store, catalogue, fill_in_the_middle, ledger=ledger)
    assert refused.value.code in {Code.STORE_FULL, Code.STORE_UNWRITABLE}
    assert filler is not None
    filler.unlink()
    with Ledger.open(disk / "ledger.sqlite") as ledger:
        assert verify(store, catalogue, ledger=ledger, resume=True).objects == 200
