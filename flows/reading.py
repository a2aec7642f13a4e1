"""The first steps of digitising, without Prefect: receive a scan, read a page of it."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flows.intake import HeldScan, display_name
from flows.workshop import Workshop
from ocr.image import PageImage
from ocr.problem import Problem, SohoaError
from ocr.read_page import read_page_of
from ocr.scan import inspect_scan, kind_of
from storage import keys
from storage.pages import load_page, save_page
from storage.previews import keep_preview
from storage.scans import opened_scan, receive

PageId = tuple[str, int]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredScan:
    """A scan of a dossier after it reached the store."""

    file: str
    sha256: str
    page_count: int | None
    problems: tuple[Problem, ...] = ()


def receive_scan(shop: Workshop, source: Path | HeldScan) -> StoredScan:
    """Store the original, read it back, and only then look into it; one that is held already is compared only.

    Raises:
        SohoaError: The file cannot be read, the store cannot take it, or what it held is gone or damaged. A scan that
            is stored but of no use is no error: its problems are in the answer.
    """
    file = display_name(source)
    sha256 = source.sha256 if isinstance(source, HeldScan) else receive(shop.store, source).sha256
    lent = opened_scan(shop.store, sha256) if isinstance(source, HeldScan) else shop.store.open(keys.scan_key(sha256))
    with lent as original:
        try:
            info = inspect_scan(original)
        except SohoaError as error:
            return StoredScan(file, sha256, None, (error.problem.model_copy(update={"file": file}),))
    return StoredScan(file, sha256, info.page_count)


def page_is_held(shop: Workshop, sha256: str, page_number: int) -> bool:
    """True when the text of the page is in the store, intact and read by the present recipe."""
    return load_page(shop.store, keys.page_key(sha256, page_number, shop.recipe)) is not None


def read_stored_page(shop: Workshop, sha256: str, page_number: int) -> str:
    """Read one page of a stored scan and store its text; a page already held is not read again.

    Returns:
        The key of the page text.

    Raises:
        SohoaError: A passing failure (time-out, reader crash), which may be tried again.
    """
    key = keys.page_key(sha256, page_number, shop.recipe)
    if load_page(shop.store, key) is not None:
        return key
    with shop.store.open(keys.scan_key(sha256)) as original, programs_undisturbed():
        page = read_page_of(
            original,
            kind_of(original),
            sha256,
            page_number,
            shop.reader,
            shop.settings.page_timeout_s,
            partial(_keep_picture, shop, sha256),
        )
    passing = next((problem for problem in page.problems if problem.retryable), None)
    if passing is not None:
        raise SohoaError(passing.code, page_number=page_number, detail=passing.detail, retryable=True)
    save_page(shop.store, page)
    return key


def _keep_picture(shop: Workshop, sha256: str, image: PageImage) -> None:
    """Keep the picture of a page that is open: for second readings, and for people while it is at hand."""
    if shop.second_reader:
        shop.opened_pages.keep(sha256, image)
    key = keys.preview_key(sha256, image.page_number)
    try:
        if not shop.store.exists(key):
            keep_preview(shop.store, sha256, image)
    except (SohoaError, OSError, ValueError) as error:
        # Made again by who asks for it; reading goes on.
        log.warning("no picture for people: scan %s page %d: %s", sha256[:12], image.page_number, type(error).__name__)


@contextmanager
def programs_undisturbed() -> Iterator[None]:
    """Keep Ctrl-C and SIGTERM from the programs this thread starts; the main thread gets them all the same.

    Ctrl-C reaches every program on the terminal. A renderer that dies of it leaves half a page, which would be taken
    for a damaged one and stored as such.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
