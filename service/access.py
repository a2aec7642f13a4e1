"""Who calls, and whether they may: the one check in front of every route.

A caller is known by a session cookie (people) or by what `Authenticator`s of other kinds find (systems). What a cookie
vouches for must also carry the session's token when it changes something: another site's page can send our cookie, but
cannot read the token.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from ocr.problem import Code, SohoaError
from service.office import Office
from service.roles import Principal, Role
from service.security.rate_limits import check_rate

# Over https it is named `__Host-…`: then no neighbouring host, and no page without https, can have set it.
SESSION_COOKIE = "sohoa_session"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Authenticator(Protocol):
    """One way of telling who calls."""

    def __call__(self, request: Request, office: Office) -> Principal | None:
        """Return who calls, or None where the request says nothing in this way.

        Raises:
            SohoaError: `SIGN_IN_NEEDED` where it says something that is wrong or has expired.
        """
        ...


def office_of(request: Request) -> Office:
    """Return what the routes work with."""
    office: Office = request.app.state.office
    return office


def principal_of(request: Request) -> Principal:
    """Return who calls a route that has roles."""
    principal: Principal = request.state.principal
    return principal


async def _office(request: Request) -> Office:
    return office_of(request)


async def _principal(request: Request) -> Principal:
    return principal_of(request)


# What routes ask for. Not the functions above: what is not async runs in another thread, and waits for it longer than
# it takes itself.
TheOffice = Annotated[Office, Depends(_office)]
Caller = Annotated[Principal, Depends(_principal)]


def caller_of(request: Request) -> Principal | None:
    """Return who calls, or None for a stranger; looked up once a request."""
    if not hasattr(request.state, "principal"):
        office = office_of(request)
        found = (authenticator(request, office) for authenticator in request.app.state.authenticators)
        request.state.principal = next((principal for principal in found if principal is not None), None)
    principal: Principal | None = request.state.principal
    return principal


def is_https(request: Request) -> bool:
    """True when the browser came by https, also to a proxy in front of us."""
    address = office_of(request).settings.service_url or ""
    return request.url.scheme == "https" or address.startswith("https:")


def cookie_name(request: Request, name: str = SESSION_COOKIE) -> str:
    """Return what a cookie of ours is called in this browser."""
    return f"__Host-{name}" if is_https(request) else name


def session_token(request: Request) -> str | None:
    """Return the token of the browser's session, whether or not it can still be used."""
    return request.cookies.get(cookie_name(request)) or None


def by_session(request: Request, office: Office) -> Principal | None:
    """Tell a person by the session cookie."""
    token = session_token(request)
    session = office.sessions.find(token) if token else None
    if session is None:
        return None
    roles = frozenset(Role(role) for role in session.roles if role in set(Role))
    return Principal(session.account, session.display_name, roles, session.agency, session.csrf_token)


def allowing(roles: frozenset[Role]) -> Callable[[Request], Awaitable[None]]:
    """Return the dependency that lets only callers with one of `roles` in; an empty set lets everybody in."""

    async def check(request: Request) -> None:
        try:
            principal = await run_in_threadpool(caller_of, request)
        except SohoaError:
            check_rate(request, None)
            raise
        check_rate(request, principal)
        if not roles:
            return
        if principal is None:
            raise SohoaError(Code.SIGN_IN_NEEDED)
        if not roles & principal.roles:
            raise SohoaError(Code.NOT_ALLOWED, detail=f"needs one of: {', '.join(sorted(roles))}")
        if principal.csrf_token is not None and request.method not in _SAFE_METHODS:
            await check_origin(request, principal.csrf_token)

    return check


async def check_origin(request: Request, expected: str) -> None:
    """Make sure that a changing request was sent by a page of ours.

    Raises:
        SohoaError: `REQUEST_FORGED`.
    """
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("content-type", "").startswith(_FORMS):
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else None
    if given is None or not secrets.compare_digest(given.encode(), expected.encode()):
        raise SohoaError(Code.REQUEST_FORGED)


def check_same_site(request: Request) -> None:
    """Make sure that a form of a stranger was sent from our own page: another site could sign somebody in as itself.

    Raises:
        SohoaError: `REQUEST_FORGED`.
    """
    # Over https, and on this machine, browsers say it themselves; else the address of the page is compared with ours,
    # which a proxy may have rewritten.
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        is_own = site in {"same-origin", "none"}
    else:
        own = {request.headers.get("host"), urlsplit(office_of(request).settings.service_url or "").netloc} - {""}
        is_own = origin is None or origin.partition("://")[2] in own
    if not is_own:
        raise SohoaError(Code.REQUEST_FORGED)
