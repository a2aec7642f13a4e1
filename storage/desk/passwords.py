"""Passwords: which are good enough, and the argon2id hashes that stand for them."""

import re
import secrets
import threading
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from ocr.problem import Code, SohoaError
from ocr.vietnamese import fold, to_nfc

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# Source: NIST SP 800-63B-4 §3.1.1.2 asks for 15 where a password is all there is, 8 beside another factor; no rules of
# composition, and a list of common ones. Twelve with the list below and growing waits between guesses.
SHORTEST = 12
# Longer ones would only cost the machine time.
LONGEST = 200
_FEWEST_DIFFERENT = 5
# What people here really choose, alone or one after the other, with digits and signs around: `Matkhau@12345`.
_COMMON = (
    "matkhau", "password", "pass", "passwd", "admin", "administrator", "quantri", "quantrivien", "root", "user",
    "test", "demo", "welcome", "xinchao", "chao", "hello", "login", "dangnhap", "letmein", "secret", "bimat",
    "changeme", "iloveyou", "anhyeuem", "emyeuanh", "yeuem", "yeuanh", "anh", "em", "yeu", "toi", "conyeu", "giadinh",
    "bome", "vietnam", "viet", "nam", "vn", "hanoi", "saigon", "hcm", "tphcm", "danang", "haiphong", "cantho", "hue",
    "tinh", "ubnd", "uyban", "nhandan", "xa", "phuong", "quan", "huyen", "thanhpho", "motcua", "vanphong", "congchuc",
    "vienchuc", "canbo", "sohoa", "hoso", "giayto", "dichvucong", "chinhquyen", "tuphap", "hotich", "cntt", "cong",
    "an", "qwerty", "qwertyuiop", "asdf", "asdfgh", "asdfghjkl", "zxcv", "zxcvbn", "zxcvbnm", "qaz", "wsx", "edc",
    "qwe", "asd", "zxc", "dragon", "monkey", "football", "bongda", "superman", "batman", "master", "computer",
    "maytinh", "internet", "facebook", "zalo", "google", "windows", "nguyen", "tran", "pham", "abc", "abcd", "abcdef",
    "xyz",
)  # fmt: skip
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_WRITTEN_AS_SIGNS = str.maketrans("013457@$!", "oieastasi")
# Forty-six mebibytes each: a crowd that signs in at once must not fill the memory of a small machine.
_AT_ONCE = threading.BoundedSemaphore(4)
# Easy to read out: no 0 and o, no 1 and l.
_READ_OUT = "abcdefghijkmnpqrstuvwxyz23456789"


def check_password(password: str, account: str) -> None:
    """Make sure that a new password is not the first thing somebody would guess.

    Raises:
        SohoaError: `PASSWORD_WEAK`; the detail says why and quotes nothing.
    """
    fault = _fault(to_nfc(password[: 4 * LONGEST])[: LONGEST + 1], account)
    if fault is not None:
        raise SohoaError(Code.PASSWORD_WEAK, field="password", detail=fault)


def new_password() -> str:
    """Return a password to hand out once, in groups that are easy to read out: 80 bits."""
    return "-".join("".join(secrets.choice(_READ_OUT) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and cost. Takes a tenth of a second and 46 MiB."""
    with _AT_ONCE:
        return _hasher().hash(to_nfc(password))


def is_password(kept: str, password: str) -> bool:
    """True when `password` is what the hash was made of. As slow as making one."""
    from argon2.exceptions import Argon2Error, InvalidHashError  # noqa: PLC0415

    if len(password) > 4 * LONGEST:
        return False
    with _AT_ONCE:
        try:
            # Vietnamese keyboards write one letter in two ways.
            return _hasher().verify(kept, to_nfc(password))
        except (Argon2Error, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """True for a hash made with other parameters than those of today: make it anew at the next sign-in."""
    return _hasher().check_needs_rehash(kept)


@cache
def hash_of_nobody() -> str:
    """Return a hash that no password has, for a check that takes as long as any other."""
    return hash_password(secrets.token_urlsafe(32))


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415  signing in alone needs it

    # Source: OWASP Password Storage Cheat Sheet, 46 MiB once through, here twice. RFC 9106 §4 would take 64 MiB three
    # times: on two cores that also read pages, an office that signs in at eight would wait for minutes.
    return PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)


def _fault(password: str, account: str) -> str | None:
    folded = fold(password)
    own = [part for part in re.split(r"[^a-z0-9]+", account) if len(part) >= 3]
    # `M@tKh4u123` with its signs left out, and read as the letters they stand for; the tail of digits is a tail.
    middle = re.sub("^[^a-z]+|[^a-z]+$", "", folded)
    spelt = (_letters(folded), _letters(middle.translate(_WRITTEN_AS_SIGNS)))
    faults = (
        (not SHORTEST <= len(password) <= LONGEST, f"needs {SHORTEST} to {LONGEST} characters"),
        (any(unicodedata.category(char) == "Cc" for char in password), "has control characters"),
        (len(set(folded)) < _FEWEST_DIFFERENT, f"needs {_FEWEST_DIFFERENT} different characters"),
        (not any(map(str.isalpha, password)), "digits and signs alone are phone numbers, dates and identifiers"),
        (any(len(part) >= 4 and part in folded for part in (*own, account)), "contains the account"),
        (any(_is_common(letters, own) for letters in spelt), "is among the most common"),
    )
    return next((words for is_so, words in faults if is_so), None)


def _letters(text: str) -> str:
    return re.sub("[^a-z]", "", text)


def _is_common(letters: str, own: list[str]) -> bool:
    """True when `letters` is a stretch of the alphabet, or common words one after the other and nothing else."""
    words = (*_COMMON, *own)
    # How far a row of words can reach; trying all rows by a pattern would take for ever on some passwords.
    reached = {0}
    for place in range(len(letters)):
        if place in reached:
            reached |= {place + len(word) for word in words if letters.startswith(word, place)}
    return letters in _ALPHABET or len(letters) in reached
