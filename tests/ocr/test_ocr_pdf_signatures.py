"""Digital signatures: signed for real with keys made here, then kept, changed, broken and cut."""

import io
import json
import logging
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore

from flows.signature_view import VIETNAM, is_sound, signature_line
from ocr.pdf_signatures import pdf_signatures
from ocr.read_page import read_page_of
from ocr.scan import ScanKind
from ocr.signature import PdfSignature, SignatureKind, SignatureState, TimeSource
from ocr.signature_check import signatures_of
from tests.ocr.written_pdf import Sheet, Text, write_pdf

NOW = datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)
AGENCY = "Ủy ban nhân dân xã Tịnh Điền"
PERSON = "Nguyễn Thị Thử"


def identity(
    name: str = PERSON,
    *,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None,
    valid: tuple[datetime, datetime] = (NOW - timedelta(days=300), NOW + timedelta(days=300)),
    is_clock: bool = False,
) -> tuple[x509.Certificate, keys.PrivateKeyInfo]:
    """A certificate with its key, as asn1crypto holds them."""
    key = key or rsa_key(2048)
    names = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, AGENCY), (NameOID.COMMON_NAME, name)]
    issuer = [(NameOID.COMMON_NAME, "Cơ quan chứng thực thử nghiệm")]
    builder = (
        pyca.CertificateBuilder()
        .subject_name(pyca.Name([pyca.NameAttribute(oid, value) for oid, value in names]))
        .issuer_name(pyca.Name([pyca.NameAttribute(oid, value) for oid, value in issuer]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
    )
    if is_clock:
        usage = pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    encoded = certificate.public_bytes(serialization.Encoding.DER)
    return x509.Certificate.load(encoded), keys.PrivateKeyInfo.load(private)


@lru_cache(maxsize=4)
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def sign(
    pdf: bytes,
    who: tuple[x509.Certificate, keys.PrivateKeyInfo] | None = None,
    *,
    field: str = "Signature1",
    digest: str = "sha256",
    clock: timestamps.TimeStamper | None = None,
    certify: bool = False,
    subfilter: fields.SigSeedSubFilter = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
) -> bytes:
    certificate, key = who or identity()
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=SimpleCertificateStore())
    metadata = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm=digest, certify=certify, subfilter=subfilter, name=PERSON
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return signers.PdfSigner(metadata, signer, timestamper=clock).sign_pdf(writer).getvalue()


def listed(tmp_path: Path, pdf: bytes) -> list[PdfSignature]:
    """What the program tells, through the noun that is stored; in this process, to be quick."""
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    return [PdfSignature.model_validate_json(json.dumps(entry)) for entry in signatures_of(path)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> bytes:
    sheet = Sheet([Text("QUYẾT ĐỊNH", 250, 100), Text("Về việc thử nghiệm", 230, 130)])
    return write_pdf(tmp_path_factory.mktemp("plain") / "act.pdf", [sheet]).read_bytes()


@pytest.fixture(scope="module")
def signed(plain) -> bytes:
    return sign(plain)


def test_an_unsigned_file_has_no_signatures(tmp_path, plain):
    path = tmp_path / "act.pdf"
    path.write_bytes(plain)
    assert pdf_signatures(path) == ()
    empty = tmp_path / "empty.pdf"
    empty.touch()
    assert pdf_signatures(empty) == ()


def test_who_signed_when_and_that_nothing_changed(tmp_path, signed):
    (signature,) = listed(tmp_path, signed)
    assert signature.state is SignatureState.INTACT
    assert signature.kind is SignatureKind.SIGNATURE
    assert signature.covers_whole_file
    assert (signature.signer, signature.organization) == (PERSON, AGENCY)
    assert signature.issuer == "Cơ quan chứng thực thử nghiệm"
    assert (signature.valid_from, signature.valid_until) == (NOW - timedelta(days=300), NOW + timedelta(days=300))
    assert len(signature.certificate_sha256) == 64
    assert signature.time_source is TimeSource.SIGNER
    assert abs(signature.signed_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert signature.digest == "sha256" and signature.note is None
    assert signature.trust.value == "not-checked"


def test_the_program_tells_the_same_as_the_function(tmp_path, signed):
    expected = listed(tmp_path, signed)
    assert list(pdf_signatures(tmp_path / "signed.pdf")) == expected


def test_a_changed_byte_of_the_page_is_found(tmp_path, signed):
    place = signed.index(b"stream") + 30
    (signature,) = listed(tmp_path, signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :])
    assert signature.state is SignatureState.ALTERED
    assert signature.organization == AGENCY


def test_a_page_changed_by_a_later_update_is_found(tmp_path, signed):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Rotate")] = pdf_name("/X")
    writer.update_container(page)
    changed = io.BytesIO()
    writer.write(changed)
    (signature,) = listed(tmp_path, changed.getvalue())
    assert signature.state is SignatureState.CHANGED_LATER
    assert not signature.covers_whole_file


def test_bytes_after_the_end_are_found(tmp_path, signed):
    (signature,) = listed(tmp_path, signed + b"\n% more\n")
    assert not signature.covers_whole_file


def test_a_second_signature_is_an_allowed_change(tmp_path, signed):
    both = sign(signed, identity("Trần Văn Mẫu"), field="Signature2")
    first, second = listed(tmp_path, both)
    assert (first.field, second.field) == ("Signature1", "Signature2")
    assert first.state is second.state is SignatureState.INTACT
    assert (first.covers_whole_file, second.covers_whole_file) == (False, True)
    assert second.signer == "Trần Văn Mẫu"


def test_a_certification_is_named_so(tmp_path, plain):
    (signature,) = listed(tmp_path, sign(plain, certify=True))
    assert (signature.kind, signature.state) == (SignatureKind.CERTIFICATION, SignatureState.INTACT)


def clock(when: datetime) -> timestamps.TimeStamper:
    certificate, key = identity("Máy chủ thời gian thử", is_clock=True)
    return timestamps.DummyTimeStamper(certificate, key, fixed_dt=when)


def test_the_time_of_a_token_goes_before_that_of_the_signer(tmp_path, plain):
    (signature,) = listed(tmp_path, sign(plain, clock=clock(NOW)))
    assert (signature.signed_at, signature.time_source) == (NOW, TimeSource.TIMESTAMP_TOKEN)
    assert signature.state is SignatureState.INTACT and is_sound(signature)
    assert signature_line(signature) == (
        f"Chữ ký số: {AGENCY} ({PERSON}), ký lúc 02/03/2026 10:04 (dấu thời gian), nguyên vẹn, chưa xác minh chứng thư"
    )


def test_a_token_about_another_signature_gives_no_time(tmp_path, plain):
    class Borrowed(timestamps.DummyTimeStamper):
        """Stamps something else than it is given."""

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str):
            return await super().async_timestamp(bytes(len(message_digest)), md_algorithm)

    certificate, key = identity("Máy chủ thời gian thử", is_clock=True)
    (signature,) = listed(tmp_path, sign(plain, clock=Borrowed(certificate, key, fixed_dt=NOW)))
    assert signature.time_source is TimeSource.SIGNER
    assert signature.weaknesses == ("timestamp-broken",)
    assert not is_sound(signature)


class LocalTimeAsUtc(signers.SimpleSigner):
    """Signs as the tools of Vietnamese agencies do: what the clock on the wall shows is written down as UTC."""

    async def signed_attrs(self, data_digest, digest_algorithm, attr_settings=None, **options):
        shown = replace(attr_settings, signing_time=attr_settings.signing_time.replace(tzinfo=UTC))
        return await super().signed_attrs(data_digest, digest_algorithm, attr_settings=shown, **options)


def test_local_time_written_as_utc_is_put_right_by_the_date_of_the_file(tmp_path, plain, monkeypatch):
    monkeypatch.setattr(signers.pdf_signer.tzlocal, "get_localzone", lambda: VIETNAM)
    certificate, key = identity()
    signer = LocalTimeAsUtc(signing_cert=certificate, signing_key=key, cert_registry=SimpleCertificateStore())
    metadata = signers.PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256")
    pdf = signers.PdfSigner(metadata, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(plain))).getvalue()
    (signature,) = listed(tmp_path, pdf)
    assert signature.state is SignatureState.INTACT
    assert abs(signature.signed_at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize("digest", ["md5", "sha1"])
def test_old_hash_functions_are_named(tmp_path, plain, digest):
    (signature,) = listed(tmp_path, sign(plain, digest=digest))
    assert signature.state is SignatureState.INTACT
    assert signature.weaknesses == (digest,)
    assert "đã lỗi thời" in signature_line(signature)


def test_a_short_key_is_named(tmp_path, plain):
    (signature,) = listed(tmp_path, sign(plain, identity(key=rsa_key(1024))))
    assert signature.weaknesses == ("rsa-1024",)
    assert "khóa RSA 1024 bit quá ngắn" in signature_line(signature)


def test_an_elliptic_key_is_read(tmp_path, plain):
    (signature,) = listed(tmp_path, sign(plain, identity(key=ec.generate_private_key(ec.SECP256R1()))))
    assert (signature.state, signature.weaknesses) == (SignatureState.INTACT, ())


@pytest.mark.parametrize(
    ("valid", "weakness"),
    [
        ((NOW - timedelta(days=900), NOW - timedelta(days=1)), "certificate-expired"),
        ((NOW + timedelta(days=1), NOW + timedelta(days=900)), "certificate-not-yet-valid"),
    ],
)
def test_a_certificate_out_of_its_time_is_named(tmp_path, plain, valid, weakness):
    (signature,) = listed(tmp_path, sign(plain, identity(valid=valid), clock=clock(NOW)))
    assert signature.state is SignatureState.INTACT
    assert signature.weaknesses == (weakness,)


def test_a_kind_of_signature_nobody_here_reads_is_named(tmp_path, signed):
    other = signed.replace(b"/adbe.pkcs7.detached", b"/adbe.x509.rsa_sha1_")
    (signature,) = listed(tmp_path, other)
    assert (signature.state, signature.note) == (SignatureState.UNREADABLE, "unsupported-filter")
    assert signature_line(signature) == "Chữ ký số: không rõ người ký, không đọc được chữ ký, kiểu chữ ký không hỗ trợ"


def contents(signed: bytes) -> tuple[int, int]:
    """Where the hexadecimal signature begins and ends."""
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    return start, signed.index(b">", start)


@pytest.mark.parametrize(
    "broken",
    [b"00", b"3080", b"30820100", b"zz", b"3082ffff0609", b""],
    ids=["zeros", "open", "short", "no-hex", "cut", "none"],
)
def test_a_broken_signature_is_listed_and_never_raised(tmp_path, signed, broken):
    start, end = contents(signed)
    (signature,) = listed(tmp_path, signed[:start] + broken.ljust(end - start, b"0") + signed[end:])
    assert signature.state is SignatureState.UNREADABLE
    assert signature.note in {"broken-signature", "unreadable-file"}
    assert signature.field == "Signature1" or signature.note == "unreadable-file"


def test_a_cut_file_is_listed_as_unreadable(tmp_path, signed):
    path = tmp_path / "cut.pdf"
    path.write_bytes(signed[: signed.index(b"/ByteRange") + 200])
    assert [entry["note"] for entry in signatures_of(path)] in (["unreadable-file"], [])


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_change_of_a_signed_file_is_told_in_words(tmp_path, signed, data):
    """Never an exception, and never `intact` with the whole file covered unless what changed is the padding."""
    place = data.draw(st.integers(0, len(signed) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != signed[place]))
    start, end = contents(signed)
    for signature in listed(tmp_path, signed[:place] + bytes([byte]) + signed[place + 1 :]):
        if signature.state is SignatureState.INTACT:
            assert start - 2 <= place <= end + 1


def test_nothing_reaches_for_the_network_or_the_log(tmp_path, plain, monkeypatch, caplog):
    pdf = sign(plain, clock=clock(NOW), digest="sha1")

    ours = threading.get_ident()  # what an earlier test left running is none of this one's business

    def refused(real):
        def call(*arguments, **options):
            assert threading.get_ident() != ours, "the network was asked"
            return real(*arguments, **options)

        return call

    for owner, name in ((socket, "create_connection"), (socket.socket, "connect"), (socket, "getaddrinfo")):
        monkeypatch.setattr(owner, name, refused(getattr(owner, name)))
    with caplog.at_level(logging.DEBUG):
        assert len(listed(tmp_path, pdf)) == 1
    assert not [record for record in caplog.records if record.thread == ours]


def test_a_program_that_takes_too_long_is_stopped(tmp_path, signed, monkeypatch):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr("ocr.pdf_signatures._PROGRAM", slow)
    (signature,) = pdf_signatures(path, timeout_s=0.5)
    assert (signature.state, signature.note) == (SignatureState.UNREADABLE, "took-too-long")


def test_signatures_are_kept_with_the_first_page(tmp_path, signed, tesseract):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    page = read_page_of(path, ScanKind.PDF, "a" * 64, 1, tesseract, 240)
    assert [signature.organization for signature in page.signatures] == [AGENCY]
    assert type(page).from_json(page.to_json()) == page


def test_control_characters_of_a_name_do_not_reach_the_terminal(tmp_path, plain):
    (signature,) = listed(tmp_path, sign(plain, identity("Bà\x1b[31m\nMẫu")))
    assert signature.signer == "Bà [31m Mẫu"
