"""Pictures of what a record rests on: its pages, and what stands around a value; and which of them a caller may see."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from fastapi import Request

from extractors.record import Record, SourcePage
from ocr.crop import make_crop
from ocr.image import PageImage
from ocr.page import Box
from ocr.problem import Code, SohoaError
from ocr.scan import kind_of, open_page
from service.office import Office
from service.v1.entitlement import View
from storage.dossier import Dossier
from storage.dossiers import load_dossier
from storage.keys import scan_key
from storage.objects import ObjectStore
from storage.pages import find_page
from storage.rights.disclosure import own_pages, without_doubtful

_MOST_CROP_BYTES = 32 * 1024 * 1024
# Two pages at 300 dpi in colour: fields of one page are usually asked for one after the other.
_MOST_PAGE_BYTES = 64 * 1024 * 1024
# An open page is tens of megabytes.
_OPENED_AT_ONCE = 4

T = TypeVar("T")


class Bounded(Generic[T]):
    """Values kept in memory up to a number of bytes, the least used given up first. For many threads."""

    def __init__(self, most_bytes: int, size_of: Callable[[T], int]) -> None:
        """Begin with nothing kept."""
        self._most_bytes, self._size_of = most_bytes, size_of
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept, made now where there is nothing; several threads may make it at once."""
        with self._lock:
            if name in self._values:
                self._values.move_to_end(name)
                return self._values[name]
        made = make()
        with self._lock:
            if name not in self._values and self._size_of(made) <= self._most_bytes:
                self._values[name] = made
                self._bytes += self._size_of(made)
            while self._bytes > self._most_bytes:
                _, gone = self._values.popitem(last=False)
                self._bytes -= self._size_of(gone)
        return made


def _length(value: Sized) -> int:
    return len(value)


def _pixel_bytes(image: PageImage) -> int:
    return int(image.pixels.nbytes)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What requests of one application share: crops and the pages that were opened last."""

    crops: Bounded[bytes] = field(default_factory=lambda: Bounded[bytes](_MOST_CROP_BYTES, _length))
    opened: Bounded[PageImage] = field(default_factory=lambda: Bounded(_MOST_PAGE_BYTES, _pixel_bytes))
    opening: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_OPENED_AT_ONCE))

    def crop(self, store: ObjectStore, page: SourcePage, box: Box, recipe: str | None) -> bytes:
        """Return what stands around a box of a page, WebP.

        Raises:
            SohoaError: `NOTHING_HERE` without the scan; the page cannot be opened; see `ObjectStore`.
        """
        return self.crops.get((page.sha256, page.page_number, box), lambda: self._cut(store, page, box, recipe))

    def _cut(self, store: ObjectStore, page: SourcePage, box: Box, recipe: str | None) -> bytes:
        with self.opening:
            image = self.opened.get((page.sha256, page.page_number), lambda: _opened(store, page))
            return make_crop(image, find_page(store, page.sha256, page.page_number, recipe), box)


async def pictures_of(request: Request) -> Pictures:
    """Return what this application shares; a dependency of routes."""
    shared: Pictures | None = getattr(request.app.state, "pictures", None)
    if shared is None:
        shared = request.app.state.pictures = Pictures()
    return shared


def dossier_of(office: Office, record: Record) -> Dossier | None:
    """Return the dossier a record came in; None where only the record is held."""
    return load_dossier(office.store, record.dossier_id)


def shown_pages(record: Record, dossier: Dossier | None, view: View) -> tuple[SourcePage, ...]:
    """Return the pages of a record that a caller may see.

    Its own agency sees all. Another agency sees those that are this paper's and nothing else's: what else stands on a
    page may be somebody else's.
    """
    if record.withdrawn or record.is_erased:
        return ()
    if view.is_own:
        return record.source
    open_to_all = set(without_doubtful(own_pages(record, dossier), dossier))
    return tuple(page for page in record.source if (page.sha256, page.page_number) in open_to_all)


def _opened(store: ObjectStore, page: SourcePage) -> PageImage:
    try:
        with store.open(scan_key(page.sha256)) as original:
            return open_page(original, kind_of(original), page.page_number)
    except SohoaError as error:
        if error.code is Code.OBJECT_MISSING:
            raise SohoaError(Code.NOTHING_HERE, detail="the scan is not held") from error
        raise
