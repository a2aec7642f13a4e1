"""When two spellings of a name are the same, accents and all."""

from collections.abc import Iterable

from extractors.lexicon.tone_placement import same_but_for_tone_placement
from extractors.units.tables import name_key, words_of


def same_spelling(printed: Iterable[str], name: str) -> bool:
    """True when the printed words are the name mark for mark; case, tone placement, `y` for `i` do not count."""
    words, expected = list(printed), words_of(name)
    if len(words) != len(expected):  # `H'leo` printed `Hleo`
        return "".join(words).casefold() == "".join(expected).casefold()
    return all(
        same_but_for_tone_placement(_with_i(word), _with_i(other)) or (word.isdecimal() and _same_key(word, other))
        for word, other in zip(words, expected, strict=True)
    )


_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")


def _with_i(word: str) -> str:
    lowered = word.lower()
    # The keys agree already, so a final `y` that the key wrote as `i` is the only difference there can be.
    return lowered[:-1] + lowered[-1].translate(_Y_TO_I) if name_key([word]).endswith("i") else lowered


def _same_key(word: str, other: str) -> bool:
    return name_key([word]) == name_key([other])
