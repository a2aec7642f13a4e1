"""How each write path is prepared in a small home, and done: through the functions that the commands call."""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import typer
from PIL import Image

from commands import catalogue as catalogue_commands
from commands import procedures as procedure_commands
from commands import record as record_commands
from commands import subject as subject_commands
from commands import subject_erase as erase_commands
from commands.common import filled_catalogue
from extractors.calibration.model import shipped_calibration
from extractors.procedures.table_loader import table_of
from flows import drafting
from ocr.image import PageImage
from ocr.line_reading import SecondReading
from ocr.page import Box
from storage import batches
from storage.arrangement import Arrangement
from storage.arranging import arrange
from storage.batch import Batch, BatchDossier, BatchFile, BatchState
from storage.calibrations import save_calibration
from storage.dossier import DossierState
from storage.dossiers import load_dossier, save_dossier
from storage.keys import reading_key, scan_key
from storage.pages import save_page
from storage.paper_pdf import paper_pdf
from storage.previews import keep_preview
from storage.procedures import load_procedure
from storage.readings import save_reading
from storage.records import load_record, save_draft
from storage.rights.erased import erasures
from storage.rights.hold import Hold, holds_in
from storage.rights.request import CorrectionRequest, requests_in
from storage.s3 import accounts
from storage.sample_key import load_sample_key
from storage.scans import receive
from storage.settings import Settings
from tests.drills.world import SECOND_STORE, World, dossier_of, page_of
from tests.storage.deciding import NOON, VALUES, birth_record, read

FIRST, SECOND = birth_record(1), birth_record(2)
CASE_ID = "0" * 24
CODE = "1.001193"
BY_HAND: dict[str, Any] = {"by": "lan", "reason": "đối chiếu bản gốc"}


def in_order(command: Callable[[], None]) -> None:
    """Run a command to its end, whatever it says of what it left."""
    with suppress(typer.Exit):
        command()


def nothing(_: World) -> None:
    """The operation needs no home before it."""


def one_paper(world: World) -> None:
    world.add_paper(1)


def doubtful_paper(world: World) -> None:
    world.add_paper(1, doubtful=("full_name",))


def two_papers(world: World) -> None:
    world.add_paper(1)
    world.add_paper(2)


def a_scan(world: World) -> None:
    (world.home / "scan.pdf").write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 20)


def a_scan_held(world: World) -> None:
    world.store.put(scan_key(FIRST.source[0].sha256), b"scan 1")


def a_drawn_paper(world: World) -> None:
    """A paper whose scan can be opened."""
    scan = io.BytesIO()
    Image.new("L", (100, 140), 255).save(scan, "PNG", dpi=(150, 150))
    data = scan.getvalue()
    source = FIRST.source[0].model_copy(update={"sha256": hashlib.sha256(data).hexdigest()})
    world.store.put(scan_key(source.sha256), data)
    save_page(world.store, page_of(data))
    record = save_draft(world.store, FIRST.model_copy(update={"source": (source,)}))
    world.catalogue.project_record(record)
    world.catalogue.project_dossier(save_dossier(world.store, dossier_of(record)))


def a_paper_of_before(world: World) -> None:
    """A dossier that was split otherwise before: the record of its first splitting is there still."""
    record = world.add_paper(1)
    dossier = dossier_of(record, papers=(), blank_pages=dossier_of(record).papers[0].pages, state=DossierState.FAILED)
    world.catalogue.project_dossier(save_dossier(world.store, dossier))


def decided(*commands: Callable[[Path], None]) -> Callable[[World], None]:
    """Two papers, and what people decided on them."""

    def prepare(world: World) -> None:
        two_papers(world)
        for command in commands:
            command(world.home)

    return prepare


def a_request(world: World) -> None:
    one_paper(world)
    requests_in(world.store).open(
        CorrectionRequest(
            case_id=CASE_ID, record_id=FIRST.record_id, revision_seen=1, field="full_name", says="Trần Thị Thứ",
            by="lan", at=NOON, due=date(2024, 5, 8),
        )
    )  # fmt: skip


def a_hold(world: World) -> None:
    one_paper(world)
    holds_in(world.store).open(Hold(case_id=CASE_ID, record_id=FIRST.record_id, by="lan", reason="lệnh 5", at=NOON))


def papers_of_one_person(world: World) -> None:
    """Two papers of one person, one with a request, all of it in the second store as well."""
    a_request(world)
    world.add_paper(2)
    save_batch(world.home)
    shutil.copytree(world.home / "store", world.home / SECOND_STORE)


def an_erasure(world: World) -> None:
    papers_of_one_person(world)
    erase(world.home)


def a_restored_backup(world: World) -> None:
    """The store of before an erasure that the second store tells of."""
    papers_of_one_person(world)
    shutil.copytree(world.home / "store", world.home / "backup")
    erase(world.home)
    shutil.rmtree(world.home / "store")
    (world.home / "backup").rename(world.home / "store")
    in_order(lambda: reindex_full(world.home))


def an_own_table(world: World) -> None:
    built_in = load_procedure(world.store, CODE)
    assert built_in is not None
    (world.home / "bang.yaml").write_text(table_of(built_in), "utf-8")


def an_imported_table(world: World) -> None:
    an_own_table(world)
    in_order(lambda: import_procedures(world.home))


def a_published_list(world: World) -> None:
    for code in (CODE, "1.009999"):
        listed = {"ma_thu_tuc": code, "ten_thu_tuc": "Thủ tục thử", "thanh_phan_ho_so": "Đơn đề nghị1 bản chính"}
        (world.home / f"{code}.json").write_text(json.dumps(listed), "utf-8")


def a_catalogue_behind(world: World) -> None:
    """Records, dossiers and reads that the catalogue does not know, one that it knows in an older revision."""
    one_paper(world)
    show(world.home)
    world.add_paper(2, projected=False)
    read_again(world, projected=False)


def no_catalogue(world: World) -> None:
    two_papers(world)
    for path in (*world.home.glob("catalogue.sqlite*"), world.home / "id.key"):
        path.unlink()


def read_again(world: World, *, projected: bool = True) -> None:
    """What a better reader makes of a paper that is held."""
    fields = {"full_name": read(VALUES["full_name"] + " Hai")}
    record = save_draft(world.store, birth_record(1, fields=fields))
    if projected:
        world.catalogue.project_record(record)


def receive_scan(home: Path) -> None:
    receive(World.at(home).store, home / "scan.pdf")


def save_text(home: Path) -> None:
    save_page(World.at(home).store, page_of(b"scan 1"))


def save_second_reading(home: Path) -> None:
    sha256 = FIRST.source[0].sha256
    reading = SecondReading(scan_sha256=sha256, page_number=1, line=Box(10, 10, 60, 30))
    save_reading(World.at(home).store, reading_key(sha256, 1, "figures-1"), reading)


def save_paper(home: Path) -> None:
    World.at(home).add_paper(1)


def save_paper_again(home: Path) -> None:
    read_again(World.at(home))


def withdraw_paper(home: Path) -> None:
    world = World.at(home)
    shop: Any = SimpleNamespace(store=world.store, catalogue=world.catalogue)
    drafting.withdraw_others(shop, FIRST.dossier_id, (), NOON)


def save_dossier_again(home: Path) -> None:
    world = World.at(home)
    held = load_dossier(world.store, FIRST.dossier_id)
    assert held is not None
    saved = save_dossier(world.store, held.model_copy(update={"dossier_code": "H05.12-240506-0001"}))
    world.catalogue.project_dossier(saved)


def arrange_pages(home: Path) -> None:
    world = World.at(home)
    held = load_dossier(world.store, FIRST.dossier_id, 1)
    assert held is not None
    blank = Arrangement(by="lan", at=NOON, reason="tờ bìa", blank_pages=held.papers[0].pages)
    arrange(world.store, world.catalogue, FIRST.dossier_id, 1, blank)


def save_batch(home: Path) -> None:
    file = BatchFile(file="scan.pdf", sha256=FIRST.source[0].sha256, size_bytes=6)
    dossier = BatchDossier(dossier_id=FIRST.dossier_id, files=(file,))
    named: dict[str, Any] = {"batch_id": f"b{CASE_ID}", "by": "lan", "dossiers": (dossier,), "created_at": NOON}
    store = World.at(home).store
    if batches.load_batch(store, named["batch_id"]) is None:
        batches.save_batch(store, Batch(revision=1, state=BatchState.WAITING, **named))
    batches.save_batch(store, Batch(revision=1, state=BatchState.DONE, **named))


def save_preview(home: Path) -> None:
    page = PageImage(np.full((140, 100), 255, np.uint8), 150, 1)
    keep_preview(World.at(home).store, FIRST.source[0].sha256, page)


def make_pdf(home: Path) -> None:
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # the font in a PDF is stamped with the time
    store = World.at(home).store
    record = load_record(store, FIRST.record_id)
    assert record is not None
    paper_pdf(store, record, "Giấy khai sinh")


def calibrate(home: Path) -> None:
    save_calibration(World.at(home).store, shipped_calibration())


def approve(home: Path) -> None:
    record_commands.approve_command(FIRST.record_id, **BY_HAND, home=home)


def correct(home: Path) -> None:
    record_commands.correct_command(FIRST.record_id, **BY_HAND, values=["full_name=Trần Thị Thứ"], home=home)


def reject(home: Path) -> None:
    record_commands.reject_command(FIRST.record_id, **BY_HAND, home=home)


def reopen(home: Path) -> None:
    record_commands.reopen_command(FIRST.record_id, **BY_HAND, home=home)


def revoke(home: Path) -> None:
    named = {"authority": "UBND xã Thử", "act_number": "5/QĐ", "act_date": "2024-05-01"}
    record_commands.revoke_command(FIRST.record_id, **BY_HAND, **named, home=home)


def supersede(home: Path) -> None:
    record_commands.supersede_command(FIRST.record_id, SECOND.record_id, **BY_HAND, home=home)


def reinstate(home: Path) -> None:
    record_commands.reinstate_command(FIRST.record_id, **BY_HAND, evidence=["9/QĐ"], home=home)


def import_procedures(home: Path) -> None:
    files = sorted((*home.glob("*.json"), *home.glob("*.yaml")))
    _procedures(import_=files, reset=None, home=home)


def reset_procedure(home: Path) -> None:
    _procedures(import_=None, reset=CODE, home=home)


def _procedures(**given: Any) -> None:
    procedure_commands.procedures(show=None, table=None, report=False, csv=None, as_json=True, **given)


def show(home: Path) -> None:
    record_commands.show_command(FIRST.record_id, home=home, as_json=True)


def request(home: Path) -> None:
    subject_commands.request_command(FIRST.record_id, "full_name", "Trần Thị Thứ", "lan", home=home)


def grant(home: Path) -> None:
    subject_commands.decide_command(CASE_ID, **BY_HAND, value="=", home=home)


def refuse(home: Path) -> None:
    subject_commands.decide_command(CASE_ID, **BY_HAND, refuse=True, home=home)


def hold(home: Path) -> None:
    subject_commands.hold_command(**BY_HAND, record=FIRST.record_id, home=home)


def release(home: Path) -> None:
    subject_commands.release_command(CASE_ID, **BY_HAND, home=home)


def erase(home: Path) -> None:
    # The papers name the mother as well: the decision names each of them.
    named = {"record": [FIRST.record_id, SECOND.record_id], "decision": "7/QĐ", "by": "lan"}
    in_order(lambda: erase_commands.erase(VALUES["personal_id"], "authority-decision", **named, home=home))


def readmit(home: Path) -> None:
    (proof,) = erasures(World.at(home).store)
    erase_commands.readmit(proof.case_id, **BY_HAND, home=home)


def reapply(home: Path) -> None:
    erase_commands.reapply(home=home)


def reindex(home: Path) -> None:
    catalogue_commands.reindex(home=home, as_json=True)


def reindex_full(home: Path) -> None:
    catalogue_commands.reindex(full=True, home=home, as_json=True)


def write_account(home: Path) -> None:
    accounts._written_secret(home / "reader.env", "thu-nghiem-reader")


def open_home(home: Path) -> None:
    settings = Settings.load(home, {}, {})
    filled_catalogue(settings)
    load_sample_key(home)
