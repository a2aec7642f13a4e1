"""Filling the catalogue from the store: only what it does not hold yet, while others go on reading and writing.

Every step is a short transaction in which the newest revision wins, so that nothing a writer enters meanwhile is
lost, and a run that was stopped is finished by the next.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from ocr.problem import Code, Problem, SohoaError
from storage.catalogue import Catalogue, DossierRow
from storage.dossiers import read_dossier
from storage.key_parsing import parse_dossier_key, parse_record_key
from storage.keys import DOSSIERS_PREFIX, RECORDS_PREFIX, record_prefix, segment_prefix
from storage.objects import ObjectStore
from storage.read_log.reading import read_entries, read_log_keys, read_rows
from storage.records import read_record
from storage.revisions import Key, latest_keys

Progress = Callable[[int, int], None]
_DAMAGE = frozenset({Code.OBJECT_MISSING, Code.OBJECT_DAMAGED})
# Rows of one transaction: long enough to be quick, short enough that writers do not notice.
_BATCH = 500
# Objects are fetched side by side: from a server each takes as long as the way there and back.
_FETCHERS = 8
_FETCHED_AT_A_TIME = 25
_FETCHES_AHEAD = 2 * _FETCHERS
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a filled catalogue holds, and what filling it took.

    Attributes:
        records: Number of records it holds.
        dossiers: Number of dossiers it holds.
        damaged: One `OBJECT_DAMAGED` for every record or dossier whose latest revision cannot be used, and every
            piece of the read log that cannot; they are not in the catalogue. The object's name is in `detail`.
        entered: Number of objects that were read and entered.
        removed: Number of rows that went because nothing in the store stands behind them.
    """

    records: int
    dossiers: int
    damaged: tuple[Problem, ...]
    entered: int = 0
    removed: int = 0


def reindex(
    store: ObjectStore, catalogue: Catalogue, progress: Progress | None = None, *, full: bool = False
) -> ReindexReport:
    """Fill the catalogue from the latest revision of every record and dossier, and from the read log.

    Read and entered is what the catalogue does not hold in its latest revision, as this program and this identity
    key project it; rows whose objects are gone are removed.

    Args:
        store: Where the records, the dossiers and the read log are.
        catalogue: What is filled; its tables are made when missing.
        progress: Called with the number of objects read and the number there are to read.
        full: Read every object again, also where the catalogue seems to hold it.

    Raises:
        SohoaError: `CATALOGUE_FAILED`, or the store cannot be used; `SETTING_INVALID` when another identity key
            filled the catalogue and `full` is not given.
    """
    catalogue.create()
    if not full:
        catalogue.needs_rebuild()
    filling = catalogue.filling
    records = _Plan(
        store=store,
        prefix_of=record_prefix,
        parse_key=parse_record_key,
        read=lambda key: filling.project(read_record(store, key)),
        enter=filling.enter_records,
        held=filling.held_records(),
        full=full,
    )
    dossiers = _Plan(
        store=store,
        prefix_of=segment_prefix,
        parse_key=parse_dossier_key,
        read=lambda key: DossierRow.of(read_dossier(store, key)),
        enter=filling.enter_dossiers,
        held=filling.held_dossiers(),
        full=full,
    )
    # What is entered was listed after asking what is held: a row that is not listed has lost its object.
    records.compare(store.list(RECORDS_PREFIX))
    dossiers.compare(store.list(DOSSIERS_PREFIX))
    known = set() if full else filling.known_pieces()
    pieces = [key for key in read_log_keys(store) if key not in known]
    counter = _Counter(progress, len(records.to_read) + len(dossiers.to_read) + len(pieces))
    with ThreadPoolExecutor(_FETCHERS, "reindex") as fetchers:
        records.run(fetchers, counter)
        dossiers.run(fetchers, counter)
        damaged_pieces = []
        read_piece = _unless_damaged(lambda key: read_rows(read_entries(store, [key])))
        for key, rows in _fetched(fetchers, pieces, read_piece):
            if isinstance(rows, Problem):
                damaged_pieces.append(rows)
            else:
                filling.enter_piece(key, rows)
            counter.add(1)
    filling.mark_filled()
    if counter.done:
        filling.refresh_statistics()
    return ReindexReport(
        records=catalogue.count_records(),
        dossiers=catalogue.count_dossiers(),
        damaged=tuple(sorted((*records.damaged, *dossiers.damaged, *damaged_pieces), key=lambda each: each.detail)),
        entered=records.entered + dossiers.entered + len(pieces) - len(damaged_pieces),
        removed=records.removed + dossiers.removed,
    )


class _Counter:
    """Tells how far a run is."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.done = 0
        self._progress = progress
        self._total = total

    def add(self, count: int) -> None:
        for _ in range(count):
            self.done += 1
            if self._progress is not None:
                self._progress(self.done, max(self.done, self._total))


class _Plan(Generic[R]):
    """What is to be done about the records, or the dossiers: names and revisions only, never content."""

    def __init__(
        self,
        *,
        store: ObjectStore,
        prefix_of: Callable[[str], str],
        parse_key: Callable[[str], Key | None],
        read: Callable[[str], R],
        enter: Callable[[Sequence[R], Mapping[str, int]], None],
        held: tuple[dict[str, int], set[str]],
        full: bool,
    ) -> None:
        self.to_read: list[str] = []
        self.damaged: list[Problem] = []
        self.entered = self.removed = 0
        self._store = store
        self._prefix_of = prefix_of
        self._parse_key = parse_key
        self._read = _unless_damaged(read)
        self._enter = enter
        self._held, self._stale = held
        self._full = full
        self._ahead: list[str] = []

    def compare(self, keys: Iterable[str]) -> None:
        """Find what is to be read. What is left of `held` are rows of which nothing is listed."""
        listed = set()
        for key in latest_keys(keys, self._parse_key):
            name, revision = self._parse_key(key) or ("", 0)
            listed.add(name)
            held = self._held.get(name, 0)
            if held > revision:
                self._ahead.append(name)
            elif self._full or held < revision or name in self._stale:
                self.to_read.append(key)
        self._ahead += sorted(self._held.keys() - listed)

    def run(self, fetchers: ThreadPoolExecutor, counter: _Counter) -> None:
        for batch in _batches(_fetched(fetchers, self.to_read, self._read), _BATCH):
            self._enter_batch(batch)
            counter.add(len(batch))
        for name in self._ahead:
            self._correct(name)

    def _enter_batch(self, batch: Sequence[tuple[str, R | Problem]]) -> None:
        # An older revision never stands in for a damaged latest one.
        gone = {}
        for key, row in batch:
            if isinstance(row, Problem):
                self.damaged.append(row)
                name, _ = self._parse_key(key) or ("", 0)
                if name in self._held:
                    gone[name] = self._held[name]
        rows = [row for _, row in batch if not isinstance(row, Problem)]
        self._enter(rows, gone)
        self.entered += len(rows)
        self.removed += len(gone)

    def _correct(self, name: str) -> None:
        """Put right a row that seems to be ahead of the store, or of which nothing is listed.

        It may have been written after the listing; so the store is asked again.
        """
        held = self._held[name]
        key = next(latest_keys(self._store.list(self._prefix_of(name)), self._parse_key), None)
        _, revision = (self._parse_key(key) if key is not None else None) or (name, 0)
        if revision >= held:
            return
        row = self._read(key) if key is not None else None
        if isinstance(row, Problem):
            self.damaged.append(row)
        if row is None or isinstance(row, Problem):
            self._enter((), {name: held})
            self.removed += 1
        else:
            self._enter((row,), {name: held})
            self.entered += 1


def _unless_damaged(read: Callable[[str], T]) -> Callable[[str], T | Problem]:
    def attempt(key: str) -> T | Problem:
        try:
            return read(key)
        except SohoaError as error:
            if error.code not in _DAMAGE:
                raise
            return error.problem

    return attempt


def _fetched(fetchers: ThreadPoolExecutor, keys: Sequence[str], read: Callable[[str], T]) -> Iterator[tuple[str, T]]:
    """Yield each name and what is read under it, in order, a little ahead of whoever takes it."""

    def fetch(portion: Sequence[str]) -> list[tuple[str, T]]:
        return [(key, read(key)) for key in portion]

    portions = _batches(iter(keys), _FETCHED_AT_A_TIME)
    under_way: deque[Future[list[tuple[str, T]]]] = deque(
        fetchers.submit(fetch, portion) for portion in islice(portions, _FETCHES_AHEAD)
    )
    try:
        while under_way:
            yield from under_way.popleft().result()
            under_way.extend(fetchers.submit(fetch, portion) for portion in islice(portions, 1))
    finally:
        for future in under_way:
            future.cancel()


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
