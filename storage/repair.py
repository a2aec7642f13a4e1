"""Mending a store from a second one: what is damaged or missing is replaced by an intact copy, and nothing else is.

Safe to stop and to repeat at any point: damaged bytes are put aside before anything is written in their place, under
a name that their hash gives, and every write is all or nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import TypeVar

from ocr.problem import Code, Problem, SohoaError
from storage.catalogue import Catalogue
from storage.dossiers import load_dossier_by_segment
from storage.erased import erased_keys
from storage.integrity.findings import Finding, suppress_damage
from storage.integrity.kinds import Kind, kind_of
from storage.integrity.ledger import Ledger
from storage.integrity.looking import Seen, is_whole, look
from storage.integrity.names import quarantine_key
from storage.integrity.pace import Pace
from storage.integrity.references import references
from storage.key_parsing import parse_dossier_key, parse_record_key
from storage.links import Link, complete_links
from storage.objects import ObjectExists, ObjectStore
from storage.records import load_record
from storage.verify import one_sided_links

T = TypeVar("T")


class Outcome(Enum):
    """What became of one object that was to be mended."""

    WHOLE = auto()
    REPAIRED = auto()
    NOT_HELD = auto()
    DAMAGED_THERE = auto()


_WHY = {
    Outcome.NOT_HELD: "the second store does not hold it",
    Outcome.DAMAGED_THERE: "the copy in the second store is not intact either",
}


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What mending a store did.

    Attributes:
        repaired: Names of the objects that were written anew from intact copies.
        impossible: One `REPAIR_IMPOSSIBLE` for each thing that stays damaged or missing.
        left: The damage that is still there, of the findings that were to be mended.
        reindexed: Number of records and dossiers entered into the catalogue again.
        links: Number of links between records that were completed.
    """

    repaired: tuple[str, ...]
    impossible: tuple[Problem, ...]
    left: tuple[Finding, ...]
    reindexed: int
    links: int = 0


def repair(
    store: ObjectStore,
    second: ObjectStore | None,
    catalogue: Catalogue,
    findings: Iterable[Finding],
    ledger: Ledger,
    progress: Callable[[str], None] = lambda _: None,
) -> RepairReport:
    """Mend what checking `store` found, from intact copies in `second`.

    A copy counts as intact when it is what its name says, can be parsed and, where an earlier pass saw the object,
    has the hash it had then. What was erased under a decision is never brought back.

    Args:
        store: What is mended.
        second: Where copies are; not changed. None: there is none, and only one-sided links are mended.
        catalogue: What is mended is entered again.
        findings: Of `verify`.
        ledger: What earlier passes saw; what is mended is entered.
        progress: Called with the name of every object that was looked at.

    Raises:
        SohoaError: A store, the catalogue or the ledger cannot be used; what was mended so far stays mended.
    """
    findings = tuple(findings)
    damage = [finding for finding in findings if finding.is_damage]
    work = _Work(store, second, ledger, erased_keys(store), progress)
    for finding in damage:
        if finding.wanted is not None:
            work.mend(finding.wanted)
    left = [finding for finding in damage if finding.wanted is None or finding.wanted in work.impossible]
    why = {finding.key: finding.remark for finding in left if finding.wanted is None} | work.impossible
    reindexed = _enter_again(store, catalogue, work.repaired)
    one_sided = [finding for finding in findings if finding.code is Code.LINK_UNFINISHED]
    links = _complete(store, catalogue, one_sided_links(store, ledger), why) if one_sided else 0
    ledger.drop((*one_sided, *(finding for finding in damage if finding not in left)))
    impossible = (Problem(code=Code.REPAIR_IMPOSSIBLE, detail=f"{key}: {remark}") for key, remark in why.items())
    return RepairReport(tuple(work.repaired), tuple(impossible), tuple(left), reindexed, links)


@dataclass(slots=True)
class _Work:
    store: ObjectStore
    second: ObjectStore | None
    ledger: Ledger
    erased: frozenset[str]
    progress: Callable[[str], None]
    repaired: list[str] = field(default_factory=list)
    impossible: dict[str, str] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)

    def mend(self, wanted: str) -> None:
        """Mend one object or, for a prefix, all that the second store has, and what they refer to in turn."""
        if self.second is None:
            self.impossible[wanted] = "there is no second store: set SOHOA_SECOND_STORE"
            return
        to_do = [wanted]
        while to_do:
            name = to_do.pop()
            if name in self._done:
                continue
            self._done.add(name)
            if not name.endswith("/"):
                to_do += self._mend_one(self.second, name)
                continue
            held = [key for key in self.second.list(name) if key not in self.erased]
            to_do += held
            if not held and not any(self.store.list(name)):
                self.impossible[name] = _WHY[Outcome.NOT_HELD]

    def _mend_one(self, second: ObjectStore, key: str) -> Iterator[str]:
        self.progress(key)
        kind = kind_of(key)
        if kind is None or key in self.erased:
            return
        outcome, seen = replace_damaged(self.store, second, kind, key, self.ledger.sha256_of(key))
        if outcome in _WHY:
            self.impossible[key] = _WHY[outcome]
            return
        if outcome is Outcome.REPAIRED:
            self.ledger.remember(seen)
            self.repaired.append(key)
            # What an object that was missing refers to could not be looked after before.
            for reference in references(kind, kind.parse_key(key), seen.document):
                wanted = reference.wanted
                if wanted is not None and not any(self._held(wanted)):
                    yield wanted

    def _held(self, wanted: str) -> Iterator[str]:
        if wanted.endswith("/"):
            yield from self.store.list(wanted)
        elif self.store.exists(wanted):
            yield wanted


def replace_damaged(
    store: ObjectStore, other: ObjectStore, kind: Kind, key: str, expected: bytes | None, pace: Pace | None = None
) -> tuple[Outcome, Seen]:
    """Put the intact copy of an object in `other` into the place of one that is damaged or missing.

    Args:
        store: What is mended. An object that is whole is left alone.
        other: Where the copy is.
        kind: Of the object.
        key: Its name.
        expected: The hash it had when it was first seen, 32 bytes; None when that is not known.
        pace: How fast is read.

    Returns:
        What became of it, and the object as it is now in `store`.

    Raises:
        SohoaError: `OBJECT_DAMAGED` when the store does not give back what was written, and the errors of the stores.
    """
    present = look(store, kind, key, pace)
    if is_whole(present, expected):
        return Outcome.WHOLE, present
    copy = look(other, kind, key, pace)
    if not is_whole(copy, expected):
        return (Outcome.NOT_HELD if copy.code is Code.OBJECT_MISSING else Outcome.DAMAGED_THERE), present
    is_missing = present.code is Code.OBJECT_MISSING
    if not is_missing:
        _put_aside(store, kind, present)
    _write(store, other, kind, copy, is_free=is_missing)
    written = look(store, kind, key, pace)
    if written.sha256 != copy.sha256:
        raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{key}: does not read back as written")
    return Outcome.REPAIRED, written


def _put_aside(store: ObjectStore, kind: Kind, present: Seen) -> None:
    """Keep damaged bytes: they may be all there is to find out what happened. What cannot be read cannot be kept."""
    if not present.sha256:
        return
    name = quarantine_key(present.key, present.sha256.hex())
    if store.exists(name):
        return
    if kind.check is None:
        with store.open(present.key) as path:
            store.put_file(name, path)
    else:
        store.put(name, store.get(present.key))


def _write(store: ObjectStore, other: ObjectStore, kind: Kind, copy: Seen, *, is_free: bool) -> None:
    key = copy.key
    if kind.check is None:
        with other.open(key) as path:
            store.put_file(key, path, copy.sha256.hex())
        return
    data = other.get(key)
    if not is_free:
        store.put(key, data)
        return
    try:
        store.create(key, data)
    except ObjectExists:  # somebody else was faster: what lies there is compared next
        return


def _complete(store: ObjectStore, catalogue: Catalogue, links: Iterable[Link], why: dict[str, str]) -> int:
    """Complete links between records; return how many, and enter into `why` those that cannot be."""
    completed = 0
    for link in links:
        # No crash leaves these: what the other record said was lost.
        why[link.old] = f"its link with record {link.new} rests on no decision that is held"
        with suppress_damage():
            complete_links(store, catalogue, (link,))
            del why[link.old]
            completed += 1
    return completed


def _enter_again(store: ObjectStore, catalogue: Catalogue, keys: Iterable[str]) -> int:
    """Project the latest revision of every record and dossier among `keys`; return how many."""
    keys = list(keys)
    record_ids = {place.record_id for place in map(parse_record_key, keys) if place is not None}
    segments = {place.segment for place in map(parse_dossier_key, keys) if place is not None}
    entered = 0
    for record_id in sorted(record_ids):
        entered += _entered(partial(load_record, store, record_id), catalogue.project_record)
    for segment in sorted(segments):
        entered += _entered(partial(load_dossier_by_segment, store, segment), catalogue.project_dossier)
    return entered


def _entered(load: Callable[[], T | None], project: Callable[[T], None]) -> bool:
    """Project what is loaded; False when its latest revision is still damaged."""
    latest: T | None = None
    with suppress_damage():
        latest = load()
    if latest is not None:
        project(latest)
    return latest is not None
