"""The read log as an inspector sees it; that they looked is in it too."""

import pytest

from service.roles import Role
from storage.read_log.entry import ReadKind
from storage.read_log.opening import log_read
from tests.services.office import AGENCY, Desk

SUBJECT = "001190000001"


def seen_by(desk: Desk, reader: str, agency: str | None, purpose: str) -> None:
    key = desk.office.identity_key.subject(SUBJECT)
    log_read(desk.office.read_log, ReadKind.LOOKUP, (), reader=reader, agency=agency, purpose=purpose, subject_key=key)


def test_who_read_a_persons_papers_is_listed_and_so_is_the_inspector(desk: Desk) -> None:
    seen_by(desk, "lan", AGENCY, "cấp giấy xác nhận")
    auditor = desk.client("auditor")
    first = auditor.post("/reads", data={"subject": SUBJECT, "purpose": "người dân hỏi"})
    assert first.status_code == 200
    assert "cấp giấy xác nhận" in first.text and "1 lần xem" in first.text
    assert "001******001" in first.text
    again = auditor.post("/reads", data={"subject": SUBJECT, "purpose": "xem lại"}).text
    assert "2 lần xem" in again and "người dân hỏi" in again


def test_an_inspector_of_one_agency_sees_its_own_readers(desk: Desk) -> None:
    seen_by(desk, "lan", f"{AGENCY}.3", "việc của xã")
    seen_by(desk, "client:ngoai", "H99", "việc nơi khác")
    desk.account("thanh-tra", Role.AUDITOR, agency=AGENCY)
    page = desk.client("thanh-tra").post("/reads", data={"subject": SUBJECT, "purpose": "thanh tra"}).text
    assert "việc của xã" in page and "việc nơi khác" not in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"subject": SUBJECT}, "Nêu lý do kiểm tra"),
        ({"purpose": "x"}, "Nhập số định danh"),
        ({"subject": SUBJECT, "record": "r1", "purpose": "x"}, "Nhập số định danh"),
        ({"subject": "12", "purpose": "x"}, "12 chữ số"),
        ({"record": "r" + "0" * 24, "purpose": "x"}, "Không có bản ghi này"),
    ],
)
def test_what_cannot_be_asked_is_told_and_not_logged(desk: Desk, asked: dict[str, str], words: str) -> None:
    answer = desk.client("auditor").post("/reads", data=asked)
    assert answer.status_code == 422
    assert words in answer.text
    assert list(desk.office.read_log.pending()) == []


def test_a_record_is_asked_for_by_its_name(filled_desk: Desk) -> None:
    record = next(iter(filled_desk.office.catalogue.records()))
    log_read(filled_desk.office.read_log, ReadKind.RECORD, (record,), reader="lan", purpose="duyệt giấy tờ số hóa")
    page = filled_desk.client("auditor").post("/reads", data={"record": record.record_id, "purpose": "kiểm tra"}).text
    assert "duyệt giấy tờ số hóa" in page
