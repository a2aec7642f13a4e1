"""Second readings over a store: a line is cut out of its scan and read once, then answered from the store."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from flows.opened_pages import OpenedPages
from flows.stored_second_reader import StoredSecondReader
from ocr.blank import Blank, BlankReading
from ocr.image import PageImage
from ocr.line_reading import LineReader, SecondReading
from ocr.page import Box, PageText, ReaderInfo, Said
from storage import keys
from storage.catalogue import Catalogue
from storage.folder_store import FolderStore
from storage.scans import receive
from storage.verify import verify

LINE = Box(100, 100, 500, 140)


class CountingReader:
    """Stands in for the line models."""

    readers: tuple[ReaderInfo, ...] = ()

    def __init__(self) -> None:
        self.read_count = 0

    def recipe_for(self, line: Box, asked: tuple[Blank, ...] | LineReader) -> str:
        return f"r{line.left}-{asked if isinstance(asked, LineReader) else len(asked)}"

    def has(self, reader: LineReader) -> bool:
        return reader is LineReader.WORDS

    def read_blanks(self, image: PageImage, page: PageText, line: Box, blanks: tuple[Blank, ...]) -> SecondReading:
        self.read_count += 1
        answer = BlankReading(reader="m", value=str(image.width_px), seen="", is_stable=True)
        return SecondReading(
            scan_sha256=page.scan_sha256,
            page_number=page.page_number,
            line=line,
            blanks=dict.fromkeys(blanks, (answer,)),
        )

    def read_text(self, image: PageImage, page: PageText, line: Box, reader: LineReader) -> SecondReading:
        self.read_count += 1
        text = Said(reader="m", text=str(image.width_px))
        return SecondReading(scan_sha256=page.scan_sha256, page_number=page.page_number, line=line, text=text)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def opened(tmp_path: Path) -> OpenedPages:
    folder = tmp_path / "opened"
    folder.mkdir()
    return OpenedPages(folder)


@pytest.fixture
def page(tmp_path: Path, store: FolderStore) -> PageText:
    path = tmp_path / "scan.png"
    Image.fromarray(np.full((300, 700), 255, np.uint8)).save(path)
    scan = receive(store, path)
    return PageText(scan_sha256=scan.sha256, page_number=1, recipe="r", width_px=700, height_px=300, dpi=100)


def test_a_line_is_read_once_and_answered_from_the_store_afterwards(
    store: FolderStore, page: PageText, opened: OpenedPages
) -> None:
    reader = CountingReader()
    first = StoredSecondReader(store, reader, opened).blanks(page, LINE, (Blank.NUMBER,))
    second = StoredSecondReader(store, reader, opened).blanks(page, LINE, (Blank.NUMBER,))
    assert first == second
    assert first[Blank.NUMBER][0].value == "700"
    assert reader.read_count == 1


def test_words_of_a_line_are_read_once_by_each_reader_that_is_there(
    store: FolderStore, page: PageText, opened: OpenedPages
) -> None:
    reader = CountingReader()
    read_again = StoredSecondReader(store, reader, opened)
    first = read_again.text(page, LINE, LineReader.WORDS)
    assert first == read_again.text(page, LINE, LineReader.WORDS) == Said(reader="m", text="700")
    assert read_again.text(page, LINE, LineReader.OTHER_NET) is None
    assert reader.read_count == 1


def test_a_damaged_reading_is_reported_and_read_anew(
    tmp_path: Path, store: FolderStore, page: PageText, opened: OpenedPages
) -> None:
    reader = CountingReader()
    read_again = StoredSecondReader(store, reader, opened)
    read_again.blanks(page, LINE, (Blank.NUMBER,))
    key = keys.reading_key(page.scan_sha256, 1, reader.recipe_for(LINE, (Blank.NUMBER,)))
    store.put(key, b"{}")
    catalogue = Catalogue(f"sqlite:///{tmp_path}/c.sqlite")
    catalogue.create()
    assert [problem.detail.split(":")[0] for problem in verify(store, catalogue).damage] == [key]
    read_again.blanks(page, LINE, (Blank.NUMBER,))
    assert reader.read_count == 2
    assert verify(store, catalogue).is_intact


def test_a_page_that_was_just_read_is_not_opened_again(
    store: FolderStore, page: PageText, opened: OpenedPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.keep(page.scan_sha256, PageImage(np.full((30, 44), 255, np.uint8), 100, 1))
    monkeypatch.setattr("flows.stored_second_reader.open_page", None)
    answers = StoredSecondReader(store, CountingReader(), opened).blanks(page, LINE, (Blank.NUMBER,))
    assert answers[Blank.NUMBER][0].value == "44"
