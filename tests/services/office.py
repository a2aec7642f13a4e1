"""An office for tests of the service: its routes without a network, or listening on loopback for a browser."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from service.access import CSRF_HEADER, SESSION_COOKIE
from service.app import create_app
from service.office import Office, open_office
from service.roles import Role
from storage.desk.accounts import Account
from storage.settings import Settings
from tests.services.surroundings import own_environment

PASSWORD = "mat-khau-thu-nghiem-12"  # of accounts that live as long as a test
AGENCY = "H05.12"
# Of a server whose office is closed after it, seconds: longer than a busy machine stalls.
_END_TIMEOUT_S = 120


@dataclass
class NotedLauncher:
    """A launcher that notes what it was asked for and does nothing: the fault of a runner that never comes."""

    batches: list[str] = field(default_factory=list)
    dossiers: list[str] = field(default_factory=list)

    def digitise(self, batch_id: str) -> None:
        self.batches.append(batch_id)

    def assemble(self, dossier_id: str) -> None:
        self.dossiers.append(dossier_id)


class Desk:
    """An office with one account for each role, named after it, and clients that are signed in."""

    def __init__(self, office: Office, launcher: NotedLauncher) -> None:
        self.office = office
        self.launcher = launcher
        self.app = create_app(office)
        for role in Role:
            self.account(role.value, role)

    def account(self, name: str, *roles: Role, agency: str | None = None) -> None:
        """Add an account. Its password is of no use: `session` signs in without it."""
        if self.office.accounts.find(name) is None:
            self.office.accounts.add(Account(name, f"Thử {name}", frozenset(roles), agency, is_local=False), None)

    def session(self, name: str) -> tuple[str, str]:
        """Sign an account in; gives the cookie's token and the token of changing requests."""
        token = self.office.sessions.begin(name)
        session = self.office.sessions.find(token)
        assert session is not None
        return token, session.csrf_token

    def client(self, name: str | None = None) -> TestClient:
        """Return a client of that account, or of a stranger. Errors of the program are answers, as for a caller."""
        client = TestClient(self.app, base_url="http://testserver", raise_server_exceptions=False)
        if name is not None:
            token, csrf = self.session(name)
            client.cookies.set(SESSION_COOKIE, token)
            client.headers[CSRF_HEADER] = csrf
        return client


@contextmanager
def office_at(home: Path, settings: Mapping[str, str] | None = None) -> Iterator[Desk]:
    """Open the office of a home, which needs nothing in it; `settings` by their names."""
    launcher = NotedLauncher()
    with open_office(Settings.load(home, settings or {}, own_environment()), launcher) as office:
        yield Desk(office, launcher)


@contextmanager
def listening(desk: Desk) -> Iterator[str]:
    """Serve an office on loopback, from a thread; gives its address."""
    config = uvicorn.Config(desk.app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.02)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        # Streams that stay open end with the server.
        server.force_exit = True
        thread.join(_END_TIMEOUT_S)
        assert not thread.is_alive(), "the server did not end"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty office."""
    with office_at(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def filled_desk(filled_home: Path) -> Iterator[Desk]:
    """An office that holds the drawn dossiers `hs-101` (two papers) and `hs-102` (one)."""
    with office_at(filled_home) as opened:
        yield opened


@pytest.fixture
def serve() -> Iterator[Callable[[Desk], str]]:
    """Serve offices on loopback until the test ends."""
    with ExitStack() as opened:
        yield lambda desk: opened.enter_context(listening(desk))
