"""The blind sample: fields the machine accepted and that a person looks at all the same, without knowing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.record import RecordState
from service.review.queue import QueueFilter, waiting
from service.roles import Principal, Role
from storage.desk.tables import settlements
from tests.service.review_world import CONFIRM, Steward, asked_in, field_of, keep, latest, office_on, sampled, typed
from tests.services.office import Desk
from tests.storage.deciding import read

ANYBODY = Principal("lan", "Lan", frozenset({Role.STEWARD}), None)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with office_on(tmp_path / "home", second_keying="never") as opened:
        yield opened


def shape(view: dict) -> dict:
    """What a view tells of a task beside the values: what a steward might tell a sample by."""
    return {
        "mode": view["mode"],
        "state": view["state"],
        "asked": [
            {**{name: bool(value) for name, value in each.items() if name not in {"doubts", "name"}}, "doubts": each["doubts"]}
            for each in view["fields"] if each["needs_person"]
        ],
    }  # fmt: skip


def test_a_sample_looks_like_any_other_task(desk: Desk) -> None:
    supported = {"accepted": False, "reasons": ("too-little-measured",), "signals": ("support:two-readers",)}
    doubtful = keep(desk, doubtful=("number",), fields={"number": read("12/2019", **supported)})
    number = read("12/2019", sampled=True, signals=("support:two-readers",))
    sample = keep(desk, doubtful=(), fields={"number": number})
    lan = Steward(desk, "lan")
    assert (latest(desk, doubtful).state, latest(desk, sample).state) == (
        RecordState.NEEDS_REVIEW,
        RecordState.ACCEPTED,
    )
    assert shape(lan.view(doubtful)) == shape(lan.view(sample))
    assert "sampl" not in lan.client.get(f"/tasks/{sample.record_id}/view").text
    rows = waiting(desk.office, ANYBODY, QueueFilter()).rows
    assert [row.doubtful_fields for row in rows] == [1, 1]
    answers = [lan.settle(record, {"number": CONFIRM}).json() for record in (doubtful, sample)]
    assert answers[0] == answers[1]


def test_a_sample_waits_until_it_was_looked_at(desk: Desk) -> None:
    sample, lan = keep(desk, doubtful=(), fields=sampled("number", "sex")), Steward(desk, "lan")
    assert len(desk.office.catalogue.waiting()) == 1
    assert lan.settle(sample, {"number": CONFIRM}).json()["field"] == "sex"
    assert lan.settle(sample, {"number": CONFIRM, "sex": CONFIRM}).json()["state"] == "approved"
    assert desk.office.catalogue.waiting() == ()
    assert lan.view(sample)["mode"] == "read"
    with desk.office.desk.asking() as connection:
        rows = connection.execute(settlements.select()).mappings().all()
    assert [(row["field"], row["sampled"], row["machine_right"]) for row in rows] == [("number", 1, 1), ("sex", 1, 1)]


def test_what_was_wrong_in_a_record_in_use_is_told_before_anything_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample, lan = keep(desk, doubtful=(), fields=sampled("number")), Steward(desk, "lan")

    def power_cut(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as broken:
        for step in ("approve", "project"):
            broken.setattr(f"service.review.reviewing.{step}", power_cut)
        assert lan.settle(sample, {"number": typed("13/2019")}).status_code == 500
    row = desk.office.catalogue.record(sample.record_id)
    assert row is not None and row.revision == latest(desk, sample).revision == 2


def test_the_sampled_fields_of_a_doubtful_record_are_asked_with_the_others(desk: Desk) -> None:
    record, lan = keep(desk, fields=sampled("sex")), Steward(desk, "lan")
    view = lan.view(record)
    assert asked_in(view) == ["number", "sex"]
    assert not field_of(view, "sex")["accepted"]


def test_the_dossier_does_not_tell_a_sample_either(desk: Desk) -> None:
    sample = keep(desk, doubtful=(), fields=sampled("number"))
    row = desk.office.catalogue.record(sample.record_id)
    assert row is not None and row.waits and row.open_fields == 1


def test_a_wrong_sample_gets_its_value_and_is_counted_against_the_machine(desk: Desk) -> None:
    sample, lan = keep(desk, doubtful=(), fields=sampled("number")), Steward(desk, "lan")
    assert lan.settle(sample, {"number": typed("13/2019")}).json()["state"] == "approved"
    with desk.office.desk.asking() as connection:
        row = connection.execute(settlements.select()).mappings().one()
    assert (row["kind"], row["sampled"], row["machine_right"]) == ("typed", 1, 0)


def test_a_sample_of_an_approved_record_leaves_it_approved(desk: Desk) -> None:
    from storage.decisions import approve  # noqa: PLC0415
    from tests.storage.deciding import TYPES, act  # noqa: PLC0415

    sample, lan = keep(desk, doubtful=(), fields=sampled("number")), Steward(desk, "lan")
    approve(desk.office.store, desk.office.catalogue, sample.record_id, 1, act(), TYPES)
    assert lan.view(sample)["mode"] == "review"
    answer = lan.settle(sample, {"number": CONFIRM}).json()
    assert (answer["state"], answer["revision"]) == ("approved", 3)
