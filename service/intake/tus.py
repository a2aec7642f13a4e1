"""The words of the tus protocol: headers as they come, and as they are answered."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate

from fastapi import Request, Response

from ocr.problem import Code, SohoaError
from service.intake.receiving import Checksum
from storage.desk.upload import Upload, UploadState

VERSION = "1.0.0"
EXTENSIONS = ("creation", "creation-with-upload", "checksum", "termination", "expiration")
# SHA-1 because the protocol asks every server for it.
ALGORITHMS = ("sha256", "sha1")
BODY_TYPE = "application/offset+octet-stream"
_DIGEST_BYTES = {"sha256": 32, "sha1": 20}
_NUMBER = re.compile("[0-9]{1,18}")
_SHA256 = re.compile("[0-9a-f]{64}")
_BATCH, _DOSSIER, _FILE, _HASH = "batch_id", "dossier_id", "file", "sha256"
_HEADER_BYTES = 8_192


@dataclass(frozen=True, slots=True)
class Creation:
    """What a client says of a file it is about to send; `dossier_id` is blank where it said nothing."""

    size_bytes: int
    batch_id: str
    dossier_id: str
    file: str
    sha256: str | None


async def speaks_tus(request: Request) -> None:
    """Make sure that the client speaks our version of the protocol; a dependency of routes.

    Raises:
        SohoaError: `UPLOAD_VERSION`.
    """
    if request.headers.get("tus-resumable") != VERSION:
        raise SohoaError(Code.UPLOAD_VERSION, field="Tus-Resumable", detail=f"must be {VERSION}")


def creation_of(request: Request) -> Creation:
    """Read the headers of a creation.

    Raises:
        SohoaError: `UPLOAD_INVALID` with the header or the key of the metadata.
    """
    said = _metadata(request.headers.get("upload-metadata", ""))
    for key in (_BATCH, _FILE):
        if not said.get(key):
            raise _invalid("Upload-Metadata", f"{key} is missing")
    sha256 = said.get(_HASH) or None
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise _invalid("Upload-Metadata", "sha256 is not 64 lower-case hexadecimal digits")
    return Creation(_number(request, "Upload-Length"), said[_BATCH], said.get(_DOSSIER, ""), said[_FILE], sha256)


def offset_of(request: Request) -> int:
    """Read where the client goes on.

    Raises:
        SohoaError: `UPLOAD_INVALID`.
    """
    return _number(request, "Upload-Offset")


def checksum_of(request: Request) -> Checksum | None:
    """Read the checksum of a body, where there is one.

    Raises:
        SohoaError: `UPLOAD_INVALID` for an algorithm that is not known here, or no checksum at all.
    """
    given = request.headers.get("upload-checksum")
    if given is None:
        return None
    algorithm, _, encoded = given.partition(" ")
    digest = _decoded(encoded.strip())
    if algorithm not in ALGORITHMS or digest is None or len(digest) != _DIGEST_BYTES[algorithm]:
        raise _invalid("Upload-Checksum", f"one of {', '.join(ALGORITHMS)}, a space, and the digest in base64")
    return Checksum(algorithm, digest)


def metadata_of(upload: Upload) -> str:
    """Return what was said of an upload, as it is said."""
    said = {_BATCH: upload.batch_id, _DOSSIER: upload.dossier_id, _FILE: upload.file, _HASH: upload.sha256}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items() if value)


def answered(status: int, headers: Mapping[str, str], upload: Upload | None = None) -> Response:
    """Return an answer of the protocol; an open upload is told when it expires."""
    said = {"Tus-Resumable": VERSION, **headers}
    if upload is not None and upload.state is UploadState.OPEN:
        said["Upload-Expires"] = formatdate(upload.expires_at, usegmt=True)
    return Response(status_code=status, headers=said)


def _metadata(header: str) -> dict[str, str]:
    if len(header) > _HEADER_BYTES:
        raise _invalid("Upload-Metadata", f"longer than {_HEADER_BYTES} bytes")
    said: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = pair.partition(" ")
        value = _decoded(encoded.strip())
        try:
            text = value.decode() if value is not None else None
        except UnicodeDecodeError:
            text = None
        if text is None or key in said:
            raise _invalid("Upload-Metadata", "not pairs of a key and UTF-8 text in base64, each key once")
        said[key] = text
    return said


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None


def _number(request: Request, header: str) -> int:
    given = request.headers.get(header.lower(), "")
    if not _NUMBER.fullmatch(given):
        raise _invalid(header, "must be a whole number")
    return int(given)


def _invalid(header: str, detail: str) -> SohoaError:
    return SohoaError(Code.UPLOAD_INVALID, field=header, detail=detail)
