"""Whatever happened to store and catalogue, an incremental reindex ends where one from nothing does."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.record import Record, Subject
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.identity import IdentityKey
from storage.keys import record_key, record_prefix
from storage.records import load_record, save_draft
from storage.reindex import reindex

KEY = IdentityKey(b"of tests alone".ljust(32, b"."))
EVENTS = ("saved", "entered", "erased", "damaged", "row lost", "row ahead", "row without key", "reindexed")
History = list[tuple[str, int, int]]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 3), st.integers(0, 2)), max_size=12))
def test_every_history_ends_in_the_same_catalogue(make_record: Callable[..., Record], history: History) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = FolderStore(Path(folder) / "store")
        catalogue = Catalogue(f"sqlite:///{folder}/catalogue.sqlite", KEY)
        catalogue.create()
        lost: set[str] = set()
        for event, number, person in history:
            subject = Subject(role="owner", personal_id=f"00109901234{person}")
            draft = make_record(record_id=f"r{number:024x}", subjects=(subject,), paper_type_version=person)
            happen(event, draft, store, catalogue, lost)
        report = reindex(store, catalogue)
        anew = Catalogue(f"sqlite:///{folder}/anew.sqlite", KEY)
        expected = reindex(store, anew)
        assert (report.records, report.damaged) == (expected.records, expected.damaged)
        assert content_of(catalogue) == content_of(anew)
        assert reindex(store, catalogue).entered == 0


def happen(event: str, draft: Record, store: FolderStore, catalogue: Catalogue, lost: set[str]) -> None:
    keys = list(store.list(record_prefix(draft.record_id)))
    is_damaged = any(store.get(key) == b"{}" for key in keys)
    if event in {"saved", "entered"} and not is_damaged:
        save(
            draft,
            store,
            catalogue,
            was_lost=record_key(draft.record_id, len(keys) + 1) in lost,
            enters=event == "entered",
        )
    elif event == "erased":
        lost.update(keys)
        for key in keys:
            store.erase(key)
    elif event == "damaged":
        store.put(record_key(draft.record_id, len(keys) + 1), b"{}")
    elif event == "row lost":
        row = catalogue.record(draft.record_id)
        catalogue.filling.enter_records([], {row.record_id: row.revision} if row else {})
    elif event == "row ahead":
        catalogue.project_record(draft.model_copy(update={"revision": 50}))
    elif event == "row without key" and keys and not is_damaged:
        held = load_record(store, draft.record_id)
        assert held is not None
        Catalogue(str(catalogue._database.engine.url)).project_record(held)
    elif event == "reindexed":
        reindex(store, catalogue)


def save(draft: Record, store: FolderStore, catalogue: Catalogue, *, was_lost: bool, enters: bool) -> None:
    if was_lost:
        # A name means one content for ever: it is given anew only once its loss is known.
        reindex(store, catalogue)
    saved = save_draft(store, draft)
    if enters:
        catalogue.project_record(saved)


def content_of(catalogue: Catalogue) -> list[object]:
    return [(row, catalogue.subjects_of(row.record_id)) for row in catalogue.records()]
