"""Setting a store up on a server, and what each of its accounts may do there."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ocr.problem import Code, SohoaError
from storage.objects import ObjectExists
from storage.s3 import S3Store
from storage.s3.accounts import AccountState, make_accounts
from storage.s3.examination import examine_server
from storage.s3.layout import Bucket, bucket_of
from storage.s3.policies import Role, policy_of
from storage.s3.retention import extend_retention
from storage.s3.setup import StepResult, set_up
from tests.services.minio import PATIENCE_S, SECRET_KEY, MinioServer


@pytest.fixture
def bare(minio_server: MinioServer) -> S3Store:
    """A store that was not set up yet."""
    return minio_server.store(f"t-{uuid.uuid4().hex[:12]}")


def test_setting_up_again_changes_nothing(bare: S3Store) -> None:
    first = {(step.bucket, step.feature): step for step in set_up(bare.connection, 10, encrypt=True)}
    again = set_up(bare.connection, encrypt=True)
    assert {step.result for step in again if step.feature != "unfinished-uploads"} == {StepResult.KEPT}
    assert len(again) == len(first)
    assert [step.remark for step in again if step.feature == "object-lock"] == ["10 ngày", "10 ngày"]
    longer = set_up(bare.connection, 20)
    assert [step.result for step in longer if step.feature == "object-lock"] == [StepResult.MADE] * 2


def test_what_is_stored_is_encrypted_where_asked_for(minio_server: MinioServer, bare: S3Store) -> None:
    set_up(bare.connection, encrypt=True)
    secret = b"Nguyen Van Thu " * 20_000
    bare.put("scans/a", secret)
    assert bare.get("scans/a") == secret
    # In the bucket alone: beside it the server makes and removes files of its own at any moment.
    stored = list((minio_server.data / bare.connection.bucket(Bucket.ORIGINALS)).rglob("part.*"))
    assert stored and all(b"Nguyen Van Thu" not in path.read_bytes() for path in stored)
    assert {finding.feature: finding.value for finding in examine_server(bare.connection)}["encryption"] == "SSE-S3"


def test_a_server_is_described(bare: S3Store) -> None:
    before = {finding.feature: finding for finding in examine_server(bare.connection)}
    assert before["server"].value == "MinIO"
    assert before["buckets"].value is None
    set_up(bare.connection, 7)
    after = {finding.feature: finding.value for finding in examine_server(bare.connection)}
    assert after["conditional-put"] == "If-None-Match"
    assert after["versioning"] == "on"
    assert after["object-lock"] == "governance, 7 ngày"
    assert after["encryption"] is None
    assert list(bare.list("")) == []


def test_a_bucket_that_somebody_made_without_lock_is_told_of(bare: S3Store) -> None:
    client = bare.connection.session().client
    client.make_bucket(bare.connection.bucket(Bucket.AUDIT))
    refused = [step for step in set_up(bare.connection) if step.result is StepResult.REFUSED]
    assert ("object-lock", bare.connection.bucket(Bucket.AUDIT)) in {(step.feature, step.bucket) for step in refused}
    findings = {finding.feature: finding for finding in examine_server(bare.connection)}
    assert findings["object-lock"].value is None
    assert findings["object-lock"].problem == bare.connection.bucket(Bucket.AUDIT)


def test_retention_is_lengthened_and_never_shortened(bare: S3Store) -> None:
    set_up(bare.connection, 1)
    for key in ("scans/a", "scans/b", "audit/c", "records/d"):
        bare.put(key, b"one")
    first = extend_retention(bare, 30)
    assert (first.objects, first.extended) == (3, 3)
    for days in (30, 2):
        again = extend_retention(bare, days)
        assert (again.objects, again.extended) == (3, 0)
    client = bare.connection.session().client
    held = client.get_object_retention(bare.connection.bucket(Bucket.ORIGINALS), "scans/a")
    assert held is not None and held.retain_until_date > datetime.now(UTC) + timedelta(days=29)


def test_kinds_of_objects_lie_where_they_belong() -> None:
    found = {folder: bucket_of(f"{folder}/x").value for folder in ("scans", "audit", "holds", "records", "pages", "?")}
    assert found == {
        "scans": "originals", "audit": "audit", "holds": "audit", "records": "records", "pages": "derived",
        "?": "records",
    }  # fmt: skip


KEYS = {
    "scan": "scans/a", "page": "pages/a", "record": "records/a", "dossier": "dossiers/a", "read log": "audit/a",
    "calibration": "calibration/r1.json", "hold": "holds/a", "erasure": "erasures/a", "request": "requests/a",
}  # fmt: skip
ROLES_THAT_MAY_STORE = {
    "scan": "WSE", "page": "WSE", "record": "WSE", "dossier": "WSE", "read log": "RWSE", "calibration": "SE",
    "hold": "SE", "erasure": "SE", "request": "SE",
}  # fmt: skip
ROLES_THAT_MAY_READ = dict.fromkeys(("scan", "page", "record", "dossier", "read log", "calibration"), "RWSE")
ERASABLE = {"scan", "page", "record", "dossier", "calibration", "request"}


@pytest.fixture(scope="module")
def accounts(minio_server: MinioServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, S3Store]:
    """The same store through each of its accounts, and through the server's own (`root`), by first letter."""
    folder = tmp_path_factory.mktemp("home") / "store-accounts"
    root = minio_server.new_store()
    made = make_accounts(root.connection, folder)
    assert [account.state for account in made] == [AccountState.MADE] * 4
    assert [account.state for account in make_accounts(root.connection, folder)] == [AccountState.KEPT] * 4
    stores = {"root": root}
    for account in made:
        assert account.file is not None and account.file.stat().st_mode & 0o777 == 0o600
        lines = dict(line.split("=", 1) for line in account.file.read_text().split())
        url = minio_server.url(root.connection.address.prefix)
        store = S3Store.at(url, lines["SOHOA_STORE_ACCESS_KEY"], lines["SOHOA_STORE_SECRET_KEY"], patience_s=PATIENCE_S)
        stores[account.role.value[0].upper()] = store
    return stores


def _may(work: Callable[[], object]) -> bool:
    try:
        work()
    except ObjectExists:
        return True
    except SohoaError as error:
        if error.code is not Code.STORE_UNWRITABLE:
            raise
        return False
    return True


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_what_accounts_may_do(accounts: dict[str, S3Store], kind: str) -> None:
    key = KEYS[kind]
    accounts["root"].put(key, b"before")
    for letter in "RWSE":
        store = accounts[letter]
        assert _may(lambda store=store: store.put(key, b"again")) == (letter in ROLES_THAT_MAY_STORE[kind]), letter
        assert _may(lambda store=store: store.create(f"{key}{store.connection.access_key}", b"")) == (
            letter in ROLES_THAT_MAY_STORE[kind]
        )
        assert _may(lambda store=store: store.get(key)) == (letter in ROLES_THAT_MAY_READ.get(kind, "SE")), letter
        assert key in list(store.list(f"{key.partition('/')[0]}/"))
        if letter != "E":
            assert not _may(lambda store=store: store.erase(key)), letter
    assert accounts["root"].exists(key)
    assert _may(lambda: accounts["E"].erase(key)) == (kind in ERASABLE)
    assert accounts["root"].exists(key) == (kind not in ERASABLE)


def test_only_the_eraser_gets_past_the_lock(accounts: dict[str, S3Store]) -> None:
    root = accounts["root"]
    root.put("scans/locked", b"one")
    name = root.connection.bucket(Bucket.ORIGINALS)
    version = root.connection.session().client.stat_object(name, "scans/locked").version_id
    for letter in "RWSE":
        client = accounts[letter].connection.session().client
        with pytest.raises(Exception, match="AccessDenied" if letter != "E" else "InvalidRequest"):
            client.remove_object(name, "scans/locked", version_id=version)
    accounts["E"].erase("scans/locked")
    assert not root.exists("scans/locked")


def test_each_account_can_examine_the_server_and_none_but_the_root_makes_accounts(
    accounts: dict[str, S3Store], tmp_path: Path
) -> None:
    for letter in "RWSE":
        found = {finding.feature: finding.value for finding in examine_server(accounts[letter].connection)}
        assert found["versioning"] == "on" and found["object-lock"] == "governance, 1 ngày"
        assert found["conditional-put"] == ("?" if letter == "R" else "If-None-Match")
        with pytest.raises(SohoaError) as caught:
            make_accounts(accounts[letter].connection, tmp_path)
        assert caught.value.code is Code.STORE_UNFIT
    assert list(tmp_path.iterdir()) == []


def test_each_role_may_what_the_one_before_it_may() -> None:
    before: list[dict[str, list[str]]] = []
    for role in Role:
        policy = policy_of(role, "t")
        assert policy["Statement"][: len(before)] == before
        before = policy["Statement"]
        assert not [action for statement in before for action in statement["Action"] if "*" in action]


def test_the_commands(minio_server: MinioServer, tmp_path: Path) -> None:
    settings = minio_server.settings(f"t-{uuid.uuid4().hex[:12]}")

    def sohoa(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
        command = [str(Path(sys.executable).with_name("sohoa")), *arguments, "--home", str(tmp_path / "home")]
        answer = subprocess.run(command, env={**kept, **more}, capture_output=True, text=True, check=False)
        assert SECRET_KEY not in answer.stdout + answer.stderr
        return answer

    assert "không phải chuẩn bị" in sohoa("store", "init").stdout
    before = json.loads(sohoa("doctor", "--json", **settings).stdout)["checks"]
    assert [row["found"] for row in before if row["name"] == "kho: bucket"] == [False]
    made = sohoa("store", "init", "--accounts", "--json", **settings)
    assert made.returncode == 0, made.stderr
    assert [account["role"] for account in json.loads(made.stdout)["accounts"]] == [role.value for role in Role]
    after = json.loads(sohoa("doctor", "--json", **settings).stdout)["checks"]
    assert [row["version"] for row in after if row["name"].startswith("kho: ghi")] == ["If-None-Match"]
    assert sohoa("store", "extend-retention", **settings).stdout == "Đã xem 0 đối tượng, gia hạn 0.\n"
    assert sohoa("store", "policies", "--out", str(tmp_path / "out"), **settings).returncode == 0
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == sorted(role.value for role in Role)
    minio_secret = {**settings, "SOHOA_STORE_SECRET_KEY": "wrong"}
    assert sohoa("store", "init", **minio_secret).returncode == 4
