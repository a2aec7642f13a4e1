"""Where a record stands, in words: its state, who gave it, which records it replaces or is replaced by."""

from datetime import datetime

from extractors.record import Record, Revocation
from extractors.wording import STATES
from flows.signature_view import VIETNAM
from ocr.messages import on_one_line


def standing_lines(record: Record) -> tuple[str, ...]:
    """Return what is to be known of a record beside its fields, a line each."""
    made = f"{who_made(record)}, {local_time(record.made_at)}"
    lines = [f"{record.record_id} · bản {record.revision} · {STATES[record.state]} ({made})"]
    if record.superseded_by is not None:
        lines.append(f"bị thay bởi {record.superseded_by}")
    if record.supersedes:
        lines.append(f"thay cho {', '.join(record.supersedes)}")
    if record.revocation is not None:
        lines.append(f"văn bản thu hồi: {revocation_words(record.revocation)}")
    return tuple(lines)


def who_made(record: Record) -> str:
    """Return the account of who decided the revision, or that the machine made it."""
    return record.decision.by if record.decision else "máy"


def revocation_words(revocation: Revocation) -> str:
    """Return the act that revoked a paper, in one line."""
    held = f", bản ghi {revocation.record_id}" if revocation.record_id else ""
    return on_one_line(
        f"{revocation.act_number} ngày {revocation.act_date:%d/%m/%Y} của {revocation.by_authority}{held}"
    )


def local_time(at: datetime) -> str:
    """Return a time as people in Việt Nam write it."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
