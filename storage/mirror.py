"""Copying a store into another one: everything that is missing there, checked on the way and on arrival.

Nothing is ever overwritten or removed there, but for two things that are asked for: what was erased in the store under
a recorded decision, and copies that turn out to be damaged. Stopped at any point, the next run goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial

from ocr.problem import Code, Problem, SohoaError
from storage.erased import certainly_erased_keys
from storage.integrity.kinds import KINDS, Kind, kind_of
from storage.integrity.ledger import Ledger
from storage.integrity.looking import check, in_order, is_whole, look, stream_sha256
from storage.integrity.names import QUARANTINE_PREFIX, quarantined
from storage.integrity.pace import Pace
from storage.objects import ObjectExists, ObjectStore
from storage.reindex import Progress
from storage.repair import Outcome, replace_damaged
from storage.verify import READING_THREADS

# What can never be made again goes first: a copy that is cut short is worth most.
_ORDER = (
    "scans",
    "records",
    "dossiers",
    "batches",
    "read-log",
    "erasures",
    "holds",
    "requests",
    "procedures",
    "calibration",
)


class Copied(Enum):
    """What became of one object."""

    HELD = auto()
    COPIED = auto()
    REPLACED = auto()
    DAMAGED = auto()
    NOT_ARRIVED = auto()
    DIFFERENT = auto()
    MISSING_HERE = auto()


_REMARKS = {
    Copied.DAMAGED: "is damaged and was not copied",
    Copied.NOT_ARRIVED: "does not read back from the copy as written",
    Copied.DIFFERENT: "is intact by itself in both stores, but not the same",
}


@dataclass(slots=True)
class MirrorReport:
    """What copying a store did.

    Attributes:
        copied: Number of objects that were copied.
        copied_bytes: How many bytes they have.
        held: Number of objects that were there already.
        replaced: Number of damaged copies that were replaced; only when existing copies are checked.
        erased: Number of objects that were erased there, as they were in the store.
        only_there: Number of objects that the copy has and the store has not.
        damage: One `OBJECT_DAMAGED` for everything that is not, or may not be, in the copy as it should be.
    """

    copied: int = 0
    copied_bytes: int = 0
    held: int = 0
    replaced: int = 0
    erased: int = 0
    only_there: int = 0
    damage: list[Problem] = field(default_factory=list)


def mirror(
    store: ObjectStore,
    destination: ObjectStore,
    ledger: Ledger,
    progress: Progress | None = None,
    *,
    pace: Pace | None = None,
    threads: int = READING_THREADS,
    check_held: bool = False,
    apply_erasures: bool = True,
) -> MirrorReport:
    """Copy what `destination` lacks.

    Args:
        store: What is copied; not changed. Damaged objects are left out and reported.
        destination: Where the copies go.
        ledger: What earlier passes over `store` saw: objects that were changed since are damaged.
        progress: Called with the number of objects gone through and the number there are.
        pace: How fast the store is read.
        threads: How many objects are copied at the same time.
        check_held: Also read what is there already, and replace damaged copies by intact originals; the damaged bytes
            are put aside.
        apply_erasures: Erase there what was erased here under a recorded decision and is not held anew.

    Raises:
        SohoaError: A store cannot be used, or is full; what was copied so far stays.
    """
    report = MirrorReport()
    total = sum(1 for kind in KINDS for _ in store.list(kind.prefix)) if progress is not None else 0
    copy = partial(_copy, store, destination, pace or Pace(), check_held=check_held)
    done = 0
    for kind in sorted(KINDS, key=lambda kind: (*_ORDER, kind.name).index(kind.name)):
        places = _places(kind, store, destination, ledger)
        for place, size_bytes, outcome in in_order(copy, places, threads):
            _note(report, place.key, size_bytes, outcome)
            done += place.is_here
            if progress is not None and place.is_here:
                progress(done, max(done, total))
    if apply_erasures:
        erased = _erase(store, destination)
        report.erased = len(erased)
        report.only_there -= sum(kind_of(key) is not None for key in erased)
    return report


@dataclass(frozen=True, slots=True)
class _Place:
    """An object name, where it is held, and the hash it had when it was first seen here."""

    kind: Kind
    key: str
    is_here: bool
    is_there: bool
    expected: bytes | None


def _places(kind: Kind, store: ObjectStore, destination: ObjectStore, ledger: Ledger) -> Iterator[_Place]:
    """Yield every name of a kind that one of the stores holds. Both list in the same order, so nothing is gathered."""
    here, there = store.list(kind.prefix), destination.list(kind.prefix)
    ours, theirs = next(here, None), next(there, None)
    while ours is not None or theirs is not None:
        key = min(name for name in (ours, theirs) if name is not None)
        if kind.parse_key(key) is not None:
            yield _Place(kind, key, key == ours, key == theirs, ledger.sha256_of(key))
        if key == ours:
            ours = next(here, None)
        if key == theirs:
            theirs = next(there, None)


def _copy(
    store: ObjectStore, destination: ObjectStore, pace: Pace, place: _Place, *, check_held: bool
) -> tuple[_Place, int, Copied]:
    if not place.is_here:
        return place, 0, Copied.MISSING_HERE
    if place.is_there:
        return place, 0, _compare(store, destination, pace, place) if check_held else Copied.HELD
    size_bytes, outcome = (_copy_bytes if place.kind.check is None else _copy_document)(store, destination, pace, place)
    return place, size_bytes, outcome


def _copy_document(store: ObjectStore, destination: ObjectStore, pace: Pace, place: _Place) -> tuple[int, Copied]:
    try:
        data = store.get(place.key)
    except SohoaError as error:
        return 0, _outcome_of(error)
    pace.take(len(data))
    seen = check(place.kind, place.key, data)
    if not is_whole(seen, place.expected):
        return 0, Copied.DAMAGED
    try:
        destination.create(place.key, data)
    except ObjectExists:  # another run was faster
        return 0, Copied.HELD
    arrived = look(destination, place.kind, place.key)
    return len(data), Copied.COPIED if arrived.sha256 == seen.sha256 else Copied.NOT_ARRIVED


def _copy_bytes(store: ObjectStore, destination: ObjectStore, pace: Pace, place: _Place) -> tuple[int, Copied]:
    """Copy an object that is named by its hash, however big: it is never in memory as a whole."""
    sha256 = place.kind.parse_key(place.key)
    try:
        pace.take(store.size(place.key))
        with store.open(place.key) as path:
            size_bytes = path.stat().st_size
            destination.put_file(place.key, path, sha256)
    except SohoaError as error:
        return 0, _outcome_of(error)
    arrived, _ = stream_sha256(destination, place.key, Pace())
    return size_bytes, Copied.COPIED if arrived.hex() == sha256 else Copied.NOT_ARRIVED


def _compare(store: ObjectStore, destination: ObjectStore, pace: Pace, place: _Place) -> Copied:
    """Read both copies of an object; a damaged one over there is replaced by an intact one."""
    ours = look(store, place.kind, place.key, pace)
    if not is_whole(ours, place.expected):
        return Copied.DAMAGED
    theirs = look(destination, place.kind, place.key, pace)
    if theirs.sha256 == ours.sha256:
        return Copied.HELD
    # Where nobody knows which is right, neither is touched; with a known hash the copy is the one that is wrong.
    if not theirs.fault and place.expected is None:
        return Copied.DIFFERENT
    outcome, _ = replace_damaged(destination, store, place.kind, place.key, place.expected, pace)
    return Copied.REPLACED if outcome is Outcome.REPAIRED else Copied.DAMAGED


def _outcome_of(error: SohoaError) -> Copied:
    """Return what an error that concerns one object alone means; any other goes on.

    A file that is not what its hash says is told as `PATH_UNREADABLE`: nothing was stored.
    """
    if error.code in {Code.OBJECT_DAMAGED, Code.PATH_UNREADABLE}:
        return Copied.DAMAGED
    if error.code is Code.OBJECT_MISSING:  # erased since it was listed
        return Copied.MISSING_HERE
    raise error


def _note(report: MirrorReport, key: str, size_bytes: int, outcome: Copied) -> None:
    match outcome:
        case Copied.HELD:
            report.held += 1
        case Copied.COPIED:
            report.copied += 1
            report.copied_bytes += size_bytes
        case Copied.REPLACED:
            report.replaced += 1
        case Copied.MISSING_HERE:
            report.only_there += 1
        case _:
            report.damage.append(Problem(code=Code.OBJECT_DAMAGED, detail=f"{key}: {_REMARKS[outcome]}"))


def _erase(store: ObjectStore, destination: ObjectStore) -> list[str]:
    """Erase in the copy what was erased here, with the damaged bytes of it that were put aside; return the names."""
    erased = []
    for key in sorted(certainly_erased_keys(store)):
        if store.exists(key):  # not gone yet, or received anew
            continue
        aside = () if key.startswith(QUARANTINE_PREFIX) else tuple(quarantined(destination, key))
        for name in (*aside, key):
            if destination.exists(name):
                destination.erase(name)
                erased.append(name)
    return erased
