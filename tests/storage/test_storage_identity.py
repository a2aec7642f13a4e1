"""Identifiers stand in indexes as keyed hashes."""

import pytest

from ocr.problem import Code, SohoaError
from storage.identity import IdentityKey, normal_identifier

KEY = IdentityKey(b"k" * 32)


def test_a_hash_depends_on_key_kind_and_text() -> None:
    other = IdentityKey(b"x" * 32)
    hashes = [KEY.subject("001099012345"), KEY.name("001099012345"), other.subject("001099012345")]
    assert len(set(hashes)) == 3
    assert all(len(one) == 32 and "001099012345" not in one for one in hashes)
    assert KEY.subject("001099012345") == hashes[0]


def test_names_that_readers_mix_up_are_one() -> None:
    assert KEY.name("Trần Thị  Thử") == KEY.name("TRAN THI THU") != KEY.name("Trần Thị Tho")


def test_the_key_is_not_shown() -> None:
    assert "kkkk" not in repr(KEY)


@pytest.mark.parametrize(
    ("given", "normal"),
    [("001 099 012 345", "001099012345"), ("012345678", "012345678"), ("0100233488-001", "0100233488-001")],
)
def test_identifiers_are_hashed_in_one_form(given: str, normal: str) -> None:
    assert normal_identifier(given) == normal


@pytest.mark.parametrize("given", ["", "Nguyễn Văn An", "12345", "0010990123456", "00109901234x"])
def test_what_is_no_identifier_is_refused_without_quoting_it(given: str) -> None:
    with pytest.raises(SohoaError) as caught:
        normal_identifier(given)
    assert caught.value.code is Code.SUBJECT_INVALID
    assert not given or given not in str(caught.value)
