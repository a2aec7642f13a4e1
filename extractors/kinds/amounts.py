"""Sums of money and areas, in figures and in words: decimal strings, dot as decimal sign, no thousands sign."""

import re
from decimal import Decimal

from extractors.kinds.figures import FIGURE, decimal_text, figure
from extractors.kinds.number_words import DIGIT_WORDS, number_from_words
from extractors.kinds.parsed import Parsed, invalid
from ocr.vietnamese import fold, to_nfc

_SCALES = {"": 1, "nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000}
_END = r"(?:[.,;:](?=\s|$|\()|[()]|$)"
_MONEY = re.compile(
    rf"[^\w]*(?:vnd\W*)?(?P<figure>{FIGURE})\s*(?P<scale>(?:nghin|ngan|trieu|ty|ti)(?!\w))?\s*"
    rf"(?:(?:viet nam )?(?:dong|vnd|d)(?!\w)|{_END})"
)
# The raised 2 is lost or misread more often than any other sign of these papers.
_AREA = re.compile(rf"[^\w]*(?P<figure>{FIGURE})\s*(?:m\s?(?:\^?[24-9]|[?*^'’\"”°º])?(?!\w)|met vuong(?!\w)|{_END})")
_MONEY_END = re.compile(r"\b(?:dong|vnd)\b.*", re.DOTALL)
_AREA_END = re.compile(r"\b(?:met vuong|m2|m)\b.*", re.DOTALL)
_POINT = frozenset({"phay", "phet"})


def parse_money(raw: str) -> Parsed:
    """Return the sum in đồng (`8.000.000.000 đồng (bằng chữ: …)` is `8000000000`)."""
    match = _MONEY.match(_folded(raw))
    read = figure(match["figure"], has_thousandths=bool(match["scale"])) if match else None
    if match is None or read is None:
        return invalid("not-money")
    amount = read.number * _SCALES[match["scale"] or ""]
    if amount != amount.to_integral_value():
        return invalid("not-money")
    return _amount(amount, sure=read.sure)


def parse_area(raw: str) -> Parsed:
    """Return the area in square metres (`1.234,5 m²` is `1234.5`); other units are refused."""
    match = _AREA.match(_folded(raw))
    read = figure(match["figure"], has_thousandths=True) if match else None
    return _amount(read.number, sure=read.sure) if read else invalid("not-an-area")


def parse_money_in_words(raw: str) -> Parsed:
    """Return the sum in đồng that `raw` spells (`Tám tỷ đồng` is `8000000000`)."""
    number = number_from_words(_words(_MONEY_END.sub("", _folded(raw))))
    return invalid("words-unread") if number is None else Parsed(str(number))


def parse_area_in_words(raw: str) -> Parsed:
    """Return the square metres that `raw` spells (`Chín mươi chín phẩy bảy mét vuông` is `99.7`)."""
    words = _words(_AREA_END.sub("", _folded(raw)))
    at = next((i for i, word in enumerate(words) if word in _POINT), len(words))
    whole, decimals = number_from_words(words[:at]), _decimals(words[at + 1 :])
    if whole is None or decimals is None or (at < len(words) and not decimals):
        return invalid("words-unread")
    return Parsed(decimal_text(Decimal(f"{whole}.{decimals or '0'}")))


def _decimals(words: list[str]) -> str | None:
    """Return the figures behind the comma: spelled one by one (`không năm`), or as a number (`bảy mươi lăm`)."""
    if all(word in DIGIT_WORDS for word in words):
        return "".join(str(DIGIT_WORDS[word]) for word in words)
    zeros = next(i for i, word in enumerate(words) if word != "khong")
    number = number_from_words(words[zeros:])
    return None if number is None else "0" * zeros + str(number)


def _amount(number: Decimal, *, sure: bool) -> Parsed:
    text = decimal_text(number)
    return Parsed(text) if sure else Parsed(text, "separator-ambiguous", partial=True)


def _folded(raw: str) -> str:
    return fold(to_nfc(raw).replace("²", "2"))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"^\W*(?:bang chu|chu)\b", "", text))
