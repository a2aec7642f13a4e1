"""What waits for a person, in the catalogue: narrowed, in order, counted, in every database."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from extractors.record import ExtractedField, FieldStatus, Record, RecordState
from storage.catalogue import Catalogue
from storage.catalogue.queue import Place, Waiting
from storage.dossier import Dossier
from storage.folder_store import FolderStore
from storage.keys import record_id_for
from storage.records import save_draft
from storage.reindex import reindex
from tests.storage.conftest import NOON, sha256_of
from tests.storage.deciding import birth_record, read

MakeRecord = Callable[..., Record]
AGENCIES = ("H05.12", "H05.12.3", "H05.12.30", "H05.1", "H05.120", "H05", None)


@pytest.fixture
def catalogue_url(either_database_url: str) -> str:
    return either_database_url


@pytest.fixture
def queue(catalogue: Catalogue, make_record: MakeRecord) -> Catalogue:
    """Forty-two waiting records, one a minute, over seven agencies and two types; some more that do not wait."""
    for number in range(42):
        agency = AGENCIES[number % len(AGENCIES)]
        made = NOON + timedelta(minutes=number // 2)
        catalogue.project_record(
            make_record(
                record_id=record_id_for("hs", sha256_of(b"scan"), number + 1),
                state=RecordState.NEEDS_REVIEW,
                paper_type="ab"[number % 2],
                metadata={"agency": agency} if agency else {},
                provenance=make_record().provenance.model_copy(update={"created_at": made}),
            )
        )
    for number, state in enumerate(RecordState):
        if state is not RecordState.NEEDS_REVIEW:
            name = record_id_for("other", sha256_of(b"scan"), number + 1)
            catalogue.project_record(make_record(record_id=name, state=state))
    return catalogue


def everything(catalogue: Catalogue, chosen: Waiting, limit: int = 4) -> list:
    rows: list = []
    place = None
    while page := catalogue.waiting(chosen, place, limit):
        rows += page
        place = Place(page[-1].created_at, page[-1].record_id)
    return rows


def test_all_that_waits_is_paged_through_once_oldest_first(queue: Catalogue) -> None:
    rows = everything(queue, Waiting())
    assert len(rows) == 42 and all(row.waits for row in rows)
    assert [(row.created_at, row.record_id) for row in rows] == sorted((r.created_at, r.record_id) for r in rows)


@pytest.mark.parametrize(
    ("agency", "own"),
    [
        ("H05", {"H05", "H05.1", "H05.12", "H05.12.3", "H05.12.30", "H05.120"}),
        ("H05.12", {"H05.12", "H05.12.3", "H05.12.30"}),
        ("H05.1", {"H05.1"}),
        ("H06", set()),
    ],
)
def test_an_agency_has_its_units_and_no_namesakes(queue: Catalogue, agency: str, own: set[str]) -> None:
    assert {row.agency for row in everything(queue, Waiting(agency))} == own
    counts = queue.waiting_counts(Waiting(agency))
    assert {count.agency for count in counts} == own
    assert sum(count.count for count in counts) == 6 * len(own)


def test_agency_and_type_narrow_together(queue: Catalogue) -> None:
    rows = everything(queue, Waiting("H05.12", "a"))
    assert {row.paper_type for row in rows} == {"a"} and len(rows) == 9
    counts = {(count.agency, count.paper_type): count.count for count in queue.waiting_counts()}
    assert counts[("H05.12", "a")] == 3 and sum(counts.values()) == 42


def test_a_reindex_finds_the_same_queue(store: FolderStore, catalogue: Catalogue) -> None:
    for number in range(1, 5):
        record = save_draft(store, birth_record(number, doubtful=("number",), metadata={"agency": "H05.12"}))
        catalogue.project_record(record)
    before = everything(catalogue, Waiting("H05"))
    reindex(store, catalogue, full=True)
    assert everything(catalogue, Waiting("H05")) == before and len(before) == 4


@pytest.mark.parametrize(
    ("fields", "state", "is_waiting", "is_open"),
    [
        ({"number": read("1", accepted=False)}, RecordState.NEEDS_REVIEW, True, 1),
        ({"number": read("1", sampled=True)}, RecordState.ACCEPTED, True, 1),
        ({"number": read("1", sampled=True)}, RecordState.APPROVED, True, 1),
        ({"number": read("1", sampled=True)}, RecordState.REJECTED, False, 0),
        ({"number": read("1", sampled=True, decided_by="steward:lan")}, RecordState.ACCEPTED, False, 0),
        ({"number": read("1", sampled=True), "sex": read("Nam", accepted=False)}, RecordState.NEEDS_REVIEW, True, 2),
        (
            {"personal_id": ExtractedField(status=FieldStatus.MISSING, reasons=("left-blank",))},
            RecordState.NEEDS_REVIEW,
            True,
            0,
        ),
    ],
)
def test_what_waits_and_for_how_many_fields(
    catalogue: Catalogue, fields: dict[str, ExtractedField], state: RecordState, is_waiting: bool, is_open: int
) -> None:
    record = birth_record(fields=fields, state=state)
    catalogue.project_record(record)
    row = catalogue.record(record.record_id)
    assert row is not None and (row.waits, row.open_fields) == (is_waiting, is_open)


def test_what_went_to_other_papers_does_not_wait(catalogue: Catalogue) -> None:
    catalogue.project_record(birth_record(doubtful=("number",), withdrawn=True, state=RecordState.SUPERSEDED))
    assert catalogue.waiting() == ()


def test_a_made_up_agency_is_none(catalogue: Catalogue) -> None:
    record = birth_record(doubtful=("number",), metadata={"agency": "Nguyễn Văn An"})
    catalogue.project_record(record)
    row = catalogue.record(record.record_id)
    assert row is not None and row.agency is None


def test_dossiers_are_paged_through_newest_first(catalogue: Catalogue, make_dossier: Callable[..., Dossier]) -> None:
    for number in range(9):
        agency = ("H05.12", "H05.12.3", None)[number % 3]
        made = NOON + timedelta(minutes=number // 2)
        catalogue.project_dossier(make_dossier(f"hs-{number:03}", created_at=made, agency=agency))
    found: list = []
    place = None
    while page := catalogue.newest_dossiers(None, place, 2):
        found += page
        place = Place(page[-1].created_at, page[-1].dossier_segment)
    assert [row.dossier_segment for row in found] == [f"hs-{number:03}" for number in reversed(range(9))]
    assert {row.agency for row in catalogue.newest_dossiers("H05.12")} == {"H05.12", "H05.12.3"}
