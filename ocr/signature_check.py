"""Program: list the signatures of one PDF file as JSON. Started by `ocr.pdf_signatures`, in a process of its own.

Only the bytes are judged, with the certificates that the file brings: nothing is fetched, no chain is built. It sets
itself limits of time and memory, since the file may be made to exhaust them.
"""

import hashlib
import json
import logging
import resource
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, tsp, x509
from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, extract_tst_data_iter
from pyhanko.sign.validation.generic_cms import validate_sig_integrity as cms_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

CPU_LIMIT_S = 30
# Files are read in pieces; what takes memory is the table of objects and what a page is made of.
MEMORY_LIMIT_BYTES = 1_000_000_000
MAX_SIGNATURES = 50
_MAX_NAME = 300
_WEAK_DIGESTS = ("md5", "sha1")
_WEAK_RSA_BITS = 2048
_READABLE = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/ETSI.RFC3161")

Entry = dict[str, Any]


def signatures_of(path: Path) -> list[Entry]:
    """Return the signatures of the file, oldest first, with the keys of `ocr.signature.PdfSignature`."""
    logging.getLogger("pyhanko").disabled = True  # its remarks name the signers
    logging.getLogger("pyhanko_certvalidator").disabled = True
    with path.open("rb") as stream:
        try:
            reader = PdfFileReader(stream, strict=False)
            if reader.encrypted:
                reader.decrypt("")
            fields = list(enumerate_sig_fields(reader, filled_status=True))
        except Exception:  # a broken file raises whatever the parser met
            return [_unreadable("", "unreadable-file")]
        entries = [_entry(reader, *field) for field in fields[:MAX_SIGNATURES]]
    return [entry for _, entry in sorted(entries, key=lambda pair: pair[0])]


def _entry(reader: PdfFileReader, name: str, value: Any, field: Any) -> tuple[int, Entry]:
    """Return the revision that brought the signature, and what is told of it."""
    try:
        content = value.get_object()
        if content.get("/SubFilter") not in _READABLE:
            return 0, _unreadable(name, "unsupported-filter")
        signature = EmbeddedPdfSignature(reader, field, name)
    except Exception:  # as above
        return 0, _unreadable(name, "broken-signature")
    try:
        return signature.signed_revision, _judged(signature)
    except Exception:  # as above; unknown algorithms and lost certificates among others
        return signature.signed_revision, _unreadable(name, "broken-signature")


def _unreadable(name: str, note: str) -> Entry:
    return {"field": _clean(name), "state": "unreadable", "note": note}


def _judged(signature: EmbeddedPdfSignature) -> Entry:
    is_timestamp = signature.sig_object_type == "/DocTimeStamp"
    certificate = signature.signer_cert
    digest = signature.compute_digest()
    if is_timestamp:
        token_time = _token_time(signature.signed_data, signature.compute_digest)
        is_intact, token_is_broken = token_time is not None, False
    else:
        is_intact = all(cms_integrity(signature.signer_info, certificate, "data", digest))
        token_time, token_is_broken = _attached_time(signature.signer_info)
    signed_at = token_time or _claimed_time(signature)
    signature.compute_integrity_info(skip_diff=not is_intact)  # type: ignore[no-untyped-call]
    weaknesses = _weaknesses(signature.md_algorithm, certificate, signed_at)
    return {
        "field": _clean(signature.field_name),
        "kind": _kind(signature, is_timestamp=is_timestamp),
        "state": _state(signature, is_intact=is_intact),
        "covers_whole_file": signature.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        "signer": _name(certificate.subject, "common_name"),
        "organization": _name(certificate.subject, "organization_name"),
        "issuer": _name(certificate.issuer, "common_name"),
        "valid_from": certificate.not_valid_before.isoformat(),
        "valid_until": certificate.not_valid_after.isoformat(),
        "certificate_sha256": certificate.sha256.hex(),
        "signed_at": signed_at.isoformat() if signed_at else None,
        "time_source": "timestamp-token" if token_time else "signer" if signed_at else None,
        "digest": signature.md_algorithm,
        "weaknesses": [*weaknesses, *(["timestamp-broken"] if token_is_broken else [])],
    }


def _kind(signature: EmbeddedPdfSignature, *, is_timestamp: bool) -> str:
    if is_timestamp:
        return "timestamp"
    references = signature.sig_object.get("/Reference", ())
    methods = [reference.get_object().get("/TransformMethod") for reference in references]
    return "certification" if "/DocMDP" in methods else "signature"


def _state(signature: EmbeddedPdfSignature, *, is_intact: bool) -> str:
    if not is_intact:
        return "altered"
    is_allowed = isinstance(signature.diff_result, DiffResult) and signature.summarise_integrity_info()["docmdp_ok"]
    return "intact" if is_allowed else "changed-later"


def _claimed_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """Return when the signer says it was.

    Programs of Vietnamese agencies write the local time as UTC into the signature, seven hours late, and the right
    time beside it into the file (`/M`, signed like the rest): where both show the same clock, the zone of `/M` holds.
    Seen in acts of 2025 signed with the tools of Ban Cơ yếu Chính phủ.
    """
    claimed = _aware(signature.self_reported_timestamp)
    try:
        written = parse_pdf_date(signature.sig_object["/M"], strict=False)
    except Exception:  # there is none, or it is no date
        return claimed
    same_clock = claimed is not None and claimed.replace(tzinfo=None) == written.replace(tzinfo=None)
    return _aware(written) if claimed is None or same_clock else claimed


def _attached_time(signer_info: cms.SignerInfo) -> tuple[datetime | None, bool]:
    """Return the time of the first sound token on the signature, and whether there is one that is not sound."""
    is_broken = False
    signed = signer_info["signature"].native
    for token in extract_tst_data_iter(signer_info, signed=False):
        time = _token_time(token, lambda algorithm: hashlib.new(algorithm, signed).digest())
        if time is not None:
            return time, is_broken
        is_broken = True
    return None, is_broken


def _token_time(token: cms.SignedData, digest_of_stamped: Any) -> datetime | None:
    """Return the time that a token tells, or None when it is not intact or about something else. Source: RFC 3161."""
    try:
        content = token["encap_content_info"]["content"]
        told: tsp.TSTInfo = content.parsed
        imprint = told["message_imprint"]
        if imprint["hashed_message"].native != digest_of_stamped(imprint["hash_algorithm"]["algorithm"].native):
            return None
        signer_info = extract_signer_info(token)
        certificate = extract_certs_for_validation(token).signer_cert
        digest = hashlib.new(signer_info["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
        if not all(cms_integrity(signer_info, certificate, "tst_info", digest)):
            return None
        return _aware(told["gen_time"].native)
    except Exception:  # as above
        return None


def _weaknesses(digest: str, certificate: x509.Certificate, signed_at: datetime | None) -> Iterator[str]:
    if digest in _WEAK_DIGESTS:
        yield digest
    key = certificate.public_key
    if key.algorithm == "rsa" and key.bit_size < _WEAK_RSA_BITS:
        yield f"rsa-{key.bit_size}"
    if signed_at and signed_at < certificate.not_valid_before:
        yield "certificate-not-yet-valid"
    if signed_at and signed_at > certificate.not_valid_after:
        yield "certificate-expired"


def _aware(time: datetime | None) -> datetime | None:
    """Return the time with its zone: a PDF date without one is taken as UTC."""
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


def _name(name: x509.Name, part: str) -> str | None:
    value = name.native.get(part)
    first = value[0] if isinstance(value, list) and value else value
    return _clean(first) if isinstance(first, str) else None


def _clean(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in str(text)[:_MAX_NAME])
    return unicodedata.normalize("NFC", " ".join(printable.split()))


def main() -> None:
    """List the signatures of the file named on the command line."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(json.dumps(signatures_of(Path(sys.argv[1]))))  # noqa: T201  its answer


if __name__ == "__main__":
    main()
