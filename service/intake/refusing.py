"""The answer to a batch that cannot be sent off: one error that lists everything that is in the way."""

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from service.errors import PROBLEM_MEDIA_TYPE, problem_body
from service.intake.submitting import BatchRefused


def refusal(request: Request, refused: BatchRefused) -> Response:
    """Return the error with an error body for each thing as `problems`."""
    body = problem_body(refused.problem, getattr(request.state, "request_id", None))
    body["problems"] = [problem_body(problem) for problem in refused.problems]
    return JSONResponse(body, body["status"], media_type=PROBLEM_MEDIA_TYPE)
