"""Whether a paper that is held is good enough for one use: rules alone, nothing is read or written."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from extractors.procedures.purposes import serves
from extractors.record import RecordState
from storage.catalogue import HoldingRow
from storage.lookup_answer import Reason

# Good for the purpose they state and no other. Source: design §6; NĐ 123/2015/NĐ-CP Điều 23.
BOUND_TO_PURPOSE = frozenset({"giay-xac-nhan-tinh-trang-hon-nhan"})
# Always end: without a last day it was not read. Cards and licences are not among them, for they may say
# `Không thời hạn`, and a record whose day could not be read is neither accepted nor approved without a person's word.
ALWAYS_END = frozenset({"giay-xac-nhan-tinh-trang-hon-nhan", "giay-phep-xay-dung"})
# About a thing of which a person may have several: that it is the one of this dossier the catalogue cannot tell.
ABOUT_A_THING = frozenset({"giay-chung-nhan-quyen-su-dung-dat", "giay-phep-xay-dung"})
# What a person is on a paper of their own.
_OWNER_ROLES = frozenset({"owner", "wife", "husband", "enterprise"})
_DECEASED = "deceased"
_DATE_PATTERN = re.compile("[0-9]{4}(?:-[0-9]{2}){0,2}")
_USABLE = frozenset({RecordState.ACCEPTED, RecordState.APPROVED})
_REASON_OF_STATE = {
    RecordState.NEEDS_REVIEW: Reason.UNSETTLED,
    RecordState.SUPERSEDED: Reason.SUPERSEDED,
    RecordState.REVOKED: Reason.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Use:
    """What a paper is needed for.

    Attributes:
        on: The day on which it must be valid.
        purpose: Code of the purpose (`extractors.procedures.purposes`), or None: none that is known.
        approved_only: True when a machine's acceptance is not enough.
    """

    on: date
    purpose: str | None = None
    approved_only: bool = False


def is_usable(row: HoldingRow) -> bool:
    """True when the record's state lets it be used at all."""
    return row.state in _USABLE


def is_own_paper(row: HoldingRow, role: str | None) -> bool:
    """True when it is the paper of the person it was found by: a mother is on her child's paper, which is not hers.

    Args:
        row: A record the person is on.
        role: What the component asks the person to be; None: the applicant, who is alive.
    """
    return row.role in _OWNER_ROLES or (row.role == _DECEASED and role is not None)


def reasons_against(row: HoldingRow, use: Use, *, other_person: bool) -> tuple[Reason, ...]:
    """Return every reason why the paper cannot be used, in the order of `Reason`; none: it can.

    A rejected record is no paper at all: do not ask about it.
    """
    found = set()
    if not is_usable(row):
        found.add(_REASON_OF_STATE.get(row.state, Reason.UNSETTLED))
    elif use.approved_only and row.state is not RecordState.APPROVED:
        found.add(Reason.UNSETTLED)
    found |= _reasons_of_dates(row, use.on)
    if row.paper_type in BOUND_TO_PURPOSE:
        if row.scope is None or not serves(row.scope, use.purpose):
            found.add(Reason.WRONG_PURPOSE)
    elif not serves(row.scope, use.purpose):
        found.add(Reason.WRONG_SCOPE)
    if other_person:
        found.add(Reason.OTHER_PERSON)
    return tuple(reason for reason in Reason if reason in found)


def _reasons_of_dates(row: HoldingRow, on: date) -> set[Reason]:
    found = set()
    if row.valid_until is not None:
        last = first_day(row.valid_until)
        if last is None:
            found.add(Reason.UNSETTLED)
        elif last < on:
            found.add(Reason.EXPIRED)
    elif row.paper_type in ALWAYS_END:
        found.add(Reason.UNSETTLED)
    if row.issued_date is not None:
        issued = last_day(row.issued_date)
        if issued is None:
            found.add(Reason.UNSETTLED)
        elif issued > on:
            found.add(Reason.EXPIRED)
    return found


def first_day(text: str) -> date | None:
    """Return the first day that an ISO 8601 day, month or year may mean; None where it is none."""
    if not _DATE_PATTERN.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text + "-01-01"[3 * text.count("-") :])
    except ValueError:
        return None


def last_day(text: str) -> date | None:
    """Return the last day that an ISO 8601 day, month or year may mean; None where it is none."""
    first = first_day(text)
    if first is None or text.count("-") == 2:
        return first
    month = first.month if text.count("-") == 1 else 12
    return first.replace(month=month, day=calendar.monthrange(first.year, month)[1])


def preference(row: HoldingRow, *, direct: bool) -> tuple[bool, bool, str, str, str]:
    """Return what sorts usable papers, the best last: approved, the very paper that is asked for, the newest."""
    issued = last_day(row.issued_date) if row.issued_date else None
    newest = issued.isoformat() if issued else ""
    return row.state is RecordState.APPROVED, direct, newest, row.created_at.isoformat(), row.record_id
