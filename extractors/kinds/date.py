"""Dates in figures: `06/5/2024`, `ngày 06 tháng 5 năm 2024`, `Hà Nội, ngày 06 tháng 5 năm 2024`, or parts of one."""

import re
from datetime import date

from extractors.kinds.parsed import Parsed, invalid
from ocr.vietnamese import fold

# Papers are of people alive or dead within living archives.
_FIRST_YEAR, _LAST_YEAR = 1850, 2100

# Figures that touch a letter are half of a misread number: `l2/03/2015` is not the second of March.
# Readers of figures drop the blank behind `ngày`.
_ALONE, _END = r"(?:(?<![a-z\d])|(?<=\bngay))", r"(?![a-z\d])"
# `ngày` may have been taken for a label and be gone. Cards print `ngày/date 05 tháng/month 06 năm/year 2024`.
_LONG = re.compile(
    rf"(?:ngay(?:\s*/\s*date)?|{_ALONE})\s*(?P<day>[^a-z]{{0,8}}?)\s*(?:thang|thng)(?:\s*/\s*month)?\s*"
    rf"(?P<month>[^a-z]{{1,6}}?)\s*nam(?:\s*/\s*year)?\s*(?P<year>\d{{4}}){_END}"
)
_NUMERIC = re.compile(rf"{_ALONE}(?P<day>\d{{1,2}})\s*[/.\-]\s*(?P<month>\d{{1,2}})\s*[/.\-]\s*(?P<year>\d{{4}}){_END}")
# A slash between the digits of a date is read as an upright stroke.
_STROKES = re.compile(r"(?<!\d)(\d{2})[/.\-ij|l](\d{2})[/.\-ij|l](\d{4})(?!\d)")
_MONTH_YEAR = re.compile(rf"(?:thang\s*|{_ALONE})(?P<month>\d{{1,2}})\s*(?:[/.\-]|nam)\s*(?P<year>\d{{4}}){_END}")
# What a machine prints, and this module answers.
_ISO = re.compile(rf"{_ALONE}(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}}){_END}")
_ISO_MONTH = re.compile(r"\W*(?P<year>\d{4})-(?P<month>\d{2})\W*")
_YEAR = re.compile(rf"{_ALONE}(?P<year>\d{{4}}){_END}")


def parse_date(raw: str) -> Parsed:
    """Return the first date in `raw` as ISO 8601; `2024-05` or `2024` with `partial` where the rest cannot be read."""
    text = _STROKES.sub(r"\1/\2/\3", fold(raw))
    long_form = _LONG.search(text)
    if long_form:
        return _from_parts(long_form["day"], long_form["month"], long_form["year"])
    month_alone = _ISO_MONTH.fullmatch(text)
    if month_alone:
        return _from_parts("", month_alone["month"], month_alone["year"])
    for pattern in (_ISO, _NUMERIC, _MONTH_YEAR, _YEAR):
        match = pattern.search(text)
        if match:
            parts = match.groupdict()
            return _from_parts(parts.get("day", ""), parts.get("month", ""), parts["year"])
    return invalid("no-date")


def _from_parts(day: str, month: str, year: str) -> Parsed:
    year_number = int(year)
    if not _FIRST_YEAR <= year_number <= _LAST_YEAR:
        return invalid("year-out-of-range")
    month_number = _number(month)
    if month_number is None or not 1 <= month_number <= 12:
        return Parsed(f"{year_number:04d}", "month-unread", partial=True)
    day_number = _number(day)
    if day_number is None:
        return Parsed(f"{year_number:04d}-{month_number:02d}", "day-unread", partial=True)
    try:
        return Parsed(date(year_number, month_number, day_number).isoformat())
    except ValueError:
        return Parsed(f"{year_number:04d}-{month_number:02d}", "day-impossible", partial=True)


def _number(text: str) -> int | None:
    digits = text.strip(" .,:;_-…")
    return int(digits) if re.fullmatch(r"\d{1,2}", digits) else None
