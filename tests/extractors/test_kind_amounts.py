"""Sums of money and areas: figures and words say the same, and what can be understood in two ways says so."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drawing.amount_words import area_words, decimal_comma, grouped, integer_words, money_words
from benchmarks.drawing.number_words import WordChoice
from extractors.kinds.amounts import parse_area, parse_area_in_words, parse_money, parse_money_in_words
from extractors.kinds.number_words import number_from_words
from ocr.vietnamese import fold

SUMS = st.one_of(st.integers(0, 10**12 - 1), st.integers(1, 999).map(lambda millions: millions * 10**6))
AREAS = st.decimals(Decimal("0.1"), Decimal("99999.99"), places=2).map(lambda area: area.normalize())
CHOICES = st.builds(
    WordChoice,
    zero_tens=st.sampled_from(["linh", "lẻ"]),
    four=st.sampled_from(["tư", "bốn"]),
    thousand=st.sampled_from(["nghìn", "ngàn"]),
)


@given(SUMS, st.sampled_from(["đồng", "VNĐ", "đ", "Việt Nam đồng", "đồng."]))
def test_sums_in_figures_come_back(amount: int, currency: str) -> None:
    for printed in (grouped(amount), f"{amount:,}", grouped(amount).replace(".", " ")):
        parsed = parse_money(f"{printed} {currency} (bằng chữ: …)")
        assert (parsed.value, parsed.partial) == (str(amount), False)


@given(SUMS, CHOICES)
def test_sums_in_words_come_back(amount: int, choice: WordChoice) -> None:
    words = money_words(amount, choice)
    assert parse_money_in_words(words).value == str(amount)
    assert parse_money_in_words(f"(Bằng chữ: {words} chẵn)").value == str(amount)


@given(SUMS, SUMS)
def test_two_sums_are_never_spelled_alike(first: int, second: int) -> None:
    same = parse_money_in_words(money_words(first)).value == parse_money_in_words(money_words(second)).value
    assert same == (first == second)


@given(st.integers(0, 10**12 - 1), st.data())
def test_a_word_lost_never_makes_a_sum_of_other_words(amount: int, data: st.DataObject) -> None:
    words = fold(integer_words(amount)).split()
    lost = data.draw(st.integers(0, len(words) - 1))
    rest = words[:lost] + words[lost + 1 :]
    number = number_from_words(rest)
    # Either nothing, or exactly what the rest spells.
    assert number is None or number_from_words(fold(integer_words(number)).split()) == number


@given(AREAS)
def test_areas_come_back_in_figures_and_in_words(area: Decimal) -> None:
    plain = f"{area:f}"
    for unit in ("m²", " m2", " m²", "m2, (bằng chữ: …)", " mét vuông", " m"):
        parsed = parse_area(decimal_comma(Decimal(plain)) + unit)
        assert (parsed.value, parsed.partial) == (plain, False)
    assert parse_area_in_words(area_words(Decimal(plain))).value == plain


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1,5 tỷ đồng", "1500000000"),
        ("500 triệu đồng", "500000000"),
        ("VNĐ 8 000 000", "8000000"),
        ("8. 000. 000 đồng", "8000000"),
        ("8.000.000,00 đồng", "8000000"),
        ("8.000.000.00O đồng", None),
        ("8.000.00 đồng", None),
        ("8.000 USD", None),
        ("0,5 đồng", None),
        ("l00.000 đồng", None),
        ("", None),
        ("9" * 30, None),
    ],
)
def test_money(raw: str, value: str | None) -> None:
    assert parse_money(raw).value == value


@pytest.mark.parametrize(
    ("raw", "value", "partial"),
    [
        ("99.7 m2", "99.7", False),
        ("99,70 m?", "99.7", False),
        ("1.234 m²", "1234", False),
        ("1,234 m²", "1234", True),
        ("120", "120", False),
        ("1,5 ha", None, False),
        ("99,7 m3", None, False),
        ("9O,7 m2", None, False),
        ("99,7250 m2", None, False),
    ],
)
def test_areas(raw: str, value: str | None, *, partial: bool) -> None:
    parsed = parse_area(raw)
    assert (parsed.value, parsed.partial) == (value, partial)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Chín mươi chín phẩy không năm mét vuông", "99.05"),
        ("Chín mươi chín phẩy bảy năm m2", "99.75"),
        ("Một trăm hai mươi mét vuông", "120"),
        ("Chín mươi chín phẩy mét vuông", None),
        ("mét vuông", None),
        ("phẩy bảy", None),
    ],
)
def test_areas_in_words(raw: str, value: str | None) -> None:
    assert parse_area_in_words(raw).value == value
