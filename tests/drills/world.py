"""Small homes to be killed in, and what they hold in a form that two runs of the same share. All persons are invented."""

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.record import Record
from ocr.page import Box, PageText, ReaderInfo, Word
from storage.catalogue import Catalogue
from storage.dossier import Dossier, DossierPaper, DossierScan, DossierState, PagePlace
from storage.dossiers import save_dossier
from storage.folder_store import FolderStore
from storage.identity import load_identity_key
from storage.keys import scan_key
from storage.objects import ObjectStore
from storage.pages import save_page
from storage.read_log.reading import read_entries, read_log_keys
from storage.records import save_draft
from storage.reindex import reindex
from storage.settings import Settings
from storage.verify import verify
from tests.storage.deciding import NOON, birth_record

READER = ReaderInfo(name="replay", version="1", model="vie", model_sha256="0" * 64)
RECIPE = "recipe-1"
SECOND_STORE = "second"
_TABLES = ("records", "record_subjects", "dossiers", "reads", "read_records", "read_log_pieces")
_CASE = re.compile("(?:erasures|holds|requests)/([0-9a-f]{24})/")
_TIME = re.compile('"[0-9]{4}-[0-9]{2}-[0-9]{2}[^"]*"')


@dataclass(frozen=True)
class World:
    """A home as the commands open it."""

    home: Path
    settings: Settings
    store: ObjectStore
    catalogue: Catalogue

    @classmethod
    def at(cls, home: Path) -> "World":
        """Open a home; its catalogue gets its tables."""
        settings = Settings.load(home, {}, {})
        return cls(home, settings, settings.open_store(), settings.open_catalogue())

    @property
    def second(self) -> FolderStore:
        """The store that holds copies, where the path has one."""
        return FolderStore(self.home / SECOND_STORE)

    def add_paper(self, nth: int, *, projected: bool = True, **changes: Any) -> Record:
        """Hold a birth certificate as a run of the machine leaves it: scan, page, record, dossier, rows."""
        draft = birth_record(nth, **changes)
        scan = f"scan {nth}".encode()
        self.store.put(scan_key(draft.source[0].sha256), scan)
        save_page(self.store, page_of(scan))
        record = save_draft(self.store, draft)
        dossier = save_dossier(self.store, dossier_of(record))
        if projected:
            self.catalogue.project_record(record)
            self.catalogue.project_dossier(dossier)
        return record


def page_of(scan: bytes) -> PageText:
    """The text of the one page of a scan."""
    box = Box(10, 10, 60, 30)
    word = Word(text="Nguyễn", box=box, upright_box=box, confidence=0.9, line=0)
    return PageText(
        scan_sha256=hashlib.sha256(scan).hexdigest(), page_number=1, recipe=RECIPE, width_px=100, height_px=140,
        dpi=150, words=(word,), readers=(READER,),
    )  # fmt: skip


def dossier_of(record: Record, **changes: Any) -> Dossier:
    """The dossier of one paper on one page."""
    source = record.source[0]
    place = PagePlace(file=source.file, sha256=source.sha256, page_number=1)
    values: dict[str, Any] = {
        "dossier_id": record.dossier_id,
        "revision": 1,
        "state": DossierState.COMPLETE,
        "scans": (DossierScan(file=source.file, sha256=source.sha256, page_count=1),),
        "papers": (DossierPaper(record_id=record.record_id, paper_type=record.paper_type, pages=(place,)),),
        "created_at": NOON,
    }
    return Dossier(**{**values, **changes})


def content_of(store: ObjectStore) -> dict[str, bytes]:
    """Every object."""
    return {key: store.get(key) for key in store.list("")}


def form_of(home: Path, before: frozenset[str]) -> dict[str, Any]:
    """What a home holds, without what differs from run to run: times, and identifiers given by chance.

    Args:
        home: The home.
        before: Names of the objects that were there before the operation: their identifiers differ in no run.
    """
    form: dict[str, Any] = {"files": sorted(path.name for path in home.iterdir() if not _is_of_sqlite(path))}
    form["spooled"] = len(list((home / "read-log").glob("*.jsonl")))
    known = {found[1] for key in before if (found := _CASE.match(key))}
    for name in ("store", SECOND_STORE):
        store = FolderStore(home / name)
        objects = {key: data for key, data in content_of(store).items() if not key.startswith("audit/")}
        new = sorted({found[1] for key in objects if (found := _CASE.match(key))} - known)
        plain = {key: _plain(data, new) for key, data in objects.items()}
        # Several new cases of one kind are told apart by nothing but chance.
        form[name] = sorted((_unnamed(key, new), data) for key, data in plain.items())
        form[f"{name}: read log"] = sorted(
            repr((entry.kind, entry.reader, entry.purpose, entry.records))
            for entry in read_entries(store, list(read_log_keys(store)))
        )
    return form


def rows_of(catalogue: Path) -> dict[str, list[Any]]:
    """Every row of every table of an SQLite catalogue, sorted."""
    connection = sqlite3.connect(catalogue)
    try:
        return {table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in _TABLES}
    finally:
        connection.close()


def rows_after_rebuild(home: Path, template: Path) -> dict[str, list[Any]]:
    """The rows a catalogue made anew of the home's store holds; `template` is one with tables and no rows."""
    fresh = home / "fresh.sqlite"
    fresh.write_bytes(template.read_bytes())
    reindex(FolderStore(home / "store"), Catalogue(f"sqlite:///{fresh}", load_identity_key(home)))
    rows = rows_of(fresh)
    for path in home.glob("fresh.sqlite*"):
        path.unlink()
    return rows


def findings_of(home: Path, *, damage_only: bool) -> list[str]:
    """What a check of the home's store and catalogue finds."""
    report = verify(FolderStore(home / "store"), World.at(home).catalogue)
    found = report.damage if damage_only else (*report.damage, *report.warnings)
    return [f"{problem.code}: {problem.detail}" for problem in found]


def _plain(data: bytes, new: list[str]) -> str:
    return _TIME.sub('"TIME"', _unnamed(data.decode("utf-8", "replace"), new))


def _unnamed(text: str, new: list[str]) -> str:
    for case_id in new:
        text = text.replace(case_id, "CASE")
    return text


def _is_of_sqlite(path: Path) -> bool:
    return path.name.endswith(("-wal", "-shm"))
