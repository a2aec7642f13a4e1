"""Routes that cannot be declared without saying who may call them."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Depends

from service.access import allowing
from service.roles import Role

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
# Where the description of the API, and the test that walks all routes, find the roles of a route.
ROLES_KEY = "x-roles"


class Routes:
    """A group of routes under one prefix. Every route names its roles; `roles.ANYBODY` is said too."""

    def __init__(self, prefix: str = "", tags: Sequence[str] = ()) -> None:
        """Begin an empty group."""
        self.router = APIRouter(prefix=prefix, tags=list(tags))

    def get(self, path: str, *, roles: frozenset[Role], **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a route for GET; `options` are FastAPI's."""
        return self.route(path, ("GET",), roles=roles, **options)

    def post(self, path: str, *, roles: frozenset[Role], **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a route for POST."""
        return self.route(path, ("POST",), roles=roles, **options)

    def put(self, path: str, *, roles: frozenset[Role], **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a route for PUT."""
        return self.route(path, ("PUT",), roles=roles, **options)

    def patch(self, path: str, *, roles: frozenset[Role], **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a route for PATCH."""
        return self.route(path, ("PATCH",), roles=roles, **options)

    def delete(self, path: str, *, roles: frozenset[Role], **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a route for DELETE."""
        return self.route(path, ("DELETE",), roles=roles, **options)

    def route(
        self, path: str, methods: Sequence[str], *, roles: frozenset[Role], **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route for several methods."""
        extra = {**options.pop("openapi_extra", {}), ROLES_KEY: sorted(roles)}
        dependencies = [Depends(allowing(roles)), *options.pop("dependencies", ())]

        def declare(endpoint: Endpoint) -> Endpoint:
            self.router.add_api_route(
                path, endpoint, methods=list(methods), dependencies=dependencies, openapi_extra=extra, **options
            )
            return endpoint

        return declare
