"""Whether records found by one identifier are about one person: an identifier that was misread joins strangers.

Rules alone. Names and dates of birth are compared as keyed hashes: equal or not, nothing in between.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from extractors.record import RecordState
from storage.catalogue import HoldingRow
from storage.holdings import first_day, is_usable, last_day
from storage.identity import IdentityKey

_IDENTITY_CARDS = frozenset({"can-cuoc", "can-cuoc-cong-dan"})
_BIRTH_PAPERS = frozenset({"giay-khai-sinh", "trich-luc-khai-sinh"})

Key = Callable[[HoldingRow], str | None]


@dataclass(frozen=True, slots=True)
class GivenPerson:
    """What the applicant says of themselves, hashed; None where nothing was said.

    Attributes:
        name_keys: The name.
        birth_keys: Every way a paper may state the date of birth without contradicting it.
    """

    name_keys: Collection[str] | None = field(default=None, repr=False)
    birth_keys: Collection[str] | None = field(default=None, repr=False)


def given_person(key: IdentityKey, name: str | None, birth: str | None) -> GivenPerson:
    """Return what was said, hashed.

    Args:
        key: Makes the hashes.
        name: Full name, or None.
        birth: ISO 8601 day, month or year, or None.

    Raises:
        ValueError: `birth` is no date.
    """
    names = {key.name(name)} if name and name.strip() else None
    births = {key.date_of_birth(text) for text in _agreeing_dates(birth)} if birth else None
    return GivenPerson(name_keys=names, birth_keys=births)


def strangers(rows: Sequence[HoldingRow], given: GivenPerson) -> frozenset[str]:
    """Return the records that may be about somebody else than the person all were found by.

    What was given decides. Where nothing was given, the best evidence among the records does: an identity card before
    a birth certificate before any other, approved ones before those the machine accepted. Where the best of one rank
    contradict each other nobody can say who is meant, and every record with a name or date in doubt is a stranger.
    """
    found = {row.record_id for row in rows if _contradicts(row, given)}
    rest = [row for row in rows if row.record_id not in found]
    if given.name_keys is None:
        found |= _outvoted(rest, lambda row: row.name_key)
    if given.birth_keys is None:
        found |= _outvoted(rest, lambda row: row.birth_key)
    return frozenset(found)


def _contradicts(row: HoldingRow, given: GivenPerson) -> bool:
    wrong_name = given.name_keys is not None and row.name_key is not None and row.name_key not in given.name_keys
    wrong_birth = given.birth_keys is not None and row.birth_key is not None and row.birth_key not in given.birth_keys
    return wrong_name or wrong_birth


def _outvoted(rows: Sequence[HoldingRow], key: Key) -> set[str]:
    telling = [row for row in rows if key(row) is not None]
    evidence = [row for row in telling if is_usable(row)]
    if not evidence:
        return set()
    best = min(map(_rank, evidence))
    said = {key(row) for row in evidence if _rank(row) == best}
    return {row.record_id for row in telling if len(said) > 1 or key(row) not in said}


def _rank(row: HoldingRow) -> tuple[bool, int]:
    """Return how good evidence of the person a record is; less is better."""
    kinds = (_IDENTITY_CARDS, _BIRTH_PAPERS)
    kind = next((place for place, papers in enumerate(kinds) if row.paper_type in papers), len(kinds))
    return row.state is not RecordState.APPROVED, kind


def _agreeing_dates(birth: str) -> list[str]:
    """Return the date, the month and year it lies in, and every date that lies in it when it is partial."""
    first, last = first_day(birth), last_day(birth)
    if first is None or last is None:
        raise ValueError("not a date")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return list(dict.fromkeys(text for day in days for text in _ways_to_state(day)))


def _ways_to_state(day: date) -> tuple[str, str, str]:
    whole = day.isoformat()
    return whole, whole[:7], whole[:4]
