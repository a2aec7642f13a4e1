"""Rebuilding the catalogue: nothing is lost, damage is named, writers may go on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.record import Record
from ocr.problem import Code, SohoaError
from storage.catalogue import Catalogue, RecordRow
from storage.keys import record_key
from storage.objects import FolderStore
from storage.records import save_draft
from storage.reindex import reindex

MakeRecord = Callable[..., Record]


@pytest.mark.usefixtures("held_dossier")
def test_a_deleted_catalogue_comes_back_as_it_was(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord, tmp_path: Path
) -> None:
    catalogue.project_record(save_draft(store, make_record(paper_type_version=2)))
    before = list(catalogue.records()), list(catalogue.dossiers())
    for path in tmp_path.glob("catalogue.sqlite*"):
        path.unlink()
    report = reindex(store, catalogue)
    assert (report.records, report.dossiers, report.damaged) == (1, 1, ())
    assert (list(catalogue.records()), list(catalogue.dossiers())) == before
    assert not catalogue.needs_rebuild()
    assert reindex(store, catalogue) == report


def test_the_latest_of_many_revisions(store: FolderStore, catalogue: Catalogue, make_record: MakeRecord) -> None:
    for version in range(1, 12):
        save_draft(store, make_record(paper_type_version=version))
    assert reindex(store, catalogue).records == 1
    assert [row.revision for row in catalogue.records()] == [11]


def test_rows_without_objects_go(store: FolderStore, catalogue: Catalogue, make_record: MakeRecord) -> None:
    catalogue.project_record(make_record())
    assert reindex(store, catalogue).records == 0
    assert catalogue.count_records() == 0


@pytest.mark.usefixtures("held_dossier")
def test_damage_is_named_and_the_rest_goes_on(store: FolderStore, catalogue: Catalogue) -> None:
    key = record_key("r" + "0" * 24, 1)
    store.put(key, b"{}")
    report = reindex(store, catalogue)
    assert (report.records, report.dossiers) == (1, 1)
    assert [problem.code for problem in report.damaged] == [Code.OBJECT_DAMAGED]
    assert report.damaged[0].detail.startswith(key)


@pytest.mark.usefixtures("held_dossier")
def test_a_store_that_cannot_be_used_is_an_error(
    store: FolderStore, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise SohoaError(Code.STORE_UNWRITABLE)

    monkeypatch.setattr(FolderStore, "get", refuse)
    with pytest.raises(SohoaError):
        reindex(store, catalogue)
    assert catalogue.count_records() == 1


@pytest.mark.usefixtures("held_dossier")
def test_what_is_entered_meanwhile_is_not_lost(
    store: FolderStore, catalogue: Catalogue, make_record: MakeRecord
) -> None:
    late = make_record(dossier_id="hs-002")

    def enter_late(done: int, total: int) -> None:
        if done == total:
            catalogue.project_record(save_draft(store, late))

    report = reindex(store, catalogue, enter_late)
    assert report.records == 2
    assert catalogue.record(late.record_id) == RecordRow.of(late)


@pytest.mark.usefixtures("held_dossier")
def test_progress(store: FolderStore, catalogue: Catalogue) -> None:
    seen: list[tuple[int, int]] = []
    reindex(store, catalogue, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
