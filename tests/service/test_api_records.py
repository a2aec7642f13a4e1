"""Records through the API: whose they are, how much of them is shown, which revision the caller has already."""

import json
from typing import Any

import pytest

from extractors.record import FieldStatus, RecordState
from service.roles import Role
from service.v1.record_shapes import RecordShape
from storage.acts import Act
from storage.decisions import approve, correct, reopen
from storage.read_log.entry import ReadKind
from storage.records import load_record, withdraw
from tests.service.api_world import CHILD, OTHER_AGENCY, PURPOSE, logged, look_up, person, system
from tests.service.review_world import keep, sampled
from tests.services.office import AGENCY, Desk
from tests.storage.deciding import NOON, read

ADDED = {"source", "verified_by", "last_updated"}


def get(client: Any, record: Any, what: str = "", **headers: str) -> Any:
    name = record if isinstance(record, str) else record.record_id
    return client.get(f"/v1/records/{name}{what}", headers={**PURPOSE, **headers})


def corrected(desk: Desk, record: Any, **values: str) -> Any:
    act = Act("lan", "đối chiếu bản gốc của bà Thử")
    office = desk.office
    return correct(office.store, office.catalogue, record.record_id, record.revision, act, office.paper_types, values)


def test_a_record_is_the_one_of_the_contract_with_its_source_on_every_field(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    told = get(system(desk), record).json()
    stored = json.loads(record.to_json())
    assert set(told) == set(stored)
    assert {name: told[name] for name in set(told) - {"fields"}} == {
        name: stored[name] for name in set(told) - {"fields"}
    }
    for name, field in stored["fields"].items():
        assert {key: value for key, value in told["fields"][name].items() if key not in ADDED} == {
            key: value for key, value in field.items() if key != "sampled"
        }
        assert set(told["fields"][name]) >= ADDED
    assert told["fields"]["full_name"]["source"] == "rule:two-readers"
    assert told["fields"]["full_name"]["verified_by"] == "machine"
    assert told["fields"]["father_name"] | {"source": "none", "verified_by": None} == told["fields"]["father_name"]
    RecordShape.model_validate(told)
    (entry,) = logged(desk)
    assert (entry.kind, entry.reader, entry.records[0].revision) == (ReadKind.RECORD, "client:mot-cua", 1)


def test_what_a_person_put_right_says_so_and_when(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    changed = corrected(desk, record, number="13/2019")
    told = get(system(desk), record).json()
    number, name = told["fields"]["number"], told["fields"]["full_name"]
    assert (number["source"], number["verified_by"]) == ("person", "steward")
    assert changed.decision is not None
    assert number["last_updated"] == changed.decision.at.isoformat().replace("+00:00", "Z")
    assert name["last_updated"] == NOON.isoformat().replace("+00:00", "Z")


def test_a_field_that_one_reader_alone_saw_names_it(desk: Desk) -> None:
    one = read("12/2019", accepted=True, decided_by=None)
    record = keep(desk, doubtful=(), agency=AGENCY, fields={"number": one})
    assert get(system(desk), record).json()["fields"]["number"]["source"] == "reader:replay"


def test_the_blind_sample_is_told_to_nobody(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY, fields=sampled("full_name"))
    assert desk.office.catalogue.record(record.record_id).waits
    for client in (system(desk), person(desk, "phu-trach", Role.SUPERVISOR)):
        for what in ("", "/fields", "/fields/full_name"):
            assert "sampled" not in get(client, record, what).text
    steward = person(desk, "duyet", Role.STEWARD)
    # Seen accepted here and doubtful there, it would be known for a sample.
    assert get(steward, record).status_code == 403
    assert get(steward, keep(desk, doubtful=(), agency=AGENCY)).status_code == 200


def test_a_value_that_nobody_verified_is_shown_to_supervisors_alone(desk: Desk) -> None:
    record = keep(desk, doubtful=("full_name",), agency=AGENCY)
    told = get(system(desk), record).json()
    field = told["fields"]["full_name"]
    assert (field["value"], field["raw"], field["accepted"], field["verified_by"]) == (None, None, False, None)
    assert (told["state"], told["subjects"]) == ("needs_review", [])
    assert told["metadata"]["agency"] == AGENCY and "Thử" not in json.dumps(told["metadata"], ensure_ascii=False)
    assert told["fields"]["number"]["value"] == "12/2019"
    whole = get(person(desk, "phu-trach", Role.SUPERVISOR), record).json()
    assert whole["fields"]["full_name"]["value"] == "Trần Thị Thử"


def test_identifiers_are_masked_for_people_and_whole_for_systems(desk: Desk) -> None:
    said = read(CHILD, said=({"reader": "tesseract 5.5.4 vie", "text": "001 319 012 345"},))
    record = keep(desk, doubtful=(), agency=AGENCY, fields={"personal_id": said})
    assert CHILD in get(system(desk), record).text
    for name, role in (("xem", Role.CLERK), ("phu-trach", Role.SUPERVISOR)):
        client = person(desk, name, role)
        for what in ("", "/fields", "/fields/personal_id", "/history"):
            answer = get(client, record, what)
            assert answer.status_code == 200
            assert CHILD not in answer.text and "001 319 012 345" not in answer.text
        told = get(client, record).json()
        assert told["fields"]["personal_id"]["value"] == told["subjects"][0]["personal_id"] == "001******345"
        assert told["fields"]["personal_id"]["said"][0]["reader"] == "tesseract 5.5.4 vie"


def test_identifiers_in_what_a_person_wrote_are_masked_too(desk: Desk) -> None:
    record, office = keep(desk, doubtful=(), agency=AGENCY), desk.office
    act = Act("lan", f"đối chiếu thẻ {CHILD} và CMND 013 456 789 012", ("thẻ 013456789012",))
    correct(office.store, office.catalogue, record.record_id, 1, act, office.paper_types, {"number": "13/2019"})
    supervisor = person(desk, "phu-trach", Role.SUPERVISOR)
    for what in ("", "/history"):
        told = get(supervisor, record, what).text
        assert "đối chiếu thẻ 001******345" in told
        assert CHILD not in told and "013456789012" not in told and "013 456 789 012" not in told
        assert CHILD in get(system(desk), record, what).text


def test_a_records_agency_and_those_above_it_see_it_and_no_other(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    of_nobody = keep(desk, doubtful=())
    answers = {
        agency: get(system(desk, f"cua-{number}", agency), record).status_code
        for number, agency in enumerate((AGENCY, "H05", f"{AGENCY}.7", OTHER_AGENCY, "H05.1"))
    }
    assert answers == {AGENCY: 200, "H05": 200, f"{AGENCY}.7": 404, OTHER_AGENCY: 404, "H05.1": 404}
    assert get(system(desk), of_nobody).status_code == 404
    unknown = get(system(desk), "r" + "0" * 24)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "record_unknown")
    assert get(system(desk, "khac", OTHER_AGENCY), record).json() | {"instance": ""} == unknown.json() | {
        "instance": ""
    }


def test_another_agency_sees_the_paper_and_nothing_of_how_its_agency_works(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    named = record.model_copy(update={"dossier_id": record.dossier_id})
    office = desk.office
    changed = corrected(desk, named, mother_name="Lê Thị Mẫu Hai")
    act = Act("nga", "đã xem")
    approve(office.store, office.catalogue, record.record_id, changed.revision, act, office.paper_types)
    asker = system(desk, "khac", OTHER_AGENCY)
    look_up(asker)
    told = get(asker, record).json()
    assert told["fields"]["full_name"]["value"] == "Trần Thị Thử"
    assert told["fields"]["mother_name"]["decided_by"] == "steward"
    assert told["decision"] | {"by": None, "reason": None, "evidence": []} == told["decision"]
    text = json.dumps(told, ensure_ascii=False)
    assert "lan" not in text.split() and "nga" not in text.split() and "scan.pdf" not in text
    for what in ("?revision=1", "/history"):
        assert get(asker, record, what).status_code == 404
    assert get(asker, record, "?revision=3").status_code == 200


def test_earlier_revisions_and_the_history_are_for_the_own_agency(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    corrected(desk, record, number="13/2019")
    client = system(desk)
    assert get(client, record, "?revision=1").json()["fields"]["number"]["value"] == "12/2019"
    assert get(client, record, "?revision=2").json()["fields"]["number"]["value"] == "13/2019"
    assert get(client, record, "?revision=3").status_code == 404
    first, second = get(client, record, "/history").json()["revisions"]
    assert (first["decision"], first["fields"]) == (None, [])
    assert second["decision"]["by"] == "lan"
    assert second["fields"] == [
        {"field": "number", "before": "12/2019", "after": "13/2019", "decided_by": "steward:lan"}
    ]


def test_whoever_has_a_revision_is_told_so_and_it_is_logged_all_the_same(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    client, clerk = system(desk), person(desk, "xem", Role.CLERK)
    etag = get(client, record).headers["etag"]
    assert etag.startswith('"r1')
    again = get(client, record, **{"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert len(logged(desk)) == 2
    # What people are shown is another representation.
    assert get(clerk, record).headers["etag"] != etag
    corrected(desk, record, number="13/2019")
    assert get(client, record, **{"If-None-Match": etag}).status_code == 200
    fields = get(client, record, "/fields")
    assert fields.headers["etag"] != get(client, record).headers["etag"]
    assert get(client, record, "/fields", **{"If-None-Match": fields.headers["etag"]}).status_code == 304


def test_single_fields(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    told = get(system(desk), record, "/fields/date_of_birth").json()
    assert (told["label"], told["kind"], told["value"]) == ("Ngày, tháng, năm sinh", "date", "2019-05-06")
    missing = get(system(desk), record, "/fields/strange")
    assert (missing.status_code, missing.json()["code"]) == (404, "nothing_here")
    assert set(get(system(desk), record, "/fields").json()) == {
        "record_id",
        "revision",
        "state",
        "paper_type",
        "fields",
    }


def test_of_a_withdrawn_record_nothing_is_shown(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    gone = withdraw(desk.office.store, record.record_id, NOON)
    assert gone is not None
    desk.office.catalogue.project_record(gone)
    told = get(system(desk), record).json()
    assert (told["withdrawn"], told["state"], told["fields"], told["subjects"], told["source"]) == (
        True, "superseded", {}, [], [],
    )  # fmt: skip


def test_nothing_of_values_stands_in_a_list(desk: Desk) -> None:
    keep(desk, doubtful=(), agency=AGENCY)
    answer = system(desk).get("/v1/records").json()
    assert set(answer["records"][0]) == {
        "record_id", "revision", "state", "paper_type", "agency", "updated_at", "verified_by",
    }  # fmt: skip
    assert answer["next"] is None
    assert logged(desk) == []


def test_a_list_is_gone_through_while_records_come_and_change(desk: Desk) -> None:
    there = [keep(desk, doubtful=(), agency=AGENCY) for _ in range(7)]
    keep(desk, doubtful=(), agency=OTHER_AGENCY)
    client, seen, cursor = system(desk), [], None
    while True:
        answer = client.get("/v1/records", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        assert len(answer["records"]) <= 2
        seen += [each["record_id"] for each in answer["records"]]
        cursor = answer["next"]
        if cursor is None:
            break
        keep(desk, doubtful=(), agency=AGENCY)
        corrected(desk, load_record(desk.office.store, there[0].record_id), number=f"{len(seen)}/2019")
        if len(seen) > 30:
            pytest.fail("the list does not end")
    assert len(seen) == len(set(seen))
    assert {record.record_id for record in there} <= set(seen)


def test_lists_are_narrowed(desk: Desk) -> None:
    accepted, waiting = keep(desk, doubtful=(), agency=AGENCY), keep(desk, agency=f"{AGENCY}.3")
    client = system(desk)

    def named(**params: Any) -> set[str]:
        answer = client.get("/v1/records", params=params)
        assert answer.status_code == 200, answer.text
        return {each["record_id"] for each in answer.json()["records"]}

    assert named(state="accepted") == {accepted.record_id}
    assert named(state=["accepted", "needs_review"]) == {accepted.record_id, waiting.record_id}
    assert named(agency=f"{AGENCY}.3") == {waiting.record_id}
    assert named(paper_type="giay-khai-sinh") == {accepted.record_id, waiting.record_id}
    assert named(paper_type="can-cuoc") == set()
    assert named(updated_since="2024-05-06T12:00:00Z") == {accepted.record_id, waiting.record_id}
    assert named(updated_since="2024-05-06T19:00:01+07:00") == set()
    assert client.get("/v1/records", params={"agency": OTHER_AGENCY}).status_code == 403
    assert client.get("/v1/records", params={"limit": 0}).status_code == 422


@pytest.mark.parametrize(
    "given", ["4.5", "1700000000", "2024", "2024-05-06", "2024-05-06T12:00:00", "1969-01-01T00:00Z"]
)
def test_a_moment_is_written_out(desk: Desk, given: str) -> None:
    answer = system(desk).get("/v1/records", params={"updated_since": given})
    assert (answer.status_code, answer.json()["field"]) == (422, "updated_since")


@pytest.mark.parametrize("cursor", ["abc", "é", "WyJyIiwieCJd", "W10", "MQ", "====", "bnVsbA"])
def test_a_cursor_that_is_none_is_refused(desk: Desk, cursor: str) -> None:
    answer = system(desk).get("/v1/records", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")


def test_a_cursor_fits_its_own_list_alone(desk: Desk) -> None:
    for _ in range(3):
        keep(desk, doubtful=(), agency=AGENCY)
    client = system(desk)
    cursor = client.get("/v1/records", params={"limit": 1, "state": "accepted"}).json()["next"]
    assert client.get("/v1/records", params={"cursor": cursor, "state": "accepted"}).status_code == 200
    assert client.get("/v1/records", params={"cursor": cursor}).status_code == 422


def test_two_keyings_are_told_where_two_people_keyed_the_same(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    changed = corrected(desk, record, number="13/2019", mother_name="Lê Thị Mẫu Hai")
    keyings, name = desk.office.keyings, record.record_id
    keyings.key_first(name, "lan", {"number": "13/2019"})
    keyings.key_again(name, 2, "hoa", {"number": "13/2019"}, {"number": True})
    keyings.close(name)
    told = get(system(desk), record).json()["fields"]
    assert (told["number"]["verified_by"], told["mother_name"]["verified_by"]) == ("second-keying", "steward")
    office = desk.office
    reopen(office.store, office.catalogue, name, changed.revision, Act("nga", "xem lại"))
    assert get(system(desk), record).json()["fields"]["number"]["verified_by"] == "steward"


def test_who_may_not_read_papers_reads_none(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    for name, role in (("kiem", Role.AUDITOR), ("quan-tri", Role.ADMIN)):
        assert get(person(desk, name, role), record).status_code == 403
    assert record.state is RecordState.ACCEPTED and record.fields["father_name"].status is FieldStatus.MISSING
