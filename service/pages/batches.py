"""What a clerk sends: the list of batches, and the one page on which a batch is put together, sent and followed."""

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime

from service.access import office_of, principal_of
from service.intake import batches as intake_batches
from service.intake.portions import dossier_ids_of, dossiers_after
from service.intake.view import view_of
from service.pages.batches_view import STATE_LOOKS, STATE_WORDS, papers_of, rows_of, summaries_of
from service.pages.lookup import PURPOSES
from service.pages.rendering import render
from service.roles import Role
from service.routes import Routes
from storage.batch import BatchState
from storage.desk.batches import BatchRow
from storage.desk.times import as_text

routes = Routes()

_ROLES = frozenset({Role.CLERK})
_LISTED = 20
# Of the list of files, what people read at a time; of papers, dossiers that one answer tells of.
_FILES_ON_A_PAGE, _DOSSIERS_AT_ONCE = 200, 200
# The names of a dossier and of a file, a slash between them.
After = Annotated[str, Query(max_length=801)]


@routes.get("/batches", roles=_ROLES)
def list_page(request: Request, before: Annotated[AwareDatetime | None, Query()] = None) -> Response:
    """Show the batches of the caller's agency, the newest first."""
    office, principal = office_of(request), principal_of(request)
    rows, following = intake_batches.newest(office.intake, principal, as_text(before) if before else None, _LISTED)
    names = {}
    for code in {row.procedure_code for row in rows if row.procedure_code is not None}:
        procedure = office.procedures(code)
        names[code] = procedure.name if procedure is not None else code
    return render(
        request,
        "batches.html",
        batches=summaries_of(office.intake, rows),
        procedure_names=names,
        following=following,
        is_first=before is None,
    )


@routes.get("/batches/new", roles=_ROLES)
def new_page(request: Request, procedure: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Show the page of a batch that is not there yet: it is opened with its first file."""
    return _page(request, None, procedure)


@routes.get("/batches/{batch_id}", roles=_ROLES)
def batch_page(request: Request, batch_id: str) -> Response:
    """Show the page of a batch; what changes on it comes by script."""
    return _page(request, intake_batches.visible(office_of(request).intake, principal_of(request), batch_id))


@routes.get("/batches/{batch_id}/files", roles=_ROLES)
def files_page(request: Request, batch_id: str, after: After = "") -> Response:
    """Show the files of a batch as a list to read and print, some at a time; without script."""
    intake = office_of(request).intake
    batch = intake_batches.visible(intake, principal_of(request), batch_id)
    view = view_of(intake, batch, after, _FILES_ON_A_PAGE)
    return render(
        request,
        "batches_files.html",
        batch=view,
        state_words=STATE_WORDS[batch.state],
        look=STATE_LOOKS.get(batch.state, ""),
        dossiers=rows_of(view),
        is_first=not after,
    )


@routes.get("/batches/{batch_id}/papers", roles=_ROLES)
def papers(request: Request, batch_id: str, after: After = "") -> Response:
    """Give the papers that were found, by dossier: types and what waits, no value of any field.

    Told are some dossiers at a time, those whose names come after `after`; `next` is the `after` of the rest, or null.
    """
    office, principal = office_of(request), principal_of(request)
    batch = intake_batches.visible(office.intake, principal, batch_id)
    dossiers, following = dossiers_after(dossier_ids_of(office.intake, batch), after, _DOSSIERS_AT_ONCE)
    return JSONResponse({"dossiers": papers_of(office, principal, dossiers), "next": following})


def _page(request: Request, batch: BatchRow | None, procedure_code: str = "") -> Response:
    office, principal = office_of(request), principal_of(request)
    code = (batch.procedure_code if batch is not None else procedure_code) or ""
    procedure = office.procedures(code) if code else None
    return render(
        request,
        "batches_one.html",
        batch=batch,
        is_own=batch is None or batch.account == principal.account,
        is_open=batch is None or batch.state is BatchState.OPEN,
        agency=batch.agency if batch is not None else principal.agency or office.settings.agency,
        procedure=f"{procedure.code} · {procedure.name}" if procedure is not None else "",
        purposes=PURPOSES,
    )
