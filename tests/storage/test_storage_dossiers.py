"""The dossier noun, which loses no page, and its revisions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ocr.problem import Code, Problem
from storage.dossier import Dossier, DossierPaper, DossierScan, DossierState, PagePlace
from storage.dossier_segment import dossier_segment
from storage.dossiers import dossier_history, dossier_key_of, load_dossier, load_dossier_by_segment, save_dossier
from storage.folder_store import FolderStore

MakeDossier = Callable[..., Dossier]
A, B = "a" * 64, "b" * 64
PROBLEM = Problem(code=Code.PAGE_DAMAGED)


def place(number: int, file: str = "scan.pdf", sha256: str = A) -> PagePlace:
    return PagePlace(file=file, sha256=sha256, page_number=number)


def paper(*pages: PagePlace, record_id: str = "r1") -> DossierPaper:
    return DossierPaper(record_id=record_id, paper_type="khong-ro", pages=pages)


def scan(file: str = "scan.pdf", sha256: str = A, **more: Any) -> DossierScan:
    return DossierScan(file=file, sha256=sha256, **{"page_count": 2, **more})


def test_stored_form(make_dossier: MakeDossier) -> None:
    dossier = make_dossier()
    assert dossier.state is DossierState.COMPLETE
    assert Dossier.from_json(dossier.to_json()) == dossier
    assert b'"schema":"sohoa.dossier/1"' in dossier.to_json()


@pytest.mark.parametrize(
    ("content", "state"),
    [
        ({"papers": (paper(place(1), place(2)),)}, DossierState.COMPLETE),
        ({"papers": (paper(place(1)),), "failed_pages": (place(2),)}, DossierState.PARTIAL),
        ({"papers": (paper(place(1), place(2)),), "problems": (PROBLEM,)}, DossierState.PARTIAL),
        ({"papers": (paper(place(1), place(2)),), "scans": (scan(problems=(PROBLEM,)),)}, DossierState.PARTIAL),
        ({"papers": (paper(place(1), place(2)),), "scans": (scan(page_count=None),)}, DossierState.PARTIAL),
        ({"papers": (paper(place(1), place(2)),), "scans": (scan(), scan("b.pdf", B, page_count=None))}, "partial"),
        ({"blank_pages": (place(1), place(2))}, DossierState.FAILED),
        ({"scans": (), "problems": (PROBLEM,)}, DossierState.FAILED),
        (
            {
                "papers": (paper(place(1), place(2)),),
                "scans": (scan(), scan("copy.pdf", page_count=None, duplicate_of="scan.pdf")),
            },
            DossierState.COMPLETE,
        ),
    ],
)
def test_states(make_dossier: MakeDossier, content: dict[str, Any], state: DossierState) -> None:
    whole = {"scans": (scan(),), "papers": (), "blank_pages": (), **content}
    assert make_dossier(**whole).state is DossierState(state)
    for claimed in DossierState:
        allowed = {DossierState(state)} | ({DossierState.PARTIAL} if state is DossierState.COMPLETE else set())
        if claimed not in allowed:
            with pytest.raises(ValidationError, match="state"):
                make_dossier(**whole, state=claimed)


@pytest.mark.parametrize(
    "content",
    [
        {"papers": (paper(place(1)),)},
        {"papers": (paper(place(1), place(2)),), "blank_pages": (place(2),)},
        {"papers": (paper(place(1), place(2)), paper(place(2), record_id="r2"))},
        {"papers": (paper(place(1), place(2), place(3)),)},
        {"papers": (paper(place(1), place(2, sha256=B)),)},
        {"papers": (paper(place(1)), paper(place(2)))},
        {"papers": (paper(place(1), place(2)),), "scans": (scan(), scan())},
        {"papers": (paper(place(1), place(2)),), "scans": (scan(), scan("copy.pdf", page_count=None))},
        {"papers": (paper(place(1), place(2)),), "scans": (scan(), scan("b.pdf", B, duplicate_of="scan.pdf"))},
        {"papers": (paper(place(1), place(2)),), "dossier_id": "Tha\u0302n"},
        {"papers": (paper(place(1), place(2)),), "revision": 0},
        {"papers": (paper(place(1), place(2)),), "surprise": 1},
    ],
)
def test_no_page_is_lost_or_counted_twice(make_dossier: MakeDossier, content: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make_dossier(**{"scans": (scan(),), "blank_pages": (), **content})


@pytest.mark.parametrize("dossier_id", ["hs-001", "Trần Thị Thử"])
def test_revisions(store: FolderStore, make_dossier: MakeDossier, dossier_id: str) -> None:
    assert load_dossier(store, dossier_id) is None
    first = save_dossier(store, make_dossier(dossier_id))
    later = first.model_copy(update={"created_at": first.created_at + timedelta(days=1)})
    assert save_dossier(store, later) == first
    second = save_dossier(store, make_dossier(dossier_id, problems=(PROBLEM,)))
    assert (first.revision, second.revision) == (1, 2)
    assert load_dossier(store, dossier_id) == second
    assert load_dossier(store, dossier_id, 1) == first
    assert load_dossier_by_segment(store, dossier_segment(dossier_id)) == second
    assert dossier_history(store, dossier_id) == (first, second)
    assert list(store.list("")) == [dossier_key_of(first), dossier_key_of(second)]
    assert all(key.isascii() for key in store.list(""))
