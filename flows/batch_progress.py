"""Telling how far a batch has got: what a run tells, kept on the desk for the pages that follow it."""

import logging
import time
from collections import Counter

from flows.progress import DossierDone, Event, PageRead, PagesFound
from ocr.problem import SohoaError
from storage.desk.progress import Progress, ProgressKind, ProgressLog

log = logging.getLogger(__name__)

# People see no more than that; a batch of thousands of pages writes no more rows than seconds go by.
_SHORTEST_INTERVAL_S = 0.5


class BatchTeller:
    """Subscribes to the run of one batch. What the desk cannot take is left out: the run goes on."""

    def __init__(self, progress: ProgressLog, batch_id: str) -> None:
        """Tell of a batch."""
        self._progress = progress
        self._batch_id = batch_id
        self._read: Counter[str] = Counter()
        self._told_at: dict[str, float] = {}

    def __call__(self, event: Event) -> None:
        """Keep what happened; pages are kept together, the last ones with their dossier."""
        match event:
            case PagesFound(count, held, dossier_id):
                self.tell(Progress(kind=ProgressKind.PAGES, dossier_id=dossier_id, count=count, held=held))
            case PageRead(dossier_id):
                self._read[dossier_id] += 1
                if time.monotonic() - self._told_at.get(dossier_id, 0.0) >= _SHORTEST_INTERVAL_S:
                    self._tell_pages(dossier_id)
            case DossierDone(outcome):
                self._tell_pages(outcome.dossier_id)
                self.tell(
                    Progress(
                        kind=ProgressKind.ASSEMBLED,
                        dossier_id=outcome.dossier_id,
                        state=outcome.state,
                        papers=len(outcome.dossier.papers) if outcome.dossier else 0,
                        to_review=outcome.to_review.records,
                        poor_pages=outcome.poor_pages,
                        problems=outcome.problems,
                    )
                )

    def tell(self, event: Progress) -> None:
        """Keep one event."""
        try:
            self._progress.tell(self._batch_id, event)
        except SohoaError as error:
            log.warning("batch %s: progress is not told: %s", self._batch_id, error.code)

    def _tell_pages(self, dossier_id: str) -> None:
        count = self._read.pop(dossier_id, 0)
        if count:
            self._told_at[dossier_id] = time.monotonic()
            self.tell(Progress(kind=ProgressKind.PAGE, dossier_id=dossier_id, count=count))
