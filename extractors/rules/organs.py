"""Rules about organs and their notations: `QĐ-UBND` stands for a title and an organ printed elsewhere."""

import re
from collections.abc import Mapping
from functools import cache

from extractors.lexicon.repair import organ_phrases, repair_accents
from extractors.rules.context import RuleContext, Verdict, Verdicts
from extractors.rules.mentions import other_places
from ocr.vietnamese import fold, strip_accents


def organ_named_again(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support an organ that is named again as a whole and whose last part the notation abbreviates.

    The notation is what tells that no line of the heading was lost: `UBND TỈNH LONG AN` stands in every paper of that
    province, `GM-STP` only on those of its department of justice. `ỦY BAN NHÂN DÂN` alone is no organ.
    """
    organ, notation = context.as_printed(fields["organ"]), context.as_printed(fields["notation"])
    if organ is None or notation is None or not _abbreviates(notation, organ):
        return {}
    return {fields["organ"]: Verdict.SUPPORTED} if any(other_places(context, fields["organ"], organ)) else {}


def organ_of_notation(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Contradict an organ that the notation does not abbreviate, or that no unit is named with.

    Readers who agree on the rows they see do not see the row that is lost: `UBND TỈNH LONG AN` before `GM-STP` lacks
    `SỞ TƯ PHÁP`. The notation may stand behind its number (`1234/STP-LLTP`); a number alone says nothing, nor does
    one that names only the paper (`45/GPXD`).
    """
    organ, notation = context.whole(fields["organ"]), context.whole(fields["notation"])
    if organ is None or notation is None or not any(map(str.isalpha, "".join(_parts(notation) - _OF_PAPERS))):
        return {}
    fits = (_abbreviates, _spells_the_end, _is_of_police_room)
    return {} if any(fit(notation, organ) for fit in fits) else {fields["organ"]: Verdict.CONTRADICTED}


def _abbreviates(notation: str, organ: str) -> bool:
    """True when the notation carries the last part of an organ that is named as a whole."""
    return fold(organ) not in _NEED_A_PLACE and bool(_parts(notation) & _last_organ_abbreviations(organ))


def _spells_the_end(notation: str, organ: str) -> bool:
    """True when the notation carries the initials of the last words of an organ: no row is lost below them.

    `TTLLTPQG` of `BỘ TƯ PHÁP TRUNG TÂM LÝ LỊCH TƯ PHÁP QUỐC GIA`; two words are too few, any two letters fit some.
    """
    initials = "".join(map(_initial, _words(organ)))
    ends = (len(part) > 2 and initials.endswith(part) for part in _parts(notation))
    return fold(organ) not in _NEED_A_PLACE and any(ends)


def _is_of_police_room(notation: str, organ: str) -> bool:
    """True for `PV06-LLTP` and `CÔNG AN TỈNH NGHỆ AN`: papers of a room carry its code under the name of its police."""
    return any(map(_POLICE_ROOM.fullmatch, _parts(notation))) and _PROVINCIAL_POLICE.search(fold(organ)) is not None


def _parts(notation: str) -> set[str]:
    return set(re.split("[-/]", notation))


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

# What notations carry of the paper, not of its organ: giấy phép xây dựng, phiếu lý lịch tư pháp.
_OF_PAPERS = frozenset({"GPXD", "LLTP"})

# Rooms of the police of a province, by their codes; its name is whole only with that of the province.
_POLICE_ROOM = re.compile(r"P[A-ZĐ]\d{2}")
_PROVINCIAL_POLICE = re.compile(r"\bcong an (?:tinh|thanh pho|tp\.?) \w")


@cache
def _organ_phrases() -> tuple[tuple[str, ...], ...]:
    folded = (re.findall(r"\w+", fold(phrase)) for phrase in organ_phrases())
    return tuple(tuple(word for word in words if word not in _SILENT) for words in folded)


def _initial(word: str) -> str:
    if word.isdigit() or fold(word) in _SPELLED:
        return word.upper()
    return word[0].upper() if word[0] in "Đđ" else strip_accents(word[0]).upper()
