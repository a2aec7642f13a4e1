"""What is held on a person, as a page that the person can read: HTML that needs nothing else."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape

from extractors.paper_type import UNKNOWN_PAPER_TYPE, PaperType
from extractors.record import ExtractedField, Record
from extractors.wording import STATES
from storage.read_log.words import KIND_WORDS
from storage.rights.disclosure import Disclosure, HeldPaper
from storage.rights.hold import HoldState
from storage.rights.request import RequestState
from storage.rights.working_days import VIETNAM

_REQUESTS: Mapping[RequestState, str] = {
    RequestState.OPEN: "đang chờ trả lời",
    RequestState.GRANTED: "đã sửa",
    RequestState.REFUSED: "không sửa",
    RequestState.ERASED: "đã xóa nội dung",
}
_HOLDS: Mapping[HoldState, str] = {HoldState.ACTIVE: "đang giữ", HoldState.RELEASED: "đã bỏ"}
_STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}"
    "th,td{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}"
)


def summary_page(disclosure: Disclosure, paper_types: Iterable[PaperType], purpose: str) -> str:
    """Return the page.

    Args:
        disclosure: What is held.
        paper_types: Tell what papers and fields are called.
        purpose: What the data are handed over for.
    """
    types = {paper_type.id: paper_type for paper_type in paper_types}
    parts = [
        "<!doctype html>",
        '<html lang="vi"><head><meta charset="utf-8"><title>Dữ liệu đang lưu về một người</title>',
        f"<style>{_STYLE}</style></head><body>",
        "<h1>Dữ liệu cơ quan đang lưu về quý vị</h1>",
        _paragraph(f"Số định danh: {disclosure.person.identifier}. Lập lúc {_moment(disclosure.made_at)}."),
        _paragraph(f"Mục đích: {purpose}"),
        f"<h2>Giấy tờ ({len(disclosure.papers)})</h2>",
        *(_paper(paper, types.get(paper.record.paper_type)) for paper in disclosure.papers),
        f"<h2>Ai đã xem ({len(disclosure.reads)})</h2>",
        _reads(disclosure),
        f"<h2>Yêu cầu sửa ({len(disclosure.requests)})</h2>",
        _table(
            ("Ngày", "Trường", "Đề nghị", "Hạn trả lời", "Kết quả", "Lý do"),
            (
                (
                    _moment(each.at),
                    each.field,
                    each.says,
                    f"{each.due:%d/%m/%Y}",
                    _REQUESTS[each.state],
                    each.answer_reason,
                )
                for each in disclosure.requests
            ),
        ),
        f"<h2>Lệnh giữ ({len(disclosure.holds)})</h2>",
        _table(
            ("Từ", "Đến", "Lý do", "Tình trạng"),
            (
                (
                    _moment(each.at),
                    f"{each.until:%d/%m/%Y}" if each.until else "khi được bỏ",
                    each.reason,
                    _HOLDS[each.state],
                )
                for each in disclosure.holds
            ),
        ),
        f"<h2>Đã xóa ({len(disclosure.erasures)})</h2>",
        _table(
            ("Lúc", "Căn cứ", "Quyết định", "Số giấy tờ"),
            (
                (_moment(each.started_at), each.ground.label, each.decision, str(len(each.records)))
                for each in disclosure.erasures
            ),
        ),
        "</body></html>",
    ]
    return "\n".join(parts)


def _paper(paper: HeldPaper, paper_type: PaperType | None) -> str:
    record = paper.record
    name = paper_type.name if paper_type else _type_name(record)
    came = f", nhận ngày {_moment(paper.received_at)}" if paper.received_at else ""
    facts = f"Mã bản ghi {record.record_id}, bản {record.revision}, {STATES[record.state]}{came}."
    if paper.is_draft_without_pages:
        note = "Bản nháp của máy đã bỏ khi tách lại hồ sơ; các trang của nó nay thuộc giấy tờ khác."
        return f"<h3>{escape(name)}</h3>{_paragraph(facts)}{_paragraph(note)}"
    labels: Callable[[str], str] = lambda field: (  # noqa: E731  a name for what is used once
        paper_type.fields[field].label if paper_type and field in paper_type.fields else field
    )
    rows = (
        (labels(field), _value(value), "có" if value.accepted else "chưa") for field, value in record.fields.items()
    )
    left_out = (
        _paragraph(f"{paper.pages_left_out} trang không kèm theo vì có thể có giấy tờ của người khác trên đó.")
        if paper.pages_left_out
        else ""
    )
    table = _table(("Trường", "Giá trị", "Đã xác nhận"), rows)
    return f"<h3>{escape(name)}</h3>{_paragraph(facts)}{table}{left_out}"


def _reads(disclosure: Disclosure) -> str:
    rows = (
        (_moment(each.at), KIND_WORDS[each.kind], each.reader, each.agency or "", each.purpose, each.procedure or "")
        for each in disclosure.reads
    )
    return _table(("Lúc", "Việc", "Người xem", "Cơ quan", "Mục đích", "Thủ tục"), rows)


def _type_name(record: Record) -> str:
    return "Không rõ loại" if record.paper_type == UNKNOWN_PAPER_TYPE else record.paper_type


def _value(field: ExtractedField) -> str:
    if field.value is None:
        return field.raw or ""
    if isinstance(field.value, list):
        return ", ".join(field.value)
    # Days as people write them; values are ISO 8601.
    return re.sub("^([0-9]{4})-([0-9]{2})-([0-9]{2})$", r"\3/\2/\1", field.value)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    if not body:
        return "<p>Không có.</p>"
    return f"<table><tr>{''.join(f'<th>{escape(each)}</th>' for each in headings)}</tr>{body}</table>"
