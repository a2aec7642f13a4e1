"""Taking the next paper to the desk: found, held and shown in one answer, as the person waits for all three."""

from contextlib import ExitStack
from typing import Any

from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.queue import QueueFilter, next_task
from service.review.reading_log import note_opening
from service.review.requests import TakeRequest
from service.review.shelf import Shelf
from service.review.tasks import Mode, load_task
from service.review.view import view_of
from service.roles import Principal


def take_next(
    office: Office, shelf: Shelf, principal: Principal, filters: QueueFilter, asked: TakeRequest
) -> dict[str, Any] | None:
    """Take the oldest task that is free; return its view, None where there is none.

    Raises:
        SohoaError: `READ_LOG_FAILED`: nothing is shown, nothing held; others as `load_task` and the desk raise.
    """
    skip = frozenset(asked.skip)
    while (record_id := next_task(office, principal, filters, skip)) is not None:
        view = _taken(office, shelf, principal, record_id, asked.token)
        if view is not None:
            return view
        # Somebody was quicker, or the account holds it on another page.
        skip |= {record_id}
    return None


def _taken(office: Office, shelf: Shelf, principal: Principal, record_id: str, token: str) -> dict[str, Any] | None:
    """Take a task and return its view; None where it cannot be had, or nothing is to be done in it."""
    if office.leases.take(record_id, principal.account, token) is None:
        return None
    with ExitStack() as unless_shown:
        unless_shown.callback(office.leases.release, record_id, principal.account, token)
        try:
            task = load_task(office, principal, record_id)
        except SohoaError as error:
            if error.code is not Code.RECORD_UNKNOWN:
                raise
            return None
        if task.mode is Mode.READ:
            return None
        note_opening(office, shelf, principal, task.record)
        view = view_of(office, shelf, principal, task)
        unless_shown.pop_all()
        return view
