"""A small town: three persons, their papers, dossiers that they share. All persons are invented."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.record import (
    Evidence,
    ExtractedField,
    FieldStatus,
    Provenance,
    Record,
    RecordState,
    SourcePage,
    Subject,
)
from ocr.line_reading import SecondReading
from ocr.page import Box, PageText, ReaderInfo, Said, Word
from storage.batch import Batch, BatchDossier, BatchFile, BatchState
from storage.batches import save_batch
from storage.catalogue import Catalogue
from storage.dossier import Dossier, DossierPaper, DossierScan, PagePlace, state_for
from storage.dossiers import load_dossier, save_dossier
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.keys import paper_pdf_key, preview_key, reading_key, record_id_for, scan_key
from storage.objects import ObjectStore
from storage.pages import save_page
from storage.readings import save_reading
from storage.records import load_record, save_draft, withdraw
from storage.rights.erasure import Ground
from storage.rights.execution import Eraser
from storage.rights.person import Person
from storage.rights.plan import Plan, Planner
from storage.rights.retention import Retention, RetentionCode, RetentionTable

KEY = IdentityKey(b"of tests alone".ljust(32, b"."))
CAME = datetime(2024, 5, 6, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
READER = ReaderInfo(name="replay", version="1", model="vie", model_sha256="0" * 64)
RECIPE = "recipe-1"
NO_RETENTION = RetentionTable({}, Retention(RetentionCode.OTHER, 0))

XOA = Subject(role="owner", personal_id="001099012345", full_name="Lê Văn Xóa", date_of_birth="1999-02-03")
BINH = Subject(role="owner", personal_id="001188054321", full_name="Trần Thị Bình", date_of_birth="1988-07-08")
CHI = Subject(role="owner", personal_id="001077011111", full_name="Phạm Chi", date_of_birth="1977-01-01")
TRACES = (
    b"001099012345",
    "Lê Văn Xóa".encode(),
    b"le van xoa",
    "LÊ VĂN XÓA".encode(),
    b"L\\u00ea V\\u0103n X",
    b"Xoa-1999",
)


@dataclass(frozen=True)
class Sheet:
    """One paper on pages of one file."""

    pages: tuple[int, ...]
    subjects: tuple[Subject, ...]
    paper_type: str = "giay-xac-nhan-tinh-trang-hon-nhan"


@dataclass(frozen=True)
class File:
    """One file: its name, its number of pages and the papers on them; other pages are blank or failed."""

    name: str
    page_count: int
    sheets: tuple[Sheet, ...]
    failed: tuple[int, ...] = ()
    content: bytes = b""

    @property
    def data(self) -> bytes:
        return self.content or f"%PDF-1.7 scan of {self.name}".encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Town:
    """A store and its catalogue, and how to fill them."""

    store: ObjectStore
    catalogue: Catalogue
    second: ObjectStore | None = None
    records: dict[str, str] = field(default_factory=dict)

    def add(self, dossier_id: str, *files: File, procedure_code: str | None = None) -> Dossier:
        """Store a dossier as a run of the machine does."""
        papers: list[DossierPaper] = []
        for file in files:
            self._add_pages(file)
            papers += [self._add_paper(dossier_id, file, sheet) for sheet in file.sheets]
        places = {
            (file.name, number): PagePlace(file=file.name, sha256=file.sha256, page_number=number)
            for file in files
            for number in range(1, file.page_count + 1)
        }
        in_papers = {place for paper in papers for place in paper.pages}
        failed = tuple(places[file.name, number] for file in files for number in file.failed)
        scans = tuple(DossierScan(file=file.name, sha256=file.sha256, page_count=file.page_count) for file in files)
        found = {paper.record_id for paper in papers}
        earlier = load_dossier(self.store, dossier_id)
        for paper in earlier.papers if earlier else ():
            if paper.record_id not in found:
                gone = withdraw(self.store, paper.record_id, CAME)
                if gone is not None:
                    self.catalogue.project_record(gone)
        dossier = Dossier(
            dossier_id=dossier_id, revision=1, procedure_code=procedure_code, recipe=RECIPE, scans=scans, papers=tuple(papers),
            state=state_for(scans, papers, failed, ()), failed_pages=failed, created_at=CAME,
            blank_pages=tuple(place for place in places.values() if place not in in_papers and place not in failed),
        )  # fmt: skip
        saved = save_dossier(self.store, dossier)
        self.catalogue.project_dossier(saved)
        return saved

    def send(self, nth: int, *dossier_ids: str, state: BatchState = BatchState.DONE, code: str | None = None) -> Batch:
        """Store the batch that these dossiers were sent in."""
        dossiers = []
        for dossier_id in dossier_ids:
            held = load_dossier(self.store, dossier_id)
            assert held is not None
            files = tuple(BatchFile(file=scan.file, sha256=scan.sha256, size_bytes=1) for scan in held.scans)
            became = held.state if state is BatchState.DONE else None
            dossiers.append(BatchDossier(dossier_id=dossier_id, files=files, state=became))
        batch = Batch(
            batch_id=f"b{nth:024}", revision=1, state=state, by="lan", dossier_code=code, dossiers=tuple(dossiers), created_at=CAME
        )  # fmt: skip
        return save_batch(self.store, batch)

    def _add_pages(self, file: File) -> None:
        self.store.put(scan_key(file.sha256), file.data)
        for number in range(1, file.page_count + 1):
            text = " ".join(s.full_name or "" for sheet in file.sheets if number in sheet.pages for s in sheet.subjects)
            box = Box(10, 10, 60, 30)
            words = tuple(Word(text=word, box=box, upright_box=box, confidence=0.9, line=0) for word in text.split())
            save_page(
                self.store,
                PageText(
                    scan_sha256=file.sha256,
                    page_number=number,
                    recipe=RECIPE,
                    width_px=100,
                    height_px=140,
                    dpi=150,
                    words=words,
                    readers=(READER,),
                ),
            )
            said = Said(reader="replay", text=text) if text else None
            reading = SecondReading(scan_sha256=file.sha256, page_number=number, line=box, text=said)
            save_reading(self.store, reading_key(file.sha256, number, "line-1"), reading)
            picture = f"{text} picture".encode()
            self.store.put(
                preview_key(file.sha256, number), b"RIFF" + (len(picture) + 4).to_bytes(4, "little") + b"WEBP" + picture
            )

    def _add_paper(self, dossier_id: str, file: File, sheet: Sheet) -> DossierPaper:
        record_id = record_id_for(dossier_id, file.sha256, sheet.pages[0])
        evidence = Evidence(file=file.name, page_number=sheet.pages[0], box=Box(1, 1, 2, 2), reader="replay")
        fields = {
            f"{subject.role}_{name}": ExtractedField(
                value=value, raw=value.upper(), status=FieldStatus.FOUND, accepted=True, evidence=evidence
            )
            for subject in sheet.subjects
            for name, value in (("name", subject.full_name), ("personal_id", subject.personal_id))
            if value
        }
        record = Record(
            record_id=record_id, revision=1, state=RecordState.ACCEPTED, dossier_id=dossier_id, dossier_code="H05.12-240506-0001",
            paper_type=sheet.paper_type, paper_type_version=1, fields=fields, subjects=sheet.subjects,
            source=tuple(SourcePage(file=file.name, page_number=number, sha256=file.sha256) for number in sheet.pages),
            metadata={"issued_date": "2024-05-01"}, provenance=Provenance(paper_type_fingerprint="f", software="sohoa 0.1.0", created_at=CAME),
        )  # fmt: skip
        self.catalogue.project_record(save_draft(self.store, record))
        self.store.put(paper_pdf_key(record_id), b"%PDF-1.7 " + str(fields).encode() + b" %%EOF")
        self.records[f"{dossier_id}/{file.name}/{sheet.pages[0]}"] = record_id
        return DossierPaper(
            record_id=record_id,
            paper_type=sheet.paper_type,
            pages=tuple(PagePlace(file=file.name, sha256=file.sha256, page_number=number) for number in sheet.pages),
        )

    def id_of(self, place: str) -> str:
        return self.records[place]

    def load(self, place: str) -> Record:
        record = load_record(self.store, self.records[place])
        assert record is not None
        return record

    def planner(self, retention: RetentionTable = NO_RETENTION) -> Planner:
        return Planner(self.store, self.catalogue, KEY, retention, TODAY)

    def plan(self, *named: str, ground: Ground = Ground.REQUEST, subject: Subject = XOA) -> Plan:
        return self.planner().plan(person(subject), ground, named)

    def eraser(self) -> Eraser:
        return Eraser(self.store, self.second, self.catalogue)

    def erase(self, *named: str) -> Any:
        return self.eraser().erase(self.plan(*named), "can-bo-1", "12/QĐ-UBND ngày 20/11/2026")


def person(subject: Subject) -> Person:
    assert subject.personal_id
    return Person.of(subject.personal_id, KEY)


def everything(store: ObjectStore) -> dict[str, bytes]:
    """Every object of a store."""
    return {key: store.get(key) for key in store.list("")}


def traces_in(objects: dict[str, bytes], traces: Sequence[bytes] = TRACES) -> list[str]:
    return [key for key, data in objects.items() if any(trace in data or trace.decode() in key for trace in traces)]


def fill(town: Town) -> None:
    """Papers of Xóa alone, papers in one scan with Bình's, a paper with Chi, dossiers of others."""
    town.add("Lê Văn Xóa", File("Xoa-1999.pdf", 2, (Sheet((1,), (XOA,)),)))
    town.add(
        "hs-002",
        File("chung.pdf", 4, (Sheet((1, 2), (XOA,)), Sheet((3,), (BINH,)))),
        File("rieng-Xoa-1999.pdf", 1, (Sheet((1,), (XOA,)),)),
    )
    wife, husband = BINH.model_copy(update={"role": "wife"}), XOA.model_copy(update={"role": "husband"})
    town.add("hs-003", File("ket-hon.pdf", 1, (Sheet((1,), (wife, husband), "giay-chung-nhan-ket-hon"),)))
    town.add("hs-004", File("chi.pdf", 2, (Sheet((1, 2), (CHI,)),)))
    town.send(1, "Lê Văn Xóa", code="H05.12-240506-0001")
    town.send(2, "hs-002", "hs-003", "hs-004")
    town.send(3, "hs-004")


@pytest.fixture
def store_kind() -> str:
    """Which store: modules whose tests run over every store parametrise it."""
    return "folder"


@pytest.fixture
def store(store_kind: str, root: Path, request: pytest.FixtureRequest) -> ObjectStore:
    if store_kind == "folder":
        return FolderStore(root)
    made: ObjectStore = request.getfixturevalue("minio_server").new_store()
    return made


@pytest.fixture
def town(store: ObjectStore, catalogue: Catalogue) -> Town:
    """The town before anybody asked for anything."""
    made = Town(store, catalogue)
    fill(made)
    return made


@pytest.fixture
def catalogue_bytes(tmp_path: Path) -> Callable[[], bytes]:
    """Everything in the tables of the catalogue, as text."""

    def dump() -> bytes:
        with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as connection:
            return "\n".join(connection.iterdump()).encode()

    return dump
