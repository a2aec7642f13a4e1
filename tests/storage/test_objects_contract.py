"""What every store promises, over a folder and over real servers.

`SOHOA_TEST_S3` (`s3://HOST:PORT/PREFIX`) with `SOHOA_TEST_S3_ACCESS_KEY` and `SOHOA_TEST_S3_SECRET_KEY` tries a server
of your own, on which the account may make buckets; what the tests store there stays.
"""

import hashlib
import os
import random
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from extractors.record import Record, RecordState
from ocr.problem import Code, SohoaError
from storage.folder_store import FolderStore
from storage.objects import ObjectExists, ObjectStore
from storage.records import history, save_draft
from storage.s3 import S3Store
from storage.s3.setup import set_up
from storage.scans import receive, stored_sha256

GIVEN = "SOHOA_TEST_S3"


def _folder(request: pytest.FixtureRequest) -> ObjectStore:
    return FolderStore(request.getfixturevalue("tmp_path") / "store")


def _minio(request: pytest.FixtureRequest) -> ObjectStore:
    store: ObjectStore = request.getfixturevalue("minio_server").new_store()
    return store


def _given(_: pytest.FixtureRequest) -> ObjectStore:
    place, _, options = os.environ[GIVEN].partition("?")
    keys = (os.environ[f"{GIVEN}_{ending}"] for ending in ("ACCESS_KEY", "SECRET_KEY"))
    store = S3Store.at(f"{place}-{uuid.uuid4().hex[:8]}?{options}", *keys)
    set_up(store.connection, 1)
    return store


STORES: dict[str, Callable[[pytest.FixtureRequest], ObjectStore]] = {"folder": _folder, "minio": _minio}
if GIVEN in os.environ:
    STORES["given"] = _given


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest) -> ObjectStore:
    return STORES[request.param](request)


def test_put_and_get(store: ObjectStore) -> None:
    store.put("a/b.json", b"one")
    assert store.get("a/b.json") == b"one"
    assert store.exists("a/b.json")
    assert store.size("a/b.json") == 3


def test_put_replaces(store: ObjectStore) -> None:
    store.put("a/b", b"one")
    store.put("a/b", b"second")
    assert store.get("a/b") == b"second"


def test_empty_object(store: ObjectStore) -> None:
    store.put("a", b"")
    assert store.get("a") == b""
    assert store.size("a") == 0


def test_create_once(store: ObjectStore) -> None:
    store.create("a/r1.json", b"one")
    with pytest.raises(ObjectExists):
        store.create("a/r1.json", b"two")
    assert store.get("a/r1.json") == b"one"


def test_put_file_in_chunks(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"0123456789" * 250_000)
    store.put_file("big", source)
    assert store.size("big") == 2_500_000
    with store.open("big") as path:
        assert path.read_bytes() == source.read_bytes()


def test_a_file_of_many_megabytes_comes_back_whole(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(random.Random(1).randbytes(1 << 20) * 37 + b"end")
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    store.put_file("scans/big", source, sha256)
    assert store.size("scans/big") == source.stat().st_size
    assert stored_sha256(store, "scans/big") == sha256
    with store.open("scans/big") as path:
        assert path.read_bytes() == source.read_bytes()


def test_a_big_file_of_other_content_than_expected_stores_nothing(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(36 << 20))
    with pytest.raises(SohoaError) as caught:
        store.put_file("scans/big", source, "0" * 64)
    assert (caught.value.code, caught.value.problem.retryable) == (Code.PATH_UNREADABLE, True)
    assert not store.exists("scans/big")
    assert list(store.list("scans/")) == []


def test_an_empty_file(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "source").touch()
    store.put_file("a", tmp_path / "source", hashlib.sha256(b"").hexdigest())
    assert store.get("a") == b""
    assert list(store.chunks("a")) == []
    with pytest.raises(SohoaError):
        store.put_file("b", tmp_path / "source", "0" * 64)
    assert not store.exists("b")


def test_a_lent_file_is_there_for_the_block_only_when_it_is_a_copy(store: ObjectStore) -> None:
    store.put("a", b"one")
    with store.open("a") as path:
        assert path.read_bytes() == b"one"
    assert isinstance(store, FolderStore) or not path.parent.exists()


def test_put_file_of_other_content_than_expected_stores_nothing(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"changed")
    with pytest.raises(SohoaError) as caught:
        store.put_file("a", source, "0" * 64)
    assert (caught.value.code, caught.value.problem.retryable) == (Code.PATH_UNREADABLE, True)
    assert not store.exists("a")


def test_put_file_names_the_file_but_no_folder(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(SohoaError) as caught:
        store.put_file("a", tmp_path / "Trần Thị Thử" / "scan.pdf")
    assert caught.value.code is Code.PATH_UNREADABLE
    assert caught.value.problem.file == "scan.pdf"
    assert "Trần" not in str(caught.value)
    assert not store.exists("a")


@pytest.mark.parametrize("read", ["get", "size", "open", "chunks"])
@pytest.mark.parametrize("key", ["absent", "a", "a/b/c"])
def test_missing_object(store: ObjectStore, read: str, key: str) -> None:
    store.put("a/b", b"")
    with pytest.raises(SohoaError) as caught, _Entered(getattr(store, read)(key)) as found:
        list(found)
    assert caught.value.code is Code.OBJECT_MISSING
    assert not store.exists(key)


def test_list_is_in_the_order_of_whole_names(store: ObjectStore) -> None:
    names = ["a/b/r1.json", "a/b/r10.json", "a/b/r2.json", "a/b-c/r1", "a/b.d", "a/b0", "aa", "z/y/x"]
    for name in names:
        store.put(name, b"")
    assert list(store.list("")) == sorted(names)
    assert list(store.list("a/")) == sorted(name for name in names if name.startswith("a/"))
    assert list(store.list("a/b/")) == ["a/b/r1.json", "a/b/r10.json", "a/b/r2.json"]
    assert list(store.list("none/")) == []
    assert list(store.list("aa/")) == []


def test_list_of_a_store_without_objects(store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # in the machine's own lies what others left
    assert list(store.list("")) == []
    assert store.remove_leftovers() == 0


def test_list_of_everything_is_in_the_order_of_whole_names(store: ObjectStore) -> None:
    folders = ("scans", "audit", "records", "pages", "papers", "dossiers", "unknown", "calibration", "holds")
    names = [f"{folder}/{name}" for folder in folders for name in ("a/r1.json", "a-b", "a/r10.json", "z")]
    for name in names:
        store.put(name, b"")
    assert list(store.list("")) == sorted(names)
    assert list(store.list("records/a/")) == ["records/a/r1.json", "records/a/r10.json"]
    assert list(store.list("scans/")) == ["scans/a-b", "scans/a/r1.json", "scans/a/r10.json", "scans/z"]


def test_list_of_more_names_than_one_answer_holds(store: ObjectStore) -> None:
    names = [f"records/r{number:04}" for number in range(1203)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: store.put(name, b""), names))
    assert list(store.list("records/")) == names


@pytest.mark.parametrize("folder", ["scans", "audit", "records", "pages", "erasures"])
def test_erased_objects_are_gone_and_their_names_free(store: ObjectStore, folder: str) -> None:
    key = f"{folder}/a/b"
    for content in (b"one", b"two"):
        store.put(key, content)
    store.put(f"{key}c", b"neighbour")
    store.erase(key)
    assert not store.exists(key)
    assert list(store.list(f"{folder}/")) == [f"{key}c"]
    store.erase(key)
    store.create(key, b"three")
    assert store.get(key) == b"three"


@pytest.mark.parametrize("folder", ["records", "audit", "pages"])
def test_of_several_writers_exactly_one_creates(store: ObjectStore, folder: str) -> None:
    rounds, writers = 25, 4
    start = threading.Barrier(writers)

    def create(writer: int, key: str) -> bool:
        start.wait()
        try:
            store.create(key, f"{writer}".encode())
        except ObjectExists:
            return False
        return True

    with ThreadPoolExecutor(writers) as pool:
        for number in range(rounds):
            key = f"{folder}/{number}/r1.json"
            won = list(pool.map(create, range(writers), [key] * writers))
            assert won.count(True) == 1
            assert store.get(key) == f"{won.index(True)}".encode()


def test_a_scan_is_received_once_and_mended_when_damaged(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "scan.pdf"
    source.write_bytes(b"scan" * 1000)
    first = receive(store, source)
    assert (first.already_held, receive(store, source).already_held) == (False, True)
    (key,) = store.list("scans/")
    store.put(key, b"damaged")
    assert not receive(store, source).already_held
    assert stored_sha256(store, key) == first.sha256


def test_every_revision_of_racing_writers_is_kept(store: ObjectStore, make_record: Callable[..., Record]) -> None:
    writers = 6

    def write(number: int) -> Record:
        return save_draft(store, make_record(state=RecordState.NEEDS_REVIEW, metadata={"page_numbers": (number,)}))

    with ThreadPoolExecutor(writers) as pool:
        written = list(pool.map(write, range(1, writers + 1)))
    kept = history(store, written[0].record_id)
    assert [record.revision for record in kept] == list(range(1, writers + 1))
    assert {record.metadata["page_numbers"][0] for record in kept} == set(range(1, writers + 1))


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", ".tmp/a", "a b", "ă"])
def test_malformed_names_reach_no_object(store: ObjectStore, tmp_path: Path, key: str) -> None:
    for operation in (store.get, store.exists, store.size, store.open, store.erase):
        with pytest.raises(ValueError, match="not an object name"), _Entered(operation(key)):
            pass
    for write in (store.put, store.create):
        with pytest.raises(ValueError, match="not an object name"):
            write(key, b"")
    with pytest.raises(ValueError, match="not an object name"):
        store.put_file(key, tmp_path)
    with pytest.raises(ValueError, match="not an object name"):
        store.list(f"{key}/")


class _Entered:
    """Enter what is a context manager, and let anything else be."""

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __enter__(self) -> Any:
        return getattr(self.thing, "__enter__", lambda: self.thing)()

    def __exit__(self, *_: object) -> None:
        pass
