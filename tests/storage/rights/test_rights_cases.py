"""Requests, holds and time limits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from extractors.paper_type_loader import shipped_paper_types
from ocr.problem import Code, SohoaError
from storage.acts import Act
from storage.decisions import correct
from storage.folder_store import FolderStore
from storage.records import load_record
from storage.rights.cases import new_case_id
from storage.rights.hold import Hold, holds_in
from storage.rights.request import RequestState, answer_request, request_correction, requests_in
from storage.rights.working_days import after_working_days, is_working_day, local_day
from tests.storage.rights.conftest import CAME, Town

FRIDAY = datetime(2026, 11, 20, 3, tzinfo=UTC)
PLACE, FIELD = "hs-004/chi.pdf/1", "owner_name"


def test_a_request_is_due_two_working_days_later(town: Town) -> None:
    request = request_correction(town.store, town.id_of(PLACE), FIELD, "Phạm Thị Chi", "can-bo", FRIDAY)
    assert request.due == date(2026, 11, 24)  # Tuesday
    assert (request.state, request.revision_seen) == (RequestState.OPEN, 1)
    assert list(requests_in(town.store).all()) == [request]
    assert request.is_late(date(2026, 11, 25)) and not request.is_late(date(2026, 11, 24))
    assert request.age_days(date(2026, 11, 23)) == 3


def test_a_request_names_a_field_of_a_record_that_is_held(town: Town) -> None:
    cases = (
        ("r" + "0" * 24, FIELD, "x", Code.RECORD_UNKNOWN),
        ("no", FIELD, "x", Code.RECORD_UNKNOWN),
        (town.id_of(PLACE), "no_such_field", "x", Code.DECISION_INVALID),
        (town.id_of(PLACE), FIELD, " ", Code.DECISION_INVALID),
    )
    for record_id, field, says, code in cases:
        with pytest.raises(SohoaError) as refused:
            request_correction(town.store, record_id, field, says, "can-bo", FRIDAY)
        assert refused.value.code is code


def test_granting_links_to_the_revision_that_corrects(town: Town) -> None:
    record_id = town.id_of(PLACE)
    request = request_correction(town.store, record_id, FIELD, "Phạm Thị Chi", "can-bo", FRIDAY)
    for unfit in (1, 2):  # the revision the person saw, and one that is not there
        with pytest.raises(SohoaError) as refused:
            answer_request(town.store, request.case_id, "can-bo", "Đúng", FRIDAY, unfit)
        assert refused.value.code is Code.DECISION_INVALID
    act = Act("can-bo", "Theo yêu cầu", ("tờ khai",))
    corrected = correct(town.store, town.catalogue, record_id, 1, act, shipped_paper_types(), {}, (FIELD,))
    granted = answer_request(town.store, request.case_id, "can-bo-2", "Đúng", FRIDAY, corrected.revision)
    assert (granted.state, granted.corrected_in, granted.revision) == (RequestState.GRANTED, 2, 2)
    with pytest.raises(SohoaError) as refused:
        answer_request(town.store, request.case_id, "can-bo-2", "Đúng", FRIDAY, None)
    assert refused.value.code is Code.DECISION_INVALID


def test_refusing_says_why(town: Town) -> None:
    request = request_correction(town.store, town.id_of(PLACE), FIELD, "Phạm Thị Chi", "can-bo", FRIDAY)
    with pytest.raises(SohoaError):
        answer_request(town.store, request.case_id, "can-bo", "  ", FRIDAY, None)
    refused = answer_request(town.store, request.case_id, "can-bo", "Bản chính ghi khác", FRIDAY, None)
    assert refused.state is RequestState.REFUSED
    assert requests_in(town.store).latest(request.case_id) == refused


def test_a_request_on_an_erased_record_is_emptied(town: Town) -> None:
    place = "Lê Văn Xóa/Xoa-1999.pdf/1"
    request = request_correction(town.store, town.id_of(place), FIELD, "Lê Văn Xóa", "can-bo", FRIDAY)
    town.erase()
    left = requests_in(town.store).latest(request.case_id)
    assert (left.state, left.says, left.by) == (RequestState.ERASED, "", "")
    assert list(town.store.list("requests/")) == [f"requests/{request.case_id}/r2.json"]
    with pytest.raises(SohoaError) as refused:
        request_correction(town.store, town.id_of(place), FIELD, "Ai đó", "can-bo", FRIDAY)
    assert refused.value.code is Code.RECORD_UNKNOWN
    record = load_record(town.store, town.id_of(place))
    assert record is not None and record.is_erased
    with pytest.raises(SohoaError):
        correct(town.store, town.catalogue, record.record_id, record.revision, Act("a", "b"), (), {"x": "y"})


@pytest.mark.parametrize("case_id", ["f" * 24, "../../x", ""])
def test_an_unknown_case_is_told(store: FolderStore, case_id: str) -> None:
    with pytest.raises(SohoaError) as unknown:
        holds_in(store).latest(case_id)
    assert unknown.value.code is Code.CASE_UNKNOWN


def test_of_two_answers_one_counts(town: Town) -> None:
    hold = holds_in(town.store).open(Hold(case_id=new_case_id(), by="a", reason="b", at=CAME, record_id="r"))
    holds_in(town.store).follow(hold, reason="first")
    with pytest.raises(SohoaError) as late:
        holds_in(town.store).follow(hold, reason="second")
    assert late.value.code is Code.RECORD_CHANGED


@pytest.mark.parametrize("scope", [{}, {"record_id": "r", "dossier_segment": "s"}])
def test_a_hold_is_on_one_thing(scope: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Hold(case_id=new_case_id(), by="a", reason="b", at=CAME, **scope)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 30))
def test_time_limits_end_on_working_days(day: date, count: int) -> None:
    end = after_working_days(day, count)
    assert is_working_day(end)
    assert sum(is_working_day(day + timedelta(days=each)) for each in range(1, (end - day).days + 1)) == count


def test_holidays_do_not_count() -> None:
    assert after_working_days(date(2026, 11, 20), 2, {date(2026, 11, 23)}) == date(2026, 11, 25)
    assert local_day(datetime(2026, 11, 20, 17, tzinfo=UTC)) == date(2026, 11, 21)
    with pytest.raises(ValueError):
        after_working_days(date(2026, 11, 20), -1)
