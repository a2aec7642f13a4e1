"""Until when a paper may be used, as its type declares it: a date it carries, or months from one."""

import calendar
from collections.abc import Mapping
from datetime import date

from extractors.paper_type import Validity
from extractors.record import ExtractedField


def valid_until(validity: Validity | None, fields: Mapping[str, ExtractedField]) -> str | None:
    """Return the last day as ISO 8601; None where the paper does not end, or the date it counts from was not read."""
    if validity is None:
        return None
    if validity.until is not None:
        until = fields.get(validity.until)
        return until.value if until and isinstance(until.value, str) and _is_whole(until.value) else None
    start = fields.get(validity.since or "")
    since = start.value if start else None
    if validity.months is None or not isinstance(since, str) or not _is_whole(since):
        return None
    return _months_later(date.fromisoformat(since), validity.months).isoformat()


def _is_whole(value: str) -> bool:
    return len(value) == len("2024-05-06")


def _months_later(day: date, months: int) -> date:
    """Return the same day so many months on, or the last of a shorter month. Source: Bộ luật Dân sự 2015 Điều 148."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
