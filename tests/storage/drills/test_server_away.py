"""A real server that goes away and comes back in the middle of a batch: nothing lost, nothing twice."""

import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.integrity.ledger import Ledger
from storage.key_parsing import parse_record_key
from storage.keys import scan_key
from storage.mirror import mirror
from storage.objects import ObjectStore
from storage.repair import repair
from storage.s3 import S3Store
from storage.s3.accounts import Account, make_accounts
from storage.s3.layout import Bucket
from storage.s3.policies import Role
from storage.scans import receive
from storage.verify import verify
from tests.services.minio import PATIENCE_S, MinioServer
from tests.storage.whole_store import add_dossier, content_of, fill, record_id_of, scan_of, sha_of

COUNT = 24


def ingest_one(store: ObjectStore, catalogue: Catalogue, number: int, folder: Path) -> None:
    """What an ingest writes for one dossier, in its order: original, page text, record, dossier, catalogue."""
    path = folder / f"{number}.pdf"
    path.write_bytes(scan_of(number))
    receive(store, path)
    add_dossier(store, catalogue, number)


def is_complete(store: ObjectStore, catalogue: Catalogue) -> None:
    for number in range(1, COUNT + 1):
        assert store.get(scan_key(sha_of(number))) == scan_of(number)
    revisions = Counter(place.record_id for place in map(parse_record_key, store.list("records/")) if place)
    assert revisions == {record_id_of(number): 1 for number in range(1, COUNT + 1)}
    assert len(list(store.list("dossiers/"))) == COUNT
    assert sorted(row.record_id for row in catalogue.records()) == sorted(revisions)
    assert verify(store, catalogue).findings == ()


def test_a_server_killed_and_back_within_patience_is_not_noticed(
    own_minio_server: MinioServer, catalogue: Catalogue, tmp_path: Path
) -> None:
    store = own_minio_server.new_store()
    kills = 0
    done = threading.Event()

    def kill_again_and_again() -> None:
        nonlocal kills
        while not done.wait(0.4) and kills < 3:
            own_minio_server.kill()
            kills += 1
            time.sleep(0.5)
            own_minio_server.start()

    killer = threading.Thread(target=kill_again_and_again)
    killer.start()
    try:
        number = 0
        while number < COUNT or (kills < 3 and killer.is_alive()):
            number += 1
            ingest_one(store, catalogue, (number - 1) % COUNT + 1, tmp_path)
    finally:
        done.set()
        killer.join()
    assert kills == 3
    is_complete(store, catalogue)


def test_a_server_that_stays_away_is_one_error_and_the_batch_goes_on_later(
    own_minio_server: MinioServer, catalogue: Catalogue, tmp_path: Path
) -> None:
    store = own_minio_server.new_store()
    failed = []
    for number in range(1, COUNT + 1):
        if number == 7:
            own_minio_server.kill()
            store.connection.patience_s = 0.5
        try:
            ingest_one(store, catalogue, number, tmp_path)
        except SohoaError as error:
            assert (error.code, error.problem.retryable) == (Code.STORE_UNREACHABLE, True)  # noqa: PT017
            failed.append(number)
        if number == 9:
            own_minio_server.start()
            store.connection.patience_s = PATIENCE_S
    assert failed == [7, 8, 9]
    for number in range(1, COUNT + 1):  # the clerk runs the same batch again
        ingest_one(store, catalogue, number, tmp_path)
    is_complete(store, catalogue)


@pytest.mark.parametrize("which", ["verify", "mirror"])
def test_upkeep_goes_on_after_its_server_was_away(
    own_minio_server: MinioServer, catalogue: Catalogue, tmp_path: Path, which: str
) -> None:
    store, other = own_minio_server.new_store(), FolderStore(tmp_path / "other")
    impatient = own_minio_server.store(store.connection.address.prefix, patience_s=0.5)
    fill(store, catalogue, tmp_path / "spool")

    def work(store: ObjectStore, kill_at: int | None = None) -> None:
        def watch(done: int, _: int) -> None:
            if done == kill_at:
                own_minio_server.kill()

        with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
            if which == "verify":
                report = verify(store, catalogue, watch, ledger=ledger, threads=1, resume=True)
                assert (report.findings, report.objects) == ((), len(content_of(store)))
            else:
                mirror(store, other, ledger, watch, threads=1)

    with pytest.raises(SohoaError) as refused:
        work(impatient, kill_at=5)
    assert refused.value.code is Code.STORE_UNREACHABLE
    own_minio_server.start()
    work(store)
    if which == "mirror":
        assert content_of(other) == content_of(store)


def test_bytes_that_rotted_on_the_servers_disk_are_replaced_from_the_copy(
    own_minio_server: MinioServer, catalogue: Catalogue, tmp_path: Path
) -> None:
    store, copy = own_minio_server.new_store(), FolderStore(tmp_path / "copy")
    scan = tmp_path / "big.pdf"
    scan.write_bytes(b"%PDF-1.7" + bytes(range(256)) * 4096)
    received = receive(store, scan)
    mirror(store, copy, Ledger.in_memory())
    # In the bucket alone: beside it the server makes and removes files of its own at any moment.
    (part,) = (own_minio_server.data / store.connection.bucket(Bucket.ORIGINALS)).rglob("part.1")
    rotten = bytearray(part.read_bytes())
    rotten[len(rotten) // 2] ^= 1
    part.write_bytes(rotten)

    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        report = verify(store, catalogue, ledger=ledger)
        assert [finding.code for finding in report.findings] == [Code.OBJECT_DAMAGED]
        done = repair(store, copy, catalogue, report.findings, ledger)
        assert done.repaired == (scan_key(received.sha256),)
        assert verify(store, catalogue, ledger=ledger).findings == ()
    assert store.get(scan_key(received.sha256)) == scan.read_bytes()


def test_a_steward_may_check_repair_and_copy_and_a_reader_may_not(
    minio_server: MinioServer, catalogue: Catalogue, tmp_path: Path
) -> None:
    root = minio_server.new_store()
    made = make_accounts(root.connection, tmp_path / "accounts")
    accounts = {account.role: _store_of(minio_server, root, account) for account in made}
    fill(root, catalogue, tmp_path / "spool")
    copy = FolderStore(tmp_path / "copy")
    mirror(accounts[Role.STEWARD], copy, Ledger.in_memory())
    assert content_of(copy) == content_of(root)

    with pytest.raises(SohoaError) as refused:
        verify(accounts[Role.READER], catalogue)
    assert refused.value.code is Code.STORE_UNWRITABLE  # holds and requests are not a reader's to see

    for key in (scan_key(sha_of(1)), *root.list("holds/")):
        root.put(key, b"{")
    ledger = Ledger.in_memory()
    report = verify(accounts[Role.STEWARD], catalogue, ledger=ledger)
    done = repair(accounts[Role.STEWARD], copy, catalogue, report.findings, ledger)
    assert len(done.repaired) == 2 and done.left == ()
    assert content_of(copy) == content_of(root)


def _store_of(server: MinioServer, root: S3Store, account: Account) -> S3Store:
    assert account.file is not None
    lines = account.file.read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line.startswith("SOHOA_STORE_"))
    address = server.url(root.connection.address.prefix)
    return S3Store.at(address, given["SOHOA_STORE_ACCESS_KEY"], given["SOHOA_STORE_SECRET_KEY"])
