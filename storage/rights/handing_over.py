"""Handing a person's data over: written to the read log first, then as files in a new folder or archive."""

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from extractors.paper_type import PaperType
from ocr.problem import Code, Problem, SohoaError
from storage.keys import scan_key
from storage.objects import ObjectStore, error_name
from storage.rights.disclosure import Disclosure
from storage.rights.summary_page import summary_page

SUMMARY_FILE, DATA_FILE = "tom-tat.html", "du-lieu.json"
_UNKNOWN_DPI = 300
_JPEG_QUALITY = 90
_OWNER_ONLY = 0o600


class Parcel(Protocol):
    """Where files are put."""

    def add(self, name: str, data: bytes) -> None:
        """Add one file; `name` may have folders."""
        ...


@contextmanager
def new_parcel(out: Path) -> Iterator[Parcel]:
    """Lend a new archive (`out` ends with `.zip`) or a new folder; readable by its owner alone.

    Raises:
        SohoaError: `SETTING_INVALID` when there is something at `out`, or it cannot be written.
    """
    try:
        if out.suffix.lower() == ".zip":
            descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            with (
                _nothing_half_done(out),
                os.fdopen(descriptor, "wb") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
            ):
                yield _Archive(archive)
        else:
            out.mkdir(mode=0o700, parents=True)
            with _nothing_half_done(out):
                yield _Folder(out)
    except OSError as error:
        detail = f"--out cannot be made, {error_name(error)}"
        raise SohoaError(Code.SETTING_INVALID, field="--out", detail=detail) from None


@contextmanager
def _nothing_half_done(out: Path) -> Iterator[None]:
    """Remove what was written when the rest of it cannot be."""
    try:
        yield
    except BaseException:
        if out.is_dir():
            shutil.rmtree(out, ignore_errors=True)
        else:
            out.unlink(missing_ok=True)
        raise


def hand_over(
    store: ObjectStore,
    disclosure: Disclosure,
    parcel: Parcel,
    paper_types: Sequence[PaperType],
    purpose: str,
    *,
    with_scans: bool,
) -> tuple[Problem, ...]:
    """Write a person's data; the read log must say so already.

    Args:
        store: Holds the scans.
        disclosure: What is handed over.
        parcel: Where it goes.
        paper_types: What papers and fields are called.
        purpose: What for.
        with_scans: Also the pages of the person's papers, one JPEG for each page.

    Returns:
        What is wrong with pages that could not be opened and are left out.

    Raises:
        SohoaError: See `ObjectStore`.
    """
    parcel.add(DATA_FILE, json.dumps(disclosure.as_json(), ensure_ascii=False, indent=2).encode())
    parcel.add(SUMMARY_FILE, summary_page(disclosure, paper_types, purpose).encode())
    problems: list[Problem] = []
    for paper in disclosure.papers if with_scans else ():
        for ordinal, (sha256, number) in enumerate(paper.pages, start=1):
            try:
                picture = _picture(store, sha256, number)
            except SohoaError as error:
                problems.append(error.problem.model_copy(update={"page_number": number, "file": None}))
            else:
                parcel.add(f"giay-to/{paper.record.record_id}/trang-{ordinal:03d}.jpg", picture)
    return tuple(problems)


def _picture(store: ObjectStore, sha256: str, page_number: int) -> bytes:
    """Return one page as a JPEG. The scan itself never leaves: other pages of it may be somebody else's."""
    # Picture libraries take a while to load, which an export without scans need not pay.
    from PIL import Image  # noqa: PLC0415

    from ocr.scan import kind_of, open_page  # noqa: PLC0415

    with store.open(scan_key(sha256)) as path:
        page = open_page(path, kind_of(path), page_number)
    dpi = page.dpi or _UNKNOWN_DPI
    target = io.BytesIO()
    Image.fromarray(page.pixels).save(target, "JPEG", quality=_JPEG_QUALITY, dpi=(dpi, dpi))
    return target.getvalue()


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def add(self, name: str, data: bytes) -> None:
        path = self._root / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)


class _Archive:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add(self, name: str, data: bytes) -> None:
        self._archive.writestr(name, data)
