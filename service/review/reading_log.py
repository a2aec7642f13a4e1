"""Noting that a steward reads a record, before anything of it leaves: once for each opening, not for each request."""

from extractors.record import Record
from service.office import Office
from service.review.shelf import Shelf
from service.roles import Principal
from storage.read_log.entry import ReadKind
from storage.read_log.opening import log_read

PURPOSE = "duyệt giấy tờ số hóa"


def note_opening(office: Office, shelf: Shelf, principal: Principal, record: Record) -> None:
    """Note that the caller opens a record.

    Raises:
        SohoaError: `READ_LOG_FAILED`: it must not leave.
    """
    agency = principal.agency or office.settings.agency
    log_read(office.read_log, ReadKind.RECORD, [record], reader=principal.account, agency=agency, purpose=PURPOSE)
    shelf.shown.keep((principal.account, record.record_id), value=True)


def note_more(office: Office, shelf: Shelf, principal: Principal, record: Record) -> None:
    """Note that the caller is shown more of a record; nothing is written where its opening was noted within the hour.

    Raises:
        SohoaError: `READ_LOG_FAILED`.
    """
    if shelf.shown.find((principal.account, record.record_id)) is None:
        note_opening(office, shelf, principal, record)
