"""Every route of the service, for every role: let in exactly when it is named. Routes that are added are tested by it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from service.access import CSRF_HEADER, SESSION_COOKIE
from service.app import API, PAGES
from service.roles import ANYBODY, Role
from service.routes import ROLES_KEY
from storage.desk.clients import Client
from tests.services.asking import status_of
from tests.services.office import AGENCY, Desk, office_at

# What stands in a path where nothing of that name is there.
PLACE = "0" * 24
# Described to anybody: it holds no data.
OPEN_TO_ALL = {"/v1/openapi.json"}
REFUSED = {401, 403}
SAFE = {"GET", "HEAD", "OPTIONS"}
READER_SYSTEM, STRANGER = "client:mot-cua", "a stranger"


@dataclass(frozen=True)
class Door:
    """One way in: a method of a route, and who may."""

    method: str
    path: str
    roles: frozenset[Role]

    @property
    def asked(self) -> str:
        return re.sub(
            r"\{(\w+)(?::\w+)?\}", lambda found: "1" if "index" in found[1] or found[1] == "n" else PLACE, self.path
        )


def doors() -> Iterator[Door]:
    for prefix, groups in (("", PAGES), ("/v1", API)):
        for group in groups:
            for route in group.router.routes:
                assert isinstance(route, APIRoute)
                roles = frozenset(map(Role, (route.openapi_extra or {})[ROLES_KEY]))
                for method in sorted(route.methods):
                    yield Door(method, prefix + route.path, roles)


DOORS = sorted(doors(), key=lambda door: (door.path, door.method))
UNSAFE = [door for door in DOORS if door.method not in SAFE and door.roles]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An office that all routes are tried in: what they change of it matters to none of them."""
    with office_at(tmp_path_factory.mktemp("every-route") / "home") as opened:
        opened.office.clients.add(Client("mot-cua", "Một cửa điện tử", frozenset({"reader"}), AGENCY))
        yield opened


def name_of(door: Door) -> str:
    return f"{door.method} {door.path}"


def signed_in(desk: Desk, role: Role, *, with_token: bool = True) -> dict[str, str]:
    """Return what a person's browser sends, in a new session: the route before may have ended the last."""
    cookie, csrf = desk.session(role.value)
    return {"cookie": f"{SESSION_COOKIE}={cookie}", **({CSRF_HEADER: csrf} if with_token else {})}


def ask(desk: Desk, door: Door, headers: dict[str, str]) -> int:
    body = b"" if door.method in SAFE | {"DELETE"} else b"{}"
    sent = {"accept": "application/json", **({"content-type": "application/json"} if body else {}), **headers}
    return status_of(desk.app, door.method, door.asked, sent, body)


@pytest.mark.parametrize("door", DOORS, ids=name_of)
def test_who_is_let_in_is_who_is_named(desk: Desk, door: Door) -> None:
    answers = {role.value: ask(desk, door, signed_in(desk, role)) for role in Role}
    token = desk.office.clients.new_token("mot-cua")
    answers[READER_SYSTEM] = ask(desk, door, {"authorization": f"Bearer {token}"})
    answers[STRANGER] = ask(desk, door, {})
    allowed = {role.value for role in door.roles} | ({READER_SYSTEM} if Role.READER in door.roles else set())
    expected = set(answers) - allowed if door.roles != ANYBODY else set()
    assert {who for who, status in answers.items() if status in REFUSED} == expected, answers
    assert not {who: status for who, status in answers.items() if status >= 500}
    if door.roles:
        assert answers[STRANGER] == 401


@pytest.mark.parametrize("door", UNSAFE, ids=name_of)
def test_a_cookie_alone_changes_nothing(desk: Desk, door: Door) -> None:
    answers = {role.value: ask(desk, door, signed_in(desk, role, with_token=False)) for role in door.roles}
    assert set(answers.values()) == {403}


@pytest.mark.parametrize("door", [door for door in DOORS if door.roles], ids=name_of)
def test_a_wrong_token_lets_nobody_in(desk: Desk, door: Door) -> None:
    wrong = {"authorization": "Bearer sohoa-t-wrong", **signed_in(desk, next(iter(door.roles)))}
    assert ask(desk, door, wrong) == 401


def test_there_is_no_way_in_but_those(desk: Desk) -> None:
    found: set[str] = set()

    def walk(routes: list[Any], prefix: str) -> None:
        for route in routes:
            inner = getattr(route, "original_router", None) or getattr(route, "app", None)
            if isinstance(route, Mount):
                if prefix + route.path != "/static":
                    walk(route.routes, prefix + route.path)
            elif isinstance(route, APIRoute) or inner is None or not hasattr(inner, "routes"):
                found.update(f"{method} {prefix}{route.path}" for method in route.methods)
            else:
                walk(inner.routes, prefix)

    walk(desk.app.routes, "")
    told = {name_of(door) for door in DOORS}
    assert found - {f"{method} {path}" for path in OPEN_TO_ALL for method in ("GET", "HEAD")} == told
    assert len(told) > 20


def test_the_description_of_the_api_names_who_may(desk: Desk) -> None:
    described = desk.client().get("/v1/openapi.json").json()
    schemes = described["components"]["securitySchemes"]
    assert schemes["client_credentials"]["flows"]["clientCredentials"]["tokenUrl"] == "/v1/token"
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            door = next(door for door in DOORS if name_of(door) == f"{method.upper()} /v1{path}")
            assert operation[ROLES_KEY] == sorted(door.roles)
            assert bool(operation.get("security")) == bool(door.roles)
            assert {name for way in operation.get("security", []) for name in way} <= set(schemes)
