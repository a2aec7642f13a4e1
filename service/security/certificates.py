"""Systems by their certificate, which a proxy in front of the service has checked (mutual TLS).

The proxy says which it was in the header `Client-Cert` (RFC 9440), and must set that header itself on every request or
remove what the caller sent. Nobody else is believed: the header of a caller who is no trusted proxy is not looked at.
"""

import base64
import binascii
import hashlib
import re
import ssl
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import unquote

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.office import Office
from service.roles import Principal
from service.security.bearer import principal_of_client

_HEADER = b"client-cert"
_FINGERPRINT = re.compile("[0-9a-f]{64}")
# What browsers send along and systems do not.
_SENT_BY_BROWSERS = ("cookie", "origin", "sec-fetch-site")


class Certificates:
    """Middleware: keeps the fingerprint of the certificate that a trusted proxy names, for `by_certificate`."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        """Wrap the application.

        Args:
            app: What comes after.
            proxies: Networks of the trusted proxies.
        """
        self._app = app
        self._networks = [ip_network(proxy) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http" and self._is_trusted(scope):
            named = [value for name, value in scope["headers"] if name == _HEADER]
            # Of two, one may be the caller's own.
            found = fingerprint_in(named[0].decode("latin-1")) if len(named) == 1 else None
            scope.setdefault("state", {})["certificate_sha256"] = found
        await self._app(scope, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            peer = ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(peer in network for network in self._networks)


def by_certificate(request: Request, office: Office) -> Principal | None:
    """Tell a system by its certificate; one that is not known here says nothing."""
    sha256: str | None = getattr(request.state, "certificate_sha256", None)
    # A browser sends its certificate whichever site asks it to: what vouches like a cookie is not taken from one.
    if sha256 is None or any(name in request.headers for name in _SENT_BY_BROWSERS):
        return None
    client = office.clients.with_certificate(sha256)
    return principal_of_client(client) if client is not None else None


def fingerprint_in(header: str) -> str | None:
    """Return the SHA-256 fingerprint that a proxy's header names, 64 small hexadecimal digits; None where it is none.

    Takes a fingerprint, a certificate as RFC 9440 has it (`:base64:`), or a PEM as nginx quotes it.
    """
    text = header.strip()
    digits = text.replace(":", "").lower()
    if _FINGERPRINT.fullmatch(digits):
        return digits
    try:
        if text.startswith("-----BEGIN"):
            encoded = ssl.PEM_cert_to_DER_cert(unquote(text))
        else:
            encoded = base64.b64decode(text.removeprefix(":").removesuffix(":"), validate=True)
    except (ValueError, binascii.Error):
        return None
    return hashlib.sha256(encoded).hexdigest() if encoded else None
