"""Separator sheets to print: laid between papers, they let a whole bundle be scanned in one go."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Form, Request, Response

from extractors.splitting.separator_sheets import separator_pdf
from extractors.splitting.separators import Separator
from ocr.vietnamese import fold
from service.access import office_of
from service.pages.rendering import render
from service.roles import Role
from service.routes import Routes

routes = Routes()

_ROLES = frozenset({Role.CLERK, Role.STEWARD})
# A ream is split among several bundles; more would keep the page waiting.
_MOST_SHEETS = 100
_USUAL_SHEETS = "20"
_FILE = "trang-ngan-cach.pdf"


@routes.get("/separators", roles=_ROLES)
def separators_page(request: Request) -> Response:
    """Show the form."""
    return _form(request, {"count": _USUAL_SHEETS, "paper_type": "", "dossier_code": ""}, {})


@routes.post("/separators", roles=_ROLES)
def print_separators(
    request: Request,
    count: Annotated[str, Form()] = _USUAL_SHEETS,
    paper_type: Annotated[str, Form()] = "",
    dossier_code: Annotated[str, Form()] = "",
) -> Response:
    """Give the sheets as a PDF. The dossier code is sent in the body: it leads to a person."""
    given = {"count": count.strip(), "paper_type": paper_type, "dossier_code": dossier_code.strip()}
    wrong: dict[str, str] = {}
    if not (given["count"].isdecimal() and 1 <= int(given["count"]) <= _MOST_SHEETS):
        wrong["count"] = f"Số tờ từ 1 đến {_MOST_SHEETS}."
    known = office_of(request).paper_type(paper_type) if paper_type else None
    if paper_type and known is None:
        wrong["paper_type"] = "Chọn một loại giấy tờ trong danh sách."
    if wrong:
        return _form(request, given, wrong)
    separator = Separator(known.id if known else None, given["dossier_code"] or None)
    try:
        data = separator_pdf(separator, int(given["count"]), known.name if known else None)
    except ValueError:
        return _form(request, given, {"dossier_code": "Mã hồ sơ không đúng dạng, ví dụ H05.12-251112-0012."})
    return Response(data, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{_FILE}"'})


def _form(request: Request, given: Mapping[str, str], wrong: Mapping[str, str]) -> Response:
    paper_types = sorted(office_of(request).paper_types, key=lambda paper_type: fold(paper_type.name))
    return render(
        request,
        "separators.html",
        status=422 if wrong else 200,
        given=given,
        wrong=wrong,
        paper_types=paper_types,
        most=_MOST_SHEETS,
    )
