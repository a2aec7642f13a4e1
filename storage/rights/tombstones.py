"""What stays in the place of what was erased: a last revision that tells that something was here, and of which kind."""

from collections.abc import Collection
from importlib.metadata import version

from extractors.receipt import RECEIPT
from extractors.record import Decision, DecisionKind, Provenance, Record, RecordState
from storage.batch import Batch, BatchDossier
from storage.dossier import Component, Dossier, DossierState, PagePlace, state_for
from storage.dossier_segment import dossier_segment
from storage.rights.erasure import Erasure


def erased_record(record: Record, erasure: Erasure, revision: int) -> Record:
    """Return the last revision of an erased record: no field, no subject, no file name.

    It is `rejected`: no state a lookup would take as held, and nothing is said about the paper itself.
    """
    segment = record.dossier_id if record.is_erased else dossier_segment(record.dossier_id)
    return Record(
        record_id=record.record_id,
        revision=revision,
        state=RecordState.REJECTED,
        dossier_id=segment,
        paper_type=record.paper_type,
        paper_type_version=record.paper_type_version,
        source=(),
        provenance=Provenance(
            paper_type_fingerprint=record.provenance.paper_type_fingerprint,
            software=f"sohoa {version('sohoa')}",
            created_at=erasure.started_at,
        ),
        decision=Decision(
            kind=DecisionKind.ERASE,
            by=erasure.by,
            at=erasure.started_at,
            reason=erasure.ground.value,
            evidence=(erasure.case_id,),
        ),
    )


def dossier_without(dossier: Dossier, erasure: Erasure, scans: Collection[str], revision: int) -> Dossier:
    """Return a dossier as it is after an erasure.

    Without any paper it tells no name at all. With others it keeps its identifier and the names of the files that
    are kept, which the records of those papers also hold.

    Args:
        dossier: As it stands.
        erasure: Names the records that go.
        scans: SHA-256 of the scans that go.
        revision: Number of the new revision.
    """
    gone = set(erasure.records)
    papers = tuple(paper for paper in dossier.papers if paper.record_id not in gone)
    erased_pages = (place for paper in dossier.papers if paper.record_id in gone for place in paper.pages)
    kept_scans = tuple(scan for scan in dossier.scans if scan.sha256 not in scans)
    files = {scan.file for scan in kept_scans}
    in_papers = {place for paper in papers for place in paper.pages}

    def kept(places: tuple[PagePlace, ...]) -> tuple[PagePlace, ...]:
        return tuple(place for place in places if place.sha256 not in scans)

    failed = kept(dossier.failed_pages)
    erasures = (*dossier.erasures, erasure.case_id)
    problems = tuple(problem for problem in dossier.problems if problem.file is None or problem.file in files)
    best = state_for(kept_scans, papers, failed, problems, erasures)
    after = dossier.model_copy(
        update={
            "revision": revision,
            "state": DossierState.PARTIAL
            if best is DossierState.COMPLETE and dossier.state is DossierState.PARTIAL
            else best,
            "scans": kept_scans,
            "papers": papers,
            "blank_pages": kept(dossier.blank_pages),
            "failed_pages": failed,
            "separator_pages": kept(dossier.separator_pages),
            "erased_pages": kept((*dossier.erased_pages, *erased_pages)),
            "erasures": erasures,
            "questions": tuple(question for question in dossier.questions if question.page in in_papers),
            "components": _components(dossier, papers_left={paper.record_id for paper in papers}),
            "problems": problems,
            # It names pages that are gone, in the words of a person; nothing is assembled any more.
            "arrangement": None,
            "to_assemble": False,
            "created_at": max(erasure.started_at, dossier.created_at),
        }
    )
    return Dossier.from_json((after if papers else _nameless(after, dossier.segment)).to_json())


def batch_without(
    batch: Batch, erasure: Erasure, scans: Collection[str], nameless: Collection[str], revision: int
) -> Batch:
    """Return a batch as it is after an erasure: without the scans that go, and without the names of emptied dossiers.

    Args:
        batch: As it stands.
        erasure: Names the dossiers that were written anew.
        scans: SHA-256 of the scans that go.
        nameless: Segments of the dossiers that no paper is left of.
        revision: Number of the new revision.
    """

    def after(dossier: BatchDossier) -> BatchDossier:
        files = tuple(file for file in dossier.files if file.sha256 not in scans)
        if files and dossier.segment not in nameless:
            names = {file.file for file in files}
            problems = tuple(each for each in dossier.problems if each.file is None or each.file in names)
            return dossier.model_copy(update={"files": files, "problems": problems})
        return BatchDossier(
            dossier_id=dossier.segment,
            files=tuple(file.model_copy(update={"file": file.sha256}) for file in files),
            state=DossierState.ERASED,
        )

    dossiers = tuple(map(after, batch.dossiers))
    written = batch.model_copy(
        update={
            "revision": revision,
            "dossiers": dossiers,
            "dossier_code": None if any(dossier.is_erased for dossier in dossiers) else batch.dossier_code,
            "erasures": (*batch.erasures, erasure.case_id),
            "created_at": max(erasure.started_at, batch.created_at),
        }
    )
    return Batch.from_json(written.to_json())


def _components(dossier: Dossier, papers_left: Collection[str]) -> tuple[Component, ...]:
    """Return what receipts list; a listed paper that was erased is not missing, and an erased receipt lists nothing."""
    receipts = [paper for paper in dossier.papers if paper.paper_type == RECEIPT]
    if any(paper.record_id not in papers_left for paper in receipts):
        return ()
    return tuple(each for each in dossier.components if each.record_id is None or each.record_id in papers_left)


def _nameless(dossier: Dossier, segment: str) -> Dossier:
    """Return a dossier without papers without the names the clerk gave, which may be names of persons."""
    originals = [scan for scan in dossier.scans if scan.duplicate_of is None]

    def renamed(places: tuple[PagePlace, ...]) -> tuple[PagePlace, ...]:
        return tuple(place.model_copy(update={"file": place.sha256}) for place in places)

    return dossier.model_copy(
        update={
            "dossier_id": segment,
            "dossier_code": None,
            "stated_code": None,
            "scans": tuple(scan.model_copy(update={"file": scan.sha256, "problems": ()}) for scan in originals),
            "blank_pages": renamed(dossier.blank_pages),
            "failed_pages": renamed(dossier.failed_pages),
            "separator_pages": renamed(dossier.separator_pages),
            "erased_pages": renamed(dossier.erased_pages),
            "components": (),
            "problems": (),
        }
    )
