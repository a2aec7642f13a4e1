"""Names that only checking and repairing need: damaged bytes that were put aside, and what a preview or PDF is of."""

import re
from collections.abc import Iterator

from storage.keys import PageKey, check_key, paper_pdf_key, preview_key
from storage.objects import ObjectStore

QUARANTINE_PREFIX = "quarantine/"

_PREVIEW_PATTERN = re.compile(r"previews/([0-9a-f]{64})/([1-9][0-9]{0,8})\.webp")
_PAPER_PATTERN = re.compile(r"papers/([^/]+)/paper\.pdf")


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


def parse_preview_key(key: str) -> PageKey | None:
    """Return scan and page of a picture for people (without a recipe), or None when `key` names none."""
    match = _PREVIEW_PATTERN.fullmatch(key)
    if match is None or preview_key(match[1], int(match[2])) != key:
        return None
    return PageKey(match[1], int(match[2]), "")


def parse_paper_key(key: str) -> str | None:
    """Return the record whose paper a two-layer PDF is, or None when `key` names none."""
    match = _PAPER_PATTERN.fullmatch(key)
    try:
        return match[1] if match and paper_pdf_key(match[1]) == key else None
    except ValueError:
        return None
