"""Offices with records that wait for a person, and stewards who work on them. All persons are invented."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from httpx2 import Response
from sqlalchemy import update

from extractors.record import Record, RecordState
from service.roles import Role
from storage.desk.tables import leases
from storage.desk.times import as_text
from storage.records import load_record, save_draft
from tests.services.office import Desk, office_at
from tests.storage.deciding import VALUES, birth_record, read

AGENCY = "H05.12"
_NUMBERS = itertools.count(1)


@contextmanager
def office_on(home: Path, url: str | None = None, **settings: str) -> Iterator[Desk]:
    """Open an office whose desk and catalogue are in the database at `url`; None: in SQLite files of the home."""
    home.mkdir(parents=True, exist_ok=True)
    if url is not None:
        settings = {"catalogue": url, "desk": url, **settings}
    (home / "sohoa.toml").write_text("".join(f'{name} = "{value}"\n' for name, value in settings.items()))
    with office_at(home) as desk:
        for name in ("hoa", "lan", "mai"):
            desk.account(name, Role.STEWARD)
        desk.account("nga", Role.SUPERVISOR)
        yield desk


def keep(desk: Desk, *, doubtful: tuple[str, ...] = ("number",), agency: str | None = None, **changes: Any) -> Record:
    """Keep a birth certificate that the machine read; the fields in `doubtful` wait for a person."""
    draft = birth_record(next(_NUMBERS), doubtful=doubtful, **changes)
    if agency is not None:
        draft = draft.model_copy(update={"metadata": {**draft.metadata, "agency": agency}})
    record = save_draft(desk.office.store, draft)
    desk.office.catalogue.project_record(record)
    return record


def let_end(desk: Desk) -> None:
    """Let every lease have ended a moment ago, as when no heartbeat came for two minutes."""
    with desk.office.desk.writing() as connection:
        connection.execute(update(leases).values(until=as_text(datetime.now(UTC) - timedelta(seconds=1))))


def keep_unknown(desk: Desk) -> Record:
    """Keep a paper that no type was told of."""
    made = birth_record(next(_NUMBERS), paper_type="khong-ro", state=RecordState.NEEDS_REVIEW)
    record = save_draft(desk.office.store, made.model_copy(update={"fields": {}, "subjects": ()}))
    desk.office.catalogue.project_record(record)
    return record


def sampled(*names: str) -> dict[str, Any]:
    """Fields the machine accepted that are of the blind sample."""
    return {name: read(VALUES[name], sampled=True) for name in names}


@dataclass
class Steward:
    """A person at the desk, with one page open."""

    desk: Desk
    name: str
    token: str = ""
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.desk.client(self.name)
        self.token = self.token or f"trang-cua-{self.name}"

    def view(self, record: Record | str) -> dict[str, Any]:
        answer = self.client.get(f"/tasks/{_id(record)}/view")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def take(self, *skip: Record, narrowing: str = "") -> dict[str, Any] | None:
        body = {"token": self.token, "skip": [record.record_id for record in skip]}
        answer = self.client.post(f"/tasks/take{narrowing}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["view"]

    def lease(self, record: Record | str) -> Response:
        return self.client.post(f"/tasks/{_id(record)}/lease", json={"token": self.token})

    def draft(self, record: Record | str, revision: int, fields: Mapping[str, Any]) -> Response:
        body = {"revision": revision, "token": self.token, "fields": fields}
        return self.client.put(f"/tasks/{_id(record)}/draft", json=body)

    def settle(self, record: Record | str, fields: Mapping[str, Any], revision: int | None = None, **more: Any):
        body = {"revision": revision or latest(self.desk, record).revision, "token": self.token, "fields": fields}
        return self.client.post(f"/tasks/{_id(record)}/settle", json={**body, **more})

    def post(self, record: Record | str, what: str, **body: Any) -> Response:
        return self.client.post(f"/tasks/{_id(record)}/{what}", json=body)


def latest(desk: Desk, record: Record | str) -> Record:
    found = load_record(desk.office.store, _id(record))
    assert found is not None
    return found


def typed(value: str | list[str], **more: Any) -> dict[str, Any]:
    return {"action": "set", "value": value, **more}


CONFIRM = {"action": "confirm"}
BLANK = {"action": "blank"}


def field_of(view: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in view["fields"] if each["name"] == name)


def asked_in(view: dict[str, Any]) -> list[str]:
    return [each["name"] for each in view["fields"] if each["needs_person"]]


def _id(record: Record | str) -> str:
    return record if isinstance(record, str) else record.record_id
