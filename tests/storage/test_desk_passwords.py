"""Which passwords are good enough, and their hashes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.problem import Code, SohoaError
from storage.desk import passwords
from storage.desk.passwords import check_password, hash_password, is_password, new_password
from tests.storage.desk_asking import refused

PASSWORD, OTHER = "mat-khau-thu-nghiem-12", "con-mua-ngang-qua-77"


@pytest.mark.parametrize(
    "password",
    [
        "",
        "ngan-qua-1",
        "x" * 201,
        "aaaaaaaaaaaa",
        "ababababab1212",
        "048196598771",
        "12/03/1988 0905",
        "Matkhau@12345",
        "M@tKh4u12345",
        "matkhaumatkhau",
        "Password123456!",
        "P@ssw0rd2026!!",
        "Admin@1234567",
        "anhyeuem123456",
        "Anh yêu em 2026",
        "vietnam@2026!!",
        "UBND-xa@123456",
        "1qaz2wsx3edc",
        "qwertyuiop123",
        "abcdefghijkl",
        "lantt@12345678",
        "toi-la-lantt-day",
        "cơn mưa\x00ngang qua",
    ],
)
def test_a_password_that_somebody_would_guess(password: str) -> None:
    assert refused(lambda: check_password(password, "lantt")) == (Code.PASSWORD_WEAK, "password")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        OTHER,
        "Cơn mưa ngang qua",
        "quả bưởi rơi xuống ao",
        "x7#kd-92mmQ!z",
        pytest.param(new_password(), id="ngẫu nhiên"),
    ],
)
def test_a_password_that_will_do(password: str) -> None:
    check_password(password, "lantt")


@given(st.text(max_size=300))
def test_any_text_is_a_password_or_a_weak_one(password: str) -> None:
    try:
        check_password(password, "lan")
    except SohoaError as error:
        refused = error.problem
    else:
        return
    assert refused.code is Code.PASSWORD_WEAK
    assert refused.detail != password


def test_words_in_a_row_take_no_time_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every place is looked at once for every word, however many rows of words there are."""
    looks = 0

    class Counted(str):
        __slots__ = ()

        def startswith(self, *arguments: Any) -> bool:
            nonlocal looks
            looks += 1
            return super().startswith(*arguments)

    letters = passwords._letters
    monkeypatch.setattr(passwords, "_letters", lambda text: Counted(letters(text)))
    password = "vietnamviet" * 17 + "zzzzz"
    check_password(password, "lan")
    spellings = 2
    assert 0 < looks <= spellings * len(password) * (len(passwords._COMMON) + 1)


def test_a_very_long_password_is_simply_wrong() -> None:
    kept = hash_password(PASSWORD)
    assert is_password(kept, PASSWORD) and not is_password(kept, PASSWORD * 10_000)
    assert not is_password("no hash", PASSWORD)
