"""Trying out the one promise everything rests on: told to, the server does not overwrite what is there."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

from minio.deleteobjects import DeleteObject

from ocr.problem import Code, SohoaError
from storage.s3.client import Connection, Session
from storage.s3.errors import REQUEST_ERRORS
from storage.s3.layout import PROBE_NAME, Bucket
from storage.s3.upload import put_if_free

_CONTENT = b"sohoa\n"
_RACE_PREFIX = ".sohoa/race-"
_RACERS, _RACES = 6, 4


def is_conditional(connection: Connection) -> bool:
    """True when the server refuses to overwrite an object that a conditional PUT meets.

    Leaves one small object, the same for ever, that no list shows: nothing need be removed, for which most accounts
    have no right. Where the server is not to be trusted, no more than this object was written again.

    Raises:
        SohoaError: `STORE_UNWRITABLE` when this account may not write; see `Connection.attempt`.
    """
    name = connection.bucket(Bucket.RECORDS)

    def probe(session: Session) -> bool:
        # The first makes the object where there is none; the second must then be refused.
        return not (
            put_if_free(session, name, PROBE_NAME, _CONTENT) and put_if_free(session, name, PROBE_NAME, _CONTENT)
        )

    return connection.attempt(name, probe)


def refuse_unless_conditional(connection: Connection) -> None:
    """Raise when the server cannot be used: it does not keep the promise, or not to writers that race.

    Needs an account that may remove versions, for what the race leaves.

    Raises:
        SohoaError: `STORE_UNFIT`, and the errors of `is_conditional`.
    """
    if not is_conditional(connection):
        detail = "the server overwrites objects in spite of `If-None-Match: *`: of two writers one would be lost"
        raise SohoaError(Code.STORE_UNFIT, detail=detail)
    most = max(_winners(connection) for _ in range(_RACES))
    if most > 1:
        detail = f"the server told {most} racing writers of one name that each had it: all but one would be lost"
        raise SohoaError(Code.STORE_UNFIT, detail=detail)


def _winners(connection: Connection) -> int:
    """Let writers race for a new name, remove it, and return how many were told that it is theirs."""
    name, key = connection.bucket(Bucket.RECORDS), f"{_RACE_PREFIX}{uuid.uuid4().hex}"
    start = threading.Barrier(_RACERS)

    def race(number: int) -> bool:
        session = connection.session()
        start.wait()
        try:
            return put_if_free(session, name, key, f"{number}\n".encode())
        except REQUEST_ERRORS:  # a server that is asked too much at once has not given the name to this writer
            return False

    with ThreadPoolExecutor(_RACERS) as pool:
        won = sum(pool.map(race, range(_RACERS)))
    connection.attempt(key, lambda session: _remove(session, name, key))
    return won


def _remove(session: Session, name: str, key: str) -> None:
    found = session.client.list_objects(name, prefix=key, recursive=True, include_version=True)
    versions = [DeleteObject(key, each.version_id) for each in found]
    for _ in session.client.remove_objects(name, versions):  # sent while it is looked at
        pass
