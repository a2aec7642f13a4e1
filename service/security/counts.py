"""What is counted in memory, for limits and waits: one at a time counts, or drops what is old."""

import threading

from limits.storage import MemoryStorage


class Counts(MemoryStorage):
    """Counts of one process; whoever asks or changes them holds `turn`.

    `limits` drops what is old in a thread of its own, which fails over a count that a request clears meanwhile, and two
    requests at once may start that thread twice, which fails one of them.
    """

    def __init__(self) -> None:
        self.turn = threading.RLock()
        super().__init__()

    # By the name that Python gives it: what the thread of `limits` runs.
    def _MemoryStorage__expire_events(self) -> None:  # noqa: N802
        with self.turn:
            super()._MemoryStorage__expire_events()  # type: ignore[misc]
