"""What can go wrong with an operation, for its description: the codes it answers with, by status."""

from collections.abc import Iterable
from typing import Any

from ocr.messages import MESSAGES
from ocr.problem import Code, Problem
from service.errors import PROBLEM_MEDIA_TYPE, status_of

PROBLEM_NAME = "Problem"
# What every operation may answer; the first two only those that ask who calls.
OF_CALLERS = (Code.SIGN_IN_NEEDED, Code.NOT_ALLOWED, Code.REQUEST_FORGED)
OF_ALL = (
    Code.REQUEST_INVALID,
    Code.TOO_MANY_REQUESTS,
    Code.SERVICE_FAILED,
    Code.DESK_FAILED,
    Code.CATALOGUE_FAILED,
    Code.STORE_UNREACHABLE,
    Code.STORE_FULL,
)

Responses = dict[int | str, dict[str, Any]]


def problems(*codes: Code) -> Responses:
    """Return the `responses` of a route that may answer with these problems."""
    return {int(status): response for status, response in described(codes).items()}


def file_or_problems(media_type: str, *codes: Code) -> Responses:
    """Return the `responses` of a route that answers with a file, or with these problems."""
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}, **problems(*codes)}


def file_of_record(media_type: str) -> Responses:
    """Return the `responses` of a route that answers with a file made of a record's pages."""
    return file_or_problems(
        media_type,
        Code.RECORD_UNKNOWN,
        Code.NOTHING_HERE,
        Code.PROCEDURE_UNKNOWN,
        Code.PURPOSE_MISSING,
        Code.READ_LOG_FAILED,
        Code.PAGE_DAMAGED,
    )


def described(codes: Iterable[Code]) -> dict[str, dict[str, Any]]:
    """Return the descriptions of problems by status, as an OpenAPI description has them."""
    by_status: dict[str, list[Code]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(str(status_of(Problem(code=code))), []).append(code)
    return {status: _response(found) for status, found in sorted(by_status.items())}


def _response(codes: Iterable[Code]) -> dict[str, Any]:
    words = "; ".join(f"`{code}`: {MESSAGES[code].what.rstrip('.')}" for code in codes)
    schema = {"$ref": f"#/components/schemas/{PROBLEM_NAME}"}
    return {"description": words, "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}}}
