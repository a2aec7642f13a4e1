"""Settling what is doubtful: what was entered becomes a correction, the record as a whole an approval.

Two revisions cannot be written at once. The correction comes first: cut off between the two, the record still waits,
and asking again finds the correction in place and goes on. What has to be keyed a second time is noted before either;
the catalogue is told once, of what came out, unless the record is in use.
"""

from collections.abc import Mapping, Sequence

from extractors.record import ExtractedField, Record, RecordState, SourcePage
from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.entries import NEVER_READ, entered, settled_fields
from service.review.keying import open_keyings, to_key_again
from service.review.measured import settlements_of
from service.review.requests import Settled, SettleRequest
from service.review.tasks import Task, is_open
from service.roles import Principal
from storage.acts import Act, project
from storage.decisions import NOTHING_CHANGES, approve, correct, reopen
from storage.desk.ending import end_task
from storage.desk.settlements import Settlement
from storage.transitions import RELEASED

LOOKED_AT_SCAN = "đối chiếu với ảnh quét"
_FOUND_WRONG = "trường quan trọng được sửa khi đối chiếu với ảnh quét; chờ người thứ hai nhập lại"
_UNSIGNED = frozenset({RecordState.NEEDS_REVIEW, RecordState.ACCEPTED})


def review(office: Office, principal: Principal, task: Task, request: SettleRequest) -> Settled:
    """Settle what is doubtful; the caller holds the task and saw its latest revision.

    Raises:
        SohoaError: `DECISION_INVALID` naming the fields that are still open; `RECORD_CHANGED`.
        FieldsRefused: With the machine reason of every field whose value is refused.
    """
    before = task.record
    settled = settled_fields(task, request.fields, principal.account)
    if request.approve:
        _check_complete(task, settled)
    again = to_key_again(office.settings.second_keying, before, task.paper_type, settled)
    office.keyings.key_first(before.record_id, principal.account, again)
    record = before
    if again and before.state in RELEASED:
        act = Act(principal.account, _FOUND_WRONG)
        record = reopen(office.store, office.catalogue, before.record_id, before.revision, act)
    noted: Sequence[Settlement] = ()
    if settled:
        record = write_correction(office, principal, task, record, request)
        if record.revision > before.revision:
            noted = settlements_of(task, before, record, request.fields, principal.account)
    return sign_off(office, principal, task, record, request, noted)


def write_correction(
    office: Office, principal: Principal, task: Task, record: Record, request: SettleRequest, reason: str = ""
) -> Record:
    """Write what was entered as the next revision; where it changes nothing, the record stays as it is.

    The catalogue is told by `sign_off`; of what was released with a wrong value at once, as it answers lookups.
    """
    told = office.catalogue if record.state in RELEASED else None
    values, confirm = entered(request.fields)
    act = Act(principal.account, request.reason.strip() or reason or LOOKED_AT_SCAN, _pages_looked_at(task, request))
    try:
        return correct(office.store, told, record.record_id, record.revision, act, office.paper_types, values, confirm)
    except SohoaError as refused:
        if refused.code is Code.DECISION_INVALID and refused.problem.detail == NOTHING_CHANGES:
            return record
        raise


def sign_off(
    office: Office,
    principal: Principal,
    task: Task,
    record: Record,
    request: SettleRequest,
    noted: Sequence[Settlement] = (),
) -> Settled:
    """Approve what is settled, unless a field waits for another person's keying; tell the catalogue, tidy the desk.

    Args:
        office: The office.
        principal: Who settles.
        task: What was settled.
        record: Its latest revision, the correction if there is one.
        request: What was asked.
        noted: What the board is to count.

    Raises:
        SohoaError: As `storage.decisions.approve`; the correction stands, and counts.
    """
    keyed = office.keyings.of(record.record_id)
    still_open = open_keyings(record, task.paper_type, keyed)
    unkeyed = [keying.field for keying in still_open if keying.second is None]
    disputed = [keying.field for keying in still_open if keying.second is not None]
    try:
        if request.approve and not still_open and record.state in _UNSIGNED:
            act = Act(principal.account, request.reason)
            record = approve(office.store, None, record.record_id, record.revision, act, office.paper_types)
    except SohoaError:
        office.settlements.note(noted)
        raise
    finally:
        project(office.catalogue, record)
    is_released = bool(keyed) and record.state in RELEASED
    end_task(office.desk, record.record_id, principal.account, request.token, noted, is_released=is_released)
    return Settled(record, unkeyed, disputed)


def _check_complete(task: Task, settled: Mapping[str, ExtractedField]) -> None:
    missing = [name for name, field in task.fields().items() if name not in settled and is_open(task, name, field)]
    if missing:
        names = ", ".join(missing)
        raise SohoaError(Code.DECISION_INVALID, field=names, detail=f"still doubtful: {names}")


def _pages_looked_at(task: Task, request: SettleRequest) -> tuple[str, ...]:
    """Return the pages that stand behind values which no reader saw: those looked at, else the first."""
    unseen = [
        entry
        for name, entry in request.fields.items()
        if entry.typed is not None and task.record.fields.get(name, NEVER_READ).evidence is None
    ]
    sources = task.record.source
    indexes = dict.fromkeys(entry.page if entry.page is not None else 0 for entry in unseen)
    pages = (sources[min(index, len(sources) - 1)] for index in indexes)
    return tuple(page_reference(page) for page in pages)


def page_reference(page: SourcePage) -> str:
    """Return how evidence names a page: by what its scan is, not by its file's name, which may be a person's."""
    return f"bản quét {page.sha256} trang {page.page_number}"
