"""Signing in with the OpenID Connect provider: there, and back with its answer."""

import logging

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from ocr.messages import MESSAGES
from ocr.problem import Code, SohoaError
from service.access import cookie_name, is_https, office_of
from service.errors import status_of
from service.pages.sign_in import inside, sign_in_form
from service.roles import ANYBODY
from service.routes import Routes
from service.security.oidc import FLOW_LASTS_S, Flow, Provider
from service.security.session_cookie import begin_session

log = logging.getLogger(__name__)

routes = Routes()

CALLBACK = "/sign-in/oidc/callback"
_COOKIE = "sohoa_sign_in"


@routes.get("/sign-in/oidc", roles=ANYBODY)
def leave_for_provider(request: Request, next: str = "/") -> Response:  # noqa: A002  the name in the address
    """Send the browser to the provider."""
    flow = Flow(inside(next))
    try:
        response = RedirectResponse(_provider(request).address_for(flow, _redirect_uri(request)), 303)
    except SohoaError as error:
        return _told(request, flow.next_path, error)
    response.set_cookie(
        cookie_name(request, _COOKIE),
        flow.sealed(office_of(request).identity_key),
        max_age=FLOW_LASTS_S,
        httponly=True,
        # The provider's site sends the browser back: a strict cookie would stay away.
        samesite="lax",
        secure=is_https(request),
        path="/",
    )
    return response


@routes.get(CALLBACK, roles=ANYBODY)
def come_back_from_provider(request: Request) -> Response:
    """Begin a session for the account that is bound to whom the provider signed in."""
    office, next_path = office_of(request), "/"
    try:
        flow = Flow.opened(request.cookies.get(cookie_name(request, _COOKIE), ""), office.identity_key)
        next_path = flow.next_path
        identity = _provider(request).identity(flow, request.query_params, _redirect_uri(request))
        account = office.bindings.vouched(identity.issuer, identity.subject, identity.verified_email)
        if account is None:
            raise SohoaError(Code.IDENTITY_UNBOUND)
    except SohoaError as error:
        return _told(request, next_path, error)
    response = RedirectResponse(next_path, 303)
    begin_session(request, response, account.account)
    _forget_flow(request, response)
    return response


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise SohoaError(Code.NOTHING_HERE)
    return provider


def _redirect_uri(request: Request) -> str:
    """Return where the provider sends the browser back to; the same text must be registered there."""
    base = office_of(request).settings.service_url or str(request.base_url)
    return base.rstrip("/") + CALLBACK


def _told(request: Request, next_path: str, error: SohoaError) -> Response:
    """Return the form with what went wrong; anything else than signing in is not ours to answer."""
    if error.code not in {Code.SIGN_IN_UNFINISHED, Code.PROVIDER_FAILED, Code.IDENTITY_UNBOUND}:
        raise error
    log.warning("request %s: %s", getattr(request.state, "request_id", "?"), error)
    response = sign_in_form(request, next_path, MESSAGES[error.code], status_of(error.problem))
    _forget_flow(request, response)
    return response


def _forget_flow(request: Request, response: Response) -> None:
    name = cookie_name(request, _COOKIE)
    response.delete_cookie(name, path="/", secure=is_https(request), httponly=True, samesite="lax")
