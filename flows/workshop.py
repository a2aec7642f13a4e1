"""What the tasks of a run work with: store, catalogue, reader, paper types. Opened once in each process."""

import logging
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extractors.blind_sample import BlindSample
from extractors.paper_type import PaperType
from extractors.paper_type_loader import paper_types_with
from flows.opened_pages import OpenedPages
from ocr.problem import SohoaError
from ocr.read_page import recipe_of
from ocr.readers.best import best_reader
from ocr.readers.reader import Reader
from ocr.second_reader import SecondReader, second_reader
from storage.catalogue import Catalogue
from storage.objects import ObjectStore
from storage.reindex import reindex
from storage.sample_key import load_sample_key
from storage.settings import Settings

log = logging.getLogger(__name__)

# Longer than the longest time limit of a page: what is older was left by a run that was killed.
_LEFTOVER_AGE_S = 2 * 3600


@dataclass(frozen=True)
class Workshop:
    """Everything a task needs besides its keys."""

    settings: Settings
    store: ObjectStore
    catalogue: Catalogue
    reader: Reader
    recipe: str
    paper_types: tuple[PaperType, ...]
    second_reader: SecondReader | None
    opened_pages: OpenedPages
    sample: BlindSample | None = None


@cache
def open_workshop(home: str | None) -> Workshop:
    """Open the workshop of a home; later calls in the same process return the same one.

    Raises:
        SohoaError: A setting is invalid, the store cannot be written, the reader is missing, a paper type is wrong.
    """
    settings = Settings.load(Path(home) if home else None, {}, os.environ)
    paper_types = paper_types_with(settings.paper_types_folder)
    reader = best_reader()
    store = settings.open_store()
    catalogue = settings.open_catalogue()
    if catalogue.needs_rebuild():
        reindex(store, catalogue)
    opened_pages = OpenedPages(_keep_temporary_files_in(settings.home))
    return Workshop(
        settings,
        store,
        catalogue,
        reader,
        recipe_of(reader),
        paper_types,
        _second_reader(),
        opened_pages,
        BlindSample(load_sample_key(settings.home), settings.sample_share),
    )


def _second_reader() -> SecondReader | None:
    """Return the second reader, or None where set-up has not brought its models: more then waits for a person."""
    try:
        return second_reader()
    except SohoaError as error:
        log.warning("no second reader: %s", error.problem.detail)
        return None


def _keep_temporary_files_in(home: Path) -> Path:
    """Let readers put their working copies of pages inside the home: a killed run must leave no papers in /tmp."""
    folder = home / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    too_old = time.time() - _LEFTOVER_AGE_S
    for path in folder.iterdir():
        with suppress(OSError):  # its reader removed it, or another run did
            if path.is_file() and path.stat().st_mtime < too_old:
                path.unlink()
    tempfile.tempdir = str(folder)
    return folder
