"""Seeded choices. The same seed gives the same papers on every machine."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

Generator = np.random.Generator
Item = TypeVar("Item")


def generator_for(seed: int, *purpose: int) -> Generator:
    """Return the generator of `seed` for one purpose; different purposes do not disturb each other."""
    return np.random.default_rng([seed, *purpose])


def pick(generator: Generator, items: Sequence[Item]) -> Item:
    """Return one of `items`."""
    return items[int(generator.integers(len(items)))]


def pick_several(generator: Generator, items: Sequence[Item], count: int) -> list[Item]:
    """Return `count` different items (all of them when there are fewer), in random order."""
    order = generator.permutation(len(items))[:count]
    return [items[int(index)] for index in order]


def pick_day(generator: Generator, first: date, last: date) -> date:
    """Return a day from `first` to `last`, both included."""
    return first + timedelta(days=int(generator.integers((last - first).days + 1)))


def happens(generator: Generator, share: float) -> bool:
    """True in `share` (0-1) of all draws."""
    return bool(generator.random() < share)


def between(generator: Generator, low: float, high: float) -> float:
    """Return an evenly spread number from `low` up to `high`."""
    return float(generator.uniform(low, high))
