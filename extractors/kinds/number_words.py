"""Vietnamese number words: of dates, sums of money and areas. One place for all of them.

Words come folded (without accents). Spelling variants of one digit stand together: tư/bốn, năm/lăm/nhăm, một/mốt,
nghìn/ngàn, linh/lẻ, tỷ/tỉ.
"""

from collections.abc import Sequence

DIGIT_WORDS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9,
}  # fmt: skip
THOUSAND_WORDS = frozenset({"nghin", "ngan"})
_BILLION_WORDS = frozenset({"ty", "ti"})
_MILLION_WORDS = frozenset({"trieu"})
_ZERO_TENS = frozenset({"linh", "le"})


def number_from_words(words: Sequence[str]) -> int | None:
    """Return the number that folded words spell, or None when they spell none, or more than one.

    `hai nghìn không trăm mười lăm` is 2015, `tám tỷ` 8 000 000 000. A lone digit behind a larger unit is refused:
    `hai triệu ba` is 2 300 000 to some and 2 000 003 to others.
    """
    return _with_scale(list(words), _SCALES) if words else None


# Above a billion the count goes on in billions: `một nghìn hai trăm tỷ`.
_SCALES = ((1_000_000_000, _BILLION_WORDS), (1_000_000, _MILLION_WORDS), (1_000, THOUSAND_WORDS))


def _with_scale(words: list[str], scales: tuple[tuple[int, frozenset[str]], ...]) -> int | None:
    if not scales:
        return _below_thousand(words)
    (unit, names), *smaller = scales
    places = [i for i, word in enumerate(words) if word in names]
    if not places:
        return _with_scale(words, tuple(smaller))
    # Only billions are counted in thousands and millions themselves, so only their last word parts the number.
    at = places[-1]
    count_scales = tuple(smaller) if unit == _SCALES[0][0] else ()
    if len(places) > 1 or at == 0:
        return None
    count, rest = _with_scale(words[:at], count_scales), words[at + 1 :]
    if count is None or len(rest) == 1:
        return None
    tail = _with_scale(rest, tuple(smaller)) if rest else 0
    return None if tail is None else count * unit + tail


def _below_thousand(words: list[str]) -> int | None:
    if "tram" not in words:
        return _below_hundred(words)
    match words:
        case [digit, "tram"] if digit in DIGIT_WORDS:
            return DIGIT_WORDS[digit] * 100
        case [digit, "tram", *rest] if digit in DIGIT_WORDS and (len(rest) > 1 or rest == ["muoi"]):
            tail = _below_hundred(rest)
            return None if tail is None else DIGIT_WORDS[digit] * 100 + tail
    return None


def _below_hundred(words: list[str]) -> int | None:  # noqa: PLR0911  one return per spelling reads best
    digits = DIGIT_WORDS
    match words:
        case [zero, digit] if zero in _ZERO_TENS and digit in digits:
            return digits[digit]
        case ["muoi"]:
            return 10
        case ["muoi", digit] if digit in digits:
            return 10 + digits[digit]
        case [tens, "muoi"] if digits.get(tens, 0) > 1:
            return digits[tens] * 10
        case [tens, "muoi", digit] if digits.get(tens, 0) > 1 and digit in digits:
            return digits[tens] * 10 + digits[digit]
        case [digit] if digit in digits:
            return digits[digit]
        case [tens, digit] if digits.get(tens, 0) > 1 and digits.get(digit, 0) > 0:
            return digits[tens] * 10 + digits[digit]  # spoken short form: hai lăm
    return None
