"""Decisions of people: one new revision each, told who and why, refused where they must be."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from extractors.acceptance import state_of
from extractors.record import (
    DecisionKind,
    ExtractedField,
    FieldStatus,
    Record,
    RecordState,
    Revocation,
)
from ocr.problem import Code, SohoaError
from storage.acts import Act
from storage.catalogue import Catalogue
from storage.decisions import approve, correct, reject, reopen, revoke
from storage.folder_store import FolderStore
from storage.known_values import reviewed_values
from storage.links import reinstate
from storage.records import history, load_record, save_draft, withdraw
from storage.transitions import TRANSITIONS, Before, outcome_of
from tests.storage.deciding import BIRTH, NOON, TYPES, VALUES, act, birth_record, read

ACT = Revocation(by_authority="UBND huyện Thử", act_number="12/QĐ-UBND", act_date=date(2024, 3, 4))


def refused(call: Callable[[], object], code: Code = Code.DECISION_INVALID) -> SohoaError:
    with pytest.raises(SohoaError) as caught:
        call()
    assert caught.value.code is code
    assert not any(value in str(caught.value) for value in VALUES.values() if value)
    return caught.value


def saved(store: FolderStore, **changes) -> Record:
    return save_draft(store, birth_record(**changes))


# Approving


def test_approving_is_one_revision_that_tells_who_and_why(store: FolderStore, catalogue: Catalogue) -> None:
    draft = saved(store)
    approved = approve(store, catalogue, draft.record_id, 1, Act("lan", "khớp bản gốc", ("trang 1",), NOON), TYPES)
    assert (approved.revision, approved.state) == (2, RecordState.APPROVED)
    decision = approved.decision
    assert decision is not None
    assert decision.model_dump(mode="json") == {
        "kind": "approve", "by": "lan", "at": "2024-05-06T12:00:00Z", "reason": "khớp bản gốc", "evidence": ["trang 1"],
    }  # fmt: skip
    assert approved.fields == draft.fields
    assert load_record(store, draft.record_id) == approved
    row = catalogue.record(draft.record_id)
    assert row is not None and (row.revision, row.state) == (2, RecordState.APPROVED)


def test_a_doubtful_field_is_not_released(store: FolderStore) -> None:
    draft = saved(store, doubtful=("sex", "number"))
    error = refused(lambda: approve(store, None, draft.record_id, 1, act(), TYPES))
    assert error.problem.field == "number, sex"
    overlooked = saved(store, nth=2, fields={"ethnicity": ExtractedField(status=FieldStatus.MISSING)})
    error = refused(lambda: approve(store, None, overlooked.record_id, 1, act(), TYPES))
    assert error.problem.field == "ethnicity"
    assert len(history(store, draft.record_id)) == len(history(store, overlooked.record_id)) == 1


def test_of_a_type_that_is_not_known_every_field_is_required(store: FolderStore) -> None:
    draft = saved(store, paper_type="giay-cua-co-quan")
    assert refused(lambda: approve(store, None, draft.record_id, 1, act(), TYPES)).problem.field == "father_name"


def test_a_record_without_fields_is_approved_with_a_reason_only(store: FolderStore) -> None:
    unknown = birth_record().model_copy(
        update={"paper_type": "khong-ro", "fields": {}, "subjects": (), "state": RecordState.NEEDS_REVIEW}
    )
    draft = save_draft(store, unknown)
    refused(lambda: approve(store, None, draft.record_id, 1, Act("lan"), TYPES))
    assert approve(store, None, draft.record_id, 1, act(), TYPES).state is RecordState.APPROVED


# Correcting


def test_a_correction_keeps_what_is_printed_and_where(store: FolderStore) -> None:
    draft = saved(store, doubtful=("full_name",))
    corrected = correct(
        store, None, draft.record_id, 1, act(), TYPES, {"full_name": "TRẦN THỊ THỬA", "date_of_birth": "6/5/2020"}
    )
    name = corrected.fields["full_name"]
    assert (name.value, name.raw, name.status) == ("Trần Thị Thửa", "TRẦN THỊ THỬ", FieldStatus.FOUND)
    assert (name.accepted, name.decided_by, name.reasons) == (True, "steward:lan", ())
    assert (name.confidence, name.signals) == (None, ())
    assert name.evidence == draft.fields["full_name"].evidence
    assert corrected.subjects[0].full_name == "Trần Thị Thửa"
    assert corrected.subjects[0].date_of_birth == "2020-05-06"
    assert {name for name in VALUES if corrected.fields[name] != draft.fields[name]} == {"full_name", "date_of_birth"}
    assert corrected.state is RecordState.NEEDS_REVIEW
    assert approve(store, None, draft.record_id, 2, act(), TYPES).state is RecordState.APPROVED


def test_metadata_follows_and_the_rest_of_it_stays(store: FolderStore) -> None:
    draft = saved(store)
    kept = save_draft(store, draft.model_copy(update={"metadata": {**draft.metadata, "scope": "other"}}))
    key = next(key for key, name in BIRTH.metadata.items() if name == "registration_date")
    corrected = correct(store, None, kept.record_id, 2, act(), TYPES, {"registration_date": "21/05/2019"})
    assert corrected.metadata[key] == "2019-05-21"
    assert {name for name in kept.metadata if kept.metadata[name] != corrected.metadata[name]} == {key}


def test_every_refused_value_is_named_at_once(store: FolderStore) -> None:
    draft = saved(store)
    values = {"date_of_birth": "31/02/2019", "personal_id": "12", "sex": "Nam", "nothing": "x"}
    error = refused(lambda: correct(store, None, draft.record_id, 1, act(), TYPES, values))
    assert error.problem.field == "date_of_birth, personal_id, nothing"
    assert "no-such-date" in error.problem.detail and "not-a-personal-id" in error.problem.detail
    assert len(history(store, draft.record_id)) == 1


def test_what_is_no_field_name_is_not_quoted(store: FolderStore) -> None:
    draft = saved(store)
    error = refused(lambda: correct(store, None, draft.record_id, 1, act(), TYPES, {"Phan Văn Nhầm": "x"}))
    assert "Phan" not in str(error)


@pytest.mark.parametrize("name", ["date_of_birth_in_words", "nothing"])
def test_auxiliary_and_unknown_fields_are_not_corrected(store: FolderStore, name: str) -> None:
    draft = saved(store)
    refused(lambda: correct(store, None, draft.record_id, 1, act(), TYPES, {name: "x"}))


def test_confirming_is_a_correction_too(store: FolderStore) -> None:
    missing = ExtractedField(status=FieldStatus.MISSING, reasons=("not-seen",))
    unread = ExtractedField(status=FieldStatus.INVALID, raw="?", reasons=("no-date",))
    draft = saved(store, doubtful=("full_name",), fields={"ethnicity": missing, "nationality": unread})
    error = refused(lambda: correct(store, None, draft.record_id, 1, act(), TYPES, {}, ["nationality"]))
    assert error.problem.field == "nationality"
    confirmed = correct(
        store, None, draft.record_id, 1, act(), TYPES, {"nationality": None}, ["full_name", "ethnicity"]
    )
    name, ethnicity, nationality = (confirmed.fields[one] for one in ("full_name", "ethnicity", "nationality"))
    assert (name.value, name.decided_by, name.confidence) == ("Trần Thị Thử", "steward:lan", 0.9)
    for empty in (ethnicity, nationality):
        assert (empty.value, empty.status, empty.accepted) == (None, FieldStatus.MISSING, True)
        assert empty.decided_by == "steward:lan"
    assert approve(store, None, draft.record_id, 2, act(), TYPES).state is RecordState.APPROVED


def test_a_value_nobody_saw_on_the_paper_needs_evidence(store: FolderStore) -> None:
    draft = saved(store, fields={"ethnicity": ExtractedField(status=FieldStatus.MISSING)})

    def set_it(*evidence: str) -> Record:
        return correct(store, None, draft.record_id, 1, act("thiếu", *evidence), TYPES, {"ethnicity": "Kinh"})

    assert refused(set_it).problem.field == "ethnicity"
    refused(lambda: set_it("r" + "0" * 24))  # names a record that is not held
    refused(lambda: set_it("một\ndòng"))
    assert set_it("scan.pdf trang 1").fields["ethnicity"].value == "Kinh"


def test_a_field_that_came_with_a_newer_type_may_be_filled(store: FolderStore) -> None:
    draft = saved(store)
    assert "ethnicity" not in draft.fields
    corrected = correct(store, None, draft.record_id, 1, act("bổ sung", "trang 1"), TYPES, {"ethnicity": "Kinh"})
    assert corrected.fields["ethnicity"].value == "Kinh"


def test_a_released_record_stays_released_with_the_right_value(store: FolderStore) -> None:
    draft = saved(store)
    assert correct(store, None, draft.record_id, 1, act(), TYPES, {"sex": "Nam"}).state is RecordState.ACCEPTED
    approve(store, None, draft.record_id, 2, act(), TYPES)
    assert correct(store, None, draft.record_id, 3, act(), TYPES, {"sex": "Nữ"}).state is RecordState.APPROVED


@pytest.mark.parametrize(
    ("given", "values", "confirm", "named"),
    [
        (Act("lan"), {"sex": "Nam"}, (), "reason"),
        (Act("", "vì"), {"sex": "Nam"}, (), "by"),
        (Act("lan: x", "vì"), {"sex": "Nam"}, (), "by"),
        (Act("lan", "v" * 2001), {"sex": "Nam"}, (), "reason"),
        (Act("lan", "vì", ("e",) * 51), {"sex": "Nam"}, (), "evidence"),
        (act(), {}, (), None),
        (act(), {"sex": "Nam"}, ("sex",), "sex"),
    ],
)
def test_a_correction_says_who_and_why_and_what(store: FolderStore, given, values, confirm, named) -> None:
    draft = saved(store)
    error = refused(lambda: correct(store, None, draft.record_id, 1, given, TYPES, values, confirm))
    assert error.problem.field is named if named is None else named in (error.problem.field or error.problem.detail)


def test_the_same_again_changes_nothing(store: FolderStore) -> None:
    draft = saved(store)
    correct(store, None, draft.record_id, 1, act(), TYPES, {"sex": "Nam"})
    refused(lambda: correct(store, None, draft.record_id, 2, act(), TYPES, {"sex": "Nam"}))
    assert correct(store, None, draft.record_id, 2, act(by="mai"), TYPES, {}, ["sex"]).revision == 3


# The machine after the person


def test_a_correction_survives_a_new_extraction(store: FolderStore) -> None:
    draft = saved(store, doubtful=("sex",))
    corrected = correct(store, None, draft.record_id, 1, act(), TYPES, {"sex": "Nam"})
    newer = birth_record(doubtful=("sex",), paper_type_version=BIRTH.version + 1)
    assert save_draft(store, newer) == corrected
    assert withdraw(store, draft.record_id, NOON) is None
    reopened = reopen(store, None, approve(store, None, draft.record_id, 2, act(), TYPES).record_id, 3, act())
    assert save_draft(store, newer) == reopened


def test_calibration_learns_from_the_machine_and_not_from_the_corrected(store: FolderStore) -> None:
    sampled = read("Nữ", sampled=True)
    draft = saved(store, doubtful=("full_name",), fields={"sex": sampled})
    correct(store, None, draft.record_id, 1, act(), TYPES, {"full_name": "Trần Thị Thửa"})
    confirmed = correct(store, None, draft.record_id, 2, act(), TYPES, {}, ["sex"])
    assert confirmed.fields["sex"].sampled and confirmed.fields["sex"].accepted
    approve(store, None, draft.record_id, 3, act(), TYPES)
    known = {value.field: value.right for value in reviewed_values(store).values}
    assert known == {"full_name": False, "sex": True}


# Rejecting, reopening, revoking, reinstating


def test_rejected_and_reopened(store: FolderStore) -> None:
    draft = saved(store)
    assert reject(store, None, draft.record_id, 1, act("quét nhầm")).state is RecordState.REJECTED
    refused(lambda: approve(store, None, draft.record_id, 2, act(), TYPES))
    assert reopen(store, None, draft.record_id, 2, act()).state is RecordState.NEEDS_REVIEW


def test_revoked_by_an_act_and_reinstated_by_a_later_one(store: FolderStore) -> None:
    deciding, draft = saved(store, nth=2), saved(store)
    held = ACT.model_copy(update={"record_id": deciding.record_id})
    revoked = revoke(store, None, draft.record_id, 1, act("thu hồi"), held)
    assert (revoked.state, revoked.revocation) == (RecordState.REVOKED, held)
    assert revoked.decision is not None and revoked.decision.evidence == ("12/QĐ-UBND", deciding.record_id)
    refused(lambda: reinstate(store, None, draft.record_id, 2, act("hủy quyết định")))
    back = reinstate(store, None, draft.record_id, 2, act("hủy quyết định", "15/QĐ-UBND"))
    assert (back.state, back.revocation, back.revision) == (RecordState.ACCEPTED, None, 3)
    stored = load_record(store, draft.record_id, 2)
    assert stored is not None and stored.revocation == held


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"act_number": " "}, "act_number"),
        ({"by_authority": ""}, "by_authority"),
        ({"act_date": date(2024, 5, 7)}, "act_date"),
        ({"record_id": "r" + "0" * 24}, "record_id"),
    ],
)
def test_an_act_of_nobody_revokes_nothing(store: FolderStore, changes, named) -> None:
    draft = saved(store)
    wrong = ACT.model_copy(update=changes)
    error = refused(lambda: revoke(store, None, draft.record_id, 1, Act("lan", "vì", at=NOON), wrong))
    assert error.problem.field == named
    itself = ACT.model_copy(update={"record_id": draft.record_id})
    refused(lambda: revoke(store, None, draft.record_id, 1, act(), itself))
    late = Act("lan", "vì", at=NOON + timedelta(hours=6))  # the next day has begun in Việt Nam
    tomorrow = ACT.model_copy(update={"act_date": date(2024, 5, 7)})
    assert revoke(store, None, draft.record_id, 1, late, tomorrow).state is RecordState.REVOKED


# The table, the lock, old records


def test_the_table_knows_every_state_and_decision() -> None:
    kinds = set(DecisionKind) - {DecisionKind.ERASE}
    assert set(TRANSITIONS) == set(RecordState)
    assert all(set(row) == kinds for row in TRANSITIONS.values())


def test_the_table_is_documented_as_it_is() -> None:
    text = (Path(__file__).parents[2] / "docs" / "ban-ghi.md").read_text("utf-8")
    kinds = [kind for kind in DecisionKind if kind is not DecisionKind.ERASE]
    order = ["approve", "correct", "reject", "reopen", "supersede", "revoke", "reinstate"]
    assert f"| trạng thái | {' | '.join(order)} |" in text
    assert sorted(order) == sorted(kinds)
    for state, row in TRANSITIONS.items():
        cells = [_cell(row[DecisionKind(kind)]) for kind in order]
        assert f"| {state} |{''.join(f' {cell} |' if cell else ' |' for cell in cells)}\n" in text, state


def _cell(outcome: object) -> str:
    if isinstance(outcome, RecordState):
        return outcome.value
    return "(trước đó)" if isinstance(outcome, Before) else ""


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_nothing_is_decided_on_what_was_withdrawn_or_erased(kind: DecisionKind) -> None:
    withdrawn = birth_record().model_copy(update={"state": RecordState.SUPERSEDED, "withdrawn": True})
    refused(lambda: outcome_of(withdrawn, kind))
    erased = birth_record().model_copy(update={"decision": act().decision(DecisionKind.ERASE)})
    refused(lambda: outcome_of(erased, kind))


def test_a_decision_on_what_changed_is_refused_and_heals_the_catalogue(
    store: FolderStore, catalogue: Catalogue
) -> None:
    draft = saved(store)
    approve(store, None, draft.record_id, 1, act(), TYPES)
    error = refused(lambda: reject(store, catalogue, draft.record_id, 1, act()), Code.RECORD_CHANGED)
    assert "revision 1 expected, 2 is there" in error.problem.detail
    refused(lambda: reject(store, catalogue, draft.record_id, 3, act()), Code.RECORD_CHANGED)
    row = catalogue.record(draft.record_id)
    assert row is not None and row.revision == 2


@pytest.mark.parametrize("record_id", ["r" + "0" * 24, "../r1", "Trần Thị Thử"])
def test_unknown_records(store: FolderStore, record_id: str) -> None:
    refused(lambda: approve(store, None, record_id, 1, act(), TYPES), Code.RECORD_UNKNOWN)


def test_records_of_before_there_were_decisions_still_parse(store: FolderStore) -> None:
    draft = birth_record()
    old = draft.model_dump(mode="json", by_alias=True)
    for added in ("decision", "supersedes", "superseded_by", "revocation"):
        del old[added]
    read_back = Record.model_validate(old)
    assert read_back == draft and read_back.same_content_as(draft)
    save_draft(store, read_back)
    assert save_draft(store, draft).revision == 1
    decided = draft.model_copy(update={"decision": act().decision(DecisionKind.CORRECT)})
    assert not decided.same_content_as(draft)
    assert state_of(BIRTH, draft.fields) is RecordState.ACCEPTED
