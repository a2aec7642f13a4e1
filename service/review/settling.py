"""Settling a task, whatever the caller is asked in it; asking again after a lost answer changes nothing more."""

from collections.abc import Sequence

from extractors.record import DecisionKind, Record
from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.measured import settlements_of
from service.review.merging import Overtaken, conflicts_of, is_done
from service.review.requests import DraftRequest, Settled, SettleRequest
from service.review.reviewing import review, sign_off
from service.review.second_keying import adjudicate, key_second, repeated
from service.review.tasks import Mode, Task, load_task
from service.roles import Principal
from storage.acts import invalid
from storage.desk.settlements import Settlement
from storage.records import load_record

_WAYS = {Mode.REVIEW: review, Mode.SECOND: key_second, Mode.ADJUDICATE: adjudicate}


def settle(office: Office, principal: Principal, record_id: str, request: SettleRequest) -> Settled:
    """Settle a task.

    Raises:
        SohoaError: `RECORD_UNKNOWN`; `TASK_LOST`; `DECISION_INVALID`; `SECOND_KEYING_NEEDED` where it waits for others.
        Overtaken: Others decided meanwhile; the draft is kept.
        FieldsRefused: Values are refused.
    """
    task = load_task(office, principal, record_id)
    done = _resumed(office, principal, task, request)
    if done is None and task.mode is Mode.READ:
        done = repeated(office, principal, task, request)
    if done is not None:
        return done
    if task.mode is not Mode.READ:
        hold(office, principal, record_id, request)
        # Whoever held it before may have decided between our look and our lease.
        task = load_task(office, principal, record_id)
    if task.record.revision != request.revision:
        raise _overtaken(office, principal, task, request)
    if task.mode is Mode.READ:
        if task.keyings:
            raise SohoaError(Code.SECOND_KEYING_NEEDED, field=", ".join(keying.field for keying in task.keyings))
        raise invalid(f"state {task.record.state.value}: nothing to settle")
    try:
        return _WAYS[task.mode](office, principal, task, request)
    except SohoaError as error:
        if error.code is not Code.RECORD_CHANGED:
            raise
        raise _overtaken(office, principal, load_task(office, principal, record_id), request) from error


def hold(office: Office, principal: Principal, record_id: str, request: DraftRequest) -> None:
    """Make sure that the caller holds the task, taking it where nobody does; what was entered is never lost.

    Raises:
        SohoaError: `TASK_LOST` where somebody else holds it; the draft is kept.
    """
    if office.leases.take(record_id, principal.account, request.token) is not None:
        return
    holder = office.leases.holder(record_id)
    # Another tab of the same account writes that draft itself.
    if holder is None or holder.account != principal.account:
        office.drafts.keep(record_id, principal.account, request.draft())
    raise SohoaError(Code.TASK_LOST, detail=record_id)


def _overtaken(office: Office, principal: Principal, task: Task, request: SettleRequest) -> Overtaken:
    office.drafts.keep(task.record.record_id, principal.account, request.draft())
    return Overtaken(task, conflicts_of(office.store, task, request, principal.account))


def _resumed(office: Office, principal: Principal, task: Task, request: SettleRequest) -> Settled | None:
    """Go on with what the caller asked before, where everything entered is in place already; else None."""
    account = principal.account
    if not is_done(office.store, task, request, account):
        return None
    if task.mode is Mode.REVIEW and task.open_fields and request.approve:
        return None
    before = load_record(office.store, task.record.record_id, request.revision)
    written = _correction_after(office, task.record, request.revision)
    noted: Sequence[Settlement] = ()
    if before is not None and written is not None:
        noted = settlements_of(task, before, written, request.fields, account)
    return sign_off(office, principal, task, task.record, request, noted)


def _correction_after(office: Office, latest: Record, revision: int) -> Record | None:
    for number in range(revision + 1, latest.revision + 1):
        each = latest if number == latest.revision else load_record(office.store, latest.record_id, number)
        if each is not None and each.decision is not None and each.decision.kind is DecisionKind.CORRECT:
            return each
    return None
