"""Which bucket an object lies in. Its name inside the bucket is the one `storage.keys` gives, unchanged."""

from collections.abc import Mapping
from enum import StrEnum

from storage.keys import (
    BATCHES_PREFIX,
    CALIBRATIONS_PREFIX,
    DOSSIERS_PREFIX,
    ERASURES_PREFIX,
    HOLDS_PREFIX,
    PAGES_PREFIX,
    PAPERS_PREFIX,
    PREVIEWS_PREFIX,
    PROCEDURES_PREFIX,
    READ_LOG_PREFIX,
    READINGS_PREFIX,
    RECORDS_PREFIX,
    REQUESTS_PREFIX,
    SCANS_PREFIX,
)

# Where the server's promises are tried out; no object name starts with a dot, so no list ever shows it.
PROBE_NAME = ".sohoa/probe"


class Bucket(StrEnum):
    """The buckets, by the ending of their names: what lies in one shares rights, retention and lifecycle."""

    ORIGINALS = "originals"
    AUDIT = "audit"
    RECORDS = "records"
    DERIVED = "derived"

    @property
    def is_locked(self) -> bool:
        """True when objects are kept by object lock for a time: what can never be made again."""
        return self in {Bucket.ORIGINALS, Bucket.AUDIT}

    @property
    def is_versioned(self) -> bool:
        """True when earlier versions are kept; what is derived can be made again."""
        return self is not Bucket.DERIVED


_BUCKETS: Mapping[str, Bucket] = {
    SCANS_PREFIX: Bucket.ORIGINALS,
    READ_LOG_PREFIX: Bucket.AUDIT,
    ERASURES_PREFIX: Bucket.AUDIT,
    HOLDS_PREFIX: Bucket.AUDIT,
    REQUESTS_PREFIX: Bucket.AUDIT,
    RECORDS_PREFIX: Bucket.RECORDS,
    BATCHES_PREFIX: Bucket.RECORDS,
    DOSSIERS_PREFIX: Bucket.RECORDS,
    CALIBRATIONS_PREFIX: Bucket.RECORDS,
    PROCEDURES_PREFIX: Bucket.RECORDS,
    PAGES_PREFIX: Bucket.DERIVED,
    READINGS_PREFIX: Bucket.DERIVED,
    PREVIEWS_PREFIX: Bucket.DERIVED,
    PAPERS_PREFIX: Bucket.DERIVED,
}
_BY_FOLDER = {prefix.partition("/")[0]: bucket for prefix, bucket in _BUCKETS.items()}


def bucket_of(key: str) -> Bucket:
    """Return the bucket of an object, or of all objects under a prefix that is not empty.

    A kind of object that is not known here lies with the records: versioned, removed by nobody.
    """
    return _BY_FOLDER.get(key.partition("/")[0], Bucket.RECORDS)


def folders_of(bucket: Bucket) -> tuple[str, ...]:
    """Return the first segments of the names that lie in a bucket, sorted."""
    return tuple(sorted(folder for folder, place in _BY_FOLDER.items() if place is bucket))
