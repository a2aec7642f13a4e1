"""What a run tells while it works. Subscribers live in the process that runs the flow."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flows.outcome import DossierOutcome


@dataclass(frozen=True, slots=True)
class PagesFound:
    """So many more pages are part of the run; `held` of them were read before and cost nothing."""

    count: int
    held: int
    dossier_id: str = ""


@dataclass(frozen=True, slots=True)
class PageRead:
    """One more page was read, or given up."""

    dossier_id: str = ""


@dataclass(frozen=True, slots=True)
class DossierDone:
    """A dossier is stored, or could not be."""

    outcome: DossierOutcome


Event = PagesFound | PageRead | DossierDone
_subscribers: list[Callable[[Event], None]] = []
_lock = threading.Lock()


@contextmanager
def subscribed(subscriber: Callable[[Event], None]) -> Iterator[None]:
    """Call `subscriber` with every event until the block ends; it may be called from several threads, one at a time."""
    with _lock:
        _subscribers.append(subscriber)
    try:
        yield
    finally:
        with _lock:
            _subscribers.remove(subscriber)


def tell(event: Event) -> None:
    """Tell all subscribers."""
    with _lock:
        for subscriber in _subscribers:
            subscriber(event)
