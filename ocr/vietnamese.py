"""Vietnamese text: one Unicode form at the door, and folded copies for matching.

Text is NFC from the reader's edge on. Folded text (no accents, lower case) is for matching only and never leaves.
"""

import unicodedata

_D_BAR = str.maketrans({"đ": "d", "Đ": "D"})


def to_nfc(text: str) -> str:
    """Return `text` in Unicode NFC, the only form used inside the product."""
    return unicodedata.normalize("NFC", text)


def strip_accents(text: str) -> str:
    """Return `text` without tone and letter marks, case kept: `Đặng Ước` becomes `Dang Uoc`."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D_BAR))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold(text: str) -> str:
    """Return the matching copy of `text`: no accents, lower case, single spaces. Folding twice changes nothing."""
    return " ".join(strip_accents(text).lower().split())
