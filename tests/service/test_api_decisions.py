"""Deciding through the API: on the revision that was looked at, once, and by the rules of the desk."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from extractors.record import DecisionKind, RecordState
from ocr.problem import Code, SohoaError
from service.roles import Role
from service.v1 import deciding
from storage.desk.idempotency import TAKEN_FOR_DEAD
from storage.desk.tables import idempotency
from storage.desk.times import as_text
from tests.service.api_world import OTHER_AGENCY, PURPOSE, person, system
from tests.service.review_world import keep, latest
from tests.services.office import AGENCY, Desk

WHY = {"reason": "đối chiếu bản gốc"}
REVOCATION = {**WHY, "by_authority": "UBND huyện Thử", "act_number": "12/QĐ-UBND", "act_date": "2024-03-04"}


def supervisor(desk: Desk) -> TestClient:
    return person(desk, "nga", Role.SUPERVISOR)


def decide(client: TestClient, record: Any, what: str, revision: int | None = 1, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    asked = {**WHY, **({"revision": revision} if revision else {}), **body}
    return client.post(f"/v1/records/{record.record_id}/{what}", json=asked, headers=headers)


def test_a_record_goes_through_its_states(desk: Desk) -> None:
    record, client = keep(desk, doubtful=(), agency=AGENCY), supervisor(desk)
    states = []
    for revision, (what, body) in enumerate(
        (
            ("approve", {}),
            ("revoke", REVOCATION),
            ("reinstate", {"evidence": ["15/QĐ-UBND"]}),
            ("reopen", {}),
            ("correct", {"values": {"ethnicity": "Kinh"}, "evidence": ["trang 1"], "confirm": ["number"]}),
            ("approve", {}),
            ("reject", {}),
        ),
        start=1,
    ):
        answer = decide(client, record, what, revision, **body)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["revision"], told["by"]) == (revision + 1, "nga")
        assert "Thử" not in answer.text.replace("UBND huyện Thử", "")
        states.append(told["state"])
        assert desk.office.catalogue.record(record.record_id).revision == revision + 1
    assert states == ["approved", "revoked", "approved", "needs_review", "needs_review", "approved", "rejected"]


@pytest.mark.parametrize("day", [19_786, "19786", "2024", "04/03/2024", None])
def test_the_day_of_an_act_is_written_out(desk: Desk, day: Any) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    answer = decide(supervisor(desk), record, "revoke", **{**REVOCATION, "act_date": day})
    assert (answer.status_code, answer.json()["field"]) == (422, "act_date")


def test_the_feed_is_woken(desk: Desk) -> None:
    desk.office.feed_wake.clear()
    assert decide(supervisor(desk), keep(desk, doubtful=(), agency=AGENCY), "revoke", **REVOCATION).status_code == 200
    assert desk.office.feed_wake.is_set()


def test_the_revision_is_named_by_the_etag_that_was_read(desk: Desk) -> None:
    record, client = keep(desk, doubtful=(), agency=AGENCY), supervisor(desk)
    path = f"/v1/records/{record.record_id}"
    etag = client.get(path, headers=PURPOSE).headers["etag"]
    done = client.post(f"{path}/approve", json={}, headers={"If-Match": etag})
    assert done.status_code == 200
    assert done.headers["etag"] == client.get(path, headers=PURPOSE).headers["etag"]
    stale = client.post(f"{path}/revoke", json=REVOCATION, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (409, "record_changed")
    assert latest(desk, record).revision == 2


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, {}),
        ({"If-Match": "*"}, {}),
        ({"If-Match": '"abc"'}, {}),
        ({"If-Match": '"r1", "r2"'}, {}),
        ({"If-Match": '"r1"'}, {"revision": 2}),
        ({}, {"revision": 0}),
        ({}, {"revision": True}),
        ({}, {"revision": "1"}),
        ({}, {"revision": 1, "strange": 1}),
        ({}, {"revision": 1, "evidence": [""]}),
    ],
)
def test_who_says_not_what_was_looked_at_decides_nothing(
    desk: Desk, headers: dict[str, str], body: dict[str, Any]
) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    answer = supervisor(desk).post(f"/v1/records/{record.record_id}/approve", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert latest(desk, record).revision == 1


def test_what_is_doubtful_is_not_approved_and_wrong_values_are_named(desk: Desk) -> None:
    record, client = keep(desk, doubtful=("sex",), agency=AGENCY), supervisor(desk)
    refused = decide(client, record, "approve")
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "decision_invalid", "sex")
    wrong = decide(client, record, "correct", values={"sex": "Nghĩa", "registration_date": "99/99/2019"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "sex, registration_date")
    assert "Nghĩa" not in wrong.text
    assert latest(desk, record).revision == 1
    assert decide(client, record, "correct", values={"sex": "Nữ"}).status_code == 200
    assert decide(client, record, "approve", 2).status_code == 200


def test_stewards_decide_and_what_is_approved_is_undone_by_supervisors(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    steward = person(desk, "hoa", Role.STEWARD)
    assert decide(steward, record, "approve").status_code == 200
    for what in ("reject", "reopen"):
        assert decide(steward, record, what, 2).status_code == 403
    assert decide(steward, record, "revoke", 2, **REVOCATION).status_code == 403
    assert decide(supervisor(desk), record, "reopen", 2).status_code == 200
    assert decide(steward, record, "reject", 3).status_code == 200


def test_nobody_decides_on_what_somebody_works_on(desk: Desk) -> None:
    record = keep(desk, doubtful=("sex",), agency=AGENCY)
    assert desk.office.leases.take(record.record_id, "lan", "trang-cua-lan") is not None
    for what in ("approve", "correct", "reject"):
        answer = decide(supervisor(desk), record, what, **({"confirm": ["sex"]} if what == "correct" else {}))
        assert (answer.status_code, answer.json()["code"]) == (409, "task_taken")
    # Whether a paper has force has nothing to do with how well it was read.
    assert decide(supervisor(desk), record, "revoke", **REVOCATION).status_code == 200


def test_critical_fields_are_keyed_by_two_people_at_the_desk(desk: Desk) -> None:
    record = keep(desk, doubtful=("number",), agency=AGENCY)
    client = supervisor(desk)
    answer = decide(client, record, "correct", values={"number": "99/2019"})
    assert (answer.status_code, answer.json()["code"]) == (409, "second_keying_needed")
    released = keep(desk, doubtful=(), agency=AGENCY)
    again = decide(client, released, "correct", values={"number": "99/2019"})
    assert again.status_code == 409
    assert latest(desk, record).revision == latest(desk, released).revision == 1


def test_a_paper_takes_the_place_of_another(desk: Desk) -> None:
    old, new = keep(desk, doubtful=(), agency=AGENCY), keep(desk, doubtful=(), agency=AGENCY)
    foreign = keep(desk, doubtful=(), agency=OTHER_AGENCY)
    client = supervisor(desk)
    assert decide(client, old, "supersede", by_record=foreign.record_id).status_code == 404
    answer = decide(client, old, "supersede", by_record=new.record_id)
    assert (answer.json()["state"], answer.json()["superseded_by"]) == ("superseded", new.record_id)
    assert latest(desk, new).supersedes == (old.record_id,)


def test_of_another_agency_nothing_is_decided(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=OTHER_AGENCY)
    for what, body in (("approve", {}), ("revoke", REVOCATION), ("reinstate", {"evidence": ["x"]})):
        answer = decide(supervisor(desk), record, what, **body)
        assert (answer.status_code, answer.json()["code"]) == (404, "record_unknown")
    assert decide(system(desk, "khac", OTHER_AGENCY), record, "approve").status_code == 403


# --- Idempotency-Key ---


def test_a_request_sent_again_gets_the_same_answer_and_does_nothing(desk: Desk) -> None:
    record, client = keep(desk, doubtful=(), agency=AGENCY), supervisor(desk)
    first = decide(client, record, "revoke", key="k-1", **REVOCATION)
    again = decide(client, record, "revoke", key="k-1", **REVOCATION)
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
    assert again.headers["content-type"] == first.headers["content-type"]
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert latest(desk, record).revision == 2


def test_a_key_stands_for_one_request_of_one_caller(desk: Desk) -> None:
    record, client = keep(desk, doubtful=(), agency=AGENCY), supervisor(desk)
    other = keep(desk, doubtful=(), agency=AGENCY)
    assert decide(client, record, "approve", key="k-1").status_code == 200
    for answer in (
        decide(client, other, "approve", key="k-1"),
        decide(client, record, "reopen", key="k-1"),
        decide(client, record, "approve", key="k-1", reason="khác"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert decide(person(desk, "hoa", Role.STEWARD), other, "approve", key="k-1").status_code == 200


def test_what_was_refused_may_be_asked_again_under_its_key(desk: Desk) -> None:
    record, client = keep(desk, doubtful=("sex",), agency=AGENCY), supervisor(desk)
    assert decide(client, record, "approve", key="k-1").status_code == 422
    assert decide(client, record, "correct", confirm=["sex"]).status_code == 200
    assert decide(client, record, "approve", 2, key="k-1").status_code == 200


@pytest.mark.parametrize("key", ["", "a" * 201, "có dấu".encode(), "a b"])
def test_a_key_that_is_none_is_refused(desk: Desk, key: str | bytes) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    path = f"/v1/records/{record.record_id}/approve"
    answer = supervisor(desk).post(path, json={"revision": 1}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert latest(desk, record).revision == 1


def test_while_the_first_is_under_way_the_second_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    begun, go_on = threading.Event(), threading.Event()
    approve = deciding.approve

    def slow(decided: Any) -> Any:
        begun.set()
        assert go_on.wait(120)
        return approve(decided)

    monkeypatch.setattr(deciding, "approve", slow)
    answers: list[Any] = []
    first = threading.Thread(target=lambda: answers.append(decide(supervisor(desk), record, "approve", key="k-1")))
    first.start()
    assert begun.wait(120)
    second = decide(supervisor(desk), record, "approve", key="k-1")
    assert (second.status_code, second.json()["code"]) == (409, "request_under_way")
    go_on.set()
    first.join(120)
    assert answers[0].status_code == 200
    assert decide(supervisor(desk), record, "approve", key="k-1").content == answers[0].content


def _backdate(desk: Desk, **changes: Any) -> None:
    with desk.office.desk.writing() as connection:
        connection.execute(idempotency.update().values(changes))


def test_what_a_killed_process_had_done_is_not_done_twice(desk: Desk) -> None:
    """The decision was written, the answer was not kept: whoever asks again after a minute gets it all the same."""
    record, client = keep(desk, doubtful=(), agency=AGENCY), supervisor(desk)
    first = decide(client, record, "revoke", key="k-1", **REVOCATION).json()
    _backdate(desk, status=None, body=None, at=as_text(datetime.now(UTC) - TAKEN_FOR_DEAD + timedelta(seconds=30)))
    assert decide(client, record, "revoke", key="k-1", **REVOCATION).json()["code"] == "request_under_way"
    _backdate(desk, at=as_text(datetime.now(UTC) - TAKEN_FOR_DEAD - timedelta(seconds=1)))
    again = decide(client, record, "revoke", key="k-1", **REVOCATION)
    assert (again.status_code, again.json()) == (200, first)
    assert latest(desk, record).revision == 2


def test_what_a_killed_process_had_not_done_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    record, client = keep(desk, doubtful=(), agency=AGENCY), supervisor(desk)

    def killed(decided: Any) -> Any:
        raise RuntimeError(decided.record_id)

    with monkeypatch.context() as broken:
        broken.setattr(deciding, "approve", killed)
        assert decide(client, record, "approve", key="k-1").status_code == 500
    assert latest(desk, record).revision == 1
    assert decide(client, record, "approve", key="k-1").json()["revision"] == 2


def test_a_failure_may_be_tried_again_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store took the decision, the catalogue failed: the second attempt finds it done."""
    record, client = keep(desk, doubtful=(), agency=AGENCY), supervisor(desk)
    approve = deciding.approve

    def failing(decided: Any) -> Any:
        approve(decided)
        raise SohoaError(Code.CATALOGUE_FAILED, retryable=True)

    with monkeypatch.context() as broken:
        broken.setattr(deciding, "approve", failing)
        assert decide(client, record, "approve", key="k-1").status_code == 503
    again = decide(client, record, "approve", key="k-1")
    assert (again.status_code, again.json()["revision"]) == (200, 2)
    assert latest(desk, record).state is RecordState.APPROVED
    assert latest(desk, record).decision.kind is DecisionKind.APPROVE


def test_bodies_are_kept_as_a_keyed_hash_and_answers_hold_no_value(desk: Desk) -> None:
    record, client = keep(desk, doubtful=("sex",), agency=AGENCY), supervisor(desk)
    assert decide(client, record, "correct", key="k-1", values={"ethnicity": "Kinh", "sex": "Nữ"},
                  evidence=["trang 1"]).status_code == 200  # fmt: skip
    with desk.office.desk.asking() as connection:
        row = connection.execute(idempotency.select()).mappings().one()
    assert "Kinh" not in str(dict(row)) and "đối chiếu" not in bytes(row["body"]).decode()
    assert len(row["request_hash"]) == 64
