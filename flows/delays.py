"""Telling clerks that digitising stands still, where no run is there to tell it."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ocr.problem import Problem, SohoaError
from storage.desk.batches import Batches
from storage.desk.progress import Progress, ProgressKind, ProgressLog
from storage.settings import Settings

log = logging.getLogger(__name__)


class Delays:
    """What the batches that wait were told; each is told once. What the desk cannot take is left out."""

    def __init__(self, settings: Settings) -> None:
        """Tell on the desk of `settings`."""
        desk = settings.open_desk()
        self._batches, self._progress = Batches(desk), ProgressLog(desk)
        self._told: set[str] = set()

    def tell(self, problem: Problem) -> None:
        """Tell every batch that waits, and was not told yet, what it waits for."""
        event = Progress(kind=ProgressKind.DELAYED, problems=(problem,))
        for batch_id in self._waiting() - self._told:
            self._tell(batch_id, event)

    def end(self) -> None:
        """Tell those that still wait that nothing is in the way any more."""
        if not self._told:
            return
        for batch_id in self._waiting() & self._told:
            self._tell(batch_id, Progress(kind=ProgressKind.DELAYED))
        self._told.clear()

    @contextmanager
    def ending_after(self, seconds: float) -> Iterator[None]:
        """End them from another thread when the block lasts so long."""
        timer = threading.Timer(seconds, self.end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _waiting(self) -> set[str]:
        try:
            return {row.batch_id for row in self._batches.unfinished()}
        except SohoaError as error:
            log.warning("delays are not told: %s", error.code)
            return set()

    def _tell(self, batch_id: str, event: Progress) -> None:
        try:
            self._progress.tell(batch_id, event)
            self._told.add(batch_id)
        except SohoaError as error:
            log.warning("batch %s: a delay is not told: %s", batch_id, error.code)
