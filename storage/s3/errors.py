"""What the SDK and the network raise, as the product's problems.

Details hold S3 error codes only: never a URL, whose signature is a secret for a while, and never a server's text,
which may quote names and credentials.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from minio.error import MinioException, S3Error, ServerError
from urllib3.exceptions import HTTPError, SSLError

from ocr.problem import Code, SohoaError

# All that a request can raise. An OSError is a socket's: reading local files is guarded where it happens.
REQUEST_ERRORS = (MinioException, HTTPError, ParseError, UnicodeDecodeError, OSError)

_FULL = frozenset({"XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "InsufficientStorage"})
_MISSING = frozenset({"NoSuchKey", "NoSuchVersion"})
_UNFIT = frozenset({"NoSuchBucket", "NotImplemented", "MethodNotAllowed"})
# Damaged on the way, or another writer at the same name at the same moment: the same request may succeed next time.
_PASSING = frozenset({
    "BadDigest",
    "ConditionalRequestConflict",
    "IncompleteBody",
    "OperationAborted",
    "RequestTimeout",
    "SlowDown",
    "XAmzContentChecksumMismatch",
    "XAmzContentSHA256Mismatch",
})  # fmt: skip
# What MinIO answers when the bytes on its drives do not match their checksum, or too few drives have them.
UNREADABLE = "SlowDownRead"
NO_BUCKET = "no such bucket: run `sohoa store init`"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request failed.

    Attributes:
        code: The product's code.
        remark: Technical, without anything secret or personal.
        is_passing: True when trying again soon may help.
        s3_code: The server's own code, when it gave one.
    """

    code: Code
    remark: str
    is_passing: bool = False
    s3_code: str | None = None

    def error(self, subject: str) -> SohoaError:
        """Return the error about the object or bucket named `subject`."""
        retryable = self.is_passing or self.code is Code.STORE_FULL
        return SohoaError(self.code, detail=f"{subject}: {self.remark}", retryable=retryable)


def fault_of(error: BaseException) -> Fault:
    """Return what an error of `REQUEST_ERRORS` means."""
    if isinstance(error, S3Error):
        return _answered(error.code or "", error.response.status)
    if isinstance(error, ServerError):
        return _answered("", error.status_code)
    if isinstance(error, SSLError):
        return Fault(Code.STORE_UNREACHABLE, "TLS failed: certificate not trusted, or the server speaks plain HTTP")
    if isinstance(error, HTTPError | OSError):
        return Fault(Code.STORE_UNREACHABLE, type(error).__name__, is_passing=True)
    # A proxy's page, or a server that is no S3 server.
    return Fault(Code.STORE_UNREACHABLE, "the answer is not one of an S3 server", is_passing=True)


def _answered(s3_code: str, status: int) -> Fault:
    remark = re.sub("[^A-Za-z0-9]", "", s3_code) or f"HTTP status {status}"
    if s3_code in _FULL or status == 507:
        return Fault(Code.STORE_FULL, remark, s3_code=s3_code)
    if s3_code in _MISSING:
        return Fault(Code.OBJECT_MISSING, remark, s3_code=s3_code)
    if s3_code in _UNFIT or status == 501:
        return Fault(Code.STORE_UNFIT, NO_BUCKET if s3_code == "NoSuchBucket" else remark, s3_code=s3_code)
    if s3_code in _PASSING or status >= 500 or status == 429:
        return Fault(Code.STORE_UNREACHABLE, remark, is_passing=True, s3_code=s3_code)
    return Fault(Code.STORE_UNWRITABLE, remark, s3_code=s3_code)
