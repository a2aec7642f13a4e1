"""`/v1/records/…/evidence.webp` and `/pages/…`: what a value rests on, as a picture."""

from typing import Annotated

from fastapi import Depends, Path, Response

from extractors.record import Evidence, Record, SourcePage
from ocr.problem import Code, SohoaError
from service.access import Caller, TheOffice
from service.routes import Routes
from service.v1.groups import RECORDS
from service.v1.pictures import Pictures, dossier_of, pictures_of, shown_pages
from service.v1.problems import file_of_record
from service.v1.purpose import AskedPurpose
from service.v1.records import READING, FieldName, RecordId, Revision, read
from storage.previews import page_preview

routes = Routes("/records", [RECORDS])

WEBP = "image/webp"
_PICTURE = file_of_record(WEBP)


@routes.get(
    "/{record_id}/fields/{name}/evidence.webp",
    roles=READING,
    response_class=Response,
    operation_id="getEvidence",
    summary="Ảnh chỗ trên giấy mà giá trị của một trường được đọc",
    description=("Mảnh cắt từ bản quét gốc quanh chỗ có giá trị, xoay cho thẳng; WebP."),
    responses=_PICTURE,
)
def get_evidence(
    record_id: RecordId,
    name: FieldName,
    office: TheOffice,
    caller: Caller,
    purpose: AskedPurpose,
    pictures: Annotated[Pictures, Depends(pictures_of)],
    revision: Revision = None,
) -> Response:
    """Return the cut of the original scan where the value was seen, with a margin, upright; WebP."""
    revisions, view = read(office, caller, purpose, record_id, revision)
    record = revisions[-1]
    field = record.fields.get(name)
    evidence = field.evidence if field is not None else None
    dossier = dossier_of(office, record)
    page = _page_of(record, evidence) if evidence is not None else None
    if evidence is None or page is None or page not in shown_pages(record, dossier, view):
        raise SohoaError(Code.NOTHING_HERE, field=name, detail="seen nowhere on the paper")
    picture = pictures.crop(office.store, page, evidence.box, dossier.recipe if dossier else None)
    return Response(picture, media_type=WEBP)


@routes.get(
    "/{record_id}/pages/{index}.webp",
    roles=READING,
    response_class=Response,
    operation_id="getPage",
    summary="Ảnh một trang của giấy tờ",
    responses=_PICTURE,
)
def get_page(
    record_id: RecordId,
    index: Annotated[int, Path(ge=0, le=99_999, description="Trang thứ mấy của giấy tờ, đếm từ 0.")],
    office: TheOffice,
    caller: Caller,
    purpose: AskedPurpose,
) -> Response:
    """Return a page as the scanner saw it, small enough for a screen; WebP."""
    revisions, view = read(office, caller, purpose, record_id)
    record = revisions[-1]
    page = record.source[index] if index < len(record.source) else None
    if page is None or page not in shown_pages(record, dossier_of(office, record), view):
        raise SohoaError(Code.NOTHING_HERE, detail="no such page")
    try:
        return Response(page_preview(office.store, page.sha256, page.page_number), media_type=WEBP)
    except SohoaError as error:
        if error.code is Code.OBJECT_MISSING:
            raise SohoaError(Code.NOTHING_HERE, detail="the scan is not held") from error
        raise


def _page_of(record: Record, evidence: Evidence) -> SourcePage | None:
    found = (page for page in record.source if (page.file, page.page_number) == (evidence.file, evidence.page_number))
    return next(found, None)
