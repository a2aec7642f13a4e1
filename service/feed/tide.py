"""How far the feed has got, for readers who wait: asked of the database once for all of them."""

import threading
import time

from starlette.concurrency import run_in_threadpool

from storage.desk.events import Events

_ASKED_EVERY_S = 0.5


class Tide:
    """The number of the newest event of one desk, at most half a second old."""

    def __init__(self, events: Events) -> None:
        """Ask the desk's database when somebody waits."""
        self._events = events
        self._asking = threading.Lock()
        self._asked_at = 0.0
        self._last = 0

    def now(self) -> int:
        """Return the number."""
        with self._asking:
            if time.monotonic() - self._asked_at >= _ASKED_EVERY_S:
                self._last = self._events.last_seq()
                self._asked_at = time.monotonic()
            return self._last

    async def is_beyond(self, seq: int) -> bool:
        """True when there is an event after the one numbered `seq`."""
        return await run_in_threadpool(self.now) > seq
