"""Repair of accents: never another letter, never twice, never against the printed tone placement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.kinds.parsed import Repair
from extractors.lexicon.lists import countries, list_key, load, peoples, same_name
from extractors.lexicon.repair import phrases, repair, repair_accents
from extractors.lexicon.tone_placement import same_but_for_tone_placement
from extractors.units.tables import province_names, spellings, unit_words
from ocr.vietnamese import fold, strip_accents

PHRASES = sorted(phrase.text for phrase in phrases().values())


@pytest.fixture(scope="module", autouse=True)
def _loaded_once() -> None:
    """Load the tables of units before properties are timed."""
    unit_words()
    spellings()


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


@pytest.mark.parametrize(
    ("misread", "right", "sources"),
    [
        ("BÔ TƯ PHÁPP", "BỘ TƯ PHÁP", ["lexicon:syllables", "lexicon:organs"]),
        ("PHÒ CHÚ TỊCH", "PHÓ CHỦ TỊCH", ["lexicon:titles"]),
        ("Sở Nôội vụ tỉnh Bắc Ninh", "Sở Nội vụ tỉnh Bắc Ninh", ["lexicon:syllables"]),
        ("TĨNH QUANG NGAI", "TỈNH QUẢNG NGÃI", ["units:provinces"]),
        ("xã Hoai Thuong, huyện Thuan Thanh", "xã Hoài Thượng, huyện Thuận Thành", ["units:names", "units:names"]),
        ("HUYEN SON TINH", "HUYỆN SƠN TỊNH", ["units:names", "lexicon:syllables"]),
    ],
)
def test_every_repair_leaves_a_trace(misread: str, right: str, sources: list[str]) -> None:
    repaired = repair(misread)
    assert repaired.text == right
    assert [one.source for one in repaired.repairs] == sources
    assert all(isinstance(one, Repair) and one.read in misread + right for one in repaired.repairs)


@pytest.mark.parametrize(
    "printed",
    [
        "UBND XÃ ĐĂK PÉK", "HUYỆN KRÔNG PẮC", "TỈNH ĐẮK LẮK", "KT. THỨ TRƯỜNG", "UBND-KTTH", "xã Yên Bài",
        "Công ty TNHH Gsam", "xã Tan Hung", "thị xã Son La Moi", "xã Sơn Tinh", "Trường Đại học Bách khoa",
    ],
)  # fmt: skip
def test_what_no_list_decides_stays(printed: str) -> None:
    assert repair(printed) == (printed, ())


@given(TEXT)
def test_repairing_with_a_trace_twice_changes_nothing(text: str) -> None:
    once = repair(text)
    assert repair(once.text) == (once.text, ())
    assert bool(once.repairs) == (once.text != text)


def test_names_of_all_provinces_are_known() -> None:
    assert {"Quảng Ngãi", "Hồ Chí Minh", "Thừa Thiên Huế", "Huế", "Bà Rịa - Vũng Tàu"} <= province_names()
    assert len(province_names()) == 64


def test_lists_hold_what_the_law_lists() -> None:
    assert len(load("peoples.yaml")["peoples"]) == 54
    assert len(load("abbreviations.yaml")["abbreviations"]) == 30
    assert len(set(load("countries.yaml")["countries"])) == len(load("countries.yaml")["countries"])
    for names in (peoples(), countries()):
        for key, spelled in names.items():
            assert all(list_key(name) == key for name in spelled)
            # Two spellings that are one to the matcher would be one line too many.
            assert not any(same_name(a, b) for i, a in enumerate(spelled) for b in spelled[i + 1 :])
