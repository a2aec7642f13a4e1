"""Checking a store: every byte against its hash, every document against its schema, every reference against its target.

Other processes may go on writing: what one object refers to is looked up anew before it is called missing.
A record that was stored while its dossier was not yet may be reported as an orphan; that is a warning only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from ocr.problem import Code, Problem, SohoaError
from storage.calibrations import read_calibration
from storage.catalogue import Catalogue
from storage.dossiers import read_dossier
from storage.keys import (
    CALIBRATIONS_PREFIX,
    DOSSIERS_PREFIX,
    PAGES_PREFIX,
    READINGS_PREFIX,
    RECORDS_PREFIX,
    SCANS_PREFIX,
    DossierKey,
    RecordKey,
    parse_calibration_key,
    parse_dossier_key,
    parse_page_key,
    parse_reading_key,
    parse_record_key,
    parse_scan_key,
    record_key,
    scan_key,
    segment_prefix,
)
from storage.objects import ObjectStore
from storage.pages import read_page
from storage.readings import read_reading
from storage.records import latest_revision, read_record
from storage.reindex import Progress
from storage.scans import stored_sha256

_DAMAGE = frozenset({Code.OBJECT_MISSING, Code.OBJECT_DAMAGED})
_PREFIXES = (SCANS_PREFIX, PAGES_PREFIX, READINGS_PREFIX, RECORDS_PREFIX, DOSSIERS_PREFIX, CALIBRATIONS_PREFIX)
T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What checking a store found; every problem starts its `detail` with the name of the object concerned.

    Attributes:
        objects: Number of objects checked.
        damage: `OBJECT_DAMAGED` and `OBJECT_MISSING`: something that was stored cannot be had back as it was.
        warnings: `OBJECT_ORPHANED`: intact, but nothing refers to it, or the catalogue does not know it as it is.
    """

    objects: int
    damage: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def is_intact(self) -> bool:
        """True without damage; warnings do not count."""
        return not self.damage


def verify(store: ObjectStore, catalogue: Catalogue, progress: Progress | None = None) -> VerifyReport:
    """Check every object of the store and the catalogue against it. Changes nothing.

    Args:
        store: What is checked. Every scan is read in full.
        catalogue: Every row must be what the store holds, and every record and dossier must have its row.
        progress: Called with the number of objects checked and the number there are.

    Raises:
        SohoaError: The store or the catalogue cannot be used at all.
    """
    total = sum(1 for prefix in _PREFIXES for _ in store.list(prefix)) if progress is not None else 0
    check = _Check(store, total, progress)
    check.scans()
    check.pages()
    check.readings()
    check.records()
    check.dossiers()
    check.orphans()
    check.calibrations()
    check.catalogue(catalogue)
    damage = tuple(problem for problem in check.findings if problem.code in _DAMAGE)
    warnings = tuple(problem for problem in check.findings if problem.code not in _DAMAGE)
    return VerifyReport(check.objects, damage, warnings)


@dataclass(slots=True)
class _Check:
    """One pass over a store. What is gathered are names only, never content."""

    store: ObjectStore
    total: int
    progress: Progress | None
    objects: int = 0
    findings: list[Problem] = field(default_factory=list)
    held_scans: set[str] = field(default_factory=set)
    latest_records: dict[str, int] = field(default_factory=dict)
    withdrawn: set[tuple[str, int]] = field(default_factory=set)
    latest_dossiers: dict[str, int] = field(default_factory=dict)
    papers_of: dict[str, frozenset[str]] = field(default_factory=dict)

    def scans(self) -> None:
        for key, sha256 in self._objects(SCANS_PREFIX, parse_scan_key):
            self.held_scans.add(sha256)
            if self._read(key, stored_sha256) not in {sha256, None}:
                self._find(Code.OBJECT_DAMAGED, key, "the bytes are not those the name says")

    def pages(self) -> None:
        for key, place in self._objects(PAGES_PREFIX, parse_page_key):
            self._read(key, read_page)
            self._require_scan(key, place.scan_sha256)

    def readings(self) -> None:
        for key, place in self._objects(READINGS_PREFIX, parse_reading_key):
            self._read(key, read_reading)
            self._require_scan(key, place.scan_sha256)

    def records(self) -> None:
        for key, place in self._objects(RECORDS_PREFIX, parse_record_key):
            self._note(self.latest_records, place)
            record = self._read(key, read_record)
            if record is not None and record.withdrawn:
                self.withdrawn.add((record.record_id, record.revision))
            for sha256 in sorted({page.sha256 for page in record.source}) if record else ():
                self._require_scan(key, sha256)

    def dossiers(self) -> None:
        for key, place in self._objects(DOSSIERS_PREFIX, parse_dossier_key):
            is_latest = self._note(self.latest_dossiers, place)
            dossier = self._read(key, read_dossier)
            if dossier is None:
                continue
            for sha256 in sorted({scan.sha256 for scan in dossier.scans}):
                self._require_scan(key, sha256)
            named = frozenset(paper.record_id for paper in dossier.papers)
            for record_id in sorted(named - self.latest_records.keys()):
                self._require_record(key, record_id)
            if is_latest:
                self.papers_of[place.segment] = named

    def orphans(self) -> None:
        """Find records that no dossier names any more and that were not withdrawn when its pages were split anew."""
        named = frozenset[str]().union(*self.papers_of.values())
        named |= {record_id for record_id, revision in self.withdrawn if self.latest_records[record_id] == revision}
        for record_id in sorted(self.latest_records.keys() - named):
            key = record_key(record_id, self.latest_records[record_id])
            self._find(Code.OBJECT_ORPHANED, key, "no dossier names this record")

    def calibrations(self) -> None:
        for key, _ in self._objects(CALIBRATIONS_PREFIX, parse_calibration_key):
            self._read(key, read_calibration)

    def catalogue(self, catalogue: Catalogue) -> None:
        known_records = {row.record_id: row.revision for row in catalogue.records()}
        known_dossiers = {row.dossier_segment: row.revision for row in catalogue.dossiers()}
        self._compare(known_records, self.latest_records, record_key)
        self._compare(known_dossiers, self.latest_dossiers, lambda segment, n: f"{segment_prefix(segment)}r{n}.json")

    def _compare(self, known: dict[str, int], held: dict[str, int], key_at: Callable[[str, int], str]) -> None:
        for name, revision in sorted(known.items()):
            if not self.store.exists(key_at(name, revision)):
                self._find(Code.OBJECT_MISSING, key_at(name, revision), "the catalogue names it")
        for name, revision in sorted(held.items()):
            if known.get(name, 0) < revision:
                self._find(Code.OBJECT_ORPHANED, key_at(name, revision), "not in the catalogue, which needs a reindex")

    def _objects(self, prefix: str, parse_key: Callable[[str], K | None]) -> Iterator[tuple[str, K]]:
        for key in self.store.list(prefix):
            self.objects += 1
            place = parse_key(key)
            if place is None:
                self._find(Code.OBJECT_ORPHANED, key, "not a name this product gives")
            else:
                yield key, place
            if self.progress is not None:
                self.progress(self.objects, max(self.objects, self.total))

    def _read(self, key: str, read: Callable[[ObjectStore, str], T]) -> T | None:
        try:
            return read(self.store, key)
        except SohoaError as error:
            if error.code not in _DAMAGE:
                raise
            self.findings.append(error.problem)
            return None

    def _require_scan(self, key: str, sha256: str) -> None:
        try:
            is_held = sha256 in self.held_scans or self.store.exists(scan_key(sha256))
        except ValueError:
            is_held = False
        if not is_held:
            self._find(Code.OBJECT_MISSING, key, f"scan {sha256} is not held")

    def _require_record(self, key: str, record_id: str) -> None:
        try:
            is_held = latest_revision(self.store, record_id) is not None
        except ValueError:
            is_held = False
        if not is_held:
            self._find(Code.OBJECT_MISSING, key, f"record {record_id} is not held")

    def _find(self, code: Code, key: str, remark: str) -> None:
        self.findings.append(Problem(code=code, detail=f"{key}: {remark}"))

    @staticmethod
    def _note(latest: dict[str, int], place: RecordKey | DossierKey) -> bool:
        name, revision = place
        if revision < latest.get(name, 0):
            return False
        latest[name] = revision
        return True
