"""The catalogue: a projection in which the newest revision wins."""

import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from extractors.record import Record, RecordState
from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue, DossierRow, RecordRow
from storage.dossier import Dossier, DossierState
from storage.keys import dossier_segment

MakeRecord = Callable[..., Record]
MakeDossier = Callable[..., Dossier]

USED_AT_ONCE = """
import sys
from storage.catalogue import Catalogue
from extractors.record import Record
catalogue = Catalogue(sys.argv[1])
catalogue.create()
record = Record.from_json(sys.argv[2].encode())
for revision in range(1, 21):
    catalogue.project_record(record.model_copy(update={"revision": revision}))
"""


def test_records(catalogue: Catalogue, make_record: MakeRecord) -> None:
    record = make_record()
    catalogue.project_record(record)
    row = RecordRow.of(record)
    assert list(catalogue.records()) == [row]
    assert catalogue.record(record.record_id) == row
    assert catalogue.record("r0") is None
    assert (row.doubtful_fields, row.dossier_segment) == (1, "hs-001")


def test_dossiers(catalogue: Catalogue, make_dossier: MakeDossier) -> None:
    dossier = make_dossier()
    catalogue.project_dossier(dossier)
    row = DossierRow.of(dossier)
    assert list(catalogue.dossiers()) == [row]
    assert catalogue.dossier("hs-001") == row
    assert catalogue.dossier("hs-002") is None
    assert (row.paper_count, row.page_count, row.failed_page_count) == (1, 2, 0)


def test_the_newest_revision_wins(catalogue: Catalogue, make_record: MakeRecord, make_dossier: MakeDossier) -> None:
    for revision in (2, 10, 9, 10):
        catalogue.project_record(make_record(revision=revision))
        catalogue.project_dossier(make_dossier(revision=revision))
    assert [row.revision for row in catalogue.records()] == [10]
    assert [row.revision for row in catalogue.dossiers()] == [10]


def test_selection_and_order(catalogue: Catalogue, make_record: MakeRecord, make_dossier: MakeDossier) -> None:
    for dossier_id in ("hs-002", "Trần Thị Thử", "hs-001"):
        catalogue.project_record(make_record(dossier_id=dossier_id))
        catalogue.project_dossier(make_dossier(dossier_id))
    doubtful = make_record(record_id="r" + "f" * 24, dossier_id="hs-001", state=RecordState.NEEDS_REVIEW)
    catalogue.project_record(doubtful)
    order = [(row.dossier_segment, row.record_id) for row in catalogue.records()]
    assert order == sorted(order)
    assert [row.record_id for row in catalogue.records(state=RecordState.NEEDS_REVIEW)] == [doubtful.record_id]
    assert len(list(catalogue.records("hs-001"))) == catalogue.count_records("hs-001") == 2
    assert catalogue.count_records("hs-001", RecordState.ACCEPTED) == 1
    assert [row.dossier_segment for row in catalogue.records("Trần Thị Thử")] == [dossier_segment("Trần Thị Thử")]
    assert catalogue.count_records() == 4
    assert catalogue.count_dossiers() == catalogue.count_dossiers(DossierState.COMPLETE) == 3
    assert catalogue.count_dossiers(DossierState.FAILED) == len(list(catalogue.dossiers(DossierState.FAILED))) == 0


def test_no_personal_data(
    catalogue: Catalogue, make_record: MakeRecord, make_dossier: MakeDossier, tmp_path: Path
) -> None:
    catalogue.project_record(make_record(dossier_id="Trần Thị Thử"))
    catalogue.project_dossier(make_dossier("Trần Thị Thử"))
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("catalogue.sqlite*"))
    assert "Trần".encode() not in stored


def test_times_are_points_in_time(catalogue: Catalogue, make_dossier: MakeDossier) -> None:
    in_hanoi = datetime(2024, 5, 6, 3, tzinfo=timezone(timedelta(hours=7)))
    catalogue.project_dossier(make_dossier(created_at=in_hanoi))
    row = catalogue.dossier("hs-001")
    assert row is not None
    assert row.created_at == in_hanoi
    assert row.created_at.tzinfo is UTC


def test_a_catalogue_of_another_version_is_dropped(tmp_path: Path, make_record: MakeRecord) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = Catalogue(f"sqlite:///{path}")
    catalogue.create()
    assert catalogue.needs_rebuild()
    catalogue.rebuild(lambda: ([RecordRow.of(make_record())], []))
    catalogue.create()
    assert not catalogue.needs_rebuild()
    assert catalogue.count_records() == 1

    other = sqlite3.connect(path)
    other.execute("ALTER TABLE records ADD COLUMN surprise")
    other.execute("CREATE TABLE gone (x)")
    other.execute("PRAGMA user_version = 99")
    other.close()
    catalogue.create()
    assert catalogue.needs_rebuild()
    assert catalogue.count_records() == 0
    catalogue.project_record(make_record())
    assert catalogue.needs_rebuild()


def test_connections_are_set_up(catalogue: Catalogue) -> None:
    with catalogue._engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "busy_timeout", "foreign_keys")
        ]
    assert found == ["wal", 30_000, 1]


def test_readers_see_the_old_content_until_the_new_is_whole(catalogue: Catalogue, make_record: MakeRecord) -> None:
    old, new = make_record(), make_record(dossier_id="hs-002")
    catalogue.project_record(old)
    catalogue.rebuild(lambda: ([RecordRow.of(new)] if list(catalogue.records()) == [RecordRow.of(old)] else [], []))
    assert list(catalogue.records()) == [RecordRow.of(new)]


def test_a_rebuild_that_fails_changes_nothing(catalogue: Catalogue, make_record: MakeRecord) -> None:
    row = RecordRow.of(make_record())
    catalogue.project_record(make_record())
    with pytest.raises(SohoaError) as caught:
        catalogue.rebuild(lambda: ([row, row], []))
    assert caught.value.code is Code.CATALOGUE_FAILED
    assert list(catalogue.records()) == [row]


def test_an_abandoned_reader_does_not_block_writers(catalogue: Catalogue, make_record: MakeRecord) -> None:
    for dossier_id in ("hs-001", "hs-002"):
        catalogue.project_record(make_record(dossier_id=dossier_id))
    rows = catalogue.records()
    next(rows)
    catalogue.project_record(make_record(dossier_id="hs-003"))
    assert len(list(rows)) == 1


def test_many_processes_at_once(
    tmp_path: Path, make_record: MakeRecord, start_python: Callable[..., "subprocess.Popen[str]"]
) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite"
    text = make_record().to_json().decode()
    processes = [start_python(USED_AT_ONCE, url, text) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    assert [row.revision for row in Catalogue(url).records()] == [20]


@pytest.mark.parametrize("problem", ["no folder", "no database", "no table"])
def test_errors_of_the_database(tmp_path: Path, problem: str) -> None:
    path = tmp_path / "catalogue.sqlite"
    if problem == "no folder":
        path = tmp_path / "absent" / "catalogue.sqlite"
    elif problem == "no database":
        path.write_bytes(b"not a database" * 100)
    catalogue = Catalogue(f"sqlite:///{path}")
    with pytest.raises(SohoaError) as caught:
        list(catalogue.records()) if problem == "no table" else catalogue.create()
    assert caught.value.code is Code.CATALOGUE_FAILED
    assert str(tmp_path) not in str(caught.value)


def test_a_busy_catalogue_may_be_tried_again(
    catalogue: Catalogue, tmp_path: Path, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.catalogue._BUSY_TIMEOUT_MS", 10)
    other = sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(SohoaError) as caught:
        catalogue.project_record(make_record())
    other.close()
    assert (caught.value.code, caught.value.problem.retryable) == (Code.CATALOGUE_FAILED, True)


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "postgresql://u:secret@h/d"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(SohoaError) as caught:
        Catalogue(url)
    assert caught.value.code is Code.SETTING_INVALID
    assert "secret" not in str(caught.value)
