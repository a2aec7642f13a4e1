"""The API does what its description says: schemathesis asks every operation what the description allows, and what not.

In a filled office, with a caller for each set of roles. Few examples of a fixed seed here; by hand many more:
`SCHEMATHESIS_EXAMPLES=200 pytest tests/service/test_openapi_conformance.py`.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.app import API
from service.intake.tus import BODY_TYPE
from service.roles import Role
from service.routes import ROLES_KEY
from service.v1 import groups
from storage.records import load_record
from tests.service.api_world import CHILD, FATHER, PROCEDURE, person, system
from tests.service.review_world import keep
from tests.service.sending import TUS, encoded
from tests.services.office import AGENCY, Desk, office_at

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "8"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
OPERATIONS = sorted(
    (route.path, method)
    for group in API
    for route in group.router.routes
    if isinstance(route, APIRoute) and route.include_in_schema
    for method in route.methods
)
RECEIVER = "https://93.184.215.14/thay-doi"
# What stands for values that must be of something, or of somebody.
MEANT: dict[str, Any] = {
    "subject": FATHER,
    "others": {"child": CHILD},
    "procedure": PROCEDURE,
    "x-procedure": PROCEDURE,
    "on": "2026-11-22",
    "birth": "1988",
    "paper_type": "giay-khai-sinh",
    "agency": AGENCY,
    "cursor": "",
    "url": RECEIVER,
}
schemathesis.serializer.alias(BODY_TYPE, "application/octet-stream")
CALLER = re.compile("authorization|cookie|x-csrf-token", re.IGNORECASE)


class World:
    """What requests may be about, and who sends them."""

    def __init__(self, desk: Desk) -> None:
        """Keep records in several states beside those that were really read."""
        self.desk, office = desk, desk.office
        read = [load_record(office.store, row.record_id) for row in list(office.catalogue.records())]
        kept = [keep(desk, doubtful=doubtful, agency=AGENCY) for doubtful in ((), (), ("number",), ("sex",)) * 3]
        self.records = [*filter(None, read), *kept]
        self.system = system(desk, "doc", None, Role.READER, Role.CLERK, Role.AUDITOR)
        self.person = person(desk, "nga", Role.SUPERVISOR, Role.STEWARD, agency=None)

    def caller(self, roles: frozenset[Role]) -> dict[str, str]:
        """Return the headers of somebody who may call an operation of these roles."""
        if not roles:
            return {}
        client = self.person if not {Role.READER, Role.CLERK, Role.AUDITOR} & roles else self.system
        said = {name: value for name, value in client.headers.items() if CALLER.fullmatch(name)}
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        return {**said, **({"Cookie": cookies} if cookies else {})}

    def batch(self) -> str:
        return str(self.system.post("/v1/batches", json={}).json()["batch_id"])

    def upload(self) -> str:
        return str(self.system.post("/v1/uploads", headers=self.file_of(self.batch())).headers["location"]).split("/")[
            -1
        ]

    def file_of(self, batch_id: str) -> dict[str, str]:
        named = {"batch_id": batch_id, "dossier_id": "hs-001", "file": "scan.pdf"}
        return {
            **TUS,
            "Upload-Length": "400",
            "Upload-Metadata": ",".join(f"{key} {encoded(value)}" for key, value in named.items()),
        }

    def webhook(self) -> str:
        held = self.system.get("/v1/webhooks").json()["webhooks"]
        return str((held[0] if held else self.system.post("/v1/webhooks", json={"url": RECEIVER}).json())["webhook_id"])

    def mean(self, case: Any) -> None:
        """Let a valid request be about what is there; made at random, it is about nothing. One in four stays so."""
        choice = crc32(repr((case.path_parameters, case.query, case.body)).encode())
        if choice % 4 == 0:
            return
        path, query, headers, body = case.path_parameters, case.query, case.headers, case.body
        operation = case.operation.definition.raw["operationId"]
        record = self.records[choice % len(self.records)]
        seen = [name for name, field in record.fields.items() if field.evidence is not None]
        meant: dict[str, Callable[[], Any]] = {
            "record_id": lambda: record.record_id,
            "name": lambda: seen[choice % len(seen)],
            "index": lambda: 0,
            "code": lambda: PROCEDURE,
            "paper_type": lambda: record.paper_type,
            # The events of an open batch never end.
            "batch_id": lambda: path["batch_id"] if operation == "followBatch" else self.batch(),
            "upload_id": self.upload,
            "webhook_id": self.webhook,
        }
        path.update({name: meant[name]() for name in path if name in meant})
        for part in (query, headers, body if isinstance(body, dict) else {}):
            part.update({name: MEANT[name] for name in part if name in MEANT})
        if operation == "createUpload":
            headers.update(self.file_of(self.batch()))
        if operation == "sendBytes":
            headers["Upload-Offset"] = "0"
            headers.pop("Upload-Checksum", None)
        if case.operation.definition.raw["tags"] == [groups.DECISIONS]:
            headers.pop("if-match", None)
            headers.pop("idempotency-key", None)
            latest = load_record(self.desk.office.store, record.record_id)
            body["revision"] = latest.revision if latest else 1
        if operation == "supersedeRecord":
            body["by_record"] = self.records[(choice + 1) % len(self.records)].record_id


@pytest.fixture(scope="module")
def here(digitised_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("described") / "home"
    shutil.copytree(digitised_home, home)
    with office_at(home) as desk:
        yield World(desk)


@pytest.fixture(scope="module")
def described(here: World) -> Any:
    # The tus protocol answers a missing version with 412.
    refusals = {"expected-statuses": ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422"]}
    config = SchemathesisConfig.from_dict(
        {
            "generation": {"database": "none", "with-security-parameters": False},
            "checks": {"negative_data_rejection": refusals},
        }
    )
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", here.desk.app, config=config)

    @schema.hook
    def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
        # Nobody waits here for something new.
        if query and context.operation.path == "/changes" and isinstance(query.get("wait"), int):
            return {**query, "wait": min(query["wait"], 0)}
        return query

    return schema


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_api_does_what_its_description_says(described: Any, here: World, path: str, method: str) -> None:
    operation = described[path][method]
    roles = frozenset(map(Role, operation.definition.raw[ROLES_KEY]))
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    cases = st.one_of(operation.as_strategy(generation_mode=mode) for mode in modes)

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    def ask(case: Any) -> None:
        if case.meta.generation.mode is GenerationMode.POSITIVE:
            here.mean(case)
        headers = here.caller(roles)
        given = {name.lower() for name in case.headers or ()}
        if "x-purpose" not in given and not (case.query or {}).get("purpose"):
            headers["X-Purpose"] = "th%E1%BB%AD"
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
