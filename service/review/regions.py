"""Reading a region of a page again that a person marked: the readers that the field's kind needs, at once.

The picture of the page is opened from the scan and kept for the next region, a few of them, bounded in memory. Nothing
is stored: what a person takes from it becomes the person's word.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from statistics import median

from extractors.kinds.registry import FIGURE_KINDS
from extractors.paper_type import FieldType
from ocr.image import PageImage
from ocr.line_reading import LineReader
from ocr.page import Box, PageText, Said, Word
from ocr.problem import Code, SohoaError
from ocr.region import upright_box_of
from ocr.scan import kind_of, open_page
from ocr.second_reader import SecondReader, second_reader
from storage.keys import scan_key
from storage.objects import ObjectStore

# Some eight colour pages of A4 at 300 dpi.
_MOST_BYTES = 220_000_000
# A region that is narrower or lower has no letter in it.
_LEAST_PX = 8
# More rows than an address has are no field.
_MOST_ROWS = 8
_PAGE_READER = "bộ đọc trang"


class RegionReader:
    """Reads regions of stored scans; for many threads, of which one reads at a time."""

    def __init__(self, store: ObjectStore) -> None:
        """Read scans of `store`. Readers are loaded when first needed, or by `warm_up`."""
        self._store = store
        self._reader: SecondReader | None = None
        self._images: OrderedDict[tuple[str, int], PageImage] = OrderedDict()
        self._loading, self._reading = threading.Lock(), threading.Lock()
        self._is_warming = False

    def warm_up(self) -> None:
        """Begin loading the readers in the background, once: the first region is not the one that waits."""
        if not self._is_warming:
            self._is_warming = True
            threading.Thread(target=self._load_quietly, name="region-reader", daemon=True).start()

    def read(self, page: PageText, box: Box, declared: FieldType | None) -> tuple[Said, ...]:
        """Return what readers make of a region.

        Args:
            page: The page as it was read.
            box: The region, in pixels of the scan; more than one row of text is read row by row.
            declared: The field it is read for; None: as words.

        Raises:
            SohoaError: `REQUEST_INVALID` for a box that is no region of the page; the scan cannot be opened;
                `READER_MISSING`, `READER_FAILED`.
        """
        region = Box(max(box.left, 0), max(box.top, 0), min(box.right, page.width_px), min(box.bottom, page.height_px))
        if region.width < _LEAST_PX or region.height < _LEAST_PX:
            raise SohoaError(Code.REQUEST_INVALID, field="box", detail="smaller than a letter, or off the page")
        upright = upright_box_of(page, region)
        rows = list(_rows(page, upright))
        lines = [_row_box(row, upright) for row in rows] if 1 < len(rows) <= _MOST_ROWS else [upright]
        reader = self._loaded()
        said = []
        with self._reading:
            image = self._image_of(page)
            for which in _readers_for(declared):
                if reader.has(which):
                    answers = [reader.read_text(image, page, line, which).text for line in lines]
                    parts = [answer for answer in answers if answer is not None and answer.text]
                    if parts:
                        said.append(Said(reader=parts[0].reader, text=" ".join(part.text for part in parts)))
        seen = " ".join(word.text for row in rows for word in row)
        return (*said, Said(reader=_PAGE_READER, text=seen)) if seen else tuple(said)

    def _image_of(self, page: PageText) -> PageImage:
        place = (page.scan_sha256, page.page_number)
        found = self._images.get(place)
        if found is None:
            with self._store.open(scan_key(page.scan_sha256)) as original:
                found = open_page(original, kind_of(original), page.page_number)
            self._images[place] = found
        self._images.move_to_end(place)
        while len(self._images) > 1 and sum(image.pixels.nbytes for image in self._images.values()) > _MOST_BYTES:
            self._images.popitem(last=False)
        return found

    def _load_quietly(self) -> None:
        # Whoever reads a region is told what is missing.
        with suppress(SohoaError):
            self._loaded()

    def _loaded(self) -> SecondReader:
        with self._loading:
            if self._reader is None:
                self._reader = second_reader()
            return self._reader


def _readers_for(declared: FieldType | None) -> tuple[LineReader, ...]:
    if declared is not None and declared.kind in FIGURE_KINDS:
        return LineReader.FIGURES, LineReader.WORDS
    return LineReader.WORDS, LineReader.OTHER_NET


def _rows(page: PageText, region: Box) -> Iterator[list[Word]]:
    """Yield the words that lie in the region, row by row, each from left to right."""
    inside = [word for word in page.words if _holds(region, word.upright_box)]
    rows: list[list[Word]] = []
    for word in sorted(inside, key=lambda word: word.upright_box.center_y):
        if rows:
            middle = median(other.upright_box.center_y for other in rows[-1])
            if abs(word.upright_box.center_y - middle) < word.upright_box.height / 2:
                rows[-1].append(word)
                continue
        rows.append([word])
    for row in rows:
        yield sorted(row, key=lambda word: word.upright_box.left)


def _holds(region: Box, box: Box) -> bool:
    return region.left <= box.center_x < region.right and region.top <= box.center_y < region.bottom


def _row_box(row: list[Word], region: Box) -> Box:
    """Return the part of the region that a row takes, as wide as the region: what was not read stands there too."""
    box = Box.around(word.upright_box for word in row)
    return Box(region.left, box.top, region.right, box.bottom)
