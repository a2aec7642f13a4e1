"""One record takes the place of another: links both ways, also after a crash between the two writes."""

from collections.abc import Callable
from datetime import date

import pytest

from extractors.record import Record, RecordState, Revocation, Subject
from ocr.problem import Code, SohoaError
from storage import links
from storage.catalogue import Catalogue
from storage.decisions import approve, correct, reject, reopen, revoke
from storage.folder_store import FolderStore
from storage.links import (
    Link,
    complete_links,
    reinstate,
    same_subjects,
    supersede,
    superseded_among,
    unfinished_links,
)
from storage.records import load_record, save_draft, withdraw
from tests.storage.deciding import NOON, TYPES, act, birth_record

LATER = act("hủy việc thay thế", "15/QĐ-UBND")


def refused(call: Callable[[], object], code: Code = Code.DECISION_INVALID) -> SohoaError:
    with pytest.raises(SohoaError) as caught:
        call()
    assert caught.value.code is code
    return caught.value


def latest(store: FolderStore, record: Record) -> Record:
    found = load_record(store, record.record_id)
    assert found is not None
    return found


def all_latest(store: FolderStore, *records: Record) -> list[Record]:
    return [latest(store, record) for record in records]


@pytest.fixture
def pair(store: FolderStore) -> tuple[Record, Record]:
    """Two released records about one person."""
    return save_draft(store, birth_record(1)), save_draft(store, birth_record(2))


def test_links_stand_on_both(store: FolderStore, catalogue: Catalogue, pair: tuple[Record, Record]) -> None:
    old, new = pair
    written = supersede(store, catalogue, old.record_id, 1, new.record_id, act("cấp lại", by="mai"))
    assert (written.state, written.superseded_by) == (RecordState.SUPERSEDED, new.record_id)
    taking = latest(store, new)
    assert (taking.state, taking.supersedes) == (RecordState.ACCEPTED, (old.record_id,))
    assert taking.decision == written.decision
    assert written.decision is not None and written.decision.evidence == (new.record_id,)
    row = catalogue.record(old.record_id)
    assert row is not None and row.superseded_by == new.record_id
    assert unfinished_links([written, taking]) == ()
    assert superseded_among([taking]) == superseded_among([written]) == {old.record_id}
    assert save_draft(store, birth_record(2, paper_type_version=9)) == taking
    assert withdraw(store, new.record_id, NOON) is None


def test_reinstated_on_both(store: FolderStore, pair: tuple[Record, Record]) -> None:
    old, new = pair
    supersede(store, None, old.record_id, 1, new.record_id, act())
    refused(lambda: reject(store, None, new.record_id, 2, act()))  # the old one would be lost with it
    refused(lambda: reinstate(store, None, old.record_id, 2, act()))
    back = reinstate(store, None, old.record_id, 2, LATER)
    assert (back.state, back.superseded_by) == (RecordState.ACCEPTED, None)
    assert latest(store, new).supersedes == ()
    assert reject(store, None, new.record_id, 3, act()).state is RecordState.REJECTED


def test_superseded_and_then_revoked(store: FolderStore, pair: tuple[Record, Record]) -> None:
    old, new = pair
    supersede(store, None, old.record_id, 1, new.record_id, act())
    revocation = Revocation(by_authority="UBND", act_number="1/QĐ", act_date=date(2024, 1, 2))
    assert revoke(store, None, old.record_id, 2, act(), revocation).superseded_by == new.record_id
    assert reinstate(store, None, old.record_id, 3, LATER).state is RecordState.SUPERSEDED
    assert latest(store, new).supersedes == (old.record_id,)
    assert reinstate(store, None, old.record_id, 4, LATER).state is RecordState.ACCEPTED
    assert unfinished_links(all_latest(store, old, new)) == ()


def test_reinstating_brings_back_the_state_before(store: FolderStore) -> None:
    old, new = save_draft(store, birth_record(1, doubtful=("sex",))), save_draft(store, birth_record(2))
    supersede(store, None, old.record_id, 1, new.record_id, act())
    assert reinstate(store, None, old.record_id, 2, LATER).state is RecordState.NEEDS_REVIEW
    correct(store, None, old.record_id, 3, act(), TYPES, {}, ["sex"])
    approve(store, None, old.record_id, 4, act(), TYPES)
    supersede(store, None, old.record_id, 5, new.record_id, act())
    assert reinstate(store, None, old.record_id, 6, LATER).state is RecordState.APPROVED


def test_only_what_is_released_takes_a_place(store: FolderStore, pair: tuple[Record, Record]) -> None:
    old, new = pair
    reopen(store, None, new.record_id, 1, act())
    assert "needs_review" in refused(lambda: supersede(store, None, old.record_id, 1, new.record_id, act())).args[0]
    refused(lambda: supersede(store, None, old.record_id, 1, old.record_id, act()))
    refused(lambda: supersede(store, None, old.record_id, 1, "r" + "0" * 24, act()), Code.RECORD_UNKNOWN)
    refused(lambda: supersede(store, None, old.record_id, 2, new.record_id, act()), Code.RECORD_CHANGED)


def test_no_record_takes_the_place_of_its_own_successor(store: FolderStore) -> None:
    first, second, third = (save_draft(store, birth_record(nth)) for nth in (1, 2, 3))
    supersede(store, None, first.record_id, 1, second.record_id, act())
    supersede(store, None, second.record_id, 2, third.record_id, act())
    refused(lambda: supersede(store, None, third.record_id, 2, first.record_id, act()))
    refused(lambda: supersede(store, None, third.record_id, 2, second.record_id, act()))


def test_another_person_is_forced_only(store: FolderStore) -> None:
    other = Subject(role="owner", personal_id="001319099999", full_name="Phan Thị Khác", date_of_birth="2019-05-06")
    old = save_draft(store, birth_record(1))
    new = save_draft(store, birth_record(2, subjects=(other,)))
    error = refused(lambda: supersede(store, None, old.record_id, 1, new.record_id, act()))
    assert "Phan" not in str(error) and "001319" not in str(error)
    supersede(store, None, old.record_id, 1, new.record_id, act("cải chính họ tên"), force=True)
    assert latest(store, new).supersedes == (old.record_id,)


def test_same_subjects() -> None:
    def with_subjects(*subjects: Subject) -> Record:
        return birth_record(subjects=subjects)

    one = Subject(role="owner", personal_id="001319012345", full_name="Trần Thị Thử", date_of_birth="2019-05-06")
    without_id = one.model_copy(update={"personal_id": None, "full_name": "TRẦN THỊ THỬ"})
    name_only = Subject(role="owner", full_name="Trần Thị Thử")
    elsewhere = one.model_copy(update={"role": "requester"})
    husband = Subject(role="husband", personal_id="001099012345")
    assert same_subjects(with_subjects(one), with_subjects(without_id))
    assert same_subjects(with_subjects(one), with_subjects(elsewhere))
    assert same_subjects(with_subjects(), with_subjects())
    assert not same_subjects(with_subjects(one), with_subjects(name_only))
    assert not same_subjects(with_subjects(one), with_subjects())
    assert not same_subjects(with_subjects(one, husband), with_subjects(one, husband.model_copy(
        update={"personal_id": "001099054321"})))  # fmt: skip


class Killed(BaseException):
    """The program ends here."""


@pytest.fixture
def killed_after(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run a call that is killed after so many writes of records."""

    def run(writes: int, call: Callable[[], object]) -> None:
        write, done = links.write, []

        def counted(*arguments, **options):
            if len(done) == writes:
                raise Killed
            done.append(1)
            return write(*arguments, **options)

        with monkeypatch.context() as patched:
            patched.setattr(links, "write", counted)
            with pytest.raises(Killed):
                call()

    return run


@pytest.mark.parametrize("complete", ["repeat", "complete_links"])
def test_a_crash_between_the_two_links(
    store: FolderStore, catalogue: Catalogue, pair: tuple[Record, Record], killed_after, complete: str
) -> None:
    old, new = pair

    def run() -> Record:
        return supersede(store, catalogue, old.record_id, 1, new.record_id, act(by="mai"))

    killed_after(1, run)
    half = all_latest(store, old, new)
    assert [record.state for record in half] == [RecordState.SUPERSEDED, RecordState.ACCEPTED]
    assert superseded_among(half) == {old.record_id}
    assert unfinished_links(half) == (Link(old.record_id, new.record_id, stands=True),)
    reopen(store, None, new.record_id, 1, act("xem lại"))  # somebody else decides on the new one meanwhile
    if complete == "repeat":
        assert run().revision == 2
    else:
        assert complete_links(store, catalogue) == unfinished_links(half)
    taking = latest(store, new)
    assert (taking.revision, taking.state, taking.supersedes) == (3, RecordState.NEEDS_REVIEW, (old.record_id,))
    assert taking.decision is not None and taking.decision.by == "mai"
    assert unfinished_links(all_latest(store, old, new)) == complete_links(store) == ()
    assert latest(store, old).revision == 2


@pytest.mark.parametrize("complete", ["repeat", "complete_links"])
def test_a_crash_while_reinstating(
    store: FolderStore, pair: tuple[Record, Record], killed_after, complete: str
) -> None:
    old, new = pair
    supersede(store, None, old.record_id, 1, new.record_id, act())

    def run() -> Record:
        return reinstate(store, None, old.record_id, 2, LATER)

    killed_after(1, run)
    half = all_latest(store, old, new)
    assert superseded_among(half) == {old.record_id}  # until both say otherwise
    assert unfinished_links(half) == (Link(old.record_id, new.record_id, stands=False),)
    if complete == "repeat":
        run()
    else:
        complete_links(store)
    assert superseded_among(all_latest(store, old, new)) == frozenset()
    assert latest(store, old).state is RecordState.ACCEPTED
    refused(run, Code.RECORD_CHANGED)


def test_two_that_take_each_others_place_at_once_step_back(
    store: FolderStore, pair: tuple[Record, Record], killed_after
) -> None:
    one, other = pair
    killed_after(1, lambda: supersede(store, None, one.record_id, 1, other.record_id, act()))
    # The other command looked before that, and writes now.
    crossing = latest(store, other).model_copy(update={"state": RecordState.SUPERSEDED, "superseded_by": one.record_id})
    links.write(store, None, crossing, act().decision(links.DecisionKind.SUPERSEDE))
    complete_links(store)
    both = all_latest(store, one, other)
    assert sorted(record.state for record in both) == [RecordState.ACCEPTED, RecordState.SUPERSEDED]
    assert unfinished_links(both) == ()


def test_a_new_record_that_goes_meanwhile_takes_no_place(
    store: FolderStore, pair: tuple[Record, Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = pair
    write = links.write

    def overtaken(*arguments, **options):
        monkeypatch.setattr(links, "write", write)
        reject(store, None, new.record_id, 1, act())
        return write(*arguments, **options)

    monkeypatch.setattr(links, "write", overtaken)
    refused(lambda: supersede(store, None, old.record_id, 1, new.record_id, act()), Code.RECORD_CHANGED)
    assert (latest(store, old).state, latest(store, old).superseded_by) == (RecordState.ACCEPTED, None)
    assert latest(store, new).supersedes == ()
