"""Who read what: shipped entries, pending ones, and what to do about a damaged piece. All persons are invented."""

from pathlib import Path

import pytest

from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.log import ReadLog
from storage.read_log.opening import ADMINISTRATION, log_read, open_read_log
from storage.read_log.readers import reads_about
from storage.read_log.reading import read_log_keys, read_rows, stored_entries
from storage.settings import Settings

SUBJECT, RECORD = "k" * 32, "r" + "0" * 24


def entry(**changes: object) -> ReadEntry:
    values: dict[str, object] = {"kind": ReadKind.LOOKUP, "reader": "can-bo-1", "purpose": "kết hôn với người khác"}
    return ReadEntry.model_validate({**values, **changes})


def test_shipped_and_pending_entries_are_told_in_words(log: ReadLog, store: FolderStore, catalogue: Catalogue) -> None:
    shipped = entry(subject_key=SUBJECT, dossier_code="H05.12-261122-0001")
    pending = entry(subject_key=SUBJECT)
    log.append(shipped, entry(subject_key="x" * 32))
    assert log.seal().put_off == ()
    log.append(pending)
    # The words come from the log itself: the catalogue keeps no more than a code of them.
    assert reads_about(store, catalogue, log, subject_key=SUBJECT) == (shipped, pending)


def test_whoever_was_shown_the_record_is_told_too(log: ReadLog, store: FolderStore, catalogue: Catalogue) -> None:
    shown = entry(kind=ReadKind.EXPORT, records=(RecordRead(record_id=RECORD, revision=2),))
    log.append(shown)
    assert reads_about(store, catalogue, log, record_ids=[RECORD]) == (shown,)
    log.seal()
    assert reads_about(store, catalogue, log, record_ids=[RECORD]) == (shown,)
    assert reads_about(store, catalogue, log, record_ids=["r" + "1" * 24]) == ()


def test_an_entry_of_a_damaged_piece_is_told_as_far_as_the_catalogue_knows_it(
    log: ReadLog, store: FolderStore, catalogue: Catalogue
) -> None:
    log.append(entry(subject_key=SUBJECT, records=(RecordRead(record_id=RECORD, revision=2),)))
    log.seal()
    [key] = read_log_keys(store)
    store.put(key, b"damaged")
    [found] = reads_about(store, catalogue, log, subject_key=SUBJECT)
    assert (found.reader, found.purpose) == ("can-bo-1", "marriage")
    assert [record.record_id for record in found.records] == [RECORD]
    assert stored_entries(store, read_rows([found])) == {}


def test_the_log_of_a_home_ships_into_its_store_and_catalogue(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path, {}, {})
    with open_read_log(settings) as read_log:
        read = [RecordRead(record_id=RECORD, revision=1)]
        entry_id = log_read(read_log, ReadKind.RECORD, read, reader="can-bo-1", subject_key=SUBJECT)
    [row] = settings.open_catalogue().reads_of_record(RECORD)
    assert (row.entry_id, row.kind, row.subject_key) == (entry_id, "record", SUBJECT)
    [found] = reads_about(settings.open_store(), settings.open_catalogue(), read_log, record_ids=[RECORD])
    assert found.purpose == ADMINISTRATION


def test_an_empty_file_in_the_way_of_the_spool_stops_reading(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path, {}, {})
    (tmp_path / "read-log").write_bytes(b"")
    read_log = open_read_log(settings)
    with pytest.raises(SohoaError) as caught:
        log_read(read_log, ReadKind.RECORD, [], reader="can-bo-1")
    assert caught.value.code is Code.READ_LOG_FAILED
