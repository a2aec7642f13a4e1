"""The answer of a lookup and the read log as a clerk reads them, in Vietnamese. Identifiers are masked."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date, timedelta, timezone

from rich.table import Table

from extractors.record import RecordState
from flows.record_view import console_for, paper_type_name
from ocr.messages import on_one_line
from storage.catalogue import ReuseRow
from storage.lookup_answer import Asked, Held, LookupAnswer, Missing, MissingBecause, Reason, Refused
from storage.read_log.entry import ReadEntry, ReadKind

REASONS: Mapping[Reason, str] = {
    Reason.EXPIRED: "không có hiệu lực vào ngày này",
    Reason.SUPERSEDED: "đã có giấy khác thay thế",
    Reason.REVOKED: "đã bị thu hồi, hủy bỏ",
    Reason.UNSETTLED: "còn chờ cán bộ xem",
    Reason.WRONG_PURPOSE: "cấp để dùng vào việc khác, hoặc chưa rõ việc gì",
    Reason.WRONG_SCOPE: "phạm vi ghi trên giấy không gồm việc này",
    Reason.OTHER_PERSON: "họ tên hoặc ngày sinh không khớp: có thể của người khác",
}
MISSING: Mapping[MissingBecause, str] = {
    MissingBecause.NEVER_HELD: "chưa có trong kho",
    MissingBecause.ONLY_REFUSED: "có trong kho nhưng không dùng được",
    MissingBecause.FORM: "khai mới cho mỗi lần làm thủ tục",
    MissingBecause.OTHER_PAPER: "loại giấy tờ kho chưa nhận ra",
    MissingBecause.CONDITION: "điều kiện, cán bộ đọc",
    MissingBecause.PERSON_DECIDES: "có trong kho, cán bộ xem có đúng giấy này không",
    MissingBecause.PERSON_UNKNOWN: "giấy tờ của người khác, chưa cho biết số định danh người ấy (--other)",
}
STATES: Mapping[RecordState, str] = {RecordState.ACCEPTED: "máy nhận", RecordState.APPROVED: "cán bộ duyệt"}
TRUST_LEVELS: Mapping[str, str] = {"01": "gốc điện tử", "02": "số hóa", "03": "hỗn hợp"}
KINDS: Mapping[ReadKind, str] = {
    ReadKind.LOOKUP: "tra cứu",
    ReadKind.RELATED: "tra cứu cùng người nộp",
    ReadKind.RECORD: "xem bản ghi",
    ReadKind.EXPORT: "xuất dữ liệu",
    ReadKind.SUBJECT: "xem theo người",
}
_VIET_NAM = timezone(timedelta(hours=7))
_SHOWN = 3


def masked(identifier: str) -> str:
    """Return an identifier with all but its first and last three characters hidden."""
    return identifier[:_SHOWN] + "*" * (len(identifier) - 2 * _SHOWN) + identifier[-_SHOWN:]


def print_answer(answer: LookupAnswer) -> None:
    """Print an answer on standard output."""
    print(f"{answer.procedure_name} ({answer.procedure}), ngày {_day(answer.on)}")
    print(f"Người nộp: {masked(answer.subject)}")
    print(f"\nĐÃ CÓ, không yêu cầu nộp lại: {len(answer.held)}")
    for held in answer.held:
        _print_component(held)
        print(f"     {_held_words(held)}")
    numbers = dict.fromkeys(refused.component_number for refused in answer.refused)
    if numbers:
        print(f"\nCÓ NHƯNG KHÔNG DÙNG ĐƯỢC: {len(answer.refused)}")
    for number in numbers:
        of_component = [refused for refused in answer.refused if refused.component_number == number]
        _print_component(of_component[0])
        for refused in of_component:
            print(f"     {_refused_words(refused)}")
    print(f"\nCÒN PHẢI NỘP: {len(answer.missing)}")
    for missing in answer.missing:
        _print_component(missing)
        for line in _missing_lines(missing):
            print(f"     {line}")
    print(f"\nĐã ghi nhật ký đọc: {answer.read_log_id}")


def print_reads(entries: Sequence[ReadEntry]) -> None:
    """Print entries of the read log on standard output."""
    if not entries:
        print("Chưa ai xem.")
        return
    table = Table()
    for heading in ("Lúc", "Ai", "Cơ quan", "Việc", "Để làm gì", "Thủ tục", "Mã hồ sơ"):
        table.add_column(heading, overflow="fold")
    for entry in entries:
        texts = (entry.reader, entry.agency, KINDS[entry.kind], entry.purpose, entry.procedure, entry.dossier_code)
        at = entry.at.astimezone(_VIET_NAM).strftime("%d/%m/%Y %H:%M:%S")
        table.add_row(at, *(on_one_line(text or "") for text in texts))
    console_for(sys.stdout).print(table)


def print_reuse(rows: Sequence[ReuseRow], first: date, last: date) -> None:
    """Print what lookups saved on standard output."""
    print(f"Từ {_day(first)} đến hết {_day(last)}")
    if not rows:
        print("Chưa có lần tra cứu nào.")
        return
    table = Table()
    table.add_column("Thủ tục")
    table.add_column("Cơ quan")
    for heading in ("Lần tra cứu", "Giấy tờ không phải nộp lại", "Phải nộp", "Có mà không dùng được"):
        table.add_column(heading, justify="right")
    for row in rows:
        counts = (row.lookups, row.not_asked, row.missing, row.refused)
        table.add_row(row.procedure or "", row.agency or "", *map(str, counts))
    console_for(sys.stdout).print(table)


def _print_component(asked: Asked) -> None:
    case = f" [trường hợp: {on_one_line(asked.case)}]" if asked.case else ""
    print(f"  {asked.component_number}. {on_one_line(asked.component)}{case}")


def _held_words(held: Held) -> str:
    words = [paper_type_name(held.paper_type), f"bản ghi {held.record_id} bản {held.revision}", STATES[held.state]]
    if held.trust_level is not None:
        words.append(f"mức tin cậy {held.trust_level} {TRUST_LEVELS.get(held.trust_level, '')}".strip())
    words.append(f"có giá trị đến {_printed(held.valid_until)}" if held.valid_until else "không ghi ngày hết hạn")
    if held.by_equivalent is not None:
        asked_for = paper_type_name(held.by_equivalent.asked_for)
        unsure = "" if held.by_equivalent.confirmed else ", căn cứ cần kiểm tra lại"
        words.append(f"dùng thay {asked_for} theo {held.by_equivalent.ground}{unsure}")
    if held.confirm_thing:
        words.append("đối chiếu đúng thửa đất, công trình của hồ sơ này")
    return " · ".join(words)


def _refused_words(refused: Refused) -> str:
    why = "; ".join(REASONS[reason] for reason in refused.reasons)
    return f"{paper_type_name(refused.paper_type)} · bản ghi {refused.record_id} bản {refused.revision}: {why}"


def _missing_lines(missing: Missing) -> list[str]:
    lines = [MISSING[missing.why]]
    if missing.person_decides and missing.why is not MissingBecause.PERSON_DECIDES:
        lines[0] += "; cán bộ quyết định có cần không"
    lines += [
        f"có thể là: {paper_type_name(one.paper_type)} · bản ghi {one.record_id} bản {one.revision}"
        for one in missing.candidates
    ]
    lines += [f"không yêu cầu nộp nếu tra được ở {one.source} ({one.ground})" for one in missing.data_instead]
    return lines


def _printed(text: str) -> str:
    """Return an ISO 8601 day, month or year as Vietnamese papers print it."""
    return "/".join(reversed(text.split("-")))


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
