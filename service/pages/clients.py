"""Systems that call the API, for administrators: what tells each, what it may do, for which agency."""

from dataclasses import replace

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from ocr.messages import Message
from service.access import office_of, principal_of
from service.pages.access_forms import ADMIN, GrantedForm, Text, check_grant, or_told, seen
from service.pages.access_words import DONE, DUTIES, change_words
from service.pages.rendering import render
from service.roles import SYSTEMS, Role
from service.routes import Routes
from storage.desk.access_changes import changes_of
from storage.desk.clients import Client

routes = Routes()

ROLE_CHOICES = tuple(sorted(SYSTEMS, key=(Role.READER, Role.CLERK, Role.AUDITOR).index))
_NOTHING = Client("", "", frozenset({Role.READER.value}))


@routes.get("/clients", roles=ADMIN)
def clients_page(request: Request) -> Response:
    """Show the systems of the administrator's agency."""
    return _list(request, _NOTHING)


@routes.post("/clients", roles=ADMIN)
def add_client(
    request: Request,
    granted: GrantedForm,
    client_id: Text = "",
    certificate: Text = "",
    with_secret: Text = "",
) -> Response:
    """Add a system, with a secret that is shown once, or one told by its certificate alone."""
    principal, clients = principal_of(request), office_of(request).clients
    added = Client(client_id.strip().lower(), *granted, certificate_sha256=certificate.strip() or None)

    def add() -> Response:
        check_grant(principal, granted, SYSTEMS)
        clients.add(added, by=principal.account)
        if not with_secret:
            return _done(added.client_id, "saved")
        return _one(request, added.client_id, secret=clients.new_secret(added.client_id, by=principal.account))

    return or_told(add, lambda problem, status: _list(request, added, problem=problem, status=status))


@routes.get("/clients/{client_id}", roles=ADMIN)
def client_page(request: Request, client_id: str, done: str = "") -> Response:
    """Show one system."""
    return _one(request, client_id, done=DONE.get(done))


@routes.post("/clients/{client_id}", roles=ADMIN)
def change_client(request: Request, client_id: str, granted: GrantedForm, certificate: Text = "") -> Response:
    """Change name, roles, agency and certificate."""
    principal, found = principal_of(request), _seen(request, client_id)
    changed = replace(found, **granted._asdict(), certificate_sha256=certificate.strip() or None)

    def change() -> Response:
        check_grant(principal, granted, SYSTEMS)
        office_of(request).clients.change(changed, by=principal.account)
        return _done(client_id, "saved")

    return or_told(change, lambda problem, status: _one(request, client_id, changed, problem=problem, status=status))


@routes.post("/clients/{client_id}/disable", roles=ADMIN)
def disable_client(request: Request, client_id: str) -> Response:
    """Let the system in no more; its tokens end."""
    return _switch(request, client_id, disabled=True)


@routes.post("/clients/{client_id}/enable", roles=ADMIN)
def enable_client(request: Request, client_id: str) -> Response:
    """Let the system in again."""
    return _switch(request, client_id, disabled=False)


@routes.post("/clients/{client_id}/secret", roles=ADMIN)
def new_secret(request: Request, client_id: str) -> Response:
    """Give the system a new secret, shown once; the old one and its tokens end."""
    _seen(request, client_id)
    secret = office_of(request).clients.new_secret(client_id, by=principal_of(request).account)
    return _one(request, client_id, secret=secret)


def _switch(request: Request, client_id: str, *, disabled: bool) -> Response:
    changed = replace(_seen(request, client_id), disabled=disabled)
    office_of(request).clients.change(changed, by=principal_of(request).account)
    return _done(client_id, "disabled" if disabled else "enabled")


def _seen(request: Request, client_id: str) -> Client:
    return seen(request, office_of(request).clients.find(client_id))


def _done(client_id: str, what: str) -> Response:
    return RedirectResponse(f"/clients/{client_id}?done={what}", 303)


def _list(request: Request, given: Client, *, problem: Message | None = None, status: int = 200) -> Response:
    principal = principal_of(request)
    shown = [found for found in office_of(request).clients.all() if principal.may_see(found.agency)]
    return render(
        request,
        "clients.html",
        status=status,
        clients=shown,
        given=given,
        choices=ROLE_CHOICES,
        duties=DUTIES,
        problem=problem,
    )


def _one(
    request: Request,
    client_id: str,
    given: Client | None = None,
    *,
    problem: Message | None = None,
    done: str | None = None,
    secret: str | None = None,
    status: int = 200,
) -> Response:
    found = _seen(request, client_id)
    changes = changes_of(office_of(request).desk, f"client:{client_id}")
    return render(
        request,
        "client.html",
        status=status,
        client=found,
        given=given or found,
        choices=ROLE_CHOICES,
        duties=DUTIES,
        changes=[(change, change_words(change)) for change in changes],
        problem=problem,
        done=done,
        secret=secret,
    )
