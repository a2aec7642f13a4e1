"""How large a request may be. Uploads come in parts, through a route that bounds them itself."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr.problem import Code, Problem
from service.errors import problem_response

# The largest thing a page or system sends at once is a list: hashes of a folder, pages of a dossier.
LARGEST_BYTES = 4 * 1024 * 1024
_UNBOUNDED = (("PATCH", "/v1/uploads/"), ("POST", "/v1/uploads/"))


class Bodies:
    """Middleware: refuses a body that is too large, before it is read or as soon as it has become so."""

    def __init__(self, app: ASGIApp, largest_bytes: int = LARGEST_BYTES) -> None:
        """Wrap the application."""
        self._app = app
        self._largest_bytes = largest_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 413."""
        if scope["type"] != "http" or _bounds_itself(scope):
            await self._app(scope, receive, send)
            return
        if self._says_too_much(scope):
            await _refuse(scope, receive, send)
            return
        come, refused = 0, False

        async def receive_bounded() -> Message:
            nonlocal come, refused
            message = await receive()
            come += len(message.get("body", b""))
            if come > self._largest_bytes:
                refused = True
                # What waits for the body must not go on with a part of it.
                raise HTTPException(413)
            return message

        async def send_or_refuse(message: Message) -> None:
            # Whatever the application made of it.
            if not refused:
                await send(message)

        try:
            await self._app(scope, receive_bounded, send_or_refuse)
        except HTTPException:
            if not refused:
                raise
        if refused:
            await _refuse(scope, receive, send)

    def _says_too_much(self, scope: Scope) -> bool:
        said = [value for name, value in scope["headers"] if name == b"content-length"]
        return any(not value.isdigit() or int(value) > self._largest_bytes for value in said)


def _bounds_itself(scope: Scope) -> bool:
    return any(scope["method"] == method and scope["path"].startswith(path) for method, path in _UNBOUNDED)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    instance = scope.get("state", {}).get("request_id")
    # What is still coming is not read: the connection cannot be used again.
    await problem_response(Problem(code=Code.UPLOAD_TOO_LARGE), instance, {"Connection": "close"})(scope, receive, send)
