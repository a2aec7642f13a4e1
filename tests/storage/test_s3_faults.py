"""A store on a server when servers, networks, drives and accounts fail."""

import hashlib
import io
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from minio.commonconfig import GOVERNANCE

from ocr.problem import Code, SohoaError
from storage.keys import scan_key
from storage.objects import ObjectExists
from storage.s3 import S3Store, probe
from storage.s3.client import Session
from storage.s3.layout import PROBE_NAME
from storage.s3.setup import set_up
from storage.scans import receive, stored_sha256
from tests.services.faulty_proxy import FaultyProxy, faulty_proxy
from tests.services.minio import ACCESS_KEY, PATIENCE_S, SECRET_KEY, MinioServer

BIG = random.Random(2).randbytes(3_000_000)


@pytest.fixture
def store(own_minio_server: MinioServer) -> S3Store:
    return own_minio_server.new_store()


@pytest.fixture
def proxied(minio_server: MinioServer) -> Iterator[tuple[S3Store, FaultyProxy]]:
    """A store reached through a proxy that loses things when told to."""
    prefix = minio_server.new_store().connection.address.prefix
    with faulty_proxy(minio_server.address) as proxy:
        yield _at(proxy.address, prefix), proxy


def _at(address: str, prefix: str, patience_s: float = PATIENCE_S, secret_key: str = SECRET_KEY) -> S3Store:
    return S3Store.at(f"s3://{address}/{prefix}?tls=0", ACCESS_KEY, secret_key, patience_s=patience_s)


def _code(work: Callable[[], object]) -> tuple[Code, bool]:
    with pytest.raises(SohoaError) as caught:
        work()
    assert SECRET_KEY not in str(caught.value)
    assert "X-Amz" not in str(caught.value)
    return caught.value.code, caught.value.problem.retryable


def test_a_stopped_server_is_unreachable_and_works_again_after_its_start(own_minio_server: MinioServer) -> None:
    store = own_minio_server.new_store()
    store.create("records/a", b"before")
    own_minio_server.stop()
    store.connection.patience_s = 1
    for work in (
        lambda: store.put("records/b", b""),
        lambda: store.create("records/b", b""),
        lambda: store.get("records/a"),
        lambda: store.exists("records/a"),
        lambda: list(store.list("records/")),
        lambda: store.erase("records/a"),
    ):
        assert _code(work) == (Code.STORE_UNREACHABLE, True)
    own_minio_server.start()
    store.connection.patience_s = PATIENCE_S
    assert store.get("records/a") == b"before"
    store.put("records/b", b"after")
    assert store.get("records/b") == b"after"


def test_what_was_acknowledged_survives_kills_in_the_middle_of_writing(
    own_minio_server: MinioServer, store: S3Store, tmp_path: Path
) -> None:
    kept: list[str] = []
    is_over = threading.Event()

    def store_scans(writer: int) -> None:
        for number in count():
            if is_over.is_set():
                return
            path = tmp_path / f"{writer}-{number}"
            path.write_bytes(random.Random(f"{writer}-{number}").randbytes(150_000))
            kept.append(receive(store, path).sha256)

    def wait_for_more() -> None:
        before = len(kept)
        while len(kept) < before + 8:
            assert all(writer.is_alive() for writer in writers)
            time.sleep(0.01)

    writers = [threading.Thread(target=store_scans, args=(writer,)) for writer in range(3)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(2):
            wait_for_more()
            own_minio_server.kill()
            own_minio_server.start()
        wait_for_more()
    finally:
        is_over.set()
        for writer in writers:
            writer.join()
    own_minio_server.kill()
    own_minio_server.start()
    assert len(kept) > 20
    assert [sha256 for sha256 in kept if stored_sha256(store, scan_key(sha256)) != sha256] == []


def test_an_object_whose_bytes_are_damaged_on_the_drive_is_damaged(own_minio_server: MinioServer) -> None:
    store = own_minio_server.new_store()
    for key, size in (("records/small", 5000), ("records/big", 3_000_000)):
        store.put(key, BIG[:size])
        _damage(own_minio_server, key)
        assert _code(lambda key=key: store.get(key)) == (Code.OBJECT_DAMAGED, False)
        assert store.exists(key)


def test_a_damaged_scan_is_mended_by_receiving_it_again(own_minio_server: MinioServer, tmp_path: Path) -> None:
    store = own_minio_server.new_store()
    source = tmp_path / "scan.pdf"
    source.write_bytes(BIG)
    key = scan_key(receive(store, source).sha256)
    _damage(own_minio_server, key)
    assert not receive(store, source).already_held
    assert stored_sha256(store, key) == hashlib.sha256(BIG).hexdigest()


def _damage(server: MinioServer, key: str) -> None:
    (folder,) = (folder for folder in server.data.glob(f"*/{key}") if folder.is_dir())
    file = max((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)


def test_a_lost_answer_to_a_create_is_success(proxied: tuple[S3Store, FaultyProxy]) -> None:
    store, proxy = proxied
    proxy.answers_to_lose = 1
    store.create("records/a", b"mine")
    assert proxy.answers_to_lose == 0
    assert store.get("records/a") == b"mine"
    with pytest.raises(ObjectExists):
        store.create("records/a", b"mine")


def test_a_lost_answer_does_not_hide_that_another_was_first(
    proxied: tuple[S3Store, FaultyProxy], minio_server: MinioServer
) -> None:
    store, proxy = proxied
    minio_server.store(store.connection.address.prefix).create("records/a", b"another")
    proxy.answers_to_lose = 1
    with pytest.raises(ObjectExists):
        store.create("records/a", b"mine")
    assert store.get("records/a") == b"another"


@pytest.mark.parametrize("cut_at_bytes", [0, 10, 1000, 1_000_000, 3_000_000])
def test_a_cut_answer_is_read_on_from_where_it_was_cut(proxied: tuple[S3Store, FaultyProxy], cut_at_bytes: int) -> None:
    store, proxy = proxied
    store.put("records/big", BIG)
    proxy.answers_to_cut, proxy.cut_at_bytes = 2, cut_at_bytes
    assert store.get("records/big") == BIG
    assert proxy.answers_to_cut < 2
    with store.open("records/big") as path:
        assert path.read_bytes() == BIG


def test_an_upload_in_parts_survives_lost_answers(proxied: tuple[S3Store, FaultyProxy], tmp_path: Path) -> None:
    store, proxy = proxied
    source = tmp_path / "big"
    source.write_bytes(BIG * 8)
    for lost in (1, 2, 3):
        proxy.answers_to_lose = lost
        store.put_file(f"scans/{lost}", source, hashlib.sha256(BIG * 8).hexdigest())
        assert stored_sha256(store, f"scans/{lost}") == hashlib.sha256(BIG * 8).hexdigest()


@pytest.mark.parametrize(
    ("status", "s3_code", "expected"),
    [
        (507, "XMinioStorageFull", (Code.STORE_FULL, True)),
        (400, "XMinioAdminBucketQuotaExceeded", (Code.STORE_FULL, True)),
        (403, "QuotaExceeded", (Code.STORE_FULL, True)),
        (403, "AccessDenied", (Code.STORE_UNWRITABLE, False)),
        (403, "SignatureDoesNotMatch", (Code.STORE_UNWRITABLE, False)),
        (404, "NoSuchBucket", (Code.STORE_UNFIT, False)),
        (501, "NotImplemented", (Code.STORE_UNFIT, False)),
        (503, "SlowDown", (Code.STORE_UNREACHABLE, True)),
        (503, "", (Code.STORE_UNREACHABLE, True)),
        (500, "InternalError", (Code.STORE_UNREACHABLE, True)),
    ],
)
@pytest.mark.parametrize("write", ["put", "create"])
def test_what_the_server_answers(
    proxied: tuple[S3Store, FaultyProxy], write: str, status: int, s3_code: str, expected: tuple[Code, bool]
) -> None:
    store, proxy = proxied
    store.connection.patience_s = 1.0
    body = f"<Error><Code>{s3_code}</Code><Message>{SECRET_KEY}</Message></Error>".encode() if s3_code else b"oops"
    kind = "application/xml" if s3_code else "text/html"
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    proxy.canned = head.encode() + body
    assert _code(lambda: getattr(store, write)("records/a", b"one")) == expected
    assert proxy.requests > 1 if expected[0] is Code.STORE_UNREACHABLE else proxy.requests == 1


def test_wrong_credentials_and_missing_buckets(minio_server: MinioServer) -> None:
    prefix = minio_server.new_store().connection.address.prefix
    stranger = _at(minio_server.address, prefix, secret_key="wrong-secret")
    nowhere = _at(minio_server.address, "t-nowhere")
    for work in (lambda store: store.put("a", b""), lambda store: store.create("a", b""), lambda store: store.get("a"),
                 lambda store: store.exists("a"), lambda store: list(store.list("scans/"))):  # fmt: skip
        assert _code(lambda work=work: work(stranger)) == (Code.STORE_UNWRITABLE, False)
        assert _code(lambda work=work: work(nowhere)) == (Code.STORE_UNFIT, False)


def test_nobody_is_there(tmp_path: Path) -> None:
    with faulty_proxy("127.0.0.1:1") as proxy:
        assert _code(lambda: _at(proxy.address, "t", 0.5).get("a")) == (Code.STORE_UNREACHABLE, True)
    assert _code(lambda: _at("khong-co.invalid:9000", "t", 0.5).get("a")) == (Code.STORE_UNREACHABLE, True)
    assert _code(lambda: _at("127.0.0.1:1", "t", 0.5).exists("a")) == (Code.STORE_UNREACHABLE, True)
    with pytest.raises(SohoaError, match="SOHOA_STORE_CA_FILE"):
        S3Store.at("s3://127.0.0.1:1/t", "a", "b", tmp_path / "absent")


def test_the_secret_is_not_shown(minio_server: MinioServer) -> None:
    store = minio_server.new_store()
    assert SECRET_KEY not in repr(store.connection) + repr(store)


def test_a_forked_process_has_connections_of_its_own(
    minio_server: MinioServer, start_python: Callable[..., "subprocess.Popen[str]"]
) -> None:
    """In a program of its own: the test runner has threads."""
    program = """
import os, sys
from storage.s3 import S3Store, probe
from storage.s3.client import Session
from storage.s3.setup import set_up
store = S3Store.at(*sys.argv[1:4])
store.put("records/a", b"one")
children = []
for number in range(4):
    child = os.fork()
    if not child:
        ok = all(store.get("records/a") == b"one" for _ in range(50))
        store.put(f"records/{number}", b"child")
        os._exit(0 if ok else 1)
    children.append(child)
assert all(store.get("records/a") == b"one" for _ in range(50))
assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
print(len(list(store.list("records/"))))
"""
    prefix = minio_server.new_store().connection.address.prefix
    process = start_python(program, minio_server.url(prefix), ACCESS_KEY, SECRET_KEY)
    assert process.communicate(timeout=240)[0] == "5\n"


def test_copies_that_a_killed_process_was_lent_are_removed(
    minio_server: MinioServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = minio_server.new_store()
    store.put("a", b"one")
    lending = store.open("a")  # kept: as garbage it would be closed
    lent = lending.__enter__().parent
    assert lent.stat().st_mode & 0o777 == 0o700
    assert store.remove_leftovers() == 0
    os.utime(lent, (0, 0))
    assert store.remove_leftovers() == 1
    assert not lent.exists()
    del lending


def test_a_server_that_overwrites_in_spite_of_the_condition_is_refused(
    proxied: tuple[S3Store, FaultyProxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "put_if_free", lambda *_: True)
    assert _code(lambda: set_up(proxied[0].connection)) == (Code.STORE_UNFIT, False)


def test_a_server_that_keeps_the_condition_only_without_a_race_is_refused(
    minio_server: MinioServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = minio_server.new_store()
    everybody_looked = threading.Barrier(probe._RACERS, timeout=PATIENCE_S)

    def looks_first(session: Session, bucket: str, key: str, data: bytes) -> bool:
        is_there = any(session.client.list_objects(bucket, prefix=key))
        if key != PROBE_NAME:
            everybody_looked.wait()
        if not is_there:
            session.client.put_object(bucket, key, io.BytesIO(data), len(data))
        return not is_there

    monkeypatch.setattr(probe, "put_if_free", looks_first)
    assert probe.is_conditional(store.connection)
    assert _code(lambda: set_up(store.connection)) == (Code.STORE_UNFIT, False)


def test_originals_and_the_read_log_are_locked(minio_server: MinioServer) -> None:
    store = minio_server.new_store()
    store.put("scans/a", b"one")
    store.create("audit/a", b"one")
    client = store.connection.session().client
    for bucket, key in (("originals", "scans/a"), ("audit", "audit/a")):
        name = f"{store.connection.address.prefix}-{bucket}"
        retention = client.get_object_retention(name, key)
        assert retention is not None and retention.mode == GOVERNANCE
        version = client.stat_object(name, key).version_id
        with pytest.raises(Exception, match="InvalidRequest"):
            client.remove_object(name, key, version_id=version)
    store.erase("scans/a")
    assert not store.exists("scans/a")
