"""Errors as callers get them: problem details (RFC 9457) for programs, a page for people; one table of statuses."""

import logging
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from ocr.messages import MESSAGES
from ocr.problem import Code, Problem, SohoaError
from service.access import caller_of
from service.pages.rendering import render

log = logging.getLogger(__name__)

PROBLEM_MEDIA_TYPE = "application/problem+json"
# Names the kind of problem, as RFC 9457 asks; a name, not an address: offices have no internet.
_TYPE_PREFIX = "urn:sohoa:problem:"

_STATUSES: Mapping[Code, int] = {
    Code.SIGN_IN_NEEDED: 401,
    Code.SIGN_IN_FAILED: 401,
    Code.SIGN_IN_UNFINISHED: 400,
    Code.PROVIDER_FAILED: 502,
    Code.IDENTITY_UNBOUND: 403,
    Code.NOT_ALLOWED: 403,
    Code.REQUEST_FORGED: 403,
    Code.TOO_MANY_REQUESTS: 429,
    Code.REQUEST_INVALID: 422,
    Code.NOTHING_HERE: 404,
    Code.METHOD_WRONG: 405,
    Code.DOSSIER_UNKNOWN: 404,
    Code.RECORD_UNKNOWN: 404,
    Code.PROCEDURE_UNKNOWN: 404,
    Code.CASE_UNKNOWN: 404,
    Code.ACCOUNT_UNKNOWN: 404,
    Code.BATCH_UNKNOWN: 404,
    Code.UPLOAD_UNKNOWN: 404,
    Code.RECORD_CHANGED: 409,
    Code.ACCOUNT_EXISTS: 409,
    Code.BATCH_CLOSED: 409,
    Code.UPLOAD_OUT_OF_STEP: 409,
    Code.TASK_TAKEN: 409,
    Code.TASK_LOST: 409,
    Code.SECOND_KEYING_NEEDED: 409,
    Code.KEY_REUSED: 409,
    Code.REQUEST_UNDER_WAY: 409,
    Code.DOSSIER_CONFLICT: 409,
    Code.CURSOR_GONE: 410,
    Code.UPLOAD_TOO_LARGE: 413,
    Code.SCAN_TOO_LARGE: 413,
    # The tus protocol's own status for a checksum that does not match.
    Code.UPLOAD_CORRUPT: 460,
    Code.ARCHIVE_INVALID: 422,
    Code.UPLOAD_VERSION: 412,
    Code.DOSSIER_HELD: 409,
    Code.UPLOAD_BUSY: 423,
    Code.UPLOAD_EXPIRED: 410,
    Code.UPLOAD_INVALID: 400,
    Code.FILE_NAME_INVALID: 422,
    Code.FILE_NAME_TAKEN: 409,
    Code.DOSSIER_CODE_INVALID: 422,
    Code.FILE_SKIPPED: 422,
    Code.ACCOUNT_INVALID: 422,
    Code.PASSWORD_WEAK: 422,
    Code.LAST_ADMIN: 409,
    Code.BATCH_INVALID: 422,
    Code.DECISION_INVALID: 422,
    Code.SUBJECT_INVALID: 422,
    Code.PURPOSE_MISSING: 422,
    Code.WEBHOOK_INVALID: 422,
    Code.SETTING_INVALID: 422,
    Code.SCAN_ERASED: 409,
    Code.DOSSIER_ERASED: 409,
    Code.ERASURE_REFUSED: 409,
    Code.DESK_FAILED: 503,
    Code.CATALOGUE_FAILED: 503,
    Code.STORE_UNREACHABLE: 503,
    Code.STORE_FULL: 507,
    Code.READ_LOG_FAILED: 503,
}
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_NAME = re.compile("[a-z][a-z_]{0,63}[0-9]{0,3}")
_OF_STATUS = {
    401: Code.SIGN_IN_NEEDED,
    403: Code.NOT_ALLOWED,
    404: Code.NOTHING_HERE,
    405: Code.METHOD_WRONG,
    413: Code.UPLOAD_TOO_LARGE,
}
# What every error body of the API looks like, for its description.
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "Chuyện gì, bằng tiếng Việt"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Technical remark in English; never personal data"},
        "instance": {"type": "string", "description": "Identifier of the request, as in the service's log"},
        "code": {"type": "string", "description": "Stable machine code, docs/ma-loi.md"},
        "action": {"type": "string", "description": "Làm gì tiếp, bằng tiếng Việt"},
        "file": {"type": "string"},
        "page_number": {"type": "integer"},
        "field": {"type": "string"},
        "retryable": {"type": "boolean"},
    },
}


def status_of(problem: Problem) -> int:
    """Return the HTTP status of a problem."""
    return _STATUSES.get(problem.code, 500)


def problem_body(problem: Problem, instance: str | None = None) -> dict[str, Any]:
    """Return the problem details of RFC 9457, with our code and the next action beside them."""
    message = MESSAGES[problem.code]
    body = {
        "type": f"{_TYPE_PREFIX}{problem.code}",
        "title": message.what,
        "status": status_of(problem),
        "code": problem.code.value,
        "action": message.action,
        "detail": problem.detail,
        "instance": instance,
        "file": problem.file,
        "page_number": problem.page_number,
        "field": problem.field,
        "retryable": problem.retryable or None,
    }
    return {name: value for name, value in body.items() if value not in {None, ""}}


def problem_response(
    problem: Problem, instance: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem for programs."""
    body = problem_body(problem, instance)
    return JSONResponse(body, body["status"], dict(headers or {}), PROBLEM_MEDIA_TYPE)


def install(app: FastAPI, *, for_programs: bool) -> None:
    """Answer every error of `app` in one shape: problem details for programs, pages for people."""

    def answer(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
        instance: str | None = getattr(request.state, "request_id", None)
        if for_programs or not _wants_page(request):
            return problem_response(problem, instance, headers)
        if problem.code is Code.SIGN_IN_NEEDED and request.method == "GET":
            return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
        if problem.code is Code.NOTHING_HERE:
            # No route asked who calls: who is signed in keeps the menu, and is not taken for signed out.
            with suppress(SohoaError):
                caller_of(request)
        return render(
            request,
            "error.html",
            status=status_of(problem),
            problem=problem_body(problem, instance),
            headers=dict(headers or {}),
        )

    @app.exception_handler(SohoaError)
    def of_ours(request: Request, error: SohoaError) -> Response:
        return answer(request, error.problem, _further_headers(request, error.problem))

    @app.exception_handler(HTTPException)
    def of_framework(request: Request, error: HTTPException) -> Response:
        code = _OF_STATUS.get(error.status_code, Code.REQUEST_INVALID)
        headers = {"Allow": ", ".join(_methods_at(request))} if error.status_code == 405 else error.headers
        return answer(request, Problem(code=code), headers)

    @app.exception_handler(RequestValidationError)
    def of_validation(request: Request, error: RequestValidationError) -> Response:
        # Where and what is wrong, never what was given: it may be personal data.
        places = {".".join(map(_own_name, found["loc"][1:])) or str(found["loc"][0]) for found in error.errors()}
        kinds = {str(found["type"]) for found in error.errors()}
        problem = Problem(
            code=Code.REQUEST_INVALID, field=", ".join(sorted(places))[:200], detail=", ".join(sorted(kinds))[:200]
        )
        return answer(request, problem)

    @app.exception_handler(ClientDisconnect)
    def of_the_line(_request: Request, _error: ClientDisconnect) -> Response:
        # The line broke: nobody hears the answer, and nothing is wrong here. What came was kept by whoever took it.
        return Response(status_code=400)

    @app.exception_handler(Exception)
    def of_the_program(request: Request, error: Exception) -> Response:
        # The kind alone: messages of libraries may quote values.
        log.error("request %s failed: %s", getattr(request.state, "request_id", "?"), type(error).__name__)
        return answer(request, Problem(code=Code.SERVICE_FAILED, detail=type(error).__name__, retryable=True))


def new_request_id() -> str:
    """Return what names a request in answers and in the log."""
    return secrets.token_hex(8)


def _methods_at(request: Request) -> list[str]:
    """Return every method that an address takes; the framework tells those of the first route that fits."""
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    return [
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
    ]


def _own_name(part: str | int) -> str:
    """Return a part of a place in a request; names that the caller made up may say anything."""
    return str(part) if isinstance(part, int) or _NAME.fullmatch(part) else "?"


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and "hx-request" not in request.headers


def _further_headers(request: Request, problem: Problem) -> dict[str, str]:
    status = status_of(problem)
    if status == 401:
        # RFC 6750 §3: only a token that was given and is wrong is called so.
        wrong = ', error="invalid_token"' if problem.field == "Authorization" else ""
        return {"WWW-Authenticate": f'Bearer realm="sohoa"{wrong}'}
    if status in {429, 503}:
        return {"Retry-After": str(getattr(request.state, "retry_after_s", 5))}
    return {}
