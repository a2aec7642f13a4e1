"""The answer of a lookup and the read log as a clerk reads them, in Vietnamese. Identifiers are masked."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date, timedelta, timezone

from rich.table import Table

from flows.record_view import console_for, paper_type_name
from ocr.messages import on_one_line
from storage.catalogue import ReuseRow
from storage.lookup_answer import Asked, Held, LookupAnswer, Missing, MissingBecause, Refused
from storage.lookup_words import (
    STATES,
    caution_words,
    instead_words,
    masked,
    missing_words,
    refused_words,
    trust_words,
    until_words,
)
from storage.read_log.entry import ReadEntry, ReadKind

KINDS: Mapping[ReadKind, str] = {
    ReadKind.LOOKUP: "tra cứu",
    ReadKind.RELATED: "tra cứu cùng người nộp",
    ReadKind.RECORD: "xem bản ghi",
    ReadKind.IDENTIFIER: "xem đủ số định danh",
    ReadKind.EXPORT: "xuất dữ liệu",
    ReadKind.SUBJECT: "xem theo người",
    ReadKind.LOG: "xem nhật ký",
}
_VIET_NAM = timezone(timedelta(hours=7))


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
    named = [paper_type_name(held.paper_type), f"bản ghi {held.record_id} bản {held.revision}", STATES[held.state]]
    trust = [trust_words(held)] if held.trust_level is not None else []
    return " · ".join([*named, *trust, until_words(held), *caution_words(held, paper_type_name)])


def _refused_words(refused: Refused) -> str:
    why = refused_words(refused)
    return f"{paper_type_name(refused.paper_type)} · bản ghi {refused.record_id} bản {refused.revision}: {why}"


def _missing_lines(missing: Missing) -> list[str]:
    option = " (--other)" if missing.why is MissingBecause.PERSON_UNKNOWN else ""
    lines = [missing_words(missing) + option]
    lines += [
        f"có thể là: {paper_type_name(one.paper_type)} · bản ghi {one.record_id} bản {one.revision}"
        for one in missing.candidates
    ]
    return [*lines, *instead_words(missing)]


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
