"""What clerks' pages are tested with: folders of scans, what the service was sent, what axe finds. All is invented."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from storage.keys import scan_key
from tests.service.sending import drawn_page, scan_of, sha_of, until
from tests.services.office import Desk

if TYPE_CHECKING:
    from playwright.sync_api import FileChooser, Page, Request, Route

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
PART_BYTES = 1024 * 1024


def good_scan(seed: int = 3, qr: str | None = None) -> bytes:
    """A scan of one page that nobody complains of."""
    return scan_of(drawn_page(seed, qr=qr))


def cut_scan(*seeds: int) -> bytes:
    """A scan whose last page is cut off at the left."""
    *good, last = seeds
    return scan_of(*(drawn_page(seed) for seed in good), drawn_page(last, cut_left=70))


def large_scan(megabytes: int, seed: int = 1) -> bytes:
    """A scan that takes a while to send: noise does not pack."""
    side = int((megabytes * PART_BYTES) ** 0.5)
    pixels = np.random.default_rng(seed).integers(0, 255, (side, side), np.uint8)
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "TIFF", dpi=(200, 200))
    return written.getvalue()


def write_folder(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files by their paths under a folder and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def choose_folder(page: "Page", folder: Path) -> None:
    """Choose a folder, as with its button."""
    page.set_input_files("#folder-input", str(folder))
    page.locator(".dossier").first.wait_for()


def choose_files(page: "Page", *files: Path) -> None:
    """Choose files, as with their button."""
    page.set_input_files("#files-input", [str(path) for path in files])
    page.locator(".dossier").first.wait_for()


def asked_for_files(page: "Page") -> list["FileChooser"]:
    """Return the windows in which the page asks for files, as they come: a key is quicker than the browser tells of one.

    Call it long before a key is pressed; `until` with a look at the page waits for one.
    """
    asked: list[FileChooser] = []

    def note(chooser: "FileChooser") -> None:
        asked.append(chooser)

    page.on("filechooser", note)
    return asked


def answer_with(page: "Page", asked: list["FileChooser"], path: Path) -> None:
    """Choose a file or folder in the next window of `asked_for_files`."""
    until(lambda: page.evaluate("true") and asked)
    asked.pop(0).set_files(str(path))


def drop_on(page: "Page", *paths: Path) -> None:
    """Drag files and folders from a window of the desktop onto the page and let them go."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 500, "y": 400, "data": data})
    page.locator(".dossier").first.wait_for()


def shown_tree(page: "Page") -> dict[str, list[str]]:
    """Return what the page shows: files by dossier. Files of closed dossiers are opened first."""
    for fold in page.locator('.fold[aria-expanded="false"]').all():
        fold.click()
    return {
        row.locator(".fold .name").inner_text(): row.locator(".files .name").all_inner_texts()
        for row in page.locator(".dossier").all()
    }


def wait_words(page: "Page", words: str, timeout_s: float = 120) -> None:
    """Wait until the bar below says something that it goes on saying; `heard` is for what it says in passing."""
    page.locator("#deed-words", has_text=words).wait_for(timeout=timeout_s * 1000)


def stored(desk: Desk, data: bytes) -> bool:
    """True when the store has the scan."""
    return desk.office.store.exists(scan_key(sha_of(data)))


def batch_of(page: "Page") -> str:
    """Return the batch that the page is about."""
    return page.url.rsplit("/", 1)[1]


@contextmanager
def parts_sent(page: "Page") -> Iterator[list["Request"]]:
    """Note the requests that carry parts of files."""
    found: list[Request] = []

    def note(request: "Request") -> None:
        if request.method == "PATCH" and "/v1/uploads/" in request.url:
            found.append(request)

    page.on("request", note)
    yield found
    page.remove_listener("request", note)


class Line:
    """The line between a page and the service: it carries so many parts of every file, and the next one never arrives.

    A line that is merely slow would be done before a test that stalls has looked at it.
    """

    def __init__(self, page: "Page", most_parts: int) -> None:
        self._page = page
        self._most_bytes: float = most_parts * PART_BYTES
        self._stuck: list[Route] = []
        page.route("**/v1/uploads/*", self._carry)

    def wait_until_stuck(self, parts: int = 1) -> "Line":
        """Wait until so many parts are on their way that do not arrive."""
        until(lambda: self._page.evaluate("true") and len(self._stuck) >= parts)
        return self

    def cut(self) -> None:
        """Let the line break, under what is on it as well."""
        self._page.context.set_offline(True)
        self._end(lambda route: route.abort("internetdisconnected"))

    def good(self) -> None:
        """Let everything arrive from now on."""
        self._page.context.set_offline(False)
        self._end(lambda route: route.continue_())

    def _carry(self, route: "Route") -> None:
        offset = int(route.request.headers.get("upload-offset", 0))
        if route.request.method == "PATCH" and offset >= self._most_bytes:
            self._stuck.append(route)
        else:
            route.continue_()

    def _end(self, how: "Callable[[Route], None]") -> None:
        self._most_bytes = float("inf")
        stuck, self._stuck = self._stuck, []
        for route in stuck:
            how(route)


def faults_of(page: "Page") -> list[str]:
    """Return what keeps somebody from using the page, as axe finds it; and whether it is too wide."""
    found = [
        f"{violation['id']}: {[node['html'][:120] for node in violation['nodes'][:3]]}"
        for violation in Axe().run(page, options=RULES).response["violations"]
    ]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:
        found.append(f"{width} px wide")
    return found
