"""Rebuilding the catalogue: nothing is lost, damage is named, writers may go on."""

import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from extractors.record import Record, RecordState, Subject
from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue, RecordRow
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.keys import record_key
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.log import ReadLog
from storage.records import record_key_of, save_draft
from storage.reindex import reindex
from tests.services.postgres import PostgresServer

MakeRecord = Callable[..., Record]
PERSONAL_ID = "001099012345"
OWNER = Subject(role="owner", personal_id=PERSONAL_ID, full_name="Trần Thị Thử")

KILLED_ON_THE_WAY = """
import os, sys
from pathlib import Path
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
import storage.reindex
storage.reindex._BATCH = 5
def die(done, total):
    if done == 20:
        os.kill(os.getpid(), 9)
key = IdentityKey(bytes.fromhex(sys.argv[3]))
storage.reindex.reindex(FolderStore(Path(sys.argv[1])), Catalogue(sys.argv[2], key), die)
"""


@pytest.fixture
def catalogue_url(either_database_url: str) -> str:
    return either_database_url


@pytest.fixture
def identity_key(catalogue: Catalogue) -> IdentityKey:
    key = catalogue.filling.projection.identity_key
    assert key is not None
    return key


def save_many(store: FolderStore, make_record: MakeRecord, count: int) -> list[Record]:
    return [save_draft(store, make_record(record_id=f"r{number:024x}", subjects=(OWNER,))) for number in range(count)]


@pytest.mark.usefixtures("held_dossier")
def test_a_deleted_catalogue_comes_back_as_it_was(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord
) -> None:
    catalogue.project_record(save_draft(store, make_record(paper_type_version=2, subjects=(OWNER,))))
    before = list(catalogue.records()), list(catalogue.dossiers()), catalogue.subjects_of(make_record().record_id)
    delete_all(catalogue)
    report = reindex(store, catalogue)
    assert (report.records, report.dossiers, report.damaged, report.entered) == (1, 1, (), 2)
    after = list(catalogue.records()), list(catalogue.dossiers()), catalogue.subjects_of(make_record().record_id)
    assert after == before
    assert not catalogue.needs_rebuild()
    assert reindex(store, catalogue) == replace(report, entered=0)
    assert reindex(store, catalogue, full=True) == report


def delete_all(catalogue: Catalogue) -> None:
    tables = MetaData()
    with catalogue._database.writing() as connection:
        tables.reflect(connection)
        tables.drop_all(connection)


def test_the_latest_of_many_revisions(store: FolderStore, catalogue: Catalogue, make_record: MakeRecord) -> None:
    for version in range(1, 12):
        save_draft(store, make_record(paper_type_version=version))
    assert reindex(store, catalogue).records == 1
    assert [row.revision for row in catalogue.records()] == [11]


def test_rows_without_objects_go(store: FolderStore, catalogue: Catalogue, make_record: MakeRecord) -> None:
    catalogue.project_record(make_record())
    assert reindex(store, catalogue).records == 0
    assert catalogue.count_records() == 0


@pytest.mark.usefixtures("held_dossier")
def test_damage_is_named_and_the_rest_goes_on(store: FolderStore, catalogue: Catalogue) -> None:
    key = record_key("r" + "0" * 24, 1)
    store.put(key, b"{}")
    report = reindex(store, catalogue)
    assert (report.records, report.dossiers) == (1, 1)
    assert [problem.code for problem in report.damaged] == [Code.OBJECT_DAMAGED]
    assert report.damaged[0].detail.startswith(key)


@pytest.mark.usefixtures("held_dossier")
def test_a_store_that_cannot_be_used_is_an_error(
    store: FolderStore, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise SohoaError(Code.STORE_UNWRITABLE)

    monkeypatch.setattr(FolderStore, "get", refuse)
    with pytest.raises(SohoaError):
        reindex(store, catalogue, full=True)
    assert catalogue.count_records() == 1
    assert catalogue.needs_rebuild()


@pytest.mark.usefixtures("held_dossier")
def test_what_is_entered_meanwhile_is_not_lost(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord
) -> None:
    late = make_record(dossier_id="hs-002")

    def enter_late(done: int, total: int) -> None:
        if done == total:
            catalogue.project_record(save_draft(store, late))

    report = reindex(store, catalogue, enter_late, full=True)
    assert report.records == 2
    assert catalogue.record(late.record_id) == RecordRow.of(late)


@pytest.mark.usefixtures("held_dossier")
def test_progress(store: FolderStore, catalogue: Catalogue) -> None:
    seen: list[tuple[int, int]] = []
    reindex(store, catalogue, lambda done, total: seen.append((done, total)), full=True)
    assert seen == [(1, 2), (2, 2)]


# --- incremental -------------------------------------------------------------------------------------------------


def test_only_what_is_new_is_read(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(store, make_record, 30)
    assert reindex(store, catalogue).entered == 30
    second = save_draft(store, make_record(record_id=f"r{7:024x}", paper_type_version=2))
    new = save_draft(store, make_record(record_id=f"r{99:024x}"))
    taken: list[str] = []
    get = FolderStore.get
    monkeypatch.setattr(FolderStore, "get", lambda self, key: taken.append(key) or get(self, key))
    assert reindex(store, catalogue).entered == 2
    assert taken == [record_key_of(second), record_key_of(new)]
    assert reindex(store, catalogue).entered == 0
    assert catalogue.count_records() == 31


def test_rows_that_another_version_made_are_made_again(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(store, make_record, 3)
    reindex(store, catalogue)
    monkeypatch.setattr("storage.catalogue.projection.PROJECTION_VERSION", "of tests")
    assert catalogue.needs_rebuild()
    assert reindex(store, catalogue).entered == 3
    assert not catalogue.needs_rebuild()


def test_rows_entered_without_a_key_are_made_again_with_it(
    store: FolderStore, catalogue: Catalogue, catalogue_url: str, make_record: MakeRecord, identity_key: IdentityKey
) -> None:
    (record,) = save_many(store, make_record, 1)
    keyless = Catalogue(catalogue_url)
    reindex(store, keyless)
    assert (keyless.needs_rebuild(), catalogue.needs_rebuild()) == (False, True)
    assert reindex(store, catalogue).entered == 1
    assert [row.record_id for row in catalogue.holdings_of(identity_key.subject(PERSONAL_ID))] == [record.record_id]
    assert not keyless.needs_rebuild()


def test_another_key_is_refused_until_it_is_asked_to_take_over(
    store: FolderStore, catalogue: Catalogue, catalogue_url: str, make_record: MakeRecord
) -> None:
    save_many(store, make_record, 3)
    reindex(store, catalogue)
    other_key = IdentityKey(b"another".ljust(32, b"."))
    other = Catalogue(catalogue_url, other_key)
    for use in (other.needs_rebuild, lambda: reindex(store, other)):
        with pytest.raises(SohoaError) as caught:
            use()
        assert (caught.value.code, caught.value.problem.field) == (Code.SETTING_INVALID, "SOHOA_ID_KEY")
    assert reindex(store, other, full=True).entered == 3
    assert not other.needs_rebuild()
    assert len(other.holdings_of(other_key.subject(PERSONAL_ID))) == 3
    with pytest.raises(SohoaError):
        catalogue.needs_rebuild()


def test_a_row_ahead_of_the_store_goes_back_to_what_the_store_holds(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord
) -> None:
    held = save_draft(store, make_record())
    catalogue.project_record(held.model_copy(update={"revision": 5, "subjects": (OWNER,)}))
    report = reindex(store, catalogue)
    assert (report.records, report.entered, report.removed) == (1, 1, 0)
    assert [row.revision for row in catalogue.records()] == [1]
    assert catalogue.subjects_of(held.record_id) == ()


def test_an_older_revision_never_stands_in_for_a_damaged_latest_one(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord
) -> None:
    held = save_draft(store, make_record(subjects=(OWNER,)))
    reindex(store, catalogue)
    store.put(record_key(held.record_id, 2), b"{}")
    for _ in range(2):
        report = reindex(store, catalogue)
        assert [problem.code for problem in report.damaged] == [Code.OBJECT_DAMAGED]
        assert (report.records, catalogue.subjects_of(held.record_id)) == (0, ())
    store.erase(record_key(held.record_id, 2))
    assert reindex(store, catalogue).records == 1


def test_full_finds_damage_that_came_later(store: FolderStore, catalogue: Catalogue, make_record: MakeRecord) -> None:
    (record,) = save_many(store, make_record, 1)
    reindex(store, catalogue)
    store.put(record_key_of(record), b"{}")
    assert reindex(store, catalogue).damaged == ()
    report = reindex(store, catalogue, full=True)
    assert (len(report.damaged), report.records, report.removed) == (1, 0, 1)


def test_a_record_written_after_the_listing_is_not_removed(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(store, make_record, 2)
    reindex(store, catalogue)
    late = make_record(record_id="r" + "e" * 24)
    newer = make_record(record_id=f"r{1:024x}", paper_type_version=9)
    listing = FolderStore.list

    def list_then_write(self: FolderStore, prefix: str) -> Iterator[str]:
        found = list(listing(self, prefix))
        if prefix == "records/":
            for draft in (late, newer):
                catalogue.project_record(save_draft(store, draft))
            held.update(dict.fromkeys([late.record_id, newer.record_id], 1) | {newer.record_id: 2})
        return iter(found)

    # What the catalogue holds is asked first; as if it were asked only now, the worst case.
    held: dict[str, int] = {}
    monkeypatch.setattr("storage.catalogue.filling.Filling.held_records", lambda _: (held, set()))
    monkeypatch.setattr(FolderStore, "list", list_then_write)
    report = reindex(store, catalogue)
    assert (report.records, report.removed) == (3, 0)
    row = catalogue.record(newer.record_id)
    assert row is not None and row.revision == 2


def test_writers_and_readers_go_on_meanwhile(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.reindex._BATCH", 3)
    records = save_many(store, make_record, 40)
    stop = threading.Event()
    written: list[Record] = []
    failures: list[BaseException] = []

    def write() -> None:
        number = 0
        try:
            while not stop.is_set() or number < 5:
                draft = make_record(record_id=records[number % 40].record_id, paper_type_version=100 + number)
                record = save_draft(store, draft)
                catalogue.project_record(record)
                written.append(record)
                list(catalogue.records(state=RecordState.ACCEPTED))
                number += 1
        except BaseException as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        reindex(store, catalogue, full=True)
    stop.set()
    writer.join()
    assert failures == []
    expected = dict.fromkeys((record.record_id for record in records), 1)
    expected |= {record.record_id: record.revision for record in written}
    assert {row.record_id: row.revision for row in catalogue.records()} == expected


def test_a_run_that_was_killed_is_finished_by_the_next(
    store: FolderStore,
    root: Path,
    catalogue: Catalogue,
    catalogue_url: str,
    make_record: MakeRecord,
    identity_key: IdentityKey,
    start_python: Callable[..., "subprocess.Popen[str]"],
) -> None:
    save_many(store, make_record, 40)
    process = start_python(KILLED_ON_THE_WAY, root, catalogue_url, identity_key.secret.hex())
    assert process.wait(240) == -9
    held = catalogue.count_records()
    assert 0 < held < 40
    assert catalogue.needs_rebuild()
    assert reindex(store, catalogue).entered == 40 - held
    assert not catalogue.needs_rebuild()
    assert len(catalogue.holdings_of(identity_key.subject(PERSONAL_ID))) == 40


def test_a_catalogue_restored_from_an_older_copy_catches_up(
    request: pytest.FixtureRequest,
    store: FolderStore,
    catalogue: Catalogue,
    catalogue_url: str,
    make_record: MakeRecord,
    identity_key: IdentityKey,
    tmp_path: Path,
) -> None:
    records = save_many(store, make_record, 5)
    reindex(store, catalogue)
    if catalogue_url.startswith("sqlite"):
        copy_url = f"sqlite:///{tmp_path}/restored.sqlite"
        live, copy = (closing(sqlite3.connect(tmp_path / f"{name}.sqlite")) for name in ("catalogue", "restored"))
        with live as source, copy as target:
            source.backup(target)
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        copy_url = server.restore(server.dump(catalogue_url))
    # Since the copy: a record changed, one came, one was erased.
    catalogue.project_record(save_draft(store, make_record(record_id=records[0].record_id)))
    catalogue.project_record(save_draft(store, make_record(record_id="r" + "e" * 24, subjects=(OWNER,))))
    store.erase(record_key_of(records[1]))
    catalogue.filling.enter_records([], {records[1].record_id: records[1].revision})
    restored = Catalogue(copy_url, identity_key)
    restored.create()
    assert not restored.needs_rebuild()
    report = reindex(store, restored)
    assert (report.records, report.entered, report.removed) == (5, 2, 1)
    assert list(restored.records()) == list(catalogue.records())
    subject = identity_key.subject(PERSONAL_ID)
    assert restored.holdings_of(subject) == catalogue.holdings_of(subject)


# --- the read log ------------------------------------------------------------------------------------------------


def test_the_read_log_is_entered_once(
    store: FolderStore, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = ReadLog(store, tmp_path / "spool")
    entry = ReadEntry(
        kind=ReadKind.LOOKUP, reader="can-bo-1", purpose="vay vốn", procedure="1.000894", subject_key="s" * 32,
        records=(RecordRead(record_id="r" + "a" * 24, revision=1),), held=2,
    )  # fmt: skip
    log.append(entry)
    log.seal()
    assert reindex(store, catalogue).entered == 1
    (row,) = catalogue.reads_of_subject("s" * 32)
    assert (row.entry_id, row.at, row.held, row.record_ids) == (entry.entry_id, entry.at, 2, ("r" + "a" * 24,))
    assert row.purpose == "loan"
    monkeypatch.setattr("storage.reindex.read_entries", None)
    assert reindex(store, catalogue).entered == 0
    monkeypatch.undo()
    delete_all(catalogue)
    reindex(store, catalogue, full=True)
    assert catalogue.reads_of_subject("s" * 32) == (row,)
