"""Everything held on a person, gathered for that person: records, who read them, requests, holds, erasures.

What is somebody else's stays out. A paper that is about several persons belongs to each of them as a whole; a paper
of somebody else in the same dossier or the same scan does not. Names of folders and files are given by clerks and may
be names of others: dossiers are told by code, files by the hash of their bytes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from extractors.record import Record
from storage.dossier import Dossier, QuestionKind
from storage.dossier_segment import dossier_segment
from storage.dossiers import dossier_history
from storage.objects import ObjectStore
from storage.read_log.entry import ReadEntry
from storage.rights.erased import erasures
from storage.rights.erasure import Erasure
from storage.rights.hold import Hold, holds_in
from storage.rights.person import Person
from storage.rights.plan import person_records
from storage.rights.request import CorrectionRequest, requests_in

if TYPE_CHECKING:
    from storage.catalogue import Catalogue

# So many digits of a hash tell the files of one person apart.
_FILE_DIGITS = 12
Page = tuple[str, int]


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """One paper of the person.

    Attributes:
        record: Its record as it stands.
        revisions: All revisions, oldest first.
        dossier: The dossier it came in, as it stands; None where only the record is held.
        received_at: When the dossier first came.
        pages: Scan and page number of the pages that may be shown: those that are this paper's and nothing else's.
        pages_left_out: Number of pages that may also carry another paper.
    """

    record: Record
    revisions: tuple[Record, ...]
    dossier: Dossier | None
    received_at: datetime | None
    pages: tuple[Page, ...]
    pages_left_out: int

    @property
    def is_draft_without_pages(self) -> bool:
        """True for what an earlier splitting made: its pages are other papers now, so its content is not shown."""
        return self.record.withdrawn


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is handed to the person."""

    person: Person
    made_at: datetime
    papers: tuple[HeldPaper, ...]
    reads: tuple[ReadEntry, ...]
    requests: tuple[CorrectionRequest, ...]
    holds: tuple[Hold, ...]
    erasures: tuple[Erasure, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it for programs (schema `sohoa.subject-export/1`)."""
        return {
            "schema": "sohoa.subject-export/1",
            "subject": self.person.identifier,
            "made_at": self.made_at.isoformat(),
            "records": [_paper_json(paper) for paper in self.papers],
            "reads": [each.model_dump(mode="json", by_alias=True, exclude={"subject_key"}) for each in self.reads],
            "requests": [each.model_dump(mode="json", by_alias=True) for each in self.requests],
            "holds": [each.model_dump(mode="json", by_alias=True, exclude={"subject_key"}) for each in self.holds],
            "erasures": [_erasure_json(each) for each in self.erasures],
        }


def held_papers(store: ObjectStore, catalogue: "Catalogue", person: Person) -> tuple[HeldPaper, ...]:
    """Return the person's papers, the latest received first.

    Raises:
        SohoaError: `CATALOGUE_FAILED`; `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    found = [_held(store, revisions) for revisions in person_records(store, catalogue, person).values()]
    return tuple(sorted(found, key=lambda paper: paper.revisions[0].provenance.created_at, reverse=True))


def cases_about(
    store: ObjectStore, person: Person, papers: Sequence[HeldPaper]
) -> tuple[tuple[CorrectionRequest, ...], tuple[Hold, ...], tuple[Erasure, ...]]:
    """Return requests, holds and erasures that concern the person or the papers, in the order they came.

    Raises:
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    record_ids = {paper.record.record_id for paper in papers}
    segments = {dossier_segment(paper.record.dossier_id) for paper in papers}
    requests = (each for each in requests_in(store).all() if each.record_id in record_ids)
    holds = (
        each
        for each in holds_in(store).all()
        if each.subject_key == person.subject_key or each.record_id in record_ids or each.dossier_segment in segments
    )
    erased = (each for each in erasures(store) if each.subject_key == person.subject_key)
    return (
        tuple(sorted(requests, key=lambda each: each.at)),
        tuple(sorted(holds, key=lambda each: each.at)),
        tuple(sorted(erased, key=lambda each: each.started_at)),
    )


def file_code(sha256: str) -> str:
    """Return what a file is called towards the person."""
    return sha256[:_FILE_DIGITS]


def _held(store: ObjectStore, revisions: tuple[Record, ...]) -> HeldPaper:
    record = revisions[-1]
    dossiers = dossier_history(store, record.dossier_id)
    dossier = dossiers[-1] if dossiers else None
    own = own_pages(record, dossier)
    shown = without_doubtful(own, dossier)
    return HeldPaper(
        record=record,
        revisions=revisions,
        dossier=dossier,
        received_at=dossiers[0].created_at if dossiers else None,
        pages=shown,
        pages_left_out=len(own) - len(shown),
    )


def own_pages(record: Record, dossier: Dossier | None) -> tuple[Page, ...]:
    """Return the pages of a record that its dossier, as it stands, gives to it; none of a withdrawn one."""
    given = {
        (place.sha256, place.page_number)
        for paper in (dossier.papers if dossier else ())
        if paper.record_id == record.record_id
        for place in paper.pages
    }
    return tuple((page.sha256, page.page_number) for page in record.source if (page.sha256, page.page_number) in given)


def without_doubtful(pages: Collection[Page], dossier: Dossier | None) -> tuple[Page, ...]:
    """Return the pages without those on which two papers may stand: the other may be somebody else's."""
    questions = dossier.questions if dossier else ()
    doubtful = {
        (question.page.sha256, question.page.page_number)
        for question in questions
        if question.kind is QuestionKind.TWO_PAPERS
    }
    return tuple(page for page in pages if page not in doubtful)


def _paper_json(paper: HeldPaper) -> dict[str, Any]:
    record = paper.record
    facts = {
        "record_id": record.record_id,
        "paper_type": record.paper_type,
        "state": record.state.value,
        "withdrawn": record.withdrawn,
        "dossier": dossier_segment(record.dossier_id),
        "dossier_code": record.dossier_code,
        "procedure_code": paper.dossier.procedure_code if paper.dossier else None,
        "received_at": paper.received_at.isoformat() if paper.received_at else None,
        "pages": [{"file": file_code(sha256), "page_number": number} for sha256, number in paper.pages],
        "pages_left_out": paper.pages_left_out,
    }
    pages = {(page.sha256, page.page_number) for page in record.source}
    return {**facts, "revisions": [_revision_json(paper, revision, pages) for revision in paper.revisions]}


def _revision_json(paper: HeldPaper, revision: Record, pages: Collection[Page]) -> dict[str, Any]:
    """Return one revision; of one made from pages that are not this paper's any more, only that it was there."""
    is_own = {(page.sha256, page.page_number) for page in revision.source} <= set(pages)
    if paper.is_draft_without_pages or not is_own:
        made_at = revision.provenance.created_at.isoformat()
        return {"revision": revision.revision, "state": revision.state.value, "created_at": made_at}
    codes = {page.file: file_code(page.sha256) for page in revision.source}
    told: dict[str, Any] = _without_names(revision.model_dump(mode="json", by_alias=True), codes)
    return {**told, "dossier_id": dossier_segment(revision.dossier_id)}


def _without_names(value: Any, codes: Mapping[str, str]) -> Any:
    """Return stored JSON with the names of files replaced."""
    if isinstance(value, list):
        return [_without_names(each, codes) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: codes.get(str(each), "?") if key == "file" and each is not None else _without_names(each, codes)
        for key, each in value.items()
    }


def _erasure_json(erasure: Erasure) -> dict[str, Any]:
    """Return an erasure without the names of objects, which tell the person nothing."""
    told = erasure.model_dump(mode="json", by_alias=True, exclude={"objects", "subject_key", "kept"})
    return {**told, "objects": len(erasure.objects)}
