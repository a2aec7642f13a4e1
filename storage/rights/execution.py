"""Carrying out an erasure: the proof first, then everything it names, so that any run finishes what one began."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extractors.record import Record
from ocr.problem import Code, SohoaError
from storage.batches import batch_key_of, load_batch, read_batch
from storage.dossier import Dossier
from storage.dossiers import dossier_key_of, load_dossier_by_segment, read_dossier
from storage.integrity.names import QUARANTINE_PREFIX, quarantined
from storage.key_parsing import parse_batch_key, parse_dossier_key, parse_record_key, parse_scan_key
from storage.keys import (
    ERASURES_PREFIX,
    REQUESTS_PREFIX,
    SCANS_PREFIX,
    batch_prefix,
    case_prefix,
    record_prefix,
    segment_prefix,
)
from storage.objects import ObjectExists, ObjectStore
from storage.records import load_record, record_key_of
from storage.rights.cases import Cases, new_case_id, parse_place
from storage.rights.erased import OF_SCANS, erasures, keys_of, unfinished
from storage.rights.erasure import ErasedObject, Erasure, ErasureState, Readmission, erasures_in
from storage.rights.plan import Plan
from storage.rights.planned_objects import with_quarantine
from storage.rights.request import CorrectionRequest, RequestState, requests_in
from storage.rights.tombstones import batch_without, dossier_without, erased_record
from storage.scans import stored_sha256

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

_MOST_ATTEMPTS = 20


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Eraser:
    """Erases in a store, in the second store where there is one, and in the catalogue.

    Every step may be done again: what is gone already is passed over, and what is left in the place of an erased
    record or dossier is written once.
    """

    store: ObjectStore
    second: ObjectStore | None
    catalogue: "Catalogue"
    # Erases what the desk of the service holds of the same, where there is one.
    forget: Callable[[Erasure], object] | None = None

    def erase(self, plan: Plan, by: str, decision: str) -> Erasure:
        """Carry out a plan and return the proof. Unfinished erasures of before are finished first.

        Args:
            plan: What goes; made of the store as it stands.
            by: Who erases.
            decision: Number and day of the decision.

        Raises:
            SohoaError: `ERASURE_REFUSED`, `RECORD_UNKNOWN`: see `Plan.check`; then nothing was changed.
                The errors of the stores: `resume` goes on where it stopped.
        """
        plan.check()
        if not by.strip() or not decision.strip():
            raise SohoaError(Code.ERASURE_REFUSED, detail="an erasure names who erases and the decision")
        proof = Erasure(
            case_id=new_case_id(),
            subject_key=plan.person.subject_key,
            by=by,
            ground=plan.ground,
            decision=decision,
            started_at=_now(),
            records=plan.erased,
            dossiers=plan.segments,
            batches=plan.batches,
            requests=plan.requests,
            objects=tuple(_described(self.store, key) for key in plan.objects.keys),
            kept=plan.kept,
            in_second_store=self.second is not None,
        )
        return self.carry_out(erasures_in(self.store).open(proof))

    def resume(self) -> tuple[Erasure, ...]:
        """Finish every erasure that was begun, and return them; the second store is told what it does not know yet."""
        done = tuple(self.carry_out(proof) for proof in unfinished(self.store))
        self._tell_second()
        return done

    def reapply(self, proofs: Iterable[Erasure] = ()) -> tuple[Erasure, ...]:
        """Erase again what came back with a restored backup; return the erasures that are now as they were.

        Args:
            proofs: Erasures kept elsewhere, for a backup from before them. Those of the second store are always
                taken into account.
        """
        if self.second is not None:
            _copy_missing(self.second, self.store)
        for proof in proofs:
            self._keep_proof(proof)
        return tuple(self.carry_out(proof) for proof in list(erasures(self.store)))

    def carry_out(self, proof: Erasure) -> Erasure:
        """Erase everything a stored proof names, and return it finished."""
        self._bury(proof)
        proof = self._with_strays(proof)
        graves = set(_graves(self.store, proof))
        if self.second is not None:
            # The copies learn of it before anything is gone: whatever is restored from them, the proof is there.
            _copy(self.store, self.second, [erasures_in(self.store).key_of(proof), *graves])
        for store in self._stores():
            for key in keys_of(proof):
                if key not in graves:
                    _erase(store, key)
            store.remove_leftovers()
        # Who was at work on a scan may have written of it until it was gone; after that, `storage.previews` sees it.
        if (found := self._with_strays(proof)) is not proof:
            return self.carry_out(found)
        if self.forget is not None:
            self.forget(proof)
        return self._finished(proof)

    def _bury(self, proof: Erasure) -> None:
        """Write anew what is erased in part, and what stays in the place of what is erased."""
        for record_id in proof.records:
            record = _bury_record(self.store, record_id, proof)
            if record is not None:
                self.catalogue.project_record(record)
        for segment in proof.dossiers:
            dossier = _bury_dossier(self.store, segment, proof)
            if dossier is not None:
                self.catalogue.project_dossier(dossier)
        for batch_id in proof.batches:
            _bury_batch(self.store, batch_id, proof)
        for case_id in proof.requests:
            _bury_request(self.store, case_id)

    def readmit(self, case_id: str, by: str, reason: str) -> Erasure:
        """Let the scans of a finished erasure be received again, as part of a new dossier; return the proof.

        Raises:
            SohoaError: `CASE_UNKNOWN`; `DECISION_INVALID` when it is not finished, was readmitted, or no reason is
                given.
        """
        self._tell_second()
        cases = erasures_in(self.store)
        proof = cases.latest(case_id)
        if proof.state is not ErasureState.FINISHED or proof.readmission is not None:
            raise SohoaError(Code.DECISION_INVALID, detail="the erasure is not finished, or was readmitted already")
        if not by.strip() or not reason.strip():
            raise SohoaError(Code.DECISION_INVALID, detail="a readmission names who decides and why")
        readmitted = cases.follow(proof, readmission=Readmission(by=by, at=_now(), reason=reason))
        if self.second is not None:
            _copy(self.store, self.second, [cases.key_of(readmitted)])
        return readmitted

    def _with_strays(self, proof: Erasure) -> Erasure:
        """Return the proof with what came under erased names after it was planned; stored before it is removed."""
        named = {each.key for each in proof.objects}
        graves = set(_graves(self.store, proof))
        strays = {
            key: store
            for store in reversed(self._stores())
            for prefix in _prefixes(proof)
            for key in with_quarantine(store, prefix)
            if key not in named and key not in graves
        }
        if not strays:
            return proof
        found = tuple(_described(store, key) for key, store in sorted(strays.items()))
        return erasures_in(self.store).follow(proof, objects=(*proof.objects, *found))

    def _stores(self) -> tuple[ObjectStore, ...]:
        return (self.store,) if self.second is None else (self.store, self.second)

    def _tell_second(self) -> None:
        """Copy the proofs that a killed run stored here and not there."""
        if self.second is not None:
            _copy_missing(self.store, self.second)

    def _finished(self, proof: Erasure) -> Erasure:
        cases = erasures_in(self.store)
        if proof.state is not ErasureState.FINISHED:
            proof = cases.follow(proof, state=ErasureState.FINISHED, finished_at=_now())
        if self.second is not None:
            _copy(self.store, self.second, [cases.key_of(proof)])
        return proof

    def _keep_proof(self, proof: Erasure) -> None:
        """Store a proof that was kept elsewhere, as the revision it was; those before it were beginnings of it."""
        cases = erasures_in(self.store)
        begun = {"state": ErasureState.STARTED, "finished_at": None, "readmission": None}
        for revision in range(1, proof.revision + 1):
            changes = {} if revision == proof.revision else {**begun, "revision": revision}
            kept = proof.model_copy(update=changes)
            with suppress(ObjectExists):
                self.store.create(cases.key_of(kept), kept.to_json())


def _erase(store: ObjectStore, key: str) -> None:
    """Erase an object, with its damaged bytes that a repair put aside."""
    if not key.startswith(QUARANTINE_PREFIX):
        for name in quarantined(store, key):
            store.erase(name)
    store.erase(key)


def _described(store: ObjectStore, key: str) -> ErasedObject:
    try:
        sha256 = stored_sha256(store, key)
    except SohoaError as error:
        if error.code is not Code.OBJECT_DAMAGED:
            raise
        sha256 = None
    return ErasedObject(key=key, sha256=sha256, size_bytes=store.size(key))


def _prefixes(proof: Erasure) -> Iterator[str]:
    yield from map(record_prefix, proof.records)
    yield from map(segment_prefix, proof.dossiers)
    yield from map(batch_prefix, proof.batches)
    yield from (case_prefix(REQUESTS_PREFIX, case_id) for case_id in proof.requests)
    scans = [sha256 for key in keys_of(proof) if (sha256 := parse_scan_key(key)) is not None]
    yield from (f"{prefix}{sha256}/" for sha256 in scans for prefix in OF_SCANS if prefix != SCANS_PREFIX)


def _bury_record(store: ObjectStore, record_id: str, proof: Erasure) -> Record | None:
    """Put the last revision in a record's place; return it, or None where the store does not know the record."""
    for _ in range(_MOST_ATTEMPTS):
        latest = load_record(store, record_id)
        if latest is None or latest.is_erased:
            return latest
        revision = _after(latest.revision, record_prefix(record_id), proof)
        grave = erased_record(latest, proof, revision)
        try:
            store.create(record_key_of(grave), grave.to_json())
        except ObjectExists:
            continue
        return grave
    raise _outrun(record_prefix(record_id))


def _bury_dossier(store: ObjectStore, segment: str, proof: Erasure) -> Dossier | None:
    """Write a dossier anew without what is erased; return it, or None where the store does not know it."""
    scans = {sha256 for key in keys_of(proof) if (sha256 := parse_scan_key(key)) is not None}
    for _ in range(_MOST_ATTEMPTS):
        latest = load_dossier_by_segment(store, segment)
        if latest is None or proof.case_id in latest.erasures:
            return latest
        after = dossier_without(latest, proof, scans, _after(latest.revision, segment_prefix(segment), proof))
        try:
            store.create(dossier_key_of(after), after.to_json())
        except ObjectExists:
            continue
        return after
    raise _outrun(segment_prefix(segment))


def _bury_batch(store: ObjectStore, batch_id: str, proof: Erasure) -> None:
    """Write a batch anew without what is erased."""
    scans = {sha256 for key in keys_of(proof) if (sha256 := parse_scan_key(key)) is not None}
    emptied = (load_dossier_by_segment(store, segment) for segment in proof.dossiers)
    left = {dossier.segment for dossier in emptied if dossier is not None and dossier.papers}
    nameless = set(proof.dossiers) - left
    for _ in range(_MOST_ATTEMPTS):
        latest = load_batch(store, batch_id)
        if latest is None or proof.case_id in latest.erasures:
            return
        after = batch_without(latest, proof, scans, nameless, _after(latest.revision, batch_prefix(batch_id), proof))
        try:
            store.create(batch_key_of(after), after.to_json())
        except ObjectExists:
            continue
        return
    raise _outrun(batch_prefix(batch_id))


def _bury_request(store: ObjectStore, case_id: str) -> None:
    requests: Cases[CorrectionRequest] = requests_in(store)
    try:
        latest = requests.latest(case_id)
    except SohoaError as error:
        if error.code is Code.CASE_UNKNOWN:
            return
        raise
    if latest.state is not RequestState.ERASED:
        emptied = {"says": "", "answer_reason": "", "answered_by": None, "by": ""}
        requests.follow(latest, state=RequestState.ERASED, **emptied)


def _after(revision: int, prefix: str, proof: Erasure) -> int:
    """Return a number after every revision that is there or is named by the proof: a grave must not be erased."""
    named = (
        parse_record_key(each.key) or parse_dossier_key(each.key) or parse_batch_key(each.key) for each in proof.objects
    )
    of_this = [
        place.revision
        for each, place in zip(proof.objects, named, strict=True)
        if place and each.key.startswith(prefix)
    ]
    return max(revision, *of_this, 0) + 1


def _graves(store: ObjectStore, proof: Erasure) -> Iterator[str]:
    """Yield the names of the revisions that stay: what was written in the place of what is erased, and later."""
    for record_id in proof.records:
        record = load_record(store, record_id)
        if record is not None and record.is_erased:
            yield record_key_of(record)
    for segment in proof.dossiers:
        for key in store.list(segment_prefix(segment)):
            if proof.case_id in read_dossier(store, key).erasures:
                yield key
    for batch_id in proof.batches:
        for key in store.list(batch_prefix(batch_id)):
            if proof.case_id in read_batch(store, key).erasures:
                yield key
    for case_id in proof.requests:
        keys = {parse_place(key): key for key in store.list(case_prefix(REQUESTS_PREFIX, case_id))}
        yield from (keys[place] for place in sorted(filter(None, keys))[-1:])


def _copy(source: ObjectStore, target: ObjectStore, keys: Iterable[str]) -> None:
    for key in keys:
        target.put(key, source.get(key))


def _copy_missing(source: ObjectStore, target: ObjectStore) -> None:
    """Copy the proofs of erasures that `target` does not hold."""
    held = set(target.list(ERASURES_PREFIX))
    _copy(source, target, (key for key in source.list(ERASURES_PREFIX) if key not in held))


def _outrun(prefix: str) -> SohoaError:
    detail = f"{prefix}: other writers were faster {_MOST_ATTEMPTS} times"
    return SohoaError(Code.STORE_UNWRITABLE, detail=detail, retryable=True)
