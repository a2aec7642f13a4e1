"""Vietnamese words of sums of money and of areas, as certificates print them beside the figures."""

from decimal import Decimal

from benchmarks.drawing.number_words import USUAL, WordChoice, words_below_hundred

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ")


def integer_words(number: int, choice: WordChoice = USUAL) -> str:
    """Return the words of 0 up to 999 999 999 999, for example `hai mươi lăm nghìn không trăm linh sáu`.

    Raises:
        ValueError: `number` is outside that range.
    """
    if not 0 <= number < 10**12:
        raise ValueError(f"not from 0 up to 10^12: {number}")
    if number == 0:
        return _DIGITS[0]
    words: list[str] = []
    for power in range(len(_SCALES) - 1, -1, -1):
        group = number // 1000**power % 1000
        if group:
            scale = choice.thousand if power == 1 else _SCALES[power]
            words += [_group_words(group, choice, with_hundreds=bool(words)), scale]
    return " ".join(word for word in words if word)


def money_words(amount: int, choice: WordChoice = USUAL) -> str:
    """Return for example `Tám tỷ đồng`."""
    return f"{_capital(integer_words(amount, choice))} đồng"


def area_words(area: Decimal, choice: WordChoice = USUAL) -> str:
    """Return for example `Chín mươi chín phẩy bảy mét vuông`; decimals are read as one number, zeros one by one."""
    whole, _, decimals = str(area).partition(".")
    words = integer_words(int(whole), choice)
    if decimals:
        zeros = len(decimals) - len(decimals.lstrip("0"))
        words += " phẩy " + " ".join([*[_DIGITS[0]] * zeros, integer_words(int(decimals), choice)])
    return f"{_capital(words)} mét vuông"


def grouped(number: int) -> str:
    """Return the figures with a point before every three digits, for example `8.000.000.000`."""
    return f"{number:,}".replace(",", ".")


def decimal_comma(area: Decimal) -> str:
    """Return the figures as papers print them: thousands by a point, decimals by a comma."""
    whole, _, decimals = str(area).partition(".")
    return grouped(int(whole)) + (f",{decimals}" if decimals else "")


def _group_words(group: int, choice: WordChoice, *, with_hundreds: bool) -> str:
    hundreds, rest = divmod(group, 100)
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or with_hundreds else []
    if 0 < rest < 10:
        if words:
            words.append(choice.zero_tens)
        words.append(choice.four if rest == 4 and words else _DIGITS[rest])
    elif rest:
        words.append(words_below_hundred(rest, choice))
    return " ".join(words)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
