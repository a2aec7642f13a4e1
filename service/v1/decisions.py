"""`/v1/records/…/approve` and the like: what people decide on records."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from extractors.record import DecisionKind, Record, RecordState, Revocation
from ocr.problem import Code, SohoaError
from service.access import Caller, TheOffice
from service.roles import Role
from service.routes import Routes
from service.v1 import deciding
from service.v1.deciding import Decided, check_may_undo, done_before
from service.v1.entitlement import own, view_of
from service.v1.etags import IfMatch, etag_of, revision_seen
from service.v1.groups import DECISIONS
from service.v1.idempotency import CODES, key_of, may_be_done, once
from service.v1.moments import WholeDay
from service.v1.problems import problems
from service.v1.records import RecordId
from storage import decisions, links
from storage.acts import Act

routes = Routes("/records", [DECISIONS])

DECIDING = frozenset({Role.STEWARD, Role.SUPERVISOR})
SUPERVISING = frozenset({Role.SUPERVISOR})
_ERRORS = problems(
    Code.RECORD_UNKNOWN,
    Code.RECORD_CHANGED,
    Code.TASK_TAKEN,
    Code.SECOND_KEYING_NEEDED,
    Code.DECISION_INVALID,
    Code.NOT_ALLOWED,
    *CODES,
)

Line = Annotated[str, Field(min_length=1, max_length=200)]
Typed = Annotated[str, Field(max_length=4000)] | Annotated[list[str], Field(max_length=200)] | None
FieldKey = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,63}$")]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    revision: int | None = Field(
        default=None, ge=1, le=999_999_998, description="Bản mà người quyết định đã xem; hoặc tiêu đề If-Match."
    )
    reason: str = Field(default="", max_length=2000, description="Vì sao; chỉ được bỏ trống khi duyệt.")
    evidence: list[Line] = Field(
        default_factory=list, max_length=50, description="Căn cứ: mã bản ghi, số văn bản, trang."
    )


class PlainAsked(_Asked):
    """A decision on the record as a whole."""


class CorrectAsked(_Asked):
    """Values that people put right, and fields they confirm as they are."""

    values: dict[FieldKey, Typed] = Field(
        default_factory=dict,
        max_length=200,
        description="Trường → giá trị như in hay như bản ghi giữ; null: giấy không ghi.",
        examples=[{"full_name": "TRẦN THỊ THỬ"}],
    )
    confirm: list[FieldKey] = Field(default_factory=list, max_length=200, description="Trường đúng như đang có.")


class RevokeAsked(_Asked):
    """The act by which an authority took the paper's force away."""

    by_authority: Line = Field(description="Cơ quan thu hồi.", examples=["UBND huyện Thử"])
    act_number: Line = Field(description="Số, ký hiệu văn bản.", examples=["12/QĐ-UBND"])
    act_date: WholeDay = Field(description="Ngày văn bản.")
    act_record: Annotated[str, Field(pattern="^r[0-9a-f]{24}$")] | None = Field(
        default=None, description="Bản ghi của văn bản ấy, nếu kho có."
    )


class SupersedeAsked(_Asked):
    """Which record takes the place of this one."""

    by_record: Annotated[str, Field(pattern="^r[0-9a-f]{24}$")] = Field(description="Bản ghi của giấy tờ mới.")
    force: bool = Field(default=False, description="Dù không rõ là của cùng một người; lý do nói vì sao.")


class DecisionTold(BaseModel):
    """What became of the record. Nothing of what the paper says.

    Attributes:
        record_id: The record.
        revision: The new revision.
        state: Where it stands now.
        kind: What was decided.
        by: Who decided.
        at: When.
        supersedes: The records whose place it took.
        superseded_by: The record that took its place, or null.
        revocation: The act that revoked it, or null.
    """

    record_id: str
    revision: int
    state: RecordState
    kind: DecisionKind
    by: str
    at: datetime
    supersedes: list[str]
    superseded_by: str | None
    revocation: Revocation | None


def _options(operation_id: str, summary: str, description: str) -> dict[str, object]:
    responses = {200: {"headers": {"ETag": {"schema": {"type": "string"}}}}, **_ERRORS}
    return {
        "response_model": DecisionTold,
        "operation_id": operation_id,
        "summary": summary,
        "description": description,
        "responses": responses,
        "dependencies": [Depends(key_of)],
    }


@routes.post(
    "/{record_id}/approve",
    roles=DECIDING,
    **_options(
        "approveRecord",
        "Duyệt",
        "Một người chịu trách nhiệm. Không được khi còn trường chưa chắc hay còn chờ người thứ hai nhập.",
    ),
)
@once
def approve(
    request: Request,
    record_id: RecordId,
    asked: PlainAsked,
    office: TheOffice,
    caller: Caller,
    if_match: IfMatch = None,
) -> Response:
    """Sign a record off: a person answers for it. Refused while a field is doubtful or waits for a second keying."""
    decided = _decided(record_id, asked, office, caller, if_match)
    return _told(request, decided, DecisionKind.APPROVE, lambda: deciding.approve(decided))


@routes.post(
    "/{record_id}/correct",
    roles=DECIDING,
    **_options(
        "correctRecord",
        "Sửa giá trị, hoặc xác nhận trường",
        "Trường quan trọng cần hai người nhập thì nhập ở trang duyệt.",
    ),
)
@once
def correct(
    request: Request,
    record_id: RecordId,
    asked: CorrectAsked,
    office: TheOffice,
    caller: Caller,
    if_match: IfMatch = None,
) -> Response:
    """Change values, or confirm fields as they are. Critical fields that two people must key are keyed at the desk."""
    decided = _decided(record_id, asked, office, caller, if_match)
    confirm = list(dict.fromkeys(asked.confirm))
    return _told(request, decided, DecisionKind.CORRECT, lambda: deciding.correct(decided, asked.values, confirm))


@routes.post(
    "/{record_id}/reject",
    roles=DECIDING,
    **_options(
        "rejectRecord",
        "Loại: không được dùng",
        "Nhầm giấy, hoặc phải quét lại. Bản ghi đã duyệt thì chỉ phụ trách được loại.",
    ),
)
@once
def reject(
    request: Request,
    record_id: RecordId,
    asked: PlainAsked,
    office: TheOffice,
    caller: Caller,
    if_match: IfMatch = None,
) -> Response:
    """Say that a record must not be used: a wrong paper, a scan that must be made again."""
    decided = _decided(record_id, asked, office, caller, if_match)

    def decide() -> Record:
        check_may_undo(decided)
        return decisions.reject(office.store, office.catalogue, record_id, decided.revision, decided.act)

    return _told(request, decided, DecisionKind.REJECT, decide)


@routes.post(
    "/{record_id}/reopen",
    roles=DECIDING,
    **_options(
        "reopenRecord",
        "Mở lại: bản ghi lại chờ người xem",
        "Thôi duyệt, thôi loại, hay không nhận điều máy đã nhận. Bản ghi đã duyệt thì chỉ phụ trách được mở lại.",
    ),
)
@once
def reopen(
    request: Request,
    record_id: RecordId,
    asked: PlainAsked,
    office: TheOffice,
    caller: Caller,
    if_match: IfMatch = None,
) -> Response:
    """Take back an approval, a rejection or the machine's acceptance: the record waits for a person again."""
    decided = _decided(record_id, asked, office, caller, if_match)

    def decide() -> Record:
        check_may_undo(decided)
        return decisions.reopen(office.store, office.catalogue, record_id, decided.revision, decided.act)

    return _told(request, decided, DecisionKind.REOPEN, decide)


@routes.post(
    "/{record_id}/revoke",
    roles=SUPERVISING,
    **_options("revokeRecord", "Thu hồi theo văn bản của cơ quan thẩm quyền", "Bên nào đã đọc bản ghi đều được báo."),
)
@once
def revoke(
    request: Request,
    record_id: RecordId,
    asked: RevokeAsked,
    office: TheOffice,
    caller: Caller,
    if_match: IfMatch = None,
) -> Response:
    """Enter that an authority took the paper's force away; whoever read it before is told through the feed."""
    decided = _decided(record_id, asked, office, caller, if_match)
    act = Revocation(
        by_authority=asked.by_authority,
        act_number=asked.act_number,
        act_date=asked.act_date,
        record_id=asked.act_record,
    )
    return _told(
        request,
        decided,
        DecisionKind.REVOKE,
        lambda: decisions.revoke(office.store, office.catalogue, record_id, decided.revision, decided.act, act),
    )


@routes.post(
    "/{record_id}/supersede",
    roles=SUPERVISING,
    **_options(
        "supersedeRecord", "Thay thế bằng giấy tờ mới", "Giấy tờ mới của cùng một người, cũng thuộc cơ quan mình."
    ),
)
@once
def supersede(
    request: Request,
    record_id: RecordId,
    asked: SupersedeAsked,
    office: TheOffice,
    caller: Caller,
    if_match: IfMatch = None,
) -> Response:
    """Enter that another paper, of the same person and of the caller's agency too, took the place of this one."""
    decided = _decided(record_id, asked, office, caller, if_match)
    own(office, caller, asked.by_record)

    def decide() -> Record:
        return links.supersede(
            office.store,
            office.catalogue,
            record_id,
            decided.revision,
            asked.by_record,
            decided.act,
            force=asked.force,
        )

    return _told(request, decided, DecisionKind.SUPERSEDE, decide)


@routes.post(
    "/{record_id}/reinstate",
    roles=SUPERVISING,
    **_options(
        "reinstateRecord",
        "Khôi phục theo một văn bản sau đó",
        "`evidence` nêu văn bản ấy; bản ghi trở lại tình trạng trước khi bị thay thế, thu hồi.",
    ),
)
@once
def reinstate(
    request: Request,
    record_id: RecordId,
    asked: PlainAsked,
    office: TheOffice,
    caller: Caller,
    if_match: IfMatch = None,
) -> Response:
    """Give a superseded or revoked record back the state it had; `evidence` names the later act."""
    decided = _decided(record_id, asked, office, caller, if_match)
    return _told(
        request,
        decided,
        DecisionKind.REINSTATE,
        lambda: links.reinstate(office.store, office.catalogue, record_id, decided.revision, decided.act),
    )


def _decided(record_id: str, asked: _Asked, office: TheOffice, caller: Caller, if_match: str | None) -> Decided:
    """Return what is decided on: a record of the caller's agency, in the revision that was looked at."""
    own(office, caller, record_id)
    revision = revision_seen(if_match, asked.revision)
    return Decided(office, caller, record_id, revision, Act(caller.account, asked.reason, tuple(asked.evidence)))


def _told(request: Request, decided: Decided, kind: DecisionKind, decide: Callable[[], Record]) -> Response:
    """Decide and tell what became of the record; what an earlier attempt of the same request did is not done again."""
    record = done_before(decided, kind) if may_be_done(request) else None
    if record is None:
        record = decide()
    office = decided.office
    office.wake_feed()
    row = office.catalogue.record(record.record_id)
    if record.decision is None or row is None:
        raise SohoaError(Code.RECORD_CHANGED, detail=record.record_id)
    told = DecisionTold(
        record_id=record.record_id,
        revision=record.revision,
        state=record.state,
        kind=record.decision.kind,
        by=record.decision.by,
        at=record.decision.at,
        supersedes=list(record.supersedes),
        superseded_by=record.superseded_by,
        revocation=record.revocation,
    )
    headers = {"ETag": etag_of(record.revision, view_of(decided.caller, row))}
    return JSONResponse(told.model_dump(mode="json"), headers=headers)
