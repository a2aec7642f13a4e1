"""Rules between fields: what supports a value independently, and what contradicts it.

A rule answers for each field it looks at: supported, contradicted, or nothing. A field is accepted only on support; one
reader that sounds sure is no support.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from extractors.lexicon.repair import has_doubtful_surname, organ_phrases, repair_accents
from extractors.paper_text import PaperText
from extractors.paper_type import PaperType
from extractors.reading import Reading
from extractors.titles import is_in_capitals
from ocr.vietnamese import fold, strip_accents


class Verdict(StrEnum):
    """What a rule says of a field."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may look at."""

    paper: PaperText
    paper_type: PaperType
    readings: Mapping[str, Reading]

    def whole(self, name: str) -> str | None:
        """Return the value of field `name` when it was read whole, else None."""
        reading = self.readings.get(name)
        return reading.whole if reading else None

    def as_printed(self, name: str) -> str | None:
        """Return the value of field `name` when it was read whole and nothing was put right in it, else None."""
        reading = self.readings.get(name)
        return reading.as_printed if reading else None


Verdicts = dict[str, Verdict]
Rule = Callable[[RuleContext, Mapping[str, str]], Verdicts]


def date_in_words(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support a date in figures by the same date in words; two that differ contradict."""
    figures, words = context.whole(fields["date"]), context.whole(fields["words"])
    if figures is None or words is None:
        return {}
    return {fields["date"]: Verdict.SUPPORTED if figures == words else Verdict.CONTRADICTED}


def two_places(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support a name of two words or more that stands a second time on the paper, accent for accent.

    The second place must be printed in other shapes (capitals against small letters), for a reader that takes `ễ` for
    `ê` does so again in the same type; and it must be the whole name, not the beginning of a longer one. `Nguyên` for
    `Nguyễn` is misread in either shape, so a name that begins with a common surname but for its accents is left to a
    person.
    """
    name = fields["field"]
    value = context.as_printed(name)
    if value is None or len(value.split()) < 2 or has_doubtful_surname(value):
        return {}
    return {name: Verdict.SUPPORTED} if any(_other_places(context, name, value)) else {}


def organ_named_again(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support an organ that is named again as a whole and whose last part the notation abbreviates.

    The notation is what tells that no line of the heading was lost: `UBND TỈNH LONG AN` stands in every paper of that
    province, `GM-STP` only on those of its department of justice. `ỦY BAN NHÂN DÂN` alone is no organ.
    """
    organ, notation = context.as_printed(fields["organ"]), context.as_printed(fields["notation"])
    if organ is None or notation is None or not _abbreviates(notation, organ):
        return {}
    return {fields["organ"]: Verdict.SUPPORTED} if any(_other_places(context, fields["organ"], organ)) else {}


def organ_of_notation(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Contradict an organ that the notation does not abbreviate, or that no unit is named with.

    Readers who agree on the rows they see do not see the row that is lost: `UBND TỈNH LONG AN` before `GM-STP` lacks
    `SỞ TƯ PHÁP`.
    """
    organ, notation = context.whole(fields["organ"]), context.whole(fields["notation"])
    if organ is None or notation is None:
        return {}
    return {} if _abbreviates(notation, organ) else {fields["organ"]: Verdict.CONTRADICTED}


def _abbreviates(notation: str, organ: str) -> bool:
    """True when the notation carries the last part of an organ that is named as a whole."""
    return fold(organ) not in _NEED_A_PLACE and bool(set(notation.split("-")) & _last_organ_abbreviations(organ))


def place_in_organ(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support `Bắc Ninh` by an organ `… TỈNH BẮC NINH`: the whole name behind the word for the unit, accent for accent.

    A city is left out: some print `Thành phố` before its name and some do not.
    """
    place, organ = context.as_printed(fields["place"]), context.as_printed(fields["organ"])
    if place is None or organ is None or len(place.split()) < 2 or not _in_other_shapes(place, organ):
        return {}
    named = rf"(?<!\w)(?:{_UNITS})\s+{_as_pattern(place)}(?=\s+(?:{_ORGAN_STARTS})(?!\w)|$)"
    return {fields["place"]: Verdict.SUPPORTED} if re.search(named, organ, re.IGNORECASE) else {}


_UNITS = "tỉnh|huyện|quận|thị xã|thị trấn|phường|xã"
_ORGAN_STARTS = "ủy ban|uỷ ban|ubnd|hội đồng|hđnd|sở|phòng|ban|văn phòng|chi cục|trung tâm"
# What may stand before a name without being part of it.
_BEFORE_NAME = frozenset({"ong", "ba", "anh", "chi", "chau"})


def _other_places(context: RuleContext, name: str, value: str) -> Iterator[bool]:
    """Yield True for each whole mention of `value` outside the field itself, printed in other shapes."""
    text = context.paper.text
    stretch = context.readings[name].stretch
    own = {word.start for word in stretch.words}
    for match in re.finditer(rf"(?<!\w){_as_pattern(value)}(?!\w)", text, re.IGNORECASE):
        places = {word.start for word in context.paper.words_between(match.start(), match.end())}
        if own & places or not _in_other_shapes(match.group(), stretch.text):
            continue
        if not _runs_on(text, match.start(), match.end()):
            yield True


def _runs_on(text: str, start: int, end: int) -> bool:
    """True when the mention is part of a longer name: a neighbour in the line goes on with it."""
    before = re.search(r"([^\W\d_]+)[ ]$", text[:start])
    if before and before[1][0].isupper() and fold(before[1]) not in _BEFORE_NAME:
        return True
    # `xã Hoài Thượng, huyện Thuận Thành`: a smaller unit's name goes on behind a comma.
    after = re.match(r",?\s+([^\W\d_]+)", text[end:])
    if after is None:
        return False
    goes_on_with_unit = re.match(rf"(?:{_UNITS}|thành phố)(?!\w)", text[end + after.start(1) :], re.IGNORECASE)
    return goes_on_with_unit is not None or (
        "\n" not in after.group() and "," not in after.group() and after[1][0].isupper()
    )


def _in_other_shapes(first: str, second: str) -> bool:
    return is_in_capitals(first) != is_in_capitals(second)


def _as_pattern(value: str) -> str:
    return r"\s+".join(re.escape(part) for part in value.split())


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
    words = _words(organ)
    whole = {"".join(_initial(word) for word in words)}
    return _abbreviations(whole.union(*(_abbreviations_from(words, start) for start in range(len(words)))))


def _last_organ_abbreviations(organ: str) -> set[str]:
    """Return those of the last organ of a heading: of `UBND TỈNH LONG AN SỞ TƯ PHÁP` those of `SỞ TƯ PHÁP`."""
    words = _words(organ)
    for start in reversed(range(len(words))):
        if found := _abbreviations_from(words, start):
            return _abbreviations(found)
    return _abbreviations({"".join(_initial(word) for word in words)})


def _abbreviations_from(words: list[str], start: int) -> set[str]:
    """Return the abbreviations of the organ phrases that begin at word `start`: of each alone, and to the end."""
    found: set[str] = set()
    rest = "".join(_initial(word) for word in words[start:])
    if fold(words[start]) in _SPELLED:
        found.add(words[start].upper())
    for phrase in _organ_phrases():
        if tuple(fold(word) for word in words[start : start + len(phrase)]) == phrase:
            found |= {"".join(_initial(word) for word in words[start : start + len(phrase)]), rest}
    return found


def _abbreviations(candidates: set[str]) -> set[str]:
    return {candidate for candidate in candidates if len(candidate) >= 2}


def _words(organ: str) -> list[str]:
    return [word for word in re.findall(r"\w+", repair_accents(organ)) if fold(word) not in _SILENT]


# Words without an initial in abbreviations, and organs that headings print abbreviated already.
_SILENT = frozenset({"va", "cua"})
_SPELLED = frozenset({"ubnd", "hdnd"})
# Organs that exist in every unit: without the unit's name the heading was not read whole.
_NEED_A_PLACE = frozenset({"ubnd", "hdnd", "uy ban nhan dan", "hoi dong nhan dan", "van phong", "ban chi dao"})


@cache
def _organ_phrases() -> tuple[tuple[str, ...], ...]:
    folded = (re.findall(r"\w+", fold(phrase)) for phrase in organ_phrases())
    return tuple(tuple(word for word in words if word not in _SILENT) for words in folded)


def _initial(word: str) -> str:
    if word.isdigit() or fold(word) in _SPELLED:
        return word.upper()
    return word[0].upper() if word[0] in "Đđ" else strip_accents(word[0]).upper()


# Codes of the provinces as they were until 2025, 001-096. Countries of birth have codes above; nothing is told of them.
_LAST_PLACE_CODE = 96


def sex_of_personal_id(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support sex by the digit of the personal id that encodes century and sex, when the year of birth fits too.

    Source: NĐ 137/2015 Điều 13: 4th digit 0/1 male/female born 1900-1999, 2/3 born 2000-2099; 5th and 6th the year.
    """
    personal_id, sex = context.whole(fields["personal_id"]), context.whole(fields["sex"])
    birth = context.readings.get(fields["date_of_birth"])
    if personal_id is None or len(personal_id) != 12 or birth is None or birth.parsed.value is None:
        return {}
    if not 1 <= int(personal_id[:3]) <= _LAST_PLACE_CODE:
        return {fields["personal_id"]: Verdict.CONTRADICTED}
    year = int(birth.parsed.value[:4])
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
    "organ_named_again": organ_named_again,
    "organ_of_notation": organ_of_notation,
    "place_in_organ": place_in_organ,
    "sex_of_personal_id": sex_of_personal_id,
    "two_places": two_places,
}
