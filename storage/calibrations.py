"""An office's own calibrations: append-only revisions, the latest of which holds."""

from extractors.calibration.model import Calibration, shipped_calibration
from ocr.problem import Code, SohoaError
from storage.documents import read_document
from storage.key_parsing import parse_calibration_key
from storage.keys import CALIBRATIONS_PREFIX, calibration_key
from storage.objects import ObjectExists, ObjectStore

# Several people calibrating at once is no everyday matter.
_MOST_ATTEMPTS = 5


def read_calibration(store: ObjectStore, key: str) -> Calibration:
    """Return the calibration named `key`.

    Raises:
        SohoaError: `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return read_document(store, key, Calibration.from_json, lambda found: calibration_key(found.revision))


def load_calibration(store: ObjectStore) -> Calibration:
    """Return the calibration that holds for a store: the office's latest, else the one that ships with the product.

    Raises:
        SohoaError: `OBJECT_DAMAGED`: neither an older one nor the shipped one stands in, for it may accept more.
    """
    revisions = _revisions(store)
    return read_calibration(store, calibration_key(max(revisions))) if revisions else shipped_calibration()


def save_calibration(store: ObjectStore, calibration: Calibration) -> Calibration:
    """Store a calibration as the next revision, also after a damaged one, and return it as stored.

    Raises:
        SohoaError: `STORE_UNWRITABLE` (retryable) when other writers are always faster; see `ObjectStore`.
    """
    for _ in range(_MOST_ATTEMPTS):
        following = calibration.model_copy(update={"revision": max(_revisions(store), default=0) + 1})
        try:
            store.create(calibration_key(following.revision), following.to_json())
        except ObjectExists:
            continue
        return following
    raise SohoaError(Code.STORE_UNWRITABLE, detail="other calibrations were faster", retryable=True)


def _revisions(store: ObjectStore) -> list[int]:
    numbers = (parse_calibration_key(key) for key in store.list(CALIBRATIONS_PREFIX))
    return [number for number in numbers if number is not None]
