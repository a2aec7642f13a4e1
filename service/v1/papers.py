"""`/v1/records/…/paper.pdf`: a paper as a file that can be searched."""

from fastapi import Response

from ocr.problem import Code, SohoaError
from service.access import Caller, TheOffice
from service.routes import Routes
from service.v1.groups import RECORDS
from service.v1.pictures import dossier_of, shown_pages
from service.v1.problems import file_of_record
from service.v1.purpose import AskedPurpose
from service.v1.records import READING, RecordId, read
from storage.paper_pdf import paper_pdf, pdf_of_pages

routes = Routes("/records", [RECORDS])

PDF = "application/pdf"


@routes.get(
    "/{record_id}/paper.pdf",
    roles=READING,
    response_class=Response,
    operation_id="getPaper",
    summary="Giấy tờ dưới dạng PDF hai lớp: ảnh trang và chữ tìm được",
    description=("Làm một lần rồi giữ trong kho. Cơ quan khác không nhận trang có thể có giấy tờ thứ hai."),
    responses=file_of_record(PDF),
)
def get_paper(record_id: RecordId, office: TheOffice, caller: Caller, purpose: AskedPurpose) -> Response:
    """Return the pages of a paper with the recognised words over them, unseen; made once and kept.

    To another agency pages on which a second paper may stand are left out.
    """
    revisions, view = read(office, caller, purpose, record_id)
    record = revisions[-1]
    pages = shown_pages(record, dossier_of(office, record), view)
    if not pages:
        raise SohoaError(Code.NOTHING_HERE, detail="no page to show")
    paper_type = office.paper_type(record.paper_type)
    title = paper_type.name if paper_type is not None else record.paper_type
    try:
        if pages == record.source:
            made = paper_pdf(office.store, record, title)
        else:
            made = pdf_of_pages(office.store, record, pages, title)
    except SohoaError as error:
        if error.code is Code.OBJECT_MISSING:
            raise SohoaError(Code.NOTHING_HERE, detail="a scan is not held") from error
        raise
    headers = {"Content-Disposition": f'inline; filename="{record_id}.pdf"'}
    return Response(made, media_type=PDF, headers=headers)
