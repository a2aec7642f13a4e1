"""The tables, from every version there was to the present one, in every database."""

import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from extractors.record import Record, Subject
from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue
from storage.catalogue.migrate import current_revision, revisions, upgrade
from storage.catalogue.tables import HEAD, VERSION_TABLE, metadata
from storage.database import Database
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.records import save_draft
from storage.reindex import reindex

KEY = IdentityKey(b"of tests alone".ljust(32, b"."))
OPENED_AT_ONCE = """
import sys
from storage.catalogue import Catalogue
Catalogue(sys.argv[1]).create()
"""
# As the program made them before there were migrations.
BEFORE_MIGRATIONS = """
CREATE TABLE records (record_id VARCHAR NOT NULL, revision INTEGER NOT NULL, state VARCHAR NOT NULL,
  dossier_segment VARCHAR NOT NULL, paper_type VARCHAR NOT NULL, paper_type_version INTEGER NOT NULL,
  doubtful_fields INTEGER NOT NULL, created_at VARCHAR NOT NULL, PRIMARY KEY (record_id));
CREATE INDEX records_by_dossier ON records (dossier_segment, record_id);
CREATE INDEX records_by_state ON records (state);
CREATE TABLE dossiers (dossier_segment VARCHAR NOT NULL, revision INTEGER NOT NULL, state VARCHAR NOT NULL,
  paper_count INTEGER NOT NULL, page_count INTEGER NOT NULL, failed_page_count INTEGER NOT NULL,
  created_at VARCHAR NOT NULL, PRIMARY KEY (dossier_segment));
PRAGMA user_version = 1;
"""

MakeRecord = Callable[..., Record]


def differences(url: str) -> list[object]:
    with Database.at(url).reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))


def test_the_program_knows_the_last_migration() -> None:
    assert revisions()[-1] == HEAD


def test_tables_and_migrations_agree(either_database_url: str) -> None:
    upgrade(Database.at(either_database_url))
    assert differences(either_database_url) == []


@pytest.mark.parametrize("start", revisions())
def test_every_version_comes_up_to_the_present(either_database_url: str, start: str, make_record: MakeRecord) -> None:
    database = Database.at(either_database_url)
    upgrade(database, start)
    with database.reading() as connection:
        assert current_revision(connection) == start
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO records (record_id, revision, state, dossier_segment, paper_type, paper_type_version,"
            " doubtful_fields, created_at)"
            " VALUES ('r1', 1, 'accepted', 'hs-1', 'x', 1, 0, '2024-05-06T12:00:00.000000+00:00')"
        )
    catalogue = Catalogue(either_database_url, KEY)
    catalogue.create()
    assert [row.record_id for row in catalogue.records()] == ["r1"]
    assert differences(either_database_url) == []
    catalogue.project_record(make_record())
    assert catalogue.count_records() == 2


def test_many_processes_may_open_a_new_catalogue_at_once(
    either_database_url: str, start_python: Callable[..., "subprocess.Popen[str]"]
) -> None:
    processes = [start_python(OPENED_AT_ONCE, either_database_url) for _ in range(4)]
    assert [process.wait(240) for process in processes] == [0] * 4
    assert Catalogue(either_database_url).count_records() == 0


def test_a_newer_catalogue_is_left_alone(either_database_url: str, make_record: MakeRecord) -> None:
    catalogue = Catalogue(either_database_url)
    catalogue.create()
    catalogue.project_record(make_record())
    with catalogue._database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(SohoaError) as caught:
        catalogue.create()
    assert (caught.value.code, caught.value.problem.retryable) == (Code.CATALOGUE_FAILED, False)
    assert "newer program" in caught.value.problem.detail
    assert catalogue.count_records() == 1


def test_a_step_that_fails_changes_nothing(either_database_url: str) -> None:
    database = Database.at(either_database_url)
    upgrade(database, revisions()[0])
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE state (x INTEGER)")  # in the way of the last table of the next step
    with pytest.raises(SohoaError) as caught:
        upgrade(database)
    assert caught.value.code is Code.CATALOGUE_FAILED
    with database.reading() as connection:
        assert current_revision(connection) == revisions()[0]
        assert "reads" not in inspect(connection).get_table_names()


@pytest.mark.parametrize("version", [1, -1])
def test_a_catalogue_from_before_migrations_is_taken_over(
    tmp_path: Path, store: FolderStore, make_record: MakeRecord, version: int
) -> None:
    path = tmp_path / "catalogue.sqlite"
    record = save_draft(store, make_record(subjects=(Subject(role="owner", personal_id="001099012345"),)))
    values = (record.record_id, 1, "accepted", "hs-001", "x", 1, 1, "2024-05-06T12:00:00.000000+00:00")
    old = sqlite3.connect(path)
    old.executescript(BEFORE_MIGRATIONS)
    old.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    old.execute(f"PRAGMA user_version = {version}")
    old.commit()
    old.close()
    catalogue = Catalogue(f"sqlite:///{path}", KEY)
    catalogue.create()
    assert catalogue.count_records() == 1
    assert catalogue.needs_rebuild()
    assert reindex(store, catalogue).entered == 1
    assert not catalogue.needs_rebuild()
    assert len(catalogue.holdings_of(KEY.subject("001099012345"))) == 1
    assert differences(f"sqlite:///{path}") == []


def test_tables_of_somebody_else_are_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE records (x)")
    other.execute("INSERT INTO records VALUES (1)")
    other.commit()
    with pytest.raises(SohoaError) as caught:
        Catalogue(f"sqlite:///{path}").create()
    assert caught.value.code is Code.CATALOGUE_FAILED
    assert other.execute("SELECT * FROM records").fetchall() == [(1,)]
    other.close()
