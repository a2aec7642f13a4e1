"""The once-only question through the API: the answer of the contract, written down before it leaves."""

from typing import Any
from urllib.parse import quote

import pytest

from service.roles import Role
from storage.lookup_answer import LookupAnswer
from storage.read_log.entry import ReadKind
from tests.service.api_world import CHILD, FATHER, OTHER_AGENCY, PROCEDURE, PURPOSE, logged, look_up, person, system
from tests.service.review_world import keep
from tests.services.office import AGENCY, Desk


def test_what_is_held_is_told_in_the_shape_of_the_contract(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    answer = look_up(system(desk), on="2026-11-22", dossier_code="H05.12-261122-0001")
    assert {"subject", "procedure", "on", "purpose", "held", "refused", "missing", "read_log_id"} <= set(answer)
    assert set(answer) == set(LookupAnswer.model_fields)
    (held,) = answer["held"]
    assert (held["record_id"], held["paper_type"], held["state"]) == (record.record_id, "giay-khai-sinh", "accepted")
    assert answer["on"] == "2026-11-22"
    first, second = logged(desk)
    assert first.entry_id == answer["read_log_id"]
    assert (first.kind, first.reader, first.agency, first.purpose) == (
        ReadKind.LOOKUP, "client:mot-cua", AGENCY, "giải quyết hồ sơ",
    )  # fmt: skip
    assert (first.procedure, first.dossier_code) == (PROCEDURE, "H05.12-261122-0001")
    assert (second.kind, [read.record_id for read in second.records]) == (ReadKind.RELATED, [record.record_id])
    assert FATHER not in first.to_json().decode() and CHILD not in second.to_json().decode()


def test_clerks_ask_too_and_days_may_be_written_as_they_write_them(desk: Desk) -> None:
    keep(desk, doubtful=(), agency=AGENCY)
    answer = look_up(person(desk, "lan", Role.CLERK), on="22/11/2026", birth="06/05/1988", name="Trần Văn Thử")
    assert answer["on"] == "2026-11-22"
    assert logged(desk)[0].reader == "lan"


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"purpose": "  "}, 422, "purpose_missing", None),
        ({"purpose": None}, 422, "request_invalid", "purpose"),
        ({"subject": "12"}, 422, "subject_invalid", None),
        ({"others": {"child": "abc"}}, 422, "subject_invalid", None),
        ({"procedure": "9.999999"}, 404, "procedure_unknown", None),
        ({"on": "2026-13-01"}, 422, "request_invalid", "on"),
        ({"on": "31/02/2026"}, 422, "request_invalid", "on"),
        ({"birth": "0000"}, 422, "request_invalid", "birth"),
        ({"strange": 1}, 422, "request_invalid", "strange"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_told(
    desk: Desk, changes: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    asked = {"subject": FATHER, "procedure": PROCEDURE, "purpose": "thử", **changes}
    answer = system(desk).post("/v1/lookups", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if field is not None:
        assert answer.json()["field"] == field
    assert FATHER not in answer.text
    assert logged(desk) == []


def test_what_a_lookup_told_of_may_be_read_by_whoever_asked_and_by_nobody_else(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    asker, other = system(desk, "khac", OTHER_AGENCY), system(desk, "khac-nua", OTHER_AGENCY)
    path = f"/v1/records/{record.record_id}"
    assert asker.get(path, headers=PURPOSE).status_code == 404
    assert look_up(asker)["held"]
    assert asker.get(path, headers=PURPOSE).status_code == 200
    assert other.get(path, headers=PURPOSE).status_code == 404


def test_what_was_refused_is_not_opened_by_a_lookup(desk: Desk) -> None:
    """It may be about somebody else: a name that contradicts the paper closes it."""
    record = keep(desk, doubtful=("full_name",), agency=AGENCY)
    asker = system(desk, "khac", OTHER_AGENCY)
    answer = look_up(asker)
    assert [each["record_id"] for each in answer["refused"]] == [record.record_id]
    assert asker.get(f"/v1/records/{record.record_id}", headers=PURPOSE).status_code == 404


def test_a_purpose_in_any_spelling_is_logged_in_words(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    client, path = system(desk), f"/v1/records/{record.record_id}"
    words = "Cấp sổ đỏ, 100 %"
    for headers in (
        {"X-Purpose": quote(words)},
        {"X-Purpose": words.encode()},
        {b"x-purpose": quote("  Cấp  sổ đỏ, 100 % ").encode()},
    ):
        assert client.get(path, headers=headers).status_code == 200
    assert client.get(path, params={"purpose": words}).status_code == 200
    assert [entry.purpose for entry in logged(desk)] == [words] * 4


@pytest.mark.parametrize("given", [{}, {"X-Purpose": "%20%20"}, {"X-Purpose": ""}, {"X-Purpose": quote("a" * 501)}])
def test_without_a_purpose_nothing_is_read(desk: Desk, given: dict[str, str]) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    answer = system(desk).get(f"/v1/records/{record.record_id}", headers=given)
    assert (answer.status_code, answer.json()["code"]) == (422, "purpose_missing")
    assert logged(desk) == []


def test_procedure_and_dossier_are_logged_where_they_are_said(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    client, path = system(desk), f"/v1/records/{record.record_id}"
    headers = {**PURPOSE, "X-Procedure": "1.001022.000.00.00.H05", "X-Dossier-Code": quote("Hồ sơ 1")}
    assert client.get(path, headers=headers).status_code == 200
    assert (logged(desk)[0].procedure, logged(desk)[0].dossier_code) == (PROCEDURE, "Hồ sơ 1")
    assert client.get(path, headers={**PURPOSE, "X-Procedure": "gì đó".encode()}).status_code == 404
