"""A process that serves holds its databases open: SQLite does not fold its log into the file after every question."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from storage.database import Database


def test_the_log_is_folded_in_when_the_last_connection_is_closed(tmp_path: Path) -> None:
    path, log = tmp_path / "desk.sqlite", tmp_path / "desk.sqlite-wal"
    database = Database.at(f"sqlite:///{path}")
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE made (a INTEGER)"))
    assert not log.exists()
    with database.kept_open():
        for number in range(3):
            with database.writing() as connection:
                connection.execute(text("INSERT INTO made VALUES (:a)"), {"a": number})
            assert log.stat().st_size > 0
        with database.asking() as connection:
            assert connection.execute(text("SELECT count(*) FROM made")).scalar_one() == 3
    assert not log.exists()


def test_a_server_needs_no_such_connection(either_database_url: str) -> None:
    database = Database.at(either_database_url)
    with database.kept_open(), database.asking() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_a_file_that_was_replaced_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    database = Database.at(f"sqlite:///{path}")
    with database.kept_open():
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE made (a INTEGER)"))
        for each in tmp_path.iterdir():
            each.unlink()
        with Database.at(f"sqlite:///{path}").writing() as connection:
            connection.execute(text("CREATE TABLE other (a INTEGER)"))
        with database.asking() as connection:
            assert connection.execute(text("SELECT name FROM sqlite_master")).scalars().all() == ["other"]


def test_many_threads_share_what_is_kept(tmp_path: Path) -> None:
    database = Database.at(f"sqlite:///{tmp_path / 'desk.sqlite'}")

    def note(number: int) -> int:
        with database.writing() as connection:
            connection.execute(text("INSERT INTO made VALUES (:a)"), {"a": number})
        with database.asking() as connection:
            return connection.execute(text("SELECT count(*) FROM made WHERE a = :a"), {"a": number}).scalar_one()

    with database.kept_open():
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE made (a INTEGER)"))
        with ThreadPoolExecutor(24) as threads:
            assert set(threads.map(note, range(200))) == {1}
