"""Dates in words (`Ngày mười hai, tháng ba, năm hai nghìn không trăm mười lăm`): the check of a date in figures."""

import re
from datetime import date

from extractors.kinds.number_words import DIGIT_WORDS, THOUSAND_WORDS, number_from_words
from extractors.kinds.parsed import Parsed, invalid
from ocr.vietnamese import fold

_FILLER = {"mong", "mung", "ngay", "thang"}


def parse_date_in_words(raw: str) -> Parsed:
    """Return the date that `raw` spells out, as ISO 8601."""
    words = re.findall(r"[a-z]+", fold(raw))
    if "thang" not in words:
        return invalid("no-date-in-words")
    at_month = words.index("thang")
    # The year is announced by `năm`, which is also the digit five: it is the last `năm` that a thousand follows.
    at_year = next(
        (i for i in range(len(words) - 1, at_month, -1) if words[i] == "nam" and THOUSAND_WORDS & set(words[i + 1 :])),
        None,
    )
    if at_year is None:
        return invalid("no-year-in-words")
    day = number_from_words([word for word in words[:at_month] if word not in _FILLER])
    month = number_from_words(_month_digits(words[at_month + 1 : at_year]))
    year = _year(words[at_year + 1 :])
    if day is None or month is None or year is None:
        return invalid("words-unread")
    try:
        return Parsed(date(year, month, day).isoformat())
    except ValueError:
        return invalid("no-such-date")


def _month_digits(words: list[str]) -> list[str]:
    # Month names: giêng is the first, chạp the twelfth; `mười hai` and the like spell the number.
    if words == ["gieng"]:
        return ["mot"]
    if words == ["chap"]:
        return ["muoi", "hai"]
    return words


def _year(words: list[str]) -> int | None:
    # `hai nghìn chín` leaves no doubt as a year: nobody is registered in 2900.
    match words:
        case ["hai", thousand, digit] if thousand in THOUSAND_WORDS and digit in DIGIT_WORDS:
            return 2000 + DIGIT_WORDS[digit]
    return number_from_words(words)
