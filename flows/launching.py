"""Having batches digitised for the service: by a runner of our own, or by the workers of a Prefect server.

Imports nothing of Prefect: its settings are read when it is first imported. Implements `service.office.Launcher`.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

from flows.delays import Delays
from ocr.problem import Code, Problem, SohoaError
from storage.arranging import unassembled
from storage.batch import BatchState
from storage.desk.batches import Batches
from storage.settings import Settings

log = logging.getLogger(__name__)

# A runner that ended is started again after so long, the longer the sooner it ended again.
_PAUSES_S = (1.0, 2.0, 5.0, 15.0, 60.0)
_LONG_ENOUGH_S = 120.0
_GRACE_S = 20.0


class OpenLauncher(Protocol):
    """A launcher that is started and closed by who serves."""

    def digitise(self, batch_id: str) -> None:
        """See `service.office.Launcher`."""
        ...

    def assemble(self, dossier_id: str) -> None:
        """See `service.office.Launcher`."""
        ...

    def start(self) -> None:
        """Begin, with what was left unfinished before."""
        ...

    def close(self) -> None:
        """End in order; what is under way is taken up at the next start."""
        ...


def launcher_for(settings: Settings) -> OpenLauncher:
    """Return the launcher of an office, not started yet."""
    if settings.prefect_api_url is None:
        return EmbeddedLauncher(settings)
    from flows.submitting import SubmittingLauncher  # noqa: PLC0415

    return SubmittingLauncher(settings)


class EmbeddedLauncher:
    """One runner (`flows.runner`) in a process of its own, started again whenever it ends."""

    def __init__(self, settings: Settings) -> None:
        """Serve the home of `settings`."""
        self._settings = settings
        self._runner: subprocess.Popen[str] | None = None
        self._asked: dict[str, None] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._delays = Delays(settings)
        self._watch = threading.Thread(target=self._supervise, name="runner", daemon=True)

    def digitise(self, batch_id: str) -> None:
        """See `service.office.Launcher`; the runner finds the batch on the desk."""
        del batch_id
        with self._lock:
            self._write("batch")

    def assemble(self, dossier_id: str) -> None:
        """See `service.office.Launcher`."""
        with self._lock:
            self._asked[dossier_id] = None
            self._write(f"dossier {json.dumps(dossier_id)}")

    def start(self) -> None:
        """See `OpenLauncher.start`."""
        batches = Batches(self._settings.open_desk())
        for row in batches.unfinished():
            # The runner was taken away with the service: that is no fault of the batch.
            if row.state is BatchState.RUNNING:
                batches.put_back(row.batch_id)
        self._watch.start()
        threading.Thread(target=self._find_arranged, name="arranged", daemon=True).start()

    def close(self) -> None:
        """See `OpenLauncher.close`."""
        self._closing.set()
        with self._lock:
            runner = self._runner
            if runner is not None:
                runner.terminate()
        if runner is not None:
            try:
                runner.wait(_GRACE_S)
            except subprocess.TimeoutExpired:
                runner.kill()
                runner.wait()
        if self._watch.is_alive():
            self._watch.join(_GRACE_S)

    @property
    def runner_pid(self) -> int | None:
        """The process that works now, or None between two."""
        with self._lock:
            return self._runner.pid if self._runner is not None else None

    def _find_arranged(self) -> None:
        with suppress(SohoaError):
            for dossier_id in unassembled(self._settings.open_store()):
                self.assemble(dossier_id)

    def _supervise(self) -> None:
        ended_soon = 0
        while not self._closing.is_set():
            began = time.monotonic()
            with self._delays.ending_after(_LONG_ENOUGH_S):
                status = self._run_once()
            if self._closing.is_set():
                return
            ended_soon = 0 if time.monotonic() - began > _LONG_ENOUGH_S else ended_soon + 1
            log.warning("the runner ended with status %s and is started again", status)
            # Once may be chance, and is made up for in a second.
            if ended_soon > 1:
                self._delays.tell(Problem(code=Code.RUNNER_ENDED))
            self._closing.wait(_PAUSES_S[min(ended_soon, len(_PAUSES_S)) - 1] if ended_soon else 0)

    def _run_once(self) -> int:
        """Start a runner, ask it for what is left, and wait for its end; it ends with this thread."""
        # -P: the folder the service was started in may hold packages and modules of the same names.
        command = [sys.executable, "-P", "-m", "flows.runner", "--home", str(self._settings.home)]
        with self._lock:
            if self._closing.is_set():
                return 0
            runner = subprocess.Popen(
                [*command, "--parent", str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                # Ctrl-C is for the service, which then ends the runner in order.
                process_group=0,
            )
            self._runner = runner
            for dossier_id in self._asked:
                self._write(f"dossier {json.dumps(dossier_id)}")
        for line in _lines_of(runner):
            kind, _, text = line.strip().partition(" ")
            if kind == "dossier":
                with self._lock:
                    self._asked.pop(str(json.loads(text)), None)
        status = runner.wait()
        with self._lock:
            self._runner = None
            if runner.stdin is not None:
                with suppress(OSError):
                    runner.stdin.close()
        return status

    def _write(self, line: str) -> None:
        """Ask the runner, where one works; the next one is asked again. Call with the lock."""
        if self._runner is not None and self._runner.stdin is not None:
            with suppress(OSError):
                self._runner.stdin.write(f"{line}\n")
                self._runner.stdin.flush()


def _lines_of(runner: "subprocess.Popen[str]") -> Iterator[str]:
    if runner.stdout is not None:
        with runner.stdout:
            yield from runner.stdout
