"""A system that receives webhooks, on loopback, and its faults."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook


class Receiver:
    """A receiver that verifies every signature; `behave` says what it answers to the nth request."""

    def __init__(self) -> None:
        self.secret = ""
        self.behave: Callable[[int], int | str] = lambda nth: 204
        self.requests = 0
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.requests += 1
                answer = outer.behave(outer.requests)
                if answer == "drop":
                    self.connection.close()
                    return
                if isinstance(answer, str):  # "slow 3"
                    # Nobody waits for this answer any more; what it was about comes again.
                    time.sleep(float(answer.split()[1]))
                    return
                if 200 <= answer < 300:
                    outer.headers.append(dict(self.headers))
                    outer.got.append(Webhook(outer.secret).verify(body, dict(self.headers)))
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


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()
