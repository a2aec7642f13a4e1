"""`POST /v1/token`: a system's secret for an access token (RFC 6749 §4.4). Errors have the shape that RFC demands."""

import base64
import binascii
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import Form, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from service.access import office_of
from service.roles import ANYBODY
from service.routes import Routes
from storage.desk.clients import TOKENS_LAST

routes = Routes(tags=["token"])


class Token(BaseModel):
    """An access token (RFC 6749 §5.1). `scope` holds the roles of the system, a space between them."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class TokenError(BaseModel):
    """Why there is none (RFC 6749 §5.2)."""

    error: str
    error_description: str


_ERRORS = {400: {"model": TokenError}, 401: {"model": TokenError}}


@routes.post("/token", roles=ANYBODY, response_model=Token, responses=_ERRORS, summary="Lấy mã truy cập")
def give_token(
    request: Request,
    grant_type: Annotated[str | None, Form()] = None,
    client_id: Annotated[str | None, Form()] = None,
    client_secret: Annotated[str | None, Form()] = None,
) -> Response:
    """Return an access token for a system that names itself by HTTP Basic, or in the form."""
    if grant_type is None:
        return _refusal(400, "invalid_request", "grant_type is missing")
    if grant_type != "client_credentials":
        return _refusal(400, "unsupported_grant_type", "client_credentials alone is supported")
    basic = _basic(request)
    if basic is not None and client_secret is not None:
        return _refusal(400, "invalid_request", "name the client once: by HTTP Basic or in the form")
    name, secret = basic or (client_id or "", client_secret or "")
    # Nobody guesses 256 bits: no waits between attempts, which would let a stranger keep a system out.
    clients = office_of(request).clients
    client = clients.with_secret(name, secret)
    if client is None:
        return _refusal(401, "invalid_client", "the client is unknown, disabled, or its secret is wrong")
    token = Token(
        access_token=clients.new_token(client.client_id),
        token_type="Bearer",  # noqa: S106  the type of token
        expires_in=int(TOKENS_LAST.total_seconds()),
        scope=" ".join(sorted(client.roles)),
    )
    return JSONResponse(token.model_dump(), headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _basic(request: Request) -> tuple[str, str] | None:
    """Return name and secret from HTTP Basic, both quoted like a form before they were encoded; None without it."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)


def _refusal(status: int, error: str, description: str) -> Response:
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="sohoa"'
    body = TokenError(error=error, error_description=description)
    return JSONResponse(body.model_dump(), status, headers)
