"""Planning an erasure: which records may go, which must stay and why, and every object that goes with them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from extractors.record import Record
from ocr.problem import Code, SohoaError
from storage.dossier_segment import dossier_segment
from storage.identity import IdentityKey
from storage.objects import ObjectStore
from storage.records import history, load_record
from storage.rights.erasure import Ground, Kept, KeptReason
from storage.rights.hold import Holds, holds_in
from storage.rights.person import Person, identifier_of
from storage.rights.planned_objects import PlannedObjects, planned_objects
from storage.rights.request import requests_in
from storage.rights.retention import RetentionTable
from storage.rights.scan_uses import Uses, batches_naming, uses_of
from storage.rights.working_days import local_day

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

Pages = frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that might be erased.

    Attributes:
        revisions: All of them, oldest first.
        kept: Why it stays; empty: it goes.
        was_named: True when the decision names it.
    """

    revisions: tuple[Record, ...]
    kept: tuple[Kept, ...]
    was_named: bool

    @property
    def latest(self) -> Record:
        """The record as it stands."""
        return self.revisions[-1]

    @property
    def record_id(self) -> str:
        """Its identifier."""
        return self.latest.record_id


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure would do.

    Attributes:
        person: Whose papers.
        ground: On what ground.
        candidates: The person's records, those that go and those that stay.
        withdrawn: Records of an earlier splitting that go along: nobody decided on them and they tell of erased pages.
        requests: Identifiers of the requests that are emptied.
        segments: Dossiers that are written anew.
        batches: Batches that are written anew: they name a dossier or a scan of these.
        objects: Everything that is erased, and what of it stays.
        to_consider: Records that may be the person's but bear no identifier; a decision may name them.
    """

    person: Person
    ground: Ground
    candidates: tuple[Candidate, ...]
    withdrawn: tuple[str, ...]
    requests: tuple[str, ...]
    segments: tuple[str, ...]
    batches: tuple[str, ...]
    objects: PlannedObjects
    to_consider: tuple[Record, ...]

    @property
    def erased(self) -> tuple[str, ...]:
        """Identifiers of all records that go."""
        return tuple(sorted({*self.withdrawn, *(each.record_id for each in self.candidates if not each.kept)}))

    @property
    def kept(self) -> tuple[Kept, ...]:
        """Everything that stays, and why."""
        return (*(kept for each in self.candidates for kept in each.kept), *self.objects.kept)

    def check(self) -> None:
        """Make sure that the plan may be carried out.

        Raises:
            SohoaError: `RECORD_UNKNOWN` when nothing is held; `ERASURE_REFUSED` with the reasons when nothing may be
                erased, or not what the decision names.
        """
        if not self.candidates:
            raise SohoaError(Code.RECORD_UNKNOWN, detail="nothing is held on this person")
        named = [each for each in self.candidates if each.was_named and each.kept]
        refused = named or ([] if self.erased else self.candidates)
        if refused:
            raise SohoaError(Code.ERASURE_REFUSED, detail="; ".join(_remark(each) for each in refused))


@dataclass(frozen=True, slots=True)
class Planner:
    """What planning needs to know.

    Attributes:
        store: Holds everything.
        catalogue: Tells the person's records; up to date.
        key: Stands for persons in the catalogue.
        retention: The office's periods.
        today: Day by the office's calendar.
    """

    store: ObjectStore
    catalogue: "Catalogue"
    key: IdentityKey
    retention: RetentionTable
    today: date

    def plan(self, person: Person, ground: Ground, named: Sequence[str] = ()) -> Plan:
        """Return what erasing the person's papers, and those the decision names, would do. Changes nothing.

        Raises:
            SohoaError: `RECORD_UNKNOWN` when a named record is not held; `OBJECT_DAMAGED`; see `ObjectStore`.
        """
        holds = Holds.on(holds_in(self.store).all(), self.today)
        found = person_records(self.store, self.catalogue, person)
        for record_id in named:
            if record_id not in found:
                found[record_id] = _held_history(self.store, record_id)
        candidates = tuple(
            Candidate(
                revisions,
                self._kept(revisions, person, ground, holds, was_named=record_id in named),
                record_id in named,
            )
            for record_id, revisions in sorted(found.items())
        )
        going = {each.record_id: each.revisions for each in candidates if not each.kept}
        uses = uses_of(self.store, {sha256 for sha256, _ in pages_of(going.values())})
        withdrawn = self._withdrawn_with(going, uses, holds)
        erased = {**going, **withdrawn}
        requests = tuple(each.case_id for each in requests_in(self.store).all() if each.record_id in erased)
        segments = _segments(erased, uses)
        batches = batches_naming(self.store, segments, uses.scans)
        objects = planned_objects(
            self.store, erased, pages_of(going.values()), uses, self._is_user(erased), segments, batches, requests
        )
        return Plan(
            person,
            ground,
            candidates,
            tuple(sorted(withdrawn)),
            requests,
            segments,
            batches,
            objects,
            self._to_consider(person, candidates, uses),
        )

    def _kept(
        self, revisions: Sequence[Record], person: Person, ground: Ground, holds: Holds, *, was_named: bool
    ) -> tuple[Kept, ...]:
        record = revisions[-1]
        record_id = record.record_id
        kept: list[Kept] = []
        persons = {identifier_of(subject) for each in revisions for subject in each.subjects} - {None}
        keys = {self.key.subject(identifier) for identifier in persons if identifier} | {person.subject_key}
        hold = holds.keeping(record_id, dossier_segment(record.dossier_id), keys)
        if hold is not None:
            kept.append(Kept(reason=KeptReason.HOLD, record_id=record_id, until=hold.until, case_id=hold.case_id))
        retention = self.retention.of(record.paper_type)
        came = local_day(revisions[0].provenance.created_at)
        if not ground.overrides_retention and retention.keeps(came, self.today):
            kept.append(Kept(reason=KeptReason.RETENTION, record_id=record_id, until=retention.last_day(came)))
        if not person.has_paper(record) and any(identifier_of(subject) for subject in record.subjects):
            kept.append(Kept(reason=KeptReason.OTHER_PERSON, record_id=record_id))
        elif not was_named and not record.withdrawn and _is_shared(record, person):
            kept.append(Kept(reason=KeptReason.SHARED, record_id=record_id))
        return tuple(kept)

    def _withdrawn_with(
        self, going: Mapping[str, tuple[Record, ...]], uses: Uses, holds: Holds
    ) -> dict[str, tuple[Record, ...]]:
        """Return the withdrawn records that tell of a page that goes.

        A scan without any other paper goes as a whole, and with it what earlier splittings made of its other pages.
        """
        pages = pages_of(going.values())
        beside: set[str] = set()
        for sha256, use in uses.scans.items():
            others = {record_id for record_ids in use.records.values() for record_id in record_ids} - going.keys()
            if all(self._is_gone_or_withdrawn(record_id) for record_id in others):
                beside |= others
            else:
                beside.update(*(ids for number, ids in use.records.items() if (sha256, number) in pages))
        found: dict[str, tuple[Record, ...]] = {}
        for record_id in sorted(beside - going.keys()):
            revisions = history(self.store, record_id)
            if revisions and revisions[-1].withdrawn:
                record = revisions[-1]
                keys = {self.key.subject(each) for each in map(identifier_of, record.subjects) if each}
                if holds.keeping(record_id, dossier_segment(record.dossier_id), keys) is None:
                    found[record_id] = revisions
        return found

    def _is_gone_or_withdrawn(self, record_id: str) -> bool:
        record = load_record(self.store, record_id)
        return record is not None and (record.is_erased or record.withdrawn)

    def _is_user(self, erased: Collection[str]) -> Callable[[str], bool]:
        """Return a test of whether a record that a dossier names still needs its pages."""

        @cache
        def is_user(record_id: str) -> bool:
            if record_id in erased:
                return False
            record = load_record(self.store, record_id)
            return record is None or not record.is_erased

        return is_user

    def _to_consider(self, person: Person, candidates: Sequence[Candidate], uses: Uses) -> tuple[Record, ...]:
        """Return records without any identifier in the person's dossiers, or of the person's name and birthday."""
        known = {each.record_id for each in candidates}
        beside = {paper.record_id for dossier in uses.latest() for paper in dossier.papers}
        for each in candidates:
            for subject in filter(person.is_named_by, each.latest.subjects):
                if subject.full_name and subject.date_of_birth:
                    keys = self.key.name(subject.full_name), self.key.date_of_birth(subject.date_of_birth)
                    beside.update(self.catalogue.unidentified(*keys))
        found = (load_record(self.store, record_id) for record_id in sorted(beside - known))
        return tuple(
            record
            for record in found
            if record is not None
            and not record.is_erased
            and not record.withdrawn
            and not any(map(identifier_of, record.subjects))
        )


def person_records(store: ObjectStore, catalogue: "Catalogue", person: Person) -> dict[str, tuple[Record, ...]]:
    """Return the records the person is a subject of as they stand, with all revisions; the catalogue tells which.

    Raises:
        SohoaError: `CATALOGUE_FAILED`; `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    record_ids = dict.fromkeys(row.record_id for row in catalogue.holdings_of(person.subject_key))
    found = {record_id: history(store, record_id) for record_id in sorted(record_ids)}
    return {
        record_id: revisions for record_id, revisions in found.items() if revisions and person.has_paper(revisions[-1])
    }


def pages_of(histories: Collection[Sequence[Record]]) -> Pages:
    """Return the pages that records were made from, in any of their revisions."""
    return frozenset(
        (page.sha256, page.page_number) for revisions in histories for record in revisions for page in record.source
    )


def _held_history(store: ObjectStore, record_id: str) -> tuple[Record, ...]:
    try:
        revisions = history(store, record_id)
    except ValueError:
        revisions = ()
    if not revisions or revisions[-1].is_erased:
        raise SohoaError(Code.RECORD_UNKNOWN, detail="a record that the decision names is not held")
    return revisions


def _is_shared(record: Record, person: Person) -> bool:
    """True when the paper is about somebody else as well, by identifier or by name alone."""
    return any(
        not person.is_named_by(subject) and (subject.personal_id or subject.full_name) for subject in record.subjects
    )


def _segments(erased: Mapping[str, Sequence[Record]], uses: Uses) -> tuple[str, ...]:
    """Return the dossiers that name an erased record in any revision."""
    named = {
        segment
        for segment, revisions in uses.dossiers.items()
        for dossier in revisions
        if any(paper.record_id in erased for paper in dossier.papers)
    }
    own = {dossier_segment(revisions[-1].dossier_id) for revisions in erased.values()}
    return tuple(sorted(named | own))


def _remark(candidate: Candidate) -> str:
    reasons = ", ".join(
        f"{kept.reason.value} until {kept.until}" if kept.until else kept.reason.value for kept in candidate.kept
    )
    return f"{candidate.record_id}: {reasons}"
