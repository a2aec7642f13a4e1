"""The gate: looks at the pages of what is stored before anybody reads them, while the clerk is still at the scanner.

One thread for an office. What it found is told as progress, page by page, so that it is kept: after a restart it goes
on with the pages nothing is told of.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

from extractors.record import PoorPage
from ocr.page_quality import PageQuality, Verdict
from ocr.problem import Code, Problem, SohoaError
from ocr.quality import assess_unread, looks_blank
from ocr.scan import ScanKind, inspect_scan, open_page
from service.intake.receipts import Said, said_on
from storage.database import Database
from storage.desk.parts import Parts
from storage.desk.progress import CheckedPage, Progress, ProgressKind, ProgressLog
from storage.desk.upload import Upload
from storage.desk.uploads import Uploads
from storage.keys import scan_key
from storage.objects import ObjectStore
from storage.previews import keep_preview

log = logging.getLogger(__name__)

# A receipt lies on top.
_PAGES_WITH_CODES = 2
# Seconds between looks at what was abandoned.
_TIDIED_EVERY_S = 3600.0
# Seconds to wait after the store or the desk failed.
_PAUSE_S = 10.0
# A page is never interrupted; the slowest take this long, seconds.
_LAST_PAGE_S = 20.0
# Parts without an upload: their process was killed before it could remove them, or is about to note them.
_STRAY_S = 3600.0

# What passes: the same page may be looked at later.
_PASSING = frozenset({Code.STORE_UNREACHABLE, Code.STORE_FULL, Code.STORE_UNWRITABLE, Code.DESK_FAILED})

_Known = tuple[str, str, str, str]


class Gate:
    """The background thread of one office; started by the first `wake`."""

    def __init__(
        self, store: ObjectStore, desk: Database, parts: Parts, store_whole: Callable[[Upload], object]
    ) -> None:
        """Use an office's store and desk; `store_whole` ends what a killed process left of an upload."""
        self._store = store
        self._uploads = Uploads(desk)
        self._progress = ProgressLog(desk)
        self._parts = parts
        self._store_whole = store_whole
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._tidied_at = float("-inf")
        # Files that are looked at, by batch, dossier, name and hash: of all pages, and page by page.
        self._done: set[_Known] = set()
        self._pages: dict[_Known, set[int]] = {}
        self._read_up_to: dict[str, int] = {}

    def wake(self) -> None:
        """Tell the gate that there may be something to look at. Returns at once."""
        self._news.set()
        with self._starting:
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._run, name="gate", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop after the page that is being looked at."""
        self._stopping.set()
        self._news.set()
        with self._starting:
            thread = self._thread
        if thread is not None:
            thread.join(_LAST_PAGE_S)

    def _run(self) -> None:
        # Ctrl-C reaches every program on the terminal: a renderer that dies of it would leave a page taken for damaged.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        while not self._stopping.is_set():
            self._news.clear()
            try:
                self._tidy()
                self._look_at_all()
            except SohoaError as error:
                log.warning("the gate waits: %s", error)
                self._pause()
            except Exception as error:  # whatever it is, what comes later is looked at
                log.warning("the gate waits: %s", type(error).__name__)
                self._pause()
            # Looking clears the news, that of the end as well.
            if not self._stopping.is_set():
                self._news.wait(_TIDIED_EVERY_S)

    def _pause(self) -> None:
        self._stopping.wait(_PAUSE_S)
        self._news.set()

    def _look_at_all(self) -> None:
        """Look at every file nothing is told of; a page of each batch in turn, so that none waits for another."""
        looks: dict[str, tuple[_Known, Iterator[None]]] = {}
        waiting = self._unchecked()
        while (waiting or looks) and not self._stopping.is_set():
            for upload in list(waiting):
                if upload.batch_id not in looks:
                    looks[upload.batch_id] = _known(upload), self._look_at(upload)
                    waiting.remove(upload)
            for batch_id, (_, look) in list(looks.items()):
                if next(look, self) is self:
                    del looks[batch_id]
            if self._news.is_set():
                self._news.clear()
                under_way = {known for known, _ in looks.values()}
                waiting = [upload for upload in self._unchecked() if _known(upload) not in under_way]
        for _, look in looks.values():
            look.close()  # type: ignore[attr-defined]

    def _unchecked(self) -> list[Upload]:
        stored = self._uploads.unchecked()
        self._done &= {_known(upload) for upload in stored}
        found = [upload for upload in stored if _known(upload) not in self._done]
        for batch_id in {upload.batch_id for upload in found}:
            self._recall(batch_id)
        return [upload for upload in found if _known(upload) not in self._done]

    def _recall(self, batch_id: str) -> None:
        """Learn from the events of a batch what was looked at before."""
        while events := self._progress.since(batch_id, self._read_up_to.get(batch_id, 0)):
            self._read_up_to[batch_id] = events[-1][0]
            for _, event in events:
                if event.kind is ProgressKind.CHECKED:
                    self._note(batch_id, event)

    def _note(self, batch_id: str, event: Progress) -> None:
        known = (batch_id, event.dossier_id or "", event.file or "", event.sha256 or "")
        pages = self._pages.setdefault(known, set())
        pages |= {page.page_number for page in event.checked}
        if len(pages) >= event.count:
            self._done.add(known)
            del self._pages[known]

    def _look_at(self, upload: Upload) -> Iterator[None]:
        """Look at one file, a page at each step."""
        try:
            with self._store.open(scan_key(upload.sha256 or "")) as original:
                info = inspect_scan(original)
                seen = frozenset(self._pages.get(_known(upload), ()))
                for page_number in range(1, info.page_count + 1):
                    if page_number not in seen:
                        page = self._page(upload, info.kind, original, page_number, info.page_count)
                        if not self._tell(upload, page):
                            return
                        yield
        except SohoaError as error:
            if error.code in _PASSING:
                raise
            problem = error.problem.model_copy(update={"file": upload.file})
            self._tell(upload, Progress(kind=ProgressKind.CHECKED, problems=(problem,)))

    def _page(self, upload: Upload, kind: ScanKind, original: Path, page_number: int, count: int) -> Progress:
        """Look at one page; keep its picture."""
        try:
            image = open_page(original, kind, page_number)
            keep_preview(self._store, upload.sha256 or "", image)
            quality = assess_unread(image)
            is_blank = looks_blank(image, quality)
            said = said_on(self._store, image) if page_number <= _PAGES_WITH_CODES else Said()
        except SohoaError as error:
            if error.code in _PASSING:
                raise
            return _unusable(error.problem, upload.file, page_number, count)
        except Exception as error:  # one strange picture must not end the looking at all others
            log.warning("a page could not be looked at: %s", type(error).__name__)
            return _unusable(Problem(code=Code.READER_FAILED), upload.file, page_number, count)
        return Progress(
            kind=ProgressKind.CHECKED,
            count=count,
            checked=(CheckedPage(page_number=page_number, verdict=quality.verdict, is_blank=is_blank),),
            poor_pages=_poor(upload.file, page_number, quality),
            dossier_code=said.dossier_code,
            procedure_code=said.procedure_code,
        )

    def _tell(self, upload: Upload, event: Progress) -> bool:
        """Tell what was found; False where the file is gone."""
        place = {"dossier_id": upload.dossier_id, "file": upload.file, "sha256": upload.sha256}
        told = event.model_copy(update=place)
        if not self._progress.tell(upload.batch_id, told, upload.upload_id):
            # It may have been sent again meanwhile.
            self._news.set()
            return False
        self._note(upload.batch_id, told)
        return True

    def _tidy(self) -> None:
        """Give up what was abandoned, and remove what killed processes left."""
        if monotonic() - self._tidied_at < _TIDIED_EVERY_S:
            return
        self._tidied_at = monotonic()
        for upload in self._uploads.left_whole():
            with suppress(SohoaError):  # it is noted what it failed of, or it is tried again the next time
                self._store_whole(upload)
        for upload in self._uploads.expired():
            self._uploads.fail(upload.upload_id, Problem(code=Code.UPLOAD_EXPIRED, file=upload.file))
        needed = self._uploads.open_ids()
        self._parts.remove_strays(needed, _STRAY_S)


def _known(upload: Upload) -> _Known:
    return upload.batch_id, upload.dossier_id, upload.file, upload.sha256 or ""


def _poor(file: str, page_number: int, quality: PageQuality) -> tuple[PoorPage, ...]:
    if quality.verdict is Verdict.ACCEPT:
        return ()
    return (PoorPage(file=file, page_number=page_number, quality=quality),)


def _unusable(problem: Problem, file: str, page_number: int, count: int) -> Progress:
    told = problem.model_copy(update={"file": file, "page_number": page_number})
    page = CheckedPage(page_number=page_number, verdict=Verdict.RESCAN)
    return Progress(kind=ProgressKind.CHECKED, count=count, checked=(page,), problems=(told,))
