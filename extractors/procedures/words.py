"""The words of `words.yaml`, as patterns over the keys of a phrase."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from extractors.paper_names import is_act, names_of
from extractors.paper_type import PaperType
from extractors.procedures.phrase import matching_words
from ocr.vietnamese import fold


@cache
def words(name: str) -> Any:
    """Return the list or mapping `name` of the file, as written."""
    return _table()[name]


@cache
def starts_with(name: str) -> re.Pattern[str]:
    """Return a pattern that fits where one of the phrases of the list `name` stands, the longest first."""
    return pattern_of(words(name))


@cache
def leads() -> re.Pattern[str]:
    """Return a pattern for any run of leads and counts before the name of a paper."""
    return re.compile(rf"(?:(?:{_any_of(words('leads'))}|\d{{1,2}})(?:\s|$))+")


@cache
def role_names() -> tuple[tuple[str, str], ...]:
    """Return names and the role each stands for, the longest name first; "" is the applicant."""
    roles: Mapping[str, list[str]] = words("roles")
    pairs = [(matching_words(name), role) for role, names in roles.items() for name in names]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def pattern_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of `phrases`, as whole words."""
    return re.compile(rf"(?<!\w)(?:{_any_of(phrases)})(?!\w)")


@dataclass(frozen=True)
class OurNames:
    """What the papers of ours are called in the national list.

    Attributes:
        pattern: Fits at any of the names, the longest first.
        paper_types: Name → ids of the paper types it may mean.
        vague: Names that go on to be another paper's unless nothing follows.
    """

    pattern: re.Pattern[str]
    paper_types: Mapping[str, tuple[str, ...]]
    vague: frozenset[str]


def names_of_ours(paper_types: Iterable[PaperType], field: str | None) -> OurNames:
    """Return the names of our paper types in a field of the national list.

    Acts are left out: that somebody has a decision tells nothing about which. So are declarations, which are filled
    in anew for every dossier.
    """
    types = tuple(paper_types)
    called = [(matching_words(name), one.id) for one in types if not is_act(one) for name in names_of(one)]
    called = [(name, paper_type) for name, paper_type in called if not starts_with("forms").match(name)]
    more: Mapping[str, list[str]] = words("more_names")
    called += [(matching_words(name), paper_type) for paper_type, names in more.items() for name in names]
    for entry in (*words("collective_names"), *words("names_in_field")):
        if "field" not in entry or fold(entry["field"]) == fold(field or ""):
            called += [(matching_words(name), one) for name in entry["names"] for one in entry["paper_types"]]
    known = {one.id for one in types}
    found: dict[str, tuple[str, ...]] = {}
    for name, paper_type in called:
        if paper_type in known and paper_type not in found.get(name, ()):
            found[name] = (*found.get(name, ()), paper_type)
    return OurNames(pattern_of(found), found, frozenset(matching_words(name) for name in words("vague_names")))


def _any_of(phrases: Iterable[str]) -> str:
    return "|".join(
        sorted({re.escape(matching_words(one)).replace("\\ ", " ") for one in phrases}, key=len, reverse=True)
    )


@cache
def _table() -> Any:
    return yaml.safe_load(files("extractors.procedures").joinpath("words.yaml").read_text("utf-8"))
