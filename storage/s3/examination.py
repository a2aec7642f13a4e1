"""What the server behind a store is and can do, for people: nothing is changed but the one object of the probe."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from minio.commonconfig import ENABLED

from ocr.problem import Code, SohoaError
from storage.s3.client import Connection, Session
from storage.s3.layout import Bucket
from storage.s3.probe import is_conditional
from storage.s3.setup import is_encrypting, lock_days


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the server.

    Attributes:
        feature: `server`, `buckets`, `conditional-put`, `versioning`, `object-lock` or `encryption`.
        value: What was found; None when it is missing.
        problem: Why it is missing or could not be seen: an S3 error code, or the buckets without it.
    """

    feature: str
    value: str | None
    problem: str = ""


def examine_server(connection: Connection) -> tuple[Finding, ...]:
    """Look at the server and the buckets.

    Raises:
        SohoaError: `STORE_UNREACHABLE`; `STORE_UNWRITABLE` for refused credentials; `STORE_UNFIT` without buckets.
    """
    return tuple(_findings(connection))


def _findings(connection: Connection) -> Iterator[Finding]:
    names = {bucket: connection.bucket(bucket) for bucket in Bucket}
    missing = [name for name in names.values() if not _is_there(connection, name)]
    yield Finding("server", connection.attempt("server", lambda session: _software(connection, session)))
    yield Finding("buckets", None if missing else ", ".join(names.values()), ", ".join(missing))
    if missing:
        return
    yield _conditional_put(connection)
    versioned = [names[bucket] for bucket in Bucket if bucket.is_versioned]
    locked = [names[bucket] for bucket in Bucket if bucket.is_locked]
    yield _of_all(connection, "versioning", versioned, _versioning)
    yield _of_all(connection, "object-lock", locked, _lock)
    yield _of_all(connection, "encryption", list(names.values()), _encryption)


def _is_there(connection: Connection, name: str) -> bool:
    return connection.attempt(name, lambda session: session.client.bucket_exists(name))


def _software(connection: Connection, session: Session) -> str:
    """Return what the server calls itself; whoever asks without an account is told that much."""
    scheme = "https" if connection.address.is_encrypted else "http"
    answer = session.pool.request("GET", f"{scheme}://{connection.address.endpoint}/", redirect=False)
    return str(answer.headers.get("server") or "?")


def _conditional_put(connection: Connection) -> Finding:
    try:
        is_kept = is_conditional(connection)
    except SohoaError as error:
        if error.code is not Code.STORE_UNWRITABLE:
            raise
        return Finding("conditional-put", "?", "this account may not write")
    return Finding("conditional-put", "If-None-Match" if is_kept else None, "" if is_kept else "overwrites")


def _of_all(
    connection: Connection, feature: str, names: list[str], look: Callable[[Session, str], str | None]
) -> Finding:
    """Return what a feature is on all the buckets that shall have it, or which lack it."""
    values = {name: _seen(connection, name, look) for name in names}
    lacking = [name for name, value in values.items() if value is None]
    if lacking:
        return Finding(feature, None, ", ".join(lacking))
    return Finding(feature, ", ".join(sorted({value for value in values.values() if value})))


def _seen(connection: Connection, name: str, look: Callable[[Session, str], str | None]) -> str | None:
    try:
        return connection.attempt(name, lambda session: look(session, name))
    except SohoaError as error:
        if error.code is Code.STORE_UNREACHABLE:
            raise
        return "?" if error.code is Code.STORE_UNWRITABLE else None


def _versioning(session: Session, name: str) -> str | None:
    return "on" if session.client.get_bucket_versioning(name).status == ENABLED else None


def _lock(session: Session, name: str) -> str | None:
    days = lock_days(session, name)
    return f"governance, {days} ngày" if days is not None else None


def _encryption(session: Session, name: str) -> str | None:
    return "SSE-S3" if is_encrypting(session, name) else None
