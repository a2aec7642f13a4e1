"""`Idempotency-Key`: a changing request that is sent again because its answer was lost does not do its work twice.

`@once` goes on an endpoint below its route, and `Depends(key_of)`, which describes the header, among the dependencies
of the route. The endpoint takes the parameter `request`, and its body as a pydantic model. Without the header nothing
changes.
"""

import functools
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Header, Request, Response
from pydantic import BaseModel

from ocr.problem import Code, SohoaError
from service.access import office_of, principal_of
from service.errors import status_of
from storage.desk.idempotency import Answer, Begun, Idempotency

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
# Codes that these requests may answer with beside their own.
CODES = (Code.KEY_REUSED, Code.REQUEST_UNDER_WAY)
_KEPT_HEADERS = ("etag", "location")
_SCHEME = b"sohoa.idempotency/1\0"

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description=(
            "Khóa chống lặp do bên gọi chọn, giữ 24 giờ: cùng khóa, cùng yêu cầu thì nhận lại đúng câu trả lời trước; "
            "yêu cầu khác mang khóa đã dùng bị từ chối (`key_reused`)."
        ),
        examples=["7b6f9f2e-6a51-4a0e-9c57-0d4f3b8f7c11"],
    ),
]


async def key_of(idempotency_key: IdempotencyKey = None) -> str | None:
    """Return the key that a request names; a dependency of routes."""
    return idempotency_key


def once(endpoint: Callable[..., Response]) -> Callable[..., Response]:
    """Let an endpoint do its work once for each `Idempotency-Key` of a caller.

    Where an earlier attempt may have done the work, `may_be_done` of its request is true.
    """

    @functools.wraps(endpoint)
    def guarded(**arguments: Any) -> Response:
        request: Request = arguments["request"]
        key = request.headers.get(HEADER)
        if key is None:
            return endpoint(**arguments)
        if not _KEY.fullmatch(key):
            raise SohoaError(Code.REQUEST_INVALID, field=HEADER, detail="1 to 200 visible ASCII characters")
        kept = Idempotency(office_of(request).desk)
        found = kept.begin(principal_of(request).account, key, _hash_of(request, arguments))
        if isinstance(found, Answer):
            headers = {**found.headers, REPLAYED: "true"}
            return Response(found.body, found.status, headers, found.media_type)
        request.state.may_be_done = found.again
        return _answered(kept, found, endpoint, arguments)

    return guarded


def may_be_done(request: Request) -> bool:
    """True when the work of this request was begun before, and nobody knows whether it was done."""
    return bool(getattr(request.state, "may_be_done", False))


def _answered(kept: Idempotency, begun: Begun, endpoint: Callable[..., Response], arguments: Any) -> Response:
    try:
        response = endpoint(**arguments)
    except SohoaError as error:
        # What was refused was not done; what failed may have been.
        kept.give_up(begun, may_be_done=begun.again or status_of(error.problem) >= 500)
        raise
    except BaseException:
        kept.give_up(begun, may_be_done=True)
        raise
    headers = {name: value for name, value in response.headers.items() if name in _KEPT_HEADERS}
    media_type = response.media_type or "application/octet-stream"
    kept.finish(begun, Answer(response.status_code, media_type, headers, bytes(response.body)))
    return response


def _hash_of(request: Request, arguments: Mapping[str, Any]) -> str:
    """Return what tells the request from others: what it asks, however its JSON was laid out."""
    bodies = [each.model_dump_json().encode() for each in arguments.values() if isinstance(each, BaseModel)]
    parts = [request.method, request.url.path, request.url.query, request.headers.get("if-match", "")]
    message = _SCHEME + b"\0".join([*(part.encode() for part in parts), *bodies])
    return hmac.digest(office_of(request).identity_key.secret, message, "sha256").hex()
