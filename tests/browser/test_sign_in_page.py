"""Signing in with a browser, by keyboard."""

from service.roles import Role
from storage.desk.accounts import Account
from tests.services.office import PASSWORD, Desk
from tests.services.pages import OpenPage, sign_in


def test_a_person_signs_in_by_keyboard(desk: Desk, open_page: OpenPage) -> None:
    desk.office.accounts.add(Account("lan", "Trần Thị Lan", frozenset({Role.ADMIN})), PASSWORD)
    page = open_page(desk, "/sign-in?next=/help")
    sign_in(page, "lan", PASSWORD)
    assert page.url.endswith("/help")
    page.goto(page.url.replace("/help", "/sign-in"))
    assert page.get_by_text("Trần Thị Lan").is_visible()
