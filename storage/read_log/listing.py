"""Looking through the read log: pages of it, newest first, and counts; also of what is not shipped yet."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from storage.catalogue import Catalogue, ReadRow
from storage.catalogue.queue import Place
from storage.catalogue.read_listing import ReadsMeant
from storage.objects import ObjectStore
from storage.read_log.entry import ReadEntry, ReadKind
from storage.read_log.log import ReadLog
from storage.read_log.readers import entry_of
from storage.read_log.reading import read_rows, stored_entries

PAGE = 50
# Everything that is meant is counted over no more days: of a million entries that takes longer than all the rest.
COUNTED = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """How often each kind of thing was done; and lookups that found a paper which was not good enough."""

    kinds: Mapping[ReadKind, int]
    refused: int

    @property
    def total(self) -> int:
        """How many looks that are together."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page.

    Attributes:
        entries: The newest first.
        next: Where the page after goes on; None at the end.
        counts: How often each kind of thing was done, on all pages together; None of more days than `COUNTED`.
    """

    entries: tuple[ReadEntry, ...]
    next: Place | None
    counts: ReadCounts | None


def looked_through(
    store: ObjectStore, catalogue: Catalogue, read_log: ReadLog, meant: ReadsMeant, before: Place | None = None
) -> ReadPage:
    """Return a page of the entries that are meant.

    Args:
        store: Where the read log is, for purposes in words.
        catalogue: Finds the entries.
        read_log: Gives those of this machine that are not shipped yet.
        meant: Which entries.
        before: Where the page before ended; None: the first page.

    Raises:
        SohoaError: `CATALOGUE_FAILED`, `READ_LOG_FAILED`, or the store cannot be used.
    """
    # In this order: what is shipped in between is then known to both, not to neither.
    waiting = {entry.entry_id: entry for entry in read_log.pending()}
    entered = catalogue.entered_reads(sorted(waiting))
    rows = catalogue.reads(meant, before, PAGE + 1)
    new = [row for row in read_rows(waiting.values()) if row.entry_id not in entered and meant.has(row)]
    later = [row for row in new if before is None or _place(row) < (before.since, before.name)]
    found = sorted({row.entry_id: row for row in (*later, *rows)}.values(), key=_place, reverse=True)
    shown = found[:PAGE]
    words = waiting | stored_entries(store, [row for row in shown if row.entry_id not in waiting])
    return ReadPage(
        entries=tuple(words.get(row.entry_id) or entry_of(row) for row in shown),
        next=Place(shown[-1].at, shown[-1].entry_id) if len(found) > PAGE else None,
        counts=_counts(catalogue, meant, new) if meant.end - meant.begin <= COUNTED else None,
    )


def _counts(catalogue: Catalogue, meant: ReadsMeant, new: Iterable[ReadRow]) -> ReadCounts:
    counts, refused = Counter[str](), 0
    for each in catalogue.read_counts(meant):
        counts[each.kind] += each.count
        refused += each.refused
    for row in new:
        counts[row.kind] += 1
        refused += row.refused > 0
    return ReadCounts({kind: counts[kind.value] for kind in ReadKind}, refused)


def _place(row: ReadRow) -> tuple[object, str]:
    return row.at, row.entry_id
