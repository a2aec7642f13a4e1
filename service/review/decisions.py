"""Decisions on a record as a whole: reject, reopen, revoke; who may take which."""

from extractors.record import Record, RecordState, Revocation
from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.requests import DraftRequest, RejectRequest, ReopenRequest, RevokeRequest
from service.review.settling import hold
from service.review.tasks import load_task
from service.roles import Principal, Role
from storage import decisions
from storage.acts import Act


def reject(office: Office, principal: Principal, record_id: str, request: RejectRequest) -> Record:
    """Say that the record must not be used: a wrong paper, a scan that must be made again.

    Raises:
        SohoaError: `RECORD_UNKNOWN`, `TASK_LOST`, `RECORD_CHANGED`, `DECISION_INVALID`; `NOT_ALLOWED` for an approved
            record by who is no supervisor.
    """
    _check_may_undo(principal, load_task(office, principal, record_id).record)
    hold(office, principal, record_id, DraftRequest(revision=request.revision, token=request.token))
    act = Act(principal.account, request.reason)
    record = decisions.reject(office.store, office.catalogue, record_id, request.revision, act)
    office.drafts.forget(record_id)
    office.leases.release(record_id, principal.account, request.token)
    return record


def reopen(office: Office, principal: Principal, record_id: str, request: ReopenRequest) -> Record:
    """Take back an approval, a rejection or the machine's acceptance: the record waits for a person again.

    Raises:
        SohoaError: As `reject`.
    """
    _check_may_undo(principal, load_task(office, principal, record_id).record)
    act = Act(principal.account, request.reason)
    return decisions.reopen(office.store, office.catalogue, record_id, request.revision, act)


def revoke(office: Office, principal: Principal, record_id: str, request: RevokeRequest) -> Record:
    """Enter that an authority took the paper's force away.

    Raises:
        SohoaError: `RECORD_UNKNOWN`, `RECORD_CHANGED`, `DECISION_INVALID`.
    """
    load_task(office, principal, record_id)
    revocation = Revocation(by_authority=request.by_authority, act_number=request.act_number, act_date=request.act_date)
    act = Act(principal.account, request.reason)
    record = decisions.revoke(office.store, office.catalogue, record_id, request.revision, act, revocation)
    office.drafts.forget(record_id)
    return record


def _check_may_undo(principal: Principal, record: Record) -> None:
    if record.state is RecordState.APPROVED and Role.SUPERVISOR not in principal.roles:
        raise SohoaError(Code.NOT_ALLOWED, detail="an approved record is undone by a supervisor")
