"""How the pages of a dossier belong together: what is shown of it, and putting it together anew.

A paper of the wrong type is arranged too: the same pages with another type.
"""

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from extractors.paper_type import UNKNOWN_PAPER_TYPE
from extractors.record import Record
from ocr.problem import Code, SohoaError
from service.office import Office
from service.review.reading_log import PURPOSE
from service.review.requests import ArrangeRequest
from service.review.shelf import Shelf
from service.review.tasks import state_shown, type_name
from service.roles import Principal
from storage.arrangement import ArrangedPaper, Arrangement
from storage.arranging import arrange
from storage.dossier import Dossier, DossierPaper, PagePlace
from storage.dossier_words import question_words
from storage.dossiers import load_dossier_by_segment
from storage.previews import page_preview
from storage.read_log.entry import ReadKind
from storage.read_log.opening import log_read
from storage.records import is_settled, load_record


def visible_dossier(office: Office, principal: Principal, segment: str) -> Dossier:
    """Return a dossier that the caller may see.

    Raises:
        SohoaError: `DOSSIER_UNKNOWN` where there is none, or it belongs to another agency.
    """
    try:
        dossier = load_dossier_by_segment(office.store, segment)
    except ValueError:
        dossier = None
    if dossier is None or not principal.may_see(dossier.agency):
        raise SohoaError(Code.DOSSIER_UNKNOWN)
    return dossier


def open_dossier(office: Office, shelf: Shelf, principal: Principal, dossier: Dossier) -> dict[str, Any]:
    """Note that the caller opens a dossier, and return its JSON."""
    found = ((paper, load_record(office.store, paper.record_id)) for paper in dossier.papers)
    held = {paper.record_id: record for paper, record in found if record is not None}
    _note(office, shelf, principal, dossier, held)
    papers = [_paper(office, dossier, paper, held.get(paper.record_id)) for paper in dossier.papers]
    return {
        "segment": dossier.segment,
        "dossier_id": dossier.dossier_id,
        "dossier_code": dossier.dossier_code,
        "procedure_code": dossier.procedure_code,
        "agency": dossier.agency,
        "revision": dossier.revision,
        "state": dossier.state.value,
        # Papers and records of the newest arrangement are still being made.
        "to_assemble": dossier.to_assemble,
        "papers": papers,
        "blank": [_page(dossier, place) for place in dossier.blank_pages],
        "failed": [_page(dossier, place) for place in dossier.failed_pages],
        "separators": [_page(dossier, place) for place in dossier.separator_pages],
        "questions": [
            {"page": _page(dossier, question.page), "kind": question.kind.value, "words": question_words(question)}
            for question in dossier.questions
        ],
        "paper_types": [{"id": paper_type.id, "name": paper_type.name} for paper_type in office.paper_types],
    }


def arrange_pages(office: Office, principal: Principal, dossier: Dossier, asked: ArrangeRequest) -> Dossier:
    """Keep how the caller put the pages together, and have the papers made anew.

    Raises:
        SohoaError: `RECORD_CHANGED` where the dossier changed meanwhile; `DECISION_INVALID` for a page that is missing
            or named twice, a type that is not known, or a paper that a person decided on (named in `field`).
    """
    for paper in asked.papers:
        if paper.paper_type is not None and office.paper_type(paper.paper_type) is None:
            raise SohoaError(Code.DECISION_INVALID, field="paper_type", detail="no such paper type")
    try:
        arrangement = Arrangement(
            by=principal.account,
            at=datetime.now(UTC),
            reason=asked.reason.strip(),
            papers=tuple(ArrangedPaper(paper_type=sent.paper_type, pages=tuple(sent.pages)) for sent in asked.papers),
            blank_pages=tuple(asked.blank),
        )
    except ValidationError:
        raise SohoaError(Code.DECISION_INVALID, field="papers", detail="a page is named twice") from None
    arranged = arrange(office.store, office.catalogue, dossier.dossier_id, asked.revision, arrangement)
    office.launcher.assemble(dossier.dossier_id)
    return arranged


def dossier_picture(
    office: Office, shelf: Shelf, principal: Principal, dossier: Dossier, sha256: str, page_number: int
) -> bytes:
    """Return the picture of any page of a dossier, WebP.

    Raises:
        SohoaError: `NOTHING_HERE` where it has no such page or its scan was erased.
    """
    held = {(place.sha256, place.page_number) for place in dossier.page_places()}
    erased = {(place.sha256, place.page_number) for place in dossier.erased_pages}
    if (sha256, page_number) not in held - erased:
        raise SohoaError(Code.NOTHING_HERE, detail="no such page")
    if shelf.shown.find((principal.account, dossier.segment)) is None:
        records = (load_record(office.store, paper.record_id) for paper in dossier.papers)
        _note(office, shelf, principal, dossier, {record.record_id: record for record in records if record is not None})
    try:
        return page_preview(office.store, sha256, page_number)
    except SohoaError as error:
        if error.code is Code.OBJECT_MISSING:
            raise SohoaError(Code.NOTHING_HERE, detail="the scan is not held") from error
        raise


def _note(office: Office, shelf: Shelf, principal: Principal, dossier: Dossier, held: dict[str, Record]) -> None:
    agency = principal.agency or office.settings.agency
    log_read(office.read_log, ReadKind.RECORD, held.values(), reader=principal.account, agency=agency, purpose=PURPOSE)
    shelf.shown.keep((principal.account, dossier.segment), value=True)


def _paper(office: Office, dossier: Dossier, paper: DossierPaper, record: Record | None) -> dict[str, Any]:
    paper_type = record.paper_type if record is not None else paper.paper_type
    return {
        "record_id": paper.record_id,
        "paper_type": paper_type,
        "paper_type_name": type_name(office.paper_type(paper_type), paper_type),
        "is_unknown": paper_type == UNKNOWN_PAPER_TYPE,
        "state": state_shown(record).value if record is not None else None,
        "decided": record is not None and is_settled(record),
        "pages": [_page(dossier, place) for place in paper.pages],
    }


def _page(dossier: Dossier, place: PagePlace) -> dict[str, Any]:
    return {
        "sha256": place.sha256,
        "file": place.file,
        "page_number": place.page_number,
        "picture": f"/dossiers/{dossier.segment}/pictures/{place.sha256}/{place.page_number}.webp",
    }
