"""An invented office after a year of work, put into its databases the quick way: what the pages are measured on."""

import hashlib
import random
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Table

from extractors.record import RecordState
from service.office import Office
from service.roles import Role
from storage.batch import BatchState
from storage.catalogue.tables import dossiers, read_log_pieces, read_records, reads, records
from storage.desk import settled_sums
from storage.desk.clients import Client
from storage.desk.keyings import SECOND
from storage.desk.progress import Progress, ProgressKind
from storage.desk.settlements import Settlement, SettlementKind
from storage.desk.tables import accounts, batch_progress, batches, keyings, uploads
from storage.desk.times import as_text
from storage.desk.upload import UploadKind, UploadState
from storage.dossier import Dossier, DossierState
from storage.dossiers import save_dossier
from storage.keys import read_log_key
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.segment import end_line, entry_line, line_hash, start_line
from storage.records import save_draft
from tests.storage.deciding import birth_record

PROVINCE, OFFICE = "H05", "H05.12"
SUBJECT = "001190000001"
RARE_READER = "client:it-khi"
ENTRIES_A_PIECE = 500
_COMMUNES = 120
_TYPES = ("giay-khai-sinh", "trich-luc-khai-sinh", "giay-chung-nhan-ket-hon", "quyet-dinh", "can-cuoc", "thong-bao")
_FIELDS = ("full_name", "date_of_birth", "sex", "number", "mother_name", "place_of_birth", "registration_date")
_PURPOSES = ("Tiếp nhận hồ sơ tại bộ phận một cửa", "Giải quyết hồ sơ đã tiếp nhận", "Trả lời người dân về giấy tờ")
_KINDS, _SHARES = tuple(ReadKind), (700, 60, 200, 5, 20, 10, 5)
# So many of the newest pieces of the read log, and those that the questions ask for, lie in the store with their words.
_WRITTEN_PIECES = 40


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is of everything."""

    tasks: int
    entries: int

    @property
    def batches(self) -> int:
        """Batches that were sent."""
        return self.tasks // 10

    @property
    def accounts(self) -> int:
        """People who may sign in."""
        return max(20, self.tasks // 50)


def fill(office: Office, sizes: Sizes) -> Mapping[str, str]:
    """Fill an empty office; return what stands for the parameters in the addresses of pages, by name."""
    dice, now = random.Random(2026), datetime.now(UTC)
    catalogue, desk = office.settings.catalogue, office.settings.desk
    put(catalogue, records, _records(sizes, dice, now, office.catalogue.filling.projection.name))
    put(catalogue, dossiers, _dossiers(sizes, dice, now, office.catalogue.filling.projection.name))
    _fill_read_log(office, sizes, dice, now)
    put(desk, accounts, _accounts(sizes, now))
    for number in range(40):
        roles = frozenset({Role.READER.value})
        office.clients.add(Client(f"he-thong-{number}", f"Hệ thống số {number}", roles, _commune(dice)))
    put(desk, batches, _batches(sizes, now))
    put(desk, uploads, _uploads(sizes, now))
    put(desk, batch_progress, _progress(sizes, now))
    put(desk, keyings, _keyings(sizes, now))
    with office.desk.writing() as connection:
        settled_sums.add(office.desk, connection, _settlements(sizes, dice, now))
    return {
        "account": "nguoi-7",
        "client_id": "he-thong-7",
        "batch_id": f"b{sizes.batches - 1:024x}",
        "screen": "general",
        "name": "ton",
        **_one_paper(office, now),
    }


def put(url: str, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put rows into a table at an SQLAlchemy URL, with COPY where there is one, and let the database count."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    names = list(first)
    columns = f"{table.name} ({', '.join(names)})"
    values = (tuple(row[name] for name in names) for row in _chained(first, rows))
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        with connection:
            connection.executemany(f"INSERT INTO {columns} VALUES ({', '.join('?' * len(names))})", values)  # noqa: S608
        connection.execute(f"ANALYZE {table.name}")
        connection.close()
        return
    address = url.replace("postgresql+psycopg://", "postgresql://")
    # Rows whose commit is not written out yet VACUUM passes over, and every count would read them one by one.
    with (
        psycopg.connect(address, options="-c synchronous_commit=on") as server,
        server.cursor().copy(f"COPY {columns} FROM STDIN") as copy,
    ):
        for row in values:
            copy.write_row(row)
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"VACUUM ANALYZE {table.name}")


def _chained(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def _commune(dice: random.Random) -> str:
    return f"{PROVINCE}.{dice.randrange(1, _COMMUNES + 1)}"


def _records(sizes: Sizes, dice: random.Random, now: datetime, projection: str) -> Iterator[dict[str, Any]]:
    for number in range(2 * sizes.tasks):
        is_waiting = number % 2 == 0
        yield {
            "record_id": f"r{number:024x}",
            "revision": 1,
            "state": (RecordState.NEEDS_REVIEW if is_waiting else RecordState.ACCEPTED).value,
            "dossier_segment": f"n-{number // 3:032x}",
            "paper_type": dice.choice(_TYPES),
            "paper_type_version": 1,
            "doubtful_fields": int(is_waiting),
            "created_at": as_text(now - timedelta(seconds=dice.randrange(8_000_000))),
            "trust_level": "02",
            "verified_by": "machine",
            "agency": _commune(dice),
            "waits": int(is_waiting),
            "open_fields": dice.randrange(1, 5) if is_waiting else 0,
            "projection": projection,
        }


def _dossiers(sizes: Sizes, dice: random.Random, now: datetime, projection: str) -> Iterator[dict[str, Any]]:
    for number in range(2 * sizes.tasks // 3):
        yield {
            "dossier_segment": f"n-{number:032x}",
            "revision": 1,
            "state": DossierState.COMPLETE.value,
            "paper_count": 3,
            "page_count": 7,
            "failed_page_count": 0,
            "created_at": as_text(now - timedelta(seconds=dice.randrange(8_000_000))),
            "agency": _commune(dice),
            "question_count": int(number % 5 == 0),
            "projection": projection,
        }


def _fill_read_log(office: Office, sizes: Sizes, dice: random.Random, now: datetime) -> None:
    """Enter a year of looks; the pieces that the questions need are written, the others are names only."""
    rows, shown, pieces = [], [], []
    count = -(-sizes.entries // ENTRIES_A_PIECE)
    step = timedelta(days=365) / max(1, sizes.entries)
    subject = office.identity_key.subject(SUBJECT)
    for nth in range(count):
        entries = [
            _look(dice, now - step * (sizes.entries - number), number, subject)
            for number in range(nth * ENTRIES_A_PIECE, min(sizes.entries, (nth + 1) * ENTRIES_A_PIECE))
        ]
        key = read_log_key(entries[0].day, f"{entries[0].at:%Y%m%dt%H%M%S%f}-{nth:016x}")
        pieces.append({"key": key})
        is_asked = any(entry.subject_key == subject or entry.reader == RARE_READER for entry in entries)
        if is_asked or nth >= count - _WRITTEN_PIECES:
            office.store.create(key, _piece(key, entries))
        for entry in entries:
            rows.append(_read_row(entry, key))
            shown += [{"entry_id": entry.entry_id, "record_id": read.record_id} for read in entry.records]
    for table, values in ((reads, rows), (read_records, shown), (read_log_pieces, pieces)):
        put(office.settings.catalogue, table, values)


def _look(dice: random.Random, at: datetime, number: int, subject: str) -> ReadEntry:
    kind = dice.choices(_KINDS, _SHARES)[0]
    is_lookup = kind in {ReadKind.LOOKUP, ReadKind.RELATED}
    # Checked when they are written and read; here it would take most of the time.
    return ReadEntry.model_construct(
        entry_id=f"{int(at.timestamp() * 1000):012x}{number:020x}",
        at=at,
        kind=kind,
        reader=RARE_READER if number % 20_000 == 7 else f"nguoi-{dice.randrange(400)}",
        agency=_commune(dice),
        purpose=dice.choice(_PURPOSES),
        procedure="1.001193" if is_lookup else None,
        dossier_code=f"H05-{number:08d}" if is_lookup else None,
        subject_key=subject if number % 25_000 == 11 else f"{number % 300_000:032x}",
        records=() if is_lookup else (RecordRead(record_id=f"r{number % 50_000:024x}", revision=1),),
        held=int(is_lookup),
        missing=1,
        refused=int(is_lookup and number % 40 == 0),
    )


def _read_row(entry: ReadEntry, piece: str) -> dict[str, Any]:
    plain = ("entry_id", "reader", "agency", "procedure", "subject_key", "held", "missing", "refused")
    values = {name: getattr(entry, name) for name in plain}
    return {**values, "at": as_text(entry.at), "kind": entry.kind.value, "purpose": None, "piece": piece}


def _piece(key: str, entries: Iterable[ReadEntry]) -> bytes:
    _, day, name = key.removesuffix(".jsonl").split("/")
    lines = [start_line(day, name, None)]
    for entry in entries:
        lines.append(entry_line(entry, line_hash(lines[-1])))
    return b"".join((*lines, end_line(len(lines) - 1, line_hash(lines[-1]))))


def _accounts(sizes: Sizes, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(sizes.accounts):
        yield {
            "account": f"nguoi-{number}",
            "display_name": f"Cán bộ Thử {number}",
            "roles": f"{Role.CLERK} {Role.STEWARD}",
            "agency": f"{PROVINCE}.{number % _COMMUNES + 1}",
            "disabled": 0,
            "created_at": as_text(now),
            "changed_at": as_text(now),
        }


def _batches(sizes: Sizes, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(sizes.batches):
        at = as_text(now - timedelta(minutes=20 * (sizes.batches - number)))
        yield {
            "batch_id": f"b{number:024x}",
            "account": f"nguoi-{number % sizes.accounts}",
            "agency": f"{PROVINCE}.{number % _COMMUNES + 1}",
            "procedure_code": "1.001193",
            "state": BatchState.RUNNING.value if number >= sizes.batches - 20 else BatchState.DONE.value,
            "created_at": at,
            "submitted_at": at,
            "attempts": 1,
        }


def _uploads(sizes: Sizes, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(3 * sizes.batches):
        at = as_text(now - timedelta(minutes=7 * (3 * sizes.batches - number)))
        yield {
            "upload_id": f"u{number:024x}",
            "batch_id": f"b{number // 3:024x}",
            "account": f"nguoi-{number // 3 % sizes.accounts}",
            "kind": UploadKind.SCAN.value,
            "dossier_id": f"hs-{number}",
            "segment": f"hs-{number}",
            "file": "scan.pdf",
            "size_bytes": 400_000,
            "offset_bytes": 400_000,
            "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
            "state": UploadState.STORED.value,
            "created_at": at,
            "changed_at": at,
        }


def _progress(sizes: Sizes, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(3 * sizes.batches):
        for kind, count in ((ProgressKind.PAGES, 12), (ProgressKind.PAGE, 5), (ProgressKind.PAGE, 7)):
            event = Progress(kind=kind, dossier_id=f"hs-{number}", count=count).to_json().decode()
            yield {"batch_id": f"b{number // 3:024x}", "at": as_text(now), "event": event}


def _keyings(sizes: Sizes, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(sizes.tasks // 5):
        is_open = number % 50 == 0
        for ordinal in (1, SECOND):
            yield {
                "record_id": f"r{2 * number:024x}",
                "field": "number",
                "ordinal": ordinal,
                "account": f"nguoi-{(number + ordinal) % sizes.accounts}",
                "agrees": None if ordinal == 1 else int(not is_open),
                "closed": int(not is_open),
                "at": as_text(now - timedelta(minutes=number)),
            }


def _settlements(sizes: Sizes, dice: random.Random, now: datetime) -> list[Settlement]:
    return [
        Settlement(
            at=now - timedelta(minutes=dice.randrange(90 * 24 * 60)),
            record_id=f"r{number:024x}",
            paper_type=dice.choice(_TYPES),
            field=dice.choice(_FIELDS),
            agency=_commune(dice),
            account=f"nguoi-{dice.randrange(min(60, sizes.accounts))}",
            kind=SettlementKind.CONFIRMED,
            seconds=dice.expovariate(0.2),
            machine_right=dice.random() < 0.9,
            sampled=dice.random() < 0.05,
        )
        for number in range(sizes.tasks)
    ]


def _one_paper(office: Office, now: datetime) -> dict[str, str]:
    """Keep a paper that waits and its dossier, whole in the store."""
    record = save_draft(office.store, birth_record(1, doubtful=("sex",)))
    office.catalogue.project_record(record)
    dossier = Dossier(dossier_id="hs-001", revision=1, state=DossierState.FAILED, created_at=now)
    save_dossier(office.store, dossier)
    return {"record_id": record.record_id, "segment": dossier.segment}
