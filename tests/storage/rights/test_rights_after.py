"""What comes after an erasure: the same folder again, a restored backup, a second store, a damaged proof."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from flows.assembly import scans_with_earlier
from flows.intake import DossierInput
from ocr.problem import Code, SohoaError
from storage.dossier import Dossier
from storage.dossiers import save_dossier
from storage.erased import erased_keys
from storage.folder_store import FolderStore
from storage.integrity.ledger import Ledger
from storage.keys import scan_key
from storage.mirror import mirror
from storage.records import load_record, save_draft
from storage.reindex import reindex
from storage.rights.erased import erasures, returned_keys, unfinished
from storage.rights.erasure import Erasure
from storage.scans import receive
from storage.verify import verify
from tests.storage.rights.conftest import XOA, File, Sheet, Town, everything, person, traces_in

FOLDER = "Lê Văn Xóa"
PLACE = f"{FOLDER}/Xoa-1999.pdf/1"
MARRIAGE = "hs-003/ket-hon.pdf/1"


def test_running_the_same_folder_again_brings_nothing_back(town: Town, tmp_path: Path) -> None:
    record, dossier_before = town.load(PLACE), everything(town.store)
    path = tmp_path / "Xoa-1999.pdf"
    path.write_bytes(town.store.get(scan_key(record.source[0].sha256)))
    town.erase()
    with pytest.raises(SohoaError) as refused:
        receive(town.store, path)
    assert refused.value.code is Code.SCAN_ERASED
    assert not town.store.exists(scan_key(record.source[0].sha256))
    # A run that was under way meanwhile: neither its record nor its dossier takes the place of what was erased.
    assert save_draft(town.store, record).is_erased
    before = Dossier.from_json(next(data for key, data in dossier_before.items() if key.startswith("dossiers/n-")))
    assert save_dossier(town.store, before).erasures
    with pytest.raises(SohoaError) as closed:
        scans_with_earlier(SimpleNamespace(store=town.store), DossierInput(FOLDER, ()), ())  # type: ignore[arg-type]
    assert closed.value.code is Code.DOSSIER_ERASED


def test_a_readmitted_scan_comes_in_a_new_dossier(town: Town) -> None:
    proof = town.erase()
    with pytest.raises(SohoaError) as refused:
        town.eraser().readmit(proof.case_id, "can-bo", "")
    assert refused.value.code is Code.DECISION_INVALID
    town.eraser().readmit(proof.case_id, "can-bo", "Nộp lại")
    town.add("hs-050", File("Xoa-1999.pdf", 2, (Sheet((1,), (XOA,)),)))
    assert [row.dossier_segment for row in town.catalogue.holdings_of(person(XOA).subject_key)].count("hs-050") == 1
    # What the earlier erasure names is not erased again.
    town.eraser().reapply()
    assert not town.load("hs-050/Xoa-1999.pdf/1").is_erased
    assert town.store.exists(scan_key(town.load("hs-050/Xoa-1999.pdf/1").source[0].sha256))
    report = verify(town.store, town.catalogue)
    assert (report.damage, report.warnings) == ((), ())
    again = town.erase()
    assert again.records == (town.id_of("hs-050/Xoa-1999.pdf/1"),)


def test_what_a_restored_backup_brings_back_is_erased_again(town: Town, root: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(root, backup)
    proof = town.erase(town.id_of(MARRIAGE))
    after = everything(town.store)
    shutil.rmtree(root)
    shutil.copytree(backup, root)  # from before the erasure: the proof is gone as well
    assert traces_in(everything(town.store))
    town.eraser().reapply([proof])
    assert traces_in(everything(town.store)) == []
    assert returned_keys(town.store) == ()
    assert [record.is_erased for place in (PLACE, MARRIAGE) if (record := town.load(place))] == [True, True]
    ours = {key for key in after if not key.startswith("erasures/")}
    assert {key for key in everything(town.store) if not key.startswith("erasures/")} == ours
    reindex(town.store, town.catalogue, full=True)
    assert town.catalogue.holdings_of(person(XOA).subject_key) == ()
    assert verify(town.store, town.catalogue).damage == ()


def test_what_came_back_by_itself_is_told(town: Town) -> None:
    before = everything(town.store)
    town.erase()
    key = next(key for key in sorted(erased_keys(town.store)) if key.startswith("pages/"))
    town.store.put(key, before[key])
    assert returned_keys(town.store) == (key,)
    (warning,) = verify(town.store, town.catalogue).warnings
    assert (warning.code, warning.detail.partition(":")[0]) == (Code.ERASED_RETURNED, key)
    town.eraser().reapply()
    assert returned_keys(town.store) == ()
    assert verify(town.store, town.catalogue).warnings == ()


def test_the_second_store_is_cleared_too(town: Town, tmp_path: Path) -> None:
    town.second = FolderStore(tmp_path / "second")
    mirror(town.store, town.second, Ledger.in_memory())
    assert traces_in(everything(town.second))
    proof = town.erase(town.id_of(MARRIAGE))
    assert proof.in_second_store
    assert traces_in(everything(town.second)) == []
    assert everything(town.second) == everything(town.store)


def test_proofs_of_the_second_store_count_after_a_restore(town: Town, root: Path, tmp_path: Path) -> None:
    town.second = FolderStore(tmp_path / "second")
    backup = tmp_path / "backup"
    shutil.copytree(root, backup)
    town.erase(town.id_of(MARRIAGE))
    shutil.rmtree(root)
    shutil.copytree(backup, root)
    town.eraser().reapply()
    assert traces_in(everything(town.store)) == []


def test_damaged_bytes_that_were_put_aside_go_too(town: Town) -> None:
    key = scan_key(town.load(PLACE).source[0].sha256)
    aside = f"quarantine/{key}/{'a' * 64}"
    town.store.put(aside, "LÊ VĂN XÓA".encode())
    town.erase(town.id_of(MARRIAGE))
    assert not town.store.exists(aside)
    assert traces_in(everything(town.store)) == []


def test_a_damaged_proof_stops_nobody_and_forgets_nothing(town: Town, root: Path, tmp_path: Path) -> None:
    record = town.load(PLACE)
    path = tmp_path / "Xoa-1999.pdf"
    path.write_bytes(town.store.get(scan_key(record.source[0].sha256)))
    proof = town.erase()
    town.store.put(f"erasures/{proof.case_id}/r2.json", b"{")
    again = FolderStore(root)  # of another process
    (found,) = erasures(again)
    assert {each.key for each in found.objects} == {each.key for each in proof.objects}
    with pytest.raises(SohoaError) as refused:
        receive(again, path)
    assert refused.value.code is Code.SCAN_ERASED
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7 of somebody else")
    assert not receive(again, other).already_held
    town.eraser().resume()
    assert unfinished(FolderStore(root)) == ()
    assert load_record(again, record.record_id).is_erased  # type: ignore[union-attr]


def test_a_papers_damage_does_not_stop_its_erasure(town: Town) -> None:
    page = next(key for key in town.store.list("pages/") if town.load(PLACE).source[0].sha256 in key)
    town.store.put(page, b"\xff damaged")
    proof = town.erase()
    assert isinstance(proof, Erasure)
    assert not town.store.exists(page)
