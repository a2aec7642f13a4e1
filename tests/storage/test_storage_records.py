"""Stored records: append-only, the machine never over a person, safe in races."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from extractors.record import Record, RecordState
from ocr.problem import Code, SohoaError
from storage.folder_store import FolderStore
from storage.keys import record_key
from storage.objects import ObjectExists
from storage.records import history, latest_revision, load_record, save_draft, withdraw

MakeRecord = Callable[..., Record]


def test_unknown_record(store: FolderStore, make_record: MakeRecord) -> None:
    record_id = make_record().record_id
    assert latest_revision(store, record_id) is None
    assert load_record(store, record_id) is None
    assert history(store, record_id) == ()


def test_first_draft(store: FolderStore, make_record: MakeRecord) -> None:
    draft = make_record(revision=7)
    saved = save_draft(store, draft)
    assert saved.revision == 1
    assert saved.same_content_as(load_record(store, draft.record_id) or draft)
    assert latest_revision(store, draft.record_id) == 1


def test_the_same_again_writes_nothing(store: FolderStore, make_record: MakeRecord) -> None:
    draft = make_record()
    later = draft.provenance.model_copy(update={"created_at": draft.provenance.created_at + timedelta(days=1)})
    first = save_draft(store, draft)
    assert save_draft(store, draft.model_copy(update={"provenance": later})) == first
    assert len(list(store.list("records/"))) == 1


def test_other_content_is_a_new_revision(store: FolderStore, make_record: MakeRecord) -> None:
    for number in range(1, 12):
        assert save_draft(store, make_record(paper_type_version=number)).revision == number
    record_id = make_record().record_id
    assert latest_revision(store, record_id) == 11
    assert [record.paper_type_version for record in history(store, record_id)] == list(range(1, 12))
    second, none = load_record(store, record_id, 2), load_record(store, record_id, 12)
    assert second is not None and second.paper_type_version == 2
    assert none is None


@pytest.mark.parametrize("state", [s for s in RecordState if s not in {RecordState.NEEDS_REVIEW, RecordState.ACCEPTED}])
def test_what_a_person_decided_stands(store: FolderStore, make_record: MakeRecord, state: RecordState) -> None:
    draft = save_draft(store, make_record())
    decided = draft.model_copy(update={"revision": 2, "state": state})
    store.create(record_key(decided.record_id, 2), decided.to_json())
    assert save_draft(store, make_record(paper_type_version=2)) == decided
    assert latest_revision(store, draft.record_id) == 2
    with pytest.raises(ValueError, match="draft"):
        save_draft(store, decided)


def test_a_lost_race_is_run_again(store: FolderStore, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    create = FolderStore.create
    rival = make_record(paper_type_version=9)

    def beaten_once(self: FolderStore, key: str, data: bytes) -> None:
        monkeypatch.setattr(FolderStore, "create", create)
        create(self, key, rival.to_json())
        create(self, key, data)

    monkeypatch.setattr(FolderStore, "create", beaten_once)
    assert save_draft(store, make_record()).revision == 2
    assert [record.paper_type_version for record in history(store, rival.record_id)] == [9, 1]


def test_races_are_not_run_for_ever(
    store: FolderStore, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beaten(*_: object) -> None:
        raise ObjectExists

    monkeypatch.setattr(FolderStore, "create", beaten)
    with pytest.raises(SohoaError) as caught:
        save_draft(store, make_record())
    assert (caught.value.code, caught.value.problem.retryable) == (Code.STORE_UNWRITABLE, True)


def test_a_damaged_latest_revision_is_neither_hidden_nor_followed(store: FolderStore, make_record: MakeRecord) -> None:
    draft = save_draft(store, make_record())
    name = "Trần Thị Thử"
    store.put(record_key(draft.record_id, 2), f'{{"record_id": "{name}"}}'.encode())
    calls: list[Callable[[], object]] = [
        lambda: load_record(store, draft.record_id),
        lambda: save_draft(store, make_record()),
    ]
    for call in calls:
        with pytest.raises(SohoaError) as caught:
            call()
        assert caught.value.code is Code.OBJECT_DAMAGED
        assert caught.value.problem.detail.startswith(record_key(draft.record_id, 2))
        assert name not in str(caught.value)
        assert caught.value.__cause__ is caught.value.__context__ is None
    assert load_record(store, draft.record_id, 1) == draft


def test_a_writer_that_loses_race_after_race_has_its_turn_when_the_other_is_done(
    root: Path, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    rival, left = FolderStore(root), 60

    class Late(FolderStore):
        """Another writer is always faster, as long as it has something to write."""

        def create(self, key: str, data: bytes) -> None:
            nonlocal left
            if left:
                left -= 1
                save_draft(rival, make_record(paper_type_version=100 + left))
            super().create(key, data)

    monkeypatch.setattr("storage.revisions._LONGEST_PAUSE_S", 0)
    assert save_draft(Late(root), make_record(paper_type_version=7)).revision == 61


def test_a_revision_under_another_name_is_damage(store: FolderStore, make_record: MakeRecord) -> None:
    draft = save_draft(store, make_record())
    store.put(record_key(draft.record_id, 2), draft.to_json())
    with pytest.raises(SohoaError, match="another name"):
        load_record(store, draft.record_id)


def test_malformed_identifier(store: FolderStore) -> None:
    with pytest.raises(ValueError, match="record"):
        load_record(store, "../r1")


def test_a_paper_split_anew_is_withdrawn_and_may_come_back(store: FolderStore, make_record: MakeRecord) -> None:
    draft = make_record()
    save_draft(store, draft)
    at = draft.provenance.created_at + timedelta(days=1)
    gone = withdraw(store, draft.record_id, at)
    assert gone is not None
    assert (gone.revision, gone.state, gone.withdrawn) == (2, RecordState.SUPERSEDED, True)
    assert withdraw(store, draft.record_id, at) is None
    back = save_draft(store, draft)
    assert (back.revision, back.state, back.withdrawn) == (3, draft.state, False)


def test_what_a_person_decided_on_is_not_withdrawn(store: FolderStore, make_record: MakeRecord) -> None:
    draft = make_record()
    save_draft(store, draft)
    approved = draft.model_copy(update={"revision": 2, "state": RecordState.APPROVED})
    store.create(record_key(draft.record_id, 2), approved.to_json())
    assert withdraw(store, draft.record_id, draft.provenance.created_at) is None
