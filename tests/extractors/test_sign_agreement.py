"""Signs in which two readings differ: told where forms or grammar leave no doubt, open elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.sign_agreement import settle_signs


@pytest.mark.parametrize(
    ("first", "second", "settled"),
    [
        ("xã A; huyện B", "xã A, huyện B", "xã A, huyện B"),
        ("xã A, huyện B", "xã A: huyện B", "xã A, huyện B"),
        ("xã A. Huyện B", "xã A, Huyện B", "xã A, Huyện B"),
        ("xã A; huyện B", "xã A. huyện B", None),
        ("xã A, TP, Vinh", "xã A, TP. Vinh", "xã A, TP. Vinh"),
        ("P, 2, Q. 5", "P. 2, Q, 5", "P. 2, Q. 5"),
        ("Số 3.2 tổ 8", "Số 3,2 tổ 8", None),
        ("Số 3/2. tổ 8.", "Số 3/2. tổ 8.", "Số 3/2. tổ 8."),
    ],
)
def test_places_of_an_address_are_parted_by_commas(first: str, second: str, settled: str | None) -> None:
    assert settle_signs(first, first, second, of_places=True) == settled
    assert settle_signs(second, first, second, of_places=True) == settled


@pytest.mark.parametrize(
    ("first", "second", "settled"),
    [
        ("hồ sơ. tài liệu", "hồ sơ, tài liệu", "hồ sơ, tài liệu"),
        ("hồ sơ. Tài liệu", "hồ sơ, Tài liệu", None),
        ("hồ sơ; tài liệu", "hồ sơ, tài liệu", None),
        ("KT, CHỦ TỊCH", "KT. CHỦ TỊCH", "KT. CHỦ TỊCH"),
        ("VP.651.10", "VP,651.10", None),
    ],
)
def test_in_other_text_a_sign_is_told_only_where_a_sentence_goes_on(
    first: str, second: str, settled: str | None
) -> None:
    assert settle_signs(first, first, second, of_places=False) == settled
    assert settle_signs(second, first, second, of_places=False) == settled


@given(st.text(max_size=60), st.booleans())
def test_what_both_saw_stays(text: str, of_places: bool) -> None:
    assert settle_signs(text, text, text, of_places=of_places) == text
