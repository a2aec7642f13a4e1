"""The pages that administrators keep accounts with, and what they cannot do by mistake."""

import re

import pytest
from fastapi.testclient import TestClient

from ocr.messages import MESSAGES
from ocr.problem import Code
from service.pages.access_words import DUTIES, change_words
from service.roles import PEOPLE, SYSTEMS, Role
from storage.desk.access_changes import AccessChange, ChangeKind, changes_of
from storage.desk.accounts import Account
from tests.services.office import AGENCY, PASSWORD, Desk

OTHER = "con-mua-ngang-qua-77"
FORM = {"account": "lan", "display_name": "Trần Thị Lan", "roles": ["clerk", "steward"], "agency": AGENCY}


@pytest.fixture
def admin(desk: Desk) -> TestClient:
    return desk.client("admin")


def secret_on(text: str) -> str:
    found = re.search(r'class="secret-text">([^<]+)<', text)
    assert found is not None
    return found[1]


def test_an_administrator_adds_a_person_who_sets_a_password_of_their_own(desk: Desk, admin: TestClient) -> None:
    added = admin.post("/accounts", data=FORM)
    assert added.status_code == 200 and "chỉ hiện một lần này" in added.text
    handed_out = secret_on(added.text)
    assert handed_out not in admin.get("/accounts/lan").text
    assert "chờ đặt mật khẩu" in admin.get("/accounts").text

    person = desk.client()
    asked = person.post("/sign-in", data={"account": "lan", "password": handed_out, "next": "/me"})
    assert asked.status_code == 200 and "Đặt mật khẩu của riêng bạn" in asked.text
    assert not person.cookies.get("sohoa_session"), "not let in before"
    form = {"account": "lan", "password": handed_out, "next": "/me"}
    weak = person.post("/sign-in", data={**form, "new_password": "matkhau12345", "repeated": "matkhau12345"})
    assert weak.status_code == 422 and MESSAGES[Code.PASSWORD_WEAK].what in weak.text
    differing = person.post("/sign-in", data={**form, "new_password": OTHER, "repeated": PASSWORD})
    assert differing.status_code == 422 and "không giống nhau" in differing.text
    let_in = person.post("/sign-in", data={**form, "new_password": OTHER, "repeated": OTHER}, follow_redirects=False)
    assert (let_in.status_code, let_in.headers["location"]) == (303, "/me")
    assert "Trần Thị Lan" in person.get("/me").text

    again = desk.client()
    assert again.post("/sign-in", data=form).status_code == 401
    let_in = again.post("/sign-in", data={"account": "lan", "password": OTHER}, follow_redirects=False)
    assert let_in.status_code == 303


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"account": "Trần Lan"}, 422, "Tên tài khoản không hợp lệ."),
        ({"display_name": " "}, 422, "Tên hiển thị không hợp lệ."),
        ({"roles": []}, 422, "Chưa chọn vai trò nào dùng được."),
        ({"roles": ["reader"]}, 422, "Chưa chọn vai trò nào dùng được."),
        ({"roles": ["clerk", "god"]}, 422, "Chưa chọn vai trò nào dùng được."),
        ({"agency": "Sở Tư pháp"}, 422, "Mã cơ quan không hợp lệ."),
        ({"account": "clerk"}, 409, "Đã có tài khoản hay hệ thống mang tên này."),
        ({"by_provider": "1", "email": "lan"}, 422, "Địa chỉ thư không dùng được."),
    ],
)
def test_a_form_that_is_wrong_keeps_what_was_typed(
    admin: TestClient, changes: dict[str, object], status: int, words: str
) -> None:
    answer = admin.post("/accounts", data={**FORM, **changes})
    assert answer.status_code == status and words in answer.text
    assert 'value="H05.12"' in answer.text or "agency" in changes
    assert re.search(r'value="clerk" checked', answer.text) or "roles" in changes


def test_a_person_of_the_provider_needs_no_password(desk: Desk, admin: TestClient) -> None:
    answer = admin.post("/accounts", data={**FORM, "by_provider": "1", "email": "Lan@h05.example"})
    assert answer.status_code == 200 and "secret-text" not in answer.text
    found = desk.office.accounts.find("lan")
    assert found is not None and not found.is_local and found.expected_email == "lan@h05.example"
    assert "chờ gắn" in admin.get("/accounts").text
    unbound = admin.post("/accounts/lan/provider", data={"unbind": "1"})
    assert "Đã bỏ đăng nhập một lần." in unbound.text
    assert (desk.office.accounts.find("lan") or found).expected_email is None
    for email in ("x", ""):
        wrong = admin.post("/accounts/lan/provider", data={"email": email})
        assert wrong.status_code == 422 and "Địa chỉ thư không dùng được." in wrong.text
    again = admin.post("/accounts/lan/provider", data={"email": "lan@h05.example"})
    assert "Đã ghi: người này sẽ được gắn" in again.text


def test_roles_and_agency_change_at_once(desk: Desk, admin: TestClient) -> None:
    person = desk.client("clerk")
    assert person.get("/me").status_code == 200
    form = {"display_name": "Người Khác", "roles": ["steward"], "agency": "H05"}
    changed = admin.post("/accounts/clerk", data=form)
    assert "Đã lưu." in changed.text and "đổi vai trò thành cán bộ số hóa" in changed.text
    assert person.get("/me").status_code == 401
    again = desk.client("clerk").get("/me").text
    assert "Người Khác" in again and "cán bộ số hóa" in again and "H05" in again
    noted = changes_of(desk.office.desk, "clerk")
    assert {change.by for change in noted if change.kind is not ChangeKind.ADDED} == {"admin"}


def test_a_disabled_person_is_out_at_once(desk: Desk, admin: TestClient) -> None:
    person = desk.client("clerk")
    assert "Đã khóa" in admin.post("/accounts/clerk/disable").text
    assert person.get("/me").status_code == 401
    assert "đã khóa" in admin.get("/accounts").text
    assert "Đã mở khóa." in admin.post("/accounts/clerk/enable").text
    assert desk.client("clerk").get("/me").status_code == 200


def test_nobody_locks_the_office_up(desk: Desk, admin: TestClient) -> None:
    own = admin.post("/accounts/admin/disable")
    assert own.status_code == 403 and "Không tự khóa tài khoản của mình được" in own.text
    form = {"display_name": "Quản trị", "roles": ["clerk"], "agency": ""}
    last = admin.post("/accounts/admin", data=form)
    assert last.status_code == 409 and MESSAGES[Code.LAST_ADMIN].what in last.text
    desk.account("other", Role.ADMIN)
    assert desk.client("other").post("/accounts/admin/disable", follow_redirects=False).status_code == 303
    last = desk.client("other").post("/accounts/other", data=form)
    assert last.status_code == 409


def test_a_password_is_handed_out_again(desk: Desk, admin: TestClient) -> None:
    desk.office.accounts.add(Account("lan", "Trần Thị Lan", frozenset({Role.CLERK})), PASSWORD)
    person = desk.client("lan")
    handed_out = secret_on(admin.post("/accounts/lan/password").text)
    assert person.get("/me").status_code == 401
    client = desk.client()
    assert client.post("/sign-in", data={"account": "lan", "password": PASSWORD}).status_code == 401
    assert "Đặt mật khẩu của riêng bạn" in client.post("/sign-in", data={"account": "lan", "password": handed_out}).text


def test_a_lost_machine_is_signed_out(desk: Desk, admin: TestClient) -> None:
    person = desk.client("clerk")
    assert "Đã kết thúc các phiên" in admin.post("/accounts/clerk/sessions/end").text
    assert person.get("/me").status_code == 401


def test_an_administrator_of_an_agency_keeps_to_it(desk: Desk) -> None:
    desk.account("admin-h05", Role.ADMIN, agency="H05")
    desk.account("lan", Role.CLERK, agency="H05.12")
    desk.account("hoa", Role.CLERK, agency="H06")
    client = desk.client("admin-h05")
    listed = client.get("/accounts").text
    assert "/accounts/lan" in listed and "/accounts/hoa" not in listed and "/accounts/clerk" not in listed
    for name in ("hoa", "clerk", "nobody"):
        assert client.get(f"/accounts/{name}").status_code == 404
        for act in ("", "/disable", "/enable", "/password", "/sessions/end", "/provider"):
            assert client.post(f"/accounts/{name}{act}", data={}).status_code == 404
    form = {"account": "moi", "display_name": "Mới", "roles": ["clerk"]}
    for agency in ("", "H06", "H0"):
        assert client.post("/accounts", data={**form, "agency": agency}).status_code == 422
    assert client.post("/accounts", data={**form, "agency": "H05.2"}).status_code == 200
    moved = {"display_name": "Lan", "roles": ["clerk"], "agency": "H06"}
    assert client.post("/accounts/lan", data=moved).status_code == 422


def test_names_are_written_as_text(desk: Desk, admin: TestClient) -> None:
    desk.office.accounts.add(Account("lan", "<script>alert(1)</script>", frozenset({"clerk"}), is_local=False), None)
    for path in ("/accounts", "/accounts/lan"):
        assert "<script>alert" not in admin.get(path).text


def test_every_role_and_change_has_words() -> None:
    assert set(DUTIES) == set(Role)
    assert set(Role) == PEOPLE | SYSTEMS
    for kind in ChangeKind:
        assert change_words(AccessChange("", "", "", kind, "x"))


def test_many_accounts_are_paged_and_found_without_accents(desk: Desk) -> None:
    for nth in range(130):
        desk.account(f"nguoi-{nth:03d}", Role.CLERK, agency=f"H05.{nth % 3}")
    client = desk.client("admin")
    first, second = client.get("/accounts").text, client.get("/accounts?page=2").text
    total = 130 + len(Role)
    assert f"{total} tài khoản" in first and "Trang 1 trong 2" in first
    names = [set(re.findall(r'href="/accounts/([^"?]+)"', text)) for text in (first, second)]
    assert len(names[0]) == 100 and not names[0] & names[1] and len(names[0] | names[1]) == total
    found = client.get("/accounts", params={"q": "thu nguoi-00 can bo mot cua"}).text
    assert "10 tài khoản" in found and "nguoi-007" in found and "nguoi-017" not in found
    assert "Không có tài khoản nào như vậy." in client.get("/accounts?q=khong-ai").text
