"""The read log as an inspector sees it; that they looked is in it too."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from service.pages.reads_asked import nothing_asked
from service.pages.reads_view import OF_OTHERS
from service.pages.rendering import day
from service.roles import Role
from storage.catalogue import Catalogue
from storage.desk.clients import Client
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.read_log.opening import log_read
from storage.read_log.reading import read_log_keys
from storage.records import load_record
from storage.upkeep import check_up
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


def look(desk: Desk, purpose: str, **changes: object) -> ReadEntry:
    values = {"kind": ReadKind.LOOKUP, "reader": "lan", "agency": AGENCY, "purpose": purpose, **changes}
    entry = ReadEntry.model_validate(values)
    desk.office.read_log.append(entry)
    return entry


def listed(desk: Desk, account: str = "auditor", **asked: str) -> str:
    form = {"first": nothing_asked().first, "last": nothing_asked().last, "purpose": "kiểm tra định kỳ", **asked}
    answer = desk.client(account).post("/reads/list", data=form)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_days_are_listed_and_narrowed(desk: Desk) -> None:
    look(desk, "việc của Lan")
    look(desk, "việc của hệ thống", reader="client:mot-cua", agency="H06", refused=2)
    look(desk, "xem số", reader="hoa", kind=ReadKind.IDENTIFIER)
    desk.office.read_log.seal()
    look(desk, "việc vừa xong", reader="hoa")
    look(desk, "việc năm ngoái", at=datetime.now(UTC) - timedelta(days=300))
    desk.office.clients.add(Client("mot-cua", "Một cửa điện tử", frozenset({Role.READER}), "H06"))
    every = {"việc của Lan", "việc của hệ thống", "xem số", "việc vừa xong"}

    def told(**asked: str) -> set[str]:
        text = listed(desk, **asked)
        return {words for words in (*every, "việc năm ngoái") if f">{words}<" in text}

    assert told() == every
    assert told(reader="hoa") == {"xem số", "việc vừa xong"}
    assert told(reader="client:mot-cua") == {"việc của hệ thống"}
    assert told(agency="H06") == {"việc của hệ thống"} and told(agency="H05") == every - {"việc của hệ thống"}
    assert told(kind="identifier") == {"xem số"} and told(kind="refused") == {"việc của hệ thống"}
    long_ago = day(datetime.now(UTC).date() - timedelta(days=320))
    assert told(first=long_ago) == {*every, "việc năm ngoái"}
    assert "Tổng số chỉ được đếm khi xem không quá 31 ngày." in listed(desk, first=long_ago)
    text = listed(desk)
    assert "Một cửa điện tử" in text and "2 giấy không dùng được" in text
    assert "<strong>1</strong> tra cứu có giấy không dùng được" in text
    assert text.count("kiểm tra định kỳ") > 5, "that the log was looked through is in it"


def test_pages_follow_one_another_without_a_gap(desk: Desk) -> None:
    begun = datetime.now(UTC) - timedelta(hours=2)
    for nth in range(120):
        # Two at the same moment, as when an applicant's family is looked up with the applicant.
        look(desk, f"việc số {nth:03d}", at=begun + timedelta(seconds=nth // 2))
        if nth == 70:
            desk.office.read_log.seal()
    seen, before = [], ""
    while before is not None:
        text = listed(desk, before=before, kind="lookup")
        seen += re.findall(r"việc số \d{3}", text)
        found = re.search(r'name="before" value="([^"]+)"', text)
        before = found[1] if found else None
    assert len(seen) == 120 and set(seen) == {f"việc số {nth:03d}" for nth in range(120)}
    assert [words[-3:] for words in seen][::2] != sorted(words[-3:] for words in seen)[::2], "the newest first"


@pytest.mark.parametrize("name", ["reads", "entered_reads"])
def test_what_is_shipped_while_it_is_looked_for_is_listed_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    look(desk, "việc vừa xong")
    question = getattr(Catalogue, name)

    def shipped(catalogue: Catalogue, *given: object) -> object:
        found = question(catalogue, *given)
        desk.office.read_log.seal()
        return found

    monkeypatch.setattr(Catalogue, name, shipped)
    assert listed(desk).count(">việc vừa xong<") == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"purpose": ""}, "Nêu lý do kiểm tra"),
        ({"first": "hôm qua"}, "Ghi ngày dạng"),
        ({"first": "11/2026"}, "Ghi ngày dạng"),
        ({"first": "02/01/2026", "last": "01/01/2026"}, "Ngày cuối phải từ ngày đầu"),
        ({"first": "01/01/2024", "last": "01/03/2025"}, "nhiều nhất 366 ngày"),
        ({"agency": "H06"}, f"Chỉ xem được lượt xem của {AGENCY}"),
        ({"kind": "khác"}, "kind"),
        ({"before": "khác"}, "before"),
    ],
)
def test_days_that_cannot_be_asked_are_told_and_not_logged(desk: Desk, asked: dict[str, str], words: str) -> None:
    desk.account("thanh-tra", Role.AUDITOR, agency=AGENCY)
    form = {"first": nothing_asked().first, "last": nothing_asked().last, "purpose": "x", **asked}
    answer = desk.client("thanh-tra").post("/reads/list", data=form, headers={"accept": "text/html"})
    assert answer.status_code == 422 and words in answer.text
    assert list(desk.office.read_log.pending()) == []


def test_an_inspector_of_one_agency_lists_its_own_readers(desk: Desk) -> None:
    desk.account("thanh-tra", Role.AUDITOR, agency=AGENCY)
    look(desk, "việc của xã", agency=f"{AGENCY}.3")
    look(desk, "việc nơi khác", agency="H05.121")
    look(desk, "việc không rõ nơi", agency=None)
    text = listed(desk, "thanh-tra")
    assert "việc của xã" in text and "việc nơi khác" not in text and "việc không rõ nơi" not in text


def test_the_slip_tells_the_person_nothing_of_others(filled_desk: Desk) -> None:
    office = filled_desk.office
    office.clients.add(Client("mot-cua", "Một cửa điện tử", frozenset({Role.READER}), "H06"))
    key, other = (office.identity_key.subject(each) for each in (SUBJECT, "001190000002"))
    look(filled_desk, "làm giấy khai sinh", subject_key=key, reader="client:mot-cua", agency="H06")
    look(filled_desk, "hồ sơ của bà Nguyễn Thị Khác", subject_key=key, kind=ReadKind.RELATED)
    look(filled_desk, "đối chiếu số 001190000002 của chồng", subject_key=key)
    look(filled_desk, "việc của riêng người khác", subject_key=other)
    form = {"subject": SUBJECT, "purpose": "người dân hỏi"}
    answer = filled_desk.client("auditor").post("/reads/slip", data=form)
    assert answer.status_code == 200
    text = answer.text
    assert "Một cửa điện tử · Cơ quan H06" in text and f"Cơ quan {AGENCY}" in text
    assert "làm giấy khai sinh" in text and OF_OTHERS in text and "đối chiếu số 001******002 của chồng" in text
    assert "001******001" in text and SUBJECT not in text
    for hidden in ("Nguyễn Thị Khác", "001190000002", "việc của riêng người khác", ">lan<", "client:mot-cua"):
        assert hidden not in text
    (noted,) = [entry for entry in office.read_log.pending() if entry.kind is ReadKind.SUBJECT]
    assert (noted.reader, noted.purpose, noted.subject_key) == ("auditor", "người dân hỏi", key)
    wrong = filled_desk.client("auditor").post("/reads/slip", data={"subject": "12", "purpose": "x"})
    assert wrong.status_code == 422 and "12 chữ số" in wrong.text


def test_the_slip_names_the_persons_own_papers(filled_desk: Desk) -> None:
    office = filled_desk.office
    # Of whom a paper is, only the paper tells.
    records = [load_record(office.store, row.record_id) for row in office.catalogue.records()]
    record, subject = next((each, who.personal_id) for each in records for who in each.subjects if who.personal_id)
    reads = (RecordRead(record_id=record.record_id, revision=1), RecordRead(record_id="r" + "0" * 24, revision=1))
    look(filled_desk, "xuất nhiều giấy", kind=ReadKind.EXPORT, records=reads)
    text = filled_desk.client("auditor").post("/reads/slip", data={"subject": subject, "purpose": "người dân hỏi"}).text
    assert f"<td>{office.paper_type(record.paper_type).name}</td>" in text
    assert "xuất nhiều giấy" not in text and OF_OTHERS in text, "the other paper is somebody else's"


def test_the_state_of_the_chain_is_told(filled_desk: Desk) -> None:
    client, office = filled_desk.client("auditor"), filled_desk.office
    assert "chưa kiểm lần nào" in client.get("/reads").text
    look(filled_desk, "việc một")
    assert "1 lần xem" in client.get("/reads").text
    office.read_log.seal()
    check_up(office.settings)
    text = client.get("/reads").text
    assert "còn nguyên" in text and "0 lần xem" in text
    key = max(read_log_keys(office.store))
    office.store.put(key, office.store.get(key).replace("việc một".encode(), "việc hai".encode()))
    check_up(office.settings)
    text = client.get("/reads").text
    assert "bị đứt" in text and key in text
