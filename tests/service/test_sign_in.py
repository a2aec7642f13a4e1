"""Signing in and out, and what a stranger gets."""

import pytest
from fastapi.testclient import TestClient

from service.access import CSRF_HEADER, SESSION_COOKIE
from service.roles import Role
from storage.desk.accounts import Account
from tests.services.office import PASSWORD, Desk


@pytest.fixture
def stranger(desk: Desk) -> TestClient:
    desk.office.accounts.add(Account("lan", "Trần Thị Lan", frozenset({Role.CLERK})), PASSWORD)
    return desk.client()


def test_a_stranger_is_led_to_the_form_and_back(stranger: TestClient) -> None:
    sent_away = stranger.get("/", headers={"accept": "text/html"}, follow_redirects=False)
    assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/sign-in?next=/")
    answer = stranger.post(
        "/sign-in", data={"account": " Lan ", "password": PASSWORD, "next": "/me"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and PASSWORD not in cookie


def test_a_wrong_password_says_nothing_about_the_account(stranger: TestClient) -> None:
    answers = [
        stranger.post("/sign-in", data={"account": account, "password": "sai"}) for account in ("lan", "khong-co")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert len({answer.text.replace("lan", "").replace("khong-co", "") for answer in answers}) == 1


def test_another_site_is_no_place_to_go_on_to(stranger: TestClient) -> None:
    for place in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = stranger.post(
            "/sign-in", data={"account": "lan", "password": PASSWORD, "next": place}, follow_redirects=False
        )
        assert answer.headers["location"] == "/"


def test_who_signs_out_is_a_stranger_again(desk: Desk) -> None:
    client = desk.client("clerk")
    assert client.post("/sign-out", follow_redirects=False).status_code == 303
    token, _ = client.cookies.get(SESSION_COOKIE), None
    again = desk.client()
    again.cookies.set(SESSION_COOKIE, token or "")
    assert again.get("/").status_code == 401


def test_a_request_without_the_token_of_the_session_changes_nothing(desk: Desk) -> None:
    client = desk.client("clerk")
    del client.headers[CSRF_HEADER]
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.json()["code"]) == (403, "request_forged")
    assert client.get("/", follow_redirects=False).status_code == 303


def test_every_answer_keeps_other_sites_out(desk: Desk) -> None:
    headers = desk.client().get("/sign-in").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
