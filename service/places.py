"""Places in what people page through by time, as texts that pages and addresses carry on."""

from datetime import datetime

from ocr.problem import Code, SohoaError
from storage.catalogue.queue import Place

_SEPARATOR = "~"


def cursor_of(place: Place) -> str:
    """Return a place as a text."""
    return f"{place.since.isoformat()}{_SEPARATOR}{place.name}"


def place_of(cursor: str | None, field: str) -> Place | None:
    """Return the place that a text means; None: the beginning.

    Raises:
        SohoaError: `REQUEST_INVALID` of `field` for what `cursor_of` does not make.
    """
    if cursor is None:
        return None
    since, _, name = cursor.partition(_SEPARATOR)
    try:
        at = datetime.fromisoformat(since)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not name:
        raise SohoaError(Code.REQUEST_INVALID, field=field, detail="not a cursor of this list")
    return Place(at, name)
