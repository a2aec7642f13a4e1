"""The queue of stewards: what is shown of it, and which task is the next."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr.problem import Code, SohoaError
from service.review import queue
from service.review.queue import QueueFilter, waiting
from service.roles import Principal, Role
from tests.service.review_world import CONFIRM, Steward, keep, keep_unknown, office_on, typed
from tests.services.office import AGENCY, Desk

LAN = Principal("lan", "Lan", frozenset({Role.STEWARD}), None)
HUYEN = Principal("huyen", "Huyện", frozenset({Role.STEWARD}), AGENCY)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with office_on(tmp_path / "home") as opened:
        opened.account("huyen", Role.STEWARD, agency=AGENCY)
        yield opened


def next_of(person: Steward, narrowing: str = "") -> str:
    return person.client.get(f"/tasks/next{narrowing}", follow_redirects=False).headers["location"]


def test_a_page_of_the_queue_with_who_works_on_what(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    kept = [keep(desk, agency=f"{AGENCY}.3"), keep(desk, agency=AGENCY), keep_unknown(desk)]
    Steward(desk, "hoa").lease(kept[0])
    # All were made at noon: equals are ordered by their identifiers.
    kept.sort(key=lambda record: record.record_id)
    first = waiting(desk.office, LAN, QueueFilter())
    second = waiting(desk.office, LAN, QueueFilter(), first.next)
    rows = [*first.rows, *second.rows]
    assert [row.record_id for row in rows] == [record.record_id for record in kept]
    assert (first.total, second.next) == (3, None)
    assert sorted((row.leased_by or "", row.agency or "") for row in rows) == [
        ("", ""), ("", AGENCY), ("hoa", f"{AGENCY}.3"),
    ]  # fmt: skip
    assert [(each.paper_type_name, each.count) for each in first.by_type] == [
        ("Giấy khai sinh", 2),
        ("Không rõ loại", 1),
    ]
    assert [(each.agency, each.count) for each in first.by_agency] == [(None, 1), (AGENCY, 1), (f"{AGENCY}.3", 1)]


def test_a_narrowing_counts_what_is_in_it(desk: Desk) -> None:
    keep(desk, agency=f"{AGENCY}.3")
    keep(desk, agency=AGENCY)
    keep_unknown(desk)
    page = waiting(desk.office, LAN, QueueFilter(agency=f"{AGENCY}.3"))
    assert (len(page.rows), page.total, [each.count for each in page.by_type]) == (1, 1, [1])
    page = waiting(desk.office, LAN, QueueFilter(paper_type="khong-ro"))
    assert (len(page.rows), page.total, len(page.by_type)) == (1, 1, 2)
    page = waiting(desk.office, HUYEN, QueueFilter())
    assert (len(page.rows), page.total) == (2, 2)
    assert [each.agency for each in page.by_agency] == [AGENCY, f"{AGENCY}.3"]


def test_a_made_up_cursor_or_agency_is_refused(desk: Desk) -> None:
    for cursor in ("x", "~", "2024-05-06~r1", "2024-05-06T12:00:00+00:00~"):
        with pytest.raises(SohoaError) as caught:
            waiting(desk.office, LAN, QueueFilter(), cursor)
        assert caught.value.code is Code.REQUEST_INVALID
    with pytest.raises(SohoaError) as caught:
        waiting(desk.office, HUYEN, QueueFilter(agency="H05"))
    assert caught.value.code is Code.NOTHING_HERE


def test_the_next_task_is_free_and_may_be_done_by_who_asks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_LOOKED_THROUGH", 1)
    lan, hoa = Steward(desk, "lan"), Steward(desk, "hoa")
    keyed, held, free = (keep(desk) for _ in range(3))
    lan.settle(keyed, {"number": typed("13/2019")})
    Steward(desk, "mai").lease(held)
    assert next_of(lan) == f"/tasks/{free.record_id}"
    hoa.settle(free, {"number": CONFIRM})
    # It was changed last, so it waits behind the others.
    assert next_of(hoa) == f"/tasks/{keyed.record_id}"
    assert next_of(lan) == "/tasks"
    lan.lease(free)
    hoa.settle(keyed, {"number": typed("14/2019")})
    assert next_of(hoa) == "/tasks"
    assert next_of(Steward(desk, "nga")) == f"/tasks/{keyed.record_id}"


def test_the_narrowing_is_kept_from_task_to_task(desk: Desk) -> None:
    record, _ = keep(desk, agency=AGENCY), keep_unknown(desk)
    lan = Steward(desk, "lan")
    narrowing = f"?agency={AGENCY}&paper_type=giay-khai-sinh"
    assert next_of(lan, narrowing) == f"/tasks/{record.record_id}{narrowing}"
    body = {"revision": 1, "token": lan.token, "fields": {"number": CONFIRM}}
    answer = lan.client.post(f"/tasks/{record.record_id}/settle{narrowing}", json=body)
    assert answer.json()["next"] == f"/tasks/next{narrowing}"
    assert next_of(lan, narrowing) == f"/tasks{narrowing}"


def test_an_own_open_page_is_come_back_to(desk: Desk) -> None:
    record, lan = keep(desk), Steward(desk, "lan")
    lan.lease(record)
    assert next_of(lan) == f"/tasks/{record.record_id}"
