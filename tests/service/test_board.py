"""The supervisor's board: right numbers of the own agency, names of the own people alone, quick with much."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from extractors.record import RecordState
from service.pages.board_view import error_bound, percent
from service.roles import Role
from storage.catalogue import Catalogue
from storage.catalogue.tables import records
from storage.desk import settled_sums
from storage.desk.board import Share, board_of
from storage.desk.database import open_desk
from storage.desk.keyings import SECOND, THIRD
from storage.desk.settled_sums import VIET_NAM
from storage.desk.settlements import Settlement, SettlementKind
from storage.desk.times import as_text
from tests.service.test_feed import draft
from tests.services.office import AGENCY, Desk


def settle(desk: Desk, account: str, seconds: float, *, right: bool = True, sampled: bool = False, **changes) -> None:
    values = {
        "at": datetime.now(UTC), "record_id": f"r{random.getrandbits(40):x}", "paper_type": "giay-khai-sinh", "field": "sex",
        "agency": AGENCY, "account": account, "kind": SettlementKind.CONFIRMED, "seconds": seconds, "machine_right": right,
        "sampled": sampled,
    }  # fmt: skip
    desk.office.settlements.note([Settlement(**{**values, **changes})])


def test_the_numbers_are_right(desk: Desk) -> None:
    desk.account("lan", Role.STEWARD, agency=AGENCY)
    desk.account("truong", Role.SUPERVISOR, agency=AGENCY)
    for nth in range(1, 5):
        draft(desk, nth, agency=AGENCY, doubtful=("sex",))
    draft(desk, 9, agency="H06", doubtful=("sex",))
    for seconds in range(1, 11):
        settle(desk, "lan", float(seconds), right=seconds > 2)
    settle(desk, "lan", 4, sampled=True)
    settle(desk, "ngoai", 4, agency="H06")
    waiting = desk.office.catalogue.waiting()[0].record_id
    desk.office.keyings.key_first(waiting, "lan", {"number": "1"})
    desk.office.keyings.key_again(waiting, SECOND, "lan", {"number": "2"}, {"number": False})
    page = desk.client("truong").get("/board", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "<strong>4</strong> giấy tờ đang chờ" in page.text
    assert "<strong>5,0 giây</strong> một trường (trung vị), 90 % dưới 9,0 giây" in page.text
    assert "<strong>80,0 %</strong> trường nghi ngờ" in page.text
    assert "<strong>100,0 %</strong> trường lấy mẫu" in page.text
    assert "<strong>1</strong> giấy tờ hai lần nhập khác nhau" in page.text
    assert "Thử lan" in page.text and "ngoai" not in page.text and "H06" not in page.text
    table = desk.client("truong").get("/board.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "máy sai nhiều nhất,Giới tính · Giấy khai sinh,sai,2" in table.text


def test_people_of_other_agencies_are_numbers(desk: Desk) -> None:
    desk.account("lan", Role.STEWARD, agency=AGENCY)
    desk.account("cap-tinh", Role.SUPERVISOR)
    settle(desk, "lan", 3)
    settle(desk, "steward", 3)
    text = desk.client("cap-tinh").get("/board").text
    assert "Cán bộ số 1" in text and "Thử lan" not in text
    assert "Thử steward" in text  # of no agency, as the supervisor is


def test_charts_are_pictures_without_script(desk: Desk) -> None:
    client = desk.client("supervisor")
    settle(desk, "steward", 3, right=False)
    for name in ("ton", "tuoi", "loi"):
        for dark in ("true", "false"):
            answer = client.get(f"/board/charts/{name}.svg", params={"dark": dark})
            assert answer.status_code == 200 and answer.headers["content-type"] == "image/svg+xml"
            assert "<script" not in answer.text and 'xlink:href="http' not in answer.text
            assert "script-src" not in answer.headers["content-security-policy"]
    assert client.get("/board/charts/khong-co.svg").status_code == 404
    assert client.get("/board", params={"days": 5}).status_code == 422


def test_only_supervisors_see_it(desk: Desk) -> None:
    for path in ("/board", "/board.csv", "/board/charts/ton.svg"):
        assert {desk.client(name).get(path).status_code for name in ("clerk", "steward", "auditor", "admin")} == {403}


@pytest.mark.parametrize(("share", "shown", "bound"), [(Share(0, 0), "–", "–"), (Share(99, 100), "99,0 %", "5,4 %")])
def test_few_samples_promise_little(share: Share, shown: str, bound: str) -> None:
    assert (percent(share), error_bound(share)) == (shown, bound)


def test_the_sums_are_what_was_noted(desk: Desk) -> None:
    """However settlements come in, each is counted for its day, its agency and those above."""
    now, chance = datetime.now(UTC), random.Random(3)
    noted = [
        Settlement(
            now - timedelta(hours=chance.randrange(200)), f"r{nth}", chance.choice("ab"), chance.choice("xy"),
            chance.choice((None, "H05", AGENCY, f"{AGENCY}.3", "H051")), "lan", SettlementKind.TYPED,
            chance.choice((None, 0.2, 7.4)), chance.random() < 0.5, chance.random() < 0.5,
        )
        for nth in range(300)
    ]  # fmt: skip
    for start in range(0, 300, 7):
        desk.office.settlements.note(noted[start : start + 7])
    last = now.astimezone(VIET_NAM).date()
    for agency in (None, "H05", AGENCY, f"{AGENCY}.3", "H051"):
        board = board_of(desk.office.desk, desk.office.catalogue, agency, last - timedelta(days=5), last)
        mine = [
            each for each in noted
            if (agency is None or each.agency == agency or (each.agency or "").startswith(f"{agency}."))
            and each.at.astimezone(VIET_NAM).date() >= last - timedelta(days=5)
        ]  # fmt: skip
        assert sum(board.settled.values()) == len(mine)
        assert board.speed is not None and board.speed.fields == sum(each.seconds is not None for each in mine)
        doubtful = [each.machine_right for each in mine if not each.sampled]
        assert board.agreement == Share(sum(doubtful), len(doubtful))
        assert board.sample.total == len(mine) - len(doubtful)


def test_two_keyings_that_differ_are_listed_for_the_third_person(desk: Desk) -> None:
    desk.account("truong", Role.SUPERVISOR, agency=AGENCY)
    ours, theirs = draft(desk, 1, agency=AGENCY, doubtful=("sex",)), draft(desk, 2, agency="H06", doubtful=("sex",))
    for record in (ours, theirs):
        desk.office.keyings.key_first(record.record_id, "lan", {"number": "1"})
        desk.office.keyings.key_again(record.record_id, SECOND, "hoa", {"number": "2"}, {"number": False})
    text = desk.client("truong").get("/board").text
    assert f'href="/tasks/{ours.record_id}"' in text and theirs.record_id not in text
    assert "<strong>1</strong> giấy tờ hai lần nhập khác nhau" in text
    desk.office.keyings.key_again(ours.record_id, THIRD, "truong", {"number": "2"}, {"number": False})
    assert "<strong>1</strong>" in text  # kept for a minute: the next look
    desk.account("pho", Role.SUPERVISOR, agency=AGENCY)
    assert "<strong>0</strong> giấy tờ hai lần nhập khác nhau" in desk.client("pho").get("/board").text


def test_what_waits_stands_under_viet_nams_days(either_database_url: str) -> None:
    """Around midnight of Viet Nam and of UTC, at the ends of the period, of an agency and of a namesake."""
    catalogue, desk = Catalogue(either_database_url), open_desk(either_database_url)
    catalogue.create()
    last = date(2026, 3, 1)
    first = last - timedelta(days=39)
    midnights = [datetime.combine(day, clock(0), VIET_NAM) for day in (first, last, last + timedelta(days=1))]
    second = timedelta(seconds=1)
    times = [midnight + after for midnight in midnights for after in (-second, timedelta(0), 7 * timedelta(hours=1))]
    agencies = ("H05", "H05.12", "H051", None)
    rows = [(at, agency) for at in times for agency in agencies]
    with catalogue.filling.database.writing() as connection:
        connection.execute(insert(records), [waiting(nth, at, agency) for nth, (at, agency) in enumerate(rows)])
    for agency, mine in ((None, len(agencies)), ("H05", 2), ("H05.12", 1)):
        found = board_of(desk, catalogue, agency, first, last).waiting_since
        # What is of the day after, or before the period, stands before it: both were counted in the total alone.
        assert found == {
            first - timedelta(days=1): mine * 3, first: mine * 2, last - timedelta(days=1): mine, last: mine * 3
        }  # fmt: skip


def waiting(nth: int, at: datetime, agency: str | None, paper_type: str = "giay-khai-sinh") -> dict[str, object]:
    return {
        "record_id": f"r{nth:024x}", "revision": 1, "state": RecordState.NEEDS_REVIEW.value, "dossier_segment": f"hs-{nth}",
        "paper_type": paper_type, "paper_type_version": 1, "doubtful_fields": 1, "created_at": as_text(at),
        "agency": agency, "waits": 1, "open_fields": 1,
    }  # fmt: skip


@contextmanager
def counted_steps() -> Iterator[Counter[str]]:
    """Count the steps of SQLite's machine, in hundreds, by statement: its work, however busy the machine is."""
    steps: Counter[str] = Counter()

    def watch(connection: Connection, _: object, statement: str, *__: object) -> None:
        def step() -> None:
            steps[statement] += 1

        driven: Any = connection.connection.dbapi_connection
        driven.set_progress_handler(step, 100)

    event.listen(Engine, "before_cursor_execute", watch)
    try:
        yield steps
    finally:
        event.remove(Engine, "before_cursor_execute", watch)


def test_it_is_quick_with_much(desk: Desk) -> None:
    now, chance = datetime.now(UTC), random.Random(7)
    settled = [
        Settlement(
            now - timedelta(minutes=chance.randrange(40_000)), f"r{nth}", f"loai-{chance.randrange(30)}",
            f"truong-{chance.randrange(12)}", AGENCY, f"can-bo-{chance.randrange(20)}", SettlementKind.CONFIRMED,
            chance.expovariate(0.2), chance.random() < 0.9, chance.random() < 0.05,
        )
        for nth in range(100_000)
    ]  # fmt: skip
    with desk.office.desk.writing() as connection:
        settled_sums.add(desk.office.desk, connection, settled)
    with desk.office.catalogue.filling.database.writing() as connection:
        made = (now - timedelta(minutes=chance.randrange(80_000)) for _ in range(100_000))
        connection.execute(
            insert(records),
            [
                waiting(nth, at, f"H05.{chance.randrange(20)}", f"loai-{chance.randrange(30)}")
                for nth, at in enumerate(made)
            ],
        )
    client = desk.client("supervisor")
    with counted_steps() as steps:
        assert client.get("/board").status_code == 200
    # 28,000 for both tables of a hundred thousand: once through what waits, and sums of what was settled.
    assert 10_000 < steps.total() < 40_000
