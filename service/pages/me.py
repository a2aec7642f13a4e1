"""Who am I here: roles, sessions, password."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from ocr.messages import MESSAGES, Message
from ocr.problem import Code, SohoaError
from service.access import office_of, principal_of, session_token
from service.errors import status_of
from service.pages.access_words import DONE, DUTIES
from service.pages.rendering import render
from service.pages.sign_in import NOT_THE_SAME, throttle_of, waiting_words
from service.roles import PEOPLE
from service.routes import Routes
from service.security.rate_limits import address_of

routes = Routes()


@routes.get("/me", roles=PEOPLE)
def me_page(request: Request, done: str = "") -> Response:
    """Show the person's own account."""
    return _page(request, done=DONE.get(done))


@routes.post("/me/password", roles=PEOPLE)
def change_password(
    request: Request,
    present: Annotated[str, Form()],
    new_password: Annotated[str, Form()],
    repeated: Annotated[str, Form()],
) -> Response:
    """Change the password; whoever sits at a desk left open does not know the present one."""
    account, office, throttle = principal_of(request).account, office_of(request), throttle_of(request)
    address = address_of(request)
    wait_s = throttle.admit(account, address)
    if wait_s:
        problem = Message("Nhập sai quá nhiều lần.", waiting_words(wait_s))
        return _page(request, problem=problem, status=429, headers={"Retry-After": str(wait_s)})
    if office.accounts.with_password(account, present) is None:
        throttle.failed(account, address)
        return _page(request, problem=Message("Mật khẩu hiện tại không đúng.", "Nhập lại."), status=422)
    throttle.succeeded(account, address)
    if new_password != repeated:
        return _page(request, problem=NOT_THE_SAME, status=422)
    try:
        office.accounts.set_password(account, new_password, by=account, keep=session_token(request))
    except SohoaError as error:
        if error.code is not Code.PASSWORD_WEAK:
            raise
        return _page(request, problem=MESSAGES[error.code], status=status_of(error.problem))
    return RedirectResponse("/me?done=password", 303)


@routes.post("/me/sessions/end", roles=PEOPLE)
def end_sessions(request: Request, key: Annotated[str, Form()] = "") -> Response:
    """End one session of the person, or every one but this."""
    account, sessions = principal_of(request).account, office_of(request).sessions
    if key:
        sessions.end_one(account, key)
    else:
        sessions.end_all(account, keep=session_token(request))
    return RedirectResponse("/me?done=sessions", 303)


def _page(
    request: Request,
    *,
    problem: Message | None = None,
    done: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    principal, office = principal_of(request), office_of(request)
    return render(
        request,
        "me.html",
        status=status,
        headers=headers,
        account=office.accounts.find(principal.account),
        sessions=office.sessions.of(principal.account, session_token(request)),
        duties=DUTIES,
        problem=problem,
        done=done,
    )
