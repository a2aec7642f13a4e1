"""Second readings from stored scans: each line is cut out and read once, then answered from the store."""

from collections.abc import Callable

from extractors.second_reading import BlankReadings
from flows.opened_pages import OpenedPages
from ocr.blank import Blank
from ocr.image import PageImage
from ocr.line_reading import LineReader, SecondReading
from ocr.page import Box, PageText, ReaderInfo, Said
from ocr.scan import kind_of, open_page
from ocr.second_reader import SecondReader
from storage import keys
from storage.objects import ObjectStore
from storage.readings import load_reading, save_reading


class StoredSecondReader:
    """Implements `extractors.second_reading.ReadAgain` over the scans of a store.

    Keeps the page it opened last: the lines of a paper stand on one page. For one thread.
    """

    def __init__(self, store: ObjectStore, reader: SecondReader, opened_pages: OpenedPages) -> None:
        """Read scans of `store` with `reader`; pages in `opened_pages` need not be opened again."""
        self._store = store
        self._reader = reader
        self._opened_pages = opened_pages
        self._opened: tuple[str, PageImage] | None = None

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """The readers that may be asked."""
        return self._reader.readers

    def blanks(self, page: PageText, line: Box, blanks: tuple[Blank, ...]) -> BlankReadings:
        """See `ReadAgain`.

        Raises:
            SohoaError: The scan or the store cannot be read, or a reader failed.
        """
        recipe = self._reader.recipe_for(line, blanks)
        return self._stored(
            page, recipe, lambda: self._reader.read_blanks(self._image_of(page), page, line, blanks)
        ).blanks

    def text(self, page: PageText, line: Box, reader: LineReader) -> Said | None:
        """See `ReadAgain`.

        Raises:
            SohoaError: The scan or the store cannot be read, or a reader failed.
        """
        if not self._reader.has(reader):
            return None
        recipe = self._reader.recipe_for(line, reader)
        return self._stored(page, recipe, lambda: self._reader.read_text(self._image_of(page), page, line, reader)).text

    def _stored(self, page: PageText, recipe: str, read: Callable[[], SecondReading]) -> SecondReading:
        key = keys.reading_key(page.scan_sha256, page.page_number, recipe)
        reading = load_reading(self._store, key)
        if reading is None:
            reading = read()
            save_reading(self._store, key, reading)
        return reading

    def _image_of(self, page: PageText) -> PageImage:
        scan_key = keys.scan_key(page.scan_sha256)
        place = f"{scan_key}#{page.page_number}"
        if self._opened is None or self._opened[0] != place:
            self._opened = (place, self._opened_pages.find(page.scan_sha256, page.page_number) or self._open(page))
        return self._opened[1]

    def _open(self, page: PageText) -> PageImage:
        with self._store.open(keys.scan_key(page.scan_sha256)) as original:
            return open_page(original, kind_of(original), page.page_number)
