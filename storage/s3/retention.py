"""Lengthening how long objects are locked: retention ends by itself, and what must be kept is renewed before."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from minio.commonconfig import GOVERNANCE
from minio.retention import Retention

from ocr.problem import Code, SohoaError
from storage.s3.client import Connection, Session
from storage.s3.layout import Bucket, bucket_of, folders_of
from storage.s3.store import S3Store

# A server counts from its own clock and to the second: a day more or less is no reason to write.
_LEAST_GAIN = timedelta(days=1)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Renewal:
    """What renewing found.

    Attributes:
        objects: Objects looked at.
        extended: Those whose retention ended sooner, and now ends later.
    """

    objects: int
    extended: int


def extend_retention(store: S3Store, days: int, progress: Progress | None = None) -> Renewal:
    """Lock the current version of every original and every piece of the read log for `days` from now, at least.

    Never shortens. Can be cut off and done again. Asks the server once for each object.

    Raises:
        SohoaError: `STORE_UNWRITABLE` when the bucket has no object lock, or this account may not lengthen it; see
            `Connection.attempt`.
    """
    until = datetime.now(UTC) + timedelta(days=days)
    objects = extended = 0
    for key in chain.from_iterable(store.list(f"{folder}/") for folder in _locked_folders()):
        objects += 1
        extended += _extend(store.connection, key, until)
        if progress is not None:
            progress(objects)
    return Renewal(objects, extended)


def _locked_folders() -> Iterator[str]:
    return (folder for bucket in Bucket if bucket.is_locked for folder in folders_of(bucket))


def _extend(connection: Connection, key: str, until: datetime) -> bool:
    name = connection.bucket(bucket_of(key))

    def extend(session: Session) -> bool:
        held = session.client.get_object_retention(name, key)
        if held is not None and (held.mode != GOVERNANCE or held.retain_until_date >= until - _LEAST_GAIN):
            return False
        session.client.set_object_retention(name, key, Retention(GOVERNANCE, until))
        return True

    try:
        return connection.attempt(key, extend)
    except SohoaError as error:
        if error.code is Code.OBJECT_MISSING:  # erased meanwhile
            return False
        raise
