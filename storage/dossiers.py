"""Stored dossiers, as append-only revisions."""

from storage.documents import read_document
from storage.dossier import Dossier
from storage.key_parsing import parse_dossier_key
from storage.keys import dossier_prefix, segment_key, segment_prefix
from storage.objects import ObjectStore
from storage.revisions import Revisions


def dossier_key_of(dossier: Dossier) -> str:
    """Return the name a dossier's revision belongs under.

    Raises:
        ValueError: The dossier has no identifier or revision that can be.
    """
    return segment_key(dossier.segment, dossier.revision)


def read_dossier(store: ObjectStore, key: str) -> Dossier:
    """Return the dossier's revision named `key`.

    Raises:
        SohoaError: `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return read_document(store, key, Dossier.from_json, dossier_key_of)


def load_dossier(store: ObjectStore, dossier_id: str, revision: int | None = None) -> Dossier | None:
    """Return a dossier's latest revision, or the given one; None when there is none.

    Raises:
        ValueError: `dossier_id` is blank.
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    revisions = _revisions(store, dossier_prefix(dossier_id))
    return revisions.latest() if revision is None else revisions.at(revision)


def load_dossier_by_segment(store: ObjectStore, segment: str) -> Dossier | None:
    """Return the latest revision of the dossier the catalogue or an object name calls `segment`; None when unknown.

    Raises:
        ValueError: `segment` is malformed.
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return _revisions(store, segment_prefix(segment)).latest()


def dossier_history(store: ObjectStore, dossier_id: str) -> tuple[Dossier, ...]:
    """Return all revisions of a dossier, oldest first; empty when the dossier is unknown.

    Raises:
        ValueError: `dossier_id` is blank.
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return _revisions(store, dossier_prefix(dossier_id)).all()


def save_dossier(store: ObjectStore, dossier: Dossier, follows: int | None = None) -> Dossier:
    """Store what became of a dossier as its next revision, unless the latest says the same; return the latest.

    A dossier that papers were erased from stays as it is: the machine would bring them back.

    Args:
        store: Holds the dossiers.
        dossier: What became of it; its own revision number does not matter.
        follows: Number of the revision it was made from, 0 for none: where another is the latest by now, nothing is
            written. None: it follows whatever is there.

    Raises:
        SohoaError: See `Revisions.append`.
    """

    def is_settled(latest: Dossier) -> bool:
        return bool(latest.erasures) or (follows is not None and latest.revision != follows)

    return _revisions(store, dossier_prefix(dossier.dossier_id)).append(dossier, is_settled=is_settled)


def arrange_dossier(store: ObjectStore, dossier: Dossier, expected_revision: int) -> Dossier:
    """Store how a person arranged the revision `expected_revision` of a dossier, and return the new revision.

    Raises:
        SohoaError: `RECORD_CHANGED` when another revision is the latest by now; see `ObjectStore`.
    """
    return _revisions(store, dossier_prefix(dossier.dossier_id)).follow(dossier, expected=expected_revision)


def _revisions(store: ObjectStore, prefix: str) -> Revisions[Dossier]:
    return Revisions(store, prefix, parse_dossier_key, Dossier.from_json, dossier_key_of)
