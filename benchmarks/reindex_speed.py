"""How fast the catalogue is filled from the store, from nothing and when little is new, into each database.

`python -m benchmarks.reindex_speed --records 20000 100000`: invented records of twenty fields with their evidence in a
folder store, five to a dossier. PostgreSQL is started on loopback when its programs are installed. Prints records a
second and CPU seconds of this process (the database server's own are not in it), and what the queries of the review
queue and of a lookup take afterwards.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.scoring import format_table
from extractors.record import (
    Evidence,
    ExtractedField,
    FieldStatus,
    Provenance,
    Record,
    RecordState,
    SourcePage,
    Subject,
)
from ocr.page import Box, ReaderInfo
from storage.catalogue import Catalogue
from storage.dossier import Dossier, DossierPaper, DossierScan, DossierState, PagePlace
from storage.dossiers import dossier_key_of
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.keys import record_id_for
from storage.records import record_key_of
from storage.reindex import ReindexReport, reindex
from tests.services.postgres import running_postgres, server_programs

_FIELDS = 20
_PAPERS_OF_A_DOSSIER = 5
_QUESTIONS = 300
_TYPES = ("giay-khai-sinh", "giay-chung-nhan-ket-hon", "quyet-dinh", "thong-bao")
_NAMES = ("Trần Thị Thử", "Nguyễn Văn Mẫu", "Lê Thị Ví Dụ", "Phạm Văn Nháp")
_START = datetime(2024, 1, 1, tzinfo=UTC)
_READER = ReaderInfo(name="tesseract", version="5.5.4", model="vie", model_sha256="0" * 64)
_KEY = IdentityKey(b"of benchmarks alone".ljust(32, b"."))


def main(argv: list[str] | None = None) -> int:
    """Run and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reindex_speed", description="Đo việc dựng danh mục.")
    parser.add_argument("--records", type=int, nargs="+", default=[20_000], help="số bản ghi của từng lượt")
    parser.add_argument("--folder", type=Path, help="nơi tạo kho tạm (mặc định thư mục tạm của máy)")
    given = parser.parse_args(argv)
    rows: list[tuple[object, ...]] = []
    for count in given.records:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            made = Path(folder)
            size = _write(made / "store", range(count), revision=1)
            print(f"{count} bản ghi, mỗi bản {size / count / 1000:.1f} kB", file=sys.stderr)
            for name, urls in (("SQLite", _sqlite(made)), ("PostgreSQL", _postgresql())):
                with urls as url:
                    if url is not None:
                        rows += [(count, name, *row) for row in _measure(made / "store", url, count)]
    print(format_table(("bản ghi", "danh mục", "việc", "đã ghi", "giây", "bản ghi/giây", "giây CPU"), rows))
    return 0


def _measure(root: Path, url: str, count: int) -> Iterator[tuple[object, ...]]:
    store, catalogue = FolderStore(root), Catalogue(url, _KEY)
    yield _timed("từ đầu", count, lambda: reindex(store, catalogue))
    yield _timed("không có gì mới", count, lambda: reindex(store, catalogue))
    share = max(2, count // 100)
    # Half of what is new are new revisions, half new records.
    held = catalogue.count_records()
    _write(root, range(held, held + share // 2), revision=1)
    latest = catalogue.record(_record(0, 1).record_id)
    _write(root, range(share // 2), revision=latest.revision + 1 if latest else 1)
    yield _timed("1 % mới", count, lambda: reindex(store, catalogue))
    yield _timed("đọc lại tất cả (--full)", count, lambda: reindex(store, catalogue, full=True))
    people = [_KEY.subject(_identifier(number)) for number in random.Random(1).sample(range(count), _QUESTIONS)]
    yield _asked("tra một người", [partial(catalogue.holdings_of, key) for key in people])
    waiting = RecordState.NEEDS_REVIEW
    middle = catalogue.oldest(waiting, limit=count // 3)[-1]
    for words, paper_type in (("hàng chờ, 50 dòng", None), ("hàng chờ một loại, 50 dòng", _TYPES[2])):
        queue = [
            partial(catalogue.oldest, waiting, paper_type, after)
            for after in (None, middle)
            for _ in range(_QUESTIONS // 2)
        ]
        yield _asked(words, queue)


def _timed(words: str, count: int, work: Callable[[], ReindexReport]) -> tuple[object, ...]:
    started, cpu = time.perf_counter(), time.process_time()
    report = work()
    took, busy = time.perf_counter() - started, time.process_time() - cpu
    if report.damaged:
        raise RuntimeError("the benchmark's own records are damaged")
    return words, report.entered, f"{took:.2f}", f"{count / took:.0f}", f"{busy:.2f}"


def _asked(words: str, questions: Sequence[Callable[[], object]]) -> tuple[object, ...]:
    took = []
    for ask in questions:
        started = time.perf_counter()
        ask()
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    return f"{words}: p50 {took[len(took) // 2]:.2f} ms, p99 {took[-len(took) // 100]:.2f} ms", "", "", "", ""


@contextmanager
def _sqlite(folder: Path) -> Iterator[str | None]:
    yield f"sqlite:///{folder}/catalogue.sqlite"


@contextmanager
def _postgresql() -> Iterator[str | None]:
    try:
        server_programs()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        yield None
        return
    with running_postgres() as server:
        yield server.new_database()


def _write(root: Path, numbers: range, revision: int) -> int:
    """Write records and dossiers as a store holds them, without its durability: what is measured is reading them."""
    size = 0
    for number in numbers:
        record = _record(number, revision)
        data = record.to_json()
        size += len(data)
        _put(root, record_key_of(record), data)
        if number % _PAPERS_OF_A_DOSSIER == 0 and revision == 1:
            dossier = _dossier(number // _PAPERS_OF_A_DOSSIER)
            _put(root, dossier_key_of(dossier), dossier.to_json())
    return size


def _put(root: Path, key: str, data: bytes) -> None:
    path = root / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _record(number: int, revision: int) -> Record:
    dossier, paper = divmod(number, _PAPERS_OF_A_DOSSIER)
    sha256 = _sha256(dossier)
    chance = random.Random(number)
    name = chance.choice(_NAMES)
    born = f"{chance.randrange(1940, 2006)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    return Record(
        record_id=record_id_for(_dossier_id(dossier), sha256, paper + 1),
        revision=revision,
        state=RecordState.NEEDS_REVIEW,
        dossier_id=_dossier_id(dossier),
        paper_type=chance.choice(_TYPES),
        paper_type_version=1,
        type_reasons=("title",),
        source=(SourcePage(file="scan.pdf", page_number=paper + 1, sha256=sha256),),
        subjects=(
            Subject(role="owner", personal_id=_identifier(number // 4), full_name=name, date_of_birth=born),
            Subject(role="mother", full_name=chance.choice(_NAMES)),
        ),
        fields={f"field_{place}": _field(place, f"{name} {place}", paper + 1) for place in range(_FIELDS)},
        metadata={"paper_type": "x", "trust_level": "02", "page_count": 1, "issued_date": "2019-03-02", "scope": None},
        provenance=Provenance(
            readers=(_READER,),
            paper_type_fingerprint="0123456789abcdef",
            software="sohoa 0.1.0",
            created_at=_START + timedelta(seconds=chance.randrange(20_000_000)),
        ),
    )


def _field(place: int, text: str, page_number: int) -> ExtractedField:
    top = 40 * place
    return ExtractedField(
        value=text,
        raw=text.upper(),
        status=FieldStatus.FOUND,
        confidence=0.97,
        accepted=place % 3 > 0,
        decided_by="two-readers" if place % 3 else None,
        evidence=Evidence(
            file="scan.pdf",
            page_number=page_number,
            box=Box(100, top, 700, top + 30),
            reader="tesseract 5.5.4 vie",
            claimed=0.93,
        ),
        reasons=() if place % 3 else ("single-reading",),
        signals=("two-readers", "label-near", "length-usual"),
    )


def _dossier(number: int) -> Dossier:
    sha256, dossier_id = _sha256(number), _dossier_id(number)
    places = [PagePlace(file="scan.pdf", sha256=sha256, page_number=page + 1) for page in range(_PAPERS_OF_A_DOSSIER)]
    return Dossier(
        dossier_id=dossier_id,
        revision=1,
        state=DossierState.COMPLETE,
        scans=(DossierScan(file="scan.pdf", sha256=sha256, page_count=_PAPERS_OF_A_DOSSIER),),
        papers=tuple(
            DossierPaper(
                record_id=record_id_for(dossier_id, sha256, place.page_number), paper_type=_TYPES[0], pages=(place,)
            )
            for place in places
        ),
        created_at=_START,
    )


def _dossier_id(number: int) -> str:
    return f"hs-{number:08}"


def _sha256(number: int) -> str:
    return f"{number:064x}"


def _identifier(number: int) -> str:
    return f"001{number:09}"


if __name__ == "__main__":
    sys.exit(main())
