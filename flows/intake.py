"""What a clerk pointed at: which folders and files are dossiers, what is no scan. Looks at names and first bytes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr.problem import Code, Problem
from ocr.scan import sniff
from ocr.vietnamese import to_nfc

# A file named like a scan is treated as one, so that a broken one is reported instead of being passed over.
_SCAN_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})
# What file managers leave behind; nobody wants to hear of it.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class DossierInput:
    """A dossier as the clerk sent it: its id (folder or file name, NFC) and its scans in natural order."""

    dossier_id: str
    files: tuple[Path, ...]


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
    dossiers: list[DossierInput] = []
    skipped: list[Problem] = []
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            _take_folder(path, dossiers, skipped, problems)
        elif path.is_file():
            dossiers.append(DossierInput(to_nfc(path.stem), (path,)))
        else:
            problems.append(Problem(code=Code.PATH_NOT_FOUND, file=to_nfc(path.name or str(path))))
    return Intake(tuple(_one_of_each(dossiers, problems)), tuple(skipped), tuple(problems))


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which `trang 2` comes before `trang 10`."""
    parts = re.split(r"(\d+)", to_nfc(name).lower())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part)


def _take_folder(folder: Path, dossiers: list[DossierInput], skipped: list[Problem], problems: list[Problem]) -> None:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: natural_key(entry.name))
    except OSError:
        problems.append(Problem(code=Code.PATH_UNREADABLE, file=to_nfc(folder.name)))
        return
    entries = [entry for entry in entries if not entry.name.startswith(".") and entry.name.lower() not in _LITTER]
    scans = [entry for entry in entries if entry.is_file() and _is_scan(entry)]
    folders = [entry for entry in entries if entry.is_dir()]
    skipped += [
        Problem(code=Code.FILE_SKIPPED, file=to_nfc(f"{folder.name}/{entry.name}"))
        for entry in entries
        if entry not in scans and entry not in folders
    ]
    if folders:
        for entry in entries:
            if entry in folders:
                _take_folder(entry, dossiers, skipped, problems)
            elif entry in scans:
                dossiers.append(DossierInput(to_nfc(entry.stem), (entry,)))
    elif scans:
        dossiers.append(DossierInput(to_nfc(folder.resolve().name), tuple(scans)))
    else:
        problems.append(Problem(code=Code.FOLDER_EMPTY, file=to_nfc(folder.resolve().name)))


def _is_scan(path: Path) -> bool:
    if path.suffix.lower() in _SCAN_SUFFIXES:
        return True
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
