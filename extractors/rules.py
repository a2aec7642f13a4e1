"""Rules between fields: what supports a value independently, and what contradicts it.

A rule answers for each field it looks at: supported, contradicted, or nothing. A field is accepted only on support; one
reader that sounds sure is no support.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from extractors.lexicon.repair import organ_phrases, repair_accents
from extractors.paper_text import PaperText, Stretch
from extractors.paper_type import PaperType
from ocr.vietnamese import fold, strip_accents


class Verdict(StrEnum):
    """What a rule says of a field."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Reading:
    """A field as read: normalised value, whether letters were put right, whether it is incomplete, where it stands."""

    value: str | None
    repaired: bool
    partial: bool
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may look at."""

    paper: PaperText
    paper_type: PaperType
    readings: Mapping[str, Reading]

    def whole(self, name: str) -> str | None:
        """Return the value of field `name` when it was read whole, else None."""
        reading = self.readings.get(name)
        return reading.value if reading and not reading.partial else None

    def as_printed(self, name: str) -> str | None:
        """Return the value of field `name` when it was read whole and nothing was put right in it, else None."""
        reading = self.readings.get(name)
        return self.whole(name) if reading and not reading.repaired else None


Verdicts = dict[str, Verdict]
Rule = Callable[[RuleContext, Mapping[str, str]], Verdicts]


def date_in_words(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support a date in figures by the same date in words; two that differ contradict."""
    figures, words = context.whole(fields["date"]), context.whole(fields["words"])
    if figures is None or words is None:
        return {}
    return {fields["date"]: Verdict.SUPPORTED if figures == words else Verdict.CONTRADICTED}


def two_places(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support a text of two words or more that stands a second time on the paper, accent for accent."""
    name = fields["field"]
    value = context.as_printed(name)
    if value is None or len(value.split()) < 2:
        return {}
    own = {word.start for word in context.readings[name].stretch.words}
    wanted = r"\s+".join(re.escape(part) for part in value.split())
    for match in re.finditer(rf"(?<!\w){wanted}(?!\w)", context.paper.text, re.IGNORECASE):
        if not own & {word.start for word in context.paper.words_between(match.start(), match.end())}:
            return {name: Verdict.SUPPORTED}
    return {}


def part_of(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support a text of two words or more that is part of another field's value, accent for accent."""
    value, whole = context.as_printed(fields["field"]), context.as_printed(fields["whole"])
    if value is None or whole is None or len(value.split()) < 2:
        return {}
    return {fields["field"]: Verdict.SUPPORTED} if value.lower() in whole.lower() else {}


def notation_of_title_and_organ(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support `QĐ-UBND` by a title `QUYẾT ĐỊNH` and an organ `ỦY BAN NHÂN DÂN …`, both printed elsewhere.

    Only a notation of exactly these two parts is supported: a unit behind them (`UBND-KTTH`) has no second witness.
    """
    notation, organ = context.as_printed(fields["notation"]), context.whole(fields["organ"])
    abbreviation = context.paper_type.abbreviation
    if notation is None or organ is None or not abbreviation:
        return {}
    kind, _, body = notation.partition("-")
    if strip_accents(kind).lower() != strip_accents(abbreviation).lower():
        return {}  # the type was told by the title; another abbreviation is for a person to judge
    if kind == abbreviation and body in organ_abbreviations(organ):
        return {fields["notation"]: Verdict.SUPPORTED}
    return {}


def organ_abbreviations(organ: str) -> set[str]:
    """Return the abbreviations an organ's printed name allows.

    Initials of the whole name, of a known organ phrase within it, and from such a phrase to the end; figures are kept
    whole. `BỘ GIÁO DỤC VÀ ĐÀO TẠO` allows `BGDĐT`; `UBND TỈNH QUẢNG NGÃI BAN CHỈ ĐẠO 138` allows `UBND` and `BCĐ138`.
    Shorter runs are not allowed: `UBN` is a misread `UBND`.
    """
    words = [word for word in re.findall(r"\w+", repair_accents(organ)) if fold(word) not in _SILENT]
    initials = [_initial(word) for word in words]
    allowed = {"".join(initials)}
    for start in range(len(words)):
        if fold(words[start]) in _SPELLED:
            allowed.add(words[start].upper())
        for phrase in _organ_phrases():
            if tuple(fold(word) for word in words[start : start + len(phrase)]) == phrase:
                allowed |= {"".join(initials[start : start + len(phrase)]), "".join(initials[start:])}
    return {abbreviation for abbreviation in allowed if len(abbreviation) >= 2}


# Words without an initial in abbreviations, and organs that headings print abbreviated already.
_SILENT = frozenset({"va", "cua"})
_SPELLED = frozenset({"ubnd", "hdnd"})


@cache
def _organ_phrases() -> tuple[tuple[str, ...], ...]:
    folded = (re.findall(r"\w+", fold(phrase)) for phrase in organ_phrases())
    return tuple(tuple(word for word in words if word not in _SILENT) for words in folded)


def _initial(word: str) -> str:
    if word.isdigit() or fold(word) in _SPELLED:
        return word.upper()
    return word[0].upper() if word[0] in "Đđ" else strip_accents(word[0]).upper()


def sex_of_personal_id(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support sex by the digit of the personal id that encodes century and sex, when the year of birth fits too.

    Source: NĐ 137/2015 Điều 13: 4th digit 0/1 male/female born 1900-1999, 2/3 born 2000-2099; 5th and 6th the year.
    """
    personal_id, sex = context.whole(fields["personal_id"]), context.whole(fields["sex"])
    birth = context.readings.get(fields["date_of_birth"])
    if personal_id is None or len(personal_id) != 12 or birth is None or birth.value is None:
        return {}
    year = int(birth.value[:4])
    century_digit = (year // 100 - 19) * 2
    if personal_id[4:6] != f"{year % 100:02d}" or int(personal_id[3]) // 2 * 2 != century_digit:
        return {fields["personal_id"]: Verdict.CONTRADICTED}
    if sex is None:
        return {}
    coded = "Nữ" if int(personal_id[3]) % 2 else "Nam"
    if sex == coded:
        return {fields["sex"]: Verdict.SUPPORTED}
    return {fields["sex"]: Verdict.CONTRADICTED, fields["personal_id"]: Verdict.CONTRADICTED}


def not_before(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Contradict a date that comes before one it must follow; ISO dates compare as text."""
    later, earlier = context.whole(fields["date"]), context.whole(fields["earlier"])
    if later is None or earlier is None or later >= earlier:
        return {}
    return {fields["date"]: Verdict.CONTRADICTED, fields["earlier"]: Verdict.CONTRADICTED}


RULES: Mapping[str, Rule] = {
    "date_in_words": date_in_words,
    "not_before": not_before,
    "notation_of_title_and_organ": notation_of_title_and_organ,
    "part_of": part_of,
    "sex_of_personal_id": sex_of_personal_id,
    "two_places": two_places,
}
