"""Making what a store needs on its server: buckets, versions, object lock, lifecycle, encryption.

Everything can be done again at any time, and only adds: nothing that is stored is changed or removed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from minio.commonconfig import ENABLED, GOVERNANCE, Filter
from minio.lifecycleconfig import (
    AbortIncompleteMultipartUpload,
    Expiration,
    LifecycleConfig,
    NoncurrentVersionExpiration,
    Rule,
)
from minio.objectlockconfig import DAYS, ObjectLockConfig
from minio.sseconfig import Rule as EncryptionRule
from minio.sseconfig import SSEConfig
from minio.versioningconfig import VersioningConfig

from ocr.problem import Code, SohoaError
from storage.s3.client import Connection, Session
from storage.s3.errors import REQUEST_ERRORS, fault_of
from storage.s3.layout import Bucket
from storage.s3.probe import refuse_unless_conditional

# Long enough that nobody forgets to renew it, short enough that no mistake lasts; see docs/kho.md.
DEFAULT_RETENTION_DAYS = 365
_UNFINISHED_UPLOAD_DAYS = 2
_NONCURRENT_DAYS = 7
_RULE_ID = "sohoa"

Outcome = tuple["StepResult", str]


class StepResult(StrEnum):
    """What became of one step."""

    MADE = "made"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was set up.

    Attributes:
        bucket: Its bucket's whole name.
        feature: `bucket`, `versioning`, `object-lock`, `lifecycle`, `unfinished-uploads`, `encryption` or
            `conditional-put`.
        result: Made now, there before, or refused by the server.
        remark: The server's error code, or a value such as the days of retention; may be empty.
    """

    bucket: str
    feature: str
    result: StepResult
    remark: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the step for programs."""
        return {"bucket": self.bucket, "feature": self.feature, "result": self.result.value, "remark": self.remark}


def set_up(connection: Connection, retention_days: int | None = None, *, encrypt: bool = False) -> tuple[Step, ...]:
    """Make the buckets and what belongs to them, where missing.

    Args:
        connection: With an account that may administer the buckets.
        retention_days: For how long a new original or piece of the read log cannot be removed; renewable. None: as
            it is, or `DEFAULT_RETENTION_DAYS` where nothing is set.
        encrypt: Have the server encrypt what is stored from now on, with keys it keeps (SSE-S3).

    Raises:
        SohoaError: `STORE_UNFIT` when the server overwrites an object although told not to, so that of two writers
            one would be lost; `STORE_UNREACHABLE`, `STORE_UNWRITABLE` when nothing can be set up.
    """
    steps = [step for bucket in Bucket for step in _set_up_bucket(connection, bucket, retention_days, encrypt)]
    refuse_unless_conditional(connection)
    steps.append(Step(connection.bucket(Bucket.RECORDS), "conditional-put", StepResult.KEPT))
    return tuple(steps)


def _set_up_bucket(connection: Connection, bucket: Bucket, retention_days: int | None, encrypt: bool) -> Iterator[Step]:  # noqa: FBT001
    name = connection.bucket(bucket)
    yield _make_bucket(connection, name, is_locked=bucket.is_locked)
    if bucket.is_versioned:
        yield _step(connection, name, "versioning", _versioning)
    if bucket.is_locked:
        yield _step(connection, name, "object-lock", lambda session, name: _lock(session, name, retention_days))
    yield _step(connection, name, "lifecycle", lambda session, name: _lifecycle(session, name, bucket))
    yield _step(connection, name, "unfinished-uploads", _unfinished_uploads)
    if encrypt:
        yield _step(connection, name, "encryption", _encryption)


def _make_bucket(connection: Connection, name: str, *, is_locked: bool) -> Step:
    def make(session: Session) -> StepResult:
        if session.client.bucket_exists(name):
            return StepResult.KEPT
        session.client.make_bucket(name, object_lock=is_locked)
        return StepResult.MADE

    return Step(name, "bucket", connection.attempt(name, make))


def _step(
    connection: Connection, name: str, feature: str, work: Callable[[Session, str], tuple[StepResult, str]]
) -> Step:
    """Do one step; a server that refuses it may still be good enough, so that is told and not raised."""
    try:
        result, remark = connection.attempt(name, lambda session: work(session, name))
    except SohoaError as error:
        if error.code is Code.STORE_UNREACHABLE:
            raise
        result, remark = StepResult.REFUSED, error.problem.detail.removeprefix(f"{name}: ")
    return Step(name, feature, result, remark)


def _versioning(session: Session, name: str) -> Outcome:
    if session.client.get_bucket_versioning(name).status == ENABLED:
        return StepResult.KEPT, ""
    session.client.set_bucket_versioning(name, VersioningConfig(ENABLED))
    return StepResult.MADE, ""


def _lock(session: Session, name: str, retention_days: int | None) -> Outcome:
    held = lock_days(session, name)
    wanted = retention_days or held or DEFAULT_RETENTION_DAYS
    if held == wanted:
        return StepResult.KEPT, f"{held} ngày"
    session.client.set_object_lock_config(name, ObjectLockConfig(GOVERNANCE, wanted, DAYS))
    return StepResult.MADE, f"{wanted} ngày"


def lock_days(session: Session, name: str) -> int | None:
    """Return the days for which a bucket locks new objects in governance mode; None when it does not.

    Raises:
        Exception: One of `REQUEST_ERRORS` when the server cannot say.
    """
    try:
        config = session.client.get_object_lock_config(name)
    except REQUEST_ERRORS as error:
        if fault_of(error).s3_code == "ObjectLockConfigurationNotFoundError":
            return None
        raise
    if config.mode != GOVERNANCE or config.duration is None:
        return None
    return config.duration if config.duration_unit == DAYS else 365 * config.duration


def _lifecycle(session: Session, name: str, bucket: Bucket) -> Outcome:
    """What is derived keeps no earlier versions, should somebody have switched versions on; nothing else expires."""
    wanted = Rule(
        ENABLED,
        rule_filter=Filter(prefix=""),
        rule_id=_RULE_ID,
        abort_incomplete_multipart_upload=AbortIncompleteMultipartUpload(_UNFINISHED_UPLOAD_DAYS),
        # A delete marker without versions: what an erasure left when it was cut off.
        expiration=Expiration(expired_object_delete_marker=True),
        noncurrent_version_expiration=(
            None if bucket.is_versioned else NoncurrentVersionExpiration(noncurrent_days=_NONCURRENT_DAYS)
        ),
    )
    if _rule_of(session, name) is not None:
        return StepResult.KEPT, ""
    session.client.set_bucket_lifecycle(name, LifecycleConfig([wanted]))
    return StepResult.MADE, ""


def _unfinished_uploads(session: Session, name: str) -> Outcome:
    rule = _rule_of(session, name)
    if rule is None or rule.abort_incomplete_multipart_upload is None:
        # MinIO drops this part of the rule, and by itself removes uploads that rest for a day.
        return StepResult.REFUSED, ""
    return StepResult.KEPT, f"{_UNFINISHED_UPLOAD_DAYS} ngày"


def _rule_of(session: Session, name: str) -> Rule | None:
    config = session.client.get_bucket_lifecycle(name)
    return next((rule for rule in config.rules if rule.rule_id == _RULE_ID), None) if config is not None else None


def _encryption(session: Session, name: str) -> Outcome:
    if is_encrypting(session, name):
        return StepResult.KEPT, "SSE-S3"
    session.client.set_bucket_encryption(name, SSEConfig(EncryptionRule.new_sse_s3_rule()))
    return StepResult.MADE, "SSE-S3"


def is_encrypting(session: Session, name: str) -> bool:
    """True when a bucket encrypts what is stored in it.

    Raises:
        Exception: One of `REQUEST_ERRORS`.
    """
    return session.client.get_bucket_encryption(name) is not None
