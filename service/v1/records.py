"""`/v1/records`: lists of records without values, one record, its fields, its history."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from extractors.record import Record, RecordState
from ocr.problem import Code, SohoaError
from service.access import Caller, TheOffice
from service.office import Office
from service.roles import Principal, Role
from service.routes import Routes
from service.v1.entitlement import View, own, readable, view_of
from service.v1.etags import IfNoneMatch, etag_of, is_known
from service.v1.groups import RECORDS
from service.v1.moments import Moment
from service.v1.paging import ON_A_PAGE, Cursor, Limit, cursor_after, place_of
from service.v1.problems import problems
from service.v1.purpose import AskedPurpose, Purpose, log
from service.v1.record_shapes import EXAMPLE_RECORD, FieldsShape, HistoryShape, OneFieldShape, RecordPage, RecordShape
from service.v1.showing import history_shown, moment_text, record_shown
from storage.catalogue import RecordRow
from storage.catalogue.listing import Listed
from storage.read_log.entry import ReadKind
from storage.records import history
from storage.transitions import RELEASED

routes = Routes("/records", [RECORDS])

READING = frozenset({Role.CLERK, Role.STEWARD, Role.SUPERVISOR, Role.READER})
LISTING = frozenset({Role.SUPERVISOR, Role.READER})
RecordId = Annotated[
    str, Path(pattern="^r[0-9a-f]{24}$", description="Mã bản ghi.", examples=["r0123456789abcdef01234567"])
]
FieldName = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,63}$", description="Tên trường.", examples=["full_name"])]
Revision = Annotated[
    int | None,
    Query(
        ge=1, le=999_999_999, description="Bản thứ mấy; bỏ trống: mới nhất. Bản cũ chỉ cơ quan giữ bản ghi xem được."
    ),
]
Agency = Annotated[str, Field(max_length=40, pattern=r"^[A-Z][0-9]{2}(\.[0-9]{1,3}){0,4}$")]
_READ = problems(Code.RECORD_UNKNOWN, Code.PURPOSE_MISSING, Code.PROCEDURE_UNKNOWN, Code.READ_LOG_FAILED)
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Bên gọi đã có bản này; việc đọc đã được ghi"},
}


@routes.get(
    "",
    roles=LISTING,
    response_model=RecordPage,
    operation_id="listRecords",
    summary="Danh sách bản ghi, không kèm nội dung",
    description=(
        "Bản ghi của cơ quan người gọi: mã và tình trạng, không có gì giấy tờ nói. Bản ghi có mặt suốt lúc lật "
        "trang thì được kể đúng một lần, dù xung quanh có thêm hay đổi."
    ),
)
def list_records(
    office: TheOffice,
    caller: Caller,
    state: Annotated[
        list[RecordState] | None, Query(max_length=6, description="Trạng thái; nêu nhiều lần được.")
    ] = None,
    paper_type: Annotated[
        str | None, Query(max_length=100, pattern="^[a-z0-9]+(-[a-z0-9]+)*$", description="Loại giấy tờ.")
    ] = None,
    agency: Annotated[Agency | None, Query(description="Cơ quan và các đơn vị trực thuộc.")] = None,
    updated_since: Annotated[Moment | None, Query(description="Có bản mới từ lúc này.")] = None,
    cursor: Cursor = None,
    limit: Limit = ON_A_PAGE,
) -> dict[str, Any]:
    """Name the records of the caller's agency: identifiers and where they stand, nothing of what papers say.

    A record that is there all the while a list is paged through is named exactly once, whatever comes and changes.
    """
    states = sorted(set(state or ()))
    filters = (",".join(states), paper_type, agency, moment_text(updated_since) if updated_since else None)
    after = place_of(cursor, *filters)
    chosen = Listed(states, paper_type, narrowed(caller, agency), updated_since)
    rows = office.catalogue.listed(chosen, after, limit + 1)
    following = cursor_after(rows[limit - 1].record_id, *filters) if len(rows) > limit else None
    return {"records": [_listed(row) for row in rows[:limit]], "next": following}


@routes.get(
    "/{record_id}",
    roles=READING,
    response_model=RecordShape,
    operation_id="getRecord",
    summary="Một bản ghi: giá trị từng trường, ai xác nhận, căn cứ ở đâu trên giấy",
    description=(
        "Của cơ quan mình, hoặc do chính bên gọi tra cứu ra trong 30 ngày. Người dùng thấy số định danh che "
        "giữa, hệ thống thấy đủ. Giá trị chưa ai xác nhận chỉ phụ trách của cơ quan giữ bản ghi thấy."
    ),
    responses={
        **_READ,
        **_NOT_MODIFIED,
        200: {
            "content": {"application/json": {"example": EXAMPLE_RECORD}},
            "headers": {"ETag": {"schema": {"type": "string"}}},
        },
    },
)
def get_record(
    record_id: RecordId,
    office: TheOffice,
    caller: Caller,
    purpose: AskedPurpose,
    revision: Revision = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return a record that the caller may read; the read log says so before.

    Of the own agency, or told of by a lookup of the caller within 30 days. People are shown identifiers with their
    middle hidden. A value that nobody verified is shown to supervisors of the own agency alone.
    """
    revisions, view = read(office, caller, purpose, record_id, revision)
    etag = etag_of(revisions[-1].revision, view)
    if is_known(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    return JSONResponse(shown(office, revisions, view), headers={"ETag": etag})


@routes.get(
    "/{record_id}/fields",
    roles=READING,
    response_model=FieldsShape,
    operation_id="getFields",
    summary="Các trường của một bản ghi",
    responses={**_READ, **_NOT_MODIFIED},
)
def get_fields(
    record_id: RecordId,
    office: TheOffice,
    caller: Caller,
    purpose: AskedPurpose,
    revision: Revision = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return the fields of a record and nothing else of it; see `getRecord`."""
    revisions, view = read(office, caller, purpose, record_id, revision)
    etag = etag_of(revisions[-1].revision, view, "f")
    if is_known(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    told = shown(office, revisions, view)
    named = {name: told[name] for name in ("record_id", "revision", "state", "paper_type", "fields")}
    return JSONResponse(named, headers={"ETag": etag})


@routes.get(
    "/{record_id}/fields/{name}",
    roles=READING,
    response_model=OneFieldShape,
    operation_id="getField",
    summary="Một trường của một bản ghi",
    description=("Ít nhất mà đủ để trả lời một câu hỏi về giấy tờ."),
    responses={**_READ, **problems(Code.RECORD_UNKNOWN, Code.NOTHING_HERE, Code.PROCEDURE_UNKNOWN)},
)
def get_field(
    record_id: RecordId,
    name: FieldName,
    office: TheOffice,
    caller: Caller,
    purpose: AskedPurpose,
    revision: Revision = None,
) -> Response:
    """Return one field: the least that answers a question about a paper."""
    revisions, view = read(office, caller, purpose, record_id, revision)
    told = shown(office, revisions, view)
    field = told["fields"].get(name)
    if field is None:
        raise SohoaError(Code.NOTHING_HERE, field=name, detail="no field of this record")
    paper_type = office.paper_type(told["paper_type"])
    declared = paper_type.fields.get(name) if paper_type else None
    described = {
        "name": name,
        "label": declared.label if declared else name,
        "kind": declared.kind if declared else None,
        **{key: told[key] for key in ("record_id", "revision", "state")},
    }
    return JSONResponse({**described, **field})


@routes.get(
    "/{record_id}/history",
    roles=READING,
    response_model=HistoryShape,
    operation_id="getHistory",
    summary="Mọi bản của một bản ghi: ai, lúc nào, đổi gì, vì sao",
    description=("Chỉ của cơ quan mình."),
    responses=_READ,
)
def get_history(record_id: RecordId, office: TheOffice, caller: Caller, purpose: AskedPurpose) -> Response:
    """Return the history of a record of the caller's own agency."""
    row = own(office, caller, record_id)
    view = checked_view(caller, row)
    revisions = _revisions(office, record_id)
    log(office, caller, purpose, ReadKind.RECORD, revisions)
    told = history_shown(revisions, office.paper_type(revisions[-1].paper_type), view)
    return JSONResponse({"record_id": record_id, "revisions": told})


def read(
    office: Office, caller: Principal, purpose: Purpose, record_id: str, revision: int | None = None
) -> tuple[Sequence[Record], View]:
    """Return a record's revision with all before it, and how much of it is shown; the read log says so before.

    Raises:
        SohoaError: `RECORD_UNKNOWN`, also for an earlier revision of another agency's record; `NOT_ALLOWED` for who
            reviews papers while this one is under review; `READ_LOG_FAILED`.
    """
    row = readable(office, caller, record_id)
    view = checked_view(caller, row)
    revisions = _revisions(office, record_id)
    if revision is not None and revision != revisions[-1].revision:
        revisions = [each for each in revisions if each.revision <= revision]
        if not view.is_own or not revisions or revisions[-1].revision != revision:
            raise SohoaError(Code.RECORD_UNKNOWN)
    log(office, caller, purpose, ReadKind.RECORD, revisions[-1:])
    return revisions, view


def checked_view(caller: Principal, row: RecordRow) -> View:
    """Return how much of a record the caller is shown.

    Raises:
        SohoaError: `NOT_ALLOWED` for who reviews papers while this one is under review: its task shows what they may
            see, and what of it is a blind sample or a blind keying stays hidden.
    """
    if row.waits and Role.STEWARD in caller.roles and Role.SUPERVISOR not in caller.roles:
        raise SohoaError(Code.NOT_ALLOWED, detail="the record is under review; open its task")
    return view_of(caller, row)


def shown(office: Office, revisions: Sequence[Record], view: View) -> dict[str, Any]:
    """Return a revision as it is shown."""
    record = revisions[-1]
    by_people = record.state in RELEASED and any(field.was_decided_by_person for field in record.fields.values())
    keyed_twice = office.keyings.confirmed(record.record_id) if by_people else frozenset()
    return record_shown(revisions, office.paper_type(record.paper_type), view, keyed_twice)


def narrowed(caller: Principal, agency: str | None) -> str | None:
    """Return the agency whose records are listed: the one asked for where it is the caller's or under it.

    Raises:
        SohoaError: `NOT_ALLOWED` for an agency that is none of the caller's.
    """
    if agency is None:
        return caller.agency
    if not caller.may_see(agency):
        raise SohoaError(Code.NOT_ALLOWED, field="agency", detail="of another agency")
    return agency


def _revisions(office: Office, record_id: str) -> Sequence[Record]:
    revisions = history(office.store, record_id)
    if not revisions:
        raise SohoaError(Code.RECORD_UNKNOWN)
    return revisions


def _listed(row: RecordRow) -> dict[str, Any]:
    return {
        "record_id": row.record_id,
        "revision": row.revision,
        "state": row.state.value,
        "paper_type": row.paper_type,
        "agency": row.agency,
        "updated_at": moment_text(row.created_at),
        "verified_by": row.verified_by,
    }
