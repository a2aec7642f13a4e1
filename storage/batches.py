"""Stored batches, as append-only revisions."""

import re
import secrets

from storage.batch import Batch, BatchDossier
from storage.documents import read_document
from storage.key_parsing import parse_batch_key
from storage.keys import batch_key, batch_prefix
from storage.objects import ObjectStore
from storage.revisions import Revisions

_BATCH_ID = re.compile("b[0-9a-f]{24}")


def new_batch_id() -> str:
    """Return a random identifier: it tells nothing of the clerk or the citizens."""
    return f"b{secrets.token_hex(12)}"


def is_batch_id(text: str) -> bool:
    """True for what can identify a batch."""
    return _BATCH_ID.fullmatch(text) is not None


def batch_key_of(batch: Batch) -> str:
    """Return the name a batch's revision belongs under.

    Raises:
        ValueError: The batch has no identifier or revision that can be.
    """
    return batch_key(batch.batch_id, batch.revision)


def read_batch(store: ObjectStore, key: str) -> Batch:
    """Return the batch's revision named `key`.

    Raises:
        SohoaError: `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return read_document(store, key, Batch.from_json, batch_key_of)


def load_batch(store: ObjectStore, batch_id: str) -> Batch | None:
    """Return a batch's latest revision; None when there is none.

    Raises:
        ValueError: `batch_id` is malformed.
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return _revisions(store, batch_id).latest()


def save_batch(store: ObjectStore, batch: Batch) -> Batch:
    """Store a batch as its next revision, unless the latest says the same; return the latest.

    What was erased meanwhile stays erased: of the rest it is told what became of it.

    Raises:
        SohoaError: See `Revisions.append`.
    """
    while True:
        latest = load_batch(store, batch.batch_id)
        following = _after_erasures(batch, latest) if latest is not None and latest.erasures else batch
        saved = _revisions(store, batch.batch_id).append(
            following,
            is_settled=lambda held: held.erasures != following.erasures,  # noqa: B023
        )
        if saved.erasures == following.erasures:
            return saved


def _after_erasures(batch: Batch, latest: Batch) -> Batch:
    """Return what became of a batch, of those dossiers and files that are still named in its latest revision."""
    became = {dossier.dossier_id: dossier for dossier in batch.dossiers}

    def told(dossier: BatchDossier) -> BatchDossier:
        now = became.get(dossier.dossier_id)
        if dossier.is_erased or now is None:
            return dossier
        files = {file.file for file in dossier.files}
        problems = tuple(each for each in now.problems if each.file is None or each.file in files)
        return dossier.model_copy(update={"state": now.state, "problems": problems})

    kept = {"dossiers": tuple(map(told, latest.dossiers)), "erasures": latest.erasures}
    return batch.model_copy(update={**kept, "dossier_code": latest.dossier_code})


def _revisions(store: ObjectStore, batch_id: str) -> Revisions[Batch]:
    return Revisions(store, batch_prefix(batch_id), parse_batch_key, Batch.from_json, batch_key_of)
