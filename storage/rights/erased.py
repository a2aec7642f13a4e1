"""What erasures want gone: what is unfinished, what came back, and which scans are not received again.

That what they name is missing on purpose is told by `storage.erased`.
"""

from collections.abc import Iterator
from itertools import groupby
from weakref import WeakKeyDictionary

from ocr.problem import Code, SohoaError
from storage.integrity.findings import suppress_damage
from storage.key_parsing import parse_case_key
from storage.keys import PAGES_PREFIX, PREVIEWS_PREFIX, READINGS_PREFIX, SCANS_PREFIX, preview_key, scan_key
from storage.objects import ObjectStore
from storage.rights.erasure import Erasure, ErasureState, KeptReason, erasures_in

# What a readmitted scan brings back; records and dossiers of before stay erased all the same.
OF_SCANS = (SCANS_PREFIX, PAGES_PREFIX, READINGS_PREFIX, PREVIEWS_PREFIX)
# Revisions never change, so none is read twice in a process.
_known: WeakKeyDictionary[ObjectStore, dict[str, Erasure]] = WeakKeyDictionary()


def erasures(store: ObjectStore) -> Iterator[Erasure]:
    """Yield every erasure as it stands, begun or finished.

    Where the latest revision is damaged, an earlier one tells what was erased, and the next goes on after both: one
    damaged object must neither bring erased papers back nor stop the office. `sohoa verify` tells of it.

    Raises:
        SohoaError: The store cannot be used.
    """
    cases = erasures_in(store)
    known = _known.setdefault(store, {})
    for _, group in groupby(filter(parse_case_key, store.list(cases.prefix)), key=lambda key: key.rpartition("/")[0]):
        keys = sorted(group, key=_revision_of, reverse=True)
        for key in keys:
            with suppress_damage():
                if key not in known:
                    known[key] = cases.read(key)
                yield known[key].model_copy(update={"revision": _revision_of(keys[0])})
                break


def _revision_of(key: str) -> int:
    place = parse_case_key(key)
    return place.revision if place is not None else 0


def keys_of(erasure: Erasure) -> Iterator[str]:
    """Yield the names of the objects that an erasure, as it stands, wants gone: without those of readmitted scans."""
    for each in erasure.objects:
        if erasure.readmission is None or not each.key.startswith(OF_SCANS):
            yield each.key


def unfinished(store: ObjectStore) -> tuple[Erasure, ...]:
    """Return the erasures that were begun and not finished.

    Raises:
        SohoaError: The store cannot be used.
    """
    return tuple(erasure for erasure in erasures(store) if erasure.state is ErasureState.STARTED)


def returned_keys(store: ObjectStore) -> tuple[str, ...]:
    """Return the names of erased objects that are there again: a backup was restored, or a run raced the erasure.

    `storage.rights.execution.reapply` erases them again.

    Raises:
        SohoaError: The store cannot be used.
    """
    finished = (each for each in erasures(store) if each.state is ErasureState.FINISHED)
    return tuple(key for erasure in finished for key in keys_of(erasure) if store.exists(key))


def refuse_erased_scan(store: ObjectStore, sha256: str) -> None:
    """Make sure that a scan may be received: no page of it was erased, or it was readmitted since.

    Raises:
        SohoaError: `SCAN_ERASED` with the erasure; the store cannot be used.
    """
    key = scan_key(sha256)
    for erasure in erasures(store):
        if erasure.readmission is None and (
            any(each.key == key for each in erasure.objects)
            or any(kept.key == key and kept.reason in _PAGES_WENT for kept in erasure.kept)
        ):
            raise SohoaError(Code.SCAN_ERASED, detail=f"erasure {erasure.case_id}")


def is_erased_page(store: ObjectStore, sha256: str, page_number: int) -> bool:
    """True when an erasure, begun or finished, wants a page of a scan gone, alone or with the whole scan.

    Raises:
        SohoaError: The store cannot be used.
    """
    whole, page = scan_key(sha256), (f"{PAGES_PREFIX}{sha256}/{page_number}/", preview_key(sha256, page_number))
    return any(key == whole or key.startswith(page) for erasure in erasures(store) for key in keys_of(erasure))


# The scan stayed for its other pages; read again it would bring back the text of the erased ones.
_PAGES_WENT = frozenset({KeptReason.OTHER_PAGES, KeptReason.UNREAD_PAGES})
