"""Checking a store: every byte against its hash, every document against its schema, every reference against its target.

Other processes may go on writing: what one object refers to is looked up anew before it is called missing.
A record that was stored while its dossier was not yet may be reported as an orphan; that is a warning only.
A pass over a big store may be stopped and resumed: how far it came is in the ledger, and memory holds no list of names.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import dropwhile
from typing import Any

from extractors.record import Record
from ocr.problem import Code
from storage.catalogue import Catalogue
from storage.dossier import Dossier
from storage.erased import erased_keys
from storage.integrity.findings import Finding, VerifyReport, suppress_damage
from storage.integrity.kinds import KINDS, Kind
from storage.integrity.ledger import Ledger
from storage.integrity.looking import Seen, in_order, look
from storage.integrity.pace import Pace
from storage.integrity.references import Reference, references
from storage.keys import record_key, segment_prefix
from storage.links import Link, unfinished_links
from storage.objects import ObjectStore
from storage.records import latest_revision, load_record
from storage.reindex import Progress
from storage.rights.erased import returned_keys

__all__ = ["VerifyReport", "verify"]

# Reading waits for the disk or the network; checking what was read takes a core.
READING_THREADS = 4
_OBJECTS_BETWEEN_SAVES = 500


def verify(
    store: ObjectStore,
    catalogue: Catalogue,
    progress: Progress | None = None,
    *,
    ledger: Ledger | None = None,
    pace: Pace | None = None,
    threads: int = READING_THREADS,
    resume: bool = False,
    is_over: Callable[[], bool] = lambda: False,
) -> VerifyReport:
    """Check every object of the store and the catalogue against it. Changes nothing but the ledger.

    Args:
        store: What is checked. Every object is read in full.
        catalogue: Every row must be what the store holds, and every record and dossier must have its row.
        progress: Called with the number of objects checked and the number there are.
        ledger: What earlier passes saw; without one nothing can be told of what was changed but still parses.
        pace: How fast the store is read; None: as fast as it goes.
        threads: How many objects are read at the same time.
        resume: Go on with the last pass where it was stopped, if it was.
        is_over: Asked after every object: when true the pass stops in order, to be resumed.

    Raises:
        SohoaError: The store, the catalogue or the ledger cannot be used at all.
    """
    total = sum(1 for kind in KINDS for _ in store.list(kind.prefix)) if progress is not None else 0
    ledger = ledger or Ledger.in_memory()
    one_pass = _Pass(store, ledger, partial(look, store, pace=pace or Pace()), threads, total, progress, is_over)
    place = ledger.begin(resume=resume)
    try:
        complete = one_pass.run(catalogue, *place)
        report = VerifyReport(
            sum(count.objects for count in ledger.counts()),
            ledger.findings(),
            ledger.counts(),
            complete=complete,
            first_seen=ledger.first_seen(),
        )
        if complete:
            ledger.end()
    finally:
        ledger.stop()
    return report


@dataclass(slots=True)
class _Pass:
    """One pass over a store."""

    store: ObjectStore
    ledger: Ledger
    look: Callable[[Kind, str], Seen]
    threads: int
    total: int
    progress: Progress | None
    is_over: Callable[[], bool]
    objects: int = 0
    erased: frozenset[str] = field(default_factory=frozenset)

    def run(self, catalogue: Catalogue, last_kind: str, last_key: str) -> bool:
        """Check what comes after the given place; False when the pass was stopped."""
        self.erased = erased_keys(self.store)
        self.objects = sum(count.objects for count in self.ledger.counts())
        if last_kind:
            self._look_again()
        names = [kind.name for kind in KINDS]
        for kind in KINDS[names.index(last_kind) if last_kind else 0 :]:
            if not self._kind(kind, last_key if kind.name == last_kind else ""):
                return False
        self._gaps()
        self._orphans()
        self._links()
        self._gone()
        self._catalogue(catalogue)
        self._settle_erased()
        return True

    def _kind(self, kind: Kind, last_key: str) -> bool:
        keys: Iterable[str] = self.store.list(kind.prefix)
        if last_key:
            keys = dropwhile(lambda key: key <= last_key, keys)
        self.ledger.save(kind.name, last_key)
        for unsaved, (key, seen) in enumerate(in_order(partial(self._one, kind), keys, self.threads), start=1):
            self._enter(kind, key, seen)
            self.objects += 1
            if self.progress is not None:
                self.progress(self.objects, max(self.objects, self.total))
            is_over = self.is_over()
            if is_over or unsaved % _OBJECTS_BETWEEN_SAVES == 0:
                self.ledger.save(kind.name, key)
            if is_over:
                return False
        return True

    def _one(self, kind: Kind, key: str) -> tuple[str, Seen | None]:
        return key, self.look(kind, key) if kind.parse_key(key) is not None else None

    def _enter(self, kind: Kind, key: str, seen: Seen | None) -> None:
        if seen is None:
            self.ledger.enter(kind.name, Seen(key, fault="foreign"), is_derived=False)
            self._find(Code.OBJECT_ORPHANED, key, "not a name this product gives")
            return
        first_seen = self.ledger.enter(kind.name, seen, is_derived=kind.is_derived)
        if seen.fault:
            self._find(seen.code, key, seen.fault, key)
        elif first_seen is not None:
            self._find(Code.OBJECT_DAMAGED, key, f"was changed since it was first seen on {first_seen}", key)
        self._refer(kind, kind.parse_key(key), seen)

    def _refer(self, kind: Kind, place: Any, seen: Seen) -> None:
        """Check what an object refers to, and note what others may refer to."""
        for reference in references(kind, place, seen.document):
            if not self._is_held(reference):
                code = Code.OBJECT_ORPHANED if reference.may_come else Code.OBJECT_MISSING
                self._find(code, seen.key, reference.remark, reference.wanted)
        if kind.revises is None:
            return
        record: Record | None = seen.document if kind.name == "records" else None
        withdrawn = record is not None and (record.withdrawn or record.is_erased)
        if record is not None and (record.supersedes or record.superseded_by is not None):
            self.ledger.note_link(record.record_id)
        is_latest = self.ledger.note_revision(kind.name, *kind.revises(place), withdrawn=withdrawn)
        dossier: Dossier | None = seen.document if kind.name == "dossiers" else None
        if is_latest and dossier is not None:
            self.ledger.name_records(place[0], {paper.record_id for paper in dossier.papers})

    def _is_held(self, reference: Reference) -> bool:
        wanted = reference.wanted
        if wanted is None:
            return False
        if reference.owner is not None:
            return self.ledger.knows_owner("records", reference.owner) or any(self.store.list(wanted))
        return self.ledger.was_seen(wanted) or self.store.exists(wanted)

    def _gaps(self) -> None:
        """Find revisions that are missing before a later one: they are made in order and never removed."""
        prefixes = {kind.name: kind.prefix for kind in KINDS}
        for kind, owner, latest in self.ledger.with_gaps():
            folder = f"{prefixes[kind]}{owner}/" if owner else prefixes[kind]
            for key in (f"{folder}r{revision}.json" for revision in range(1, latest)):
                if not self.ledger.was_seen(key) and not self.store.exists(key):
                    self._find(Code.OBJECT_MISSING, key, "a later revision is held", key)

    def _orphans(self) -> None:
        """Find records that no dossier names any more and that were not withdrawn when its pages were split anew."""
        for record_id, revision in self.ledger.unnamed_records():
            self._find(Code.OBJECT_ORPHANED, record_key(record_id, revision), "no dossier names this record")

    def _links(self) -> None:
        """Find records of which one took the place of the other, and only one of the two says so."""
        for link in one_sided_links(self.store, self.ledger):
            latest = latest_revision(self.store, link.old) or 1
            remark = f"its link with record {link.new} stands on one side only"
            self._find(Code.LINK_UNFINISHED, record_key(link.old, latest), remark)

    def _gone(self) -> None:
        """Find what an earlier pass saw and is held no longer, whether anything refers to it or not."""
        for key in self.ledger.gone():
            if key not in self.erased and not self.store.exists(key):
                self.ledger.condemn(key)
                self._find(Code.OBJECT_MISSING, key, "was held when the store was last checked", key)

    def _catalogue(self, catalogue: Catalogue) -> None:
        known: dict[str, tuple[Iterator[tuple[str, int]], Callable[[str, int], str]]] = {
            "records": (((row.record_id, row.revision) for row in catalogue.records()), record_key),
            "dossiers": (
                ((row.dossier_segment, row.revision) for row in catalogue.dossiers()),
                lambda segment, revision: f"{segment_prefix(segment)}r{revision}.json",
            ),
        }
        for kind, (rows, key_at) in known.items():
            self.ledger.note_catalogue(kind, rows)
            for owner, revision in self.ledger.ahead_in_catalogue(kind):
                key = key_at(owner, revision)
                if not self.store.exists(key):
                    self._find(Code.OBJECT_MISSING, key, "the catalogue names it", key)
            for owner, revision in self.ledger.behind_in_catalogue(kind):
                self._find(Code.OBJECT_ORPHANED, key_at(owner, revision), "not in the catalogue, which needs a reindex")

    def _look_again(self) -> None:
        """Forget what an earlier part of this pass found and was mended since."""
        self.ledger.drop([finding for finding in self.ledger.findings() if not self._holds(finding)])

    def _holds(self, finding: Finding) -> bool:
        wanted = finding.wanted
        if finding.code is not Code.OBJECT_MISSING or wanted is None:
            return True
        return not (any(self.store.list(wanted)) if wanted.endswith("/") else self.store.exists(wanted))

    def _settle_erased(self) -> None:
        """Forget what was erased, also while this pass went on: that is no damage."""
        self.erased = erased_keys(self.store)
        # The same paper may have been received anew since.
        self.ledger.forget(key for key in self.erased if not self.store.exists(key))
        self.ledger.drop([finding for finding in self.ledger.findings() if self._is_of_erased(finding)])
        for key in returned_keys(self.store):
            self._find(Code.ERASED_RETURNED, key, "was erased under a decision")

    def _find(self, code: Code, key: str, remark: str, wanted: str | None = None) -> None:
        self.ledger.find(Finding(code, key, remark, wanted))

    def _is_of_erased(self, finding: Finding) -> bool:
        wanted = finding.wanted
        if wanted is not None and wanted.endswith("/"):
            return any(key.startswith(wanted) for key in self.erased)
        return finding.key in self.erased or wanted in self.erased


def one_sided_links(store: ObjectStore, ledger: Ledger) -> tuple[Link, ...]:
    """Return the links between records that one side alone tells, of those that the last pass came by."""

    def latest(record_id: str) -> Record | None:
        with suppress_damage():  # which is told of by itself
            return load_record(store, record_id)
        return None

    records = [record for record in map(latest, ledger.linked_records()) if record is not None]
    # What was erased can tell nothing any more.
    told = ((link, latest(link.old)) for link in unfinished_links(records))
    return tuple(link for link, old in told if old is not None and not old.is_erased)
