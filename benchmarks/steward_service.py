"""The service in a process of its own, as an office has it: how long each answer took, and its processor time."""

import multiprocessing
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from benchmarks.offices import office_of
from service.app import create_app
from service.server import keep_what_is_loaded


class Asked(NamedTuple):
    """A request: what it was, when it came (seconds of the clock all processes share), how long it took (ms)."""

    kind: str
    at: float
    ms: float


class Timed:
    """An application that notes how long each of its answers took, from the request's arrival to the last byte."""

    def __init__(self, app: Any) -> None:
        """Wrap `app`."""
        self.app = app
        self.asked: list[Asked] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, and note the time."""
        begun = time.perf_counter()
        await self.app(scope, receive, send)
        if scope["type"] == "http":
            self.asked.append(Asked(_kind(scope["path"]), begun, (time.perf_counter() - begun) * 1000))


@dataclass(frozen=True, slots=True)
class Serving:
    """A service that runs.

    Attributes:
        address: Where.
        pipe: To its process.
    """

    address: str
    pipe: Connection

    def end(self) -> tuple[list[Asked], float]:
        """Stop it; return what it was asked and the seconds of processor time it took for all of that."""
        self.pipe.send("end")
        asked, cpu_s = self.pipe.recv()
        return asked, cpu_s


@contextmanager
def serving(home: Path) -> Iterator[Serving]:
    """Serve the office of a home on loopback from another process."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(home, theirs), daemon=True)
    process.start()
    try:
        yield Serving(ours.recv(), ours)
    finally:
        process.terminate()
        process.join()


def _serve(home: Path, pipe: Connection) -> None:
    with office_of(home) as office:
        app = Timed(create_app(office))
        server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_config=None, access_log=False, lifespan="off"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.02)
        keep_what_is_loaded()
        begun = time.process_time()
        pipe.send(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
        pipe.recv()
        pipe.send((app.asked, time.process_time() - begun))
        server.should_exit = True


def _kind(path: str) -> str:
    if not path.startswith("/tasks"):
        return "static"
    if path.endswith(".webp"):
        return "picture"
    named = re.fullmatch(r"/tasks/(?:r[0-9a-f]+/)?([a-z-]+)", path)
    return named[1] if named else "page"
