"""Dates in words (`Ngày mười hai, tháng ba, năm hai nghìn không trăm mười lăm`): the check of a date in figures."""

import re
from datetime import date

from extractors.kinds.parsed import Parsed, invalid
from ocr.vietnamese import fold

# Folded forms. Spelling variants of one digit stand together (tư/bốn, năm/lăm, một/mốt, nghìn/ngàn, linh/lẻ).
_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_THOUSAND = {"nghin", "ngan"}
_ZERO_TENS = {"linh", "le"}
_FILLER = {"mong", "mung", "ngay", "thang"}


def parse_date_in_words(raw: str) -> Parsed:
    """Return the date that `raw` spells out, as ISO 8601."""
    words = re.findall(r"[a-z]+", fold(raw))
    if "thang" not in words:
        return invalid("no-date-in-words")
    at_month = words.index("thang")
    # The year is announced by `năm`, which is also the digit five: it is the last `năm` that a thousand follows.
    at_year = next(
        (i for i in range(len(words) - 1, at_month, -1) if words[i] == "nam" and _THOUSAND & set(words[i + 1 :])), None
    )
    if at_year is None:
        return invalid("no-year-in-words")
    day = number_from_words([word for word in words[:at_month] if word not in _FILLER])
    month = number_from_words(_month_digits(words[at_month + 1 : at_year]))
    year = number_from_words(words[at_year + 1 :])
    if day is None or month is None or year is None:
        return invalid("words-unread")
    try:
        return Parsed(date(year, month, day).isoformat())
    except ValueError:
        return invalid("no-such-date")


def number_from_words(words: list[str]) -> int | None:
    """Return the number 0-9999 that folded words spell, or None when they spell none.

    `hai nghìn không trăm mười lăm` is 2015, `hai mươi mốt` 21, `mười` 10.
    """
    total = 0
    rest = words
    for unit, names in ((1000, _THOUSAND), (100, {"tram"})):
        position = next((i for i, word in enumerate(rest) if word in names), None)
        if position is not None:
            if position != 1 or rest[0] not in _DIGITS:
                return None
            total += _DIGITS[rest[0]] * unit
            rest = rest[2:]
    below_hundred = _below_hundred(rest)
    if below_hundred is None or (not words):
        return None
    return total + below_hundred


def _below_hundred(words: list[str]) -> int | None:  # noqa: PLR0911  one return per spelling reads best
    match words:
        case []:
            return 0
        case [zero, digit] if zero in _ZERO_TENS and digit in _DIGITS:
            return _DIGITS[digit]
        case ["muoi"]:
            return 10
        case ["muoi", digit] if digit in _DIGITS:
            return 10 + _DIGITS[digit]
        case [tens, "muoi"] if tens in _DIGITS:
            return _DIGITS[tens] * 10
        case [tens, "muoi", digit] if tens in _DIGITS and digit in _DIGITS:
            return _DIGITS[tens] * 10 + _DIGITS[digit]
        case [digit] if digit in _DIGITS:
            return _DIGITS[digit]
        case [tens, digit] if tens in _DIGITS and digit in _DIGITS and _DIGITS[tens] > 1:
            return _DIGITS[tens] * 10 + _DIGITS[digit]  # spoken short form: hai lăm
    return None


def _month_digits(words: list[str]) -> list[str]:
    # Month names: giêng is the first, chạp the twelfth; `mười hai` and the like spell the number.
    if words == ["gieng"]:
        return ["mot"]
    if words == ["chap"]:
        return ["muoi", "hai"]
    return words
