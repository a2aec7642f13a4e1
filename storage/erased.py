"""What was erased under a recorded decision: its absence is no damage, and it is never brought back."""

from collections.abc import Iterator

from storage.integrity.findings import suppress_damage
from storage.key_parsing import parse_case_key
from storage.keys import ERASURES_PREFIX
from storage.objects import ObjectStore
from storage.revisions import latest_keys
from storage.rights.cases import parse_place
from storage.rights.erased import keys_of
from storage.rights.erasure import Erasure, erasures_in


def erased_keys(store: ObjectStore) -> frozenset[str]:
    """Return the names of all objects that an erasure of this store wants gone.

    Where the latest revision of an erasure is damaged, the earlier ones are believed.

    Raises:
        SohoaError: The store cannot be used.
    """
    latest = {erasure.case_id: erasure for erasure in _read(store, latest_keys(_names(store), parse_place))}
    earlier = (erasure for erasure in _read(store, _names(store)) if erasure.case_id not in latest)
    return frozenset(key for erasure in (*latest.values(), *earlier) for key in keys_of(erasure))


def certainly_erased_keys(store: ObjectStore) -> frozenset[str]:
    """Return what the latest, intact revision of an erasure wants gone: where it is damaged it may say otherwise.

    Raises:
        SohoaError: The store cannot be used.
    """
    latest = _read(store, latest_keys(_names(store), parse_place))
    return frozenset(key for erasure in latest for key in keys_of(erasure))


def _names(store: ObjectStore) -> Iterator[str]:
    return (key for key in store.list(ERASURES_PREFIX) if parse_case_key(key))


def _read(store: ObjectStore, keys: Iterator[str]) -> Iterator[Erasure]:
    erasures = erasures_in(store)
    for key in keys:
        with suppress_damage():
            yield erasures.read(key)
