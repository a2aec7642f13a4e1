"""Values whose truth is known: of records that people decided, and of dossiers with a truth file."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from extractors.calibration.known import KnownValue
from extractors.calibration.model import Source
from extractors.paper_matching import PaperPlace, match_papers
from extractors.record import Record, RecordState
from extractors.same_value import Value, values_match
from ocr.problem import Code, SohoaError
from storage.dossiers import load_dossier
from storage.key_parsing import parse_record_key
from storage.keys import RECORDS_PREFIX
from storage.objects import ObjectStore
from storage.records import MACHINE_STATES, history


class TruthPaper(BaseModel):
    """One paper of a truth file; what else the file says of it is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    file: str | None = None
    pages: tuple[int, ...] = ()
    fields: dict[str, str | list[str] | None] = Field(default_factory=dict)


_TRUTH: TypeAdapter[dict[str, list[TruthPaper]]] = TypeAdapter(dict[str, list[TruthPaper]])


@dataclass(slots=True)
class KnownValues:
    """Known values and where they come from.

    Attributes:
        source: Counts, for the calibration.
        values: The values.
        paper_types: Fingerprints of the paper types the values were read with, by id.
        record_ids: Of the records they are of.
        absent: Dossiers of the truth file that this store does not hold.
    """

    source: Source
    values: list[KnownValue] = field(default_factory=list)
    paper_types: dict[str, str] = field(default_factory=dict)
    record_ids: set[str] = field(default_factory=set)
    absent: int = 0


def truth_values(store: ObjectStore, truth: bytes) -> KnownValues:
    """Return what the machine read in the dossiers of a truth file, and whether it is right.

    Args:
        store: Holds the dossiers, digitised.
        truth: JSON: dossier id → papers, each with `type`, `fields`, and, where known, `file` and `pages`.

    Raises:
        SohoaError: `SETTING_INVALID` when it is no truth file; the store cannot be read.
    """
    gathered = _Gathered()
    absent = 0
    for dossier_id, papers in _parsed(truth).items():
        dossier = load_dossier(store, dossier_id) if dossier_id.strip() else None
        if dossier is None:
            absent += 1
            continue
        histories = (history(store, paper.record_id) for paper in dossier.papers)
        records = [record for record in map(_last_of_machine, histories) if record is not None]
        places = [_place_of(record) for record in records]
        for paper, index in zip(
            papers, match_papers([_place_in_truth(paper) for paper in papers], places), strict=True
        ):
            if index is not None:
                gathered.add(records[index], paper.type, paper.fields, dossier.recipe)
    return gathered.done("truth", hashlib.sha256(truth).hexdigest(), absent)


def reviewed_values(store: ObjectStore, without: frozenset[str] = frozenset()) -> KnownValues:
    """Return what the machine read in approved records and a person then settled, field by field.

    A field that no person settled is left out: that an accepted value went through unseen says nothing about it. So of
    accepted fields the blind sample is what counts.

    Args:
        store: Holds the records.
        without: Records to leave out, as those whose truth is known otherwise.

    Raises:
        SohoaError: The store cannot be read.
    """
    gathered = _Gathered()
    for record_id in _record_ids(store):
        revisions = history(store, record_id) if record_id not in without else ()
        approved = next((one for one in reversed(revisions) if one.state is RecordState.APPROVED), None)
        if approved is None:
            continue
        read = _last_of_machine(tuple(one for one in revisions if one.revision < approved.revision))
        if read is not None:
            settled = {name: one.value for name, one in approved.fields.items() if one.was_decided_by_person}
            gathered.add(read, approved.paper_type, settled, None)
    return gathered.done("reviewed", None, 0)


@dataclass(slots=True)
class _Gathered:
    values: list[KnownValue] = field(default_factory=list)
    paper_types: dict[str, str] = field(default_factory=dict)
    dossiers: set[str] = field(default_factory=set)
    record_ids: set[str] = field(default_factory=set)
    recipes: set[str] = field(default_factory=set)
    mistyped: int = 0
    without_signals: int = 0

    def add(self, record: Record, true_type: str, truth: Mapping[str, Value], recipe: str | None) -> None:
        self.record_ids.add(record.record_id)
        if record.paper_type != true_type:
            self.mistyped += 1
            return
        for name, read in record.fields.items():
            if read.value is None or name not in truth:
                continue
            if not read.signals:
                self.without_signals += 1
                continue
            right = values_match(name, read.value, truth[name])
            self.values.append(KnownValue(record.dossier_id, record.paper_type, name, read.signals, right))
            self.dossiers.add(record.dossier_id)
            self.paper_types[record.paper_type] = record.provenance.paper_type_fingerprint
        self.recipes |= {recipe} if recipe else set()

    def done(self, kind: str, sha256: str | None, absent: int) -> KnownValues:
        source = Source(
            kind=kind,
            sha256=sha256,
            dossiers=len(self.dossiers),
            papers=len(self.record_ids) - self.mistyped,
            fields=len(self.values),
            mistyped=self.mistyped,
            without_signals=self.without_signals,
            recipes=tuple(sorted(self.recipes)),
        )
        return KnownValues(source, self.values, self.paper_types, self.record_ids, absent)


def _parsed(truth: bytes) -> dict[str, list[TruthPaper]]:
    try:
        return _TRUTH.validate_json(truth)
    except ValueError:  # its message would quote the truth, which is about people
        raise SohoaError(Code.SETTING_INVALID, field="--truth", detail="not a truth file") from None


def _last_of_machine(revisions: Sequence[Record]) -> Record | None:
    # A correction leaves a record in the state it was in: its values are a person's all the same.
    drafts = (one for one in reversed(revisions) if one.state in MACHINE_STATES and one.decision is None)
    return next(drafts, None)


def _place_of(record: Record) -> PaperPlace:
    first = min(record.source, key=lambda page: (page.file, page.page_number))
    return PaperPlace(record.paper_type, first.file, first.page_number)


def _place_in_truth(paper: TruthPaper) -> PaperPlace:
    return PaperPlace(paper.type, paper.file, min(paper.pages, default=None))


def _record_ids(store: ObjectStore) -> Iterator[str]:
    places = (parse_record_key(key) for key in store.list(RECORDS_PREFIX))
    return iter(dict.fromkeys(place.record_id for place in places if place is not None))
