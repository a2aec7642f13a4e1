"""Second readings from stored scans: each line is cut out and read once, then answered from the store."""

from extractors.second_reading import BlankReadings
from ocr.blank import Blank
from ocr.image import PageImage
from ocr.page import Box, PageText, ReaderInfo
from ocr.scan import inspect_scan, open_page
from ocr.second_reader import SecondReader
from storage import keys
from storage.objects import ObjectStore
from storage.readings import load_reading, save_reading


class StoredSecondReader:
    """Implements `extractors.second_reading.ReadAgain` over the scans of a store.

    Keeps the page it opened last: the lines of a paper stand on one page. For one thread.
    """

    def __init__(self, store: ObjectStore, reader: SecondReader) -> None:
        """Read scans of `store` with `reader`."""
        self._store = store
        self._reader = reader
        self._opened: tuple[str, PageImage] | None = None

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """The readers that are asked."""
        return self._reader.readers

    def __call__(self, page: PageText, line: Box, blanks: tuple[Blank, ...]) -> BlankReadings:
        """See `ReadAgain`.

        Raises:
            SohoaError: The scan or the store cannot be read, or a reader failed.
        """
        key = keys.reading_key(page.scan_sha256, page.page_number, self._reader.recipe_for(line, blanks))
        reading = load_reading(self._store, key)
        if reading is None:
            reading = self._reader.read(self._image_of(page), page, line, blanks)
            save_reading(self._store, key, reading)
        return reading.blanks

    def _image_of(self, page: PageText) -> PageImage:
        scan_key = keys.scan_key(page.scan_sha256)
        place = f"{scan_key}#{page.page_number}"
        if self._opened is None or self._opened[0] != place:
            with self._store.open(scan_key) as original:
                self._opened = (place, open_page(original, inspect_scan(original).kind, page.page_number))
        return self._opened[1]
