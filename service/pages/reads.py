"""The read log for who inspects: looked through by day, or about one person or record. Every look at it is logged."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Form, Request, Response

from ocr.messages import MESSAGES
from ocr.problem import Code, SohoaError
from service.access import office_of, principal_of
from service.office import Office
from service.pages.reads_asked import LogQuestion, asked_of, nothing_asked
from service.pages.reads_view import KIND_CHOICES, names_of, slip_lines
from service.pages.rendering import VIET_NAM, masked, render
from service.places import cursor_of
from service.roles import Principal, Role
from service.routes import Routes
from storage.catalogue import RecordRow
from storage.identity import normal_identifier
from storage.read_log.entry import LONGEST_TEXT, ReadEntry, ReadKind, RecordRead, said
from storage.read_log.listing import COUNTED, ReadPage, looked_through
from storage.read_log.readers import reads_about
from storage.read_log.state import read_log_state
from storage.read_log.words import KIND_WORDS

routes = Routes()

AUDITORS = frozenset({Role.AUDITOR})
NO_PURPOSE = "Nêu lý do kiểm tra; lý do được ghi vào nhật ký."

Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked about one person or record: an identifier, and what the inspection is for."""

    subject: str
    record: str
    purpose: str


@dataclass(frozen=True, slots=True)
class About:
    """What was found about a person or record.

    Attributes:
        subject_key: What stands for the person in the log; None where a record was asked for.
        records: The person's records, or the one.
        entries: The looks, the newest first.
    """

    subject_key: str | None
    records: tuple[RecordRow, ...]
    entries: tuple[ReadEntry, ...]


@routes.get("/reads", roles=AUDITORS)
def reads_page(request: Request) -> Response:
    """Show the forms, and how the log stands."""
    return _page(request)


@routes.post("/reads/list", roles=AUDITORS)
def list_reads(
    request: Request,
    first: Text = "",
    last: Text = "",
    reader: Text = "",
    agency: Text = "",
    kind: Text = "",
    purpose: Text = "",
    before: Text = "",
) -> Response:
    """Show a page of the looks of some days; that they were looked through is in the read log before."""
    office, principal = office_of(request), principal_of(request)
    question = LogQuestion(first, last, reader.strip(), agency.strip(), kind, said(purpose)[:LONGEST_TEXT], before)
    wrong = {} if question.purpose else {"purpose": NO_PURPOSE}
    asked = asked_of(question, principal, wrong)
    if asked is None or wrong:
        return _page(request, asked=question, wrong=wrong, status=422)
    meant, place = asked
    found = looked_through(office.store, office.catalogue, office.read_log, meant, place)
    _note(office, principal, ReadKind.LOG, question.purpose)
    return _page(request, asked=question, found=found)


@routes.post("/reads", roles=AUDITORS)
def reads(request: Request, subject: Text = "", record: Text = "", purpose: Text = "") -> Response:
    """List the looks at one person's papers, or at one record; that they were listed is in the read log before."""
    question = Question(subject.strip(), record.strip(), said(purpose)[:LONGEST_TEXT])
    wrong: dict[str, str] = {}
    about = _asked(request, question, wrong)
    return _page(request, question=question, about=about, wrong=wrong, status=422 if wrong else 200)


@routes.post("/reads/slip", roles=AUDITORS)
def slip(request: Request, subject: Text = "", purpose: Text = "") -> Response:
    """Show the looks at one person's papers as a slip for that person; that it was made is in the read log before."""
    office, principal = office_of(request), principal_of(request)
    question = Question(subject.strip(), "", said(purpose)[:LONGEST_TEXT])
    wrong: dict[str, str] = {}
    about = _asked(request, question, wrong)
    if about is None or about.subject_key is None:
        return _page(request, question=question, wrong=wrong, status=422)
    return render(
        request,
        "reads_slip.html",
        subject=masked(normal_identifier(question.subject)),
        lines=slip_lines(office, about.subject_key, about.records, about.entries),
        made_at=datetime.now(VIET_NAM),
        agency=principal.agency or office.settings.agency,
        only_agency=principal.agency,
    )


def _page(
    request: Request,
    *,
    question: Question | None = None,
    about: About | None = None,
    asked: LogQuestion | None = None,
    found: ReadPage | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    office = office_of(request)
    entries = about.entries if about is not None else found.entries if found is not None else ()
    asked = asked or nothing_asked()
    return render(
        request,
        "reads.html",
        status=status,
        state=read_log_state(office.settings, office.catalogue, office.read_log),
        question=question or Question("", "", ""),
        is_about=question is not None,
        about=about,
        about_words=masked(question.subject) or question.record if question is not None else "",
        asked=asked,
        found=found,
        # What the buttons that turn pages send again.
        again={name: value for name, value in asdict(asked).items() if name != "before"},
        older=cursor_of(found.next) if found is not None and found.next is not None else None,
        wrong=wrong or {},
        kinds=KIND_WORDS,
        choices=KIND_CHOICES,
        counted_days=COUNTED.days,
        names=names_of(office, entries),
    )


def _asked(request: Request, question: Question, wrong: dict[str, str]) -> About | None:
    """Return the looks that the caller may see; None where `wrong` then says why there are none."""
    office, principal = office_of(request), principal_of(request)
    if not question.purpose:
        wrong["purpose"] = NO_PURPOSE
    if bool(question.subject) == bool(question.record):
        wrong["subject"] = "Nhập số định danh của một người, hoặc mã một bản ghi."
    if wrong:
        return None
    subject_key: str | None = None
    if question.subject:
        try:
            subject_key = office.identity_key.subject(normal_identifier(question.subject))
        except SohoaError as refused:
            wrong["subject"] = MESSAGES[refused.code].action
            return None
        held: tuple[RecordRow, ...] = office.catalogue.holdings_of(subject_key)
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
        record_ids=() if subject_key is not None else (question.record,),
    )
    _note(office, principal, ReadKind.SUBJECT, question.purpose, subject_key, () if subject_key is not None else held)
    # Whoever inspects one agency sees what its own people and systems read.
    return About(subject_key, held, tuple(entry for entry in reversed(found) if principal.may_see(entry.agency)))


def _note(
    office: Office,
    principal: Principal,
    kind: ReadKind,
    purpose: str,
    subject_key: str | None = None,
    records: tuple[RecordRow, ...] = (),
) -> None:
    office.read_log.append(
        ReadEntry(
            kind=kind,
            reader=principal.account,
            agency=principal.agency or office.settings.agency,
            purpose=purpose,
            subject_key=subject_key,
            records=tuple(RecordRead(record_id=row.record_id, revision=row.revision) for row in records),
        )
    )
