"""Whose records a caller may read, and how much of each.

A record may be read by its own agency (`Principal.may_see`), and by an account that a lookup told of it within the last
30 days as held or as one to choose from: the once-only question is asked of all agencies, but what it does not answer
stays closed. Whoever reads another agency's record gets what the paper says and nothing of how its agency works.
"""

from dataclasses import dataclass

from ocr.problem import Code, SohoaError
from service.office import Office
from service.roles import Principal, Role
from storage.catalogue import RecordRow
from storage.desk.offers import Offers
from storage.lookup_answer import LookupAnswer


@dataclass(frozen=True, slots=True)
class View:
    """How much of a record a caller is shown.

    Attributes:
        is_own: True for the agency's own record: names of folders and files, history, earlier revisions.
        is_masked: True when identifiers of persons are shown with their middle hidden.
        with_doubtful: True when values that nobody verified are shown too.
    """

    is_own: bool
    is_masked: bool
    with_doubtful: bool

    @property
    def tag(self) -> str:
        """Tells this view of a revision from the others; part of its ETag."""
        flags = (("o", self.is_own), ("m", self.is_masked), ("d", self.with_doubtful))
        return "".join(letter for letter, is_set in flags if is_set)


def readable(office: Office, principal: Principal, record_id: str) -> RecordRow:
    """Return the row of a record that the caller may read.

    Raises:
        SohoaError: `RECORD_UNKNOWN` when there is none, or it is no business of theirs.
    """
    row = office.catalogue.record(record_id)
    if row is not None and (principal.may_see(row.agency) or Offers(office.desk).stands(principal.account, record_id)):
        return row
    raise SohoaError(Code.RECORD_UNKNOWN)


def own(office: Office, principal: Principal, record_id: str) -> RecordRow:
    """Return the row of a record of the caller's agency.

    Raises:
        SohoaError: `RECORD_UNKNOWN` otherwise.
    """
    row = office.catalogue.record(record_id)
    if row is None or not principal.may_see(row.agency):
        raise SohoaError(Code.RECORD_UNKNOWN)
    return row


def view_of(principal: Principal, row: RecordRow, *, unmasked: bool = False) -> View:
    """Return how much of the record the caller is shown.

    Args:
        principal: Who asks.
        row: A record they may read.
        unmasked: True when a person asks for whole identifiers; systems always get them.
    """
    is_system = Role.READER in principal.roles
    return View(
        is_own=principal.may_see(row.agency),
        is_masked=not is_system and not unmasked,
        with_doubtful=Role.SUPERVISOR in principal.roles and principal.may_see(row.agency),
    )


def offer(office: Office, principal: Principal, answer: LookupAnswer) -> None:
    """Open what a lookup told of to whoever asked. What was refused is not offered: it may be about somebody else."""
    if principal.agency is None:
        return
    told = {held.record_id for held in answer.held}
    told.update(candidate.record_id for missing in answer.missing for candidate in missing.candidates)
    Offers(office.desk).make(principal.account, told)
