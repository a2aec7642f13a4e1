"""Names that only checking and repairing need: damaged bytes that were put aside."""

from collections.abc import Iterator

from storage.keys import check_key
from storage.objects import ObjectStore

QUARANTINE_PREFIX = "quarantine/"


def quarantine_key(key: str, sha256: str) -> str:
    """Return the name under which damaged bytes of `key` are kept aside; the same bytes have the same name.

    Raises:
        ValueError: `key` names no object, or is a name of this kind itself.
    """
    return check_key(f"{quarantine_prefix(key)}{sha256}")


def quarantine_prefix(key: str) -> str:
    """Return what the names of all bytes start with that were put aside for `key`.

    Raises:
        ValueError: See `quarantine_key`.
    """
    if key.startswith(QUARANTINE_PREFIX):
        raise ValueError("is in quarantine already")
    return f"{QUARANTINE_PREFIX}{check_key(key)}/"


def quarantined(store: ObjectStore, key: str) -> Iterator[str]:
    """Yield the names of the damaged bytes of `key` that were put aside: who erases `key` erases them too."""
    return store.list(quarantine_prefix(key))
