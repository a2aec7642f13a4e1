"""Looking at one object: its bytes are read once, at a bounded pace, hashed and checked."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from ocr.problem import Code, SohoaError
from storage.integrity.findings import DAMAGE
from storage.integrity.kinds import Kind
from storage.integrity.pace import Pace
from storage.objects import ObjectStore

# So many objects are under way or done ahead of the one that is next, for each thread that reads.
_AHEAD = 4
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at one object gave.

    Attributes:
        key: Its name.
        sha256: Hash of its bytes, 32 bytes; empty when they could not be read.
        size_bytes: How many there are.
        document: What they say; None for bytes that are no document, and for damaged ones.
        fault: What is wrong with the object by itself; "" when it is intact.
        code: Of the fault.
    """

    key: str
    sha256: bytes = b""
    size_bytes: int = 0
    document: Any = None
    fault: str = ""
    code: Code = Code.OBJECT_DAMAGED


def look(store: ObjectStore, kind: Kind, key: str, pace: Pace | None = None) -> Seen:
    """Read an object and check it by itself; for a name that fits its kind.

    Raises:
        SohoaError: The store cannot be used.
    """
    pace = pace or Pace()
    try:
        if kind.check is None:
            sha256, size_bytes = stream_sha256(store, key, pace)
            fault = "" if sha256.hex() == kind.parse_key(key) else "the bytes are not those the name says"
            return Seen(key, sha256, size_bytes, fault=fault)
        data = store.get(key)
    except SohoaError as error:
        if error.code not in DAMAGE:
            raise
        return Seen(key, fault=_remark(error, key), code=error.code)
    pace.take(len(data))
    return check(kind, key, data)


def is_whole(seen: Seen, expected: bytes | None) -> bool:
    """True when an object is intact by itself, and has the hash it had when it was first seen, if that is known."""
    return not seen.fault and expected in {None, seen.sha256}


def check(kind: Kind, key: str, data: bytes) -> Seen:
    """Check bytes that are, or are to be, stored as `key`; `kind` is one that has a check."""
    sha256 = hashlib.sha256(data).digest()
    try:
        document = kind.check(key, data) if kind.check else None
    except SohoaError as error:
        return Seen(key, sha256, len(data), fault=_remark(error, key), code=error.code)
    return Seen(key, sha256, len(data), document)


def stream_sha256(store: ObjectStore, key: str, pace: Pace) -> tuple[bytes, int]:
    """Return the hash and the number of an object's bytes, read in pieces.

    Raises:
        SohoaError: See `ObjectStore`.
    """
    digest, size_bytes = hashlib.sha256(), 0
    for chunk in store.chunks(key):
        pace.take(len(chunk))
        digest.update(chunk)
        size_bytes += len(chunk)
    return digest.digest(), size_bytes


def in_order(work: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """Yield what `work` gives for each item, in their order, several at a time; few items are taken in advance."""
    pool = ThreadPoolExecutor(threads)
    under_way: deque[Future[R]] = deque()
    try:
        for item in items:
            under_way.append(pool.submit(work, item))
            if len(under_way) >= threads * _AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _remark(error: SohoaError, key: str) -> str:
    """Return what an error says of an object, without the object's name."""
    remark = error.problem.detail.removeprefix(key).removeprefix(": ")
    return remark or ("is not held" if error.code is Code.OBJECT_MISSING else "is damaged")
