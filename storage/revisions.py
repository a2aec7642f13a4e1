"""Append-only revisions r1, r2, … of one thing: written once, never changed, safe against racing writers."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, Protocol, Self, TypeVar

from ocr.problem import Code, SohoaError
from storage.documents import read_document
from storage.objects import ObjectExists, ObjectStore

# Each lost race means that another writer got a revision in; more in a row than this is no coincidence.
_MOST_ATTEMPTS = 100
_LONGEST_PAUSE_S = 0.05
_chance = random.SystemRandom()


class Revised(Protocol):
    """What the nouns that have revisions share."""

    @property
    def revision(self) -> int:
        """Number of the revision, from 1."""
        ...

    def to_json(self) -> bytes:
        """Return the stored form."""
        ...

    def same_content_as(self, other: Self, /) -> bool:
        """True when nothing but the circumstances of writing differs."""
        ...

    def model_copy(self, *, update: dict[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with other values in some fields."""
        ...


T = TypeVar("T", bound=Revised)
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Revisions(Generic[T]):
    """All revisions of one thing in a store.

    Attributes:
        store: Where they are kept.
        prefix: What their names start with.
        parse_key: Gives (owner, revision) of a name, or None for a foreign one.
        parse: Turns stored bytes into the noun; raises ValueError when they are damaged.
        key_of: The name a revision belongs under.
    """

    store: ObjectStore
    prefix: str
    parse_key: Callable[[str], Key | None]
    parse: Callable[[bytes], T]
    key_of: Callable[[T], str]

    def keys(self) -> dict[int, str]:
        """Return the names of all revisions by number, in ascending order."""
        parsed = ((self.parse_key(key), key) for key in self.store.list(self.prefix))
        return dict(sorted((place[1], key) for place, key in parsed if place is not None))

    def latest(self) -> T | None:
        """Return the latest revision, or None when there is none yet.

        Raises:
            SohoaError: `OBJECT_DAMAGED`; an older revision never stands in for a damaged latest one.
        """
        keys = self.keys()
        return self._read(keys[max(keys)]) if keys else None

    def at(self, revision: int) -> T | None:
        """Return one revision, or None when there is no such revision."""
        key = self.keys().get(revision)
        return self._read(key) if key is not None else None

    def all(self) -> tuple[T, ...]:
        """Return all revisions, oldest first."""
        return tuple(self._read(key) for key in self.keys().values())

    def append(self, draft: T, *, is_settled: Callable[[T], bool]) -> T:
        """Add `draft` as the next revision, unless the latest says the same or is settled.

        Args:
            draft: What is to be stored; its own revision number does not matter.
            is_settled: True for a latest revision that this writer may not follow with another.

        Returns:
            What is now the latest revision: the new one, or the one that was there.

        Raises:
            SohoaError: The errors of the store; `OBJECT_DAMAGED` when the latest revision is damaged;
                `STORE_UNWRITABLE` (retryable) when other writers are always faster.
        """
        # Compared in the stored form: a tuple inside the metadata comes back as a list.
        draft = self.parse(draft.to_json())
        for _ in range(_MOST_ATTEMPTS):
            latest = self.latest()
            if latest is not None and (is_settled(latest) or draft.same_content_as(latest)):
                return latest
            following = draft.model_copy(update={"revision": 1 if latest is None else latest.revision + 1})
            try:
                self.store.create(self.key_of(following), following.to_json())
            except ObjectExists:
                # Two that write on and on in step would have the same one lose each time.
                time.sleep(_chance.uniform(0, _LONGEST_PAUSE_S))
                continue
            return following
        detail = f"{self.prefix}: other writers were faster {_MOST_ATTEMPTS} times"
        raise SohoaError(Code.STORE_UNWRITABLE, detail=detail, retryable=True)

    def follow(self, draft: T, *, expected: int) -> T:
        """Add `draft` as the revision after `expected`, which its writer saw as the latest.

        Returns:
            The new revision.

        Raises:
            SohoaError: `RECORD_CHANGED` when another revision is the latest; nothing is written then.
        """
        following = self.parse(draft.model_copy(update={"revision": expected + 1}).to_json())
        latest = max(self.keys(), default=0)
        if latest == expected:
            try:
                self.store.create(self.key_of(following), following.to_json())
            except ObjectExists:
                latest = expected + 1
            else:
                return following
        raise SohoaError(Code.RECORD_CHANGED, detail=f"{self.prefix}: revision {expected} expected, {latest} is there")

    def _read(self, key: str) -> T:
        return read_document(self.store, key, self.parse, self.key_of)


def latest_keys(keys: Iterable[str], parse_key: Callable[[str], Key | None]) -> Iterator[str]:
    """Yield, of many things' revisions in the order a store lists them, the name of each thing's latest one."""
    places = ((parse_key(key), key) for key in keys)
    known = ((place, key) for place, key in places if place is not None)
    for _, revisions in groupby(known, key=lambda pair: pair[0][0]):
        yield max(revisions, key=lambda pair: pair[0][1])[1]
