"""A system that receives webhooks, on loopback, and its faults."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook


class Receiver:
    """A receiver that verifies every signature; `behave` says what it answers to the nth request.

    A status; or "drop", which breaks the connection off; or "hang", which answers nothing as long as it listens.
    """

    def __init__(self) -> None:
        self.secret = ""
        self.behave: Callable[[int], int | str] = lambda nth: 204
        self.requests = 0
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._counting = threading.Lock()
        self._closed = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                with outer._counting:
                    outer.requests += 1
                    nth = outer.requests
                answer = outer.behave(nth)
                if answer == "hang":
                    outer._closed.wait()
                if isinstance(answer, str):
                    self.connection.close()
                    return
                if 200 <= answer < 300:
                    event = Webhook(outer.secret).verify(body, dict(self.headers))
                    with outer._counting:
                        outer.headers.append(dict(self.headers))
                        outer.got.append(event)
                self.send_response(answer)
                if answer == 302:
                    self.send_header("location", f"http://127.0.0.1:{outer.port}/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/nhan"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def kinds(self) -> list[str]:
        return [each["type"].rpartition(".")[2] for each in self.got]

    def close(self) -> None:
        self._closed.set()
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver while the block runs."""
    made = Receiver()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens until the test ends."""
    with receiving() as made:
        yield made
