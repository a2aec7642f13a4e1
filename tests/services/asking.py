"""Asking an application for the status of an answer, without waiting for its end: streams go on for ever."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

LONGEST_S = 120.0


def status_of(
    app: Any,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    address: str = "10.9.8.7",
) -> int:
    """Return the status of the answer to one request."""
    # In a thread of its own: in this one an event loop runs already where a test with a browser came before.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _status_of(app, method, path, headers or {}, body, address)).result()


async def _status_of(app: Any, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str) -> int:
    sent = [(b"host", b"testserver"), (b"content-length", str(len(body)).encode())]
    sent += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path.partition("?")[0],
        "raw_path": path.encode(),
        "query_string": path.partition("?")[2].encode(),
        "root_path": "",
        "scheme": "http",
        "server": ("testserver", 80),
        "client": (address, 50_000),
        "headers": sent,
    }
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    gone = asyncio.Event()
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start" and not answered.done():
            answered.set_result(message["status"])

    running = asyncio.ensure_future(app(scope, receive, send))
    await asyncio.wait({running, answered}, timeout=LONGEST_S, return_when=asyncio.FIRST_COMPLETED)
    gone.set()
    if not answered.done():
        running.cancel()
        await running
        raise AssertionError(f"no answer to {method} {path}")
    # What answered goes on to its end; a stream is left.
    with suppress(asyncio.TimeoutError, asyncio.CancelledError, Exception):
        await asyncio.wait_for(running, LONGEST_S)
    return answered.result()
