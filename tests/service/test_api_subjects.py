"""What is held on a person, and who read it; procedures and paper types."""

from typing import Any

import pytest

from extractors.procedures.table_loader import built_in_procedures
from service.roles import Role
from storage.acts import Act
from storage.decisions import reject
from storage.read_log.entry import ReadKind
from tests.service.api_world import CHILD, OTHER_AGENCY, PURPOSE, logged, look_up, person, system
from tests.service.review_world import keep
from tests.services.office import AGENCY, Desk

MOTHER = "001190012345"


def ask(client: Any, what: str, **body: Any) -> Any:
    return client.post(f"/v1/subjects/{what}", json={"subject": CHILD, "purpose": "trả lời công dân", **body})


def test_holdings_are_named_with_their_validity_and_without_what_they_say(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    waiting = keep(desk, agency=OTHER_AGENCY)
    answer = ask(system(desk), "holdings", procedure="1.001022", dossier_code="HS 1")
    told = {each["record_id"]: each for each in answer.json()["holdings"]}
    assert (
        told[record.record_id]
        | {
            "paper_type": "giay-khai-sinh",
            "paper_type_name": "Giấy khai sinh",
            "role": "owner",
            "state": "accepted",
            "trust_level": "02",
            "reasons": [],
        }
        == told[record.record_id]
    )
    assert told[waiting.record_id]["reasons"] == ["unsettled"]
    assert "Thử" not in answer.text
    (entry,) = logged(desk)
    assert entry.entry_id == answer.json()["read_log_id"]
    assert (entry.kind, entry.purpose, entry.procedure, entry.dossier_code) == (
        ReadKind.SUBJECT, "trả lời công dân", "1.001022", "HS 1",
    )  # fmt: skip
    assert {read.record_id for read in entry.records} == set(told)
    assert CHILD not in entry.to_json().decode()


def test_holdings_open_no_record(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    client = system(desk, "khac", OTHER_AGENCY)
    assert ask(client, "holdings").json()["holdings"]
    assert client.get(f"/v1/records/{record.record_id}", headers=PURPOSE).status_code == 404


def test_what_was_rejected_and_what_is_somebody_elses_is_no_holding(desk: Desk) -> None:
    record, wrong = keep(desk, doubtful=(), agency=AGENCY), keep(desk, doubtful=(), agency=AGENCY)
    office = desk.office
    reject(office.store, office.catalogue, wrong.record_id, 1, Act("lan", "quét nhầm"))
    told = ask(system(desk), "holdings").json()["holdings"]
    assert [each["record_id"] for each in told] == [record.record_id]
    assert ask(system(desk), "holdings", subject=MOTHER).json()["holdings"] == []


def test_a_name_that_contradicts_the_paper_is_told(desk: Desk) -> None:
    keep(desk, doubtful=(), agency=AGENCY)
    (told,) = ask(system(desk), "holdings", name="Phạm Văn Khác", birth="2019").json()["holdings"]
    assert told["reasons"] == ["other_person"]


def test_who_read_my_papers_when_and_for_what(desk: Desk) -> None:
    record, other = keep(desk, doubtful=(), agency=AGENCY), keep(desk, doubtful=(), agency=AGENCY, subjects=())
    client = system(desk)
    look_up(client)
    client.get(f"/v1/records/{record.record_id}", headers=PURPOSE)
    client.get("/v1/exports/records.csv", params={"paper_type": "giay-khai-sinh"}, headers=PURPOSE)
    auditor = person(desk, "kiem", Role.AUDITOR)
    told = ask(auditor, "reads").json()["reads"]
    assert [(each["kind"], each["reader"]) for each in told] == [
        ("related", "client:mot-cua"), ("record", "client:mot-cua"), ("export", "client:mot-cua"),
    ]  # fmt: skip
    # The export also took another person's paper: that is none of this person's business.
    assert told[2]["records"] == [record.record_id] and other.record_id not in str(told)
    assert [each["kind"] for each in ask(auditor, "reads").json()["reads"]][-1] == "subject"
    # A system that watches over reads may ask for citizens.
    watching = system(desk, "cong-dan", AGENCY, Role.AUDITOR)
    assert len(ask(watching, "reads").json()["reads"]) == 5
    assert ask(system(desk, "tra-cuu-khac", OTHER_AGENCY, Role.AUDITOR), "reads").json()["reads"] == []


@pytest.mark.parametrize("what", ["holdings", "reads"])
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"purpose": " "}, 422, "purpose_missing"),
        ({"subject": "abc"}, 422, "subject_invalid"),
        ({"procedure": "gì"}, 404, "procedure_unknown"),
        ({"strange": 1}, 422, "request_invalid"),
    ],
)
def test_what_cannot_be_asked(desk: Desk, what: str, changes: dict[str, Any], status: int, code: str) -> None:
    client = system(desk, "ca-hai", AGENCY, Role.AUDITOR, Role.READER)
    answer = ask(client, what, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert logged(desk) == []


def test_roles_of_people(desk: Desk) -> None:
    assert ask(person(desk, "nga", Role.SUPERVISOR), "holdings").status_code == 200
    assert ask(person(desk, "nga", Role.SUPERVISOR), "reads").status_code == 403
    assert ask(person(desk, "lan", Role.CLERK), "holdings").status_code == 403


def test_procedures_are_paged_by_code(desk: Desk) -> None:
    client, seen, cursor = system(desk), [], None
    while True:
        answer = client.get("/v1/procedures", params={"limit": 20, **({"cursor": cursor} if cursor else {})}).json()
        seen += [each["code"] for each in answer["procedures"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == sorted(built_in_procedures())
    one = client.get("/v1/procedures/1.001022.000.00.00.H05").json()
    assert (one["code"], one["components"][2]["role"]) == ("1.001022", "child")
    assert client.get("/v1/procedures/x").json()["code"] == "procedure_unknown"


def test_paper_types_tell_their_fields(desk: Desk) -> None:
    client = system(desk)
    listed = client.get("/v1/paper-types").json()["paper_types"]
    assert {each["id"] for each in listed} == {each.id for each in desk.office.paper_types}
    birth = client.get("/v1/paper-types/giay-khai-sinh").json()
    assert birth in listed
    assert {"name": "sex", "label": "Giới tính", "kind": "sex", "required": True, "is_list": False} in birth["fields"]
    receipt = client.get("/v1/paper-types/giay-tiep-nhan-ho-so").json()
    assert [each["name"] for each in receipt["fields"] if each["is_list"]] == ["components"]
    assert client.get("/v1/paper-types/khong-co").status_code == 404
