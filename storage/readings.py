"""Stored second readings of lines."""

from ocr.line_reading import SecondReading
from storage.documents import load_or_none, read_document
from storage.key_parsing import parse_reading_key
from storage.keys import reading_key
from storage.objects import ObjectStore


def read_reading(store: ObjectStore, key: str) -> SecondReading:
    """Return the second reading named `key`.

    Raises:
        SohoaError: `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    # Readers and line are part of the name as a fingerprint: which scan and page it is of is what can be compared.
    place = parse_reading_key(key)
    recipe = place.recipe if place else ""
    return read_document(
        store,
        key,
        SecondReading.from_json,
        lambda reading: reading_key(reading.scan_sha256, reading.page_number, recipe),
    )


def load_reading(store: ObjectStore, key: str) -> SecondReading | None:
    """Return a second reading, or None when there is none or it is damaged: the line is then read once more.

    Raises:
        SohoaError: The store cannot be used.
    """
    return load_or_none(key, lambda: read_reading(store, key))


def save_reading(store: ObjectStore, key: str, reading: SecondReading) -> None:
    """Store a second reading.

    Raises:
        SohoaError: The errors of the store.
    """
    store.put(key, reading.to_json())
