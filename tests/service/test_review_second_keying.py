"""Critical fields are keyed again by another person, blind; where two differ a third says what is right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.record import ExtractedField, FieldStatus, RecordState
from service.roles import Role
from storage.desk.keyings import FIRST, SECOND, THIRD
from storage.desk.tables import keyings
from storage.records import history
from tests.service.review_world import BLANK, CONFIRM, Steward, asked_in, field_of, keep, latest, office_on, typed
from tests.services.office import Desk
from tests.storage.deciding import read


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with office_on(tmp_path / "home") as opened:  # `typed` is the default
        yield opened


@pytest.fixture
def always(tmp_path: Path) -> Iterator[Desk]:
    with office_on(tmp_path / "always", second_keying="always") as opened:
        yield opened


def noted(desk: Desk) -> list[tuple[str, int, str, int | None, bool]]:
    with desk.office.desk.asking() as connection:
        rows = connection.execute(keyings.select().order_by(keyings.c.field, keyings.c.ordinal)).mappings().all()
    return [(row["field"], row["ordinal"], row["account"], row["agrees"], row["value"] is not None) for row in rows]


def test_a_typed_number_waits_for_a_second_person(desk: Desk) -> None:
    record, lan = keep(desk, doubtful=("number", "mother_name")), Steward(desk, "lan")
    answer = lan.settle(record, {"number": typed("13/2019"), "mother_name": typed("Lê Thị Khác")}).json()
    # A name is typed too, but a slip in it is not another person's number.
    assert (answer["state"], answer["second_keying"]) == ("needs_review", ["number"])
    view = lan.view(record)
    assert (view["mode"], view["waits_for"], asked_in(view)) == ("read", "second_keying", [])
    assert lan.lease(record).status_code == 422
    assert lan.client.get("/tasks/next", follow_redirects=False).headers["location"] == "/tasks"


def test_what_a_reader_saw_is_keyed_once(desk: Desk) -> None:
    said = ({"reader": "a", "text": "12/2019"}, {"reader": "b", "text": "13/2019"})
    number = ExtractedField.model_validate({**read("12/2019", accepted=False).model_dump(), "said": said})
    lan = Steward(desk, "lan")
    assert lan.settle(keep(desk, fields={"number": number}), {"number": CONFIRM}).json()["state"] == "approved"
    proposed = keep(desk, fields={"number": number})
    assert lan.settle(proposed, {"number": typed("13 / 2019")}).json()["state"] == "approved"


def test_always_means_whatever_a_person_settled(always: Desk) -> None:
    record, lan = keep(always), Steward(always, "lan")
    assert lan.settle(record, {"number": CONFIRM}).json()["second_keying"] == ["number"]
    hoa = Steward(always, "hoa")
    assert hoa.settle(record, {"number": typed("12/2019")}).json()["state"] == "approved"


def test_never_means_never(tmp_path: Path) -> None:
    with office_on(tmp_path / "never", second_keying="never") as desk:
        assert Steward(desk, "lan").settle(keep(desk), {"number": typed("13/2019")}).json()["state"] == "approved"


def test_the_second_person_sees_nothing_of_the_first(desk: Desk) -> None:
    record, lan, hoa = keep(desk, doubtful=("number", "personal_id")), Steward(desk, "lan"), Steward(desk, "hoa")
    lan.draft(record, 1, {"number": typed("98/7654")})
    lan.settle(record, {"number": typed("98/7654"), "personal_id": CONFIRM})
    view = hoa.view(record)
    number = field_of(view, "number")
    assert (view["mode"], asked_in(view), view["draft"]) == ("second", ["number"], None)
    emptied = ("value", "raw", "shown", "proposals", "doubts", "supports", "decided_by_words")
    assert not any(number[name] for name in emptied)
    assert number["evidence"] is not None and number["critical"]
    assert "98/7654" not in hoa.client.get(f"/tasks/{record.record_id}/view").text
    assert "98/7654" not in hoa.settle(record, {"number": typed("1/2019")}, revision=1).text
    region = {"index": 0, "box": [0, 0, 50, 50], "field": "number"}
    assert hoa.post(record, "read-region", **region).json()["code"] == "decision_invalid"


def test_two_who_agree_sign_the_record_off(desk: Desk) -> None:
    record, lan, hoa = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa")
    lan.settle(record, {"number": typed("13/2019")})
    assert hoa.client.get("/tasks/next", follow_redirects=False).headers["location"].endswith(record.record_id)
    hoa.lease(record)
    answer = hoa.settle(record, {"number": typed("13 / 2019")}).json()
    assert (answer["state"], answer["second_keying"], answer["adjudication"]) == ("approved", [], [])
    decided = latest(desk, record)
    assert (decided.decision.by, decided.fields["number"].decided_by) == ("hoa", "steward:lan")
    # What was keyed is in the record; the desk keeps that they agreed.
    assert noted(desk) == [("number", FIRST, "lan", None, False), ("number", SECOND, "hoa", 1, False)]


def test_keying_blind_is_typing_all_that_is_asked_and_nothing_else(desk: Desk) -> None:
    record, lan, hoa = keep(desk, doubtful=("number", "personal_id")), Steward(desk, "lan"), Steward(desk, "hoa")
    lan.settle(record, {"number": typed("13/2019"), "personal_id": typed("001319012346")})
    for fields, named in (
        ({"number": typed("13/2019")}, "personal_id"),
        ({"number": CONFIRM, "personal_id": CONFIRM}, "number, personal_id"),
        ({"number": typed("13/2019"), "personal_id": typed("001319012346"), "sex": CONFIRM}, "sex"),
        ({"number": typed("13/2019"), "personal_id": typed("chữ")}, "personal_id"),
    ):
        answer = hoa.settle(record, fields)
        assert (answer.status_code, answer.json()["field"]) == (422, named)
    assert noted(desk)[1:] == [("personal_id", FIRST, "lan", None, True)]


def test_two_who_differ_are_settled_by_a_supervisor_who_is_neither(desk: Desk) -> None:
    record, lan, hoa, mai = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa"), Steward(desk, "mai")
    desk.account("truong", Role.SUPERVISOR, Role.STEWARD)
    nga, truong = Steward(desk, "nga"), Steward(desk, "truong")
    truong.settle(record, {"number": typed("13/2019")})
    answer = hoa.settle(record, {"number": typed("18/2019")}).json()
    assert (answer["state"], answer["adjudication"]) == ("needs_review", ["number"])
    for person in (lan, hoa, mai, truong):
        assert (person.view(record)["mode"], person.view(record)["waits_for"]) == ("read", "adjudication")
        assert person.settle(record, {"number": typed("13/2019")}).status_code in {200, 409}
    view = nga.view(record)
    assert (view["mode"], asked_in(view)) == ("adjudicate", ["number"])
    proposals = field_of(view, "number")["proposals"]
    assert [each["value"] for each in proposals] == ["13/2019", "18/2019"]
    assert "truong" not in str(view) and "hoa" not in str(field_of(view, "number"))
    assert nga.settle(record, {"number": typed("18/2019")}).json()["state"] == "approved"
    decided = latest(desk, record)
    assert (decided.fields["number"].value, decided.fields["number"].decided_by) == ("18/2019", "steward:nga")
    assert [row[:4] for row in noted(desk)] == [
        ("number", FIRST, "truong", None),
        ("number", SECOND, "hoa", 0),
        ("number", THIRD, "nga", 0),
    ]


def test_that_the_paper_carries_none_is_keyed_twice_too(desk: Desk) -> None:
    record, lan, hoa = keep(desk, doubtful=("personal_id",)), Steward(desk, "lan"), Steward(desk, "hoa")
    # The machine read an identifier there: a person alone does not take it away.
    assert lan.settle(record, {"personal_id": BLANK}).json()["second_keying"] == ["personal_id"]
    assert hoa.settle(record, {"personal_id": BLANK}).json()["state"] == "approved"
    unseen = keep(desk, fields={"personal_id": ExtractedField(status=FieldStatus.MISSING, reasons=("not-seen",))})
    assert lan.settle(unseen, {"number": CONFIRM, "personal_id": BLANK}).json()["state"] == "approved"


def test_an_answer_that_was_lost_is_given_again_to_each(desk: Desk) -> None:
    record, lan, hoa, nga = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa"), Steward(desk, "nga")
    first = lan.settle(record, {"number": typed("13/2019")}, revision=1)
    assert lan.settle(record, {"number": typed("13/2019")}, revision=1).json() == first.json()
    second = hoa.settle(record, {"number": typed("18/2019")}, revision=2)
    again = hoa.settle(record, {"number": typed("18/2019")}, revision=2)
    assert (again.status_code, again.json()["adjudication"]) == (200, second.json()["adjudication"])
    third = nga.settle(record, {"number": typed("13/2019")}, revision=2)
    assert third.json()["state"] == "approved"
    assert nga.settle(record, {"number": typed("13/2019")}, revision=2).json() == third.json()
    assert latest(desk, record).revision == 4


@pytest.mark.parametrize("step", ["storage.desk.keyings.Keyings.key_first", "service.review.reviewing.correct"])
def test_a_crash_around_the_first_keying_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    record, lan, hoa = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa")

    def power_cut(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(step, power_cut)
        assert lan.settle(record, {"number": typed("13/2019")}).status_code == 500
    assert lan.view(record)["mode"] == "review"
    assert lan.settle(record, {"number": typed("13/2019")}).json()["second_keying"] == ["number"]
    assert hoa.settle(record, {"number": typed("13/2019")}).json()["state"] == "approved"


def test_a_crash_after_the_second_keying_is_finished_by_whoever_comes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, lan, hoa = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa")
    lan.settle(record, {"number": typed("13/2019")})
    with monkeypatch.context() as broken:
        broken.setattr("service.review.reviewing.approve", lambda *_: (_ for _ in ()).throw(OSError()))
        assert hoa.settle(record, {"number": typed("13/2019")}).status_code == 500
    assert latest(desk, record).state is RecordState.NEEDS_REVIEW
    assert hoa.settle(record, {"number": typed("13/2019")}).json()["state"] == "approved"


def test_a_sample_that_was_wrong_is_pulled_until_a_second_person_keyed_it(desk: Desk) -> None:
    wrong = keep(desk, doubtful=(), fields={"number": read("12/2019", sampled=True)})
    assert latest(desk, wrong).state is RecordState.ACCEPTED
    lan, hoa = Steward(desk, "lan"), Steward(desk, "hoa")
    assert lan.view(wrong)["mode"] == "review"
    answer = lan.settle(wrong, {"number": typed("13/2019")}).json()
    # It was released with a wrong number; with one that a single person typed it is not.
    assert (answer["state"], answer["second_keying"]) == ("needs_review", ["number"])
    assert hoa.settle(wrong, {"number": typed("13/2019")}).json()["state"] == "approved"
    kinds = [each.decision.kind.value for each in history(desk.office.store, wrong.record_id)[1:]]
    assert kinds == ["reopen", "correct", "approve"]


def test_a_value_changed_elsewhere_meanwhile_is_keyed_against_what_stands(desk: Desk) -> None:
    from storage.decisions import correct  # noqa: PLC0415
    from tests.storage.deciding import TYPES, act  # noqa: PLC0415

    record, lan, hoa = keep(desk), Steward(desk, "lan"), Steward(desk, "hoa")
    lan.settle(record, {"number": typed("13/2019")})
    correct(
        desk.office.store, desk.office.catalogue, record.record_id, 2, act(by="quantri"), TYPES, {"number": "14/2019"}
    )
    assert hoa.settle(record, {"number": typed("13/2019")}).json()["adjudication"] == ["number"]
    assert [p["value"] for p in field_of(Steward(desk, "nga").view(record), "number")["proposals"]] == [
        "14/2019", "13/2019",
    ]  # fmt: skip
