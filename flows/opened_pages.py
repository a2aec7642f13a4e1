"""Pictures of pages that were just read, kept until their dossier is assembled: second readings cut lines out of them.

Rendering a page of a PDF costs as much as a third of reading it. The pictures lie in the home's folder for temporary
files, uncompressed, and are mapped into memory: a line touches a few of their pages, not all 26 MB. What is missing is
opened from the scan again; what a killed run leaves is removed with the other temporary files.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from ocr.image import PageImage

# Sixty colour pages: more wait only in a scan of hundreds of pages, whose last ones are then opened again.
_MAX_BYTES = 1_500_000_000


class OpenedPages:
    """The pictures in one folder. Safe to use from several threads and processes: a picture appears whole or not."""

    def __init__(self, folder: Path, max_bytes: int = _MAX_BYTES) -> None:
        """Keep pictures in `folder`, which must exist, up to `max_bytes` in all."""
        self._folder = folder
        self._max_bytes = max_bytes

    def keep(self, sha256: str, image: PageImage) -> None:
        """Keep the picture of a page of the scan `sha256`; a full disk or folder keeps nothing and harms nothing."""
        if image.problems or self._size() + image.pixels.nbytes > self._max_bytes:
            return
        path = self._folder / f"{_name(sha256, image.page_number)}-{image.dpi}.npy"
        unfinished = path.with_suffix(".part")
        try:
            with unfinished.open("wb") as stream:
                np.save(stream, image.pixels, allow_pickle=False)
            unfinished.replace(path)
        except OSError:
            unfinished.unlink(missing_ok=True)

    def find(self, sha256: str, page_number: int) -> PageImage | None:
        """Return the picture of a page, mapped from its file, or None."""
        for path in self._folder.glob(f"{_name(sha256, page_number)}-*.npy"):
            with suppress(OSError, ValueError):  # dropped by another run, or not whole after a power cut
                pixels = np.load(path, mmap_mode="r", allow_pickle=False)
                return PageImage(pixels, int(path.stem.rpartition("-")[2]), page_number)
        return None

    def drop(self, scans: Iterable[str]) -> None:
        """Remove the pictures of `scans`, named by SHA-256; a mapped picture stays readable to who has it."""
        for sha256 in scans:
            for path in self._folder.glob(f"page-{sha256}-*"):
                path.unlink(missing_ok=True)

    def _size(self) -> int:
        size = 0
        for path in self._folder.glob("page-*"):
            with suppress(OSError):
                size += path.stat().st_size
        return size


def _name(sha256: str, page_number: int) -> str:
    return f"page-{sha256}-{page_number}"
