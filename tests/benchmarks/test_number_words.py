"""Vietnamese words of dates, against hand-written examples."""

from datetime import date

import pytest

from benchmarks.drawing.number_words import WordChoice, date_words, day_words, words_below_hundred, year_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (30, "ba mươi"),
        (31, "ba mươi mốt"),
        (99, "chín mươi chín"),
    ],
)
def test_words_below_hundred(number: int, words: str) -> None:
    assert words_below_hundred(number) == words


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (1975, "một nghìn chín trăm bảy mươi lăm"),
        (1991, "một nghìn chín trăm chín mươi mốt"),
        (2000, "hai nghìn"),
        (2001, "hai nghìn không trăm linh một"),
        (2005, "hai nghìn không trăm linh năm"),
        (2010, "hai nghìn không trăm mười"),
        (2015, "hai nghìn không trăm mười lăm"),
        (2021, "hai nghìn không trăm hai mươi mốt"),
    ],
)
def test_year_words(year: int, words: str) -> None:
    assert year_words(year) == words


def test_variants_are_spelled_as_chosen() -> None:
    choice = WordChoice(early_day="mồng", zero_tens="lẻ", four="bốn", thousand="ngàn")
    assert date_words(date(2004, 4, 4), choice) == "Ngày mồng bốn, tháng tư, năm hai ngàn không trăm lẻ bốn"
    assert day_words(11, choice) == "mười một"


def test_date_words_of_the_form() -> None:
    assert date_words(date(2015, 3, 12)) == "Ngày mười hai, tháng ba, năm hai nghìn không trăm mười lăm"


@pytest.mark.parametrize("number", [-1, 100])
def test_numbers_outside_the_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not from 0 to 99"):
        words_below_hundred(number)


def test_a_year_needs_four_digits() -> None:
    with pytest.raises(ValueError, match="four digits"):
        year_words(999)
