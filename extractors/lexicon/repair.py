"""Words put right with the help of closed lists, each repair with a trace.

`TĨNH QUANG NGAI` can only be `TỈNH QUẢNG NGÃI`: accents are put right where a phrase of the lists leaves no doubt. A
syllable that Vietnamese cannot have (`BỘO`) gives way to the one word of the lists that is a letter away. A repair is a
better value for the steward to start from, never evidence that the value is right; printed text stays in `raw`.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from extractors.kinds.parsed import Repair
from extractors.lexicon.lists import load
from extractors.lexicon.tone_placement import same_but_for_tone_placement
from extractors.units.tables import LEVELS, name_key, province_names, spellings, unit_words
from ocr.syllables import is_syllable
from ocr.vietnamese import fold, strip_accents

_TOKEN = re.compile(r"\w+|\W+")
_LONGEST_PHRASE = 12
_ORGANS, _TITLES, _SYLLABLES = "lexicon:organs", "lexicon:titles", "lexicon:syllables"
_PROVINCES, _UNITS = "units:provinces", "units:names"
_UNIT_KINDS = {fold(kind): kind for kind in LEVELS}
_LONGEST_UNIT_NAME = 4
# First words of units and organs, folded: what may follow the name of a unit in a heading.
_BEGINNINGS = frozenset({
    "ban", "chi", "cong", "hoi", "huyen", "phong", "phuong", "quan", "so", "thanh", "thi", "tinh", "tp", "trung",
    "ubnd", "uy", "van", "xa",
})  # fmt: skip
# Shorter words have too many neighbours.
_SHORTEST_SYLLABLE = 3
# Abbreviations before a title that look like a misread syllable. Source: NĐ 30/2020 Phụ lục I, mục II.6.
_ABBREVIATIONS = frozenset({"tuq"})
_VOWEL = re.compile(r"[aeiouy]")


class Repaired(NamedTuple):
    """A text put right, and what was done to it."""

    text: str
    repairs: tuple[Repair, ...]


class Phrase(NamedTuple):
    """A phrase as it must be written, and the list that says so."""

    text: str
    source: str


@cache
def _groups() -> Mapping[str, list[str]]:
    groups: Mapping[str, list[str]] = load("phrases.yaml")
    return groups


def organ_phrases() -> tuple[str, ...]:
    """Return the phrases that names of organs are built of."""
    return tuple(_groups()["organs"])


@cache
def _surnames() -> Mapping[str, str]:
    return {fold(surname): surname for surname in _groups()["surnames"]}


def has_doubtful_surname(name: str) -> bool:
    """True when `name` begins with a common surname but for its accents: more likely a misread one than a rare one."""
    first = name.split(maxsplit=1)[0] if name.split() else ""
    known = _surnames().get(fold(first))
    return known is not None and not same_but_for_tone_placement(first, known)


def has_common_surname(name: str) -> bool:
    """True when `name` begins with a common surname, mark for mark."""
    first = name.split(maxsplit=1)[0] if name.split() else ""
    known = _surnames().get(fold(first))
    return known is not None and same_but_for_tone_placement(first, known)


@cache
def phrases() -> Mapping[str, Phrase]:
    """Return folded phrase → phrase. A folded form that two phrases share is left out: it would leave a doubt.

    A province counts only behind `tỉnh` or `thành phố`, and these words only before a province: communes are called
    `Yên Bài`, `Hải Phong` and `Tịnh Khê`.
    """
    provinces = (f"{unit} {name}" for name in province_names() for unit in ("tỉnh", "thành phố"))
    listed = ((organ_phrases(), _ORGANS), (_groups()["titles"], _TITLES), (provinces, _PROVINCES))
    found: dict[str, Phrase] = {}
    ambiguous: set[str] = set()
    for texts, source in listed:
        for text in texts:
            key = _key(text)
            if key in found and found[key].text != text:
                ambiguous.add(key)
            found[key] = Phrase(text, source)
    return {key: phrase for key, phrase in found.items() if key not in ambiguous}


def repair(text: str) -> Repaired:
    """Return `text` with impossible syllables and the accents of known phrases and units put right, capitals kept."""
    tokens = _TOKEN.findall(text)
    # Units first: they need their letters as read, and a phrase needs its syllables.
    repairs = [*_repair_units(tokens), *_repair_syllables(tokens), *_repair_phrases(tokens)]
    return Repaired("".join(tokens), tuple(repairs))


def repair_accents(text: str) -> str:
    """Return `text` with the accents of known phrases put right, capitals kept, everything else untouched.

    A phrase that differs only by tone placement (`HOÀ`/`HÒA`, `UỶ`/`ỦY`) is printed that way and stays.
    """
    tokens = _TOKEN.findall(text)
    _repair_phrases(tokens)
    return "".join(tokens)


def _repair_phrases(tokens: list[str]) -> list[Repair]:
    words = [i for i, token in enumerate(tokens) if token[0].isalnum()]
    folded = [fold(tokens[i]) for i in words]
    known = phrases()
    repairs: list[Repair] = []
    done = 0
    while done < len(words):
        step = 1
        for length in range(min(_LONGEST_PHRASE, len(words) - done), 0, -1):
            chosen = words[done : done + length]
            phrase = known.get(" ".join(folded[done : done + length]))
            if phrase is not None:
                repairs += _write(tokens, chosen, phrase)
                step = length
                break
        done += step
    return repairs


def _write(tokens: list[str], places: list[int], phrase: Phrase) -> list[Repair]:
    """Write the phrase over the words at `places`; return the repair, none when nothing differs."""
    whole = slice(places[0], places[-1] + 1)
    read = "".join(tokens[whole])
    for place, word in zip(places, re.findall(r"\w+", phrase.text), strict=True):
        if not same_but_for_tone_placement(tokens[place], word):
            tokens[place] = _in_shape_of(tokens[place], word)
    repaired = "".join(tokens[whole])
    return [Repair(read=read, repaired=repaired, source=phrase.source)] if repaired != read else []


def _repair_syllables(tokens: list[str]) -> list[Repair]:
    repairs: list[Repair] = []
    for place, token in enumerate(tokens):
        word = _nearest(token) if _is_misread(token) else None
        if word is not None:
            tokens[place] = _in_shape_of(token, word)
            repairs.append(Repair(read=token, repaired=tokens[place], source=_SYLLABLES))
    return repairs


def _is_misread(token: str) -> bool:
    """True for letters that are no syllable, no abbreviation and no word of a name of a unit (`Lắk`, `Krông`)."""
    return (
        len(token) >= _SHORTEST_SYLLABLE
        and token.isalpha()
        and _VOWEL.search(fold(token)) is not None
        and not is_syllable(token)
        and token.lower() not in _ABBREVIATIONS
        and token.lower() not in _list_words()
        and token.lower() not in unit_words()
    )


def _nearest(token: str) -> str | None:
    """Return the one word of the lists that is one letter away, marks counted, or None."""
    near = [word for word in _list_words() if Levenshtein.distance(token.lower(), word, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else None


@cache
def _list_words() -> frozenset[str]:
    texts = (*organ_phrases(), *_groups()["titles"], *province_names(), "tỉnh", "thành phố", "huyện", "quận")
    return frozenset(word.lower() for text in texts for word in re.findall(r"\w+", text) if word != "UBND")


def _repair_units(tokens: list[str]) -> list[Repair]:
    """Put right names of districts and communes that lost all their marks (`HUYỆN SON TINH`).

    Only behind the kind of unit, and only where all units of that level and those letters are spelled alike. A name
    with any mark left is not touched: the tables lack what was dissolved long ago.
    """
    repairs: list[Repair] = []
    words = [i for i, token in enumerate(tokens) if token[0].isalnum()]
    folded = [fold(tokens[i]) for i in words]
    at = 0
    while at < len(words):
        kind = _kind_at(folded, at)
        at += len(kind.split()) if kind else 1
        if kind:
            repairs += _repair_unit(tokens, words[at : at + _LONGEST_UNIT_NAME], kind)
    return repairs


def _kind_at(folded: list[str], at: int) -> str | None:
    """Return the kind of unit that the words at `at` spell; two words before one."""
    return _UNIT_KINDS.get(" ".join(folded[at : at + 2])) or _UNIT_KINDS.get(folded[at])


def _repair_unit(tokens: list[str], places: list[int], kind: str) -> list[Repair]:
    for end in range(len(places), 1, -1):
        first, last = places[0], places[end - 1]
        printed = [tokens[i] for i in places[:end]]
        is_unbroken = all(tokens[i].isspace() for i in range(first, last) if i not in places)
        if not is_unbroken or any(strip_accents(word) != word for word in printed) or _goes_on(tokens, last):
            continue
        spelled = spellings().get((LEVELS[kind], name_key(printed)), ())
        if len(spelled) == 1 and len(re.findall(r"\w+", spelled[0])) == end:
            return _write(tokens, places[:end], Phrase(spelled[0], _UNITS))
    return []


def _goes_on(tokens: list[str], last: int) -> bool:
    """True when the name may go on behind its `last` token: with a capital that begins no other unit or organ."""
    following = tokens[last + 1 : last + 3]
    if len(following) < 2 or not following[0].isspace():
        return False
    return not following[1].islower() and fold(following[1]) not in _BEGINNINGS


def _in_shape_of(printed: str, word: str) -> str:
    if printed.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if printed[0].isupper() else word.lower()


def _key(phrase: str) -> str:
    return " ".join(re.findall(r"\w+", fold(phrase)))
