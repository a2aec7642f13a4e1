"""Stewards who race, leases that end, pages that are closed: nobody is overwritten, nothing entered is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import update

from extractors.record import RecordState
from storage.decisions import correct
from storage.desk.leases import LASTS
from storage.desk.tables import leases
from storage.desk.times import as_text
from storage.records import history
from tests.service.review_world import CONFIRM, Steward, asked_in, field_of, keep, latest, let_end, office_on, typed
from tests.services.office import Desk
from tests.storage.deciding import TYPES, act

RACERS = 6


@pytest.fixture
def desk(tmp_path: Path, either_database_url: str) -> Iterator[Desk]:
    with office_on(tmp_path / "home", either_database_url, second_keying="never") as opened:
        yield opened


def at_once(calls: list[Callable[[], object]]) -> list[object]:
    """Call all at the same moment, each in a thread."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_many_who_take_a_task_one_gets_it(desk: Desk) -> None:
    record = keep(desk)
    people = [Steward(desk, "lan", token=f"trang-so-{number}") for number in range(RACERS)]
    people += [Steward(desk, name) for name in ("hoa", "mai")]
    answers = at_once([lambda person=person: person.lease(record).status_code for person in people])
    assert sorted(answers) == [200] + [409] * (len(people) - 1)
    let_end(desk)
    answers = at_once([lambda person=person: person.lease(record).status_code for person in people])
    assert sorted(answers) == [200] + [409] * (len(people) - 1)


def test_of_two_who_settle_at_once_one_decides(desk: Desk) -> None:
    record, lan, hoa = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa")
    answers = at_once([
        lambda: lan.settle(record, {"number": typed("13/2019")}, revision=1),
        lambda: hoa.settle(record, {"number": typed("14/2019")}, revision=1),
    ])  # fmt: skip
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200, 409]
    winner = ("lan", "hoa")[statuses.index(200)]
    revisions = history(desk.office.store, record.record_id)
    assert [each.decision.by for each in revisions[1:]] == [winner, winner]
    assert revisions[-1].state is RecordState.APPROVED


def test_a_late_save_of_who_lost_the_task_is_kept_as_a_draft(desk: Desk) -> None:
    record, lan, hoa = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa")
    assert lan.lease(record).status_code == 200
    let_end(desk)
    assert hoa.lease(record).status_code == 200
    late = lan.settle(record, {"number": typed("13/2019")}, revision=1)
    assert (late.status_code, late.json()["code"]) == (409, "task_lost")
    assert lan.draft(record, 1, {"number": typed("14/2019")}).json()["code"] == "task_lost"
    assert latest(desk, record).revision == 1
    assert lan.view(record)["draft"]["fields"]["number"]["value"] == "14/2019"
    assert hoa.settle(record, {"number": CONFIRM}).json()["state"] == "approved"


def test_a_closed_page_frees_its_task_when_no_heartbeat_comes(desk: Desk) -> None:
    record, lan, hoa = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa")
    before = datetime.now(UTC)
    until = datetime.fromisoformat(lan.lease(record).json()["until"])
    assert before + LASTS <= until <= datetime.now(UTC) + LASTS
    assert hoa.lease(record).json()["code"] == "task_taken"
    assert hoa.client.get("/tasks/next", follow_redirects=False).headers["location"] == "/tasks"
    let_end(desk)
    assert hoa.client.get("/tasks/next", follow_redirects=False).headers["location"].endswith(record.record_id)
    assert hoa.lease(record).status_code == 200


def test_another_tab_of_the_same_person_is_another_holder(desk: Desk) -> None:
    record, tab, other = (
        keep(desk),
        Steward(desk, "lan", token="trang-thu-nhat"),
        Steward(desk, "lan", token="trang-thu-hai"),
    )
    assert tab.lease(record).status_code == 200
    refused = other.lease(record)
    assert (refused.status_code, refused.json()["holder"]) == (409, "Thử lan")
    tab.draft(record, 1, {"number": typed("13/2019")})
    # What the holder's tab keeps is not overwritten by the other.
    assert other.draft(record, 1, {"number": typed("99/9999")}).status_code == 409
    assert tab.view(record)["draft"]["fields"]["number"]["value"] == "13/2019"
    # The tab crashed: its owner waits for two heartbeats, not for the end of the lease.
    with desk.office.desk.writing() as connection:
        connection.execute(update(leases).values(until=as_text(datetime.now(UTC) + timedelta(seconds=70))))
    assert Steward(desk, "hoa").lease(record).status_code == 409
    assert other.lease(record).status_code == 200


def test_a_stale_save_shows_what_others_made_of_the_same_fields(desk: Desk) -> None:
    record, lan, hoa = keep(desk, doubtful=("number", "sex", "mother_name")), Steward(desk, "lan"), Steward(desk, "hoa")
    lan.lease(record)
    let_end(desk)
    assert hoa.settle(record, {"number": typed("14/2019"), "sex": CONFIRM}, approve=False).status_code == 200
    entries = {"number": typed("13/2019"), "sex": CONFIRM, "mother_name": CONFIRM}
    stale = lan.settle(record, entries, revision=1)
    body = stale.json()
    assert (stale.status_code, body["code"]) == (409, "record_changed")
    # Both said the same of the sex: no conflict.
    assert [(c["field"], c["yours"], c["theirs"], c["before"]) for c in body["conflicts"]] == [
        ("number", "13/2019", "14/2019", "12/2019")
    ]
    assert (body["current"]["revision"], asked_in(body["current"])) == (2, ["mother_name"])
    assert body["current"]["draft"]["fields"]["number"]["value"] == "13/2019"
    assert latest(desk, record).fields["number"].value == "14/2019"
    # Looked at again, it is settled on what is there now.
    assert lan.settle(record, {"mother_name": CONFIRM}, revision=2).json()["state"] == "approved"


def test_a_save_on_what_changed_elsewhere_is_stale_without_a_conflict(desk: Desk) -> None:
    record, lan = keep(desk, doubtful=("number",)), Steward(desk, "lan")
    lan.lease(record)
    correct(desk.office.store, desk.office.catalogue, record.record_id, 1, act(by="quantri"), TYPES, {"sex": "Nam"})
    stale = lan.settle(record, {"number": typed("13/2019")}, revision=1)
    assert (stale.status_code, stale.json()["conflicts"]) == (409, [])
    assert field_of(stale.json()["current"], "sex")["value"] == "Nam"
    assert latest(desk, record).revision == 2


def test_a_second_keying_is_one_persons(tmp_path: Path, either_database_url: str) -> None:
    with office_on(tmp_path / "two", either_database_url) as desk:
        record = keep(desk)
        Steward(desk, "lan").settle(record, {"number": typed("13/2019")})
        people = [Steward(desk, "hoa"), Steward(desk, "mai"), Steward(desk, "lan")]
        answers = at_once(
            [lambda p=p: p.settle(record, {"number": typed("13/2019")}, revision=2).status_code for p in people]
        )
        assert sorted(answers[:2]) == [200, 409] and answers[2] in {200, 409}
        decided = latest(desk, record)
        assert decided.state is RecordState.APPROVED and decided.decision.by in {"hoa", "mai"}


def each_is_done_once(desk: Desk, work: Callable[[Steward], list[str]]) -> None:
    """Let three people work at once until nothing is left; `work` returns what a person did."""
    kept = [keep(desk) for _ in range(8)]
    people = [Steward(desk, name) for name in ("lan", "hoa", "mai")]
    done = at_once([lambda person=person: work(person) for person in people])
    flat = [record_id for each in done for record_id in each]
    assert sorted(flat) == sorted(record.record_id for record in kept)
    assert all(latest(desk, record).revision == 3 for record in kept)


def test_many_stewards_take_one_task_after_the_other_and_each_is_held_by_one(desk: Desk) -> None:
    def work(person: Steward) -> list[str]:
        done = []
        while (view := person.take()) is not None:
            record_id = view["record_id"]
            answer = person.settle(record_id, dict.fromkeys(asked_in(view), CONFIRM), view["revision"])
            assert answer.status_code == 200, answer.text
            done.append(record_id)
        return done

    each_is_done_once(desk, work)


def test_many_stewards_empty_a_queue_and_nobody_meets(desk: Desk) -> None:
    def work(person: Steward) -> list[str]:
        done = []
        while (led := person.client.get("/tasks/next", follow_redirects=False).headers["location"]) != "/tasks":
            record_id = led.rpartition("/")[2]
            # Somebody may be quicker between being led here and taking it.
            if person.lease(record_id).status_code == 200:
                view = person.view(record_id)
                answer = person.settle(record_id, dict.fromkeys(asked_in(view), CONFIRM), view["revision"])
                if answer.status_code == 200:
                    done.append(record_id)
        return done

    each_is_done_once(desk, work)
