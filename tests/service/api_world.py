"""Systems that call the API, and records of two agencies. All persons are invented."""

from typing import Any

from fastapi.testclient import TestClient

from service.roles import Role
from storage.desk.clients import Client
from storage.read_log.entry import ReadEntry
from tests.services.office import AGENCY, Desk

OTHER_AGENCY = "H99"
CHILD = "001319012345"
FATHER = "001088012345"
# Asks for the birth certificate of a child.
PROCEDURE = "1.001022"
PURPOSE = {"X-Purpose": "gi%E1%BA%A3i quy%E1%BA%BFt h%E1%BB%93 s%C6%A1"}
PURPOSE_WORDS = "giải quyết hồ sơ"


def system(desk: Desk, name: str = "mot-cua", agency: str | None = AGENCY, *roles: Role) -> TestClient:
    """Return a system that calls with an access token."""
    office = desk.office
    if office.clients.find(name) is None:
        office.clients.add(Client(name, f"Hệ thống {name}", frozenset(roles or {Role.READER}), agency))
    client = TestClient(desk.app, base_url="http://testserver", raise_server_exceptions=False)
    client.headers["Authorization"] = f"Bearer {office.clients.new_token(name)}"
    return client


def person(desk: Desk, name: str, *roles: Role, agency: str | None = AGENCY) -> TestClient:
    """Return a person of an agency, signed in."""
    desk.account(name, *roles, agency=agency)
    return desk.client(name)


def look_up(client: TestClient, **changes: Any) -> Any:
    """Ask for the father who wants to be entered as such; the child's paper is what is asked for."""
    asked = {"subject": FATHER, "procedure": PROCEDURE, "purpose": PURPOSE_WORDS, "others": {"child": CHILD}}
    answer = client.post("/v1/lookups", json={**asked, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()


def logged(desk: Desk) -> list[ReadEntry]:
    """Return what the read log says, oldest first."""
    return list(desk.office.read_log.pending())
