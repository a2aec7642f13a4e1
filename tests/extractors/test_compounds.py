"""Known compounds: a list that helps to choose what to propose, and the words that readers see otherwise."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicon import compounds
from extractors.lexicon.compounds import is_compound, marked_for_compound
from extractors.lexicon.tones import has_doubtful_tone
from extractors.voices import COMPOUNDS, MAJORITY, SYLLABLES, Voices, settle_words
from ocr.wheel_data import located

WORDS = st.sampled_from(
    [
        "về",
        "việc",
        "công",
        "cộng",
        "tác",
        "hành",
        "bành",
        "chính",
        "chuyển",
        "chuyền",
        "hóa",
        "Quảng",
        "Ngãi,",
        "2024",
        "-",
        "TTHC",
    ]
)
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)


def settle(own: str, other: str, third: str | None = None, frame: str | None = None, *, by_compounds: bool = True):
    return settle_words(frame or own, Voices(own, other, third), by_compounds=by_compounds)


@pytest.mark.parametrize("pair", ["chuyển hóa", "công tác", "hành chính", "dân tộc", "mở rộng", "quốc dân", "đăng ký"])
def test_words_of_the_offices_are_known(pair: str) -> None:
    assert is_compound(*pair.split())


@pytest.mark.parametrize("pair", ["chuyền hóa", "bành chính", "dần tộc", "mỡ rộng", "quốc dần", "chuân hóa"])
def test_what_readers_made_of_them_is_not(pair: str) -> None:
    assert not is_compound(*pair.split())


def test_case_and_tone_placement_do_not_count() -> None:
    assert is_compound("CHUYỂN", "HOÁ")
    assert is_compound("chuyển", "hóa")


def test_names_are_no_compounds() -> None:
    assert not is_compound("Quảng", "Ngãi")


@pytest.mark.parametrize(
    "text",
    ["tài liệu phục vụ thấm định", "hồ sơ thấm tra quyết toán", "đề nghi cung cấp hồ sơ"],
)
def test_a_word_that_would_be_a_compound_with_another_tone_is_doubtful(text: str) -> None:
    assert has_doubtful_tone(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "đề nghị cung cấp hồ sơ, tài liệu phục vụ thẩm định",
        "thuộc thẩm quyền của Chủ tịch Ủy ban nhân dân cấp tỉnh",  # `tỉnh` stands alone, it is no misread `cấp tính`
        "đăng ký nhận cha, mẹ, con có yếu tố nước ngoài",
        "Đất trồng cây lâu năm",
        "ông Bùi Thấm Định",  # names: any two syllables
        "bộ phận thấm, định kỳ kiểm tra",  # a sign parts them
    ],
)
def test_other_text_is_not(text: str) -> None:
    assert not has_doubtful_tone(text)


@given(st.text(max_size=80))
def test_any_text_can_be_asked_for_its_tones(text: str) -> None:
    assert has_doubtful_tone(text) in (True, False)


def test_marks_are_put_only_where_one_compound_has_these_letters() -> None:
    assert marked_for_compound("mỡ", "hiện", "rộng") == "mở"
    assert marked_for_compound("chuân", None, "hóa") == "chuẩn"
    assert marked_for_compound("cong", None, "tac") is None
    assert marked_for_compound("mỡ", None, None) is None


def test_the_list_is_the_one_pinned() -> None:
    assert located(compounds.PACKAGE, *compounds.WORDS).is_file()


def test_two_readers_of_different_make_outweigh_the_third() -> None:
    settled = settle("xã hội chuyền hóa đạt", "xã hội chuyển hóa đạt", "xã hội chuyển hóa đạt")
    assert settled.text == "xã hội chuyển hóa đạt"
    (repair,) = settled.repairs
    assert (repair.read, repair.repaired, repair.source) == ("chuyền", "chuyển", MAJORITY)


def test_where_nobody_outweighs_the_known_compound_is_taken() -> None:
    settled = settle("xã hội chuyền hóa", "xã hội chuyển hóa")
    assert settled.text == "xã hội chuyển hóa"
    assert settled.repairs[0].source == COMPOUNDS


def test_relatives_that_make_the_same_mistake_do_not_outweigh_a_known_compound() -> None:
    assert settle("được chuân hóa", "được chuẩn hóa", "được chuân hóa").text == "được chuẩn hóa"


def test_what_the_page_reader_saw_is_no_repair() -> None:
    own, other = "tăng cường công tác thi hành án hành chính", "tăng cường cộng tác thi hành án bành chính"
    settled = settle(own, other, frame=other)
    # `công tác` and `cộng tác` are both words: the reader that was right about the other word is believed.
    assert settled.text == own
    assert settled.repairs == ()


def test_a_mark_that_all_lost_is_proposed_from_the_one_compound() -> None:
    settled = settle("thực hiện mỡ rộng nộp thuế", "thực hiện mờ rộng nộp thuế")
    assert settled.text == "thực hiện mở rộng nộp thuế"
    assert settled.repairs[0].source == COMPOUNDS


def test_a_syllable_that_can_be_is_preferred_to_one_that_cannot() -> None:
    settled = settle("về yiệc này", "về việc này")
    assert settled.text == "về việc này"
    assert settled.repairs[0].source == SYLLABLES


@pytest.mark.parametrize("by_compounds", [True, False])
def test_a_name_is_not_made_a_compound(*, by_compounds: bool) -> None:
    settled = settle("xã Hành Chinh", "xã Hành Chính", by_compounds=by_compounds)
    assert settled.text == "xã Hành Chinh"


def test_marks_that_only_one_reader_saw_in_capitals_stay() -> None:
    own = "BỘ CÔNG AN CÔNG AN TỈNH ĐỒNG NAI"
    settled = settle(own, "BỘ CÔNG AN CONG AN TINH DONG NA", "BỘ CÔNG AN CONG AN TINH ĐONG NAI", by_compounds=False)
    assert settled.text == own


def test_a_sign_between_two_words_parts_them() -> None:
    settled = settle("phải chuyền, hóa", "phải chuyển, hóa")
    assert settled.text == "phải chuyền, hóa"


def test_words_that_are_no_readings_of_each_other_are_left_alone() -> None:
    assert settle("Vềviệc nộp thuế", "Về việc nộp thuế").text == "Vềviệc nộp thuế"
    assert settle("trên địa bàn tỉnh", "tỉnh").text == "trên địa bàn tỉnh"


@given(TEXTS, TEXTS, st.none() | TEXTS, st.booleans())
def test_no_word_is_lost_or_gained_and_each_is_some_readers(
    own: str, other: str, third: str | None, by_compounds: bool
) -> None:
    settled = settle_words(own, Voices(own, other, third), by_compounds=by_compounds)
    assert len(settled.text.split()) == len(own.split())
    if not by_compounds:
        said = {word for text in (own, other, third or "") for word in text.split()}
        assert set(settled.text.split()) <= said
    for repair in settled.repairs:
        assert repair.read in own.split()
        assert re.fullmatch(r"(readers|lexicon):[a-z]+", repair.source)


@given(TEXTS)
def test_where_all_say_the_same_nothing_changes(text: str) -> None:
    assert settle_words(text, Voices(text, text, text), by_compounds=True) == (text, ())
