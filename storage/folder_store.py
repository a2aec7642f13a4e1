"""The embedded store: a folder of a local file system."""

import errno
import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ocr.problem import Code, SohoaError
from storage.disk import sync_folder, write_all, writing_to_disk
from storage.keys import check_key, check_prefix
from storage.objects import ObjectExists, error_name

_CHUNK_BYTES = 1 << 20
_TEMPORARY_FOLDER = ".tmp"
_SECONDS_PER_HOUR = 3600.0
_FORBIDDEN = (errno.EACCES, errno.EPERM)


class FolderStore:
    """A store in a folder of a local file system with hard links, safe for many processes at once.

    Implements `ObjectStore`. The folder is made on the first write, for its owner only.
    """

    def __init__(self, root: Path) -> None:
        """Use the folder at `root`, which need not exist yet."""
        self._root = root
        self._temporary_folder = root / _TEMPORARY_FOLDER

    def put(self, key: str, data: bytes) -> None:
        """See `ObjectStore.put`."""
        self._write(key, (data,), _replace)

    def create(self, key: str, data: bytes) -> None:
        """See `ObjectStore.create`."""
        if self.exists(key):  # saves the work in the usual case; the link below decides
            raise ObjectExists(key)
        self._write(key, (data,), _link)

    def put_file(self, key: str, path: Path, sha256: str | None = None) -> None:
        """See `ObjectStore.put_file`."""
        self._write(key, _chunks_of(path, sha256), _replace)

    def get(self, key: str) -> bytes:
        """See `ObjectStore.get`."""
        path = self._path(key)
        with _reading(key):
            return path.read_bytes()

    def chunks(self, key: str) -> Iterator[bytes]:
        """See `ObjectStore.chunks`."""
        return _chunks_stored(self._path(key), key)

    @contextmanager
    def open(self, key: str) -> Iterator[Path]:
        """See `ObjectStore.open`. The file is the stored one: writing to it would damage the object."""
        self.size(key)
        yield self._path(key)

    def exists(self, key: str) -> bool:
        """See `ObjectStore.exists`."""
        path = self._path(key)
        with _reading(key):
            return path.is_file()

    def size(self, key: str) -> int:
        """See `ObjectStore.size`."""
        if not self.exists(key):
            raise SohoaError(Code.OBJECT_MISSING, detail=key)
        with _reading(key):
            return self._path(key).stat().st_size

    def list(self, prefix: str) -> Iterator[str]:
        """See `ObjectStore.list`. Files that no object can be named after are passed over."""
        return _walk(self._root / check_prefix(prefix), prefix)

    def erase(self, key: str) -> None:
        """See `ObjectStore.erase`. The bytes are given back to the file system, which may keep them for a while."""
        path = self._path(key)
        with writing_to_disk(key):
            if path.is_file():
                path.unlink()
                sync_folder(path.parent)

    def remove_leftovers(self, older_than_h: float = 24.0) -> int:
        """See `ObjectStore.remove_leftovers`."""
        newest = time.time() - older_than_h * _SECONDS_PER_HOUR
        removed = 0
        with writing_to_disk(_TEMPORARY_FOLDER):
            if not self._temporary_folder.is_dir():
                return 0
            for path in self._temporary_folder.iterdir():
                try:
                    if path.stat().st_mtime < newest:
                        path.unlink()
                        removed += 1
                except FileNotFoundError:  # its writer finished, or another process cleans up too
                    continue
        return removed

    def _path(self, key: str) -> Path:
        return self._root / check_key(key)

    def _write(self, key: str, chunks: Iterable[bytes], publish: Callable[[Path, Path], None]) -> None:
        final = self._path(key)
        with writing_to_disk(key):
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._temporary_folder.mkdir(mode=0o700, exist_ok=True)
            temporary = self._temporary_folder / f"{os.getpid()}-{uuid.uuid4().hex}"
            try:
                _fill(temporary, chunks)
                final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                publish(temporary, final)
                self._sync_folders(final.parent)
            finally:
                temporary.unlink(missing_ok=True)

    def _sync_folders(self, folder: Path) -> None:
        """Make the names of a new object and of all folders above it durable.

        All of them each time, not only those made here: another process may have made one and been killed before
        it could do this. A folder without news costs next to nothing.
        """
        above = folder.parents[: len(folder.relative_to(self._root).parts)]
        for each in (folder, *above):
            sync_folder(each)
        # The folder around the store may belong to someone else, who made the store's folder for us.
        with suppress(PermissionError):
            sync_folder(self._root.parent)


def _replace(temporary: Path, final: Path) -> None:
    temporary.replace(final)


def _link(temporary: Path, final: Path) -> None:
    try:
        final.hardlink_to(temporary)
    except FileExistsError:
        raise ObjectExists(final.name) from None


def _fill(path: Path, chunks: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        for chunk in chunks:
            write_all(descriptor, chunk)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _chunks_of(path: Path, sha256: str | None) -> Iterator[bytes]:
    """Yield the bytes of a file; errors while reading it are told apart from errors of the store."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source:
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
                yield chunk
    except OSError as error:
        raise SohoaError(Code.PATH_UNREADABLE, file=path.name, detail=error_name(error)) from None
    if sha256 is not None and digest.hexdigest() != sha256:
        raise SohoaError(Code.PATH_UNREADABLE, file=path.name, detail="changed while it was read", retryable=True)


def _chunks_stored(path: Path, key: str) -> Iterator[bytes]:
    with _reading(key), path.open("rb") as stored:
        while chunk := stored.read(_CHUNK_BYTES):
            yield chunk


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    with _reading(prefix or "/"):
        try:
            with os.scandir(folder) as entries:
                # Folders sort with their slash, so that names come out in the order of the whole name.
                found = sorted(
                    entry.name + "/" if entry.is_dir(follow_symlinks=False) else entry.name for entry in entries
                )
        except (FileNotFoundError, NotADirectoryError):
            return
    for name in found:
        try:
            check_key(prefix + name.removesuffix("/"))
        except ValueError:
            continue
        if name.endswith("/"):
            yield from _walk(folder / name, prefix + name)
        else:
            yield prefix + name


@contextmanager
def _reading(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise SohoaError(Code.OBJECT_MISSING, detail=key) from None
    except OSError as error:
        code = Code.STORE_UNWRITABLE if error.errno in _FORBIDDEN else Code.OBJECT_DAMAGED
        raise SohoaError(code, detail=f"{key}: cannot be read, {error_name(error)}") from error
