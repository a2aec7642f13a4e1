"""Signing in and out with a local account."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from ocr.messages import MESSAGES
from ocr.problem import Code
from service.access import SESSION_COOKIE, office_of
from service.pages.rendering import render
from service.roles import ANYBODY, PEOPLE
from service.routes import Routes

routes = Routes()


@routes.get("/sign-in", roles=ANYBODY)
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002  the name in the address
    """Show the form."""
    return render(request, "sign_in.html", next=_inside(next), problem=None, account="")


@routes.post("/sign-in", roles=ANYBODY)
def sign_in(
    request: Request,
    account: Annotated[str, Form()],
    password: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """Begin a session."""
    office = office_of(request)
    found = office.accounts.with_password(account.strip().lower(), password)
    if found is None:
        problem = MESSAGES[Code.SIGN_IN_FAILED]
        return render(request, "sign_in.html", status=401, next=_inside(next), problem=problem, account=account)
    response = RedirectResponse(_inside(next), 303)
    response.set_cookie(
        SESSION_COOKIE,
        office.sessions.begin(found.account),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
    return response


@routes.post("/sign-out", roles=PEOPLE)
def sign_out(request: Request) -> Response:
    """End the session."""
    office_of(request).sessions.end(request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def _inside(path: str) -> str:
    """Return a path of ours to go on to, never another site's address."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
