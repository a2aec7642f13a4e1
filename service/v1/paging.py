"""Pages of lists: cursors that only the service understands, and that fit the list they were given for."""

import base64
import hashlib
import json
from typing import Annotated

from fastapi import Query

from ocr.problem import Code, SohoaError

MOST_ON_A_PAGE, ON_A_PAGE = 500, 100
_LONGEST = 500

Cursor = Annotated[
    str | None, Query(max_length=_LONGEST, description="`next` của trang trước; bỏ trống: trang đầu. Chỉ máy chủ hiểu.")
]
Limit = Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE, description="Nhiều nhất bao nhiêu mục một trang.")]


def cursor_after(last: str, *filters: str | None) -> str:
    """Return the cursor of the page that begins after the item named `last`, of a list narrowed by `filters`."""
    text = json.dumps([last, _digest(filters)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str | None, *filters: str | None) -> str:
    """Return the name of the last item of the page before; "" for the first page.

    Raises:
        SohoaError: `REQUEST_INVALID` for what is no cursor, or one of another list.
    """
    if not cursor:
        return ""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        last, digest = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError):
        raise SohoaError(Code.REQUEST_INVALID, field="cursor", detail="not a cursor of ours") from None
    if not isinstance(last, str) or digest != _digest(filters):
        raise SohoaError(Code.REQUEST_INVALID, field="cursor", detail="of a list with other filters")
    return last


def _digest(filters: tuple[str | None, ...]) -> str:
    return hashlib.sha256(json.dumps(filters).encode()).hexdigest()[:12]
