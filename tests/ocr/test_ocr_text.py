"""Vietnamese text at the door, and the sentences people read."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from extractors.paper_text import fold_same_length
from ocr.messages import MESSAGES, sentence
from ocr.problem import Code, Problem
from ocr.vietnamese import fold, strip_accents, to_nfc

VIETNAMESE = st.text("aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ ĐẲẬỄỘỠỮ.,/:0123456789")


@given(st.text())
def test_nfc_is_idempotent_and_equal_for_every_form(text: str) -> None:
    once = to_nfc(text)
    assert to_nfc(once) == once == to_nfc(unicodedata.normalize("NFD", text))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_same_length_keeps_the_length(text: str) -> None:
    assert len(fold_same_length(text)) == len(text)


@given(VIETNAMESE)
def test_folded_vietnamese_is_plain_ascii(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == fold(unicodedata.normalize("NFD", text)) == fold(text.upper())
    assert fold_same_length(text) == strip_accents(text).lower()


def test_every_code_has_a_sentence_and_an_action() -> None:
    assert set(MESSAGES) == set(Code)
    for message in MESSAGES.values():
        for part in (message.what, message.action):
            assert part.endswith(".") and part[0].isupper()


def test_sentence_says_where() -> None:
    problem = Problem(code=Code.PAGE_DAMAGED, file="scan.pdf", page_number=3)
    assert sentence(problem).startswith("scan.pdf, trang 3: Trang bị hỏng")
