"""Telling watchers what happens to batches: one look at the desk a moment for all of them together."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool

from ocr.problem import SohoaError
from storage.desk.progress import Progress, ProgressLog

log = logging.getLogger(__name__)

# Seconds between two looks while anybody watches.
LOOKED_EVERY_S = 0.5
# Events that wait for a watcher whose line is slow; one that has fallen further behind asks the desk itself.
_MOST_WAITING = 256

Event = tuple[int, Progress]


class _Watcher:
    """One open stream: what it was told so far, and what waits for it."""

    def __init__(self, batch_id: str, seq: int) -> None:
        self.batch_id = batch_id
        self.seq = seq
        self.waiting: list[Event] = []
        self.is_behind = True
        self.news = asyncio.Event()

    def tell(self, event: Event) -> None:
        if len(self.waiting) >= _MOST_WAITING:
            self.waiting.clear()
            self.is_behind = True
        elif not self.is_behind:
            self.waiting.append(event)
        self.news.set()


class Watch:
    """All watchers of one office in one event loop; looks only while there are any."""

    def __init__(self, progress: ProgressLog) -> None:
        """Use an office's desk."""
        self._progress = progress
        # True when the server is about to end: streams end first.
        self.is_closing: Callable[[], bool] = lambda: False
        self._watchers: set[_Watcher] = set()
        self._looking: asyncio.Task[None] | None = None

    async def follow(self, batch_id: str, seq: int, idle_s: float) -> AsyncGenerator[Event | None, None]:
        """Yield the events of a batch after the one numbered `seq`, as they happen, until the server ends.

        Args:
            batch_id: Which batch.
            seq: Number of the last event that the watcher knows.
            idle_s: Seconds without an event after which None is yielded, for a sign of life.

        Raises:
            SohoaError: `DESK_FAILED` at the beginning.
        """
        watcher = _Watcher(batch_id, seq)
        self._watchers.add(watcher)
        try:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look(), name="watch")
            while not self.is_closing():
                async for event in self._told(watcher):
                    yield event
                try:
                    async with asyncio.timeout(idle_s):
                        await watcher.news.wait()
                except TimeoutError:
                    yield None
        finally:
            self._watchers.discard(watcher)
            if not self._watchers and self._looking is not None:
                self._looking.cancel()
                # It ends a moment later: whoever comes before that has somebody else look.
                self._looking = None

    async def _told(self, watcher: _Watcher) -> AsyncIterator[Event]:
        """Yield what a watcher does not know yet: from the desk when it is behind, else what waits for it."""
        watcher.news.clear()
        while watcher.is_behind:
            # What happens meanwhile waits; what is in both is told once.
            watcher.is_behind = False
            while events := await run_in_threadpool(self._progress.since, watcher.batch_id, watcher.seq):
                for event in events:
                    watcher.seq = event[0]
                    yield event
        waiting, watcher.waiting = watcher.waiting, []
        for event in waiting:
            if event[0] > watcher.seq:
                watcher.seq = event[0]
                yield event

    async def _look(self) -> None:
        """Look at the desk again and again, and tell every watcher what is theirs."""
        seq = await self._newest()
        # What happened between a watcher's coming and this moment, they ask for themselves.
        for watcher in self._watchers:
            watcher.is_behind = True
            watcher.news.set()
        while True:
            await asyncio.sleep(LOOKED_EVERY_S)
            if self.is_closing():
                for watcher in self._watchers:
                    watcher.news.set()
            with suppress(SohoaError):  # a desk that is away now is asked again
                while events := await run_in_threadpool(self._progress.of_all_since, seq):
                    for number, batch_id, event in events:
                        seq = number
                        for watcher in self._watchers:
                            if watcher.batch_id == batch_id:
                                watcher.tell((number, event))

    async def _newest(self) -> int:
        while True:
            with suppress(SohoaError):
                return await run_in_threadpool(self._progress.newest)
            await asyncio.sleep(LOOKED_EVERY_S)
