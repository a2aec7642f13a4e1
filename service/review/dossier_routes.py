"""The routes of a dossier's pages: how they belong together, and putting them together anew."""

from typing import Annotated

from fastapi import Path, Response
from fastapi.responses import JSONResponse

from ocr.problem import Code, Problem, SohoaError
from service.access import Caller, TheOffice
from service.errors import PROBLEM_MEDIA_TYPE, problem_body
from service.review.requests import ArrangeRequest
from service.review.shelf import TheShelf
from service.review.splitting import arrange_pages, dossier_picture, open_dossier, visible_dossier
from service.review.tasks import REVIEWERS
from service.routes import Routes

routes = Routes()

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
PageNumber = Annotated[int, Path(ge=1, le=100_000)]


@routes.get("/dossiers/{segment}/view", roles=REVIEWERS)
def view(segment: str, office: TheOffice, caller: Caller, shelf: TheShelf) -> Response:
    """Return the papers of a dossier with their pages."""
    dossier = visible_dossier(office, caller, segment)
    return JSONResponse(open_dossier(office, shelf, caller, dossier))


@routes.post("/dossiers/{segment}/arrange", roles=REVIEWERS)
def arrange(segment: str, sent: ArrangeRequest, office: TheOffice, caller: Caller, shelf: TheShelf) -> Response:
    """Put the pages of a dossier together anew."""
    dossier = visible_dossier(office, caller, segment)
    try:
        arranged = arrange_pages(office, caller, dossier, sent)
    except SohoaError as error:
        if error.code is not Code.RECORD_CHANGED:
            raise
        current = open_dossier(office, shelf, caller, visible_dossier(office, caller, segment))
        body = problem_body(Problem(code=error.code)) | {"current": current}
        return JSONResponse(body, body["status"], media_type=PROBLEM_MEDIA_TYPE)
    return JSONResponse({"revision": arranged.revision, "to_assemble": arranged.to_assemble}, 202)


@routes.get("/dossiers/{segment}/pictures/{sha256}/{page_number}.webp", roles=REVIEWERS)
def page_picture(
    segment: str, sha256: Sha256, page_number: PageNumber, office: TheOffice, caller: Caller, shelf: TheShelf
) -> Response:
    """Return the picture of a page."""
    dossier = visible_dossier(office, caller, segment)
    picture = dossier_picture(office, shelf, caller, dossier, sha256, page_number)
    return Response(picture, media_type="image/webp")
