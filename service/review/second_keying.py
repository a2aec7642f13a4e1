"""Keying critical fields a second time, blind; and saying which of two keyings is right."""

from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.entries import FieldsRefused, settled_fields
from service.review.proposals import same
from service.review.requests import Settled, SettleRequest
from service.review.reviewing import sign_off, write_correction
from service.review.tasks import Task
from service.roles import Principal
from storage.desk.drafts import Action
from storage.desk.keyings import SECOND, THIRD, Keying

_AGREED = "hai người nhập độc lập khớp nhau"
_SETTLED_BY_THIRD = "phân xử hai lần nhập khác nhau, đối chiếu với ảnh quét"


def key_second(office: Office, principal: Principal, task: Task, request: SettleRequest) -> Settled:
    """Note what a second person keyed; where it is the same as the first, the record is signed off.

    Raises:
        SohoaError: `DECISION_INVALID` where a field is missing, or is confirmed: nothing was shown to confirm.
            `TASK_LOST` where somebody else was faster.
        FieldsRefused: Values are refused.
    """
    _check_asked(task, request)
    unseen = {name: entry for name, entry in request.fields.items() if entry.action is not Action.CONFIRM}
    if len(unseen) != len(request.fields):
        names = ", ".join(name for name in request.fields if name not in unseen)
        raise SohoaError(Code.DECISION_INVALID, field=names, detail="keyed blind: nothing to confirm")
    settled = settled_fields(task, unseen, principal.account)
    first = {keying.field: keying.value for keying in task.keyings}
    values = {name: settled[name].value for name in task.open_fields}
    agrees = {name: same(task.declared(name), name, first[name], value) for name, value in values.items()}
    if not office.keyings.key_again(task.record.record_id, SECOND, principal.account, values, agrees):
        raise SohoaError(Code.TASK_LOST, detail=task.record.record_id)
    return sign_off(office, principal, task, task.record, _with_reason(request, _AGREED))


def adjudicate(office: Office, principal: Principal, task: Task, request: SettleRequest) -> Settled:
    """Give the disputed fields the value a third person finds on the paper, and sign the record off.

    Raises:
        SohoaError: `DECISION_INVALID` where a field is missing; `TASK_LOST` where somebody else was faster.
        FieldsRefused: Values are refused.
    """
    _check_asked(task, request)
    settled = settled_fields(task, request.fields, principal.account)
    first = {keying.field: keying.value for keying in task.keyings}
    values = {name: settled[name].value for name in task.open_fields}
    agrees = {name: same(task.declared(name), name, first[name], value) for name, value in values.items()}
    record = task.record
    if not office.keyings.key_again(record.record_id, THIRD, principal.account, values, agrees):
        raise SohoaError(Code.TASK_LOST, detail=record.record_id)
    record = write_correction(office, principal, task, record, request, _SETTLED_BY_THIRD)
    return sign_off(office, principal, task, record, _with_reason(request, _SETTLED_BY_THIRD))


def repeated(office: Office, principal: Principal, task: Task, request: SettleRequest) -> Settled | None:
    """Return the answer to a second keying that is sent again and was noted already; else None."""
    own = {
        keying.field: keying
        for keying in office.keyings.of(task.record.record_id)
        if keying.account == principal.account and keying.ordinal == SECOND
    }
    if task.record.revision != request.revision or not own or set(request.fields) != set(own):
        return None
    if not all(_says(task, own[name], request, principal.account) for name in own):
        return None
    return Settled(task.record, (), [keying.field for keying in task.keyings])


def _says(task: Task, keying: Keying, request: SettleRequest, account: str) -> bool:
    entry = request.fields[keying.field]
    try:
        value = settled_fields(task, {keying.field: entry}, account)[keying.field].value
    except FieldsRefused:
        return False
    return same(task.declared(keying.field), keying.field, keying.value, value)


def _check_asked(task: Task, request: SettleRequest) -> None:
    missing = [name for name in task.open_fields if name not in request.fields]
    strange = [name for name in request.fields if name not in task.open_fields]
    if missing or strange:
        names = ", ".join(missing or strange)
        detail = "still to be keyed" if missing else "not asked in this task"
        raise SohoaError(Code.DECISION_INVALID, field=names, detail=f"{detail}: {names}")


def _with_reason(request: SettleRequest, reason: str) -> SettleRequest:
    given = request.reason.strip()
    return request.model_copy(update={"approve": True, "reason": given or reason})
