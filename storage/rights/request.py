"""Requests for correction: what a person says is wrong, until when it is answered, and how (`sohoa.request/1`)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from ocr.problem import Code, SohoaError
from storage.keys import REQUESTS_PREFIX
from storage.objects import ObjectStore
from storage.records import load_record
from storage.rights.cases import Case, Cases, new_case_id
from storage.rights.working_days import after_working_days, local_day

# Source: domain.md §8: a request of the person is answered within 2 working days (Nghị định 356/2025/NĐ-CP).
ANSWER_WITHIN_WORKING_DAYS = 2


class RequestState(StrEnum):
    """What became of a request; `erased`: its content went with the record it was about."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    ERASED = "erased"


class CorrectionRequest(Case):
    """What a person says about one field of a record.

    Attributes:
        state: See `RequestState`.
        record_id: The record.
        revision_seen: Its revision when the person asked.
        field: Name of the field.
        says: What the person says it should be.
        by: Who took the request down.
        at: When it came.
        due: Last day for the answer.
        answered_by: Who answered.
        answered_at: When.
        answer_reason: Why so.
        corrected_in: The revision of the record that puts it right.
    """

    schema_: Literal["sohoa.request/1"] = Field(default="sohoa.request/1", alias="schema")
    state: RequestState = RequestState.OPEN
    record_id: str
    revision_seen: int | None = None
    field: str
    says: str = ""
    by: str = ""
    at: AwareDatetime
    due: date
    answered_by: str | None = None
    answered_at: AwareDatetime | None = None
    answer_reason: str = ""
    corrected_in: int | None = None

    def is_late(self, today: date) -> bool:
        """True when it should have been answered before today."""
        return self.state is RequestState.OPEN and today > self.due

    def age_days(self, today: date) -> int:
        """Return how many days ago it came."""
        return (today - local_day(self.at)).days


def requests_in(store: ObjectStore) -> Cases[CorrectionRequest]:
    """Return all requests of a store."""
    return Cases(store, REQUESTS_PREFIX, CorrectionRequest)


def request_correction(
    store: ObjectStore, record_id: str, field: str, says: str, by: str, at: datetime
) -> CorrectionRequest:
    """Store a person's request.

    Raises:
        SohoaError: `RECORD_UNKNOWN` when there is no such record, or it was erased; `DECISION_INVALID` when it has no
            such field, or nothing is said.
    """
    try:
        record = load_record(store, record_id)
    except ValueError:
        record = None
    if record is None or record.is_erased:
        raise SohoaError(Code.RECORD_UNKNOWN)
    if field not in record.fields:
        raise SohoaError(Code.DECISION_INVALID, field=field, detail=f"fields: {', '.join(record.fields)}")
    if not says.strip() or not by.strip():
        raise SohoaError(Code.DECISION_INVALID, detail="a request says what is right and who took it down")
    draft = CorrectionRequest(
        case_id=new_case_id(),
        record_id=record_id,
        revision_seen=record.revision,
        field=field,
        says=says,
        by=by,
        at=at,
        due=after_working_days(local_day(at), ANSWER_WITHIN_WORKING_DAYS),
    )
    return requests_in(store).open(draft)


def answer_request(
    store: ObjectStore, case_id: str, by: str, reason: str, at: datetime, corrected_in: int | None
) -> CorrectionRequest:
    """Store the answer: granted with the revision that puts the field right, or refused when that is None.

    Raises:
        SohoaError: `CASE_UNKNOWN`; `DECISION_INVALID` when it is answered already, says no reason, or the revision is
            not one that a person made of this record after the request.
    """
    requests = requests_in(store)
    request = requests.latest(case_id)
    check_answerable(request, by, reason)
    if corrected_in is not None:
        corrected = load_record(store, request.record_id, corrected_in)
        is_newer = corrected_in > (request.revision_seen or 0)
        if corrected is None or corrected.decision is None or not is_newer:
            raise SohoaError(Code.DECISION_INVALID, detail="no revision by a person made since the request")
    state = RequestState.REFUSED if corrected_in is None else RequestState.GRANTED
    return requests.follow(
        request, state=state, answered_by=by, answered_at=at, answer_reason=reason, corrected_in=corrected_in
    )


def check_answerable(request: CorrectionRequest, by: str, reason: str) -> None:
    """Make sure that a request can be answered so.

    Raises:
        SohoaError: `DECISION_INVALID` when it is answered already, or nobody or no reason is named.
    """
    if request.state is not RequestState.OPEN:
        raise SohoaError(Code.DECISION_INVALID, detail=f"the request is {request.state.value} already")
    if not by.strip() or not reason.strip():
        raise SohoaError(Code.DECISION_INVALID, detail="an answer names who gives it and why")
