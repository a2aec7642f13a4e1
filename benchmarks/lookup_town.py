"""An invented town of any size in the catalogue's tables: four papers a person, put there the quick way, by COPY."""

import random
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from extractors.record import RecordState
from storage.catalogue.tables import record_subjects, records
from storage.identity import IdentityKey

PAPERS_A_PERSON = 4
_TODAY = date(2026, 11, 22)
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
_GIVEN = ("Văn Thử", "Thị Mẫu", "Minh Giả", "Thị Bịa", "Quốc Vờ", "Thu Tạm")
# Most papers are good; the rest is what a lookup has to refuse.
_STATES = (
    (RecordState.APPROVED, 45), (RecordState.ACCEPTED, 40), (RecordState.NEEDS_REVIEW, 8),
    (RecordState.SUPERSEDED, 5), (RecordState.REVOKED, 2),
)  # fmt: skip
_LAST_PAPERS = (
    "giay-xac-nhan-tinh-trang-hon-nhan", "giay-chung-nhan-quyen-su-dung-dat", "trich-luc-khai-sinh",
    "phieu-ly-lich-tu-phap",
)  # fmt: skip
_SCOPES = ("marriage", "land", "loan", None)


def identifier_of(person: int) -> str:
    """Return the invented personal id of a person, who was born in a year and place made of their number."""
    place, year = person % 96 + 1, person // 96 % 100
    return f"{place:03d}{person % 2}{year:02d}{person:06d}"


def rows_of(person: int, key: IdentityKey, projection: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the rows of a person's papers: each with the row that says what the person is on it."""
    dice = random.Random(person)
    name_key = key.name(f"{dice.choice(_FAMILIES)} {dice.choice(_GIVEN)}")
    birth_key = key.date_of_birth(f"{1900 + person // 96 % 100}-05-06")
    subject_key = key.subject(identifier_of(person))
    married = "wife" if person % 2 else "husband"
    papers = (
        ("can-cuoc", "owner"), ("giay-khai-sinh", "owner"), ("giay-chung-nhan-ket-hon", married),
        (dice.choice(_LAST_PAPERS), "owner"),
    )  # fmt: skip
    for number, (paper_type, role) in enumerate(papers):
        record_id = f"r{person * PAPERS_A_PERSON + number:024x}"
        issued = _TODAY - timedelta(days=dice.randrange(1, 3000))
        until = None
        if paper_type == "can-cuoc":
            until = issued + timedelta(days=3650)
        elif paper_type.startswith("giay-xac-nhan"):
            until = issued + timedelta(days=183)
        revision = dice.randrange(1, 4)
        state = dice.choices([state for state, _ in _STATES], [share for _, share in _STATES])[0]
        record = {
            "record_id": record_id,
            "revision": revision,
            "state": state.value,
            "dossier_segment": f"n-{person:032x}",
            "paper_type": paper_type,
            "paper_type_version": 1,
            "doubtful_fields": 0,
            "created_at": (_FIRST + timedelta(seconds=dice.randrange(90_000_000))).isoformat(timespec="microseconds"),
            "issued_date": issued.isoformat(),
            "valid_until": until.isoformat() if until else None,
            "trust_level": "02",
            "scope": dice.choice(_SCOPES) if paper_type.startswith("giay-xac-nhan") else None,
            "verified_by": dice.choice(("machine", "steward", "both")),
            "superseded_by": None,
            "agency": None,
            "waits": int(state is RecordState.NEEDS_REVIEW),
            "open_fields": int(state is RecordState.NEEDS_REVIEW),
            "projection": projection,
        }
        subject = {
            "record_id": record_id,
            "ordinal": 0,
            "role": role,
            "subject_key": subject_key,
            "name_key": name_key,
            "birth_key": birth_key,
        }
        yield record, subject


def fill(url: str, persons: range, key: IdentityKey, projection: str) -> None:
    """Put the papers of these persons into the tables at an SQLAlchemy URL, and let the database count."""
    pairs = (pair for person in persons for pair in rows_of(person, key, projection))
    if url.startswith("sqlite"):
        _fill_sqlite(url.removeprefix("sqlite:///"), pairs)
    else:
        _fill_postgresql(url.replace("postgresql+psycopg://", "postgresql://"), pairs)


def fill_records(url: str, rows: Iterable[dict[str, Any]]) -> None:
    """Put rows of records, with all columns, into the table at an SQLAlchemy URL, and let the database count."""
    names = list(records.c.keys())
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        places = ", ".join("?" * len(names))
        with connection:
            values = ([row[name] for name in names] for row in rows)
            connection.executemany(f"INSERT INTO records ({', '.join(names)}) VALUES ({places})", values)  # noqa: S608
        connection.execute("ANALYZE")
        connection.close()
        return
    address = url.replace("postgresql+psycopg://", "postgresql://")
    with (
        psycopg.connect(address) as server,
        server.cursor().copy(f"COPY records ({', '.join(names)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([row[name] for name in names])
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("VACUUM ANALYZE records")


def _fill_postgresql(url: str, pairs: Iterator[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    record_names, subject_names = list(records.c.keys()), list(record_subjects.c.keys())
    with psycopg.connect(url) as first, psycopg.connect(url) as second:
        into_records = f"COPY records ({', '.join(record_names)}) FROM STDIN"
        into_subjects = f"COPY record_subjects ({', '.join(subject_names)}) FROM STDIN"
        with first.cursor().copy(into_records) as one, second.cursor().copy(into_subjects) as other:
            for record, subject in pairs:
                one.write_row([record[name] for name in record_names])
                other.write_row([subject[name] for name in subject_names])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE records")
        connection.execute("VACUUM ANALYZE record_subjects")


def _fill_sqlite(path: str, pairs: Iterator[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for record, subject in pairs:
            for table, row in (("records", record), ("record_subjects", subject)):
                places = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))  # noqa: S608
    connection.execute("ANALYZE")
    connection.close()
