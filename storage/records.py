"""Stored records: the machine's drafts and what people decided (`storage.decisions`), as append-only revisions."""

from datetime import datetime

from extractors.record import Record, RecordState
from storage.documents import read_document
from storage.key_parsing import parse_record_key
from storage.keys import record_key, record_prefix
from storage.objects import ObjectStore
from storage.revisions import Revisions

# A draft is in one of them. A record in any other state bears a person's decision.
MACHINE_STATES = frozenset({RecordState.NEEDS_REVIEW, RecordState.ACCEPTED})


def record_key_of(record: Record) -> str:
    """Return the name a record's revision belongs under.

    Raises:
        ValueError: The record has no identifier or revision that can be.
    """
    return record_key(record.record_id, record.revision)


def read_record(store: ObjectStore, key: str) -> Record:
    """Return the record's revision named `key`.

    Raises:
        SohoaError: `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return read_document(store, key, Record.from_json, record_key_of)


def latest_revision(store: ObjectStore, record_id: str) -> int | None:
    """Return the number of the latest revision, or None when the record is unknown.

    Raises:
        ValueError: `record_id` is malformed.
    """
    return max(_revisions(store, record_id).keys(), default=None)


def load_record(store: ObjectStore, record_id: str, revision: int | None = None) -> Record | None:
    """Return a record's latest revision, or the given one; None when there is none.

    Raises:
        ValueError: `record_id` is malformed.
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    revisions = _revisions(store, record_id)
    return revisions.latest() if revision is None else revisions.at(revision)


def history(store: ObjectStore, record_id: str) -> tuple[Record, ...]:
    """Return all revisions of a record, oldest first; empty when the record is unknown.

    Raises:
        ValueError: `record_id` is malformed.
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return _revisions(store, record_id).all()


def save_draft(store: ObjectStore, draft: Record) -> Record:
    """Store the machine's result for a paper and return what now holds for it.

    Nothing is written when the latest revision says the same, or when a person has decided on the record.

    Raises:
        ValueError: `draft` has a malformed identifier or a state only a person can give.
        SohoaError: See `Revisions.append`.
    """
    if draft.state not in MACHINE_STATES:
        raise ValueError(f"a draft cannot be {draft.state.value}")
    return _revisions(store, draft.record_id).append(draft, is_settled=is_settled)


def withdraw(store: ObjectStore, record_id: str, at: datetime) -> Record | None:
    """Supersede the machine's record of a paper that the dossier no longer holds, and return the new revision.

    None where there is nothing to withdraw: no record, one withdrawn already, or one a person decided on, which stays.

    Raises:
        ValueError: `record_id` is malformed.
        SohoaError: See `Revisions.append`.
    """
    latest = load_record(store, record_id)
    if latest is None or latest.withdrawn or is_settled(latest):
        return None
    provenance = latest.provenance.model_copy(update={"created_at": at})
    gone = latest.model_copy(update={"state": RecordState.SUPERSEDED, "withdrawn": True, "provenance": provenance})
    return _revisions(store, record_id).append(gone, is_settled=is_settled)


def save_decision(store: ObjectStore, decided: Record, expected_revision: int) -> Record:
    """Store what a person decided on the revision `expected_revision` and return the new revision.

    Raises:
        ValueError: `decided` tells no decision, or has a malformed identifier.
        SohoaError: `RECORD_CHANGED` when another revision is the latest by now; see `ObjectStore`.
    """
    if decided.decision is None:
        raise ValueError("no decision: drafts of the machine are saved by save_draft")
    return _revisions(store, decided.record_id).follow(decided, expected=expected_revision)


def is_settled(record: Record) -> bool:
    """True when a person has decided on the record: no machine result may follow, whatever was decided."""
    return record.decision is not None or (record.state not in MACHINE_STATES and not record.withdrawn)


def _revisions(store: ObjectStore, record_id: str) -> Revisions[Record]:
    return Revisions(store, record_prefix(record_id), parse_record_key, Record.from_json, record_key_of)
