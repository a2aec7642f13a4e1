"""Which two syllables make a known Vietnamese compound: `hành chính`, `chuyển hóa`, `mở rộng`.

From the word list `Viet74K` of the wheel `underthesea` 9.5.0 (Apache-2.0), pinned by hash; its Python is never
imported. The list only helps to choose what to propose to a person: it is no evidence, and a word that it lacks is not
wrong.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product
from sys import intern

from ocr.vietnamese import fold
from ocr.wheel_data import located

PACKAGE = "underthesea"
# The word list in the wheel and its SHA-256: one word a line, NFC.
WORDS = (
    "underthesea/corpus/data/Viet74K.txt",
    "b83d49308336f12ca46d06287d8db6e2cdc7a725d9a9dac56930051775fafb90",
)

# Names are no compounds: in a name any syllable may stand beside any other.
_COMPOUND = re.compile(r"[^\W\d_]+ [^\W\d_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LETTERS = {"a": "aăâ", "d": "dđ", "e": "eê", "o": "oôơ", "u": "uư"}


def is_compound(first: str, second: str) -> bool:
    """Return True when the list knows the two syllables as one word; case and tone placement do not count.

    Args:
        first: A syllable, without signs.
        second: The one behind it.

    Raises:
        SohoaError: `reader_missing` when the list is not installed or not the one pinned.
    """
    return f"{_key(first)} {_key(second)}" in _compounds()


def marked_for_compound(syllable: str, before: str | None, behind: str | None) -> str | None:
    """Return `syllable` with the one set of marks that makes a known compound with a neighbour, None if not just one.

    Args:
        syllable: In small letters; its marks may be misread, its letters are right.
        before: The syllable before it, without signs; None where none is, or a sign stands between.
        behind: The one behind it, alike.

    Raises:
        SohoaError: `reader_missing` when the list is not installed or not the one pinned.
    """
    keys = list(_marked(fold(syllable)))
    found = {key for key in keys if before is not None and f"{_key(before)} {key}" in _compounds()}
    found |= {key for key in keys if behind is not None and f"{key} {_key(behind)}" in _compounds()}
    return _spellings()[found.pop()] if len(found) == 1 else None


def toned_for_compound(first: str, second: str) -> bool:
    """Return True when the two syllables would make a known compound if one of them had another tone.

    Raises:
        SohoaError: `reader_missing` when the list is not installed or not the one pinned.
    """
    one, two = _key(first), _key(second)
    pairs = (*((key, two) for key in _toned(one)), *((one, key) for key in _toned(two)))
    return any(f"{left} {right}" in _compounds() for left, right in pairs)


def _toned(key: str) -> Iterator[str]:
    """Yield the keys of the same letters under every other tone."""
    bare = key.rstrip(_TONES)
    return (bare + tone for tone in ("", *_TONES) if bare + tone != key)


def _marked(bare: str) -> Iterator[str]:
    """Yield the keys of all syllables of these letters, with every mark they can have."""
    for letters in product(*(_LETTERS.get(letter, letter) for letter in bare)):
        yield from ("".join(letters) + tone for tone in ("", *_TONES))


@lru_cache(maxsize=16384)
def _key(syllable: str) -> str:
    """Return the small letters of a syllable with its tone behind them: `hóa` and `hoá` have one key."""
    marks = unicodedata.normalize("NFD", syllable.lower())
    letters = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    return letters + "".join(mark for mark in marks if mark in _TONES)


@cache
def _compounds() -> frozenset[str]:
    return frozenset(" ".join(map(_key, line.split())) for line in _listed())


@cache
def _spellings() -> dict[str, str]:
    """Return the key of each syllable of the list → how the list writes it."""
    return {intern(_key(syllable)): syllable for line in _listed() for syllable in line.split()}


def _listed() -> Iterator[str]:
    lines = located(PACKAGE, *WORDS).read_text("utf-8").splitlines()
    return (line for line in lines if line.islower() and _COMPOUND.fullmatch(line))
