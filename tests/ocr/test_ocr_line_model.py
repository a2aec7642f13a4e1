"""Line models: decoding of what they see, and the models themselves where their packages are installed."""

import itertools
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.problem import Code, SohoaError
from ocr.readers.line_model import ASTER, LINE_MODELS, PP_OCR, LineModel, LineModelFile, LineReading

ALPHABET = ("", "1", "2", "/")


def spelled(steps: list[list[float]]) -> LineReading:
    """A reading with these probabilities at each step."""
    rows = np.array(steps, dtype=np.float64)
    return LineReading(np.log(rows / rows.sum(axis=1, keepdims=True)), ALPHABET)


def collapse(path: tuple[int, ...]) -> str:
    return "".join(ALPHABET[column] for column, _ in itertools.groupby(path) if column)


def test_repeated_columns_are_one_character_unless_a_blank_parts_them() -> None:
    one, none = [0.1, 0.8, 0.05, 0.05], [0.9, 0.05, 0.03, 0.02]
    assert spelled([one, one, one]).text == "1"
    assert spelled([one, none, one]).text == "11"
    assert [step for _, step in spelled([none, one, none, one]).characters()] == [1, 3]


@given(st.lists(st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_score_of_a_text_is_the_sum_over_all_paths_that_spell_it(steps: list[list[float]]) -> None:
    reading = spelled(steps)
    summed: dict[str, float] = {}
    for path in itertools.product(range(4), repeat=len(steps)):
        chance = float(np.exp(sum(reading.log_probabilities[step, column] for step, column in enumerate(path))))
        summed[collapse(path)] = summed.get(collapse(path), 0.0) + chance
    for text, chance in summed.items():
        assert np.exp(reading.score(text)) == pytest.approx(chance)


def test_a_text_outside_the_alphabet_or_too_long_cannot_be_spelled() -> None:
    reading = spelled([[0.25] * 4] * 2)
    assert reading.score("x") == -np.inf
    assert reading.score("111") == -np.inf
    assert reading.between(0, 0).score("1") == -np.inf


@pytest.fixture(scope="module", params=LINE_MODELS, ids=lambda file: file.name)
def model(request: pytest.FixtureRequest) -> LineModel:
    try:
        return LineModel(request.param)
    except SohoaError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"{request.param.name}: {error}")


def test_a_model_reads_printed_digits(model: LineModel) -> None:
    cv2 = pytest.importorskip("cv2")
    line = np.full((64, 360, 3), 255, dtype=np.uint8)
    cv2.putText(line, "So: 2574 /", (10, 46), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0, 0, 0), 3)
    assert "2574" in model.read(line).text.replace(" ", "")


def test_a_model_refuses_an_empty_picture(model: LineModel) -> None:
    with pytest.raises(SohoaError) as caught:
        model.read(np.zeros((0, 10, 3), dtype=np.uint8))
    assert caught.value.code is Code.READER_FAILED


def test_the_models_are_pinned_by_hash() -> None:
    other = LineModelFile(PP_OCR.name, PP_OCR.package, PP_OCR.model, "0" * 64, 48, 3200, is_bgr=True)
    with pytest.raises(SohoaError) as caught:
        LineModel(other)
    assert caught.value.code is Code.READER_MISSING
    assert {PP_OCR.sha256, ASTER.sha256} == {file.sha256 for file in LINE_MODELS}


def test_a_package_that_is_not_installed_is_a_missing_reader() -> None:
    with pytest.raises(SohoaError) as caught:
        LineModel(LineModelFile("none", "no-such-package-here", "x", "0" * 64, 48, 3200, is_bgr=True))
    assert caught.value.code is Code.READER_MISSING
