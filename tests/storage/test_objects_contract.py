"""What every store promises. A new store joins by a line in `STORES`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ocr.problem import Code, SohoaError
from storage.objects import FolderStore, ObjectExists, ObjectStore

STORES: dict[str, Callable[[Path], ObjectStore]] = {"folder": lambda path: FolderStore(path / "store")}


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return STORES[request.param](tmp_path)


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


@pytest.mark.parametrize("read", ["get", "size", "open"])
@pytest.mark.parametrize("key", ["absent", "a", "a/b/c"])
def test_missing_object(store: ObjectStore, read: str, key: str) -> None:
    store.put("a/b", b"")
    with pytest.raises(SohoaError) as caught, _Entered(getattr(store, read)(key)):
        pass
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


def test_list_of_a_store_without_objects(store: ObjectStore) -> None:
    assert list(store.list("")) == []
    assert store.remove_leftovers() == 0


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", ".tmp/a", "a b", "ă"])
def test_malformed_names_reach_no_object(store: ObjectStore, tmp_path: Path, key: str) -> None:
    for operation in (store.get, store.exists, store.size, store.open):
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

    def __enter__(self) -> None:
        getattr(self.thing, "__enter__", lambda: None)()

    def __exit__(self, *_: object) -> None:
        pass
