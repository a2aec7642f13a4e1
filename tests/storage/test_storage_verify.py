"""Checking a store: every kind of damage is found and named, and nothing else is."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.record import Record
from ocr.page import PageText
from ocr.problem import Code, Problem
from storage.catalogue import Catalogue
from storage.dossier import Dossier
from storage.folder_store import FolderStore
from storage.keys import dossier_key, page_key, record_key, scan_key
from storage.records import save_draft
from storage.verify import verify

SHA = hashlib.sha256(b"scan").hexdigest()

pytestmark = pytest.mark.usefixtures("held_dossier")


def found(problems: tuple[Problem, ...]) -> list[tuple[Code, str]]:
    return [(problem.code, problem.detail.split(":")[0]) for problem in problems]


def test_an_intact_store(store: FolderStore, catalogue: Catalogue) -> None:
    seen: list[tuple[int, int]] = []
    report = verify(store, catalogue, lambda done, total: seen.append((done, total)))
    assert (report.objects, report.damage, report.warnings, report.is_intact) == (5, (), (), True)
    assert seen == [(number, 5) for number in range(1, 6)]


def test_a_changed_scan(store: FolderStore, catalogue: Catalogue) -> None:
    store.put(scan_key(SHA), b"scam")
    assert found(verify(store, catalogue).damage) == [(Code.OBJECT_DAMAGED, scan_key(SHA))]


def test_a_lost_scan(store: FolderStore, catalogue: Catalogue, root: Path, held_dossier: Dossier) -> None:
    (root / scan_key(SHA)).unlink()
    report = verify(store, catalogue)
    assert found(report.damage) == [
        (Code.OBJECT_MISSING, page_key(SHA, 1, "recipe-1")),
        (Code.OBJECT_MISSING, page_key(SHA, 2, "recipe-1")),
        (Code.OBJECT_MISSING, record_key(held_dossier.papers[0].record_id, 1)),
        (Code.OBJECT_MISSING, dossier_key("hs-001", 1)),
    ]
    assert not report.is_intact


@pytest.mark.parametrize("which", ["page", "record", "dossier"])
def test_a_damaged_document(store: FolderStore, catalogue: Catalogue, held_dossier: Dossier, which: str) -> None:
    key = {
        "page": page_key(SHA, 1, "recipe-1"),
        "record": record_key(held_dossier.papers[0].record_id, 1),
        "dossier": dossier_key("hs-001", 1),
    }[which]
    store.put(key, store.get(key)[:-1])
    report = verify(store, catalogue)
    assert found(report.damage) == [(Code.OBJECT_DAMAGED, key)]


def test_a_lost_record(store: FolderStore, catalogue: Catalogue, root: Path, held_dossier: Dossier) -> None:
    key = record_key(held_dossier.papers[0].record_id, 1)
    (root / key).unlink()
    damage = verify(store, catalogue).damage
    assert found(damage) == [(Code.OBJECT_MISSING, dossier_key("hs-001", 1)), (Code.OBJECT_MISSING, key)]
    assert held_dossier.papers[0].record_id in damage[0].detail


def test_a_catalogue_ahead_of_the_store(
    store: FolderStore, catalogue: Catalogue, make_record: Callable[..., Record]
) -> None:
    catalogue.project_record(make_record(revision=5))
    key = record_key(make_record().record_id, 5)
    assert found(verify(store, catalogue).damage) == [(Code.OBJECT_MISSING, key)]


def test_a_catalogue_behind_the_store_is_a_warning(
    store: FolderStore, catalogue: Catalogue, make_record: Callable[..., Record]
) -> None:
    record = save_draft(store, make_record(paper_type_version=2))
    report = verify(store, catalogue)
    assert report.is_intact
    assert found(report.warnings) == [(Code.OBJECT_ORPHANED, record_key(record.record_id, 2))]


def test_a_record_no_dossier_names_is_a_warning(
    store: FolderStore, catalogue: Catalogue, make_record: Callable[..., Record]
) -> None:
    record = save_draft(store, make_record(dossier_id="hs-002"))
    catalogue.project_record(record)
    report = verify(store, catalogue)
    assert report.is_intact
    assert found(report.warnings) == [(Code.OBJECT_ORPHANED, record_key(record.record_id, 1))]


def test_a_foreign_object_is_a_warning(store: FolderStore, catalogue: Catalogue) -> None:
    store.put("records/notes.txt", b"")
    store.put("elsewhere/notes.txt", b"")
    report = verify(store, catalogue)
    assert report.is_intact
    assert found(report.warnings) == [(Code.OBJECT_ORPHANED, "records/notes.txt")]


def test_a_scan_received_meanwhile_is_not_missed(
    store: FolderStore, catalogue: Catalogue, make_page: Callable[..., PageText]
) -> None:
    late = hashlib.sha256(b"late").hexdigest()

    def receive_late(done: int, _: int) -> None:
        if done == 1:  # the scans are checked, the pages are not
            store.put(scan_key(late), b"late")
            page = make_page(scan_sha256=late)
            store.put(page_key(late, 1, page.recipe), page.to_json())

    assert verify(store, catalogue, receive_late).damage == ()
