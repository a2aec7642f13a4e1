"""Keyings and settlements: what two people keyed, until it is decided on; what the board counts. In every database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ocr.problem import SohoaError
from storage.database import Database
from storage.desk.drafts import Draft, Drafts
from storage.desk.ending import end_task
from storage.desk.keyings import FIRST, SECOND, THIRD, Keyings
from storage.desk.leases import Leases
from storage.desk.settlements import Settlement, SettlementKind, Settlements
from storage.desk.tables import keyings as table
from storage.desk.tables import settled_fields, settled_speeds, settlements

RECORD, OTHER = "r" + "1" * 24, "r" + "2" * 24
SETTLED = Settlement(
    at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
    record_id=RECORD,
    paper_type="giay-khai-sinh",
    field="number",
    agency="H05.12",
    account="lan",
    kind=SettlementKind.TYPED,
    seconds=3.5,
    machine_right=False,
    sampled=True,
)


def test_what_is_keyed_is_found_by_record(desk: Database) -> None:
    keyings = Keyings(desk)
    keyings.key_first(RECORD, "lan", {"number": "12/2019", "components": ["Tờ khai", "Bản sao"], "personal_id": None})
    found = {keying.field: keying for keying in keyings.of(RECORD)}
    assert {name: keying.value for name, keying in found.items()} == {
        "number": "12/2019", "components": ["Tờ khai", "Bản sao"], "personal_id": None,
    }  # fmt: skip
    assert all((k.ordinal, k.account, k.agrees, k.closed) == (FIRST, "lan", None, False) for k in found.values())
    assert keyings.of(OTHER) == () and keyings.of_many([]) == {}
    keyings.key_first(OTHER, "hoa", {})
    assert set(keyings.of_many([RECORD, OTHER])) == {RECORD}


def test_keyed_anew_a_field_begins_again(desk: Database) -> None:
    keyings = Keyings(desk)
    keyings.key_first(RECORD, "lan", {"number": "12/2019", "sex": "Nam"})
    assert keyings.key_again(RECORD, SECOND, "hoa", {"number": "13/2019"}, {"number": False})
    keyings.key_first(RECORD, "mai", {"number": "14/2019"})
    found = [(keying.field, keying.ordinal, keying.account) for keying in keyings.of(RECORD)]
    assert found == [("number", FIRST, "mai"), ("sex", FIRST, "lan")]


def test_the_second_keying_is_one_persons_and_may_be_repeated(desk: Database) -> None:
    keyings = Keyings(desk)
    keyings.key_first(RECORD, "lan", {"number": "12/2019", "serial": "AB 1"})
    both, agree = {"number": "12/2019", "serial": "AB 2"}, {"number": True, "serial": False}
    assert keyings.key_again(RECORD, SECOND, "hoa", both, agree)
    assert keyings.key_again(RECORD, SECOND, "hoa", both, agree)
    # Nothing of what came too late is kept, of no field.
    assert not keyings.key_again(RECORD, SECOND, "mai", {**both, "area": "1"}, {**agree, "area": True})
    assert {keying.account for keying in keyings.of(RECORD) if keying.ordinal == SECOND} == {"hoa"}
    assert [keying.field for keying in keyings.of(RECORD)].count("area") == 0
    assert keyings.key_again(RECORD, THIRD, "nga", {"serial": "AB 2"}, {"serial": False})


def test_decided_on_the_values_go_and_who_agreed_stays(desk: Database) -> None:
    keyings = Keyings(desk)
    keyings.key_first(RECORD, "lan", {"number": "12/2019"})
    keyings.key_again(RECORD, SECOND, "hoa", {"number": "12/2019"}, {"number": True})
    assert keyings.records_of("lan") == keyings.records_of("hoa") == {RECORD}
    keyings.close(RECORD)
    assert keyings.of(RECORD) == () and keyings.records_of("lan") == frozenset()
    with desk.asking() as connection:
        rows = connection.execute(table.select().order_by(table.c.ordinal)).mappings().all()
    assert [(row["value"], row["agrees"], row["closed"]) for row in rows] == [(None, None, 1), (None, 1, 1)]
    # A record that was reopened begins again.
    keyings.key_first(RECORD, "mai", {"number": "15/2019"})
    assert [keying.account for keying in keyings.of(RECORD)] == ["mai"]
    keyings.forget(RECORD)
    assert keyings.of(RECORD) == ()


def test_a_settlement_is_counted_once(desk: Database) -> None:
    noted = Settlements(desk)
    noted.note([])
    both = [SETTLED, replace(SETTLED, field="sex", kind=SettlementKind.CONFIRMED, machine_right=True)]
    noted.note(both)
    noted.note(both)
    with desk.asking() as connection:
        rows = connection.execute(settlements.select().order_by(settlements.c.seq)).mappings().all()
    assert [(row["field"], row["kind"], row["machine_right"], row["sampled"]) for row in rows] == [
        ("number", "typed", 0, 1),
        ("sex", "confirmed", 1, 1),
    ]


def test_sums_are_kept_for_an_agency_and_all_above(desk: Database) -> None:
    noted = Settlements(desk)
    first = replace(SETTLED, agency="H05.12", seconds=7.4, machine_right=True)
    noted.note([first])
    noted.note([replace(first, record_id="r2", at=first.at + timedelta(seconds=1), machine_right=False)])
    noted.note([replace(first, record_id="r3", agency=None, seconds=None)])
    noted.note([first])
    with desk.asking() as connection:
        fields = connection.execute(select(settled_fields.c["agency", "fields", "hits"])).all()
        speeds = connection.execute(select(settled_speeds.c["agency", "step", "fields", "seconds"])).all()
    assert sorted(fields) == [("", 3, 2), ("H05", 2, 1), ("H05.12", 2, 1)]
    assert sorted(speeds) == [("", -1, 1, 0.0), ("", 14, 2, 14.8), ("H05", 14, 2, 14.8), ("H05.12", 14, 2, 14.8)]


def test_a_task_ends_as_a_whole_or_not_at_all(desk: Database) -> None:
    keyings, drafts, leases = Keyings(desk), Drafts(desk), Leases(desk)
    keyings.key_first(RECORD, "lan", {"number": "12/2019"})
    drafts.keep(RECORD, "lan", Draft(revision=1))
    leases.take(RECORD, "lan", "trang-cua-lan")

    def left() -> tuple[bool, bool, bool, int]:
        with desk.asking() as connection:
            counted = len(connection.execute(settlements.select()).all())
        return (
            bool(keyings.of(RECORD)),
            drafts.find(RECORD, "lan") is not None,
            leases.holder(RECORD) is not None,
            counted,
        )

    with pytest.raises(SohoaError):
        end_task(desk, RECORD, "lan", "trang-cua-lan", [SETTLED, replace(SETTLED, field=None)], is_released=True)  # type: ignore[arg-type]
    assert left() == (True, True, True, 0)
    end_task(desk, RECORD, "lan", "trang-cua-lan", [SETTLED], is_released=False)
    assert left() == (True, False, False, 1)
    end_task(desk, RECORD, "lan", "trang-cua-lan", [SETTLED], is_released=True)
    assert left() == (False, False, False, 1)
