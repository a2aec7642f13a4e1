"""Persons in the catalogue and in its read log: found by a keyed hash, and nowhere to be read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from extractors.record import Record, RecordState, Subject
from storage.catalogue import Catalogue, HoldingRow, ReadRow, RecordRow, ReuseRow
from storage.dossier import Dossier
from storage.identity import IdentityKey
from tests.services.postgres import PostgresServer

KEY = IdentityKey(b"of tests alone".ljust(32, b"."))
PERSONAL_ID = "001099012345"
SUBJECT = KEY.subject(PERSONAL_ID)
OWNER = Subject(role="owner", personal_id=PERSONAL_ID, full_name="Trần Thị Thử", date_of_birth="1999-01-02")
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)

MakeRecord = Callable[..., Record]


@pytest.fixture
def catalogue_url(either_database_url: str) -> str:
    return either_database_url


def made_at(record: Record, moment: datetime) -> Record:
    return record.model_copy(update={"provenance": record.provenance.model_copy(update={"created_at": moment})})


def test_everything_held_on_a_subject_newest_first(catalogue: Catalogue, make_record: MakeRecord) -> None:
    older, newer = (
        made_at(make_record(record_id=f"r{number:024x}", subjects=(OWNER,)), NOON + timedelta(days=number))
        for number in (1, 2)
    )
    other = make_record(record_id=f"r{3:024x}", subjects=(Subject(role="owner", personal_id="001099054321"),))
    revoked = older.model_copy(update={"state": RecordState.REVOKED})
    for record in (other, revoked, newer):
        catalogue.project_record(record)
    found = catalogue.holdings_of(SUBJECT)
    assert [row.record_id for row in found] == [newer.record_id, older.record_id]
    assert [row.state for row in found] == [RecordState.ACCEPTED, RecordState.REVOKED]
    assert isinstance(found[0], HoldingRow) and found[0].role == "owner"
    assert found[0].name_key == KEY.name("TRAN THI THU")
    assert found[0].birth_key == KEY.date_of_birth("1999-01-02")
    assert catalogue.holdings_of(KEY.subject("001099000000")) == ()


def test_an_identifier_is_found_however_it_is_written(catalogue: Catalogue, make_record: MakeRecord) -> None:
    spaced = OWNER.model_copy(update={"personal_id": "001 099 012 345"})
    catalogue.project_record(make_record(subjects=(spaced,)))
    assert len(catalogue.holdings_of(SUBJECT)) == 1


@pytest.mark.parametrize("personal_id", [None, "", "12", "không rõ"])
def test_what_is_no_identifier_gets_no_key(
    catalogue: Catalogue, make_record: MakeRecord, personal_id: str | None
) -> None:
    record = make_record(subjects=(Subject(role="owner", personal_id=personal_id, full_name="Trần Thị Thử"),))
    catalogue.project_record(record)
    (subject,) = catalogue.subjects_of(record.record_id)
    assert (subject.subject_key, subject.birth_key) == (None, None)
    assert subject.name_key == KEY.name("Trần Thị Thử")


def test_subjects_follow_the_newest_revision(catalogue: Catalogue, make_record: MakeRecord) -> None:
    mother = Subject(role="mother", full_name="Lê Thị Thử")
    catalogue.project_record(make_record(revision=2, subjects=(mother, OWNER)))
    catalogue.project_record(make_record(revision=1, subjects=(OWNER,)))
    record = make_record(revision=3, subjects=(mother,))
    assert [each.role for each in catalogue.subjects_of(record.record_id)] == ["mother", "owner"]
    catalogue.project_record(record)
    assert catalogue.holdings_of(SUBJECT) == ()
    assert [each.role for each in catalogue.subjects_of(record.record_id)] == ["mother"]


def test_one_record_may_be_about_the_same_person_twice(catalogue: Catalogue, make_record: MakeRecord) -> None:
    catalogue.project_record(make_record(subjects=(OWNER, OWNER.model_copy(update={"role": "applicant"}))))
    assert [row.role for row in catalogue.holdings_of(SUBJECT)] == ["owner", "applicant"]


def test_records_that_tell_a_name_and_no_identifier(catalogue: Catalogue, make_record: MakeRecord) -> None:
    nameless = OWNER.model_copy(update={"personal_id": None})
    for number, subject in enumerate((nameless, OWNER, nameless.model_copy(update={"date_of_birth": "1999-01-03"}))):
        catalogue.project_record(make_record(record_id=f"r{number:024x}", subjects=(subject, subject)))
    found = catalogue.unidentified(KEY.name("TRẦN THỊ THỬ"), KEY.date_of_birth("1999-01-02"))
    assert found == (f"r{0:024x}",)


def test_without_a_key_nobody_is_entered(catalogue_url: str, make_record: MakeRecord) -> None:
    catalogue = Catalogue(catalogue_url)
    catalogue.create()
    record = make_record(subjects=(OWNER,))
    catalogue.project_record(record)
    (subject,) = catalogue.subjects_of(record.record_id)
    assert (subject.subject_key, subject.name_key, subject.birth_key) == (None, None, None)


def read(number: int, **changes: object) -> ReadRow:
    values: dict[str, object] = {
        "entry_id": f"e{number:03}", "at": NOON, "kind": "lookup", "reader": "can-bo-1", "agency": "H05.12",
        "purpose": "đăng ký kết hôn với chị Trần Thị Thử", "procedure": "1.000894", "dossier_code": "H05.12-240506-0001",
        "subject_key": SUBJECT, "record_ids": ("r" + "b" * 24, "r" + "a" * 24), "held": 2, "missing": 1, "refused": 1,
    }  # fmt: skip
    return ReadRow(**{**values, **changes})  # type: ignore[arg-type]


def test_reads_of_a_subject_and_of_a_record(catalogue: Catalogue) -> None:
    later = read(1, at=NOON + timedelta(hours=1), kind="record", record_ids=("r" + "a" * 24,))
    catalogue.filling.enter_piece(
        "audit/2024-05-06/a.jsonl", [later, read(2), read(3, subject_key=None, record_ids=())]
    )
    found = catalogue.reads_of_subject(SUBJECT)
    assert [row.entry_id for row in found] == ["e002", "e001"]
    both = ("r" + "a" * 24, "r" + "b" * 24)
    piece = "audit/2024-05-06/a.jsonl"
    assert found[0] == read(2, purpose="marriage", dossier_code=None, record_ids=both, piece=piece)
    assert [row.entry_id for row in catalogue.reads_of_record("r" + "a" * 24)] == ["e002", "e001"]
    assert [row.entry_id for row in catalogue.reads_of_record("r" + "b" * 24)] == ["e002"]
    assert catalogue.reads_of_record("r" + "c" * 24) == catalogue.reads_of_subject("unknown") == ()


def test_an_entry_that_comes_twice_counts_once(catalogue: Catalogue) -> None:
    catalogue.filling.enter_piece("audit/2024-05-06/a.jsonl", [read(1), read(1)])
    catalogue.filling.enter_piece("audit/2024-05-06/a.jsonl", [read(1), read(2)])
    catalogue.filling.enter_piece("audit/2024-05-06/a.jsonl", [])
    assert len(catalogue.reads_of_subject(SUBJECT)) == 2
    assert catalogue.reuse(date(2024, 5, 6), date(2024, 5, 6))[0].lookups == 2


def test_papers_not_asked_are_counted_by_procedure_and_agency(catalogue: Catalogue) -> None:
    catalogue.filling.enter_piece("audit/2024-05-06/a.jsonl",
        [
            read(1, subject_key="another"), read(2, held=3, missing=0), read(3, agency=None),
            read(4, procedure="1.001193"), read(5, kind="record"),
            # The same look an hour before: two looks spare no paper twice.
            read(7, at=NOON - timedelta(hours=1), held=1),
            # Already the next day in Viet Nam.
            read(6, at=datetime(2024, 5, 6, 17, tzinfo=UTC)),
        ]
    )  # fmt: skip
    day = date(2024, 5, 6)
    expected = (
        ReuseRow(procedure="1.000894", agency=None, lookups=1, not_asked=2, missing=1, refused=1),
        ReuseRow(procedure="1.000894", agency="H05.12", lookups=3, not_asked=5, missing=1, refused=2),
        ReuseRow(procedure="1.001193", agency="H05.12", lookups=1, not_asked=2, missing=1, refused=1),
    )
    assert catalogue.reuse(day, day) == expected
    assert catalogue.reuse(day, day, "H05.12") == expected[1:]
    assert catalogue.reuse(date(2024, 5, 7), date(2024, 5, 7))[0].lookups == 1
    assert catalogue.reuse(date(2024, 5, 8), date(2024, 5, 9)) == ()


def test_no_personal_data_in_the_whole_database(
    request: pytest.FixtureRequest,
    catalogue: Catalogue,
    catalogue_url: str,
    make_record: MakeRecord,
    make_dossier: Callable[..., Dossier],
    tmp_path: Path,
) -> None:
    metadata = {"issued_date": "Trần Thị Thử", "scope": "vay vốn cho bà Trần Thị Thử", "issuer": "UBND xã Thử"}
    record = make_record(
        dossier_id="Trần Thị Thử", dossier_code="H05.12-240506-0001", subjects=(OWNER,), metadata=metadata
    )
    catalogue.project_record(record)
    catalogue.project_dossier(make_dossier("Trần Thị Thử"))
    catalogue.filling.enter_piece("audit/2024-05-06/a.jsonl", [read(1)])
    catalogue.filling.mark_filled()
    if catalogue_url.startswith("sqlite"):
        dump = b"".join(path.read_bytes() for path in tmp_path.glob("catalogue.sqlite*")).decode("utf-8", "replace")
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        dump = server.dump(catalogue_url)
    assert SUBJECT in dump and RecordRow.of(record).dossier_segment in dump
    for secret in (
        PERSONAL_ID,
        "Trần",
        "Thử",
        "TRAN THI",
        "tran thi",
        "1999-01-02",
        "H05.12-240506",
        "UBND",
        "kết hôn",
    ):
        assert secret not in dump
    assert KEY.secret.hex() not in dump and KEY.secret.decode() not in dump
