"""The first page: where each role begins."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from service.access import principal_of
from service.roles import PEOPLE, Role
from service.routes import Routes

routes = Routes()

# Where the work of a role begins; of several roles the first here.
STARTS = (
    (Role.STEWARD, "/tasks"),
    (Role.CLERK, "/batches"),
    (Role.SUPERVISOR, "/board"),
    (Role.AUDITOR, "/reads"),
    (Role.ADMIN, "/accounts"),
)


@routes.get("/", roles=PEOPLE)
def start(request: Request) -> Response:
    """Lead to where the caller's work begins."""
    roles = principal_of(request).roles
    return RedirectResponse(next(path for role, path in STARTS if role in roles), 303)
