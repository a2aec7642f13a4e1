"""Time limits in working days, as the office counts them."""

from collections.abc import Container
from datetime import date, datetime, timedelta, timezone

# Deadlines are those of the office's clock. Source: Quyết định 134/2002/QĐ-TTg, the official time zone.
VIETNAM = timezone(timedelta(hours=7))
_SATURDAY = 5


def local_day(at: datetime) -> date:
    """Return the day of the office's calendar that a moment falls on."""
    return at.astimezone(VIETNAM).date()


def is_working_day(day: date, holidays: Container[date] = frozenset()) -> bool:
    """True from Monday to Friday, holidays apart."""
    return day.weekday() < _SATURDAY and day not in holidays


def after_working_days(day: date, count: int, holidays: Container[date] = frozenset()) -> date:
    """Return the last day of a time limit of `count` working days; the day it begins on does not count.

    Raises:
        ValueError: `count` is negative.
    """
    if count < 0:
        raise ValueError("a time limit is not negative")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day
