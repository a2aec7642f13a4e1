"""Webhooks against real receivers on loopback: signed, in order, again after faults, over restarts."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ocr.problem import SohoaError
from service.feed.addresses import check_url, destination_of
from service.feed.relay import Relay
from service.feed.running import feed_running, relay_of
from storage.acts import Act
from storage.decisions import revoke
from storage.desk import webhooks as kept
from storage.desk.tables import deliveries, webhooks
from storage.desk.times import as_text
from storage.desk.webhooks import Webhooks
from storage.read_log.entry import ReadKind
from storage.read_log.opening import log_read
from tests.service.sending import until
from tests.service.test_feed import REVOCATION, draft, look_through, system
from tests.services.office import AGENCY, Desk, office_at
from tests.services.ports import reserved_port
from tests.services.receiver import Receiver, receiving

LOOPBACK = ("127.0.0.0/8",)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WAITS", tuple(timedelta(seconds=0.2) for _ in kept.WAITS))


@pytest.fixture
def open_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An office that sends to loopback: the setting is a flag of the tests' offices no other way."""
    object.__setattr__(desk.office.settings, "webhook_networks", LOOPBACK)
    return desk


def subscribe(client: TestClient, receiver: Receiver, *kinds: str) -> str:
    asked: dict[str, Any] = {"url": receiver.url}
    if kinds:
        asked["types"] = [f"vn.sohoa.record.{kind}" for kind in kinds]
    answer = client.post("/v1/webhooks", json=asked)
    assert answer.status_code == 201, answer.text
    receiver.secret = answer.json()["secret"]
    return answer.json()["webhook_id"]


def running(desk: Desk, longest_answer_s: float = 600):
    """Run the feed. A receiver is waited for longer than a busy machine stalls: else it gets the same again."""
    return feed_running(desk.office, every_s=0.2, held_for=timedelta(seconds=2), longest_answer_s=longest_answer_s)


def delivered(client: TestClient, webhook_id: str) -> bool:
    """True when nothing waits: the receiver has it a moment before this is noted."""
    return client.get(f"/v1/webhooks/{webhook_id}").json()["waiting"] == 0


def test_a_revocation_arrives_signed(open_desk: Desk, receiver: Receiver) -> None:
    office, reader = open_desk.office, system(open_desk, "mot-cua", AGENCY)
    webhook_id = subscribe(reader, receiver, "accepted", "revoked")
    with running(open_desk):
        until(lambda: relay_is_filled(open_desk))
        made = draft(open_desk, 1, agency=AGENCY)
        revoke(office.store, office.catalogue, made.record_id, 1, Act("lan", "thử"), REVOCATION)
        office.wake_feed()
        until(lambda: len(receiver.got) == 2 and delivered(reader, webhook_id))
    assert receiver.kinds() == ["accepted", "revoked"]
    event, headers = receiver.got[1], {name.lower(): value for name, value in receiver.headers[1].items()}
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert headers["webhook-id"] == event["id"]
    assert (event["specversion"], event["subject"], event["data"]["state"]) == ("1.0", made.record_id, "revoked")
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    standing = reader.get(f"/v1/webhooks/{webhook_id}").json()
    assert (standing["waiting"], standing["failures"], standing["last_status"]) == (0, 0, 204)
    assert "secret" not in standing


def relay_is_filled(desk: Desk) -> bool:
    from storage.desk.feed_writer import FeedWriter  # noqa: PLC0415

    return FeedWriter(desk.office.desk).is_filled()


@pytest.mark.parametrize("fault", [500, 302, "drop", "hang", 429])
def test_after_a_fault_everything_comes_in_order(open_desk: Desk, receiver: Receiver, fault: int | str) -> None:
    reader = system(open_desk, "mot-cua")
    webhook_id = subscribe(reader, receiver)
    receiver.behave = lambda nth: fault if nth in {1, 3} else 204
    relay = filled(open_desk)
    for nth in range(1, 5):
        draft(open_desk, nth)
        relay.look()
    relay.writer.release()
    with running(open_desk, 2.0 if fault == "hang" else 600):
        until(lambda: delivered(reader, webhook_id))
    # Who is taken for hanging and is only slow has it twice: what comes first comes in order.
    seqs = list(dict.fromkeys(each["data"]["seq"] for each in receiver.got))
    assert seqs == sorted(seqs) and len(seqs) == 4
    assert fault == "hang" or len(receiver.got) == 4
    assert reader.get(f"/v1/webhooks/{webhook_id}").json()["last_failure"] is None


def filled(desk: Desk) -> Relay:
    return look_through(relay_of(desk.office, timedelta(hours=1)))


def test_a_receiver_that_hangs_holds_up_itself_alone(open_desk: Desk, receiver: Receiver) -> None:
    with receiving() as slow:
        slow.behave = lambda nth: "hang"
        subscribe(system(open_desk, "cham"), slow)
        subscribe(system(open_desk, "nhanh"), receiver)
        relay = filled(open_desk)
        draft(open_desk, 1)
        relay.look()
        relay.writer.release()
        with running(open_desk):
            until(lambda: len(receiver.got) == 1 and slow.requests == 1)


def test_what_waits_survives_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    home = tmp_path / "home"
    with office_at(home) as first:
        object.__setattr__(first.office.settings, "webhook_networks", LOOPBACK)
        subscribe(system(first, "mot-cua"), receiver)
        relay = filled(first)
        for nth in range(1, 4):
            draft(first, nth)
        relay.look()
        # Killed here: the lease is not given back, nothing was sent.
    assert receiver.requests == 0
    with office_at(home) as second:
        object.__setattr__(second.office.settings, "webhook_networks", LOOPBACK)
        set_back_the_lease(second)
        with running(second):
            until(lambda: len(receiver.got) == 3)
    assert receiver.kinds() == ["accepted"] * 3


def set_back_the_lease(desk: Desk) -> None:
    from storage.desk.tables import feed  # noqa: PLC0415

    with desk.office.desk.writing() as connection:
        connection.execute(feed.update().values(until=as_text(datetime.now(UTC))))


def test_after_three_days_it_is_given_up_and_shown_and_sent_when_asked(open_desk: Desk, receiver: Receiver) -> None:
    reader = system(open_desk, "mot-cua")
    webhook_id = subscribe(reader, receiver)
    receiver.behave = lambda nth: 500
    relay = filled(open_desk)
    for nth in (1, 2):
        draft(open_desk, nth)
    relay.look()
    relay.writer.release()
    long_ago = as_text(datetime.now(UTC) - timedelta(days=3, minutes=1))
    with open_desk.office.desk.writing() as connection:
        connection.execute(deliveries.update().values(created_at=long_ago))
    with running(open_desk):
        until(lambda: reader.get(f"/v1/webhooks/{webhook_id}").json()["given_up"] == 2)
        assert receiver.requests == 1
        receiver.behave = lambda nth: 204
        assert reader.post(f"/v1/webhooks/{webhook_id}/redeliver").json() == {"again": 2}
        until(lambda: len(receiver.got) == 2)


def test_who_is_gone_is_left_alone(open_desk: Desk, receiver: Receiver) -> None:
    reader = system(open_desk, "mot-cua")
    webhook_id = subscribe(reader, receiver)
    receiver.behave = lambda nth: 410
    relay = filled(open_desk)
    draft(open_desk, 1)
    relay.look()
    relay.writer.release()
    with running(open_desk):
        until(lambda: reader.get(f"/v1/webhooks/{webhook_id}").json()["disabled"])
        assert not delivered(reader, webhook_id)
        assert Webhooks(open_desk.office.desk).due() == ()
    assert receiver.requests == 1


def test_who_read_the_record_gets_the_revocation_whatever_was_asked_for(open_desk: Desk, receiver: Receiver) -> None:
    office = open_desk.office
    subscribe(system(open_desk, "tinh-khac", "H06"), receiver, "accepted")
    relay = filled(open_desk)
    made = draft(open_desk, 1, agency=AGENCY)
    log_read(office.read_log, ReadKind.RECORD, [made], reader="client:tinh-khac", agency="H06", purpose="thử")
    revoke(office.store, office.catalogue, made.record_id, 1, Act("lan", "thử"), REVOCATION)
    relay.look()
    relay.writer.release()
    with running(open_desk):
        until(lambda: receiver.kinds() == ["revoked"])


def test_a_system_that_was_shut_out_gets_nothing(open_desk: Desk, receiver: Receiver) -> None:
    import dataclasses  # noqa: PLC0415

    subscribe(system(open_desk, "mot-cua"), receiver)
    relay = filled(open_desk)
    draft(open_desk, 1)
    relay.look()
    clients = open_desk.office.clients
    clients.change(dataclasses.replace(clients.find("mot-cua"), disabled=True))
    assert Webhooks(open_desk.office.desk).due() == ()
    draft(open_desk, 2)
    relay.look()
    with open_desk.office.desk.asking() as connection:
        assert len(connection.execute(deliveries.select()).all()) == 1
        assert len(connection.execute(webhooks.select()).all()) == 1


def test_webhooks_are_their_systems_own(open_desk: Desk, receiver: Receiver) -> None:
    one, other = system(open_desk, "mot"), system(open_desk, "hai")
    webhook_id = subscribe(one, receiver)
    for answer in (
        other.get(f"/v1/webhooks/{webhook_id}"),
        other.delete(f"/v1/webhooks/{webhook_id}"),
        other.post(f"/v1/webhooks/{webhook_id}/redeliver"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing_here")
    assert other.get("/v1/webhooks").json() == {"webhooks": []}
    assert one.delete(f"/v1/webhooks/{webhook_id}").status_code == 204
    assert one.get("/v1/webhooks").json() == {"webhooks": []}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://0.0.0.0/",
        "https://localhost/",
        "http://93.184.215.14/",
        "https://khong-co.invalid/",
        "ftp://93.184.215.14/",
        "https://lan:mat-khau@93.184.215.14/",
        "https://93.184.215.14/#x",
        "https://93.184.215.14/ x",
        "https://224.0.0.1/",
        "khong phai dia chi",
        "https://[fe80::1]/",
        "https://2130706433/",
    ],
)
def test_nothing_is_sent_into_the_office(desk: Desk, url: str) -> None:
    answer = system(desk, "mot-cua").post("/v1/webhooks", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook_invalid")
    assert "mat-khau" not in answer.text


def test_what_the_administrator_allows_is_sent_to() -> None:
    place = destination_of("http://localhost:8099/nhan?x=1", ("127.0.0.0/8", "::1/128"))
    assert place.host == "localhost:8099" and place.server_name == "localhost"
    assert place.url in {"http://127.0.0.1:8099/nhan?x=1", "http://[::1]:8099/nhan?x=1"}
    public = destination_of("https://93.184.215.14/nhan", ())
    assert public.url == "https://93.184.215.14:443/nhan" and public.host == "93.184.215.14"
    with pytest.raises(SohoaError):
        check_url("https://" + "a" * 600)


def test_the_example_of_the_documentation_receives(open_desk: Desk, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs/thay-doi.md").read_text("utf-8")
    [program] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    script = tmp_path / "nhan.py"
    script.write_text(program, "utf-8")
    reader = system(open_desk, "mot-cua")
    # The secret is known after the address is: the receiver's port is chosen first.
    port = reserved_port()
    made = reader.post("/v1/webhooks", json={"url": f"http://127.0.0.1:{port}/"}).json()
    process = subprocess.Popen(
        [sys.executable, script],
        env={**os.environ, "KHOA_BI_MAT": made["secret"], "CONG": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert int(process.stdout.readline()) == port
            relay = filled(open_desk)
            record = draft(open_desk, 1)
            relay.look()
            relay.writer.release()
            with running(open_desk):
                said = process.stdout.readline()
        finally:
            process.kill()
    assert said.strip() == f'["vn.sohoa.record.accepted", "{record.record_id}"]'
