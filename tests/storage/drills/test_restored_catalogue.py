"""A catalogue restored from an older backup, then reindexed, is row by row what a fresh rebuild is."""

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, create_engine, select

from extractors.record import RecordState
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.keys import record_key
from storage.objects import ObjectStore
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.log import ReadLog
from storage.records import load_record
from storage.reindex import reindex
from tests.services.postgres import PostgresServer
from tests.storage.whole_store import add_dossier, record_id_of

KEY = IdentityKey(b"of tests alone".ljust(32, b"."))


def rows_of(url: str) -> dict[str, list[Any]]:
    """Every row of every table, sorted."""
    engine, tables = create_engine(url), MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        found = {
            name: sorted(map(repr, connection.execute(select(table)).all())) for name, table in tables.tables.items()
        }
    engine.dispose()
    return found


def read_something(store: ObjectStore, spool: Path, number: int) -> None:
    log = ReadLog(store, spool)
    record = RecordRead(record_id=record_id_of(number), revision=1)
    log.append(ReadEntry(kind=ReadKind.RECORD, reader="can-bo-1", purpose="xem lại", records=(record,)))
    log.seal()


def opened(url: str) -> Catalogue:
    catalogue = Catalogue(url, KEY)
    catalogue.create()
    return catalogue


def before_backup(store: ObjectStore, url: str, folder: Path) -> None:
    for number in range(1, 6):
        add_dossier(store, None, number)
    read_something(store, folder / "spool", 1)
    reindex(store, opened(url))


def after_backup(store: ObjectStore, url: str, folder: Path) -> None:
    """New dossiers, new revisions, reads, and a record that is gone."""
    catalogue = opened(url)
    for number in range(6, 9):
        add_dossier(store, catalogue, number)
    for number in (2, 3):
        record = load_record(store, record_id_of(number))
        assert record is not None
        later = record.model_copy(update={"revision": 2, "state": RecordState.APPROVED})
        store.create(record_key(record.record_id, 2), later.to_json())
        catalogue.project_record(later)
    store.erase(record_key(record_id_of(5), 1))
    read_something(store, folder / "spool", 2)


def assert_restored_as_rebuilt(store: ObjectStore, restored_url: str, fresh_url: str) -> None:
    reindex(store, opened(restored_url))
    reindex(store, opened(fresh_url))
    restored, fresh = rows_of(restored_url), rows_of(fresh_url)
    assert restored == fresh
    assert len(fresh["records"]) == 7 and len(fresh["dossiers"]) == 8
    assert len(fresh["reads"]) == 2


def test_sqlite(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    live, backup = tmp_path / "live.sqlite", tmp_path / "backup.sqlite"
    before_backup(store, f"sqlite:///{live}", tmp_path)
    shutil.copyfile(live, backup)
    after_backup(store, f"sqlite:///{live}", tmp_path)
    for path in tmp_path.glob("live.sqlite*"):
        path.unlink()
    shutil.copyfile(backup, live)
    assert_restored_as_rebuilt(store, f"sqlite:///{live}", f"sqlite:///{tmp_path}/fresh.sqlite")


def test_postgres(postgres_server: PostgresServer, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    live, restored, fresh = (postgres_server.new_database() for _ in range(3))
    try:
        before_backup(store, live, tmp_path)
        dump = tmp_path / "backup.sql"
        dump.write_text(postgres_server.dump(live))
        after_backup(store, live, tmp_path)
        postgres_server._run(
            [
                postgres_server._program("psql"),
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-f",
                str(dump),
                restored.rpartition("/")[2],
            ]
        )
        assert_restored_as_rebuilt(store, restored, fresh)
    finally:
        for url in (live, restored, fresh):
            postgres_server.drop_database(url)
