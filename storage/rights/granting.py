"""Granting a person's request for correction: the record is put right, then the request is answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from extractors.paper_type import PaperType
from extractors.record import Record
from ocr.problem import SohoaError
from storage.acts import Act, current
from storage.decisions import NOTHING_CHANGES, correct
from storage.objects import ObjectStore
from storage.records import history
from storage.rights.request import CorrectionRequest, answer_request, check_answerable, requests_in

if TYPE_CHECKING:
    from storage.catalogue import Catalogue


def grant_request(
    store: ObjectStore,
    catalogue: "Catalogue | None",
    case_id: str,
    by: str,
    reason: str,
    at: datetime,
    paper_types: Iterable[PaperType],
    value: str | None = None,
    evidence: Sequence[str] = (),
) -> CorrectionRequest:
    """Correct the record that a request is about, and answer the request. Repeating it completes what was cut short.

    Args:
        store: Holds both.
        catalogue: Is told the new revision of the record.
        case_id: The request.
        by: Who grants it.
        reason: Why.
        at: When.
        paper_types: Tell the kinds of the fields.
        value: What the field becomes; None: what the person says.
        evidence: What the correction rests on beside the request.

    Raises:
        SohoaError: `CASE_UNKNOWN`; `DECISION_INVALID` as `answer_request` and `storage.decisions.correct`.
    """
    request = requests_in(store).latest(case_id)
    check_answerable(request, by, reason)
    record = current(store, request.record_id)
    said = request.says if value is None else value
    act = Act(by, reason, (_ground(request), *evidence), at)
    try:
        corrected = correct(
            store, catalogue, record.record_id, record.revision, act, paper_types, {request.field: said}
        ).revision
    except SohoaError as refused:
        before = _corrected_for(request, history(store, record.record_id))
        if before is None or refused.problem.detail != NOTHING_CHANGES:
            raise
        corrected = before
    return answer_request(store, case_id, by, reason, at, corrected)


def _ground(request: CorrectionRequest) -> str:
    return f"request {request.case_id}"


def _corrected_for(request: CorrectionRequest, revisions: Sequence[Record]) -> int | None:
    """Return the revision that a killed run made for this request; None when there is none."""
    made = (each for each in reversed(revisions) if each.decision and _ground(request) in each.decision.evidence)
    return next((each.revision for each in made), None)
