"""A bound on how fast a store is read, so that checking it leaves the disk to those who work."""

import threading
import time
from collections.abc import Callable

BYTES_PER_MIB = 1 << 20


class Pace:
    """Lets `bytes_per_s` through on average, shared by all threads that read; None lets everything through."""

    def __init__(
        self,
        bytes_per_s: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Start now, with nothing owed.

        Raises:
            ValueError: `bytes_per_s` is not more than 0.
        """
        if bytes_per_s is not None and not bytes_per_s > 0:
            raise ValueError("a pace is more than 0")
        self._bytes_per_s = bytes_per_s
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._free_at = clock()

    def take(self, size_bytes: int) -> None:
        """Account for bytes that were read: return when everything before them was paid for."""
        if self._bytes_per_s is None or not size_bytes:
            return
        with self._lock:
            now = self._clock()
            start = max(now, self._free_at)
            self._free_at = start + size_bytes / self._bytes_per_s
        if start > now:
            self._sleep(start - now)
