"""Second readings of written blanks: what agrees is accepted, what differs waits for a person."""

import pytest

from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import DossierPage, Paper, sort_pages
from extractors.record import ExtractedField
from extractors.sample import page_from_text
from ocr.blank import Blank, BlankReading
from ocr.line_reading import LineReader
from ocr.page import Box, PageText, ReaderInfo, Said

ACT = next(paper_type for paper_type in shipped_paper_types() if paper_type.id == "quyet-dinh").samples[0].text
SURE = {Blank.NUMBER: "125", Blank.DAY: "06", Blank.MONTH: "5", Blank.YEAR: "2024"}


class TwoReaders:
    """Answers what it is told; `second` overrides what the second reader says."""

    readers = tuple(
        ReaderInfo(name=name, version="1", model="m", model_sha256="0" * 64) for name in ("first", "second")
    )

    def __init__(self, second: dict[Blank, str | None] | None = None, *, is_stable: bool = True) -> None:
        self.second = {**SURE, **(second or {})}
        self.is_stable = is_stable
        self.asked: list[tuple[Box, tuple[Blank, ...]]] = []

    def text(self, page: PageText, line: Box, reader: LineReader) -> Said | None:
        return None

    def blanks(self, page: PageText, line: Box, blanks: tuple[Blank, ...]) -> dict[Blank, tuple[BlankReading, ...]]:
        self.asked.append((line, blanks))
        return {
            blank: (self._answer("first", SURE[blank]), self._answer("second", self.second[blank])) for blank in blanks
        }

    def _answer(self, reader: str, value: str | None) -> BlankReading:
        return BlankReading(reader=reader, value=value, seen=value or "", is_stable=self.is_stable)


def read(text: str, readers: TwoReaders) -> Paper:
    (paper,) = sort_pages([DossierPage("a.pdf", page_from_text(text))], shipped_paper_types(), readers).papers
    return paper


def field(paper: Paper, name: str) -> ExtractedField:
    return paper.fields[name]


def test_what_two_readers_agree_on_is_accepted_with_both_as_evidence() -> None:
    paper = read(ACT, TwoReaders())
    for name, value in (("code_number", "125"), ("issued_date", "2024-05-06")):
        assert field(paper, name).value == value
        assert field(paper, name).accepted
        assert field(paper, name).decided_by == "two-readers"
        assert field(paper, name).evidence.reader == "first + second"
    assert {reader.name for reader in paper.second_readers} == {"first", "second"}


def test_whole_lines_are_read_and_only_where_something_is_written() -> None:
    readers = TwoReaders()
    read(ACT, readers)
    assert [blanks for _, blanks in readers.asked] == [
        (Blank.NUMBER,),
        (Blank.DAY, Blank.MONTH, Blank.YEAR),
    ]
    assert all(line.width > 5 * line.height for line, _ in readers.asked)


@pytest.mark.parametrize("second", [{Blank.NUMBER: "725"}, {Blank.NUMBER: None}])
def test_a_number_the_readers_differ_on_is_a_proposal_for_a_person(second: dict[Blank, str | None]) -> None:
    number = field(read(ACT, TwoReaders(second)), "code_number")
    assert number.value == "125"  # of the reader that is more often right
    assert not number.accepted
    assert "readers-differ" in number.reasons


@pytest.mark.parametrize("second", [{Blank.DAY: "08"}, {Blank.MONTH: "8"}, {Blank.YEAR: "2021"}, {Blank.DAY: None}])
def test_a_date_is_accepted_only_when_day_month_and_year_agree(second: dict[Blank, str | None]) -> None:
    assert not field(read(ACT, TwoReaders(second)), "issued_date").accepted


def test_readers_that_waver_settle_nothing() -> None:
    assert not field(read(ACT, TwoReaders(is_stable=False)), "code_number").accepted


def test_days_that_do_not_exist_are_not_settled() -> None:
    february = {Blank.DAY: "30", Blank.MONTH: "02"}
    readers = TwoReaders(february)
    readers.second |= february
    assert not field(read(ACT, readers), "issued_date").accepted


def test_a_number_the_page_reader_did_not_see_is_found() -> None:
    number = field(read(ACT.replace("125 /", "/"), TwoReaders()), "code_number")
    assert number.value == "125"
    assert number.accepted


def test_without_second_readers_everything_waits() -> None:
    (paper,) = sort_pages([DossierPage("a.pdf", page_from_text(ACT))], shipped_paper_types()).papers
    assert not field(paper, "code_number").accepted
    assert paper.second_readers == ()
