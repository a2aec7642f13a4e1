"""A Python client that is generated from our description does what a one-stop-shop system needs, over a live office.

The configuration of the generator, and what is written with the client, stand in docs/api.md too.
"""

import importlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from service.access import CSRF_HEADER, SESSION_COOKIE
from service.feed.running import relay_of
from service.roles import Role
from storage.desk.clients import Client
from tests.service.api_world import CHILD, FATHER, PROCEDURE, logged
from tests.service.review_world import keep
from tests.service.test_feed import look_through
from tests.services.office import AGENCY, Desk, office_at

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
GENERATOR = Path(sys.executable).with_name("openapi-python-client")
PACKAGE = "sohoa_client"
WHY = "Giải quyết hồ sơ nhận cha, mẹ, con"


@pytest.fixture(scope="module")
def client_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], ModuleType]]:
    """Generate the client as the document says; gives its modules by their names in it."""
    folder = tmp_path_factory.mktemp("generated")
    (config,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    (folder / "sohoa-client.yaml").write_text(config, "utf-8")
    with office_at(folder / "home") as opened:
        (folder / "openapi.json").write_bytes(opened.client().get("/v1/openapi.json").content)
    how = ["--config", "sohoa-client.yaml", "--meta", "none", "--fail-on-warning"]
    made = subprocess.run(
        [GENERATOR, "generate", "--path", "openapi.json", "--output-path", PACKAGE, *how],
        capture_output=True, encoding="utf-8", check=False, cwd=folder,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    with pytest.MonkeyPatch.context() as changed:
        changed.syspath_prepend(str(folder))
        yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


class System:
    """A program that works with the generated client; clients are closed with it."""

    def __init__(self, client_of: Callable[[str], ModuleType], address: str) -> None:
        self.base_url, self.module, self.models = f"{address}/v1", client_of, client_of("models")
        self.opened = ExitStack()

    def client(self, kind: str = "Client", **given: Any) -> Any:
        made = getattr(self.module("client"), kind)(base_url=self.base_url, timeout=httpx.Timeout(120), **given)
        return self.opened.enter_context(made)

    def ask(self, client: Any, operation: str, **given: Any) -> Any:
        return self.module(f"api.{operation}").sync_detailed(client=client, **given)


@pytest.fixture
def program(client_of: Callable[[str], ModuleType], desk: Desk, serve: Callable[[Desk], str]) -> Iterator[System]:
    made = System(client_of, serve(desk))
    with made.opened:
        yield made


def signed_on(desk: Desk, program: System) -> Any:
    """Return the client of a reader system that fetched its token itself."""
    desk.office.clients.add(Client("mot-cua", "Một cửa điện tử", frozenset({Role.READER}), AGENCY))
    secret = desk.office.clients.new_secret("mot-cua")
    asked = program.models.BodyGiveToken(grant_type="client_credentials", client_id="mot-cua", client_secret=secret)
    token = program.ask(program.client(), "token.give_token", body=asked).parsed
    assert (token.token_type, token.expires_in, token.scope) == ("Bearer", 3600, "reader")
    return program.client("AuthenticatedClient", token=token.access_token)


def test_a_reader_system_asks_reads_and_is_told_of_changes(desk: Desk, program: System) -> None:
    record, models, ask = keep(desk, doubtful=(), agency=AGENCY), program.models, program.ask
    client = signed_on(desk, program)
    others = models.LookupAskedOthers.from_dict({"child": CHILD})
    question = models.LookupAsked(subject=FATHER, procedure=PROCEDURE, purpose=WHY, others=others)
    (held,) = ask(client, "lookups.look_up", body=question).parsed.held
    assert (held.record_id, held.paper_type) == (record.record_id, "giay-khai-sinh")

    about = {"record_id": held.record_id, "purpose": WHY}
    found = ask(client, "records.get_record", **about)
    name = found.parsed.fields["full_name"]
    assert (name.value, name.source, name.verified_by) == ("Trần Thị Thử", "rule:two-readers", "machine")
    assert (name.last_updated.year, found.parsed.state) == (2024, models.RecordState.ACCEPTED)
    again = ask(client, "records.get_record", **about, if_none_match=found.headers["etag"])
    assert (again.status_code, again.parsed) == (304, None)
    assert ask(client, "records.get_fields", **about).parsed.fields["personal_id"].value == CHILD
    assert {entry.purpose for entry in logged(desk)} == {WHY}

    look_through(relay_of(desk.office))
    portion = ask(client, "changes.list_changes").parsed
    assert [(each.record_id, each.revision) for each in portion.changes] == [(held.record_id, 1)]
    assert portion.changes[0].type_ == models.EventType.VN_SOHOA_RECORD_ACCEPTED
    assert ask(client, "changes.list_changes", cursor=portion.next_).parsed.changes == []


def test_refusals_are_problems_with_our_codes(desk: Desk, program: System) -> None:
    record, client = keep(desk, doubtful=(), agency=AGENCY), signed_on(desk, program)
    for given, status, code in (
        ({"record_id": record.record_id}, 422, "purpose_missing"),
        ({"record_id": "r" + "0" * 24, "purpose": WHY}, 404, "record_unknown"),
        ({"record_id": "khong-co", "purpose": WHY}, 422, "request_invalid"),
    ):
        refused = program.ask(client, "records.get_record", **given)
        assert isinstance(refused.parsed, program.models.Problem)
        assert (refused.status_code, refused.parsed.status, refused.parsed.code) == (status, status, code)
        assert refused.parsed.title and refused.parsed.action


def test_a_program_of_a_person_decides_on_what_was_read(desk: Desk, program: System) -> None:
    """Decisions are persons' acts: the program sends what their browser would."""
    record, models, ask = keep(desk, doubtful=(), agency=AGENCY), program.models, program.ask
    desk.account("nga", Role.SUPERVISOR, agency=AGENCY)
    cookie, csrf = desk.session("nga")
    person = program.client(cookies={SESSION_COOKIE: cookie}, headers={CSRF_HEADER: csrf})
    etag = ask(person, "records.get_record", record_id=record.record_id, purpose=WHY).headers["etag"]
    seen = {"record_id": record.record_id, "if_match": etag}
    done = ask(person, "decisions.approve_record", **seen, body=models.PlainAsked(), idempotency_key="k-1")
    assert (done.parsed.state, done.parsed.revision) == (models.RecordState.APPROVED, 2)
    again = ask(person, "decisions.approve_record", **seen, body=models.PlainAsked(), idempotency_key="k-1")
    assert (again.content, again.headers["idempotency-replayed"]) == (done.content, "true")
    stale = ask(person, "decisions.reopen_record", **seen, body=models.PlainAsked(reason="xem lại"))
    assert (stale.status_code, stale.parsed.code) == (409, "record_changed")


def test_operations_and_shapes_have_names_that_say_what_they_are(client_of: Callable[[str], ModuleType]) -> None:
    models = set(client_of("models").__all__)
    assert {"Record", "Field", "History", "LookupAnswer", "LookupAsked", "Holdings", "Problem", "Changes"} <= models
    strange = {name for name in models if re.search(r"Shape|HTTP|Validation|^Response|V1", name)}
    assert strange == set()
