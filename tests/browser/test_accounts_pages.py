"""Pages about accounts and systems in a browser: by keyboard, without anything that keeps people out."""

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from service.roles import Role
from storage.desk.accounts import Account
from storage.desk.clients import Client
from tests.services.office import AGENCY, PASSWORD, Desk
from tests.services.pages import OpenPage, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Rules that pages are held to: WCAG 2.2 AA.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LARGEST_BYTES = 300_000


@pytest.fixture
def office(desk: Desk) -> Desk:
    """An office with people and systems in every state."""
    office = desk.office
    office.accounts.add(Account("lan.tran", "Trần Thị Lan", frozenset({Role.CLERK, Role.STEWARD}), AGENCY), PASSWORD)
    office.accounts.add(Account("hoa", "Lê Hoa", frozenset({Role.CLERK}), "H05.12.3", is_local=False), None)
    office.accounts.hand_out_password("hoa")
    office.accounts.add(Account("minh", "Phạm Minh", frozenset({Role.AUDITOR}), disabled=True, is_local=False), None)
    office.clients.add(Client("mot-cua-dien-tu", "Hệ thống một cửa điện tử", frozenset({"reader"}), "H05"), by="admin")
    office.clients.new_secret("mot-cua-dien-tu", by="admin")
    office.clients.add(
        Client("truc-lien-thong", "Trục liên thông", frozenset({"reader", "clerk"}), certificate_sha256="ab" * 32)
    )
    return desk


def faults(page: "Page") -> list[str]:
    results = Axe().run(page, options=RULES).response
    return [f"{found['id']}: {[node['target'] for node in found['nodes']]}" for found in results["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "account"),
    [
        ("/sign-in", None),
        ("/me", "lan.tran"),
        ("/accounts", "admin"),
        ("/accounts/lan.tran", "admin"),
        ("/clients", "admin"),
        ("/clients/truc-lien-thong", "admin"),
    ],
)
def test_a_page_keeps_nobody_out(
    office: Desk, open_page: OpenPage, path: str, account: str | None, scheme: str
) -> None:
    page = open_page(office, path, account, color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    sizes = page.evaluate(
        "performance.getEntries().filter(e => 'encodedBodySize' in e).reduce((sum, e) => sum + e.encodedBodySize, 0)"
    )
    assert 0 < sizes <= LARGEST_BYTES


def test_an_administrator_adds_a_person_by_keyboard(office: Desk, open_page: OpenPage) -> None:
    page = open_page(office, "/accounts", "admin")
    page.locator("details.add > summary").focus()
    page.keyboard.press("Enter")
    for typed in ("thu.nguyen", "Nguyễn Thị Thu", "H05.12"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Tab")  # the first role: clerk
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    handed_out = page.locator(".secret-text").text_content()
    assert handed_out is not None and len(handed_out) == 19
    assert page.get_by_role("alert").get_by_text("chỉ hiện một lần này").is_visible()

    person = open_page(office, "/sign-in?next=/me")
    sign_in(person, "thu.nguyen", handed_out)
    person.locator("#new_password:focus").wait_for()
    for _ in range(2):
        person.keyboard.type("con mưa ngang qua 77")
        person.keyboard.press("Tab")
    with person.expect_navigation():
        person.keyboard.press("Enter")
    assert person.url.endswith("/me") and person.get_by_role("heading", name="Nguyễn Thị Thu").is_visible()


def test_what_ends_something_is_confirmed(office: Desk, open_page: OpenPage) -> None:
    page = open_page(office, "/accounts/lan.tran", "admin")
    button = page.get_by_role("button", name="Khóa", exact=True)
    assert not button.is_visible()
    page.get_by_text("Khóa tài khoản…").press("Enter")
    assert page.get_by_text("Người này không vào được nữa").is_visible()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Đã khóa; mọi phiên làm việc đã kết thúc.").is_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Mở khóa tài khoản").press("Enter")
    assert page.get_by_text("Đã mở khóa.").is_visible()


def test_a_row_is_found_without_accents(office: Desk, open_page: OpenPage) -> None:
    page = open_page(office, "/accounts", "admin")
    for wanted in ("tran thi", "khong ai"):
        page.get_by_label("Tìm").fill(wanted)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if wanted == "tran thi":
            assert page.locator("tbody tr").count() == 1
            assert page.get_by_role("link", name="lan.tran").is_visible()
    assert page.get_by_text("Không có tài khoản nào như vậy.").is_visible()
    page = open_page(office, "/clients", "admin")
    page.get_by_label("Tìm").fill("truc lien")
    assert page.locator("tbody tr:visible").count() == 1
    assert page.get_by_role("link", name="truc-lien-thong").is_visible()
    page.get_by_label("Tìm").fill("không ai")
    assert page.locator("tbody tr:visible").count() == 0


def test_a_person_changes_the_own_password(office: Desk, open_page: OpenPage) -> None:
    page = open_page(office, "/me", "lan.tran")
    page.get_by_label("Mật khẩu hiện tại").fill(PASSWORD)
    page.get_by_label("Mật khẩu mới", exact=True).fill("con mưa ngang qua 77")
    page.get_by_label("Nhập lại mật khẩu mới").fill("con mưa ngang qua 77")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Đã đổi mật khẩu").is_visible()
