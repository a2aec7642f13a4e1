"""What the page reader overlooked beside a bare label: asked of two other readers, believed only where both agree."""

import pytest

from extractors.dossier_page import DossierPage
from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import sort_pages
from extractors.record import ExtractedField
from extractors.sample import pages_from_sample
from extractors.second_reading import BlankReadings
from ocr.blank import Blank
from ocr.line_reading import LineReader
from ocr.page import Box, PageText, ReaderInfo, Said

TYPES = shipped_paper_types()
BIRTH = next(one for one in TYPES if one.id == "giay-khai-sinh")


class Strip:
    """Readers that see `answers` in the strip beside the bare label, and the printed words anywhere else."""

    def __init__(self, answers: dict[LineReader, str]) -> None:
        self.answers = answers
        self.asked: list[Box] = []

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        return ()

    def blanks(self, page: PageText, line: Box, blanks: tuple[Blank, ...]) -> BlankReadings:
        return {}

    def text(self, page: PageText, line: Box, reader: LineReader) -> Said | None:
        inside = [
            word
            for word in page.words
            if line.top < word.upright_box.center_y < line.bottom and line.left < word.upright_box.center_x < line.right
        ]
        if inside:
            return Said(reader=reader.value, text=" ".join(word.text for word in inside))
        self.asked.append(line)
        return Said(reader=reader.value, text=self.answers.get(reader, ""))


def read(name: str, printed: str, answers: dict[LineReader, str]) -> tuple[ExtractedField, Strip]:
    sample = BIRTH.samples[0].model_copy(update={"text": BIRTH.samples[0].text.replace(printed, " " * len(printed))})
    readers = Strip(answers)
    pages = [DossierPage("a.pdf", page) for page in pages_from_sample(sample)]
    (paper,) = sort_pages(pages, TYPES, readers).papers
    return paper.fields[name], readers


FIGURES, WORDS, NET = LineReader.FIGURES, LineReader.WORDS, LineReader.OTHER_NET


def test_figures_that_both_readers_see_are_accepted_and_stand_in_the_strip() -> None:
    field, readers = read("personal_id", "027315001234", {FIGURES: "027315001234", WORDS: "027315001234"})
    assert field.value == "027315001234" and field.accepted
    assert field.evidence is not None and field.evidence.box in readers.asked


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({FIGURES: "027315001234", WORDS: "027315001284"}, "027315001234"),
        ({FIGURES: "027315001234", WORDS: ""}, "027315001234"),
        ({FIGURES: "", WORDS: "027315001234"}, "027315001234"),
        ({FIGURES: "....", WORDS: "...."}, None),
        ({FIGURES: "", WORDS: ""}, None),
    ],
)
def test_anything_less_is_proposed_at_most(answers: dict[LineReader, str], value: str | None) -> None:
    field, _ = read("personal_id", "027315001234", answers)
    assert field.value == value and not field.accepted


def test_words_are_never_accepted_so() -> None:
    field, _ = read(
        "place_of_origin",
        "xã Hoài Thượng, huyện Thuận Thành, tỉnh Bắc Ninh",
        {WORDS: "tỉnh Bắc Ninh", NET: "tỉnh Bắc Ninh"},
    )
    assert not field.accepted
