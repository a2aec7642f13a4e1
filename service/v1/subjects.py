"""`/v1/subjects`: what is held on a person, and who read it. The identifier comes in the body, never in an address."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from extractors.record import RecordState
from ocr.problem import Code
from service.access import Caller, TheOffice
from service.pages.rendering import VIET_NAM
from service.roles import Role
from service.routes import Routes
from service.v1.groups import SUBJECTS
from service.v1.lookups import (
    ClaimedBirth,
    ClaimedName,
    ForDossier,
    Identifier,
    StatedPurpose,
    as_date,
)
from service.v1.problems import problems
from service.v1.purpose import checked, log
from service.v1.showing import moment_text
from storage.catalogue import HoldingRow
from storage.holding_persons import given_person, strangers
from storage.holdings import Use, is_own_paper, reasons_against
from storage.identity import normal_identifier
from storage.lookup_answer import Reason
from storage.read_log.entry import ReadEntry, ReadKind
from storage.read_log.readers import reads_about

routes = Routes("/subjects", [SUBJECTS])

HOLDING = frozenset({Role.READER, Role.SUPERVISOR})
AUDITING = frozenset({Role.AUDITOR})
# They depend on the use, which is not asked about here: `scope` tells it.
_OF_A_USE = frozenset({Reason.WRONG_PURPOSE, Reason.WRONG_SCOPE})
_DECEASED = "deceased"
_ERRORS = (Code.PURPOSE_MISSING, Code.SUBJECT_INVALID, Code.PROCEDURE_UNKNOWN, Code.READ_LOG_FAILED)


class SubjectAsked(BaseModel):
    """Whom it is about, and what for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    subject: Identifier
    purpose: StatedPurpose
    procedure: Annotated[str | None, Field(max_length=100, description="Mã thủ tục mà việc này phục vụ")] = None
    dossier_code: ForDossier = None


class HoldingsAsked(SubjectAsked):
    """Whom it is about, what for, and what the person says of themselves."""

    name: ClaimedName = None
    birth: ClaimedBirth = None


class HoldingShape(BaseModel):
    """A paper of the person that is held.

    Attributes:
        record_id: Its record. It may be read by its own agency, or after a lookup that names it as held.
        revision: The latest revision.
        state: Where it stands.
        paper_type: Identifier of the paper type.
        paper_type_name: In Vietnamese.
        role: What the person is on the paper.
        agency: The agency whose record it is, or null.
        issued_date: ISO 8601, maybe partial, or null.
        valid_until: Last day, or null: it does not end, or is not told.
        scope: Code of the one purpose it was issued for, or null: any.
        trust_level: Level of TT 01/2023, or null.
        verified_by: `machine`, `steward` or `both`.
        superseded_by: The record that took its place, or null.
        reasons: Why it cannot be used today, whatever for; empty: it can, within `scope`.
    """

    record_id: str
    revision: int
    state: RecordState
    paper_type: str
    paper_type_name: str
    role: str
    agency: str | None
    issued_date: str | None
    valid_until: str | None
    scope: str | None
    trust_level: str | None
    verified_by: str
    superseded_by: str | None
    reasons: list[Reason]


class HoldingsShape(BaseModel):
    """What is held on a person, newest first; `read_log_id` names the entry of the read log that says so."""

    subject: str
    on: date
    purpose: str
    holdings: list[HoldingShape]
    read_log_id: str


class ReadShape(BaseModel):
    """One look at the person's papers.

    Attributes:
        at: When.
        kind: `lookup`, `related`, `record`, `export` or `subject`.
        reader: Account of who read; systems begin with `client:`.
        agency: The reader's agency, or null.
        purpose: What for, in the reader's words.
        procedure: Code of the procedure, or null.
        records: Which of the person's papers.
    """

    at: datetime
    kind: ReadKind
    reader: str
    agency: str | None
    purpose: str
    procedure: str | None
    records: list[str]


class ReadsShape(BaseModel):
    """Who read the papers of a person, oldest first; `read_log_id` names the entry that says that this was asked."""

    subject: str
    reads: list[ReadShape]
    read_log_id: str


@routes.post(
    "/holdings",
    roles=HOLDING,
    response_model=HoldingsShape,
    operation_id="getHoldings",
    summary="Nhà nước đang giữ giấy tờ nào của một người: hiệu lực, phạm vi, mức tin cậy",
    description=(
        "Giấy tờ của mọi cơ quan, không kèm nội dung, không mở quyền đọc. Giấy của người khác có tên người này, "
        "và bản ghi bị loại, thì không kể."
    ),
    responses=problems(*_ERRORS),
)
def get_holdings(asked: HoldingsAsked, office: TheOffice, caller: Caller) -> Response:
    """Name the papers held on a person, of all agencies, without what they say.

    Papers on which the person is named beside somebody else (a mother on her child's) are not the person's own and are
    left out; so is what was rejected.
    """
    purpose = checked(asked.purpose, asked.procedure, asked.dossier_code)
    birth = as_date(asked.birth, "birth") if asked.birth is not None else None
    subject = normal_identifier(asked.subject)
    subject_key = office.identity_key.subject(subject)
    rows = office.catalogue.holdings_of(subject_key)
    others = strangers(rows, given_person(office.identity_key, asked.name, birth))
    own = {row.record_id: row for row in rows if _is_own(row)}
    read_log_id = log(office, caller, purpose, ReadKind.SUBJECT, own.values(), subject_key)
    on = datetime.now(VIET_NAM).date()
    names = {paper_type.id: paper_type.name for paper_type in office.paper_types}
    return JSONResponse(
        {
            "subject": subject,
            "on": on.isoformat(),
            "purpose": purpose.text,
            "holdings": [
                _holding(row, names, Use(on=on), other_person=row.record_id in others) for row in own.values()
            ],
            "read_log_id": read_log_id,
        }
    )


@routes.post(
    "/reads",
    roles=AUDITING,
    response_model=ReadsShape,
    operation_id="getReads",
    summary="Ai đã xem giấy tờ của một người, lúc nào, để làm gì",
    description=("Chỉ kể người đọc thuộc cơ quan người hỏi và đơn vị trực thuộc."),
    responses=problems(*_ERRORS),
)
def get_reads(asked: SubjectAsked, office: TheOffice, caller: Caller) -> Response:
    """Tell who read a person's papers; of an entry about several persons, this one's records alone.

    Who acts for an agency is told of its own readers and those of the units under it.
    """
    purpose = checked(asked.purpose, asked.procedure, asked.dossier_code)
    subject = normal_identifier(asked.subject)
    subject_key = office.identity_key.subject(subject)
    records = {row.record_id for row in office.catalogue.holdings_of(subject_key)}
    found = reads_about(office.store, office.catalogue, office.read_log, subject_key=subject_key)
    read_log_id = log(office, caller, purpose, ReadKind.SUBJECT, (), subject_key)
    told = [_read(entry, records, subject_key) for entry in found if caller.may_see(entry.agency)]
    return JSONResponse({"subject": subject, "reads": told, "read_log_id": read_log_id})


def _is_own(row: HoldingRow) -> bool:
    return row.state is not RecordState.REJECTED and is_own_paper(row, _DECEASED)


def _holding(row: HoldingRow, names: dict[str, str], use: Use, *, other_person: bool) -> dict[str, Any]:
    reasons = reasons_against(row, use, other_person=other_person)
    return {
        "record_id": row.record_id,
        "revision": row.revision,
        "state": row.state.value,
        "paper_type": row.paper_type,
        "paper_type_name": names.get(row.paper_type, row.paper_type),
        "role": row.role,
        "agency": row.agency,
        "issued_date": row.issued_date,
        "valid_until": row.valid_until,
        "scope": row.scope,
        "trust_level": row.trust_level,
        "verified_by": row.verified_by,
        "superseded_by": row.superseded_by,
        "reasons": [reason.value for reason in reasons if reason not in _OF_A_USE],
    }


def _read(entry: ReadEntry, records: set[str], subject_key: str) -> dict[str, Any]:
    about = entry.subject_key == subject_key
    shown = dict.fromkeys(each.record_id for each in entry.records if about or each.record_id in records)
    return {
        "at": moment_text(entry.at),
        "kind": entry.kind.value,
        "reader": entry.reader,
        "agency": entry.agency,
        "purpose": entry.purpose,
        "procedure": entry.procedure,
        "records": list(shown),
    }
