"""What a clerk pointed at: which folders and files are dossiers, what is no scan. Looks at names and first bytes."""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from ocr.file_names import is_litter, is_named_like_a_scan, natural_key
from ocr.problem import Code, Problem
from ocr.scan import sniff
from ocr.vietnamese import to_nfc

# A dossier needs an id even where somebody named a folder with spaces only.
_NAMELESS = "khong-ten"


@dataclass(frozen=True, slots=True)
class HeldScan:
    """A scan that the store holds already; `file` is its name as the clerk gave it."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What was said of a dossier when it was sent; None: nothing, which changes nothing of what was said before.

    Attributes:
        agency: Identifier of the agency it was sent for.
        procedure_code: Mã thủ tục hành chính.
        dossier_code: Mã hồ sơ.
    """

    agency: str | None = None
    procedure_code: str | None = None
    dossier_code: str | None = None


@dataclass(frozen=True, slots=True)
class DossierInput:
    """A dossier as the clerk sent it.

    Attributes:
        dossier_id: Folder or file name, NFC.
        files: Its scans in natural order: files of this machine, or scans that the store holds.
        stated: What was said of it.
    """

    dossier_id: str
    files: tuple[Path | HeldScan, ...]
    stated: Stated = Stated()


@dataclass(frozen=True, slots=True)
class Intake:
    """What was found: dossiers in natural order, files passed over, and what is wrong with the input itself."""

    dossiers: tuple[DossierInput, ...]
    skipped: tuple[Problem, ...]
    problems: tuple[Problem, ...]


def take_in(paths: Iterable[Path]) -> Intake:
    """Find the dossiers under `paths`.

    A folder with files is one dossier named after the folder; a folder of folders is a batch, and a scan beside those
    folders a dossier of its own; a file is a dossier named after it without the suffix. Two of one name are refused:
    the second would be taken for more of the first.
    """
    search = _Search()
    for path in paths:
        search.take(path)
    return Intake(tuple(_one_of_each(search.dossiers, search.problems)), tuple(search.skipped), tuple(search.problems))


def display_name(source: Path | HeldScan) -> str:
    """Return the name of a file or folder as text that can be stored and shown; see `display_text`."""
    return source.file if isinstance(source, HeldScan) else display_text(source.name)


def display_text(name: str) -> str:
    """Return a name the operating system gave as NFC; bytes that are no UTF-8 become their escapes."""
    return to_nfc(os.fsencode(name).decode("utf-8", "backslashreplace"))


def as_parameter(path: Path) -> str:
    """Return a path as a flow parameter, which is JSON: as it is, or as a `file:` URI when it is no UTF-8."""
    text = str(path)
    return path.absolute().as_uri() if display_text(text) != to_nfc(text) else text


def as_path(parameter: str) -> Path:
    """Return the path a flow parameter names."""
    if parameter.startswith("file:///"):
        return Path(os.fsdecode(unquote_to_bytes(parameter.removeprefix("file://"))))
    return Path(parameter)


@dataclass(slots=True)
class _Search:
    """One look through what the clerk pointed at."""

    dossiers: list[DossierInput] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _inside: list[Path] = field(default_factory=list)

    def take(self, path: Path) -> None:
        """Take a folder or file as the clerk named it."""
        if _is_folder(path):
            # `.` and `..` are no names a dossier could be called by.
            self._take_folder(path.resolve() if path.name in {"", ".."} else path)
        elif os.path.lexists(path):
            self._take_file(path)
        else:
            self._find(Code.PATH_NOT_FOUND, display_name(path) or str(path))

    def _take_folder(self, folder: Path) -> None:
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: natural_key(display_name(entry)))
        except OSError:
            self._find(Code.PATH_UNREADABLE, display_name(folder))
            return
        entries = [entry for entry in entries if not is_litter(entry.name)]
        folders = [entry for entry in entries if _is_folder(entry)]
        scans = [entry for entry in entries if entry not in folders and _is_scan(entry)]
        for entry in entries:
            if entry not in scans and entry not in folders:
                file = f"{display_name(folder)}/{display_name(entry)}"
                self.skipped.append(Problem(code=Code.FILE_SKIPPED, file=file))
        if folders:
            self._take_batch(folder, [entry for entry in entries if entry in scans or entry in folders])
        elif scans:
            self._add(display_name(folder), tuple(scans))
        else:
            self._find(Code.FOLDER_EMPTY, display_name(folder))

    def _take_batch(self, folder: Path, entries: Sequence[Path]) -> None:
        self._inside.append(folder.resolve())
        for entry in entries:
            if not _is_folder(entry):
                self._take_file(entry)
            elif entry.resolve() in self._inside:  # a link to a folder it lies in: going on would never end
                self._find(Code.PATH_UNREADABLE, display_name(entry))
            else:
                self._take_folder(entry)
        self._inside.pop()

    def _take_file(self, path: Path) -> None:
        self._add(display_name(path.with_suffix("")), (path,))

    def _add(self, name: str, files: tuple[Path, ...]) -> None:
        self.dossiers.append(DossierInput(name if name.strip() else _NAMELESS, files))

    def _find(self, code: Code, file: str) -> None:
        self.problems.append(Problem(code=code, file=file))


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(_mode(path))


def _mode(path: Path) -> int:
    """Return type and permissions of what has this name, 0 for nothing, a link to nothing and no access."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _is_scan(path: Path) -> bool:
    # Named like a scan it is one even when it is a link to nothing: it is reported, never passed over.
    if is_named_like_a_scan(path.name):
        return True
    if not stat.S_ISREG(_mode(path)):  # reading a pipe would wait for ever
        return False
    try:
        with path.open("rb") as stream:
            return sniff(stream.read(1024)) is not None
    except OSError:
        return False


def _one_of_each(dossiers: Sequence[DossierInput], problems: list[Problem]) -> list[DossierInput]:
    kept: dict[str, DossierInput] = {}
    for dossier in dossiers:
        if dossier.dossier_id in kept:
            if dossier.files != kept[dossier.dossier_id].files:
                detail = "two inputs of one run have this name"
                problems.append(Problem(code=Code.DOSSIER_CONFLICT, file=dossier.dossier_id, detail=detail))
            continue
        kept[dossier.dossier_id] = dossier
    return list(kept.values())
