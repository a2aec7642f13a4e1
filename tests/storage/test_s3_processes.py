"""Several processes on one server, and a server that is reached over TLS."""

import datetime as dt
import ipaddress
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ocr.problem import Code, SohoaError
from storage.records import history
from storage.s3 import S3Store
from storage.s3.setup import set_up
from tests.services.minio import ACCESS_KEY, PATIENCE_S, SECRET_KEY, MinioServer, minio_or_skip, running_minio

ROUNDS = 200
CREATE = f"""
import json, sys
from storage.objects import ObjectExists
from storage.s3 import S3Store
store, name = S3Store.at(*sys.argv[1:4]), sys.argv[4]
print("ready", flush=True)
sys.stdin.readline()
won = []
for number in range({ROUNDS}):
    try:
        store.create(f"records/{{number}}/r1.json", name.encode())
        won.append(number)
    except ObjectExists:
        pass
print(json.dumps(won))
"""
SAVE = """
import json, sys
from datetime import UTC, datetime
from extractors.record import Provenance, Record, RecordState, SourcePage
from storage.records import save_draft
from storage.s3 import S3Store
store, name = S3Store.at(*sys.argv[1:4]), sys.argv[4]
print("ready", flush=True)
sys.stdin.readline()
for number in range(30):
    save_draft(store, Record(
        record_id="r" + "a" * 24, revision=1, state=RecordState.NEEDS_REVIEW, dossier_id="hs-001",
        paper_type="giay-khai-sinh", paper_type_version=1, fields={}, metadata={"page_numbers": (number, name)},
        source=(SourcePage(file="scan.pdf", page_number=1, sha256="0" * 64),),
        provenance=Provenance(paper_type_fingerprint="f", software="s", created_at=datetime(2024, 5, 6, tzinfo=UTC)),
    ))
print("[]")
"""


@pytest.fixture
def race(minio_server: MinioServer, start_python: Callable[..., "subprocess.Popen[str]"]):
    """Run a program twice at once on a new store; returns the store and what each printed last."""

    def run(program: str) -> tuple[S3Store, list[list[int]]]:
        store = minio_server.new_store()
        url = minio_server.url(store.connection.address.prefix)
        started = [start_python(program, url, ACCESS_KEY, SECRET_KEY, name, stdin=subprocess.PIPE) for name in "ab"]
        for process in started:
            assert process.stdout.readline() == "ready\n"
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        return store, [json.loads(process.communicate(timeout=240)[0]) for process in started]

    return run


def test_of_two_processes_exactly_one_creates_each_name(race: Callable[..., tuple[S3Store, list[list[int]]]]) -> None:
    store, (first, second) = race(CREATE)
    assert sorted(first + second) == list(range(ROUNDS))
    assert {store.get(f"records/{number}/r1.json") for number in first} <= {b"a"}
    assert {store.get(f"records/{number}/r1.json") for number in second} <= {b"b"}


def test_no_revision_of_two_processes_is_lost(race: Callable[..., tuple[S3Store, list[list[int]]]]) -> None:
    store, _ = race(SAVE)
    kept = history(store, "r" + "a" * 24)
    assert [record.revision for record in kept] == list(range(1, 61))
    assert len({tuple(record.metadata["page_numbers"]) for record in kept}) == 60


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder with a certificate for loopback that signs itself, and its key, as MinIO looks for them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kho thu nghiem")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path / "certs"
    folder.mkdir()
    (folder / "public.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "private.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


def test_the_server_is_known_by_its_certificate(tmp_path: Path, certificates: Path) -> None:
    minio_or_skip()
    data = tmp_path / "minio"
    data.mkdir()
    with running_minio(data, certificates) as server:
        store = S3Store.at(
            server.url("t-tls"), ACCESS_KEY, SECRET_KEY, certificates / "public.crt", patience_s=PATIENCE_S
        )
        set_up(store.connection, 1)
        store.create("records/a", b"one")
        assert store.get("records/a") == b"one"
        stranger = S3Store.at(server.url("t-tls"), ACCESS_KEY, SECRET_KEY, patience_s=5)
        plain = S3Store.at(f"{server.url('t-tls')}?tls=0", ACCESS_KEY, SECRET_KEY, patience_s=0.2)
        for other in (stranger, plain):
            with pytest.raises(SohoaError) as caught:
                other.get("records/a")
            assert caught.value.code is Code.STORE_UNREACHABLE
