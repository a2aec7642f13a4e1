"""`/v1/exports`: the records of one paper type as a table, for those who count and compare."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Annotated, Any

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse

from extractors.paper_type import PaperType
from extractors.record import Record, RecordState
from ocr.problem import Code, SohoaError
from service.access import Caller, TheOffice
from service.office import Office
from service.pages.rendering import VIET_NAM
from service.roles import Principal, Role
from service.routes import Routes
from service.v1.entitlement import view_of
from service.v1.groups import EXPORTS
from service.v1.masking import Masking
from service.v1.moments import Moment
from service.v1.paper_types import is_list
from service.v1.problems import Responses, file_or_problems
from service.v1.purpose import AskedPurpose, Purpose, log
from service.v1.records import Agency, narrowed
from service.v1.showing import moment_text
from service.v1.tables import Row, csv_pieces, parquet_pieces
from storage.catalogue import RecordRow
from storage.catalogue.listing import Listed
from storage.read_log.entry import ReadKind
from storage.records import load_record
from storage.transitions import RELEASED

routes = Routes("/exports", [EXPORTS])

EXPORTING = frozenset({Role.READER, Role.SUPERVISOR})
CSV, PARQUET = "text/csv; charset=utf-8", "application/vnd.apache.parquet"
# So many records are read, noted in the read log and sent before the next are: the first line does not wait for all.
_PORTION = 200
_OF_RECORDS = (
    "record_id", "revision", "state", "paper_type", "agency", "dossier_code", "verified_by", "updated_at",
)  # fmt: skip


class Delimiter(StrEnum):
    """What stands between the cells of a line. Excel follows the list separator that Windows is set to."""

    COMMA = "comma"
    SEMICOLON = "semicolon"


_SIGNS = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";"}


def _chosen(
    caller: Caller,
    office: TheOffice,
    paper_type: Annotated[
        str, Query(max_length=100, pattern="^[a-z0-9]+(-[a-z0-9]+)*$", description="Loại giấy tờ, một loại một tệp.")
    ],
    state: Annotated[
        list[RecordState] | None,
        Query(max_length=6, description="Trạng thái; bỏ trống: những bản ghi dùng được (`accepted`, `approved`)."),
    ] = None,
    agency: Annotated[Agency | None, Query(description="Cơ quan và các đơn vị trực thuộc.")] = None,
    updated_since: Annotated[Moment | None, Query(description="Có bản mới từ lúc này.")] = None,
) -> tuple[PaperType, Listed]:
    known = office.paper_type(paper_type)
    if known is None:
        raise SohoaError(Code.REQUEST_INVALID, field="paper_type", detail="no such paper type")
    states = sorted(set(state or RELEASED))
    return known, Listed(states, paper_type, narrowed(caller, agency), updated_since)


Chosen = Annotated[tuple[PaperType, Listed], Depends(_chosen)]


def _file(media_type: str) -> Responses:
    return file_or_problems(media_type, Code.PURPOSE_MISSING, Code.PROCEDURE_UNKNOWN, Code.READ_LOG_FAILED)


@routes.get(
    "/records.csv",
    roles=EXPORTING,
    response_class=Response,
    operation_id="exportCsv",
    summary="Bản ghi của một loại giấy tờ thành bảng CSV",
    description=(
        "UTF-8 có dấu đầu tệp, mở được bằng Excel. Từng phần được ghi vào nhật ký đọc trước khi gửi. Người dùng "
        "nhận số định danh che giữa."
    ),
    responses=_file("text/csv"),
)
def export_csv(
    office: TheOffice,
    caller: Caller,
    purpose: AskedPurpose,
    chosen: Chosen,
    delimiter: Annotated[Delimiter, Query(description="Dấu ngăn cột.")] = Delimiter.COMMA,
) -> Response:
    """Hand over records of the caller's agency, a field per column; UTF-8 with a byte order mark, for Excel.

    A text that a program for tables would take for a formula has an apostrophe before it. Each portion is in the read
    log before it leaves; people get identifiers with their middle hidden.
    """
    paper_type, listed = chosen
    portions = _started(_portions(office, caller, purpose, paper_type, listed))
    pieces = csv_pieces(_columns(paper_type), portions, _SIGNS[delimiter])
    return StreamingResponse(pieces, media_type=CSV, headers=_named(paper_type, "csv"))


@routes.get(
    "/records.parquet",
    roles=EXPORTING,
    response_class=Response,
    operation_id="exportParquet",
    summary="Bản ghi của một loại giấy tờ thành tệp Parquet",
    description=("Như `exportCsv`, giá trị giữ nguyên như trong bản ghi."),
    responses=_file(PARQUET),
)
def export_parquet(office: TheOffice, caller: Caller, purpose: AskedPurpose, chosen: Chosen) -> Response:
    """Hand over records of the caller's agency, a field per column, values as they are; see `exportCsv`."""
    paper_type, listed = chosen
    lists = frozenset(name for name, field in paper_type.fields.items() if is_list(field.kind))
    portions = _started(_portions(office, caller, purpose, paper_type, listed))
    pieces = parquet_pieces(_columns(paper_type), lists, portions)
    return StreamingResponse(pieces, media_type=PARQUET, headers=_named(paper_type, "parquet"))


def _portions(
    office: Office, caller: Principal, purpose: Purpose, paper_type: PaperType, listed: Listed
) -> Iterator[Sequence[Row]]:
    """Yield the rows, each portion after the read log says that it was handed over."""
    after = ""
    while rows := office.catalogue.listed(listed, after, _PORTION):
        found = [(row, load_record(office.store, row.record_id)) for row in rows]
        # Decided on since the list was made: it may be another kind of record now.
        held = [(row, record) for row, record in found if record is not None and _is_meant(record, listed)]
        if held:
            log(office, caller, purpose, ReadKind.EXPORT, [record for _, record in held])
        yield [_row(caller, row, record, paper_type) for row, record in held]
        after = rows[-1].record_id


def _started(portions: Iterator[Sequence[Row]]) -> Iterator[Sequence[Row]]:
    """Make the first portion now: what fails in it can still be answered as a problem."""
    first = next(portions, None)
    return portions if first is None else chain([first], portions)


def _is_meant(record: Record, listed: Listed) -> bool:
    is_whole = not record.is_erased and not record.withdrawn
    return is_whole and record.state in listed.states and record.paper_type == listed.paper_type


def _row(caller: Principal, row: RecordRow, record: Record, paper_type: PaperType) -> Row:
    view = view_of(caller, row)
    values: dict[str, Any] = {
        name: field.value for name, field in record.fields.items() if field.accepted or view.with_doubtful
    }
    if view.is_masked:
        masking = Masking(record, paper_type)
        values = {name: masking.value(name, value) for name, value in values.items()}
    told = {
        "record_id": record.record_id,
        "revision": record.revision,
        "state": record.state.value,
        "paper_type": record.paper_type,
        "agency": row.agency,
        "dossier_code": record.dossier_code,
        "verified_by": row.verified_by,
        "updated_at": moment_text(record.made_at),
    }
    return {**{name: values.get(field) for name, field in _field_columns(paper_type).items()}, **told}


def _columns(paper_type: PaperType) -> tuple[str, ...]:
    return (*_OF_RECORDS, *_field_columns(paper_type))


def _field_columns(paper_type: PaperType) -> dict[str, str]:
    """Return the fields by the name of their column; one that is named as a column of all records is marked."""
    fields = (name for name, field in paper_type.fields.items() if not field.auxiliary)
    return {f"field_{name}" if name in _OF_RECORDS else name: name for name in fields}


def _named(paper_type: PaperType, suffix: str) -> dict[str, str]:
    today = datetime.now(VIET_NAM).strftime("%Y%m%d")
    return {"Content-Disposition": f'attachment; filename="{paper_type.id}-{today}.{suffix}"'}
