"""What every decision on a record shares: who acts and why, the lock against deciding on what changed, the writing."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from extractors.record import Decision, DecisionKind, Record
from ocr.problem import Code, SohoaError
from storage.keys import record_prefix
from storage.objects import ObjectStore
from storage.records import latest_revision, load_record, save_decision

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

_ACCOUNT = re.compile(r"\w[\w.@-]{0,63}")
_LONGEST_REASON, _LONGEST_EVIDENCE, _MOST_EVIDENCE = 2000, 200, 50


@dataclass(frozen=True, slots=True)
class Act:
    """Who decides, when, why and on what ground.

    Attributes:
        by: Account of the person: letters, digits, `._@-`.
        reason: In the person's words. Needed for every decision but the approval of a record with fields.
        evidence: What it rests on: identifiers of records (which must be held), numbers of acts, pages.
        at: When, with its zone.
    """

    by: str
    reason: str = ""
    evidence: tuple[str, ...] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def decision(self, kind: DecisionKind, *further: str) -> Decision:
        """Return the act as the record keeps it, `further` evidence first."""
        evidence = tuple(dict.fromkeys((*further, *self.evidence)))
        return Decision(kind=kind, by=self.by, at=self.at, reason=self.reason.strip(), evidence=evidence)


def check_act(store: ObjectStore, act: Act, *, needs_reason: bool = True) -> None:
    """Check that the act says what it must.

    Raises:
        SohoaError: `DECISION_INVALID` naming what is wrong, never what was given.
    """
    if not _ACCOUNT.fullmatch(act.by):
        raise invalid("not an account name: letters, digits, dot, at, dash, underscore", "by")
    if act.at.tzinfo is None:
        raise invalid("a time without its zone", "at")
    if needs_reason and not act.reason.strip():
        raise invalid("a reason is needed", "reason")
    if len(act.reason) > _LONGEST_REASON:
        raise invalid(f"longer than {_LONGEST_REASON} characters", "reason")
    if len(act.evidence) > _MOST_EVIDENCE:
        raise invalid(f"more than {_MOST_EVIDENCE} references", "evidence")
    for reference in act.evidence:
        check_reference(store, reference, "evidence")


def check_reference(store: ObjectStore, reference: str, name: str) -> None:
    """Check one reference: a line of text; where it names a record, the store holds the record.

    Raises:
        SohoaError: `DECISION_INVALID` for the parameter `name`.
    """
    is_text = reference.strip() and not any(unicodedata.category(char).startswith("C") for char in reference)
    if not is_text or len(reference) > _LONGEST_EVIDENCE:
        raise invalid(f"a reference is one line of at most {_LONGEST_EVIDENCE} characters", name)
    try:
        record_prefix(reference)
    except ValueError:
        return
    if latest_revision(store, reference) is None:
        raise invalid(f"record {reference} is not held", name)


def current(store: ObjectStore, record_id: str) -> Record:
    """Return the record's latest revision.

    Raises:
        SohoaError: `RECORD_UNKNOWN`; the store cannot be read.
    """
    try:
        record = load_record(store, record_id)
    except ValueError:
        raise SohoaError(Code.RECORD_UNKNOWN, detail="not a record identifier") from None
    if record is None:
        raise SohoaError(Code.RECORD_UNKNOWN, detail=record_id)
    return record


def current_at(store: ObjectStore, catalogue: "Catalogue | None", record_id: str, expected_revision: int) -> Record:
    """Return the latest revision, which must be the one the person saw.

    Raises:
        SohoaError: `RECORD_UNKNOWN`; `RECORD_CHANGED` with both numbers.
    """
    record = current(store, record_id)
    # A decision that reached the store but not the catalogue is told here, when its command is repeated and refused.
    project(catalogue, record)
    if record.revision != expected_revision:
        detail = f"{record_id}: revision {expected_revision} expected, {record.revision} is there"
        raise SohoaError(Code.RECORD_CHANGED, detail=detail)
    return record


def write(
    store: ObjectStore, catalogue: "Catalogue | None", record: Record, decision: Decision, **changes: Any
) -> Record:
    """Store `record`, changed, as its next revision, enter it in the catalogue and return it.

    Raises:
        SohoaError: `RECORD_CHANGED` when somebody else was faster; the store or catalogue cannot be written.
    """
    before = record.provenance.created_at
    # A link that is completed later keeps the time of its decision; times of revisions never run backwards.
    made_at = max(decision.at, before if before.tzinfo else before.replace(tzinfo=UTC))
    provenance = record.provenance.model_copy(update={"created_at": made_at})
    decided = record.model_copy(update={**changes, "decision": decision, "provenance": provenance})
    written = save_decision(store, decided, record.revision)
    project(catalogue, written)
    return written


def project(catalogue: "Catalogue | None", record: Record) -> None:
    """Enter the record in the catalogue, where there is one."""
    if catalogue is not None:
        catalogue.project_record(record)


def invalid(why: str, name: str | None = None) -> SohoaError:
    """Return the error for a decision that cannot be; `name` is the field or parameter concerned."""
    return SohoaError(Code.DECISION_INVALID, field=name, detail=f"{name}: {why}" if name else why)
