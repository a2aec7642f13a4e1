"""ETags of records (RFC 9110): which revision was read, and in which view of it."""

import re
from typing import Annotated

from fastapi import Header

from ocr.problem import Code, SohoaError
from service.v1.entitlement import View

_TAG = re.compile(r'"r([1-9][0-9]{0,8})(?:-[a-z0-9]*)?"')
_LONGEST = 1000

IfNoneMatch = Annotated[
    str | None,
    Header(
        max_length=_LONGEST,
        description="ETag đã có; trùng thì trả 304 không kèm nội dung, và việc đọc vẫn được ghi.",
        examples=['"r2-o"'],
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        max_length=_LONGEST,
        description="ETag của bản mà người quyết định đã xem; hoặc `revision` trong nội dung.",
        examples=['"r2-o"'],
    ),
]


def etag_of(revision: int, view: View, *further: str) -> str:
    """Return the strong ETag of what `view` shows of a revision."""
    suffix = "".join((view.tag, *further))
    return f'"r{revision}-{suffix}"' if suffix else f'"r{revision}"'


def is_known(given: str | None, etag: str) -> bool:
    """True when the caller has what the ETag stands for already."""
    if given is None:
        return False
    return given.strip() == "*" or etag in {each.strip().removeprefix("W/") for each in given.split(",")}


def revision_seen(if_match: str | None, revision: int | None) -> int:
    """Return the revision that was decided on, from the header or the body.

    Raises:
        SohoaError: `REQUEST_INVALID` where neither tells, or they differ.
    """
    found = _TAG.fullmatch(if_match.strip()) if if_match is not None else None
    if if_match is not None and found is None:
        raise SohoaError(Code.REQUEST_INVALID, field="If-Match", detail="one ETag of this record")
    told = {int(found[1])} if found else set()
    told |= {revision} if revision is not None else set()
    if len(told) != 1:
        detail = "differs from `revision`" if told else "the revision that was looked at: If-Match or `revision`"
        raise SohoaError(Code.REQUEST_INVALID, field="If-Match", detail=detail)
    return told.pop()
