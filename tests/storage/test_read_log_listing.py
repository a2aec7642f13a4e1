"""Looking through the read log, in every database: pages, narrowing, and words found by the piece they lie in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.catalogue import Catalogue
from storage.catalogue.queue import Place
from storage.catalogue.read_listing import ReadsMeant
from storage.database import Database
from storage.folder_store import FolderStore
from storage.integrity.ledger import Ledger
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.listing import PAGE, looked_through
from storage.read_log.log import ReadLog
from storage.read_log.reading import stored_entries

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
EVERYTHING = ReadsMeant(NOW - timedelta(days=20), NOW + timedelta(days=1))


def entry(nth: int, **changes: object) -> ReadEntry:
    values = {
        "kind": ReadKind.LOOKUP,
        "reader": f"can-bo-{nth % 3}",
        "agency": f"H05.{nth % 2}",
        "purpose": f"việc {nth}",
    }
    return ReadEntry.model_validate({**values, "at": NOW - timedelta(minutes=7 * nth), **changes})


@pytest.fixture
def catalogue_url(either_database_url: str) -> str:
    return either_database_url


def test_pages_hold_every_entry_once_shipped_or_not(log: ReadLog, store: FolderStore, catalogue: Catalogue) -> None:
    entries = [entry(nth, refused=nth % 5 == 0) for nth in range(3 * PAGE)]
    for nth, each in enumerate(entries):
        log.append(each)
        if nth in {40, 90}:
            log.seal()
    seen: list[ReadEntry] = []
    before: Place | None = None
    while True:
        found = looked_through(store, catalogue, log, EVERYTHING, before)
        assert found.counts is not None
        assert (found.counts.total, found.counts.refused) == (len(entries), len(entries) // 5)
        seen += found.entries
        before = found.next
        if before is None:
            break
    assert seen == entries  # the newest first, each with its words


@pytest.mark.parametrize(
    ("changes", "chosen"),
    [
        ({"reader": "can-bo-1"}, lambda each: each.reader == "can-bo-1"),
        ({"agency": "H05.1"}, lambda each: each.agency == "H05.1"),
        ({"agency": "H05"}, lambda each: each.agency.startswith("H05.")),
        ({"kinds": {"record"}}, lambda each: each.kind is ReadKind.RECORD),
        ({"refused_only": True}, lambda each: each.refused > 0),
        ({"begin": NOW - timedelta(minutes=70)}, lambda each: each.at >= NOW - timedelta(minutes=70)),
        ({"end": NOW - timedelta(minutes=70)}, lambda each: each.at < NOW - timedelta(minutes=70)),
    ],
)
def test_narrowing_is_the_same_shipped_or_not(
    log: ReadLog, store: FolderStore, catalogue: Catalogue, changes: dict[str, object], chosen: object
) -> None:
    kinds = (ReadKind.LOOKUP, ReadKind.RECORD)
    entries = [entry(nth, kind=kinds[nth % 7 == 0], refused=nth % 4 == 0) for nth in range(30)]
    entries.append(entry(31, agency="H051", reader="can-bo-10"))
    meant = ReadsMeant(**{"begin": EVERYTHING.begin, "end": EVERYTHING.end, **changes})
    expected = [each for each in entries if chosen(each) and each.agency != "H051"]
    if "reader" not in changes and "agency" not in changes:
        expected = [each for each in entries if chosen(each)]
    log.append(*entries)
    assert list(looked_through(store, catalogue, log, meant).entries) == expected
    log.seal()
    found = looked_through(store, catalogue, log, meant)
    assert list(found.entries) == expected
    assert found.counts is not None and found.counts.total == len(expected)


def test_only_the_pieces_in_question_are_read(
    log: ReadLog, store: FolderStore, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = entry(3, records=(RecordRead(record_id="r" + "1" * 24, revision=2),))
    for each in (entry(1), entry(2), shown):
        log.append(each)
        log.seal()
    read: list[str] = []
    get = FolderStore.get
    monkeypatch.setattr(FolderStore, "get", lambda self, key: read.append(key) or get(self, key))
    rows = catalogue.reads(ReadsMeant(EVERYTHING.begin, shown.at + timedelta(seconds=1)))
    assert [row.entry_id for row in rows] == [shown.entry_id] and rows[0].record_ids == ("r" + "1" * 24,)
    assert stored_entries(store, rows) == {shown.entry_id: shown}
    assert read == [rows[0].piece]


def test_an_entry_of_which_no_piece_is_known_is_found_by_its_day(
    log: ReadLog, store: FolderStore, catalogue: Catalogue, either_database_url: str
) -> None:
    log.append(entry(1))
    log.seal()
    with Database.at(either_database_url).writing() as connection:
        connection.exec_driver_sql("UPDATE reads SET piece = NULL")
    assert looked_through(store, catalogue, log, EVERYTHING).entries == (
        *stored_entries(store, catalogue.reads(EVERYTHING)).values(),
    )
    assert looked_through(store, catalogue, log, EVERYTHING).entries[0].purpose == "việc 1"


def test_a_piece_that_is_gone_does_not_keep_the_rest_from_being_told(
    log: ReadLog, store: FolderStore, catalogue: Catalogue
) -> None:
    log.append(entry(1))
    log.seal()
    log.append(entry(2))
    log.seal()
    [gone] = [row.piece for row in catalogue.reads(EVERYTHING) if row.reader == "can-bo-1"]
    assert gone is not None
    store.erase(gone)
    told = looked_through(store, catalogue, log, EVERYTHING).entries
    assert [(each.reader, each.purpose) for each in told] == [("can-bo-1", "other"), ("can-bo-2", "việc 2")]


def test_a_ledger_tells_when_its_last_pass_ended(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.ended_at() is None
        ledger.begin(resume=False)
        ledger.save("scans", "")
        assert ledger.ended_at() is None
        ledger.end()
        ended = ledger.ended_at()
    assert ended is not None and abs(datetime.now(UTC) - ended) < timedelta(minutes=5)
