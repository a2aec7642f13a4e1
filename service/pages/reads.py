"""The read log for who inspects: who read a person's papers, or a record; when, and for what. The look is logged."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Request, Response

from ocr.messages import MESSAGES
from ocr.problem import Code, SohoaError
from service.access import office_of, principal_of
from service.office import Office
from service.pages.rendering import masked, render
from service.roles import Principal, Role
from service.routes import Routes
from storage.catalogue import RecordRow
from storage.identity import normal_identifier
from storage.read_log.entry import LONGEST_TEXT, ReadEntry, ReadKind, RecordRead, said
from storage.read_log.readers import reads_about

routes = Routes()

AUDITORS = frozenset({Role.AUDITOR})
# What a look is called where it is listed.
KINDS = {
    ReadKind.LOOKUP: "tra cứu cho thủ tục",
    ReadKind.RELATED: "tra cứu cùng người khác",
    ReadKind.RECORD: "xem giấy tờ",
    ReadKind.EXPORT: "xuất dữ liệu",
    ReadKind.SUBJECT: "xem mọi dữ liệu hoặc nhật ký của một người",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: a person's identifier or a record's, and what the inspection is for."""

    subject: str
    record: str
    purpose: str


@routes.get("/reads", roles=AUDITORS)
def reads_page(request: Request) -> Response:
    """Show the form."""
    return render(request, "reads.html", question=Question("", "", ""), wrong={}, entries=None)


@routes.post("/reads", roles=AUDITORS)
def reads(
    request: Request,
    subject: Annotated[str, Form()] = "",
    record: Annotated[str, Form()] = "",
    purpose: Annotated[str, Form()] = "",
) -> Response:
    """List the looks, the newest first; that they were listed is in the read log before."""
    office, principal = office_of(request), principal_of(request)
    question = Question(subject.strip(), record.strip(), said(purpose)[:LONGEST_TEXT])
    wrong: dict[str, str] = {}
    entries: tuple[ReadEntry, ...] | None = None
    if not question.purpose:
        wrong["purpose"] = "Nêu lý do kiểm tra; lý do được ghi vào nhật ký."
    if bool(question.subject) == bool(question.record):
        wrong["subject"] = "Nhập số định danh của một người, hoặc mã một bản ghi."
    if not wrong:
        entries = _asked(office, principal, question, wrong)
    return render(
        request,
        "reads.html",
        status=422 if wrong else 200,
        question=question,
        wrong=wrong,
        entries=entries,
        about=masked(question.subject) or question.record,
        kinds=KINDS,
    )


def _asked(
    office: Office, principal: Principal, question: Question, wrong: dict[str, str]
) -> tuple[ReadEntry, ...] | None:
    """Return the looks that the caller may see; None where `wrong` then says why there are none."""
    subject_key: str | None = None
    held: tuple[RecordRow, ...] = ()
    if question.subject:
        try:
            subject_key = office.identity_key.subject(normal_identifier(question.subject))
        except SohoaError as refused:
            wrong["subject"] = MESSAGES[refused.code].action
            return None
    else:
        row = office.catalogue.record(question.record)
        if row is None:
            wrong["record"] = MESSAGES[Code.RECORD_UNKNOWN].what
            return None
        held = (row,)
    found = reads_about(
        office.store,
        office.catalogue,
        office.read_log,
        subject_key=subject_key,
        record_ids=tuple(row.record_id for row in held),
    )
    office.read_log.append(
        ReadEntry(
            kind=ReadKind.SUBJECT,
            reader=principal.account,
            agency=principal.agency,
            purpose=question.purpose,
            subject_key=subject_key,
            records=tuple(RecordRead(record_id=row.record_id, revision=row.revision) for row in held),
        )
    )
    # Whoever inspects one agency sees what its own people and systems read.
    return tuple(entry for entry in reversed(found) if principal.agency is None or principal.may_see(entry.agency))
