"""A store with something of every kind in it. All persons are invented."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

from extractors.calibration.model import shipped_calibration
from extractors.procedures.procedure import Procedure, ProcedureSource
from extractors.record import ExtractedField, FieldStatus, Provenance, Record, RecordState, SourcePage
from ocr.line_reading import SecondReading
from ocr.page import Box, PageText, ReaderInfo, Word
from storage.batch import Batch, BatchDossier, BatchFile, BatchState
from storage.batches import save_batch
from storage.calibrations import save_calibration
from storage.catalogue import Catalogue
from storage.dossier import Dossier, DossierPaper, DossierScan, DossierState, PagePlace
from storage.dossiers import save_dossier
from storage.integrity.findings import VerifyReport
from storage.integrity.kinds import KINDS
from storage.integrity.ledger import Ledger
from storage.keys import paper_pdf_key, preview_key, procedure_key, reading_key, record_id_for, scan_key
from storage.objects import ObjectStore
from storage.pages import save_page
from storage.read_log.entry import ReadEntry, ReadKind
from storage.read_log.log import ReadLog
from storage.readings import save_reading
from storage.records import save_draft
from storage.rights.cases import new_case_id
from storage.rights.erasure import Erasure, ErasureState, Ground, erasures_in
from storage.rights.hold import Hold, holds_in
from storage.rights.request import CorrectionRequest, requests_in
from storage.verify import verify

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
READER = ReaderInfo(name="replay", version="1", model="vie", model_sha256="0" * 64)
RECIPE = "recipe-1"


def scan_of(number: int) -> bytes:
    return f"%PDF-1.7 scan {number} ".encode() * 40


def sha_of(number: int) -> str:
    return hashlib.sha256(scan_of(number)).hexdigest()


def record_id_of(number: int) -> str:
    return record_id_for(f"hs-{number:03}", sha_of(number), 1)


def add_dossier(store: ObjectStore, catalogue: Catalogue | None, number: int) -> None:
    """One scan of one page, one record, one dossier; safe to repeat."""
    sha = sha_of(number)
    if not store.exists(scan_key(sha)):
        store.put(scan_key(sha), scan_of(number))
    box = Box(10, 10, 60, 30)
    word = Word(text="Nguyễn", box=box, upright_box=box, confidence=0.9, line=0)
    page = PageText(
        scan_sha256=sha,
        page_number=1,
        recipe=RECIPE,
        width_px=100,
        height_px=140,
        dpi=150,
        words=(word,),
        readers=(READER,),
    )
    save_page(store, page)
    name = ExtractedField(value=f"Trần Thị Thử {number}", raw="TRẦN THỊ THỬ", status=FieldStatus.FOUND, accepted=True)
    record = save_draft(
        store,
        Record(
            record_id=record_id_of(number),
            revision=1,
            state=RecordState.ACCEPTED,
            dossier_id=f"hs-{number:03}",
            paper_type="giay-khai-sinh",
            paper_type_version=1,
            source=(SourcePage(file="scan.pdf", page_number=1, sha256=sha),),
            fields={"full_name": name, "number": ExtractedField(value="12", status=FieldStatus.FOUND)},
            provenance=Provenance(paper_type_fingerprint="f", software="sohoa 0.1.0", created_at=NOON),
        ),
    )
    place = PagePlace(file="scan.pdf", sha256=sha, page_number=1)
    dossier = save_dossier(
        store,
        Dossier(
            dossier_id=f"hs-{number:03}",
            revision=1,
            state=DossierState.COMPLETE,
            scans=(DossierScan(file="scan.pdf", sha256=sha, page_count=1),),
            papers=(DossierPaper(record_id=record.record_id, paper_type="giay-khai-sinh", pages=(place,)),),
            created_at=NOON,
        ),
    )
    if catalogue is not None:
        catalogue.project_record(record)
        catalogue.project_dossier(dossier)


def add_batch(store: ObjectStore, *numbers: int, batch_id: str = f"b{'1' * 24}") -> Batch:
    """The batch that the dossiers of these numbers were sent in, digitised."""
    dossiers = tuple(
        BatchDossier(
            dossier_id=f"hs-{number:03}",
            files=(BatchFile(file="scan.pdf", sha256=sha_of(number), size_bytes=len(scan_of(number))),),
            state=DossierState.COMPLETE,
        )
        for number in numbers
    )
    return save_batch(
        store,
        Batch(batch_id=batch_id, revision=1, state=BatchState.DONE, by="lan", dossiers=dossiers, created_at=NOON),
    )


def fill(store: ObjectStore, catalogue: Catalogue, folder: Path) -> None:
    """Put something of every kind into the store; `folder` is for files of the read log on their way there."""
    for number in (1, 2):
        add_dossier(store, catalogue, number)
    sha = sha_of(1)
    reading = SecondReading(scan_sha256=sha, page_number=1, line=Box(10, 10, 60, 30))
    save_reading(store, reading_key(sha, 1, "figures-1"), reading)
    add_batch(store, 1, 2)
    store.put(preview_key(sha, 1), webp(b"picture of a page"))
    store.put(paper_pdf_key(record_id_of(1)), b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n")
    save_calibration(store, shipped_calibration())
    procedure = Procedure(code="1.001193", name="Đăng ký khai sinh", source=ProcedureSource.NATIONAL_LIST)
    store.create(procedure_key("1.001193", 1), procedure.to_json())
    log = ReadLog(store, folder)
    for number in range(3):
        # At one moment: at midnight begins another piece.
        entry = ReadEntry(kind=ReadKind.LOOKUP, reader="can-bo-1", purpose="đăng ký khai sinh", held=number, at=NOON)
        log.append(entry)
    assert len(log.seal().keys) == 1
    holds_in(store).open(
        Hold(case_id=new_case_id(), record_id=record_id_of(2), by="can-bo-1", reason="lệnh 5", at=NOON)
    )
    request = CorrectionRequest(
        case_id=new_case_id(), record_id=record_id_of(1), field="full_name", says="x", at=NOON, due=date(2024, 6, 6)
    )
    requests_in(store).open(request)
    erasure = Erasure(
        case_id=new_case_id(),
        state=ErasureState.FINISHED,
        subject_key="0" * 64,
        by="can-bo-1",
        ground=Ground.REQUEST,
        decision="7/QĐ",
        started_at=NOON,
        finished_at=NOON,
    )
    erasures_in(store).open(erasure)


def webp(content: bytes) -> bytes:
    """The frame of a WebP file around anything."""
    body = b"WEBP" + content + b"\0" * (len(content) % 2)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def content_of(store: ObjectStore) -> dict[str, bytes]:
    """Every object of every kind, by name."""
    return {key: store.get(key) for kind in KINDS for key in store.list(kind.prefix)}


def checked(store: ObjectStore, catalogue: Catalogue, ledger: Path) -> VerifyReport:
    """A pass with the ledger at `ledger`."""
    with Ledger.open(ledger) as opened:
        return verify(store, catalogue, ledger=opened)
