"""What pages of stewards share in one process: sizes of pages, counts of a moment, who was shown what."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Request

from extractors.kinds.registry import KINDS
from service.access import office_of
from service.review.regions import RegionReader
from storage.catalogue.queue import WaitingCount

T = TypeVar("T")
_MOST_SIZES = 50_000
_MOST_COUNTS, _COUNTS_LAST_S = 500, 5.0
_MOST_SHOWN, _SHOWN_LASTS_S = 20_000, 3600.0


class Kept(Generic[T]):
    """Values that are made once and kept for a while, the least used given up first. For many threads."""

    def __init__(self, most: int, lasts_s: float | None = None) -> None:
        """Keep up to `most` values, each for `lasts_s` seconds; None: for ever."""
        self._most, self._lasts_s = most, lasts_s
        self._values: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, name: Hashable) -> T | None:
        """Return what is kept, or None."""
        with self._lock:
            found = self._values.get(name)
            if found is None or (self._lasts_s is not None and time.monotonic() - found[0] > self._lasts_s):
                return None
            self._values.move_to_end(name)
            return found[1]

    def keep(self, name: Hashable, value: T) -> None:
        """Keep a value in place of the one before."""
        with self._lock:
            self._values[name] = (time.monotonic(), value)
            self._values.move_to_end(name)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def get(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept, made now where there is nothing; several threads may make it at once."""
        found = self.find(name)
        if found is None:
            found = make()
            self.keep(name, found)
        return found


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is shared; see the attributes' types.

    Attributes:
        sizes: Width and height in pixels of pages, by scan, page and recipe.
        counts: How many wait, by whose view of the queue.
        shown: Which records were shown to which account within the hour, and noted in the read log.
        regions: Reads regions of pages again.
    """

    regions: RegionReader
    sizes: Kept[tuple[int, int]] = field(default_factory=lambda: Kept(_MOST_SIZES))
    counts: Kept[tuple[WaitingCount, ...]] = field(default_factory=lambda: Kept(_MOST_COUNTS, _COUNTS_LAST_S))
    shown: Kept[bool] = field(default_factory=lambda: Kept(_MOST_SHOWN, _SHOWN_LASTS_S))


def shelf_of(request: Request) -> Shelf:
    """Return what this application shares."""
    shelf: Shelf | None = getattr(request.app.state, "review_shelf", None)
    if shelf is None:
        shelf = Shelf(RegionReader(office_of(request).store))
        request.app.state.review_shelf = shelf
        # Lists of units and words take half a second to load; the first task need not wait for them.
        threading.Thread(target=KINDS["address"], args=("xã Thử",), name="word-lists", daemon=True).start()
    return shelf


async def _shelf(request: Request) -> Shelf:
    return shelf_of(request)


# What routes ask for; see `service.access.TheOffice`.
TheShelf = Annotated[Shelf, Depends(_shelf)]
