"""The once-only question over real databases, from stored records to the count of papers not asked for. All invented."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.record import Record, RecordState, Subject
from storage.catalogue import Catalogue, ReuseRow
from storage.folder_store import FolderStore
from storage.lookup import lookup
from storage.lookup_answer import LookupRequest
from storage.read_log.log import ReadLog
from storage.read_log.readers import reads_about
from storage.reindex import reindex
from storage.rights.working_days import local_day
from tests.storage.conftest import IDENTITY_KEY
from tests.storage.lookup_world import BIRTH, CARD, CHILD, MOTHER, ON, SINGLE, paper, procedure, record_id

ASKED = procedure(paper(CARD), paper(BIRTH), paper(SINGLE, scope="marriage"))
MakeRecord = Callable[..., Record]


@pytest.fixture
def catalogue_url(either_database_url: str) -> str:
    return either_database_url


@pytest.fixture
def family(catalogue: Catalogue, make_record: MakeRecord) -> None:
    """Her card, approved; a birth certificate under her number that is somebody else's; her child's."""
    mother = Subject(role="owner", personal_id=MOTHER, full_name="Trần Thị Thử", date_of_birth="1990-05-06")
    stranger = Subject(role="owner", personal_id=MOTHER, full_name="Lê Thị Khác", date_of_birth="1991-01-01")
    child = Subject(role="owner", personal_id=CHILD, full_name="Lê Bé", date_of_birth="2024-01-01")
    single = {"scope": "Làm thủ tục kết hôn với anh Lê Văn Thử", "valid_until": "2027-04-05"}
    for number, paper_type, subject, changes in (
        (1, CARD, mother, {"state": RecordState.APPROVED, "metadata": {"valid_until": "2034-07-01"}}),
        (2, BIRTH, stranger, {}),
        (3, SINGLE, mother, {"metadata": single}),
        (4, BIRTH, child, {}),
    ):
        made = make_record(record_id=record_id(number), paper_type=paper_type, subjects=(subject,), **changes)
        catalogue.project_record(made)


def request(**changes: object) -> LookupRequest:
    values: dict[str, object] = {
        "subject": MOTHER, "procedure": ASKED.code, "on": ON, "purpose": "kết hôn", "reader": "can-bo-1",
        "agency": "H05.12",
    }  # fmt: skip
    return LookupRequest(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.usefixtures("family")
def test_from_records_to_the_count(log: ReadLog, store: FolderStore, catalogue: Catalogue) -> None:
    begun = local_day(datetime.now(UTC))
    answer = lookup(catalogue, lambda _: ASKED, log, IDENTITY_KEY, request())
    assert [held.record_id for held in answer.held] == [record_id(1), record_id(3)]
    assert [(one.record_id, one.reasons) for one in answer.refused] == [(record_id(2), ("other_person",))]
    assert log.seal().put_off == ()
    key = IDENTITY_KEY.subject(MOTHER)
    [read] = reads_about(store, catalogue, log, subject_key=key)
    assert read.entry_id == answer.read_log_id and read.purpose == "kết hôn"
    assert [row.entry_id for row in catalogue.reads_of_record(record_id(2))] == [answer.read_log_id]
    counted = ReuseRow(procedure=ASKED.code, agency="H05.12", lookups=1, not_asked=2, missing=1, refused=1)
    assert catalogue.reuse(begun, local_day(datetime.now(UTC))) == (counted,)
    assert catalogue.reuse(date(2020, 1, 1), date(2020, 1, 2)) == ()


@pytest.mark.usefixtures("family")
def test_a_catalogue_made_anew_knows_all_reads(
    log: ReadLog, store: FolderStore, catalogue: Catalogue, tmp_path: Path
) -> None:
    told = [lookup(catalogue, lambda _: ASKED, log, IDENTITY_KEY, request()).read_log_id for _ in range(3)]
    log.seal()
    anew = Catalogue(f"sqlite:///{tmp_path}/anew.sqlite", IDENTITY_KEY)
    reindex(store, anew)
    key = IDENTITY_KEY.subject(MOTHER)
    assert [row.entry_id for row in anew.reads_of_subject(key)] == told
    assert anew.reads_of_subject(key) == catalogue.reads_of_subject(key)
    # Entered by the log already: nothing to do, nothing twice.
    reindex(store, catalogue)
    assert [row.entry_id for row in catalogue.reads_of_subject(key)] == told


@pytest.mark.usefixtures("family")
def test_many_ask_at_once(log: ReadLog, store: FolderStore, catalogue: Catalogue) -> None:
    told: list[str] = []

    def ask() -> None:
        told.extend(lookup(catalogue, lambda _: ASKED, log, IDENTITY_KEY, request()).read_log_id for _ in range(15))

    with log.kept_sealed(every_s=0.01):
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    rows = catalogue.reads_of_subject(IDENTITY_KEY.subject(MOTHER))
    assert Counter(row.entry_id for row in rows) == Counter(told)
    assert len(told) == 90
