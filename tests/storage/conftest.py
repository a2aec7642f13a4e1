"""Builders of stored nouns. All persons are invented."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import storage
from extractors.record import ExtractedField, FieldStatus, Provenance, Record, RecordState, SourcePage
from ocr.page import Box, PageText, ReaderInfo, Word
from storage.catalogue import Catalogue
from storage.database import Database
from storage.desk.database import open_desk
from storage.dossier import Dossier, DossierPaper, DossierScan, PagePlace, state_for
from storage.dossiers import save_dossier
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.keys import record_id_for, scan_key
from storage.objects import ObjectStore
from storage.pages import save_page
from storage.read_log.log import ReadLog
from storage.read_log.reading import read_rows
from storage.records import save_draft

READER = ReaderInfo(name="replay", version="1", model="vie", model_sha256="0" * 64)
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
IDENTITY_KEY = IdentityKey(b"of tests alone".ljust(32, b"."))

REPOSITORY = Path(storage.__file__).parents[1]


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(root: Path) -> FolderStore:
    return FolderStore(root)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """Where entries of the read log lie until they are in the store."""
    return tmp_path / "read-log"


@pytest.fixture
def catalogue_url(tmp_path: Path) -> str:
    """Where the catalogue is. Modules whose tests run over every database take `either_database_url` for it."""
    return f"sqlite:///{tmp_path}/catalogue.sqlite"


@pytest.fixture
def catalogue(catalogue_url: str) -> Catalogue:
    made = Catalogue(catalogue_url, IDENTITY_KEY)
    made.create()
    return made


@pytest.fixture
def log(store: FolderStore, catalogue: Catalogue, tmp_path: Path) -> ReadLog:
    """A read log whose pieces are entered in the catalogue."""
    return ReadLog(
        store, tmp_path / "spool", lambda key, entries: catalogue.filling.enter_piece(key, read_rows(entries))
    )


@pytest.fixture
def desk(either_database_url: str) -> Database:
    """The service's desk, in every database it may be in."""
    return open_desk(either_database_url)


@pytest.fixture
def make_page() -> Callable[..., PageText]:
    def make(**changes: Any) -> PageText:
        box = Box(10, 10, 60, 30)
        values: dict[str, Any] = {
            "scan_sha256": sha256_of(b"scan"),
            "page_number": 1,
            "recipe": "recipe-1",
            "width_px": 100,
            "height_px": 140,
            "dpi": 150,
            "words": (Word(text="Nguyễn", box=box, upright_box=box, confidence=0.9, line=0),),
            "readers": (READER,),
        }
        return PageText(**{**values, **changes})

    return make


@pytest.fixture
def make_record() -> Callable[..., Record]:
    def make(**changes: Any) -> Record:
        dossier_id = changes.get("dossier_id", "hs-001")
        name = ExtractedField(value="Trần Thị Thử", raw="TRẦN THỊ THỬ", status=FieldStatus.FOUND, accepted=True)
        values: dict[str, Any] = {
            "record_id": record_id_for(dossier_id, sha256_of(b"scan"), 1),
            "revision": 1,
            "state": RecordState.ACCEPTED,
            "dossier_id": dossier_id,
            "paper_type": "giay-khai-sinh",
            "paper_type_version": 1,
            "source": (SourcePage(file="scan.pdf", page_number=1, sha256=sha256_of(b"scan")),),
            "fields": {"full_name": name, "number": ExtractedField(status=FieldStatus.MISSING)},
            "metadata": {"page_numbers": (1, 2)},
            "provenance": Provenance(paper_type_fingerprint="f", software="sohoa 0.1.0", created_at=NOON),
        }
        return Record(**{**values, **changes})

    return make


@pytest.fixture
def make_dossier() -> Callable[..., Dossier]:
    def make(dossier_id: str = "hs-001", **changes: Any) -> Dossier:
        sha256 = sha256_of(b"scan")
        first, second = (PagePlace(file="scan.pdf", sha256=sha256, page_number=number) for number in (1, 2))
        paper = DossierPaper(
            record_id=record_id_for(dossier_id, sha256, 1), paper_type="giay-khai-sinh", pages=(first,)
        )
        values: dict[str, Any] = {
            "revision": 1,
            "scans": (DossierScan(file="scan.pdf", sha256=sha256, page_count=2),),
            "papers": (paper,),
            "blank_pages": (second,),
            "failed_pages": (),
            "problems": (),
            "created_at": NOON,
        }
        values.update(changes)
        best = state_for(values["scans"], values["papers"], values["failed_pages"], values["problems"])
        return Dossier(**{"dossier_id": dossier_id, "state": best, **values})

    return make


@pytest.fixture
def held_dossier(
    store: ObjectStore,
    catalogue: Catalogue,
    make_page: Callable[..., PageText],
    make_record: Callable[..., Record],
    make_dossier: Callable[..., Dossier],
) -> Dossier:
    """A store and a catalogue that hold one complete dossier: a scan of two pages, one record."""
    store.put(scan_key(sha256_of(b"scan")), b"scan")
    for number in (1, 2):
        save_page(store, make_page(page_number=number))
    catalogue.project_record(save_draft(store, make_record()))
    dossier = save_dossier(store, make_dossier())
    catalogue.project_dossier(dossier)
    return dossier


@pytest.fixture
def start_python() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start Python programs (their text, then their arguments) that can import the product."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: str | Path, **options: Any) -> "subprocess.Popen[str]":
        command = [sys.executable, "-W", "error", "-c", program, *map(str, arguments)]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()
