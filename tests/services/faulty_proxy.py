"""A TCP proxy that loses what the network can lose: connections, answers, the rest of an answer."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_CHUNK_BYTES = 1 << 16


class FaultyProxy:
    """Passes connections on to `target` (HOST:PORT), with the faults that are asked for.

    Attributes:
        address: Where it listens.
        answers_to_lose: How many answers are taken from the server and not passed on: the server has done the work.
        answers_to_cut: How many answers are passed on up to `cut_at_bytes` only.
        canned: When given, an HTTP answer that takes the place of the server's.
        requests: How many requests (or parts of one) came through.
        before_passing: Called with the number of each request (or part of one), which is passed on after that.
    """

    def __init__(self, target: str) -> None:
        host, _, port = target.partition(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.answers_to_lose = 0
        self.answers_to_cut = 0
        self.cut_at_bytes = 0
        self.canned: bytes | None = None
        self.requests = 0
        self.before_passing: Callable[[int], None] = lambda _: None
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.canned is not None:
                self._answer_canned(client)
                return
            with socket.create_connection(self._target) as server:
                forward = threading.Thread(target=self._forward, args=(client, server), daemon=True)
                forward.start()
                try:
                    self._return(server, client)
                finally:
                    for end in (client, server):  # a socket that the other thread waits on is not closed otherwise
                        with suppress(OSError):
                            end.shutdown(socket.SHUT_RDWR)

    def _answer_canned(self, client: socket.socket) -> None:
        """Answer once the whole request has come: closing on what was not read takes the answer away as well."""
        with client.makefile("rb") as request:
            head = b""
            while (line := request.readline()) not in {b"\r\n", b""}:
                head += line
            length = re.search(rb"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
            request.read(int(length[1]) if length else 0)
        self.requests += 1
        client.sendall(self.canned or b"")

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(_CHUNK_BYTES):
                self.requests += 1
                self.before_passing(self.requests)
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)

    def _return(self, server: socket.socket, client: socket.socket) -> None:
        passed = 0
        while data := server.recv(_CHUNK_BYTES):
            with self._lock:
                if self.answers_to_lose > 0:
                    self.answers_to_lose -= 1
                    return
                if self.answers_to_cut > 0 and passed + len(data) > self.cut_at_bytes:
                    self.answers_to_cut -= 1
                    client.sendall(data[: max(0, self.cut_at_bytes - passed)])
                    return
            client.sendall(data)
            passed += len(data)


@contextmanager
def faulty_proxy(target: str) -> Iterator[FaultyProxy]:
    """A proxy while the block runs."""
    proxy = FaultyProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
