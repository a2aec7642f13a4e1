"""Times as the desk's tables hold them: ISO 8601 in UTC with microseconds, which sort as text."""

from datetime import UTC, datetime


def as_text(at: datetime) -> str:
    """Return a moment, with its zone, as it stands in a table."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def as_time(text: str) -> datetime:
    """Return the moment that stands in a table."""
    return datetime.fromisoformat(text)
