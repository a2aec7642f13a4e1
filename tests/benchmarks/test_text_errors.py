"""Every edit lies on one axis; agreement counts what two readers see alike, right or wrong."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from benchmarks.text_errors import (
    Agreement,
    Axis,
    axis_of,
    axis_table,
    letter_parts,
    text_errors,
    total_agreement,
    total_errors,
    word_agreement,
)

_VOWELS = "aăâeêioôơuưy"
_TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
_LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES] + list("bcdđghklmn")
_TEXT = st.text(alphabet=st.sampled_from([*_LETTERS, *(x.upper() for x in _LETTERS), *" \n0123456789.,;/-"]))


@pytest.mark.parametrize(
    ("truth", "read", "axis"),
    [
        ("h", "n", Axis.BASE),
        ("ế", "ố", Axis.BASE),
        ("ơ", "o", Axis.MODIFIER),
        ("ớ", "ố", Axis.MODIFIER),
        ("đ", "d", Axis.MODIFIER),
        ("Đ", "D", Axis.MODIFIER),
        ("Đ", "d", Axis.MODIFIER),
        ("ã", "ả", Axis.TONE),
        ("ậ", "â", Axis.TONE),
        ("Ỷ", "y", Axis.TONE),
        ("ấ", "a", Axis.MODIFIER_AND_TONE),
        ("ấ", "ằ", Axis.MODIFIER_AND_TONE),
        ("Ủ", "ủ", Axis.CASE),
        ("đ", "Đ", Axis.CASE),
        ("O", "0", Axis.SIGN),
        (":", ";", Axis.SIGN),
        ("1", "7", Axis.SIGN),
        (" ", "", Axis.BLANK),
        ("", " ", Axis.BLANK),
        ("-", " ", Axis.BLANK),
        ("", ".", Axis.INSERTED),
        ("ạ", "", Axis.DELETED),
    ],
)
def test_axis_of_an_edit(truth: str, read: str, axis: Axis) -> None:
    assert axis_of(truth, read) is axis


def test_parts_of_letters_tell_every_vietnamese_letter_apart() -> None:
    assert len({letter_parts(letter) for letter in _LETTERS}) == len(_LETTERS)
    assert {len(letter_parts(letter).base) for letter in _LETTERS} == {1}


def test_a_text_with_one_error_of_each_kind() -> None:
    errors = text_errors("Uy ban  nhàn dân tinh Hoa Binh, so 7", "Ủy ban nhân dân tỉnh Hòa Bình, số 1")
    assert errors.by_axis == Counter({Axis.TONE: 4, Axis.MODIFIER_AND_TONE: 2, Axis.SIGN: 1})
    assert errors.edits == 7
    assert errors.characters == 35
    assert errors.cer == pytest.approx(7 / 35)
    assert (errors.words, errors.word_edits) == (9, 7)
    assert errors.wer == pytest.approx(7 / 9)


def test_form_and_white_space_are_no_errors() -> None:
    truth = "Điều 1.  Hiệu lực\nthi hành"
    assert text_errors(unicodedata.normalize("NFD", truth), " Điều 1. Hiệu lực thi  hành ").edits == 0
    assert text_errors("hoà", "hòa").by_axis == Counter({Axis.TONE: 2})


def test_words_joined_and_parted_are_blanks() -> None:
    assert text_errors("Nguyễn VănAn", "Nguyễn Văn An").by_axis == Counter({Axis.BLANK: 1})
    assert text_errors("Ng uyễn", "Nguyễn").by_axis == Counter({Axis.BLANK: 1})


def test_nothing_read_and_nothing_true() -> None:
    assert text_errors("", "số 1").cer == 1
    assert text_errors("", "").cer == 0
    assert text_errors("x", "").cer == 1
    assert text_errors("a b", "").wer == 2


@given(_TEXT, _TEXT)
def test_axes_sum_to_the_edit_distance(read: str, truth: str) -> None:
    errors = text_errors(read, truth)
    got, expected = (" ".join(text.split()) for text in (read, truth))
    assert errors.edits == Levenshtein.distance(got, expected)
    assert text_errors(truth, truth).edits == 0
    assert errors.word_edits <= max(len(got.split()), errors.words)


@given(_TEXT, _TEXT, _TEXT)
def test_agreement_is_bounded_and_with_itself_full(first: str, second: str, truth: str) -> None:
    agreement = word_agreement(first, second, truth)
    assert 0 <= agreement.agreed_wrong <= agreement.agreed <= agreement.words
    itself = word_agreement(truth, truth, truth)
    assert itself == Agreement(itself.words, itself.words, 0)


def test_agreement_counts_what_both_read_wrong() -> None:
    truth = "Ủy ban nhân dân tỉnh"
    assert word_agreement("Ủy ban nhán dân tinh", "Uy ban nhán dân tỉnh", truth) == Agreement(5, 3, 1)
    assert word_agreement("Ủy nhân dân", "Ủy ban nhân dân", truth) == Agreement(3, 3, 0)
    assert word_agreement("", "Ủy", truth).share == 0
    summed = total_agreement([Agreement(5, 3, 1), Agreement(3, 3, 0)])
    assert (summed.share, summed.wrong_share) == (pytest.approx(6 / 8), pytest.approx(1 / 6))


def test_errors_of_pages_are_summed_and_tabled() -> None:
    pages = [text_errors("Uy", "Ủy"), text_errors("ban nhán", "ban nhân")]
    both = total_errors(pages)
    assert (both.edits, both.characters, both.words, both.word_edits) == (2, 10, 3, 2)
    assert both.by_axis == Counter({Axis.TONE: 1, Axis.MODIFIER_AND_TONE: 1})
    table = axis_table([("vie", both), ("không gì", total_errors([]))])
    assert "20.00%" in table
    assert "1000.0" in table
    assert "vie" in table.splitlines()[0]
