"""The pages of dossiers: which there are, and how the pages of one make papers."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse

from ocr.problem import Code, SohoaError
from service.access import Caller, TheOffice
from service.pages.rendering import render
from service.places import cursor_of, place_of
from service.review.splitting import visible_dossier
from service.review.tasks import REVIEWERS
from service.routes import Routes
from storage.catalogue.queue import Place
from storage.dossier import DossierState

routes = Routes()

PAGE = 50
STATES: Mapping[DossierState, tuple[str, str]] = {
    DossierState.COMPLETE: ("đủ", "good"),
    DossierState.PARTIAL: ("thiếu", "warn"),
    DossierState.FAILED: ("hỏng", "bad"),
    DossierState.ERASED: ("đã xóa", ""),
}


@routes.get("/dossiers", roles=REVIEWERS)
def list_page(
    request: Request,
    office: TheOffice,
    caller: Caller,
    agency: Annotated[str | None, Query(max_length=40)] = None,
    before: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Show the dossiers, the newest first."""
    chosen = agency or None
    if chosen is not None and not caller.may_see(chosen):
        raise SohoaError(Code.NOTHING_HERE, field="agency")
    rows = office.catalogue.newest_dossiers(chosen or caller.agency, place_of(before, "before"), PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    more = cursor_of(Place(last.created_at, last.dossier_segment)) if last is not None else None
    return render(
        request,
        "dossiers.html",
        rows=rows[:PAGE],
        states=STATES,
        agency=chosen or "",
        before=before,
        next=f"/dossiers?{urlencode({**({'agency': chosen} if chosen else {}), 'before': more})}" if more else None,
    )


@routes.get("/dossiers/{segment}", roles=REVIEWERS)
def dossier_page(
    request: Request,
    segment: str,
    office: TheOffice,
    caller: Caller,
    record: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the strip of pages. What they are comes with the dossier's view, which is noted in the read log."""
    dossier = visible_dossier(office, caller, segment)
    return render(request, "dossiers_split.html", segment=dossier.segment, record=record)


@routes.get("/dossiers/{segment}/standing", roles=REVIEWERS)
def standing(segment: str, office: TheOffice, caller: Caller) -> Response:
    """Tell whether a dossier is being put together anew; nothing of its papers is read."""
    dossier = visible_dossier(office, caller, segment)
    return JSONResponse({"revision": dossier.revision, "to_assemble": dossier.to_assemble})
