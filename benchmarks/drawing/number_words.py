"""Vietnamese words of days, months and years, as civil-status papers print dates."""

from dataclasses import dataclass
from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


@dataclass(frozen=True, slots=True)
class WordChoice:
    """Spellings that are all correct and differ from office to office.

    Attributes:
        early_day: Word before the days 1 to 10: `mồng`, `mùng` or nothing.
        zero_tens: Word for an empty tens place: `linh` or `lẻ`.
        four: Word for a final 4 after `mươi` or `linh`: `tư` or `bốn`.
        thousand: `nghìn` or `ngàn`.
    """

    early_day: str = ""
    zero_tens: str = "linh"
    four: str = "tư"
    thousand: str = "nghìn"


USUAL = WordChoice()


def words_below_hundred(number: int, choice: WordChoice = USUAL) -> str:
    """Return the words of 0 to 99, for example `hai mươi mốt`, `mười lăm`.

    Raises:
        ValueError: `number` is not from 0 to 99.
    """
    if not 0 <= number <= 99:
        raise ValueError(f"not from 0 to 99: {number}")
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return head
    if ones == 5:
        return f"{head} lăm"
    if tens > 1 and ones == 1:
        return f"{head} mốt"
    if tens > 1 and ones == 4:
        return f"{head} {choice.four}"
    return f"{head} {_DIGITS[ones]}"


def day_words(day: int, choice: WordChoice = USUAL) -> str:
    """Return the words of a day of the month, 1 to 31."""
    words = words_below_hundred(day, choice)
    return f"{choice.early_day} {words}" if choice.early_day and day <= 10 else words


def month_words(month: int) -> str:
    """Return the words of a month, 1 to 12; the fourth is always `tư`."""
    return "tư" if month == 4 else words_below_hundred(month)


def year_words(year: int, choice: WordChoice = USUAL) -> str:
    """Return the words of a year, 1000 to 9999.

    Raises:
        ValueError: `year` is outside that range.
    """
    if not 1000 <= year <= 9999:
        raise ValueError(f"not a year of four digits: {year}")
    thousands, rest = divmod(year, 1000)
    words = [_DIGITS[thousands], choice.thousand]
    if rest == 0:
        return " ".join(words)
    hundreds, last = divmod(rest, 100)
    words += [_DIGITS[hundreds], "trăm"]
    if 0 < last < 10:
        words += [choice.zero_tens, choice.four if last == 4 else _DIGITS[last]]
    elif last:
        words.append(words_below_hundred(last, choice))
    return " ".join(words)


def date_words(day: date, choice: WordChoice = USUAL) -> str:
    """Return `Ngày mười hai, tháng ba, năm hai nghìn không trăm mười lăm`."""
    words = (day_words(day.day, choice), month_words(day.month), year_words(day.year, choice))
    return f"Ngày {words[0]}, tháng {words[1]}, năm {words[2]}"
