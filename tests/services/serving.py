"""`sohoa serve` as a process, as an office runs it."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from storage.batch import BatchState
from storage.desk.batches import Batches
from storage.settings import Settings

Start = Callable[..., "Service"]
# Longer than a busy machine stalls, seconds.
_PATIENCE_S = 240.0


class Service:
    """A serving process."""

    def __init__(self, command: list[str], environment: dict[str, str], home: Path) -> None:
        self.home = home
        self.settings = Settings.load(home, {}, {})
        # Not a pipe: read by line and then to its end, it loses what was read ahead.
        self._words = home.parent / f"said-{uuid4().hex}.log"
        with self._words.open("wb") as words:
            self.process = subprocess.Popen(command, env=environment, stderr=words, stdout=subprocess.DEVNULL)

    def wait_until_ready(self) -> None:
        """Wait until it says where it listens."""
        self.wait_for(lambda: "http://" in self.said.rpartition("\n")[0])
        self.address = re.search(r"http://\S+", self.said)[0]

    @property
    def said(self) -> str:
        """What the process has written for people."""
        # It may be in the middle of a letter.
        return self._words.read_text("utf-8", errors="replace")

    @property
    def batches(self) -> Batches:
        return Batches(self.settings.open_desk())

    def runner(self) -> int | None:
        """The process that digitises."""
        for children in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            with suppress(OSError):  # threads and processes end while they are looked at
                for pid in children.read_text().split():
                    if b"flows.runner" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        return int(pid)
        return None

    def wait_for(self, what: Callable[[], object], timeout_s: float = _PATIENCE_S) -> None:
        deadline = time.monotonic() + timeout_s
        while not what():
            assert time.monotonic() < deadline and self.process.poll() is None, self.said
            time.sleep(0.05)

    def wait_until_finished(self, batch_id: str, state: BatchState = BatchState.DONE) -> None:
        self.wait_for(lambda: self.batches.find(batch_id).finished_at is not None)
        assert self.batches.find(batch_id).state is state

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=_PATIENCE_S)


@pytest.fixture
def start(program: list[str], environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start `sohoa serve` with a home and settings; processes that still run are killed when the test ends."""
    started: list[Service] = []

    def go(home: Path = tmp_path / "home", **more: str) -> Service:
        home.mkdir(exist_ok=True)
        service = Service([*program, "serve", "--port", "0", "--home", str(home)], {**environment, **more}, home)
        started.append(service)
        service.wait_until_ready()
        return service

    yield go
    for service in started:
        if service.process.poll() is None:
            service.process.kill()
            service.process.wait()
