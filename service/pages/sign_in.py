"""Signing in and out with a local account. With a provider: `service.pages.sign_in_provider`."""

from typing import Annotated, Any

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from ocr.messages import MESSAGES, Message
from ocr.problem import Code, SohoaError
from service.access import check_same_site, office_of
from service.errors import status_of
from service.pages.rendering import render
from service.roles import ANYBODY, PEOPLE
from service.routes import Routes
from service.security.rate_limits import address_of
from service.security.session_cookie import begin_session, end_session
from service.security.throttle import Throttle

routes = Routes()

NOT_THE_SAME = Message("Hai lần nhập mật khẩu mới không giống nhau.", "Nhập lại cả hai ô.")


@routes.get("/sign-in", roles=ANYBODY)
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002  the name in the address
    """Show the form."""
    return sign_in_form(request, next)


@routes.post("/sign-in", roles=ANYBODY)
def sign_in(
    request: Request,
    account: Annotated[str, Form()],
    password: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
    new_password: Annotated[str | None, Form()] = None,
    repeated: Annotated[str | None, Form()] = None,
) -> Response:
    """Begin a session; with a password that was handed out, only after another one is set."""
    check_same_site(request)
    name = account.strip().lower()
    office, throttle, address = office_of(request), throttle_of(request), address_of(request)
    wait_s = throttle.admit(name, address)
    if wait_s:
        return _must_wait(request, next, account, wait_s)
    found = office.accounts.with_password(name, password)
    if found is None:
        throttle.failed(name, address)
        return sign_in_form(request, next, MESSAGES[Code.SIGN_IN_FAILED], 401, account)
    throttle.succeeded(name, address)
    if found.is_temporary:
        problem = _wrong_with(request, name, new_password, repeated)
        if problem is not None or new_password is None:
            context: dict[str, Any] = {"account": name, "password": password, "problem": problem}
            status = 200 if problem is None else 422
            return render(request, "new_password.html", status=status, next=inside(next), **context)
    response = RedirectResponse(inside(next), 303)
    begin_session(request, response, found.account)
    return response


@routes.post("/sign-out", roles=PEOPLE)
def sign_out(request: Request) -> Response:
    """End the session."""
    response = RedirectResponse("/sign-in", 303)
    end_session(request, response)
    return response


def sign_in_form(
    request: Request,
    next_path: str,
    problem: Message | None = None,
    status: int = 200,
    account: str = "",
    **headers: str,
) -> Response:
    """Return the form, with what went wrong before."""
    context = {"next": inside(next_path), "problem": problem, "account": account}
    has_provider = request.app.state.provider is not None
    return render(request, "sign_in.html", status=status, headers=headers, has_provider=has_provider, **context)


def throttle_of(request: Request) -> Throttle:
    """Return what counts wrong passwords."""
    throttle: Throttle = request.app.state.throttle
    return throttle


def inside(path: str) -> str:
    """Return a path of ours to go on to, never another site's address."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


def waiting_words(wait_s: int) -> str:
    """Return how long to wait, for people."""
    return f"Chờ {wait_s} giây rồi thử lại." if wait_s < 120 else f"Chờ {(wait_s + 59) // 60} phút rồi thử lại."


def _must_wait(request: Request, next_path: str, account: str, wait_s: int) -> Response:
    problem = Message("Nhập sai quá nhiều lần.", waiting_words(wait_s))
    return sign_in_form(request, next_path, problem, 429, account, **{"Retry-After": str(wait_s)})


def _wrong_with(request: Request, account: str, chosen: str | None, repeated: str | None) -> Message | None:
    """Set the password that the person chose in place of the one handed out; return what was wrong with it."""
    if chosen is None:
        return None
    if chosen != repeated:
        return NOT_THE_SAME
    try:
        office_of(request).accounts.set_password(account, chosen, by=account)
    except SohoaError as error:
        if status_of(error.problem) != 422:
            raise
        return MESSAGES[error.code]
    return None
