"""Papers that prove what another paper proves, and data that stands for a paper: each with its legal ground."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import Field

from ocr.stored import Stored


class Equivalent(Stored):
    """Another paper type that is taken instead.

    Attributes:
        paper_type: Id of the paper type that is taken.
        ground: The act that says so.
        confirmed: True when the words of the act were read; False when it is known from memory only.
        note: What to watch, in Vietnamese; shown to the clerk.
    """

    paper_type: str
    ground: str = Field(min_length=3)
    confirmed: bool = True
    note: str | None = None


class DataInstead(Stored):
    """A database whose data stands for a paper, so that the paper is not asked for when the data was found there.

    Attributes:
        source: The database, in Vietnamese.
        ground: The act that says so.
        confirmed: True when the words of the act were read.
    """

    source: str
    ground: str = Field(min_length=3)
    confirmed: bool = True


def equivalents_of(paper_type: str) -> tuple[Equivalent, ...]:
    """Return the paper types that prove what `paper_type` proves; not transitive, the paper itself not among them.

    An equivalent must still be valid by itself on the day it is used: a card that expired stands for nothing.
    """
    return _papers().get(paper_type, ())


def data_instead_of(paper_type: str) -> tuple[DataInstead, ...]:
    """Return the databases whose data stands for `paper_type`. None of them is asked from here."""
    return _data().get(paper_type, ())


def papers_with_equivalents() -> tuple[str, ...]:
    """Return the paper types that have an equivalent or data instead."""
    return tuple(dict.fromkeys((*_papers(), *_data())))


@cache
def _papers() -> Mapping[str, tuple[Equivalent, ...]]:
    listed: Mapping[str, list[Any]] = _table()["papers"]
    return {paper: tuple(Equivalent.model_validate(entry) for entry in entries) for paper, entries in listed.items()}


@cache
def _data() -> Mapping[str, tuple[DataInstead, ...]]:
    listed: Mapping[str, list[Any]] = _table()["data"]
    return {paper: tuple(DataInstead.model_validate(entry) for entry in entries) for paper, entries in listed.items()}


@cache
def _table() -> Any:
    return yaml.safe_load(files("extractors.procedures").joinpath("equivalents.yaml").read_text("utf-8"))
