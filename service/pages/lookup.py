"""The once-only question at the counter: what need not be brought again, what must be, and a slip that says so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from extractors.kinds.date import parse_date
from ocr.messages import MESSAGES
from ocr.problem import Code, Problem, SohoaError
from service.access import office_of, principal_of
from service.errors import PROBLEM_MEDIA_TYPE, problem_body
from service.pages.lookup_view import answer_view
from service.pages.rendering import VIET_NAM, render
from service.roles import Role
from service.routes import Routes
from storage.identity import normal_identifier
from storage.lookup import lookup
from storage.lookup_answer import LookupRequest
from storage.lookup_words import ROLES
from storage.procedure_list import ProcedureList
from storage.procedures import list_procedures
from storage.read_log.entry import LONGEST_TEXT, said

routes = Routes()

ASKING = frozenset({Role.CLERK, Role.STEWARD})
PURPOSES = (
    "Tiếp nhận hồ sơ một cửa",
    "Kiểm tra thành phần hồ sơ trước khi tiếp nhận",
    "Giải quyết hồ sơ đã tiếp nhận",
    "Trả lời người dân về giấy tờ còn phải nộp",
)
_LISTED = 12
_FIELDS = ("subject", "procedure", "purpose", "on", "name", "birth", "dossier_code", "role")
_OTHER = "other_"


async def _form_of(request: Request) -> FormData:
    return await request.form()


def procedure_list(request: Request) -> ProcedureList:
    """Return the procedures to search in; kept with the application."""
    kept: ProcedureList | None = getattr(request.app.state, "procedure_list", None)
    if kept is None:
        store = office_of(request).store
        kept = request.app.state.procedure_list = ProcedureList(lambda: list_procedures(store))
    return kept


@routes.get("/lookup", roles=ASKING)
def lookup_page(request: Request) -> Response:
    """Show the form."""
    return _page(request, {})


@routes.get("/lookup/procedures", roles=ASKING)
def procedures(request: Request, q: str = "") -> Response:
    """Give the procedures that have the words of `q` in code or name, for the list below the input."""
    found = procedure_list(request).search(q[:LONGEST_TEXT], _LISTED)
    shown = [{"code": each.code, "name": each.name, "field": each.field, "roles": _roles(each.roles)} for each in found]
    return JSONResponse({"procedures": shown})


@routes.post("/lookup/answer", roles=ASKING)
def answer(request: Request, form: Annotated[FormData, Depends(_form_of)]) -> Response:
    """Answer; who looked, and what for, is in the read log before. Identifiers come in the body alone.

    Scripts get the answer as a part of a page, or what is wrong as a problem whose `wrong` names the inputs.
    """
    given = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    wrong: dict[str, str] = {}
    asked = _asked(request, given, wrong)
    found = None
    if asked is not None and not wrong:
        found = _look(request, asked, wrong)
    of_script = "hx-request" in request.headers
    if wrong and of_script:
        body = {**problem_body(Problem(code=Code.REQUEST_INVALID)), "wrong": wrong}
        return JSONResponse(body, body["status"], media_type=PROBLEM_MEDIA_TYPE)
    if found is None or not of_script:
        return _page(request, given, wrong, found)
    return render(request, "lookup_answer.html", **found)


def _asked(request: Request, given: Mapping[str, str], wrong: dict[str, str]) -> LookupRequest | None:
    """Return the question, or None where `wrong` then says why there is none."""
    # Scanners of card codes type all of the code: the identifier comes first.
    subject = _identifier(given.get("subject", "").partition("|")[0], "subject", wrong)
    if not said(given.get("purpose", "")):
        wrong["purpose"] = "Nêu mục đích tra cứu; mục đích được ghi vào nhật ký."
    elif len(given["purpose"]) > LONGEST_TEXT:
        wrong["purpose"] = f"Mục đích dài quá {LONGEST_TEXT} ký tự."
    code = given.get("procedure", "").partition("·")[0].strip()
    if not code:
        wrong["procedure"] = "Chọn thủ tục."
    on = _date(given.get("on", ""), "on", wrong, is_whole=True) or datetime.now(VIET_NAM).date().isoformat()
    birth = _date(given.get("birth", ""), "birth", wrong, is_whole=False)
    others = {
        role: _identifier(given[_OTHER + role], _OTHER + role, wrong)
        for role in ROLES
        if given.get(_OTHER + role, "").strip()
    }
    if wrong:
        return None
    principal = principal_of(request)
    return LookupRequest(
        subject=subject,
        procedure=code,
        on=datetime.fromisoformat(on).date(),
        purpose=given["purpose"],
        reader=principal.account,
        agency=principal.agency or office_of(request).settings.agency,
        dossier_code=given.get("dossier_code", "").strip()[:LONGEST_TEXT] or None,
        name=said(given.get("name", ""))[:LONGEST_TEXT] or None,
        birth=birth,
        role=given.get("role") if given.get("role") in ROLES else None,
        others=others,
        approved_only="approved_only" in given,
    )


def _look(request: Request, asked: LookupRequest, wrong: dict[str, str]) -> dict[str, Any] | None:
    office = office_of(request)
    try:
        found = lookup(office.catalogue, office.procedures, office.read_log, office.identity_key, asked)
    except SohoaError as error:
        if error.code is not Code.PROCEDURE_UNKNOWN:
            raise
        wrong["procedure"] = "Không có thủ tục mang mã này; chọn trong danh sách."
        return None
    names = {paper_type.id: paper_type.name for paper_type in office.paper_types}
    view = answer_view(found, lambda paper_type: names.get(paper_type, paper_type))
    return {"answer": view, "agency": asked.agency, "at": datetime.now(VIET_NAM)}


def _page(
    request: Request,
    given: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    found: Mapping[str, Any] | None = None,
) -> Response:
    values = {name: given.get(name, "") for name in _FIELDS}
    return render(
        request,
        "lookup.html",
        status=422 if wrong else 200,
        given=values,
        others={role: given.get(_OTHER + role, "") for role in ROLES},
        approved_only="approved_only" in given,
        wrong=wrong or {},
        purposes=PURPOSES,
        role_words=ROLES,
        found=found,
        **(found or {"answer": None, "agency": None, "at": None}),
    )


def _roles(asked: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the persons beside the applicant, each with what people call them; parents one by one."""
    each = [one for role in asked for one in (("mother", "father") if role == "parents" else (role,))]
    return [{"role": role, "words": ROLES[role]} for role in dict.fromkeys(each) if role in ROLES]


def _identifier(text: str, name: str, wrong: dict[str, str]) -> str:
    try:
        return normal_identifier(text)
    except SohoaError:
        message = MESSAGES[Code.SUBJECT_INVALID]
        wrong[name] = message.action if not text.strip() else f"{message.what} {message.action}"
        return ""


def _date(text: str, name: str, wrong: dict[str, str], *, is_whole: bool) -> str | None:
    """Return a date as ISO 8601, however it was written; None where none was given."""
    if not text.strip():
        return None
    parsed = parse_date(text)
    if not isinstance(parsed.value, str) or (is_whole and parsed.partial):
        wrong[name] = "Ghi ngày dạng ngày/tháng/năm, ví dụ 06/05/1990."
        return None
    return parsed.value
