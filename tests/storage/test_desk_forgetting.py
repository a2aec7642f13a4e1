"""An erasure reaches the desk: names of files, drafts, what was keyed, partial files. All persons are invented."""

from pathlib import Path

from sqlalchemy import insert, select

from commands.subject_erase import _forget
from storage.batch import BatchState
from storage.batches import new_batch_id
from storage.database import Database
from storage.desk import tables
from storage.desk.batches import Batches
from storage.desk.database import existing_desk
from storage.desk.forgetting import Gone, forget
from storage.desk.parts import Parts
from storage.desk.progress import Progress, ProgressKind, ProgressLog
from storage.desk.upload import Limits, UploadKind, new_upload_id
from storage.desk.uploads import Coming, Uploads
from storage.dossier_segment import dossier_segment
from storage.rights.erasure import Erasure, Ground
from storage.settings import Settings
from tests.storage.rights.conftest import CAME

LIMITS = Limits(files=50, size_bytes=1_000_000)
NAME, RECORD, OTHER = "Lê Văn Xóa", f"r{'1' * 24}", f"r{'2' * 24}"
SHA, OTHER_SHA = "a" * 64, "b" * 64
GONE = Gone(records=[RECORD], segments=[dossier_segment(NAME)], scans=[SHA])


def fill(desk: Database, parts: Parts) -> tuple[str, str]:
    """A batch of the person alone, half sent, and one of theirs and somebody else's, digitised."""
    batches, uploads, log = Batches(desk), Uploads(desk), ProgressLog(desk)
    alone, mixed = (batches.open(new_batch_id(), "lan", None, None, "H05.12-240506-0001").batch_id for _ in range(2))
    half = Coming(new_upload_id(), alone, "lan", UploadKind.SCAN, NAME, "Xoa-1999.pdf", 100)
    uploads.begin(half, LIMITS)
    with parts.holding(half.upload_id) as part:
        part.write("Lê Văn Xóa".encode())
    for dossier_id, file, sha256 in (
        (NAME, "Xoa-1999.pdf", SHA),
        ("hs-1", "chung.pdf", SHA),
        ("hs-1", "chi.pdf", OTHER_SHA),
    ):
        uploads.add_stored(Coming(new_upload_id(), mixed, "lan", UploadKind.SCAN, dossier_id, file, 9, sha256), LIMITS)
        log.tell(mixed, Progress(kind=ProgressKind.CHECKED, dossier_id=dossier_id, file=file, sha256=sha256))
        log.tell(mixed, Progress(kind=ProgressKind.PAGE, dossier_id=dossier_id))
    log.tell(mixed, Progress(kind=ProgressKind.DONE))
    batches.submit(mixed)
    batches.finish(mixed, BatchState.DONE)
    with desk.writing() as connection:
        for record_id in (RECORD, OTHER):
            common = {"record_id": record_id, "account": "hoa"}
            draft = {**common, "revision": 1, "content": f"{NAME} {record_id}", "changed_at": "x"}
            connection.execute(insert(tables.drafts).values(draft))
            keying = {**common, "field": "full_name", "ordinal": 1, "value": NAME, "at": "x", "closed": 0}
            connection.execute(insert(tables.keyings).values(keying))
            lease = {**common, "token": "t", "since": "x", "until": "x"}
            connection.execute(insert(tables.leases).values(lease))
            body = f'{{"held": [{{"record_id": "{record_id}", "name": "{NAME}"}}]}}'.encode()
            answer = {"caller": "lan", "key": record_id, "request_hash": SHA, "status": 200, "body": body, "at": "x"}
            connection.execute(insert(tables.idempotency).values(answer))
    return alone, mixed


def rows(desk: Database, *names: str) -> str:
    with desk.asking() as connection:
        return repr([connection.execute(select(tables.metadata.tables[name])).all() for name in names])


def test_nothing_of_the_person_is_left_and_all_of_others(desk: Database, tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    alone, mixed = fill(desk, parts)
    for _ in range(2):  # again, because who erased was killed: nothing more
        forget(desk, parts, GONE)
        left = rows(desk, "uploads", "batch_progress", "leases")
        assert all(trace not in left for trace in (NAME, "Xoa-1999", "chung.pdf", SHA, RECORD, dossier_segment(NAME)))
        assert "chi.pdf" in left and OTHER in left
        kept = rows(desk, "drafts", "keyings")
        assert RECORD not in kept and kept.count(OTHER) == 3
        assert repr(RECORD) not in rows(desk, "idempotency") and OTHER in rows(desk, "idempotency")
        assert list(parts.folder.iterdir()) == []
        kinds = [(event.kind, event.dossier_id) for _, event in ProgressLog(desk).since(mixed)]
        assert kinds.count((ProgressKind.PAGE, "hs-1")) == 2 and (ProgressKind.DONE, None) in kinds
        codes = [row.dossier_code for row in map(Batches(desk).find, (alone, mixed)) if row is not None]
        assert codes == [None, "H05.12-240506-0001"]


def test_a_desk_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "home", {}, {})
    (tmp_path / "home").mkdir()
    proof = Erasure(
        case_id="0" * 24, subject_key="0" * 64, by="lan", ground=Ground.REQUEST, decision="7/QĐ", started_at=CAME,
        records=(RECORD,), dossiers=(dossier_segment(NAME),),
    )  # fmt: skip
    _forget(settings, proof)
    assert list((tmp_path / "home").iterdir()) == []
    assert existing_desk(settings.desk) is None
    (tmp_path / "home" / "desk.sqlite").touch()
    assert existing_desk(settings.desk) is None
    parts = Parts(settings.home)
    fill(settings.open_desk(), parts)
    _forget(settings, proof)
    desk = existing_desk(settings.desk)
    assert desk is not None and "Xoa-1999" not in rows(desk, "uploads")
    assert list(parts.folder.iterdir()) == []


def test_who_tells_late_of_a_file_that_is_gone_keeps_nothing(desk: Database, tmp_path: Path) -> None:
    alone, _ = fill(desk, Parts(tmp_path))
    log, (upload,) = ProgressLog(desk), Uploads(desk).of_batch(alone)
    late = Progress(kind=ProgressKind.CHECKED, dossier_id=NAME, file=upload.file, sha256=SHA)
    assert log.tell(alone, late, upload.upload_id) and len(log.since(alone)) == 1
    forget(desk, Parts(tmp_path), GONE)
    assert not log.tell(alone, late, upload.upload_id)
    assert log.since(alone) == []
