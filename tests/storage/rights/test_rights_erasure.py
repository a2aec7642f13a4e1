"""Erasing: everything of the person goes, nothing of anybody else, and the proof stays. Over a folder and a server."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from extractors.record import DecisionKind, RecordState
from ocr.image import PageImage
from ocr.problem import Code, SohoaError
from storage.batch import BatchDossier, BatchFile, BatchState
from storage.batches import batch_key_of, load_batch, save_batch
from storage.dossier import DossierState
from storage.dossier_segment import dossier_segment
from storage.dossiers import load_dossier, load_dossier_by_segment
from storage.erased import erased_keys
from storage.keys import batch_prefix, page_key, preview_key, scan_key, segment_prefix
from storage.objects import ObjectStore
from storage.previews import keep_preview
from storage.records import history
from storage.reindex import reindex
from storage.rights.erased import erasures, refuse_erased_scan, returned_keys, unfinished
from storage.rights.erasure import ErasureState, KeptReason, erasures_in
from storage.s3.layout import Bucket
from storage.verify import verify
from tests.storage.rights.conftest import BINH, KEY, RECIPE, TRACES, XOA, Town, everything, person, traces_in

XOA_ALONE = "Lê Văn Xóa/Xoa-1999.pdf/1"
XOA_BESIDE, BINH_BESIDE = "hs-002/chung.pdf/1", "hs-002/chung.pdf/3"
XOA_OWN_FILE = "hs-002/rieng-Xoa-1999.pdf/1"
MARRIAGE = "hs-003/ket-hon.pdf/1"


@pytest.fixture(params=["folder", "minio"])
def store_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_nothing_of_the_person_is_left(town: Town, catalogue_bytes: Callable[[], bytes]) -> None:
    marriage = town.id_of(MARRIAGE)
    others = {key: data for key, data in everything(town.store).items() if not traces_in({key: data})}
    proof = town.erase(marriage)
    after = everything(town.store)
    assert traces_in(after) == []
    dumped = catalogue_bytes()
    assert not any(trace in dumped for trace in TRACES)
    assert person(XOA).subject_key.encode() not in dumped
    assert town.catalogue.holdings_of(person(XOA).subject_key) == ()
    gone = {each.key for each in proof.objects}
    assert {key for key in others if key not in gone} <= after.keys()
    assert all(after[key] == data for key, data in others.items() if key not in gone)


def test_papers_of_others_are_as_they_were(town: Town) -> None:
    before = {place: town.load(place) for place in (BINH_BESIDE, "hs-004/chi.pdf/1")}
    town.erase()
    assert {place: town.load(place) for place in before} == before
    shared = town.load(BINH_BESIDE).source[0]
    assert town.store.exists(scan_key(shared.sha256))
    assert town.store.exists(page_key(shared.sha256, 3, RECIPE))
    assert not town.store.exists(page_key(shared.sha256, 1, RECIPE))
    assert not town.store.exists(page_key(shared.sha256, 2, RECIPE))


def test_a_shared_paper_stays_unless_the_decision_names_it(town: Town) -> None:
    proof = town.erase()
    assert town.load(MARRIAGE).state is RecordState.ACCEPTED
    shared = next(kept for kept in proof.kept if kept.record_id == town.id_of(MARRIAGE))
    assert shared.reason is KeptReason.SHARED
    again = town.erase(town.id_of(MARRIAGE))
    assert town.load(MARRIAGE).is_erased
    assert again.records == (town.id_of(MARRIAGE),)


def test_a_scan_with_pages_of_others_stays_and_is_named(town: Town) -> None:
    proof = town.erase()
    key = scan_key(town.load(BINH_BESIDE).source[0].sha256)
    assert (KeptReason.OTHER_PAGES, key) in {(kept.reason, kept.key) for kept in proof.kept}
    assert key not in erased_keys(town.store)
    # Once the others' pages are erased too, nothing keeps it.
    plan = town.plan(subject=BINH)
    town.eraser().erase(plan, "can-bo-1", "13/QĐ-UBND")
    assert not town.store.exists(key)


def test_what_stays_of_a_record_tells_nothing(town: Town) -> None:
    proof = town.erase()
    (grave,) = history(town.store, town.id_of(XOA_ALONE))
    assert grave.revision == 2
    assert grave.state is RecordState.REJECTED
    assert (grave.fields, grave.subjects, grave.source, grave.metadata) == ({}, (), (), {})
    assert grave.decision is not None
    assert (grave.decision.kind, grave.decision.evidence) == (DecisionKind.ERASE, (proof.case_id,))


def test_what_stays_of_dossiers(town: Town) -> None:
    proof = town.erase()
    segment = dossier_segment("Lê Văn Xóa")
    empty = load_dossier_by_segment(town.store, segment)
    assert empty is not None
    assert (empty.state, empty.dossier_id, empty.scans, empty.erasures) == (
        DossierState.ERASED,
        segment,
        (),
        (proof.case_id,),
    )
    assert load_dossier(town.store, "Lê Văn Xóa") == empty
    other = load_dossier(town.store, "hs-002")
    assert other is not None
    assert [paper.record_id for paper in other.papers] == [town.id_of(BINH_BESIDE)]
    assert [scan.file for scan in other.scans] == ["chung.pdf"]
    assert [place.page_number for place in other.erased_pages] == [1, 2]
    assert list(town.store.list(segment_prefix("hs-002"))) == ["dossiers/hs-002/r2.json"]


def test_the_proof_can_be_read_and_names_everything(town: Town) -> None:
    before = everything(town.store)
    proof = town.erase()
    (stored,) = erasures(town.store)
    assert stored == proof
    assert stored.state is ErasureState.FINISHED and stored.finished_at is not None
    first = erasures_in(town.store).read(f"erasures/{proof.case_id}/r1.json")
    assert first.state is ErasureState.STARTED
    after = everything(town.store)
    assert {each.key: (each.sha256, each.size_bytes) for each in proof.objects} == {
        key: (hashlib.sha256(data).hexdigest(), len(data)) for key, data in before.items() if key not in after
    }
    assert traces_in({"proof": stored.to_json()}) == []


def test_the_store_is_whole_after_an_erasure(town: Town) -> None:
    assert verify(town.store, town.catalogue).damage == ()
    town.erase()
    report = verify(town.store, town.catalogue)
    assert report.damage == ()
    assert report.warnings == ()
    answer = reindex(town.store, town.catalogue, full=True)
    assert answer.damaged == ()
    assert town.catalogue.holdings_of(person(XOA).subject_key) != ()  # the marriage alone, which stays
    assert [row.record_id for row in town.catalogue.holdings_of(KEY.subject("001099012345"))] == [town.id_of(MARRIAGE)]
    assert verify(town.store, town.catalogue).warnings == ()
    assert unfinished(town.store) == ()
    assert returned_keys(town.store) == ()


def test_an_erased_scan_is_not_received_again(town: Town) -> None:
    whole = town.load(XOA_ALONE).source[0].sha256
    part = town.load(BINH_BESIDE).source[0].sha256
    other = town.load("hs-004/chi.pdf/1").source[0].sha256
    proof = town.erase()
    for sha256 in (whole, part):
        with pytest.raises(SohoaError) as refused:
            refuse_erased_scan(town.store, sha256)
        assert refused.value.code is Code.SCAN_ERASED
    refuse_erased_scan(town.store, other)
    town.eraser().readmit(proof.case_id, "can-bo-2", "Người dân nộp lại")
    refuse_erased_scan(town.store, whole)


def test_no_earlier_version_stays_on_a_locked_server(town: Town, store_kind: str) -> None:
    """A listing of names would not show what lies behind a delete marker."""
    if store_kind != "minio":
        return
    proof = town.erase(town.id_of(MARRIAGE))
    store: Any = town.store
    client = store.connection.session().client
    buckets = [store.connection.bucket(bucket) for bucket in Bucket]
    assert any(client.get_object_lock_config(name) for name in buckets if name.endswith("originals"))
    versions = {
        each.object_name for name in buckets for each in client.list_objects(name, recursive=True, include_version=True)
    }
    assert versions
    assert versions.isdisjoint(each.key for each in proof.objects)


def test_a_batch_keeps_what_is_of_others_and_no_name_of_the_person(town: Town) -> None:
    alone, mixed, others = (load_batch(town.store, f"b{nth:024}") for nth in (1, 2, 3))
    assert alone and mixed and others
    proof = town.erase()
    assert proof.batches == (alone.batch_id, mixed.batch_id)
    assert load_batch(town.store, others.batch_id) == others
    emptied = load_batch(town.store, alone.batch_id)
    assert emptied is not None and emptied.erasures == (proof.case_id,)
    assert (emptied.state, emptied.by, emptied.dossier_code) == (alone.state, alone.by, None)
    assert [(each.dossier_id, each.files, each.state) for each in emptied.dossiers] == [
        (dossier_segment("Lê Văn Xóa"), (), DossierState.ERASED)
    ]
    left = load_batch(town.store, mixed.batch_id)
    assert left is not None
    assert [(each.dossier_id, [file.file for file in each.files]) for each in left.dossiers] == [
        ("hs-002", ["chung.pdf"]),
        ("hs-003", ["ket-hon.pdf"]),
        ("hs-004", ["chi.pdf"]),
    ]
    # Of every batch that was written anew the earlier revisions are gone.
    assert list(town.store.list(batch_prefix(mixed.batch_id))) == [batch_key_of(left)]
    assert [problem.detail for problem in verify(town.store, town.catalogue).damage] == []


def test_what_becomes_of_a_batch_afterwards_brings_no_name_back(town: Town) -> None:
    sent = town.send(7, "Lê Văn Xóa", "hs-004", state=BatchState.WAITING)
    town.erase()
    became = tuple(dossier.model_copy(update={"state": DossierState.COMPLETE}) for dossier in sent.dossiers)
    saved = save_batch(town.store, sent.model_copy(update={"state": BatchState.DONE, "dossiers": became}))
    assert saved == load_batch(town.store, sent.batch_id)
    assert saved.state is BatchState.DONE
    assert [(each.dossier_id, each.state) for each in saved.dossiers] == [
        (dossier_segment("Lê Văn Xóa"), DossierState.ERASED),
        ("hs-004", DossierState.COMPLETE),
    ]
    assert b"Xoa-1999" not in b"".join(town.store.get(key) for key in town.store.list("batches/"))


def test_a_batch_that_was_never_digitised_loses_the_erased_scan(town: Town) -> None:
    held = load_dossier(town.store, "Lê Văn Xóa")
    assert held is not None
    same = BatchFile(file="Xoa-1999 lần hai.pdf", sha256=held.scans[0].sha256, size_bytes=1)
    batch = town.send(8, "hs-004", state=BatchState.FAILED)
    other = BatchDossier(dossier_id="Xóa nộp lại", files=(same,))
    save_batch(town.store, batch.model_copy(update={"dossiers": (*batch.dossiers, other)}))
    town.erase()
    left = load_batch(town.store, batch.batch_id)
    assert left is not None
    assert [each.dossier_id for each in left.dossiers] == ["hs-004", dossier_segment("Xóa nộp lại")]
    assert left.dossiers[1].files == () and left.dossiers[1].is_erased


def test_what_is_written_of_a_scan_while_it_is_erased_goes_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = scan_key(town.load(XOA_ALONE).source[0].sha256)
    late = preview_key(town.load(XOA_ALONE).source[0].sha256, 77)
    plan, erase = town.plan(), type(town.store).erase

    def erase_slowly(store: ObjectStore, key: str) -> None:
        if key == scan:
            store.put(late, b"RIFF....WEBP")
        erase(store, key)

    with monkeypatch.context() as slow:
        slow.setattr(type(town.store), "erase", erase_slowly)
        proof = town.eraser().erase(plan, "can-bo-1", "12/QĐ-UBND")
    assert not town.store.exists(late) and late in {each.key for each in proof.objects}
    assert proof.state is ErasureState.FINISHED and returned_keys(town.store) == ()


def test_a_picture_that_comes_after_its_page_was_erased_is_not_kept(town: Town) -> None:
    image = PageImage(np.full((140, 100), 250, np.uint8), 150, 1)
    alone, beside = (town.load(place).source[0].sha256 for place in (XOA_ALONE, BINH_BESIDE))
    town.erase()
    for sha256 in (alone, beside):
        with pytest.raises(SohoaError) as caught:
            keep_preview(town.store, sha256, image)
        assert caught.value.code is Code.SCAN_ERASED
        assert not town.store.exists(preview_key(sha256, 1))
    # The same scan's page of somebody else is shown as before.
    keep_preview(town.store, beside, replace(image, page_number=3))
    assert town.store.exists(preview_key(beside, 3))
