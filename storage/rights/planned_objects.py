"""The objects that go with erased records: revisions, PDFs, pages that are theirs alone, scans that hold no more."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from storage.integrity.names import QUARANTINE_PREFIX, quarantined
from storage.keys import (
    PAGES_PREFIX,
    PAPERS_PREFIX,
    PREVIEWS_PREFIX,
    READINGS_PREFIX,
    REQUESTS_PREFIX,
    batch_prefix,
    case_prefix,
    preview_key,
    record_prefix,
    scan_key,
    segment_prefix,
)
from storage.objects import ObjectStore
from storage.rights.erasure import Kept, KeptReason
from storage.rights.scan_uses import ScanUse, Uses

Pages = Collection[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class PlannedObjects:
    """Names of the objects that go, in order, and what stays of the scans concerned."""

    keys: tuple[str, ...]
    kept: tuple[Kept, ...]


def planned_objects(
    store: ObjectStore,
    records: Collection[str],
    pages: Pages,
    uses: Uses,
    is_user: Callable[[str], bool],
    segments: Collection[str],
    batches: Collection[str],
    requests: Collection[str],
) -> PlannedObjects:
    """Return the objects that are erased with records.

    Args:
        store: Where they are.
        records: Identifiers of the records.
        pages: Pages (scan, number) of papers that are erased, not counting those of withdrawn records.
        uses: Who uses their scans.
        is_user: True for a record that still needs its pages.
        segments: Dossiers that are written anew.
        batches: Batches that are written anew.
        requests: Requests that are emptied.
    """
    keys: list[str] = []
    kept: list[Kept] = []
    for record_id in sorted(records):
        keys += with_quarantine(store, record_prefix(record_id))
        keys += with_quarantine(store, f"{PAPERS_PREFIX}{record_id}/")
    for segment in segments:
        keys += with_quarantine(store, segment_prefix(segment))
    for batch_id in batches:
        keys += with_quarantine(store, batch_prefix(batch_id))
    for case_id in requests:
        keys += with_quarantine(store, case_prefix(REQUESTS_PREFIX, case_id))
    for sha256, use in sorted(uses.scans.items()):
        own = {number for scan, number in pages if scan == sha256}
        reason = _reason_to_keep(use, own, is_user)
        if reason is None:
            keys += _objects_of_scan(store, sha256)
        else:
            kept.append(Kept(reason=reason, key=scan_key(sha256)))
            alone = (number for number in sorted(own) if not any(map(is_user, use.records.get(number, ()))))
            keys += (key for number in alone for key in _objects_of_page(store, sha256, number))
    return PlannedObjects(tuple(keys), tuple(kept))


def with_quarantine(store: ObjectStore, prefix: str) -> Iterator[str]:
    """Yield the names under a prefix, and those of damaged bytes that a repair put aside for them."""
    yield from store.list(prefix)
    yield from store.list(f"{QUARANTINE_PREFIX}{prefix}")


def _reason_to_keep(use: ScanUse, own: Collection[int], is_user: Callable[[str], bool]) -> KeptReason | None:
    """Return why a scan stays; None when every page is of papers that go, was erased before, or carries nothing."""
    if any(is_user(record_id) for record_ids in use.records.values() for record_id in record_ids):
        return KeptReason.OTHER_PAGES
    if use.page_count is None or use.failed - set(own):
        return KeptReason.UNREAD_PAGES
    return None


def _objects_of_scan(store: ObjectStore, sha256: str) -> Iterator[str]:
    for prefix in (PAGES_PREFIX, READINGS_PREFIX, PREVIEWS_PREFIX):
        yield from with_quarantine(store, f"{prefix}{sha256}/")
    yield from _one(store, scan_key(sha256))


def _objects_of_page(store: ObjectStore, sha256: str, page_number: int) -> Iterator[str]:
    for prefix in (PAGES_PREFIX, READINGS_PREFIX):
        yield from with_quarantine(store, f"{prefix}{sha256}/{page_number}/")
    yield from _one(store, preview_key(sha256, page_number))


def _one(store: ObjectStore, key: str) -> Iterator[str]:
    if store.exists(key):
        yield key
    yield from quarantined(store, key)
