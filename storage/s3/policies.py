"""What each account may do on the server: four roles, each with no more than its work needs.

| role | may |
|---|---|
| reader | read originals, records and what is derived; add to the read log |
| writer | also store originals, records, dossiers and what is derived |
| steward | also store decisions, holds, requests and erasures, read the whole read log, lengthen retention |
| eraser | also remove versions, object lock notwithstanding: for `sohoa subject erase` alone |

Nobody but the eraser can delete anything, and nobody at all the read log, holds and proofs of erasure before their
retention ends. Whoever may store can store a second version of a name; versions keep the first.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from storage.keys import DOSSIERS_PREFIX, PROCEDURES_PREFIX, READ_LOG_PREFIX, RECORDS_PREFIX, REQUESTS_PREFIX
from storage.s3.layout import PROBE_NAME, Bucket

_LOOK_AT_BUCKET = (
    "s3:GetBucketLocation",
    "s3:ListBucket",
    "s3:GetBucketVersioning",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
)
_STORE = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
_REMOVE = ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention")
_WRITTEN_RECORDS = tuple(f"{prefix}*" for prefix in (RECORDS_PREFIX, DOSSIERS_PREFIX, PROCEDURES_PREFIX))


class Role(StrEnum):
    """The accounts a store needs, from the least to the most powerful."""

    READER = "reader"
    WRITER = "writer"
    STEWARD = "steward"
    ERASER = "eraser"


def policy_of(role: Role, prefix: str) -> dict[str, Any]:
    """Return the IAM policy of a role for the buckets whose names start with `prefix`, ready to be written as JSON."""
    roles = list(Role)
    statements = [statement for each in roles[: roles.index(role) + 1] for statement in _added_by(each, prefix)]
    return {"Version": "2012-10-17", "Statement": statements}


def _added_by(role: Role, prefix: str) -> list[dict[str, Any]]:
    """Return what a role may do beyond the one before it."""
    read_log = f"{READ_LOG_PREFIX}*"
    if role is Role.READER:
        return [
            _allow(_LOOK_AT_BUCKET, prefix, Bucket),
            _allow(["s3:GetObject"], prefix, [Bucket.ORIGINALS, Bucket.RECORDS, Bucket.DERIVED], ["*"]),
            _allow(["s3:GetObject", *_STORE], prefix, [Bucket.AUDIT], [read_log]),
        ]
    if role is Role.WRITER:
        return [
            _allow(_STORE, prefix, [Bucket.ORIGINALS, Bucket.DERIVED], ["*"]),
            _allow(_STORE, prefix, [Bucket.RECORDS], [*_WRITTEN_RECORDS, PROBE_NAME]),
        ]
    if role is Role.STEWARD:
        return [
            _allow(_STORE, prefix, [Bucket.RECORDS], ["*"]),
            _allow(["s3:GetObject", *_STORE], prefix, [Bucket.AUDIT], ["*"]),
            _allow(["s3:GetObjectRetention", "s3:PutObjectRetention"], prefix, [Bucket.ORIGINALS, Bucket.AUDIT], ["*"]),
        ]
    return [
        _allow(["s3:ListBucketVersions"], prefix, Bucket),
        _allow(_REMOVE, prefix, [Bucket.ORIGINALS, Bucket.RECORDS, Bucket.DERIVED], ["*"]),
        _allow(_REMOVE, prefix, [Bucket.AUDIT], [f"{REQUESTS_PREFIX}*"]),
    ]


def _allow(
    actions: Iterable[str], prefix: str, buckets: Iterable[Bucket], names: Iterable[str] | None = None
) -> dict[str, Any]:
    """Allow actions on buckets, or on the objects in them that have one of the names."""
    places = [f"arn:aws:s3:::{prefix}-{bucket.value}" for bucket in buckets]
    if names is not None:
        places = [f"{place}/{name}" for place in places for name in names]
    return {"Effect": "Allow", "Action": list(actions), "Resource": places}
