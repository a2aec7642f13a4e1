"""The closed lists of the field, loaded once: peoples, countries, abbreviations of acts."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from extractors.lexicon.tone_placement import same_but_for_tone_placement
from ocr.vietnamese import fold, strip_accents


def load(name: str) -> Any:
    """Return the contents of the list file `name`."""
    return yaml.safe_load(files("extractors.lexicon").joinpath(name).read_text("utf-8"))


@cache
def peoples() -> Mapping[str, tuple[str, ...]]:
    """Return the 54 peoples: folded name → spellings that fold to it."""
    listed: Mapping[str, list[str]] = load("peoples.yaml")["peoples"]
    return _by_key(spelling for name, others in listed.items() for spelling in (name, *others))


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """Return the countries: folded name → spellings that fold to it."""
    return _by_key(load("countries.yaml")["countries"])


@cache
def barred() -> Mapping[str, str]:
    """Return the abbreviations of acts that exist only with a barred Đ, by what is left when the bar is lost.

    `QD` can only be `QĐ`; `HD` is hướng dẫn as well as a misread `HĐ`.
    """
    abbreviations: Mapping[str, str] = load("abbreviations.yaml")["abbreviations"]
    return {
        strip_accents(name): name for name in abbreviations if "Đ" in name and strip_accents(name) not in abbreviations
    }


def list_key(text: str) -> str:
    """Return the matching copy of a name of a list: letters and figures alone, folded."""
    return re.sub(r"\W", "", fold(text))


def same_name(first: str, second: str) -> bool:
    """True when two names differ at most by case, blanks, dashes, apostrophes and tone placement."""
    words, others = _syllables(first), _syllables(second)
    if len(words) == len(others):
        return all(map(same_but_for_tone_placement, words, others))
    return "".join(words).lower() == "".join(others).lower()


def _syllables(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _by_key(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        key = list_key(name)
        found[key] = (*found.get(key, ()), name)
    return found
