"""`sohoa serve` as a process, as an office runs it."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.batch import BatchState
from storage.desk.batches import Batches
from storage.settings import Settings

Start = Callable[..., "Service"]


class Service:
    """A serving process."""

    def __init__(self, command: list[str], environment: dict[str, str], home: Path) -> None:
        self.home = home
        self.settings = Settings.load(home, {}, {})
        self.process = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8"
        )
        self.said = ""
        while "http://" not in self.said:
            line = self.process.stderr.readline()
            assert line, f"ended: {self.said}"
            self.said += line
        self.address = re.search(r"http://\S+", self.said)[0]

    @property
    def batches(self) -> Batches:
        return Batches(self.settings.open_desk())

    def runner(self) -> int | None:
        """The process that digitises."""
        for child in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in child.read_text().split():
                if b"flows.runner" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return int(pid)
        return None

    def wait_for(self, what: Callable[[], object], timeout_s: float = 240) -> None:
        deadline = time.monotonic() + timeout_s
        while not what():
            assert time.monotonic() < deadline and self.process.poll() is None
            time.sleep(0.05)

    def wait_until_finished(self, batch_id: str, state: BatchState = BatchState.DONE) -> None:
        self.wait_for(lambda: self.batches.find(batch_id).finished_at is not None)
        assert self.batches.find(batch_id).state is state

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        _, rest = self.process.communicate(timeout=60)
        self.said += rest
        return self.process.returncode


@pytest.fixture
def start(program: list[str], environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start `sohoa serve` with a home and settings; processes that still run are killed when the test ends."""
    started: list[Service] = []

    def go(home: Path = tmp_path / "home", **more: str) -> Service:
        home.mkdir(exist_ok=True)
        service = Service([*program, "serve", "--port", "0", "--home", str(home)], {**environment, **more}, home)
        started.append(service)
        return service

    yield go
    for service in started:
        if service.process.poll() is None:
            service.process.kill()
            service.process.communicate()
