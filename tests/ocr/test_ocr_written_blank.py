"""Written blanks: found between their printed neighbours, decoded under their grammar, trusted only on agreement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.blank import Blank, BlankReading, agreed
from ocr.readers.line_model import LineReading
from ocr.written_blank import read_blank

ALPHABET = ("", *"0123456789", *"Số:/ -ngàythámăQĐUBNDA.")
COLUMN = {character: column for column, character in enumerate(ALPHABET)}


def line_of(text: str, doubts: dict[int, tuple[str, float]] | None = None) -> LineReading:
    """A reading of `text`, one step each with a blank between; `doubts`: place → second guess and its chance."""
    rows = np.full((2 * len(text) + 1, len(ALPHABET)), 1e-6)
    rows[::2, 0] = 1.0
    for place, character in enumerate(text):
        rows[2 * place + 1, COLUMN[character]] = 1.0
        if doubts and place in doubts:
            other, chance = doubts[place]
            rows[2 * place + 1, COLUMN[other]] = chance
    return LineReading(np.log(rows / rows.sum(axis=1, keepdims=True)), ALPHABET)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Số: 574 /QĐ-UBND", "574"),
        ("Số:04/QĐ-UBND", "04"),
        ("S: 0 5 /QĐ-UBND", "05"),
        ("Số: ... /QĐ-UBND", None),
        ("Số: /QĐ-UBND", None),
        ("QĐ-UBND", None),
        ("Số: A5 /QĐ-UBND", None),
    ],
)
def test_a_number_is_read_between_its_label_and_the_slash(text: str, value: str | None) -> None:
    assert read_blank(Blank.NUMBER, "m", line_of(text)).value == value


@given(st.integers(1, 31), st.integers(1, 12), st.booleans())
def test_every_day_and_month_is_read(day: int, month: int, padded: bool) -> None:
    spelled_day = f"{day:02d}" if padded else str(day)
    line = line_of(f"ngày {spelled_day} tháng {month} năm 2025")
    assert read_blank(Blank.DAY, "m", line).value == spelled_day
    assert read_blank(Blank.MONTH, "m", line).value == str(month)
    assert read_blank(Blank.YEAR, "m", line).value == "2025"


def test_an_impossible_day_gives_the_likeliest_possible_one_and_says_what_was_seen() -> None:
    reading = read_blank(Blank.DAY, "m", line_of("ngày 45 tháng 01 năm 2025", {5: ("1", 0.4)}))
    assert reading.seen == "45"
    assert reading.value == "15"
    assert not reading.as_seen


def test_glued_and_clipped_neighbours_are_found() -> None:
    assert read_blank(Blank.DAY, "m", line_of("ngày15tháng 3 năm 2024")).value == "15"


@pytest.mark.parametrize("text", ["", "2025", "tháng 3 năm 2024", "ngày 15"])
def test_a_line_without_the_neighbours_gives_nothing(text: str) -> None:
    assert read_blank(Blank.DAY, "m", line_of(text)).value is None


def answer(value: str | None, seen: str, *, is_stable: bool = True) -> BlankReading:
    return BlankReading(reader="m", value=value, seen=seen, is_stable=is_stable)


def test_two_that_say_the_same_agree_and_one_alone_never_does() -> None:
    assert agreed(Blank.NUMBER, [answer("7", "7"), answer("07", "07")]) == "07"
    assert agreed(Blank.NUMBER, [answer("7", "7")]) is None
    assert agreed(Blank.NUMBER, [answer("7", "7"), answer("1", "1")]) is None
    assert agreed(Blank.NUMBER, [answer("7", "7"), answer(None, "")]) is None


def test_agreement_on_what_only_the_grammar_made_is_none() -> None:
    assert agreed(Blank.DAY, [answer("15", "45"), answer("15", "45")]) is None
    assert agreed(Blank.DAY, [answer("15", "45"), answer("15", "15")]) == "15"


def test_a_reader_that_changes_its_mind_with_the_framing_agrees_with_nobody() -> None:
    assert agreed(Blank.NUMBER, [answer("41", "41"), answer("41", "41", is_stable=False)]) is None


@pytest.mark.parametrize(
    ("blank", "value", "settled"),
    [
        (Blank.DAY, "1", None),
        (Blank.DAY, "01", "01"),
        (Blank.MONTH, "1", None),
        (Blank.MONTH, "2", None),
        (Blank.MONTH, "3", "3"),
        (Blank.MONTH, "12", "12"),
        (Blank.NUMBER, "5", "5"),
    ],
)
def test_half_a_figure_is_never_settled(blank: Blank, value: str, settled: str | None) -> None:
    assert agreed(blank, [answer(value, value), answer(value, value)]) == settled
