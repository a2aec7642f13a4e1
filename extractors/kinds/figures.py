"""Figures with thousands and decimal signs, as Vietnamese papers print them: `1.234,5`, `1 234,5`, `99.7`."""

import re
from decimal import Decimal
from typing import NamedTuple

_BLANKS = "  \u00a0\u2009\u202f"
# A figure with all its signs, never a part of it: `8.000.00O` holds no figure that ends before the misread letter.
FIGURE = r"(?<![\w.,])(?>\d+(?:\s?[.,]\s?\d+|[ \u00a0\u2009\u202f]\d{3}(?!\d))*)"
_GROUPED = re.compile(r"(?P<whole>\d{1,3}(?P<sign>[., ])\d{3}(?:(?P=sign)\d{3})*)(?:(?P<point>[.,])(?P<rest>\d+))?")
_PLAIN = re.compile(r"(?P<whole>\d+)(?:[.,](?P<rest>\d{1,2}))?")


# More than any sum on paper, and well within what decimals keep exactly.
_MOST_FIGURES = 18


class Figure(NamedTuple):
    """A number; not `sure` where its signs can be understood in two ways."""

    number: Decimal
    sure: bool = True


def figure(text: str, *, has_thousandths: bool) -> Figure | None:
    """Return the number that `text` prints, None where its signs make no sense.

    Args:
        text: Figures and signs alone.
        has_thousandths: True when `1,234` may also be one and 234 thousandths. A dot before three figures is always a
            thousands sign. Source: Luật Kế toán 88/2015/QH13 Điều 10: dot behind thousands, comma before decimals.
    """
    if sum(map(str.isdecimal, text)) > _MOST_FIGURES:
        return None
    compact = re.sub(r"\s*([.,])\s*", r"\1", re.sub(rf"[{_BLANKS}]+", " ", text.strip()))
    grouped = _GROUPED.fullmatch(compact)
    if grouped and grouped["point"] != grouped["sign"]:
        number = Decimal(re.sub(r"\D", "", grouped["whole"]) + "." + (grouped["rest"] or "0"))
        lone_comma = grouped["sign"] == "," and grouped["whole"].count(",") == 1 and not grouped["rest"]
        return Figure(number, sure=not (lone_comma and has_thousandths))
    plain = _PLAIN.fullmatch(compact)
    return Figure(Decimal(f"{plain['whole']}.{plain['rest'] or '0'}")) if plain else None


def decimal_text(number: Decimal) -> str:
    """Return `number` with a dot as decimal sign, no thousands sign, and no zeros that say nothing (`99.7`, `120`)."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
