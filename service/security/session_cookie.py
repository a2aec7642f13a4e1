"""Beginning and ending the session of a browser: its cookie and the row behind it."""

import re

from fastapi import Request, Response

from service.access import cookie_name, is_https, office_of, session_token
from service.security.rate_limits import address_of

# As the browser names itself, the most particular first: Edge also calls itself Chrome, and Chrome Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def begin_session(request: Request, response: Response, account: str) -> None:
    """Sign an account in: a new session, never one that was there before, whose cookie goes along with `response`."""
    token = office_of(request).sessions.begin(
        account, address=address_of(request), device=device_of(request), instead_of=session_token(request)
    )
    response.set_cookie(cookie_name(request), token, httponly=True, samesite="lax", secure=is_https(request), path="/")


def end_session(request: Request, response: Response) -> None:
    """End the browser's session."""
    token = session_token(request)
    if token is not None:
        office_of(request).sessions.end(token)
    response.delete_cookie(cookie_name(request), path="/", secure=is_https(request), httponly=True, samesite="lax")


def device_of(request: Request) -> str:
    """Return the browser and its system in a few words, `Chrome trên Windows`; "" where it says nothing known."""
    said = request.headers.get("user-agent", "")[:500]
    found = [next((words for mark, words in known if re.search(mark, said)), None) for known in (_BROWSERS, _SYSTEMS)]
    return " trên ".join(words for words in found if words is not None)
