"""A page reader and a line model for the words it is not sure of."""

import os

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.drawing.fonts import Style, load_font
from ocr.page import Box, ReaderInfo
from ocr.problem import Code, SohoaError
from ocr.readers import best
from ocr.readers.line_model import ASTER, PP_OCR, LineModel, LineReading
from ocr.readers.reader import ReadWord
from ocr.readers.tesseract_model import debian_model, large_net
from ocr.readers.two_readers import TwoReaders

PAPER = np.full((60, 400), 255, np.uint8)
SURE = ReadWord("Quyết", Box(10, 10, 60, 30), 0.96, 0)
LETTERS = ("", *"aăâbcdđeêghiklmnoôơpqrstuưvxyẩồểễẻ", *"ABCDĐGHQSTUVYÉẾ", *"0123456789.,")


class Line:
    """Stands in for the line model: answers the same to everything, how surely is said by `odds`."""

    info = ReaderInfo(name="line", version="1", model="m", model_sha256="0" * 64)

    def __init__(self, text: str, odds: float = 0.999) -> None:
        self.shapes: list[tuple[int, ...]] = []
        self._text, self._odds = text, odds

    def read(self, line: NDArray[np.uint8]) -> LineReading:
        self.shapes.append(line.shape)
        steps = np.full((2 * len(self._text) + 1, len(LETTERS)), (1 - self._odds) / len(LETTERS))
        for place, letter in enumerate(self._text):
            steps[2 * place, 0] = self._odds
            steps[2 * place + 1, LETTERS.index(letter)] = self._odds
        steps[-1, 0] = self._odds
        return LineReading(np.log(steps), LETTERS)


def read(replay, word: str, line: Line, confidence: float = 0.5) -> ReadWord:
    words = (SURE, ReadWord(word, Box(70, 12, 110, 28), confidence, 0))
    found = TwoReaders(replay(words), line).read(PAPER, 180, 240)
    assert found[0] is SURE
    return found[1]


def test_a_clearly_likelier_word_is_taken_and_both_are_told(replay) -> None:
    word = read(replay, "thâm", Line("thẩm"))
    assert word.text == "thẩm"
    assert [said.text for said in word.said] == ["thâm", "thẩm"]
    assert word.said[1].reader == Line.info.label
    assert word.confidence == 0.5


def test_a_close_call_stays_as_the_page_reader_saw_it(replay) -> None:
    word = read(replay, "thâm", Line("thẩm", odds=0.3))
    assert word.text == "thâm"
    assert [said.text for said in word.said] == ["thâm", "thẩm"]


def test_an_impossible_syllable_gives_way_and_never_comes_in(replay) -> None:
    assert read(replay, "QUYÉT", Line("QUYẾT", odds=0.3)).text == "QUYẾT"
    assert read(replay, "quyết", Line("quyểt")).text == "quyết"


def test_sure_words_and_figures_are_not_asked_about(replay) -> None:
    line = Line("thẩm")
    assert read(replay, "thâm", line, confidence=0.95).said == ()
    assert read(replay, "2024", line).said == ()
    assert line.shapes == []


def test_figures_and_signs_stay_as_the_page_reader_saw_them(replay) -> None:
    assert read(replay, "số12", Line("số13".replace("ố", "ô"))).text == "số12"
    assert read(replay, "ninh,", Line("ninh.")).text == "ninh,"


def test_a_word_is_shown_in_the_height_of_its_line_and_without_its_neighbours(replay) -> None:
    line = Line("thẩm")
    read(replay, "thâm", line)
    ((height, width, depth),) = line.shapes
    assert height == 30 - 10 + 2 * 2
    assert 40 <= width <= 40 + 2 * 10
    assert depth == 3


def test_a_page_read_the_wrong_way_up_is_not_asked_about(replay) -> None:
    line = Line("thẩm")
    words = tuple(ReadWord("~", Box(10 * n, 10, 10 * n + 8, 20), 0.1, 0) for n in range(9))
    assert TwoReaders(replay(words), line).read(PAPER, 180, 240) == words
    assert line.shapes == []


def test_a_change_of_the_rules_is_a_change_of_the_recipe(replay) -> None:
    readers = TwoReaders(replay(), Line("a")).readers
    assert [info.name for info in readers] == ["replay", "line"]
    assert readers[1].parameters["unsure_below"]


def test_best_reader_is_the_large_net_with_the_line_model(tesseract) -> None:
    """A machine set up has both; each that is missing is done without."""
    try:
        large_net(), LineModel(ASTER)
    except SohoaError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"chạy `make setup`: {error.problem.detail}")
    names = [(info.name, info.model) for info in best.best_reader().readers]
    assert names == [("tesseract", "vie best_int"), ("asternet", "asternet.onnx")]
    assert best.other_net_line_reader().readers[0].model == "vie"


def test_without_the_large_net_debians_reads_and_there_is_no_other_net(tesseract, monkeypatch) -> None:
    def missing():
        raise SohoaError(Code.READER_MISSING)

    monkeypatch.setattr(best, "large_net", missing)
    assert best.best_reader().readers[0].model == debian_model().label
    assert best.other_net_line_reader() is None


@pytest.mark.parametrize("file", [ASTER, PP_OCR])
def test_a_line_too_wide_for_the_net_is_squeezed_not_refused(file) -> None:
    picture = Image.new("RGB", (6000, 60), "white")
    ImageDraw.Draw(picture).text((20, 10), "QUYẾT ĐỊNH " * 12, font=load_font(Style.REGULAR, 34), fill="black")
    reading = LineModel(file).read(np.asarray(picture))
    assert len(reading.log_probabilities)
