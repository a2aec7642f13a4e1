"""Opening an archive that was sent: its entries are the scans, the archive itself is only how they came.

It is not kept: once every entry is in the store and was read back, its bytes are dropped. What is in it is looked at as
`sohoa ingest` looks at a folder: folders are dossiers, a scan beside folders is a dossier of its own.
"""

import hashlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ocr.file_names import is_litter, is_named_like_a_scan, natural_key
from ocr.problem import Code, Problem, SohoaError
from ocr.scan import MAX_SCAN_BYTES, sniff
from ocr.vietnamese import to_nfc
from service.intake.limits import (
    ALWAYS_UNPACKED_BYTES,
    BATCH_LIMITS,
    MAX_CONTENTS_BYTES,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    WRITTEN_EVERY_BYTES,
)
from service.intake.names import is_clean
from storage.desk.parts import Part, Parts
from storage.desk.upload import Upload, UploadKind
from storage.desk.uploads import Coming, Uploads
from storage.objects import ObjectStore
from storage.scans import receive

# What macOS puts beside every file of an archive it makes.
_LITTER_FOLDER = "__MACOSX"
_IS_UTF8, _IS_ENCRYPTED = 0x800, 0x1
# Others take memory that a hostile entry chooses.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NAMELESS = "khong-ten"
# What reading a damaged archive raises.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, ValueError, OverflowError)
# What makes one entry no part of the batch; the others go on.
_OF_ENTRY = frozenset({Code.FILE_SKIPPED, Code.SCAN_ERASED, Code.FILE_NAME_TAKEN, Code.UPLOAD_TOO_LARGE})


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive.

    Attributes:
        ordinal: Its place in the table of contents: with the archive it names the upload.
        info: How to read it.
        folders: The folders it lies in, the outermost first.
        file: Its name.
    """

    ordinal: int
    info: zipfile.ZipInfo
    folders: tuple[str, ...]
    file: str


@dataclass(slots=True)
class _Folder:
    """A folder of an archive: its files, and the folders in it by name."""

    files: list[Entry] = field(default_factory=list)
    folders: dict[str, "_Folder"] = field(default_factory=dict)


def unpack(store: ObjectStore, uploads: Uploads, parts: Parts, archive: Upload, stored: Callable[[], None]) -> None:
    """Store every scan of an archive as a file of its batch; what is no scan is noted as skipped.

    Doing it again goes on where it was killed. One entry at a time is on the disk.

    Args:
        store: Where the scans go.
        uploads: Where they are noted.
        parts: Where the archive is, and an entry while it is stored.
        archive: All of its bytes are there.
        stored: Called after every scan.

    Raises:
        SohoaError: `ARCHIVE_INVALID` before anything of it is stored, but for an entry that is damaged inside; errors
            of store and desk, after which it may be done again.
    """
    path = parts.path(archive.upload_id)
    with ExitStack() as held:
        with _readable():
            opened = held.enter_context(zipfile.ZipFile(held.enter_context(_Bounded(path))))
            entries = _entries(opened, path.stat().st_size)
        taking = _Taking(store, uploads, parts, archive, opened)
        for dossier_id, entry, is_taken in _dossiers(entries, archive.dossier_id):
            _take(taking, dossier_id, entry, is_taken=is_taken)
            stored()


def check_is_scan(file: str, path: Path) -> None:
    """Make sure that a file is a scan, by its name or its first bytes, as `sohoa ingest` does.

    Raises:
        SohoaError: `FILE_SKIPPED`.
    """
    if is_named_like_a_scan(file):
        return
    with path.open("rb") as stream:
        if sniff(stream.read(1024)) is None:
            raise SohoaError(Code.FILE_SKIPPED, file=file)


@dataclass(frozen=True, slots=True)
class _Taking:
    store: ObjectStore
    uploads: Uploads
    parts: Parts
    archive: Upload
    opened: zipfile.ZipFile


def _take(taking: _Taking, dossier_id: str, entry: Entry, *, is_taken: bool) -> None:
    """Store one entry and note it, unless an earlier attempt did."""
    archive, parts = taking.archive, taking.parts
    place = hashlib.sha256(f"{archive.upload_id}/{entry.ordinal}".encode()).hexdigest()
    upload_id = f"u{place[:24]}"
    if taking.uploads.find(upload_id) is not None:
        return
    size_bytes = entry.info.file_size
    coming = Coming(upload_id, archive.batch_id, archive.account, UploadKind.ENTRY, dossier_id, entry.file, size_bytes)
    if is_taken:
        detail = "two folders of the archive have this name"
        taking.uploads.add_failed(coming, Problem(code=Code.DOSSIER_CONFLICT, file=entry.file, detail=detail))
        return
    with parts.holding(upload_id) as part:
        try:
            _extract(taking.opened, entry, part)
            check_is_scan(entry.file, parts.path(upload_id))
            sha256 = receive(taking.store, parts.path(upload_id)).sha256
            taking.uploads.add_stored(replace(coming, sha256=sha256), BATCH_LIMITS)
        except SohoaError as error:
            if error.code not in _OF_ENTRY:
                raise
            taking.uploads.add_failed(coming, error.problem.model_copy(update={"file": entry.file}))
        finally:
            parts.remove(upload_id)


def _extract(opened: zipfile.ZipFile, entry: Entry, part: Part) -> None:
    part.cut(0)
    with ExitStack() as held:
        with _readable():
            source = held.enter_context(opened.open(entry.info))
        while True:
            with _readable():
                data = source.read(WRITTEN_EVERY_BYTES)
            if not data:
                return
            part.write(data)


class _Bounded(io.FileIO):
    """An archive of which no more is read at once than its table of contents may take: the library reads that whole."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most so much."""
        wanted = size if size is not None and size >= 0 else self._rest()
        if wanted > MAX_CONTENTS_BYTES:
            raise zipfile.BadZipFile("its table of contents is too large")
        return super().read(wanted) or b""

    def _rest(self) -> int:
        place = self.tell()
        end = self.seek(0, io.SEEK_END)
        self.seek(place)
        return end - place


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise SohoaError(Code.ARCHIVE_INVALID, detail=type(error).__name__) from error


def _entries(opened: zipfile.ZipFile, archive_bytes: int) -> list[Entry]:
    """Return the files of an archive that is safe to unpack, in natural order of their names.

    Raises:
        SohoaError: `ARCHIVE_INVALID`.
    """
    infos = opened.infolist()
    total = sum(info.file_size for info in infos)
    too_much = total > MAX_UNPACKED_BYTES or any(info.file_size > MAX_SCAN_BYTES for info in infos)
    if len(infos) > MAX_ENTRIES or too_much or total > max(ALWAYS_UNPACKED_BYTES, MAX_RATIO * archive_bytes):
        raise SohoaError(Code.ARCHIVE_INVALID, detail="unpacks to too many files or too many bytes")
    found = [entry for ordinal, info in enumerate(infos) if (entry := _entry(ordinal, info)) is not None]
    if len({(entry.folders, entry.file) for entry in found}) != len(found):
        raise SohoaError(Code.ARCHIVE_INVALID, detail="two entries have the same name")
    return sorted(found, key=lambda entry: [natural_key(part) for part in (*entry.folders, entry.file)])


def _entry(ordinal: int, info: zipfile.ZipInfo) -> Entry | None:
    """Return an entry, or None for a folder and for litter."""
    name = _name_of(info).replace("\\", "/")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    is_outside = name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if is_outside or kind not in {0, stat.S_IFREG, stat.S_IFDIR} or not all(map(is_clean, parts)):
        raise SohoaError(Code.ARCHIVE_INVALID, detail="an entry is a link, or its name leads out of the archive")
    if info.flag_bits & _IS_ENCRYPTED:
        raise SohoaError(Code.ARCHIVE_INVALID, detail="encrypted")
    is_folder = name.endswith("/") or not parts
    if is_folder or any(is_litter(part) or part == _LITTER_FOLDER for part in parts):
        return None
    if info.compress_type not in _METHODS:
        raise SohoaError(Code.ARCHIVE_INVALID, detail=f"compressed by method {info.compress_type}")
    *folders, file = (to_nfc(part) for part in parts)
    return Entry(ordinal, info, tuple(folders), file)


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return a name as text: many programs write UTF-8 without saying so."""
    if info.flag_bits & _IS_UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return info.orig_filename


def _dossiers(entries: Sequence[Entry], nameless: str) -> Iterator[tuple[str, Entry, bool]]:
    """Yield the dossier of each entry, and whether another folder or file of the archive has that name already."""
    root = _Folder()
    for entry in entries:
        folder = root
        for name in entry.folders:
            folder = folder.folders.setdefault(name, _Folder())
        folder.files.append(entry)
    seen: set[str] = set()
    for dossier_id, files in _dossiers_in(root, nameless):
        is_taken = dossier_id in seen
        seen.add(dossier_id)
        yield from ((dossier_id, entry, is_taken) for entry in files)


def _dossiers_in(folder: _Folder, name: str) -> Iterator[tuple[str, Sequence[Entry]]]:
    if not folder.folders:
        yield name, folder.files
        return
    for entry in folder.files:
        yield PurePosixPath(entry.file).stem.strip() or _NAMELESS, [entry]
    for inner_name, inner in folder.folders.items():
        yield from _dossiers_in(inner, inner_name)
