"""Erasures, holds and requests as stored documents: append-only revisions under an identifier that says nothing."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Generic, Self, TypeVar

from pydantic import Field

from ocr.problem import Code, SohoaError
from ocr.stored import StoredDocument
from storage.documents import read_document
from storage.key_parsing import parse_case_key
from storage.keys import case_key, case_prefix
from storage.objects import ObjectExists, ObjectStore
from storage.revisions import Revisions, latest_keys

_ID_BYTES = 12

CaseId = Annotated[str, Field(pattern="^[0-9a-f]{24}$")]


class Case(StoredDocument):
    """What an erasure, a hold and a request share.

    Attributes:
        case_id: 24 hexadecimal digits, by chance.
        revision: From 1.
    """

    case_id: CaseId
    revision: Annotated[int, Field(ge=1)] = 1

    def same_content_as(self, other: Self) -> bool:
        """True when the two revisions say the same."""
        return self.model_dump(exclude={"revision"}) == other.model_dump(exclude={"revision"})


def new_case_id() -> str:
    """Return an identifier that no case has yet."""
    return secrets.token_hex(_ID_BYTES)


T = TypeVar("T", bound=Case)


@dataclass(frozen=True, slots=True)
class Cases(Generic[T]):
    """All cases of one kind in a store.

    Attributes:
        store: Where they are kept.
        prefix: What their names start with; see `storage.keys`.
        noun: Their class.
    """

    store: ObjectStore
    prefix: str
    noun: type[T]

    def open(self, case: T) -> T:
        """Store the first revision of a new case; durable when this returns.

        Raises:
            SohoaError: `RECORD_CHANGED` when there is a case of this identifier; see `ObjectStore`.
        """
        return self._create(case.model_copy(update={"revision": 1}))

    def follow(self, case: T, **changes: object) -> T:
        """Store the next revision of a case: `case`, as it was read, with `changes`.

        Raises:
            SohoaError: `RECORD_CHANGED` when somebody else wrote a revision meanwhile; see `ObjectStore`.
        """
        return self._create(case.model_copy(update={**changes, "revision": case.revision + 1}))

    def latest(self, case_id: str) -> T:
        """Return a case as it stands.

        Raises:
            SohoaError: `CASE_UNKNOWN`; `OBJECT_DAMAGED`; see `ObjectStore`.
        """
        found = self._revisions(case_id).latest()
        if found is None:
            raise SohoaError(Code.CASE_UNKNOWN, detail=self.prefix.removesuffix("/"))
        return found

    def all(self) -> Iterator[T]:
        """Yield every case as it stands, in the order of their identifiers.

        Raises:
            SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
        """
        for key in latest_keys(self.store.list(self.prefix), parse_place):
            yield self.read(key)

    def read(self, key: str) -> T:
        """Return the revision named `key`.

        Raises:
            SohoaError: `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore`.
        """
        return read_document(self.store, key, self.noun.from_json, self.key_of)

    def key_of(self, case: T) -> str:
        """Return the name a revision belongs under."""
        return case_key(self.prefix, case.case_id, case.revision)

    def _create(self, case: T) -> T:
        # Through the stored form, so that what is returned is what the next reader gets.
        stored = self.noun.from_json(case.to_json())
        try:
            self.store.create(self.key_of(stored), stored.to_json())
        except ObjectExists:
            raise SohoaError(Code.RECORD_CHANGED, detail=f"{self.key_of(stored)} is there already") from None
        return stored

    def _revisions(self, case_id: str) -> Revisions[T]:
        try:
            prefix = case_prefix(self.prefix, case_id)
        except ValueError:
            raise SohoaError(Code.CASE_UNKNOWN, detail="24 hexadecimal digits are an identifier") from None
        return Revisions(self.store, prefix, parse_place, self.noun.from_json, self.key_of)


def parse_place(key: str) -> tuple[str, int] | None:
    """Return case and revision that an object's name tells, or None when it names no case."""
    place = parse_case_key(key)
    return (place.case_id, place.revision) if place is not None else None
