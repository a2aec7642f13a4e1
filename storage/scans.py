"""Original scans: received once, kept for ever, named by the SHA-256 of their bytes."""

import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ocr.problem import Code, SohoaError
from storage.keys import scan_key
from storage.objects import ObjectStore, error_name
from storage.rights.erased import refuse_erased_scan


@dataclass(frozen=True, slots=True)
class ReceivedScan:
    """A scan the store holds, intact.

    Attributes:
        sha256: Hash of the bytes, 64 lower-case hexadecimal digits.
        size_bytes: Number of bytes.
        already_held: True when the store held it before, undamaged.
    """

    sha256: str
    size_bytes: int
    already_held: bool


def receive(store: ObjectStore, path: Path) -> ReceivedScan:
    """Store the scan at `path` unless it is held, and make sure that what is held are its bytes.

    The hash is taken from the store's copy in every case. A writer killed between writing and comparing, and
    a copy that was damaged later, are so found out, and the copy in hand takes the place of the damaged one.
    The file is never in memory as a whole.

    Raises:
        SohoaError: `PATH_UNREADABLE` (file name only) when the file cannot be read or changes meanwhile,
            `SCAN_ERASED` when it holds papers that were erased under a decision, `OBJECT_DAMAGED` when the store
            does not give back what was stored, and the errors of `ObjectStore`.
    """
    sha256, size_bytes = _hash_source(path)
    refuse_erased_scan(store, sha256)
    key = scan_key(sha256)
    if _holds(store, key, sha256, size_bytes):
        return ReceivedScan(sha256, size_bytes, already_held=True)
    store.put_file(key, path, sha256)
    if stored_sha256(store, key) != sha256:
        raise SohoaError(Code.OBJECT_DAMAGED, file=path.name, detail=f"{key}: does not read back as written")
    return ReceivedScan(sha256, size_bytes, already_held=False)


@contextmanager
def opened_scan(store: ObjectStore, sha256: str) -> Iterator[Path]:
    """Lend a scan that was received before as a local file, once it is sure that its bytes are the ones received.

    Raises:
        SohoaError: `SCAN_ERASED`, `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore.open`.
    """
    refuse_erased_scan(store, sha256)
    key = scan_key(sha256)
    with store.open(key) as original:
        if _hash_source(original)[0] != sha256:
            raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{key}: not the bytes that were received")
        yield original


def stored_sha256(store: ObjectStore, key: str) -> str:
    """Return the SHA-256 of a stored object's bytes, reading in chunks.

    Raises:
        SohoaError: See `ObjectStore`; `OBJECT_DAMAGED` when the copy cannot be read to its end.
    """
    digest = hashlib.sha256()
    for chunk in store.chunks(key):
        digest.update(chunk)
    return digest.hexdigest()


def _holds(store: ObjectStore, key: str, sha256: str, size_bytes: int) -> bool:
    if not store.exists(key) or store.size(key) != size_bytes:
        return False
    try:
        return stored_sha256(store, key) == sha256
    except SohoaError as error:
        if error.code is Code.OBJECT_DAMAGED:
            return False
        raise


def _hash_source(path: Path) -> tuple[str, int]:
    try:
        # A pipe or device would block or never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise SohoaError(Code.PATH_UNREADABLE, file=path.name, detail="not a regular file")
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256")
            return digest.hexdigest(), source.tell()
    except OSError as error:
        raise SohoaError(Code.PATH_UNREADABLE, file=path.name, detail=error_name(error)) from None
