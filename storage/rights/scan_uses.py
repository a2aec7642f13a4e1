"""Who uses the pages of a scan: asked of every dossier in the store before a page is erased.

The same bytes may have come in several dossiers, and an earlier splitting may have given a page to another paper.
The catalogue does not tell, and a mistake would cost somebody else their paper, so the dossiers themselves are read.
"""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from storage.batch import Batch
from storage.batches import batch_key_of
from storage.documents import parsed_document
from storage.dossier import Dossier
from storage.dossiers import dossier_key_of
from storage.key_parsing import parse_batch_key, parse_dossier_key
from storage.keys import BATCHES_PREFIX, DOSSIERS_PREFIX
from storage.objects import ObjectStore

# Waiting for a server, not computing: several questions at once, and few enough answers in memory.
_READERS = 8
_AT_A_TIME = 256


@dataclass(slots=True)
class ScanUse:
    """What all dossiers make of one scan.

    Attributes:
        page_count: Number of its pages; None where nobody could tell.
        records: Record identifiers by page, from all revisions.
        failed: Pages that could not be read, in any dossier as it stands.
    """

    page_count: int | None = None
    records: dict[int, set[str]] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Uses:
    """What was found about scans: by hash, and the revisions of the dossiers they lie in, oldest first, by segment."""

    scans: dict[str, ScanUse]
    dossiers: dict[str, list[Dossier]] = field(default_factory=dict)

    def latest(self) -> Iterator[Dossier]:
        """Yield the dossiers as they stand."""
        return (revisions[-1] for revisions in self.dossiers.values())


def uses_of(store: ObjectStore, scans: Collection[str]) -> Uses:
    """Return how the given scans are used. Reads every dossier of the store once.

    Args:
        store: Where the dossiers are.
        scans: SHA-256 of each.

    Raises:
        SohoaError: `OBJECT_DAMAGED` when a dossier that names one of them cannot be parsed: nothing may be concluded
            then. See `ObjectStore`.
    """
    uses = Uses({sha256: ScanUse() for sha256 in scans})
    for key, data in _all_dossiers(store) if scans else ():
        if any(sha256.encode() in data for sha256 in scans):
            dossier = parsed_document(key, data, Dossier.from_json, dossier_key_of)
            uses.dossiers.setdefault(dossier.segment, []).append(dossier)
    for revisions in uses.dossiers.values():
        revisions.sort(key=lambda dossier: dossier.revision)
        for dossier in revisions:
            _note_papers(uses.scans, dossier)
        _note_latest(uses.scans, revisions[-1])
    return uses


def batches_naming(store: ObjectStore, segments: Collection[str], scans: Collection[str]) -> tuple[str, ...]:
    """Return the batches that name one of these dossiers or scans in any revision. Reads every batch of the store once.

    Args:
        store: Where the batches are.
        segments: What stands for each dossier.
        scans: SHA-256 of each scan.

    Raises:
        SohoaError: `OBJECT_DAMAGED` when a batch cannot be parsed: it may name one of them. See `ObjectStore`.
    """
    found = set()
    for key, data in _all_at(store, BATCHES_PREFIX, parse_batch_key) if segments or scans else ():
        batch = parsed_document(key, data, Batch.from_json, batch_key_of)
        for dossier in batch.dossiers:
            if dossier.segment in segments or any(file.sha256 in scans for file in dossier.files):
                found.add(batch.batch_id)
    return tuple(sorted(found))


def _all_dossiers(store: ObjectStore) -> Iterator[tuple[str, bytes]]:
    return _all_at(store, DOSSIERS_PREFIX, parse_dossier_key)


def _all_at(store: ObjectStore, prefix: str, parse_key: Callable[[str], object]) -> Iterator[tuple[str, bytes]]:
    keys = (key for key in store.list(prefix) if parse_key(key) is not None)
    with ThreadPoolExecutor(_READERS) as pool:
        while portion := list(islice(keys, _AT_A_TIME)):
            yield from zip(portion, pool.map(store.get, portion), strict=True)


def _note_papers(scans: dict[str, ScanUse], dossier: Dossier) -> None:
    for paper in dossier.papers:
        for place in paper.pages:
            if place.sha256 in scans:
                scans[place.sha256].records.setdefault(place.page_number, set()).add(paper.record_id)


def _note_latest(scans: dict[str, ScanUse], dossier: Dossier) -> None:
    for scan in dossier.scans:
        if scan.sha256 in scans and scan.page_count is not None:
            use = scans[scan.sha256]
            use.page_count = max(use.page_count or 0, scan.page_count)
    for place in dossier.failed_pages:
        if place.sha256 in scans:
            scans[place.sha256].failed.add(place.page_number)
