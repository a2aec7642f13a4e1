"""Identifiers of persons: hidden by default, whole for who may and says why, and written down before they leave."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.paper_type_loader import paper_types_with
from extractors.record import ExtractedField, FieldStatus, Provenance, Record, RecordState, SourcePage
from service.pages.rendering import masked
from service.roles import Role
from service.security.masking import MASKED_KINDS, UNMASKING, is_masked
from storage.keys import record_id_for
from storage.read_log.entry import ReadKind
from storage.read_log.log import ReadLog
from storage.records import save_draft
from tests.services.office import AGENCY, Desk

IDENTIFIER = "048196598771"
SHA256 = hashlib.sha256(b"scan").hexdigest()
WHY = "đối chiếu thẻ căn cước của người nộp"


def held(desk: Desk, dossier_id: str = "hs-1", state: RecordState = RecordState.ACCEPTED) -> str:
    """Keep a record of the agency and return its identifier."""
    found = ExtractedField(value=IDENTIFIER, raw=IDENTIFIER, status=FieldStatus.FOUND, accepted=True)
    record = Record(
        record_id=record_id_for(dossier_id, SHA256, 1),
        revision=1,
        state=state,
        dossier_id=dossier_id,
        paper_type="giay-khai-sinh",
        paper_type_version=1,
        source=(SourcePage(file="scan.pdf", page_number=1, sha256=SHA256),),
        fields={
            "personal_id": found,
            "full_name": found.model_copy(update={"value": "Trần Thị Thử"}),
            "number": ExtractedField(status=FieldStatus.MISSING),
        },
        metadata={"agency": AGENCY},
        provenance=Provenance(
            paper_type_fingerprint="f", software="sohoa", created_at=datetime(2026, 5, 6, tzinfo=UTC)
        ),
    )
    desk.office.catalogue.project_record(save_draft(desk.office.store, record))
    return record.record_id


def asked(record_id: str, field: str = "personal_id", reason: str = WHY) -> dict[str, str]:
    return {"record_id": record_id, "field": field, "reason": reason}


@pytest.mark.parametrize("role", sorted(UNMASKING))
def test_who_may_sees_it_after_it_was_written_down(desk: Desk, role: Role) -> None:
    record_id = held(desk)
    answer = desk.client(role.value).post("/unmask", json=asked(record_id))
    assert answer.status_code == 200
    (entry,) = desk.office.read_log.pending()
    assert answer.json() == {
        "record_id": record_id,
        "revision": 1,
        "field": "personal_id",
        "value": IDENTIFIER,
        "read_log_id": entry.entry_id,
    }
    assert (entry.reader, entry.purpose) == (role.value, f"{WHY} (personal_id)")
    assert entry.kind is ReadKind.IDENTIFIER
    assert [read.record_id for read in entry.records] == [record_id]
    assert IDENTIFIER not in entry.to_json().decode()


@pytest.mark.parametrize("role", sorted(frozenset(Role) - UNMASKING))
def test_nobody_else_does(desk: Desk, role: Role) -> None:
    assert desk.client(role.value).post("/unmask", json=asked(held(desk))).status_code == 403
    assert list(desk.office.read_log.pending()) == []


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"reason": "  "}, 422, "purpose_missing"),
        ({"reason": "x" * 301}, 422, "request_invalid"),
        ({"field": "full_name"}, 422, "request_invalid"),
        ({"field": "number"}, 422, "request_invalid"),
        ({"field": "nothing"}, 422, "request_invalid"),
        ({"record_id": "r" + "0" * 24}, 404, "record_unknown"),
        ({"record_id": "../x"}, 404, "record_unknown"),
        ({"more": "x"}, 422, "request_invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_not_logged(
    desk: Desk, changes: dict[str, str], status: int, code: str
) -> None:
    answer = desk.client("steward").post("/unmask", json={**asked(held(desk)), **changes})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert IDENTIFIER not in answer.text and list(desk.office.read_log.pending()) == []


def test_records_of_other_agencies_are_not_there(desk: Desk) -> None:
    record_id = held(desk)
    for name, agency, status in (("gan", "H05", 200), ("xa", "H06", 404), ("duoi", f"{AGENCY}.1", 404)):
        desk.account(name, Role.STEWARD, agency=agency)
        assert desk.client(name).post("/unmask", json=asked(record_id)).status_code == status


def test_what_is_under_review_is_seen_in_its_review(desk: Desk) -> None:
    record_id = held(desk, state=RecordState.NEEDS_REVIEW)
    answer = desk.client("steward").post("/unmask", json=asked(record_id))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert list(desk.office.read_log.pending()) == []


def test_what_cannot_be_written_down_does_not_leave(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from ocr.problem import Code, SohoaError  # noqa: PLC0415

    def full(*_: object) -> str:
        raise SohoaError(Code.READ_LOG_FAILED)

    record_id = held(desk)
    monkeypatch.setattr(ReadLog, "append", full)
    answer = desk.client("steward").post("/unmask", json=asked(record_id))
    assert answer.status_code == 503 and IDENTIFIER not in answer.text


def test_every_identifier_of_a_person_is_masked() -> None:
    for paper_type in paper_types_with(Path("/nowhere")):
        for name, field in paper_type.fields.items():
            assert is_masked(paper_type, name) is (field.kind in MASKED_KINDS)
            assert not name.endswith("personal_id") or is_masked(paper_type, name), (paper_type.id, name)
    assert is_masked(None, "owner_personal_id") and not is_masked(None, "owner_name")


def test_a_mask_leaves_enough_to_tell_one_from_another() -> None:
    assert masked(IDENTIFIER) == "048******771"
    assert masked("12345") == "*****" and masked(None) == ""
