"""A steward's task: what is shown, entered, kept, settled; what is refused and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.record import DecisionKind, ExtractedField, FieldStatus, RecordState
from ocr.problem import Code, SohoaError
from service.roles import Role
from storage.desk.tables import settlements
from storage.records import history
from tests.service.review_world import (
    BLANK,
    CONFIRM,
    Steward,
    asked_in,
    field_of,
    keep,
    keep_unknown,
    latest,
    office_on,
    typed,
)
from tests.services.office import AGENCY, Desk
from tests.storage.deciding import read


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with office_on(tmp_path / "home", second_keying="never") as opened:
        yield opened


@pytest.fixture
def lan(desk: Desk) -> Steward:
    return Steward(desk, "lan")


def test_a_task_from_the_queue_to_the_approval(filled_desk: Desk) -> None:
    lan = Steward(filled_desk, "steward")
    led = lan.client.get("/tasks/next", follow_redirects=False)
    record_id = led.headers["location"].rpartition("/")[2]
    view = lan.view(record_id)
    page = view["pages"][0]
    # The drawn scan is a PDF, whose pages are opened at 300 dpi.
    assert (view["mode"], page["width"], page["height"]) == ("review", 2480, 3508)
    picture = lan.client.get(page["picture"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
    asked = [each for each in view["fields"] if each["needs_person"]]
    assert asked and all(each["doubts"] for each in asked)
    assert all(each["evidence"]["box"][2] <= page["width"] for each in asked if each["evidence"])
    entries = {each["name"]: CONFIRM if each["value"] is not None else BLANK for each in asked}
    assert lan.lease(record_id).status_code == 200
    answer = lan.settle(record_id, entries)
    assert answer.json() == {
        "state": "approved", "revision": 3, "next": "/tasks/next", "second_keying": [], "adjudication": [],
    }  # fmt: skip
    assert [each.decision.kind for each in history(filled_desk.office.store, record_id)[1:]] == [
        DecisionKind.CORRECT,
        DecisionKind.APPROVE,
    ]
    assert lan.view(record_id)["mode"] == "read"


def test_proposals_are_the_different_readings(desk: Desk, lan: Steward) -> None:
    said = [
        {"reader": "tesseract", "text": "12/2019"},
        {"reader": "ppocr", "text": "12/2018"},
        {"reader": "aster", "text": "12 / 2018"},
        {"reader": "other", "text": "không phải số"},
    ]
    record = keep(desk, fields={"number": read("12/2019", accepted=False).model_validate(
        {**read("12/2019", accepted=False).model_dump(), "said": said})})  # fmt: skip
    found = field_of(lan.view(record), "number")["proposals"]
    assert [(each["digit"], each["value"]) for each in found] == [(1, "12/2019"), (2, "12/2018")]


def test_what_is_typed_is_checked_by_the_kind_of_the_field(desk: Desk, lan: Steward) -> None:
    record = keep(desk, doubtful=("registration_date",))
    good = lan.post(record, "check", field="registration_date", value="6/5/2019").json()
    assert good == {"value": "2019-05-06", "shown": "06/05/2019", "place": "", "problem": None}
    bad = lan.post(record, "check", field="registration_date", value="31/02/2019").json()
    assert (bad["value"], bad["problem"]) == (None, "ngày không có thật")
    assert lan.post(record, "check", field="khong_co", value="x").status_code == 422


def test_a_doubtful_field_left_out_is_named_and_nothing_is_written(desk: Desk, lan: Steward) -> None:
    record = keep(desk, doubtful=("number", "mother_name"))
    lan.lease(record)
    answer = lan.settle(record, {"number": CONFIRM})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        422, "decision_invalid", "mother_name",
    )  # fmt: skip
    assert latest(desk, record).revision == 1


def test_a_value_that_the_kind_refuses_is_named_with_the_reason(desk: Desk, lan: Steward) -> None:
    record = keep(desk, doubtful=("number", "registration_date"))
    answer = lan.settle(record, {"number": CONFIRM, "registration_date": typed("31/02/2019")})
    assert (answer.status_code, answer.json()["fields"]) == (422, {"registration_date": "ngày không có thật"})
    assert latest(desk, record).revision == 1


def test_a_value_no_reader_saw_rests_on_the_page_that_was_looked_at(desk: Desk, lan: Steward) -> None:
    blank = ExtractedField(status=FieldStatus.MISSING, reasons=("not-seen",))
    record = keep(desk, fields={"mother_name": blank})
    assert lan.settle(record, {"number": CONFIRM, "mother_name": typed("Lê Thị Mẫu", page=0)}).status_code == 200
    corrected = history(desk.office.store, record.record_id)[1]
    sha256 = record.source[0].sha256
    assert corrected.decision.evidence == (f"bản quét {sha256} trang 1",)


def test_a_part_may_be_saved_without_signing_off(desk: Desk, lan: Steward) -> None:
    record = keep(desk, doubtful=("number", "mother_name"))
    answer = lan.settle(record, {"number": CONFIRM}, approve=False)
    assert (answer.json()["state"], answer.json()["revision"]) == ("needs_review", 2)
    assert asked_in(lan.view(record)) == ["mother_name"]


def test_a_paper_of_unknown_type_is_signed_off_with_a_reason(desk: Desk, lan: Steward) -> None:
    record = keep_unknown(desk)
    view = lan.view(record)
    assert (view["mode"], view["paper_type_name"], view["fields"]) == ("review", "Không rõ loại", [])
    assert lan.settle(record, {}).json()["field"] == "reason"
    assert lan.settle(record, {}, reason="thư tay, lưu để tham khảo").json()["state"] == "approved"


def test_an_answer_that_was_lost_is_given_again(desk: Desk, lan: Steward) -> None:
    record = keep(desk)
    first = lan.settle(record, {"number": typed("13/2019", seconds=4.5)}, revision=1)
    again = lan.settle(record, {"number": typed("13/2019", seconds=4.5)}, revision=1)
    assert again.status_code == 200 and again.json() == first.json()
    assert latest(desk, record).revision == 3
    with desk.office.desk.asking() as connection:
        rows = connection.execute(settlements.select()).mappings().all()
    assert [(row["field"], row["kind"], row["machine_right"], row["seconds"]) for row in rows] == [
        ("number", "typed", 0, 4.5)
    ]


@pytest.mark.parametrize(("step", "revision"), [("approve", 2), ("project", 3), ("end_task", 3)])
def test_what_a_crash_cut_off_is_done_by_settling_again(
    desk: Desk, lan: Steward, monkeypatch: pytest.MonkeyPatch, step: str, revision: int
) -> None:
    record = keep(desk, doubtful=("number", "mother_name"))
    entries = {"number": typed("13/2019"), "mother_name": CONFIRM}

    def power_cut(*_: object, **__: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(f"service.review.reviewing.{step}", power_cut)
        assert lan.settle(record, entries, revision=1).status_code == 500
    assert latest(desk, record).revision == revision
    answer = lan.settle(record, entries, revision=1).json()
    assert (answer["state"], answer["revision"]) == ("approved", 3)
    row = desk.office.catalogue.record(record.record_id)
    assert row is not None and (row.state, row.revision) == (RecordState.APPROVED, 3)
    with desk.office.desk.asking() as connection:
        assert len(connection.execute(settlements.select()).all()) == 2
    assert desk.office.leases.holder(record.record_id) is None


def test_a_correction_counts_and_is_told_where_the_approval_is_refused(
    desk: Desk, lan: Steward, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = keep(desk)

    def refused(*_: object) -> None:
        raise SohoaError(Code.DECISION_INVALID, detail="still doubtful: number")

    monkeypatch.setattr("service.review.reviewing.approve", refused)
    assert lan.settle(record, {"number": typed("13/2019")}, revision=1).status_code == 422
    row = desk.office.catalogue.record(record.record_id)
    assert row is not None and row.revision == latest(desk, record).revision == 2
    with desk.office.desk.asking() as connection:
        assert len(connection.execute(settlements.select()).all()) == 1


def test_somebody_else_finishes_what_a_crash_left(desk: Desk, lan: Steward, monkeypatch: pytest.MonkeyPatch) -> None:
    record = keep(desk)
    with monkeypatch.context() as broken:
        broken.setattr("service.review.reviewing.approve", lambda *_: (_ for _ in ()).throw(OSError()))
        assert lan.settle(record, {"number": CONFIRM}, revision=1).status_code == 500
    # The lease of who was cut off ends by itself.
    desk.office.leases.release(record.record_id, "lan", lan.token)
    hoa = Steward(desk, "hoa")
    assert asked_in(hoa.view(record)) == []
    assert hoa.settle(record, {}).json()["state"] == "approved"


def test_a_draft_is_kept_for_its_own_person_until_it_is_settled(desk: Desk, lan: Steward) -> None:
    record = keep(desk)
    assert lan.draft(record, 1, {"number": typed("13/2019", seconds=2)}).status_code == 204
    draft = lan.view(record)["draft"]
    assert (draft["revision"], draft["fields"]["number"]["value"]) == (1, "13/2019")
    assert Steward(desk, "hoa").view(record)["draft"] is None
    lan.settle(record, {"number": typed("13/2019")})
    assert lan.view(record)["draft"] is None


def test_a_draft_with_strange_names_or_actions_is_refused(desk: Desk, lan: Steward) -> None:
    record = keep(desk)
    for fields in ({"Nguyễn Văn An": CONFIRM}, {"number": {"action": "guess"}}, {"number": typed("x" * 5000)}):
        answer = lan.draft(record, 1, fields)
        assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
        assert "Nguyễn" not in answer.text


def test_opening_a_task_is_one_entry_of_the_read_log(desk: Desk, lan: Steward) -> None:
    record = keep(desk)
    lan.view(record)
    lan.lease(record)
    lan.lease(record)
    lan.client.get(f"/tasks/{record.record_id}/pictures/0.webp")
    desk.office.read_log.seal()
    entries = desk.office.catalogue.reads_of_record(record.record_id)
    assert [(entry.reader, entry.kind) for entry in entries] == [("lan", "record")]


def test_a_picture_alone_is_an_entry_too(desk: Desk, lan: Steward) -> None:
    record = keep(desk)
    assert lan.client.get(f"/tasks/{record.record_id}/pictures/0.webp").status_code == 404  # its scan is not held
    desk.office.read_log.seal()
    assert len(desk.office.catalogue.reads_of_record(record.record_id)) == 1


def test_what_another_agency_keeps_does_not_exist(desk: Desk) -> None:
    desk.account("xa", Role.STEWARD, agency=f"{AGENCY}.3")
    desk.account("huyen", Role.STEWARD, agency=AGENCY)
    own, other, nobody = keep(desk, agency=f"{AGENCY}.3"), keep(desk, agency=f"{AGENCY}.30"), keep(desk)
    xa, huyen = Steward(desk, "xa"), Steward(desk, "huyen")
    for record, status in ((own, 200), (other, 404), (nobody, 404)):
        assert xa.client.get(f"/tasks/{record.record_id}/view").status_code == status
        assert xa.lease(record).status_code == status
        assert xa.settle(record, {"number": CONFIRM}).status_code == status
        assert xa.client.get(f"/tasks/{record.record_id}/pictures/0.webp").status_code == 404
    assert huyen.client.get(f"/tasks/{other.record_id}/view").status_code == 200
    assert huyen.client.get(f"/tasks/{nobody.record_id}/view").status_code == 404
    assert xa.client.get("/tasks/next?agency=H05", follow_redirects=False).status_code == 404
    assert xa.view(own)["waiting"] == 0 and huyen.view(other)["waiting"] == 1


def test_rejecting_reopening_and_revoking(desk: Desk, lan: Steward) -> None:
    record, nga = keep(desk), Steward(desk, "nga")
    lan.lease(record)
    body = {"revision": 1, "token": lan.token, "reason": "bản quét thiếu mép"}
    assert lan.post(record, "reject", **{**body, "reason": " "}).status_code == 422
    assert lan.post(record, "reject", **body).json()["state"] == "rejected"
    assert lan.post(record, "reopen", revision=2, reason="quét lại rồi").json()["state"] == "needs_review"
    assert lan.settle(record, {"number": CONFIRM}).json()["state"] == "approved"
    revision = latest(desk, record).revision
    undone = {"revision": revision, "reason": "duyệt nhầm"}
    assert lan.post(record, "reopen", **undone).json()["code"] == "not_allowed"
    assert lan.post(record, "reject", token=lan.token, **undone).json()["code"] == "not_allowed"
    act = {"by_authority": "UBND huyện Thử", "act_number": "12/QĐ-UBND", "act_date": "2024-05-06", "reason": "hủy"}
    assert lan.post(record, "revoke", revision=revision, **act).status_code == 403
    assert nga.post(record, "revoke", revision=revision - 1, **act).json()["code"] == "record_changed"
    assert nga.post(record, "revoke", revision=revision, **act).json()["state"] == "revoked"
    assert nga.lease(record).status_code == 422


def test_supervisors_take_an_approval_back(desk: Desk, lan: Steward) -> None:
    record, nga = keep(desk), Steward(desk, "nga")
    lan.settle(record, {"number": CONFIRM})
    assert nga.post(record, "reopen", revision=3, reason="duyệt nhầm").json()["state"] == "needs_review"
    assert lan.view(record)["mode"] == "review"


def test_a_page_that_is_closed_gives_its_task_back(desk: Desk, lan: Steward) -> None:
    record = keep(desk)
    lan.lease(record)
    assert Steward(desk, "hoa").lease(record).json()["code"] == "task_taken"
    csrf = lan.client.headers.pop("x-csrf-token")
    # As a beacon, which sends a form and no header.
    form = {"token": lan.token, "csrf_token": csrf}
    assert lan.client.post(f"/tasks/{record.record_id}/release", data=form).status_code == 204
    assert Steward(desk, "hoa").lease(record).status_code == 200
