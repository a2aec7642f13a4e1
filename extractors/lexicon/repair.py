"""Accents put right with the help of closed lists: `TĨNH QUANG NGAI` can only be `TỈNH QUẢNG NGÃI`.

A repair never invents letters: the phrase must equal one of the list in every base letter. It is a better value for the
steward to start from, never evidence that the value is right.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from ocr.vietnamese import fold

_TOKEN = re.compile(r"\w+|\W+")
_LONGEST_PHRASE = 12


@cache
def _groups() -> Mapping[str, list[str]]:
    text = files("extractors.lexicon").joinpath("phrases.yaml").read_text("utf-8")
    groups: Mapping[str, list[str]] = yaml.safe_load(text)
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
def phrases() -> Mapping[str, str]:
    """Return folded phrase → phrase. A folded form that two phrases share is left out: it would leave a doubt.

    A province counts only behind `tỉnh` or `thành phố`, and these words only before a province: communes are called
    `Yên Bài`, `Hải Phong` and `Tịnh Khê`.
    """
    found: dict[str, str] = {}
    ambiguous: set[str] = set()
    provinces = (f"{unit} {name}" for name in _groups()["provinces"] for unit in ("tỉnh", "thành phố"))
    for phrase in (*_groups()["organs"], *provinces):
        key = _key(phrase)
        if key in found and found[key] != phrase:
            ambiguous.add(key)
        found[key] = phrase
    return {key: phrase for key, phrase in found.items() if key not in ambiguous}


def repair_accents(text: str) -> str:
    """Return `text` with the accents of known phrases put right, capitals kept, everything else untouched.

    A phrase that differs only by tone placement (`HOÀ`/`HÒA`, `UỶ`/`ỦY`) is printed that way and stays.
    """
    tokens = _TOKEN.findall(text)
    words = [i for i, token in enumerate(tokens) if token[0].isalnum()]
    known = phrases()
    done = 0
    while done < len(words):
        step = 1
        for length in range(min(_LONGEST_PHRASE, len(words) - done), 0, -1):
            chosen = words[done : done + length]
            phrase = known.get(_key(" ".join(tokens[i] for i in chosen)))
            if phrase is not None:
                _write(tokens, chosen, phrase)
                step = length
                break
        done += step
    return "".join(tokens)


def same_but_for_tone_placement(first: str, second: str) -> bool:
    """True when two spellings differ at most by case and by where a tone mark sits (`hoà`/`hòa`)."""
    return _unplaced(first) == _unplaced(second)


def _write(tokens: list[str], places: list[int], phrase: str) -> None:
    for place, word in zip(places, re.findall(r"\w+", phrase), strict=True):
        printed = tokens[place]
        if same_but_for_tone_placement(printed, word):
            continue
        if printed.isupper():
            tokens[place] = word.upper()
        elif printed[0].isupper():
            tokens[place] = word[0].upper() + word[1:]
        else:
            tokens[place] = word.lower()


def _key(phrase: str) -> str:
    return " ".join(re.findall(r"\w+", fold(phrase)))


# Where old and new spelling put the tone differently. Source: QĐ 240/QĐ of 1984 against common usage.
_PLACEMENT = str.maketrans(
    {"ò": "o`", "ó": "o'", "ỏ": "o?", "õ": "o~", "ọ": "o.", "à": "a`", "á": "a'", "ả": "a?", "ã": "a~", "ạ": "a.",
     "ù": "u`", "ú": "u'", "ủ": "u?", "ũ": "u~", "ụ": "u.", "ỳ": "y`", "ý": "y'", "ỷ": "y?", "ỹ": "y~", "ỵ": "y.",
     "è": "e`", "é": "e'", "ẻ": "e?", "ẽ": "e~", "ẹ": "e."}
)  # fmt: skip


def _unplaced(text: str) -> str:
    parts = []
    for syllable in text.lower().split():
        spelled = syllable.translate(_PLACEMENT)
        if re.search(r"o[`'?~.]?[ae]|u[`'?~.]?y", spelled):
            tone = "".join(re.findall(r"[`'?~.]", spelled))
            spelled = re.sub(r"[`'?~.]", "", spelled) + tone
        parts.append(spelled)
    return " ".join(parts)
