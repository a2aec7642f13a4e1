"""What the two databases do differently, and what goes wrong with each of them."""

import gc
import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from extractors.record import Record
from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue
from storage.identity import IdentityKey
from tests.services.postgres import PASSWORD, PostgresServer, running_postgres

MakeRecord = Callable[..., Record]


def test_connections_to_sqlite_are_set_up(catalogue: Catalogue) -> None:
    with catalogue._database.reading() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "busy_timeout", "foreign_keys")
        ]
    assert found == ["wal", 30_000, 1]


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
    monkeypatch.setattr("storage.database._BUSY_TIMEOUT_MS", 10)
    other = sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(SohoaError) as caught:
        catalogue.project_record(make_record())
    other.close()
    assert (caught.value.code, caught.value.problem.retryable) == (Code.CATALOGUE_FAILED, True)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "postgresql://u:secret@h",
     "postgresql+asyncpg://u:secret@h/d", "sqlite+aiosqlite:///x.sqlite"],
)  # fmt: skip
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(SohoaError) as caught:
        Catalogue(url)
    assert caught.value.code is Code.SETTING_INVALID
    assert "secret" not in str(caught.value)


# --- PostgreSQL --------------------------------------------------------------------------------------------------


def failure_of(work: Callable[[], object]) -> SohoaError:
    with pytest.raises(SohoaError) as caught:
        work()
    assert caught.value.code is Code.CATALOGUE_FAILED
    assert PASSWORD not in str(caught.value)
    return caught.value


def test_the_short_name_of_postgresql_means_our_driver(postgres_url: str) -> None:
    catalogue = Catalogue(postgres_url.replace("postgresql+psycopg", "postgresql"))
    catalogue.create()
    assert catalogue.count_records() == 0


def test_a_wrong_password_is_not_to_be_tried_again(postgres_server: PostgresServer) -> None:
    url = postgres_server.url("postgres", password="sai-mat-khau")
    error = failure_of(Catalogue(url).create)
    assert not error.problem.retryable
    assert "sai-mat-khau" not in str(error)


def test_an_unknown_database_is_said_in_one_line(postgres_server: PostgresServer) -> None:
    error = failure_of(Catalogue(postgres_server.url("absent")).create)
    assert "does not exist" in error.problem.detail
    assert "\n" not in error.problem.detail
    assert not error.problem.retryable


def test_a_server_without_a_free_place_may_be_tried_again(postgres_server: PostgresServer, postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    postgres_server.sql(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    postgres_server.sql("CREATE ROLE clerk LOGIN PASSWORD 'x'")
    url = postgres_url.replace("//sohoa:", "//clerk:").replace(PASSWORD, "x")
    assert failure_of(Catalogue(url).create).problem.retryable
    postgres_server.sql("DROP ROLE clerk")


def test_a_table_that_is_missing_is_no_passing_failure(postgres_url: str) -> None:
    assert not failure_of(lambda: list(Catalogue(postgres_url).records())).problem.retryable


# The driver grumbles about an answer that it could not read to its end.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_went_away_may_be_tried_again_and_is_found_when_it_is_back(
    tmp_path: Path, make_record: MakeRecord
) -> None:
    with running_postgres() as server:
        catalogue = Catalogue(server.new_database(), IdentityKey(b"k" * 32))
        catalogue.create()
        record = make_record()
        catalogue.project_record(record)
        server.kill()
        assert failure_of(lambda: catalogue.project_record(record)).problem.retryable
        assert failure_of(catalogue.count_records).problem.retryable
        server.start()
        assert catalogue.count_records() == 1
        catalogue.project_record(record)
        # A connection that is cut in the middle of a question.
        rows = catalogue.records()
        next(rows)
        server.stop()
        assert failure_of(partial(list, rows)).problem.retryable
        del rows
        gc.collect()
        server.start()
        assert catalogue.count_records() == 1


def test_a_lock_that_is_not_given_may_be_tried_again(
    postgres_server: PostgresServer, postgres_url: str, make_record: MakeRecord
) -> None:
    catalogue = Catalogue(postgres_url)
    catalogue.create()
    impatient = Catalogue(f"{postgres_url}?options=-c%20lock_timeout%3D50")
    with catalogue._database.writing() as connection:
        connection.exec_driver_sql("LOCK TABLE records")
        assert failure_of(lambda: impatient.project_record(make_record())).problem.retryable
    impatient.project_record(make_record())


@pytest.mark.parametrize(
    ("sqlstate", "passing"),
    [("40001", True), ("40P01", True), ("53100", True), ("53300", True), ("57P01", True), ("08006", True),
     ("42P01", False), ("23505", False), ("42501", False), ("22001", False)],
)  # fmt: skip
def test_which_failures_pass(postgres_url: str, sqlstate: str, passing: bool) -> None:
    catalogue = Catalogue(postgres_url)
    catalogue.create()
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'test' USING ERRCODE = '{sqlstate}', DETAIL = 'Trần Thị Thử'; END $$"

    def fail() -> None:
        with catalogue._database.writing() as connection:
            connection.exec_driver_sql(raised)

    error = failure_of(fail)
    assert error.problem.retryable is passing
    assert error.problem.detail == "test"


def test_a_forked_process_has_connections_of_its_own(postgres_url: str, make_record: MakeRecord) -> None:
    catalogue = Catalogue(postgres_url)
    catalogue.create()
    catalogue.project_record(make_record())
    with catalogue._database.asking() as connection:
        held = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with catalogue._database.asking() as connection:
                pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            os.write(writing, f"{pid} {catalogue.count_records()}".encode())
        finally:
            os._exit(0)
    os.close(writing)  # with it open a child that died would be waited for without end
    os.waitpid(child, 0)
    pid, count = os.read(reading, 100).decode().split()
    os.close(reading)
    assert (count, catalogue.count_records()) == ("1", 1)
    assert int(pid) != held
    with catalogue._database.asking() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() == held
