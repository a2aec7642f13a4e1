"""Identifiers of persons: shown with their middle hidden, and whole to who says why, each look written down before."""

from dataclasses import dataclass

from extractors.paper_type import PaperType
from extractors.record import Record, RecordState
from ocr.problem import Code, SohoaError
from service.office import Office
from service.roles import Principal, Role
from storage.read_log.entry import ReadKind, said
from storage.read_log.opening import log_read
from storage.records import load_record

# Who works on papers may see whole what the papers say. Who watches over reads, or keeps accounts, needs none of it.
UNMASKING = frozenset({Role.STEWARD, Role.SUPERVISOR})
MASKED_KINDS = frozenset({"personal_id", "personal_id_within"})
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Unmasked:
    """One identifier, whole, and the entry of the read log that says who saw it and why."""

    record_id: str
    revision: int
    field: str
    value: str
    read_log_id: str


def is_masked(paper_type: PaperType | None, field: str) -> bool:
    """True for a field that holds an identifier of a person; of an unknown paper type it is told by its name."""
    declared = paper_type.fields.get(field) if paper_type is not None else None
    return declared.kind in MASKED_KINDS if declared is not None else field.endswith("personal_id")


def unmask(office: Office, principal: Principal, record_id: str, field: str, reason: str) -> Unmasked:
    """Return an identifier of a person whole, after the read log says who asked and why.

    Raises:
        SohoaError: `PURPOSE_MISSING` without a reason; `RECORD_UNKNOWN`, also for a record of another agency;
            `NOT_ALLOWED` while the record waits for a person: it is then seen on the page of its review, where the
            second of two people who key it is not shown what the first one keyed; `REQUEST_INVALID` where the field is
            no identifier or has no value; `READ_LOG_FAILED`.
    """
    why = said(reason)
    if not why or len(why) > LONGEST_REASON:
        raise SohoaError(Code.PURPOSE_MISSING, field="reason")
    row = office.catalogue.record(record_id)
    record = load_record(office.store, record_id) if row is not None and principal.may_see(row.agency) else None
    if record is None:
        raise SohoaError(Code.RECORD_UNKNOWN)
    if record.state is RecordState.NEEDS_REVIEW:
        raise SohoaError(Code.NOT_ALLOWED, detail="the record is under review; open its task")
    value = _identifier(office, record, field)
    entry = log_read(
        office.read_log,
        ReadKind.IDENTIFIER,
        [record],
        reader=principal.account,
        agency=principal.agency or office.settings.agency,
        purpose=f"{why} ({field})",
    )
    return Unmasked(record.record_id, record.revision, field, value, entry)


def _identifier(office: Office, record: Record, field: str) -> str:
    found = record.fields.get(field)
    if found is None or not is_masked(office.paper_type(record.paper_type), field):
        raise SohoaError(Code.REQUEST_INVALID, field="field", detail="no identifier of a person")
    if not isinstance(found.value, str):
        raise SohoaError(Code.REQUEST_INVALID, field="field", detail="the field has no value")
    return found.value
