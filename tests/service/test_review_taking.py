"""Taking the next paper: one answer finds it, holds it and shows it. All persons are invented."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr.problem import Code, SohoaError
from service.review import taking
from storage.read_log.log import ReadLog
from tests.service.review_world import AGENCY, CONFIRM, Steward, keep, keep_unknown, let_end, office_on
from tests.services.office import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with office_on(tmp_path / "home") as opened:
        yield opened


def test_what_is_taken_is_the_view_of_the_task_and_held(desk: Desk) -> None:
    record, lan = keep(desk), Steward(desk, "lan")
    view = lan.take()
    assert view is not None and view == lan.view(record)
    assert Steward(desk, "hoa").lease(record).json()["code"] == "task_taken"
    assert lan.settle(record, {"number": CONFIRM}).json()["state"] == "approved"
    assert lan.take() is None


def test_what_others_hold_or_the_person_passed_over_is_not_taken(desk: Desk) -> None:
    kept = sorted((keep(desk) for _ in range(4)), key=lambda record: record.record_id)
    lan, hoa, again = Steward(desk, "lan"), Steward(desk, "hoa"), Steward(desk, "lan", token="the-thu-hai")
    assert hoa.lease(kept[0]).status_code == again.lease(kept[1]).status_code == 200
    for expected, skipped in ((kept[2], ()), (kept[3], (kept[2],))):
        view = lan.take(*skipped)
        assert view is not None and view["record_id"] == expected.record_id
    assert lan.take(kept[2], kept[3]) is None
    let_end(desk)
    view = lan.take(kept[2], kept[3])
    assert view is not None and view["record_id"] == kept[0].record_id


def test_the_narrowing_holds_for_what_is_taken(desk: Desk) -> None:
    record, _ = keep(desk, agency=AGENCY), keep_unknown(desk)
    lan, narrowing = Steward(desk, "lan"), f"?agency={AGENCY}&paper_type=giay-khai-sinh"
    view = lan.take(narrowing=narrowing)
    assert view is not None and view["record_id"] == record.record_id
    assert lan.take(record, narrowing=narrowing) is None


def test_what_was_decided_or_erased_meanwhile_is_given_back_and_passed_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided, erased, free = sorted((keep(desk) for _ in range(3)), key=lambda record: record.record_id)
    lan, hoa = Steward(desk, "lan"), Steward(desk, "hoa")
    found = taking.load_task

    def late(office, principal, record_id):
        if record_id == erased.record_id:
            raise SohoaError(Code.RECORD_UNKNOWN, detail=record_id)
        return found(office, principal, record_id)

    monkeypatch.setattr(taking, "load_task", late)
    offered = iter((decided.record_id, erased.record_id, free.record_id))
    monkeypatch.setattr(taking, "next_task", lambda *_: next(offered))
    assert hoa.settle(decided, {"number": CONFIRM}).status_code == 200
    view = lan.take()
    assert view is not None and view["record_id"] == free.record_id
    assert set(desk.office.leases.held([r.record_id for r in (decided, erased, free)])) == {free.record_id}


def test_what_cannot_be_noted_as_read_is_neither_shown_nor_held(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    record, lan = keep(desk), Steward(desk, "lan")

    def fails(*_: object, **__: object) -> None:
        raise SohoaError(Code.READ_LOG_FAILED)

    with monkeypatch.context() as broken:
        broken.setattr(ReadLog, "append", fails)
        answer = lan.client.post("/tasks/take", json={"token": lan.token})
    assert answer.status_code >= 500 and answer.json()["code"] == "read_log_failed"
    assert desk.office.leases.holder(record.record_id) is None


@pytest.mark.parametrize("body", [{}, {"token": "x"}, {"token": "trang-cua-lan", "skip": ["r"] * 51}])
def test_a_request_that_is_none_is_refused(desk: Desk, body: dict[str, object]) -> None:
    answer = Steward(desk, "lan").client.post("/tasks/take", json=body)
    assert answer.status_code == 422 and answer.json()["code"] == "request_invalid"
