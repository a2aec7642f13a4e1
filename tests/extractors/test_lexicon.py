"""Repair of accents: never another letter, never twice, never against the printed tone placement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicon.repair import phrases, repair_accents, same_but_for_tone_placement
from ocr.vietnamese import fold, strip_accents

PHRASES = sorted(phrases().values())
TEXT = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([*PHRASES, "xã", "Tịnh Khê", ",", "-", "12"]), max_size=5).map(" ".join),
)


@given(TEXT)
def test_base_letters_never_change(text: str) -> None:
    assert strip_accents(repair_accents(text)).casefold() == strip_accents(text).casefold()


@given(TEXT)
def test_repairing_twice_changes_nothing(text: str) -> None:
    once = repair_accents(text)
    assert repair_accents(once) == once


@pytest.mark.parametrize("phrase", PHRASES)
def test_phrases_stand_as_they_are_in_either_case(phrase: str) -> None:
    assert repair_accents(phrase) == phrase
    assert repair_accents(phrase.upper()) == phrase.upper()
    assert fold(repair_accents(fold(phrase))) == fold(phrase)


@pytest.mark.parametrize(
    "printed", ["UỶ BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN", "tỉnh Khánh Hoà", "xã Yên Bài", "Hải Phong", "Long Ân", "phương"]
)
def test_what_may_be_printed_so_stays(printed: str) -> None:
    assert repair_accents(printed) == printed


@pytest.mark.parametrize(
    ("misread", "right"),
    [
        ("UY BAN NHÂN DÂN TỈNH QUANG NGAI", "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"),
        ("Bô Tư phap", "Bộ Tư pháp"),
        ("tinh Bắc Nịnh", "tỉnh Bắc Ninh"),
    ],
)
def test_known_phrases_are_put_right(misread: str, right: str) -> None:
    assert repair_accents(misread) == right


def test_tone_placement() -> None:
    assert same_but_for_tone_placement("HOÀ", "hòa")
    assert same_but_for_tone_placement("Thuý", "thúy")
    assert not same_but_for_tone_placement("hoa", "hòa")
