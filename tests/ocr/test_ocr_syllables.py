"""What a Vietnamese syllable can be: every one that is written passes, what readers make up does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.syllables import is_syllable, lacks_marks
from ocr.vietnamese import strip_accents

TEXT = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Võ Vũ Đặng Bùi Đỗ Ngô Dương Lý Quách Nghiêm Giáp Khổng Uông Triệu Thạch Quyền
giếng gì giết quý quốc quyết nghĩa nghiêng khuya khuỷu khuếch thuở xoong boong oằn hoặc loẹt ngoằn huýt quỵt luỹ lũy
yếu yêu ưu rượu hươu cứu được những trường thước người muối chuỗi chuông suốt tiếp liệt biểu khiếu hợp lệ hoà hòa thuý
"""


@pytest.mark.parametrize("word", [*TEXT.split(), "QUYẾT", "(đề", "ninh,", "Điều"])
def test_written_syllables_are_possible(word: str) -> None:
    assert is_syllable(word)
    assert not lacks_marks(word)


@pytest.mark.parametrize("word", ["QUYỂT", "QUYÉT", "TICH", "nhủc", "Quẩt", "biêt", "Lùu"])
def test_syllables_with_marks_lost_or_changed_are_told(word: str) -> None:
    assert not is_syllable(word)
    assert lacks_marks(word)


@pytest.mark.parametrize("word", ["UBND", "HĐND", "TTHC", "Lắk", "Kpă", "H'Hen", "STEM", "Vềviệc", "2024", "", "KT."])
def test_abbreviations_figures_and_other_languages_are_neither(word: str) -> None:
    assert not is_syllable(word) or word == ""
    assert not lacks_marks(word)


@given(st.text(max_size=12))
def test_any_text_is_answered(text: str) -> None:
    assert not (is_syllable(text) and lacks_marks(text))
    if lacks_marks(text):
        assert strip_accents(text)
