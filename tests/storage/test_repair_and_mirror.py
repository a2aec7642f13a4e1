"""A second store: everything is copied to it, intact and once; what is lost or damaged comes back from it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.record import Record
from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.integrity.ledger import Ledger
from storage.integrity.names import QUARANTINE_PREFIX, quarantined
from storage.keys import dossier_key, page_key, record_key, scan_key
from storage.mirror import MirrorReport, mirror
from storage.objects import ObjectStore
from storage.records import load_record
from storage.repair import RepairReport, repair
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
    scan_of,
    sha_of,
)

RECORD = record_key(record_id_of(1), 1)
PAGE = page_key(sha_of(1), 1, RECIPE)
SCAN = scan_key(sha_of(1))
DOSSIER = dossier_key("hs-001", 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "verify" / "ledger.sqlite"


@pytest.fixture(params=["folder", "minio"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], ObjectStore]:
    """Makes stores of one sort."""

    def make(name: str) -> ObjectStore:
        if request.param == "folder":
            return FolderStore(tmp_path / name)
        return request.getfixturevalue("minio_server").new_store()

    return make


@pytest.fixture
def pair(either: Callable[[str], ObjectStore], catalogue: Catalogue, tmp_path: Path) -> tuple[ObjectStore, ObjectStore]:
    """A filled store and its copy."""
    store, copy = either("one"), either("two")
    fill(store, catalogue, tmp_path / "spool")
    assert mirrored(store, copy).damage == []
    return store, copy


def mirrored(store: ObjectStore, copy: ObjectStore, ledger: Path | None = None, **options: bool) -> MirrorReport:
    with Ledger.reading(ledger or Path("no such file")) as opened:
        return mirror(store, copy, opened, **options)


def mended(store: ObjectStore, second: ObjectStore | None, catalogue: Catalogue, ledger: Path) -> RepairReport:
    with Ledger.open(ledger) as opened:
        report = verify(store, catalogue, ledger=opened)
        return repair(store, second, catalogue, report.findings, opened)


def erase(store: ObjectStore, *keys: str) -> Erasure:
    """Erase objects under a decision, as `storage.rights` does."""
    proof = Erasure(
        case_id=new_case_id(),
        subject_key="0" * 64,
        by="can-bo-1",
        ground=Ground.REQUEST,
        decision="7/QĐ",
        started_at=NOON,
        objects=tuple(ErasedObject(key=key, sha256=None, size_bytes=1) for key in keys),
    )
    stored = erasures_in(store).open(proof)
    for key in keys:
        store.erase(key)
    return stored


# --- mirror ------------------------------------------------------------------------------------------------------


def test_everything_is_copied_once_and_then_only_what_is_new(
    pair: tuple[ObjectStore, ObjectStore], catalogue: Catalogue
) -> None:
    store, copy = pair
    assert content_of(copy) == content_of(store)
    count = len(content_of(store))
    again = mirrored(store, copy)
    assert (again.copied, again.held, again.only_there) == (0, count, 0)

    add_dossier(store, catalogue, 3)
    added = mirrored(store, copy)
    assert (added.copied, added.held) == (4, count)
    assert added.copied_bytes == sum(map(len, content_of(store).values())) - sum(
        len(data) for key, data in content_of(store).items() if "hs-003" not in key and sha_of(3)[2:] not in key
        and record_id_of(3) not in key and sha_of(3) not in key
    )  # fmt: skip
    assert content_of(copy) == content_of(store)


def test_damaged_objects_are_not_copied(either: Callable[[str], ObjectStore], catalogue: Catalogue) -> None:
    store, copy = either("one"), either("two")
    add_dossier(store, catalogue, 1)
    store.put(SCAN, b"scam")
    store.put(RECORD, b"{")
    report = mirrored(store, copy)
    assert sorted(problem.detail.split(":")[0] for problem in report.damage) == sorted([SCAN, RECORD])
    assert set(content_of(copy)) == {PAGE, DOSSIER}


def test_what_changed_since_it_was_first_seen_is_not_copied(catalogue: Catalogue, tmp_path: Path, ledger: Path) -> None:
    store, copy = FolderStore(tmp_path / "one"), FolderStore(tmp_path / "two")
    add_dossier(store, catalogue, 1)
    checked(store, catalogue, ledger)
    store.put(RECORD, store.get(RECORD).replace(b'"12"', b'"13"'))
    assert [problem.detail.split(":")[0] for problem in mirrored(store, copy, ledger).damage] == [RECORD]
    assert not copy.exists(RECORD)


def test_existing_copies_are_left_alone_unless_checked(
    pair: tuple[ObjectStore, ObjectStore], catalogue: Catalogue, ledger: Path
) -> None:
    store, copy = pair
    copy.put(SCAN, b"scam")
    copy.put(PAGE, b"{")
    copy.put(RECORD, copy.get(RECORD).replace(b'"12"', b'"13"'))
    assert mirrored(store, copy).copied == 0
    assert copy.get(SCAN) == b"scam"

    report = mirrored(store, copy, check_held=True)
    assert report.replaced == 2
    # Nobody knows which of the two is right: neither is touched.
    assert [problem.detail for problem in report.damage] == [
        f"{RECORD}: is intact by itself in both stores, but not the same"
    ]
    assert (copy.get(SCAN), copy.get(PAGE)) == (store.get(SCAN), store.get(PAGE))
    assert [copy.get(key) for key in quarantined(copy, SCAN)] == [b"scam"]

    checked(store, catalogue, ledger)  # from now on the store's ledger knows
    assert mirrored(store, copy, ledger, check_held=True).replaced == 1
    assert content_of(copy) == content_of(store)


def test_what_the_copy_alone_holds_is_told_and_stays(pair: tuple[ObjectStore, ObjectStore]) -> None:
    store, copy = pair
    store.erase(SCAN)  # without a decision: as if it were lost
    report = mirrored(store, copy)
    assert (report.only_there, report.erased) == (1, 0)
    assert copy.exists(SCAN)


def test_what_was_erased_under_a_decision_is_erased_in_the_copy(pair: tuple[ObjectStore, ObjectStore]) -> None:
    store, copy = pair
    copy.put(SCAN, b"scam")
    mirrored(store, copy, check_held=True)  # leaves damaged bytes aside, which are of the person as well
    proof = erase(store, SCAN, PAGE)

    kept = mirrored(store, copy, apply_erasures=False)
    assert (kept.erased, kept.only_there, copy.exists(SCAN)) == (0, 2, True)
    done = mirrored(store, copy)
    assert (done.erased, done.only_there) == (3, 0)
    assert not [key for key in copy.list("") if (sha_of(1)[2:] in key and key.endswith(("json", sha_of(1)[2:]))
                and key.startswith(("scans", QUARANTINE_PREFIX))) or key == PAGE]  # fmt: skip
    assert copy.exists(erasures_in(copy).key_of(proof))


def test_a_readmitted_scan_is_not_erased_in_the_copy(pair: tuple[ObjectStore, ObjectStore]) -> None:
    store, copy = pair
    proof = erase(store, SCAN)
    erasures_in(store).follow(proof, readmission=Readmission(by="can-bo-1", at=NOON, reason="nộp lại"))
    assert mirrored(store, copy).erased == 0
    assert copy.exists(SCAN)

    # Where the revision that may say so cannot be read, nothing is erased either.
    key = f"erasures/{proof.case_id}/r2.json"
    store.put(key, b"{")
    copy.erase(key)
    report = mirrored(store, copy)
    assert (report.erased, copy.exists(SCAN)) == (0, True)


# --- repair ------------------------------------------------------------------------------------------------------


def test_what_is_damaged_or_missing_comes_back(
    pair: tuple[ObjectStore, ObjectStore], catalogue: Catalogue, ledger: Path
) -> None:
    store, copy = pair
    before = content_of(store)
    checked(store, catalogue, ledger)
    store.put(SCAN, b"scam")
    changed = store.get(RECORD).replace(b'"12"', b'"13"')
    store.put(RECORD, changed)
    store.put(DOSSIER, b"{")
    store.erase(PAGE)
    report = mended(store, copy, catalogue, ledger)

    assert sorted(report.repaired) == sorted([SCAN, RECORD, DOSSIER, PAGE])
    assert (report.impossible, report.left, report.reindexed) == ((), (), 2)
    assert content_of(store) == before
    # Damaged bytes are kept: they may be all there is to find out what happened.
    aside = {key: store.get(key) for key in store.list(QUARANTINE_PREFIX)}
    assert sorted(aside.values()) == sorted([b"scam", changed, b"{"])
    assert checked(store, catalogue, ledger).findings == ()
    assert content_of(copy) == before and not any(copy.list(QUARANTINE_PREFIX))


def test_whatever_a_lost_object_needs_comes_back_with_it(
    either: Callable[[str], ObjectStore], catalogue: Catalogue, ledger: Path, tmp_path: Path
) -> None:
    store, copy = either("one"), either("two")
    add_dossier(store, None, 1)
    mirrored(store, copy)
    for key in (SCAN, RECORD, PAGE):
        store.erase(key)
    report = mended(store, copy, catalogue, ledger)
    assert set(report.repaired) == {SCAN, RECORD}  # nobody knows yet that there was a page text: it is read again
    assert catalogue.record(record_id_of(1)) is not None
    assert report.left == ()


def test_without_an_intact_copy_it_stays_listed(
    pair: tuple[ObjectStore, ObjectStore], catalogue: Catalogue, ledger: Path
) -> None:
    store, copy = pair
    checked(store, catalogue, ledger)
    changed = store.get(RECORD).replace(b'"12"', b'"13"')
    for each in (store, copy):  # the copy was altered as well: it parses, and is not what was first seen
        each.put(RECORD, changed)
    copy.put(SCAN, b"scam")
    for key in (SCAN, PAGE):
        store.erase(key)
    copy.erase(PAGE)
    report = mended(store, copy, catalogue, ledger)

    assert report.repaired == ()
    assert {problem.code for problem in report.impossible} == {Code.REPAIR_IMPOSSIBLE}
    assert sorted(problem.detail for problem in report.impossible) == sorted(
        [
            f"{RECORD}: the copy in the second store is not intact either",
            f"{SCAN}: the copy in the second store is not intact either",
            f"{PAGE}: the second store does not hold it",
        ]
    )
    assert store.get(RECORD) == changed and not store.exists(SCAN)
    assert not any(store.list(QUARANTINE_PREFIX))


def test_without_a_second_store_damage_is_told_and_nothing_written(
    pair: tuple[ObjectStore, ObjectStore], catalogue: Catalogue, ledger: Path
) -> None:
    store, _ = pair
    store.put(SCAN, b"scam")
    report = mended(store, None, catalogue, ledger)
    assert [problem.detail for problem in report.impossible] == [
        f"{SCAN}: there is no second store: set SOHOA_SECOND_STORE"
    ]
    assert store.get(SCAN) == b"scam"


def test_what_was_erased_never_comes_back(
    pair: tuple[ObjectStore, ObjectStore], catalogue: Catalogue, ledger: Path
) -> None:
    store, copy = pair
    checked(store, catalogue, ledger)
    store.erase(RECORD)  # lost, and its scan erased under a decision
    erase(store, SCAN, PAGE, *store.list("previews/"), *store.list("readings/"))
    report = mended(store, copy, catalogue, ledger)
    assert report.repaired == (RECORD,)
    assert not store.exists(SCAN) and not store.exists(PAGE)


def test_an_object_that_is_whole_is_never_replaced(
    pair: tuple[ObjectStore, ObjectStore], catalogue: Catalogue, ledger: Path
) -> None:
    store, copy = pair
    store.put(SCAN, b"scam")
    with Ledger.open(ledger) as opened:
        findings = verify(store, catalogue, ledger=opened).findings
        store.put(SCAN, scan_of(1))  # received again by a clerk meanwhile
        copy.put(SCAN, b"scam")
        report = repair(store, copy, catalogue, findings, opened)
    assert (report.repaired, report.left) == ((), ())
    assert store.get(SCAN) == scan_of(1)


def test_a_store_that_lies_about_writing_is_found_out(catalogue: Catalogue, ledger: Path, tmp_path: Path) -> None:
    class Forgetful(FolderStore):
        def put(self, key: str, data: bytes) -> None:
            super().put(key, data[:-1] if forgets else data)

    forgets = False
    store, copy = Forgetful(tmp_path / "one"), FolderStore(tmp_path / "two")
    add_dossier(store, catalogue, 1)
    mirrored(store, copy)
    store.put(RECORD, b"{")
    forgets = True
    with pytest.raises(SohoaError, match="does not read back as written"):
        mended(store, copy, catalogue, ledger)


@pytest.mark.parametrize("side", ["old", "new"])
def test_a_link_that_one_record_alone_tells_is_completed(
    either: Callable[[str], ObjectStore],
    catalogue: Catalogue,
    ledger: Path,
    make_record: Callable[..., Record],
    side: str,
) -> None:
    from extractors.record import Decision, DecisionKind, RecordState  # noqa: PLC0415

    store = either("one")
    add_dossier(store, catalogue, 1)
    add_dossier(store, catalogue, 2)
    old, new = (load_record(store, record_id_of(number)) for number in (1, 2))
    decision = Decision(kind=DecisionKind.SUPERSEDE, by="can-bo-1", at=NOON, reason="cấp lại")
    changes = (
        {"state": RecordState.SUPERSEDED, "superseded_by": new.record_id}
        if side == "old"
        else {"supersedes": (old.record_id,)}
    )
    told = (old if side == "old" else new).model_copy(update={"revision": 2, "decision": decision, **changes})
    store.create(record_key(told.record_id, 2), told.to_json())
    catalogue.project_record(told)
    found = checked(store, catalogue, ledger)
    assert [finding.code for finding in found.findings] == [Code.LINK_UNFINISHED]
    assert found.is_intact

    report = mended(store, None, catalogue, ledger)
    if side == "new":  # no crash leaves this: the revision of the old record that decided was lost
        assert (report.links, [problem.code for problem in report.impossible]) == (0, [Code.REPAIR_IMPOSSIBLE])
        return
    assert report.links == 1
    assert load_record(store, new.record_id).supersedes == (old.record_id,)
    assert checked(store, catalogue, ledger).findings == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(data=st.data())
def test_whatever_is_damaged_or_lost_the_store_becomes_what_it_was(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any-damage")
    store, copy = FolderStore(folder / "one"), FolderStore(folder / "two")
    fill(store, catalogue, folder / "spool")
    before = content_of(store)
    ledger = folder / "ledger.sqlite"
    checked(store, catalogue, ledger)
    mirrored(store, copy, ledger)
    keys = st.lists(st.sampled_from(sorted(before)), unique=True)
    damage = st.sampled_from([None, b"", b"{}", b"{", b"\0" * 9])
    for key in data.draw(keys):
        content = data.draw(damage)
        if content is None:
            (folder / "one" / key).unlink()
        else:
            store.put(key, content)
    report = mended(store, copy, catalogue, ledger)
    assert (report.left, report.impossible) == ((), ())
    assert content_of(store) == before
    assert checked(store, catalogue, ledger).damage == ()
