"""What changed since it was first seen is found, over a folder and a server; a pass may be stopped and goes on."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr.problem import Code, Problem, SohoaError
from storage.calibrations import save_calibration
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.integrity.kinds import KINDS, kind_of
from storage.integrity.ledger import Ledger
from storage.integrity.looking import in_order
from storage.integrity.pace import Pace
from storage.keys import calibration_key, page_key, record_key, scan_key
from storage.objects import ObjectStore
from storage.rights.cases import new_case_id
from storage.rights.erasure import ErasedObject, Erasure, Ground, Readmission, erasures_in
from storage.verify import verify
from tests.storage.whole_store import (
    NOON,
    RECIPE,
    add_dossier,
    checked,
    content_of,
    fill,
    record_id_of,
    sha_of,
)

RECORD = record_key(record_id_of(1), 1)
PAGE = page_key(sha_of(1), 1, RECIPE)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "verify" / "ledger.sqlite"


@pytest.fixture(params=["folder", "minio"])
def store(request: pytest.FixtureRequest, root: Path) -> ObjectStore:
    return FolderStore(root) if request.param == "folder" else request.getfixturevalue("minio_server").new_store()


@pytest.fixture
def whole(store: ObjectStore, catalogue: Catalogue, tmp_path: Path) -> ObjectStore:
    fill(store, catalogue, tmp_path / "spool")
    return store


def found(problems: tuple[Problem, ...]) -> list[tuple[Code, str]]:
    return [(problem.code, problem.detail.split(":")[0]) for problem in problems]


def flip_digit(store: ObjectStore, key: str) -> None:
    """Change one digit inside a value: what results is a record as good as any."""
    data = store.get(key)
    changed = re.sub(rb'("value":")12(")', rb"\g<1>13\2", data)
    assert changed != data
    store.put(key, changed)


def test_a_store_with_something_of_every_kind_is_intact(whole: ObjectStore, catalogue: Catalogue, ledger: Path) -> None:
    assert {kind_of(key) for key in content_of(whole)} == set(KINDS)
    first, second = (checked(whole, catalogue, ledger) for _ in range(2))

    assert (first.findings, second.findings) == ((), ())
    assert first.objects == second.objects == len(content_of(whole))
    assert (first.first_seen, second.first_seen) == (first.objects, 0)
    assert {count.kind for count in first.kinds} == {kind.name for kind in KINDS}
    assert sum(count.size_bytes for count in first.kinds) == sum(map(len, content_of(whole).values()))


def test_a_changed_digit_in_a_record_is_found_by_the_second_pass(
    whole: ObjectStore, catalogue: Catalogue, ledger: Path
) -> None:
    before = whole.get(RECORD)
    checked(whole, catalogue, ledger)
    flip_digit(whole, RECORD)
    for _ in range(2):  # and stays found
        assert found(checked(whole, catalogue, ledger).damage) == [(Code.OBJECT_DAMAGED, RECORD)]
    whole.put(RECORD, before)
    assert checked(whole, catalogue, ledger).findings == ()


def test_a_record_changed_before_it_was_first_seen_is_not_found(
    whole: ObjectStore, catalogue: Catalogue, ledger: Path
) -> None:
    flip_digit(whole, RECORD)
    report = checked(whole, catalogue, ledger)
    assert report.is_intact
    assert report.first_seen == report.objects


def test_what_nothing_refers_to_is_missed_when_it_is_gone(
    catalogue: Catalogue, ledger: Path, root: Path, tmp_path: Path
) -> None:
    store = FolderStore(root)
    fill(store, catalogue, tmp_path / "spool")
    checked(store, catalogue, ledger)
    (piece,) = store.list("audit/")
    for key in (piece, calibration_key(1)):
        (root / key).unlink()
    assert found(checked(store, catalogue, ledger).damage) == [
        (Code.OBJECT_MISSING, piece),
        (Code.OBJECT_MISSING, calibration_key(1)),
    ]


def test_the_loss_of_a_records_latest_revision_is_found(catalogue: Catalogue, ledger: Path, root: Path) -> None:
    store = FolderStore(root)
    add_dossier(store, catalogue, 1)
    later = store.get(RECORD).replace(b'"revision":1', b'"revision":2')
    store.create(record_key(record_id_of(1), 2), later)
    checked(store, catalogue, ledger)
    (root / record_key(record_id_of(1), 2)).unlink()
    assert (Code.OBJECT_MISSING, record_key(record_id_of(1), 2)) in found(checked(store, catalogue, ledger).damage)


def test_a_gap_between_revisions_is_found_by_the_first_pass(catalogue: Catalogue, ledger: Path, root: Path) -> None:
    store = FolderStore(root)
    add_dossier(store, catalogue, 1)
    for number in (2, 3):
        revision = store.get(RECORD).replace(b'"revision":1', b'"revision":%d' % number)
        store.create(record_key(record_id_of(1), number), revision)
    (root / record_key(record_id_of(1), 2)).unlink()
    assert found(checked(store, catalogue, ledger).damage) == [(Code.OBJECT_MISSING, record_key(record_id_of(1), 2))]


def test_a_page_that_was_read_again_after_damage_is_no_damage(
    whole: ObjectStore, catalogue: Catalogue, ledger: Path
) -> None:
    text = whole.get(PAGE)
    checked(whole, catalogue, ledger)
    whole.put(PAGE, text[:-1])
    assert not checked(whole, catalogue, ledger).is_intact
    whole.put(PAGE, text.replace(b"0.9", b"0.8"))  # another version of the reader
    assert checked(whole, catalogue, ledger).is_intact
    whole.put(PAGE, text.replace(b"0.9", b"0.7"))  # nothing had been wrong with it
    for _ in range(2):
        assert found(checked(whole, catalogue, ledger).damage) == [(Code.OBJECT_DAMAGED, PAGE)]


def test_what_was_erased_under_a_decision_is_no_damage(whole: ObjectStore, catalogue: Catalogue, ledger: Path) -> None:
    checked(whole, catalogue, ledger)
    gone = [PAGE, scan_key(sha_of(1)), *whole.list(f"readings/{sha_of(1)}/"), *whole.list("previews/")]
    proof = Erasure(
        case_id=new_case_id(),
        subject_key="0" * 64,
        by="can-bo-1",
        ground=Ground.REQUEST,
        decision="7/QĐ",
        started_at=NOON,
        objects=tuple(ErasedObject(key=key, sha256=None, size_bytes=1) for key in gone),
    )
    proof = erasures_in(whole).open(proof)
    content = {key: whole.get(key) for key in gone}
    for key in gone:
        whole.erase(key)
    assert checked(whole, catalogue, ledger).is_intact

    # A scan that may be received again, and was, is as good as any: its loss is one.
    admitted = Readmission(by="can-bo-1", at=NOON, reason="nộp lại")
    erasures_in(whole).follow(proof, readmission=admitted)
    for key in gone:
        whole.put(key, content[key])
    assert checked(whole, catalogue, ledger).is_intact
    whole.erase(scan_key(sha_of(1)))
    assert not checked(whole, catalogue, ledger).is_intact


def test_a_damaged_erasure_does_not_stop_the_check(whole: ObjectStore, catalogue: Catalogue, ledger: Path) -> None:
    (proof,) = whole.list("erasures/")
    whole.put(proof, b"{")
    assert found(checked(whole, catalogue, ledger).damage) == [(Code.OBJECT_DAMAGED, proof)]


@pytest.mark.parametrize("prefix", [kind.prefix for kind in KINDS])
def test_a_cut_object_of_any_kind_is_found_by_the_first_pass(
    catalogue: Catalogue, ledger: Path, root: Path, tmp_path: Path, prefix: str
) -> None:
    store = FolderStore(root)
    fill(store, catalogue, tmp_path / "spool")
    key = next(iter(store.list(prefix)))
    store.put(key, store.get(key)[:-3])
    assert (Code.OBJECT_DAMAGED, key) in found(checked(store, catalogue, ledger).damage)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(data=st.data())
def test_any_change_of_anything_is_found_by_the_second_pass(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any-change")
    store = FolderStore(folder / "store")
    fill(store, catalogue, folder / "spool")
    checked(store, catalogue, folder / "ledger.sqlite")
    key = data.draw(st.sampled_from(sorted(content_of(store))))
    before = store.get(key)
    at = data.draw(st.integers(0, len(before) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    after = data.draw(
        st.sampled_from(
            [before[:at], before[:at] + bytes([before[at] ^ bit]) + before[at + 1 :], before + b" ", b"", b"\0" * at]
        )
    )
    if after == before:
        return
    store.put(key, after)
    assert (Code.OBJECT_DAMAGED, key) in found(checked(store, catalogue, folder / "ledger.sqlite").damage)


class Counting(FolderStore):
    """Counts what is read."""

    reads = 0

    def get(self, key: str) -> bytes:
        Counting.reads += 1
        return super().get(key)


@pytest.mark.parametrize("stop_after", range(1, 17, 3))
def test_a_stopped_pass_goes_on_where_it_was(
    catalogue: Catalogue, ledger: Path, root: Path, tmp_path: Path, stop_after: int
) -> None:
    store = Counting(root)
    fill(store, catalogue, tmp_path / "spool")
    store.put(PAGE, b"{")
    store.put(record_key(record_id_of(2), 1), b"{")
    (root / scan_key(sha_of(2))).unlink()
    whole = verify(store, catalogue)
    seen: list[int] = []
    with Ledger.open(ledger) as opened:
        stopped = verify(
            store, catalogue, lambda done, _: seen.append(done), ledger=opened, is_over=lambda: len(seen) >= stop_after
        )
    assert (stopped.complete, stopped.objects) == (False, stop_after)
    Counting.reads = 0
    with Ledger.open(ledger) as opened:
        resumed = verify(store, catalogue, ledger=opened, resume=True, threads=1)

    assert resumed.complete and resumed.objects == whole.objects
    assert set(resumed.findings) == set(whole.findings)
    assert Counting.reads <= whole.objects - stop_after + 10  # revisions that others refer to are looked up


def test_a_finding_mended_while_the_pass_was_stopped_is_dropped(
    catalogue: Catalogue, ledger: Path, root: Path, tmp_path: Path
) -> None:
    store = FolderStore(root)
    fill(store, catalogue, tmp_path / "spool")
    scan = (root / scan_key(sha_of(1))).read_bytes()
    (root / scan_key(sha_of(1))).unlink()
    seen: list[int] = []
    with Ledger.open(ledger) as opened:
        stopped = verify(
            store, catalogue, lambda done, _: seen.append(done), ledger=opened, is_over=lambda: len(seen) >= 6
        )
    assert not stopped.is_intact
    store.put(scan_key(sha_of(1)), scan)
    with Ledger.open(ledger) as opened:
        assert verify(store, catalogue, ledger=opened, resume=True).is_intact


def test_a_pass_that_was_killed_leaves_a_ledger_that_serves(
    whole: ObjectStore, catalogue: Catalogue, ledger: Path
) -> None:
    class Killed(BaseException):
        pass

    def die(done: int, _: int) -> None:
        if done == 7:
            raise Killed

    with pytest.raises(Killed), Ledger.open(ledger) as opened:
        verify(whole, catalogue, die, ledger=opened)
    with Ledger.open(ledger) as opened:
        report = verify(whole, catalogue, ledger=opened, resume=True)
    assert (report.findings, report.objects) == ((), len(content_of(whole)))


def test_two_passes_at_once_are_refused(ledger: Path) -> None:
    with Ledger.open(ledger), pytest.raises(SohoaError, match="under way") as refused, Ledger.open(ledger):
        pass
    assert refused.value.problem.retryable


def test_a_ledger_that_is_none_is_said(ledger: Path) -> None:
    ledger.parent.mkdir()
    ledger.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(SohoaError) as refused, Ledger.open(ledger):
        pass
    assert (refused.value.code, refused.value.problem.detail) == (
        Code.STORE_UNWRITABLE,
        "ledger: file is not a database",
    )


def test_a_new_calibration_between_passes_is_news_not_damage(
    whole: ObjectStore, catalogue: Catalogue, ledger: Path
) -> None:
    from extractors.calibration.model import shipped_calibration  # noqa: PLC0415

    checked(whole, catalogue, ledger)
    save_calibration(whole, shipped_calibration())
    report = checked(whole, catalogue, ledger)
    assert (report.findings, report.first_seen) == ((), 1)


def test_a_pace_lets_bytes_through_at_its_rate() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(100.0, clock=lambda: now[0], sleep=sleep)
    for _ in range(10):
        pace.take(50)
    assert sum(slept) == pytest.approx(4.5)  # the last one is paid for by the next
    now[0] += 100.0  # what was not used is not saved up
    for _ in range(3):
        pace.take(50)
    assert sum(slept) == pytest.approx(5.5)
    Pace(None, sleep=sleep).take(10**12)
    assert sum(slept) == pytest.approx(5.5)


@pytest.mark.parametrize("rate", [0, -1.0, float("nan")])
def test_a_pace_is_more_than_nothing(rate: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        Pace(rate)


def test_work_side_by_side_comes_in_order_and_takes_little_in_advance() -> None:
    taken: list[int] = []

    def items():
        for number in range(1000):
            taken.append(number)
            yield number

    results = in_order(lambda number: number * 2, items(), threads=2)
    assert [next(results) for _ in range(5)] == [0, 2, 4, 6, 8]
    assert len(taken) < 20
    results.close()
