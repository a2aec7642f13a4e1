"""The changes feed: nothing missed, nothing told twice, in an order that stays; earlier readers are told."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from extractors.record import Record, RecordState, Revocation
from ocr.problem import SohoaError
from service.feed.relay import Relay
from service.feed.running import relay_of
from service.feed.tide import Tide
from service.roles import Role
from service.v1.changes import LONGEST_WAIT_S
from storage.acts import Act
from storage.decisions import approve, correct, reject, reopen, revoke
from storage.desk.clients import Client
from storage.desk.events import Events
from storage.desk.tables import feed, feed_places
from storage.desk.times import as_text
from storage.keys import record_key
from storage.links import reinstate, supersede
from storage.read_log.entry import ReadKind
from storage.read_log.opening import log_read
from storage.records import load_record, save_draft, withdraw
from tests.services.office import AGENCY, Desk
from tests.storage.deciding import TYPES, birth_record

REVOCATION = Revocation(by_authority="UBND huyện Thử", act_number="12/QĐ-UBND", act_date=date(2024, 3, 4))


def act(*evidence: str) -> Act:
    return Act("lan", "đối chiếu bản gốc", evidence)


def draft(desk: Desk, nth: int = 1, *, agency: str | None = None, **changes) -> Record:
    made = birth_record(nth, **changes)
    metadata = {**made.metadata, **({"agency": agency} if agency else {})}
    now = made.provenance.model_copy(update={"created_at": datetime.now(UTC)})
    saved = save_draft(desk.office.store, made.model_copy(update={"metadata": metadata, "provenance": now}))
    desk.office.catalogue.project_record(saved)
    return saved


def system(desk: Desk, name: str, agency: str | None = None) -> TestClient:
    desk.office.clients.add(Client(name, f"Hệ thống {name}", frozenset({Role.READER}), agency))
    client = desk.client()
    client.headers["Authorization"] = f"Bearer {desk.office.clients.new_token(name)}"
    return client


def changes(client: TestClient, cursor: str = "", **parameters) -> dict:
    answer = client.get("/v1/changes", params={"cursor": cursor, **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(client: TestClient, cursor: str = "") -> list[tuple[str, int]]:
    found = changes(client, cursor, limit=1000)["changes"]
    assert [each["seq"] for each in found] == sorted({each["seq"] for each in found})
    return [(each["type"].removeprefix("vn.sohoa.record."), each["revision"]) for each in found]


def look_through(relay: Relay) -> Relay:
    """Let a relay look until it has told all that was there before it."""
    while relay.look() is None or relay.is_busy:
        pass
    assert relay.is_filled
    return relay


@pytest.fixture
def relay(desk: Desk) -> Relay:
    return look_through(relay_of(desk.office))


def test_every_decision_is_told_once_and_drafts_are_not(desk: Desk, relay: Relay) -> None:
    office, reader = desk.office, system(desk, "mot-cua")
    first = draft(desk, 1, doubtful=("sex",))
    relay.look()
    assert told(reader) == []
    name = first.record_id
    correct(office.store, office.catalogue, name, 1, act(), TYPES, {}, ["sex"])
    approve(office.store, office.catalogue, name, 2, act(), TYPES)
    relay.look()
    correct(office.store, office.catalogue, name, 3, act(), TYPES, {"sex": "Nam"})
    reopen(office.store, office.catalogue, name, 4, act())
    approve(office.store, office.catalogue, name, 5, act(), TYPES)
    revoke(office.store, office.catalogue, name, 6, act(), REVOCATION)
    relay.look()
    reinstate(office.store, office.catalogue, name, 7, act("13/QĐ-UBND"))
    reject(office.store, office.catalogue, name, 8, act())
    relay.look()
    relay.look_at_everything()
    kinds = ["approved", "corrected", "reopened", "approved", "revoked", "reinstated", "rejected"]
    assert told(reader) == list(zip(kinds, range(3, 10), strict=True))


def test_what_the_machine_accepts_replaces_and_takes_back(desk: Desk, relay: Relay) -> None:
    office, reader = desk.office, system(desk, "mot-cua")
    one, two = draft(desk, 1), draft(desk, 2)
    withdraw(office.store, one.record_id, datetime.now(UTC))  # the catalogue is not told: its writer crashed
    draft(desk, 2, doubtful=("sex",))
    relay.look()
    assert told(reader) == [("accepted", 1), ("accepted", 1), ("reopened", 2)]
    relay.look_at_everything()
    assert told(reader)[-1] == ("superseded", 2)
    row = office.catalogue.record(one.record_id)
    assert row is not None and row.revision == 2  # mended on the way
    assert two.record_id != one.record_id


def test_linking_two_records_tells_of_the_one_that_lost_its_place(desk: Desk, relay: Relay) -> None:
    office, reader = desk.office, system(desk, "mot-cua")
    old, new = draft(desk, 1), draft(desk, 2)
    supersede(office.store, office.catalogue, old.record_id, 1, new.record_id, act())
    relay.look()
    reinstate(office.store, office.catalogue, old.record_id, 2, act("15/QĐ-UBND"))
    relay.look()
    by_record = [(each["record_id"], each["type"].rpartition(".")[2]) for each in changes(reader)["changes"]]
    assert sorted(by_record[:3]) == sorted(
        [(old.record_id, "accepted"), (new.record_id, "accepted"), (old.record_id, "superseded")]
    )
    assert by_record[3:] == [(old.record_id, "reinstated")]


def test_two_relays_tell_nothing_twice_and_one_takes_over(desk: Desk) -> None:
    reader = system(desk, "mot-cua")
    one, two = (relay_of(desk.office, timedelta(hours=1)) for _ in range(2))
    look_through(one)
    for nth in range(1, 6):
        draft(desk, nth)
    assert two.look() is None
    assert one.look() == 5
    with desk.office.desk.writing() as connection:
        connection.execute(feed.update().values(until=as_text(datetime.now(UTC) - timedelta(seconds=1))))
    draft(desk, 6)
    assert two.look() == 1
    assert one.look() is None
    with pytest.raises(SohoaError, match="another relay"):
        one.writer.tell([])
    assert len(told(reader)) == 6


def test_a_fresh_desk_tells_where_everything_stands_once(desk: Desk) -> None:
    office, reader = desk.office, system(desk, "mot-cua")
    approved, revoked, waiting, reopened = (
        draft(desk, nth, doubtful=("sex",) if nth == 3 else ()) for nth in range(1, 5)
    )
    approve(office.store, office.catalogue, approved.record_id, 1, act(), TYPES)
    revoke(office.store, office.catalogue, revoked.record_id, 1, act(), REVOCATION)
    reopen(office.store, office.catalogue, reopened.record_id, 1, act())
    relay = look_through(relay_of(office))
    found = {each["record_id"]: each["type"].rpartition(".")[2] for each in changes(reader)["changes"]}
    assert found == {approved.record_id: "approved", revoked.record_id: "revoked", reopened.record_id: "reopened"}
    assert waiting.record_id not in found
    relay.look_at_everything()
    assert len(changes(reader)["changes"]) == 3


def test_a_cursor_of_another_feed_is_gone(desk: Desk, relay: Relay) -> None:
    reader = system(desk, "mot-cua")
    draft(desk, 1)
    relay.look()
    place = changes(reader)["next"]
    assert changes(reader, place) == {"changes": [], "next": place, "more": False}
    for foreign in ("0" * 8 + place[8:], place[:-1] + ("0" if place[-1] != "0" else "1"), place.replace(".1.", ".9.")):
        answer = reader.get("/v1/changes", params={"cursor": foreign})
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor_gone")
    assert reader.get("/v1/changes", params={"cursor": "abc"}).json()["code"] == "request_invalid"
    with desk.office.desk.writing() as connection:
        connection.execute(feed.delete())
        connection.execute(feed_places.delete())
    assert reader.get("/v1/changes", params={"cursor": place}).json()["code"] == "cursor_gone"


def test_a_store_that_was_set_back_is_told_as_it_is_now(desk: Desk, relay: Relay) -> None:
    office, reader = desk.office, system(desk, "mot-cua")
    made = draft(desk, 1)
    revoke(office.store, office.catalogue, made.record_id, 1, act(), REVOCATION)
    relay.look()
    office.store.erase(record_key(made.record_id, 2))
    relay.look_at_everything()
    assert told(reader) == [("accepted", 1), ("revoked", 2), ("accepted", 1)]


def test_portions_come_in_order_and_only_of_the_own_agency(desk: Desk, relay: Relay) -> None:
    for nth in range(1, 31):
        draft(desk, nth, agency=AGENCY if nth % 3 else "H05.123")
    relay.look()
    reader = system(desk, "mot-cua", "H05.12")
    cursor, found = "", []
    while True:
        portion = changes(reader, cursor, limit=7)
        found += portion["changes"]
        cursor = portion["next"]
        if not portion["more"]:
            break
    assert len(found) == 20 and {each["agency"] for each in found} == {AGENCY}
    assert len(changes(system(desk, "tinh", "H05"), limit=1000)["changes"]) == 30
    assert changes(system(desk, "tinh-khac", "H06"))["changes"] == []


def test_who_read_a_record_is_told_that_it_was_revoked(desk: Desk, relay: Relay) -> None:
    office = desk.office
    elsewhere, stranger = system(desk, "tinh-khac", "H06"), system(desk, "nguoi-la", "H07")
    made = draft(desk, 1, agency=AGENCY)
    relay.look()
    log_read(office.read_log, ReadKind.RECORD, [made], reader="client:tinh-khac", agency="H06", purpose="thử")
    assert told(elsewhere) == []
    revoke(office.store, office.catalogue, made.record_id, 1, act(), REVOCATION)
    relay.look()
    relay.look_at_everything()
    assert told(elsewhere) == [("revoked", 2)] and told(stranger) == []
    # Another read it while it was revoked: its entry came after the relay had looked.
    log_read(office.read_log, ReadKind.RECORD, [made], reader="client:nguoi-la", agency="H07", purpose="thử")
    assert relay.tell_late_readers(timedelta(hours=1)) == 1
    assert relay.tell_late_readers(timedelta(hours=1)) == 0
    assert told(stranger) == [("revoked", 2)]
    seen = changes(system(desk, "tat-ca"))["changes"]
    assert [each["type"].rpartition(".")[2] for each in seen] == ["accepted", "revoked"]
    assert changes(stranger)["changes"][0]["event_id"] == seen[-1]["event_id"]


def test_of_an_erased_record_nothing_else_is_told(desk: Desk, relay: Relay) -> None:
    from storage.rights.tombstones import erased_record  # noqa: PLC0415

    office = desk.office
    reader = system(desk, "mot-cua", AGENCY)
    made = draft(desk, 1, agency=AGENCY)
    approve(office.store, office.catalogue, made.record_id, 1, act(), TYPES)
    relay.look()
    assert told(reader) == [("accepted", 1), ("approved", 2)]
    erasure = type("E", (), {"started_at": datetime.now(UTC), "by": "lan", "case_id": "c1"})()
    erasure.ground = type("G", (), {"value": "expired"})()
    latest = load_record(office.store, made.record_id)
    tombstone = erased_record(latest, erasure, 3)
    office.store.create(record_key(made.record_id, 3), tombstone.to_json())
    for revision in (1, 2):
        office.store.erase(record_key(made.record_id, revision))
    office.catalogue.project_record(tombstone)
    relay.look()
    [only] = changes(reader)["changes"]
    assert only["type"] == "vn.sohoa.record.erased"
    assert (only["paper_type"], only["agency"], only["state"]) == (None, None, None)


def test_who_waits_is_answered_when_something_happens(
    desk: Desk, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = system(desk, "mot-cua")
    place = changes(reader)["next"]
    now, asked = Tide.now, []

    def something_happens(tide: Tide) -> int:
        asked.append(tide)
        if len(asked) == 3:  # it is waited for by then
            draft(desk, 1)
            relay.look()
        return now(tide)

    monkeypatch.setattr(Tide, "now", something_happens)
    # Nobody asks again at the end of the wait: what is told here was told when it happened.
    assert len(changes(reader, place, wait=LONGEST_WAIT_S)["changes"]) == 1
    assert len(asked) >= 3


def test_nobody_but_a_system_reads_the_feed(desk: Desk) -> None:
    for name in ("clerk", "steward", "supervisor", "auditor", "admin"):
        assert desk.client(name).get("/v1/changes").status_code == 403
    assert desk.client("reader").get("/v1/changes").status_code == 200


def test_the_feed_on_either_database(either_database_url: str) -> None:
    from storage.desk.database import open_desk  # noqa: PLC0415
    from storage.desk.events import EventType, NewEvent, new_event_id  # noqa: PLC0415
    from storage.desk.feed_writer import FeedWriter, Place  # noqa: PLC0415
    from storage.desk.webhooks import Webhooks  # noqa: PLC0415

    database = open_desk(either_database_url)
    writer, events, webhooks = FeedWriter(database, timedelta(hours=1)), Events(database), Webhooks(database)
    from storage.desk.accounts import Account, Accounts  # noqa: PLC0415

    Accounts(database).add(Account("he-thong", "Hệ thống", frozenset({"reader"}), "H05"), None)
    hook, _ = webhooks.add("he-thong", "https://nhan.example/", [EventType.REVOKED.value])
    assert writer.hold() and not FeedWriter(database).hold()
    at = datetime.now(UTC)
    news = [
        NewEvent(kind, at, f"r{nth}", 1, RecordState.REVOKED, "giay-khai-sinh", agency, new_event_id())
        for nth, (kind, agency) in enumerate(
            [(EventType.REVOKED, "H05.1"), (EventType.APPROVED, "H05"), (EventType.REVOKED, "H06")]
        )
    ]
    places = [Place(event.record_id, 1, event.state, event.agency) for event in news]
    assert writer.tell(news, places) == 3
    assert writer.places(["r0", "r9"]) == {"r0": places[0]}
    portion = events.since("", agency="H05", reader="he-thong", limit=10)
    assert [event.seq for event in portion.events] == [1, 2] and not portion.more
    assert webhooks.due() == (hook.webhook_id,)
    parcel = webhooks.parcel(hook.webhook_id)
    assert parcel is not None and [event.seq for event in parcel.events] == [1]
    webhooks.note_failed(hook.webhook_id, 1, 500, None, timedelta(hours=1))
    assert webhooks.due() == ()
    assert webhooks.find("he-thong", hook.webhook_id).failures == 1
    assert webhooks.send_again(hook.webhook_id) == 0 and webhooks.due() == (hook.webhook_id,)
    webhooks.note_delivered(hook.webhook_id, 1, 204)
    assert webhooks.find("he-thong", hook.webhook_id).waiting == 0
    writer.release()
    other = FeedWriter(database)
    assert other.hold() and other.tell([dataclasses.replace(news[0], record_id="r7")]) == 4
