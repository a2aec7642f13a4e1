"""The history of a record as a person reads it: each revision, who made it, what changed and why."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from extractors.changes import FieldChange, field_changes, other_changes
from extractors.paper_type import PaperType
from extractors.record import FieldValue, Record
from extractors.wording import DECISIONS, STATES, verdict_on
from flows.record_view import console_for
from flows.standing_view import local_time, revocation_words, who_made
from ocr.messages import on_one_line

_NAMES = {
    "supersedes": "thay cho bản ghi",
    "superseded_by": "bị thay bởi bản ghi",
    "revocation": "văn bản thu hồi",
    "paper_type": "loại giấy tờ",
}


def print_history(revisions: Sequence[Record], paper_type: PaperType | None) -> None:
    """Print every revision on standard output, oldest first."""
    table = Table("bản", "trạng thái", "ai", "lúc", "thay đổi", "lý do, căn cứ", show_lines=True)
    for before, record in zip((None, *revisions), revisions, strict=False):
        table.add_row(
            str(record.revision),
            STATES[record.state] + (" (tách lại hồ sơ)" if record.withdrawn else ""),
            who_made(record),
            local_time(record.made_at),
            _changes(before, record, paper_type),
            Text(_why(record)),
        )
    console_for(sys.stdout).print(table)


def _why(record: Record) -> str:
    decision = record.decision
    if decision is None:
        return ""
    words = (
        f"{DECISIONS[decision.kind]}: {on_one_line(decision.reason)}" if decision.reason else DECISIONS[decision.kind]
    )
    return f"{words}\ncăn cứ: {on_one_line('; '.join(decision.evidence))}" if decision.evidence else words


def _changes(before: Record | None, record: Record, paper_type: PaperType | None) -> RenderableType:
    if before is None:
        found = sum(field.value is not None for field in record.fields.values())
        return Text(f"máy đọc {found} trường")
    lines: list[Text] = [_field_line(change, paper_type) for change in field_changes(before, record)]
    for name, (old, new) in other_changes(before, record).items():
        lines.append(Text(f"{_NAMES[name]}: {_plain(name, old, before)} → {_plain(name, new, record)}"))
    if before.paper_type_version != record.paper_type_version:
        lines.append(Text(f"khai báo loại giấy: bản {before.paper_type_version} → {record.paper_type_version}"))
    return Group(*lines) if lines else Text("-", style="dim")


def _field_line(change: FieldChange, paper_type: PaperType | None) -> Text:
    declared = paper_type.fields.get(change.name) if paper_type else None
    label = declared.label if declared else change.name
    before, after = change.values
    if change.is_other_value:
        return Text.assemble((f"{label}: ", "bold"), f"{_value(before)} → {_value(after)}")
    said = verdict_on(change.after, required=bool(declared and declared.required)) if change.after else "bỏ trường"
    return Text.assemble((f"{label}: ", "bold"), f"{_value(after)} ({said})")


def _value(value: FieldValue) -> str:
    if value is None:
        return "(không có)"
    return on_one_line(", ".join(value) if isinstance(value, list) else value)


def _plain(name: str, value: Any, record: Record) -> str:
    if name == "revocation" and record.revocation is not None:
        return revocation_words(record.revocation)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "(không)"
    return str(value) if value else "(không)"
