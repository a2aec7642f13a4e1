"""The catalogue: a projection in which the newest revision wins."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from extractors.record import ExtractedField, FieldStatus, Record, RecordState
from storage.catalogue import Catalogue, DossierRow, RecordRow
from storage.dossier import Dossier, DossierState
from storage.dossier_segment import dossier_segment

MakeRecord = Callable[..., Record]
MakeDossier = Callable[..., Dossier]


@pytest.fixture
def catalogue_url(either_database_url: str) -> str:
    return either_database_url


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


def test_the_order_is_that_of_code_points_in_every_database(catalogue: Catalogue, make_dossier: MakeDossier) -> None:
    names = ["B-1", "a-1", "a1", "a.1", "a_1", "A1"]
    for name in names:
        catalogue.project_dossier(make_dossier(name))
    assert [row.dossier_segment for row in catalogue.dossiers()] == sorted(names)


def test_times_are_points_in_time(catalogue: Catalogue, make_dossier: MakeDossier) -> None:
    in_hanoi = datetime(2024, 5, 6, 3, tzinfo=timezone(timedelta(hours=7)))
    catalogue.project_dossier(make_dossier(created_at=in_hanoi))
    row = catalogue.dossier("hs-001")
    assert row is not None
    assert row.created_at == in_hanoi
    assert row.created_at.tzinfo is UTC


def test_an_abandoned_reader_does_not_block_writers(catalogue: Catalogue, make_record: MakeRecord) -> None:
    for dossier_id in ("hs-001", "hs-002"):
        catalogue.project_record(make_record(dossier_id=dossier_id))
    rows = catalogue.records()
    next(rows)
    catalogue.project_record(make_record(dossier_id="hs-003"))
    assert len(list(rows)) == 1


def test_many_processes_at_once(
    catalogue_url: str, make_record: MakeRecord, start_python: Callable[..., "subprocess.Popen[str]"]
) -> None:
    url = catalogue_url
    text = make_record().to_json().decode()
    processes = [start_python(USED_AT_ONCE, url, text) for _ in range(4)]
    assert [process.wait(240) for process in processes] == [0] * 4
    assert [row.revision for row in Catalogue(url).records()] == [20]


def test_what_a_lookup_decides_by(catalogue: Catalogue, make_record: MakeRecord) -> None:
    metadata = {
        "issued_date": "2019-03-02", "valid_until": "2024-09", "trust_level": "02",
        "scope": "để đăng ký kết hôn với anh Lê Văn Thử",
    }  # fmt: skip
    catalogue.project_record(make_record(metadata=metadata, superseded_by="r" + "a" * 24))
    (row,) = catalogue.records()
    assert (row.issued_date, row.valid_until, row.trust_level) == ("2019-03-02", "2024-09", "02")
    assert (row.scope, row.superseded_by, row.verified_by) == ("marriage", "r" + "a" * 24, "machine")


def test_metadata_of_another_shape_stays_out(catalogue: Catalogue, make_record: MakeRecord) -> None:
    metadata = {"issued_date": "Trần Thị Thử", "valid_until": 2024, "trust_level": "cao", "scope": None}
    catalogue.project_record(make_record(metadata=metadata))
    (row,) = catalogue.records()
    assert (row.issued_date, row.valid_until, row.trust_level, row.scope) == (None,) * 4


@pytest.mark.parametrize(
    ("deciders", "expected"),
    [((), "machine"), (("two-readers",), "machine"), (("steward:an",), "steward"), (("steward", "mrz"), "both")],
)
def test_who_verified(catalogue: Catalogue, make_record: MakeRecord, deciders: tuple[str, ...], expected: str) -> None:
    found = FieldStatus.FOUND
    fields = {name: ExtractedField(value="x", status=found, accepted=True, decided_by=name) for name in deciders}
    fields["doubtful"] = ExtractedField(value="x", status=found, decided_by="steward")
    catalogue.project_record(make_record(fields=fields))
    assert [row.verified_by for row in catalogue.records()] == [expected]


def test_what_waits_longest_comes_first_page_by_page(catalogue: Catalogue, make_record: MakeRecord) -> None:
    for number in range(7):
        record = make_record(record_id=f"r{number:024x}", state=RecordState.NEEDS_REVIEW, paper_type="abc"[number % 2])
        # Two of each moment: the page must not end between them for good.
        made = datetime(2024, 5, 6, 12, minute=10 - number // 2, tzinfo=UTC)
        provenance = record.provenance.model_copy(update={"created_at": made})
        catalogue.project_record(record.model_copy(update={"provenance": provenance}))
    rows: list[RecordRow] = []
    while page := catalogue.oldest(RecordState.NEEDS_REVIEW, after=rows[-1] if rows else None, limit=3):
        rows += page
    assert [int(row.record_id[1:], 16) for row in rows] == [6, 4, 5, 2, 3, 0, 1]
    assert {row.paper_type for row in catalogue.oldest(RecordState.NEEDS_REVIEW, "b")} == {"b"}
    assert catalogue.oldest(RecordState.ACCEPTED) == ()


def test_a_record_that_is_gone_is_forgotten_in_the_revision_that_went(
    catalogue: Catalogue, make_record: MakeRecord
) -> None:
    record = make_record()
    catalogue.project_record(record)
    catalogue.filling.enter_records([], {record.record_id: record.revision + 1})
    assert catalogue.record(record.record_id) is not None
    for _ in range(2):
        catalogue.filling.enter_records([], {record.record_id: record.revision})
    assert catalogue.record(record.record_id) is None
    assert catalogue.subjects_of(record.record_id) == ()
