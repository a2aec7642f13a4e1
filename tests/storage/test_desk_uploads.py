"""Uploads on the desk, in SQLite and PostgreSQL: one name once, limits, sending off, and races between all of these."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr.problem import Code, Problem, SohoaError
from storage.batch import BatchState
from storage.batches import new_batch_id
from storage.database import Database
from storage.desk.batches import Batches
from storage.desk.parts import Parts
from storage.desk.progress import Progress, ProgressKind, ProgressLog
from storage.desk.upload import Limits, UploadKind, UploadState, new_upload_id
from storage.desk.uploads import Coming, Uploads

LIMITS = Limits(files=50, size_bytes=1_000_000)
SHA = "a" * 64


@pytest.fixture
def batch_id(desk: Database) -> str:
    return Batches(desk).open(new_batch_id(), "lan", "H05.12").batch_id


def coming(batch_id: str, file: str = "a.pdf", dossier_id: str = "hs-1", **changes: object) -> Coming:
    values = {"upload_id": new_upload_id(), "account": "lan", "kind": UploadKind.SCAN, "size_bytes": 100, **changes}
    return Coming(batch_id=batch_id, dossier_id=dossier_id, file=file, **values)  # type: ignore[arg-type]


def at_once(work: Callable[[int], object], count: int = 6) -> list[object]:
    """What each of several threads got, errors as their codes."""
    answers: list[object] = []
    begin = threading.Barrier(count)

    def one(nth: int) -> None:
        begin.wait()
        try:
            answers.append(work(nth))
        except SohoaError as error:
            answers.append(error.code)

    threads = [threading.Thread(target=one, args=(nth,)) for nth in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_an_upload_from_its_beginning_to_its_end(desk: Database, batch_id: str) -> None:
    uploads = Uploads(desk)
    begun = uploads.begin(coming(batch_id, "Giấy.pdf", "Nguyễn Văn Thử"), LIMITS)
    assert uploads.find(begun.upload_id) == begun
    assert (begun.state, begun.offset_bytes, begun.is_whole) == (UploadState.OPEN, 0, False)
    assert uploads.advance(begun.upload_id, 40)
    assert begun.upload_id in uploads.open_ids()
    assert uploads.finish(begun.upload_id, SHA)
    stored = uploads.of_batch(batch_id)[0]
    assert (stored.state, stored.sha256, stored.offset_bytes) == (UploadState.STORED, SHA, 100)
    assert not uploads.advance(begun.upload_id, 10) and not uploads.fail(begun.upload_id, Problem(code=Code.SCAN_EMPTY))
    assert uploads.unchecked() == [stored]
    assert uploads.remove(begun.upload_id) and not uploads.remove(begun.upload_id)
    assert uploads.find("u' or 1=1") is None


def test_one_name_is_taken_once_however_many_ask(desk: Database, batch_id: str) -> None:
    uploads = Uploads(desk)
    answers = at_once(lambda nth: uploads.begin(coming(batch_id, size_bytes=100 + nth), LIMITS).upload_id)
    assert answers.count(Code.FILE_NAME_TAKEN) == len(answers) - 1
    assert len(uploads.of_batch(batch_id)) == 1


def test_the_limits_hold_however_many_ask(desk: Database, batch_id: str) -> None:
    uploads, few = Uploads(desk), Limits(files=3, size_bytes=1_000_000)
    answers = at_once(lambda nth: uploads.begin(coming(batch_id, f"{nth}.pdf"), few).upload_id)
    assert answers.count(Code.UPLOAD_TOO_LARGE) == 3
    with pytest.raises(SohoaError, match="upload_too_large"):
        uploads.begin(coming(batch_id, "groß.pdf", size_bytes=LIMITS.size_bytes), LIMITS)


def test_nothing_comes_while_a_batch_is_sent_off(desk: Database, batch_id: str) -> None:
    uploads = Uploads(desk)
    first = uploads.add_stored(coming(batch_id, sha256=SHA), LIMITS)
    seen: list[list[str]] = []

    def work(nth: int) -> object:
        if nth == 0:
            with uploads.sending_off(batch_id) as (_, files):
                seen.append([upload.upload_id for upload in files])
                return "sent"
        return uploads.begin(coming(batch_id, f"{nth}.pdf"), LIMITS).upload_id

    answers = at_once(work)
    came = {upload.upload_id for upload in uploads.of_batch(batch_id)}
    # What came before was seen, what came after was refused.
    assert answers.count("sent") == 1
    assert came == {first.upload_id, *seen[0]} == set(seen[0])
    row = Batches(desk).find(batch_id)
    assert row is not None and row.state is BatchState.WAITING and row.submitted_at is not None


def test_a_batch_whose_storing_fails_stays_open(desk: Database, batch_id: str) -> None:
    uploads = Uploads(desk)
    with pytest.raises(SohoaError, match="store_full"), uploads.sending_off(batch_id):
        raise SohoaError(Code.STORE_FULL)
    row = Batches(desk).find(batch_id)
    assert row is not None and row.state is BatchState.OPEN
    for gone in (new_batch_id(), "b"):
        with pytest.raises(SohoaError, match="batch_unknown"), uploads.sending_off(gone):
            pass


def test_scans_are_found_for_those_who_may_know(desk: Database, batch_id: str) -> None:
    uploads, batches = Uploads(desk), Batches(desk)
    uploads.add_stored(coming(batch_id, sha256=SHA), LIMITS)
    other = batches.open(new_batch_id(), "mai", None).batch_id
    uploads.add_stored(coming(other, sha256=SHA, account="mai"), LIMITS)
    uploads.begin(coming(batch_id, "b.pdf", sha256="b" * 64), LIMITS)
    scans = [SHA, "b" * 64, *(f"{number:064x}" for number in range(1_200))]

    def found(agency: str | None, account: str) -> set[str]:
        return {batch.batch_id for _, batch in uploads.with_scans(scans, agency, account)}

    assert found(None, "hoa") == {batch_id, other}
    assert found("H05.12", "hoa") == found("H05", "hoa") == {batch_id}
    assert found("H05.13", "hoa") == found("H05.1", "hoa") == set()
    assert found("H05.13", "mai") == {other}


def test_dossiers_under_way_elsewhere(desk: Database, batch_id: str) -> None:
    uploads, batches = Uploads(desk), Batches(desk)
    uploads.add_stored(coming(batch_id, dossier_id="Nguyễn Văn Thử", sha256=SHA), LIMITS)
    other = batches.open(new_batch_id(), "lan", None).batch_id
    asked = ["Nguyễn Văn Thử", "hs-2"]
    assert uploads.under_way(other, asked) == frozenset()
    assert batches.submit(batch_id)
    assert uploads.under_way(other, asked) == {"Nguyễn Văn Thử"}
    assert uploads.under_way(batch_id, asked) == frozenset()
    assert batches.finish(batch_id, BatchState.DONE)
    assert uploads.under_way(other, asked) == frozenset()


def test_events_appear_in_the_order_of_their_numbers(desk: Database, batch_id: str) -> None:
    log, seen, done = ProgressLog(desk), [], threading.Event()

    def follow() -> None:
        seq = 0
        while not done.is_set() or log.newest() > seq:
            for number, _, _ in log.of_all_since(seq):
                assert number > seq
                seq = number
                seen.append(number)

    follower = threading.Thread(target=follow)
    follower.start()
    at_once(lambda _: [log.tell(batch_id, Progress(kind=ProgressKind.PAGE)) for _ in range(20)], 5)
    done.set()
    follower.join()
    assert seen == [number for number, _ in log.since(batch_id)]
    assert len(seen) == 100
    log.forget(batch_id)
    log.tell(batch_id, Progress(kind=ProgressKind.PAGE))
    assert log.since(batch_id)[0][0] > seen[-1]  # no number is given twice


def test_a_part_has_one_holder(tmp_path: Path) -> None:
    parts, upload_id = Parts(tmp_path), new_upload_id()
    assert parts.size_bytes(upload_id) == 0
    parts.remove(upload_id)
    with parts.holding(upload_id) as part:
        part.write(b"abc")
        part.sync()
        with pytest.raises(SohoaError, match="upload_busy"), parts.holding(upload_id):
            pass
        part.cut(1)
        part.write(b"xy")
    assert parts.path(upload_id).read_bytes() == b"axy"
    with parts.holding(upload_id):
        parts.remove(upload_id)
        # Who came meanwhile has the name of another file.
        with parts.holding(upload_id) as other:
            other.write(b"new")
    assert parts.path(upload_id).read_bytes() == b"new"
    assert parts.remove_strays(frozenset({upload_id}), -1.0) == 0
    assert parts.remove_strays(frozenset(), 3600.0) == 0
    assert parts.remove_strays(frozenset(), -1.0) == 1
    assert Parts(tmp_path / "nothing").remove_strays(frozenset(), 0.0) == 0


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("in the way")
    with pytest.raises(SohoaError, match="store_unwritable"), Parts(tmp_path).holding(new_upload_id()):
        pass
