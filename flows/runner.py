"""The runner of an office: a process beside the service that digitises what waits on the desk, one batch at a time.

Started and watched by `flows.launching`. On standard input comes a line for each request: `batch`, to look at the desk
now, or `dossier ` and an identifier as JSON, to assemble it anew. It answers `dossier ` and the identifier on standard
output when that was done. It ends with its parent, however that ends.
"""

import argparse
import ctypes
import fcntl
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from flows.embedded import flow_server
from ocr.problem import SohoaError
from storage.batch import BatchState
from storage.desk.batches import Batches, BatchRow
from storage.desk.progress import Progress, ProgressKind, ProgressLog
from storage.settings import Settings

log = logging.getLogger(__name__)

LOCK_FILE = "runner.lock"
_PR_SET_PDEATHSIG = 1
# A lost request is found after so long by looking at the desk; what keeps a batch from being digitised is waited for.
_LOOK_EVERY_S, _TRY_AGAIN_AFTER_S = 15.0, 60.0
# Where memory runs out, the kernel ends this process, which is started again, and not the service.
_OOM_SCORE = "500"


class Runner:
    """Works off what the desk and the standard input ask for, until the process ends."""

    def __init__(self, settings: Settings) -> None:
        """Work in the home of `settings`."""
        desk = settings.open_desk()
        self._settings = settings
        self._batches = Batches(desk)
        self._progress = ProgressLog(desk)
        self._asked = threading.Event()
        self._dossiers: deque[str] = deque()
        self._dossiers_asked = threading.Semaphore(0)
        self._not_before: dict[str, float] = {}

    def listen(self) -> None:
        """Take requests until standard input is closed: then nobody is there to ask, and the process ends."""
        for line in sys.stdin:
            kind, _, text = line.strip().partition(" ")
            if kind == "dossier":
                self._ask_for(str(json.loads(text)))
            self._asked.set()
        os.kill(os.getpid(), signal.SIGTERM)

    def assemble(self) -> None:
        """Assemble dossiers as they are asked for, beside the batch that is under way: a steward waits for them."""
        from prefect.task_runners import ThreadPoolTaskRunner  # noqa: PLC0415  its settings are read when imported

        from flows.arranged_dossier import assemble_arranged_dossier  # noqa: PLC0415

        flow = assemble_arranged_dossier.with_options(task_runner=ThreadPoolTaskRunner(self._settings.workers))  # type: ignore[arg-type]
        while True:
            self._dossiers_asked.acquire()
            dossier_id = self._dossiers.popleft()
            try:
                flow(dossier_id, str(self._settings.home))
            except SohoaError as error:
                log.warning("a dossier was not assembled: %s", error.code)
                if error.problem.retryable:
                    threading.Timer(_TRY_AGAIN_AFTER_S, self._ask_for, (dossier_id,)).start()
                    continue
            except Exception:
                log.exception("a dossier was not assembled")
                os.kill(os.getpid(), signal.SIGKILL)  # as for batches: begun anew by who watches
            print(f"dossier {json.dumps(dossier_id)}", flush=True)  # noqa: T201  the answer

    def work(self) -> NoReturn:
        """Digitise what waits, oldest first, for ever."""
        while True:
            self._asked.clear()
            waiting = [row for row in self._batches.unfinished() if self._may_begin(row)]
            if waiting:
                self._digitise(waiting[0])
            else:
                self._asked.wait(_LOOK_EVERY_S)

    def _ask_for(self, dossier_id: str) -> None:
        self._dossiers.append(dossier_id)
        self._dossiers_asked.release()

    def _may_begin(self, row: BatchRow) -> bool:
        return self._not_before.get(row.batch_id, 0.0) <= time.monotonic()

    def _digitise(self, row: BatchRow) -> None:
        from prefect.task_runners import ThreadPoolTaskRunner  # noqa: PLC0415

        from flows.stored_batch import digitize_stored_batch  # noqa: PLC0415

        flow = digitize_stored_batch.with_options(task_runner=ThreadPoolTaskRunner(self._settings.workers))  # type: ignore[arg-type]
        try:
            flow(row.batch_id, str(self._settings.home))
        except SohoaError as error:
            log.warning("batch %s was not digitised: %s", row.batch_id, error.code)
            if error.problem.retryable:
                self._not_before[row.batch_id] = time.monotonic() + _TRY_AGAIN_AFTER_S
                return
            self._batches.finish(row.batch_id, BatchState.FAILED)
            self._progress.tell(row.batch_id, Progress(kind=ProgressKind.FAILED, problems=(error.problem,)))


def main() -> None:
    """Run until stopped by SIGTERM."""
    parser = argparse.ArgumentParser(prog="flows.runner")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--parent", type=int, required=True)
    given = parser.parse_args()
    _die_with(given.parent)
    signal.signal(signal.SIGTERM, _stop)
    logging.basicConfig(level=logging.WARNING, format="sohoa runner: %(message)s")
    try:
        _run(given.home)
    except KeyboardInterrupt:
        # Pages that are being read are read again: waiting for them is of no use to anybody.
        sys.stdout.flush()
        os._exit(0)
    except SohoaError as error:
        log.warning("%s", error)
        sys.exit(1)


def _run(home: Path) -> None:
    settings = Settings.load(home, {}, os.environ)
    with (home / LOCK_FILE).open("w") as lock:
        # The one before may still be ending. Freed by the kernel, however its holder ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        with flow_server(home, meanwhile=_import_flows):
            runner = Runner(settings)
            threading.Thread(target=runner.listen, daemon=True).start()
            threading.Thread(target=runner.assemble, daemon=True).start()
            runner.work()


def _import_flows() -> None:
    import flows.stored_batch  # noqa: PLC0415, F401


def _die_with(parent: int) -> None:
    """End with the parent; it may be gone already."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)
    with suppress(OSError), Path("/proc/self/oom_score_adj").open("w", encoding="ascii") as score:
        score.write(_OOM_SCORE)


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
