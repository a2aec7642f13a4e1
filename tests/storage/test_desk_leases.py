"""Leases: one holder at a time, whoever races for it, in every database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from storage.database import Database
from storage.desk.database import open_desk
from storage.desk.leases import HEARTBEAT, LASTS, Leases

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RECORD = "r" + "1" * 24


@pytest.fixture
def leases(either_database_url: str) -> Leases:
    return Leases(open_desk(either_database_url))


def test_a_heartbeat_keeps_a_task_and_its_beginning(leases: Leases) -> None:
    taken = leases.take(RECORD, "lan", "trang-1", NOW)
    assert taken is not None and taken.until == NOW + LASTS
    kept = leases.take(RECORD, "lan", "trang-1", NOW + HEARTBEAT)
    assert kept is not None and (kept.since, kept.until) == (NOW, NOW + HEARTBEAT + LASTS)


def test_a_lease_that_was_kept_a_moment_ago_is_not_written_again(leases: Leases) -> None:
    leases.take(RECORD, "lan", "a-b-c-d-1", NOW)
    for after_s, until in ((5, NOW + LASTS), (11, NOW + timedelta(seconds=11) + LASTS)):
        kept = leases.take(RECORD, "lan", "a-b-c-d-1", NOW + timedelta(seconds=after_s))
        assert kept is not None and (kept.since, kept.until) == (NOW, until)
    # Another page of the same person is another holder all the same.
    assert leases.take(RECORD, "lan", "a-b-c-d-2", NOW + timedelta(seconds=12)) is None


def test_nobody_else_gets_it_before_it_ends(leases: Leases) -> None:
    leases.take(RECORD, "lan", "trang-1", NOW)
    assert leases.take(RECORD, "hoa", "trang-2", NOW + LASTS - timedelta(microseconds=1)) is None
    # Not even with the holder's token.
    assert leases.take(RECORD, "hoa", "trang-1", NOW) is None
    after = leases.take(RECORD, "hoa", "trang-2", NOW + LASTS)
    assert after is not None and (after.account, after.since) == ("hoa", NOW + LASTS)
    assert leases.take(RECORD, "lan", "trang-1", NOW + LASTS + HEARTBEAT) is None


def test_an_own_page_that_fell_silent_is_taken_over(leases: Leases) -> None:
    leases.take(RECORD, "lan", "trang-1", NOW)
    assert leases.take(RECORD, "lan", "trang-2", NOW + HEARTBEAT) is None
    assert leases.take(RECORD, "lan", "trang-2", NOW + HEARTBEAT + timedelta(seconds=15)) is not None
    assert leases.take(RECORD, "lan", "trang-1", NOW + HEARTBEAT + timedelta(seconds=16)) is None


def test_giving_back_frees_it_and_only_the_holder_can(leases: Leases) -> None:
    leases.take(RECORD, "lan", "trang-1", NOW)
    assert not leases.release(RECORD, "lan", "trang-2")
    assert not leases.release(RECORD, "hoa", "trang-1")
    assert leases.release(RECORD, "lan", "trang-1")
    assert leases.take(RECORD, "hoa", "trang-2", NOW) is not None


def test_who_holds_what(leases: Leases) -> None:
    other = "r" + "2" * 24
    leases.take(RECORD, "lan", "trang-1", NOW)
    leases.take(other, "hoa", "trang-2", NOW - LASTS)
    assert leases.held([], NOW) == {}
    assert {name: lease.account for name, lease in leases.held([RECORD, other], NOW).items()} == {RECORD: "lan"}
    assert leases.holder(other, NOW) is None
    assert leases.forget_ended(NOW) == 1
    assert leases.forget_ended(NOW) == 0


@pytest.mark.parametrize("before", [None, NOW - LASTS])
def test_of_racing_takers_exactly_one_wins(either_database_url: str, before: datetime | None) -> None:
    open_desk(either_database_url)
    if before is not None:
        Leases(open_desk(either_database_url)).take(RECORD, "mai", "trang-0", before)
    start = Barrier(8)

    def take(number: int) -> bool:
        # Each with connections of its own, as processes have.
        leases = Leases(Database.at(either_database_url))
        start.wait()
        return leases.take(RECORD, f"nguoi-{number}", f"trang-{number}", NOW) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(take, range(8))) == [False] * 7 + [True]
