"""The noun of a digital signature inside a PDF: who signed, when, and whether the bytes are those that were signed."""

from enum import StrEnum

from pydantic import AwareDatetime

from ocr.stored import Stored


class SignatureState(StrEnum):
    """What became of the bytes that were signed. Says nothing of who may be trusted: see `PdfSignature.trust`."""

    # As signed; what was added later is what signed files may have added (another signature, a filled form field).
    INTACT = "intact"
    # The signed bytes are as signed, but the file shows more or other than that.
    CHANGED_LATER = "changed-later"
    # The signed bytes, or the signature itself, are not as they were made.
    ALTERED = "altered"
    # There is a signature, and nothing can be said of it: `note` tells why.
    UNREADABLE = "unreadable"


class SignatureKind(StrEnum):
    """What was signed for."""

    SIGNATURE = "signature"
    CERTIFICATION = "certification"
    TIMESTAMP = "timestamp"


class TimeSource(StrEnum):
    """Who says when it was signed."""

    TIMESTAMP_TOKEN = "timestamp-token"  # noqa: S105  a token of time
    SIGNER = "signer"


class SignatureTrust(StrEnum):
    """Whether the signer's certificate was followed up to a root that the office trusts."""

    # No network, no list of revoked certificates: neither the issuer nor a revocation was looked at.
    NOT_CHECKED = "not-checked"


class PdfSignature(Stored):
    """One digital signature of a PDF file. Names of signers are data of the record: never logged.

    Attributes:
        field: Name of the signature field.
        kind: See `SignatureKind`.
        state: See `SignatureState`.
        covers_whole_file: True when no byte of the file lies outside the signature; None when unreadable.
        signer: Common name of the signer's certificate, as it says.
        organization: Organisation of that certificate.
        issuer: Common name of the authority that it says issued it.
        valid_from, valid_until: Validity of that certificate.
        certificate_sha256: Hash of that certificate (DER), 64 hex digits.
        signed_at: When it was signed.
        time_source: Who says so; a token of a time-stamping authority was checked to be about this signature and
            intact. None without `signed_at`.
        digest: Hash function of the signature, for example `sha256`.
        weaknesses: Machine words for what lessens it: `md5`, `sha1`, `rsa-1024`, `certificate-expired` and
            `certificate-not-yet-valid` (at `signed_at`), `timestamp-broken`.
        trust: See `SignatureTrust`.
        note: Machine word for why it is unreadable, else None.
    """

    field: str
    kind: SignatureKind = SignatureKind.SIGNATURE
    state: SignatureState
    covers_whole_file: bool | None = None
    signer: str | None = None
    organization: str | None = None
    issuer: str | None = None
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    certificate_sha256: str | None = None
    signed_at: AwareDatetime | None = None
    time_source: TimeSource | None = None
    digest: str | None = None
    weaknesses: tuple[str, ...] = ()
    trust: SignatureTrust = SignatureTrust.NOT_CHECKED
    note: str | None = None
