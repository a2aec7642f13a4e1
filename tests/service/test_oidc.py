"""Signing in with an OpenID Connect provider that really signs, and everything it may do wrong."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt

from ocr.problem import Code, SohoaError
from service.roles import Role
from service.security import oidc
from service.security.oidc import Flow, Provider
from storage.desk.access_changes import changes_of
from storage.desk.accounts import Account
from storage.identity import IdentityKey
from storage.settings import Settings
from tests.services.office import Desk, office_at
from tests.services.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider

KEY = IdentityKey(b"of tests alone".ljust(32, b"."))


@pytest.fixture
def desk(oidc_provider: OidcProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An office whose people the provider signs in; `lan` is bound."""
    # Longer than a busy machine stalls: a provider that does not answer is another matter.
    monkeypatch.setattr(oidc, "_TIMEOUT", httpx.Timeout(120))
    settings = {
        "SOHOA_OIDC_ISSUER": oidc_provider.address,
        "SOHOA_OIDC_CLIENT_ID": CLIENT_ID,
        "SOHOA_OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }
    with office_at(tmp_path / "home", settings) as opened:
        opened.office.accounts.add(Account("lan", "Trần Thị Lan", frozenset({Role.STEWARD}), is_local=False), None)
        opened.office.bindings.bind("lan", oidc_provider.address, oidc_provider.subject)
        yield opened


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return desk.client()


def leave(client: TestClient, next_path: str = "/me") -> str:
    answer = client.get("/sign-in/oidc", params={"next": next_path}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def come_back(client: TestClient, provider: OidcProvider, next_path: str = "/me") -> Any:
    back = provider.signs_in(leave(client, next_path))
    return client.get(back.removeprefix("http://testserver"), follow_redirects=False)


def test_a_person_who_is_bound_is_let_in(client: TestClient, oidc_provider: OidcProvider) -> None:
    location = leave(client)
    sent = parse_qs(urlsplit(location).query)
    assert sent["redirect_uri"] == ["http://testserver/sign-in/oidc/callback"]
    assert len(sent["state"][0]) >= 32 and len(sent["nonce"][0]) >= 32 and sent["state"] != sent["nonce"]
    answer = client.get(oidc_provider.signs_in(location), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    cookies = answer.headers.get_list("set-cookie")
    assert any(cookie.startswith("sohoa_session=") and "HttpOnly" in cookie for cookie in cookies)
    assert any(cookie.startswith('sohoa_sign_in=""') and "Max-Age=0" in cookie for cookie in cookies)
    assert "Trần Thị Lan" in client.get("/me").text
    assert "đăng nhập một lần" in client.get("/me").text


def test_the_provider_is_asked_for_its_keys_once(client: TestClient, oidc_provider: OidcProvider) -> None:
    for _ in range(3):
        assert come_back(client, oidc_provider).status_code == 303
    assert oidc_provider.asked.count("/keys") == 1
    oidc_provider.new_key()
    assert come_back(client, oidc_provider).status_code == 303
    assert oidc_provider.asked.count("/keys") == 2


@pytest.mark.parametrize("fault", ["", "userinfo_only"])
def test_who_is_expected_is_bound_at_the_first_sign_in(
    desk: Desk, client: TestClient, oidc_provider: OidcProvider, fault: str
) -> None:
    oidc_provider.faults = {fault}
    oidc_provider.subject, oidc_provider.claims = "nguoi-2", {"email": "Hoa@h05.example", "email_verified": True}
    assert come_back(client, oidc_provider).status_code == 403
    desk.office.accounts.add(Account("hoa", "Lê Hoa", frozenset({Role.CLERK}), is_local=False), None)
    desk.office.bindings.expect("hoa", "hoa@h05.example")
    assert come_back(client, oidc_provider).status_code == 303
    assert "Lê Hoa" in client.get("/me").text
    # From now on by the subject alone, whatever the address has become.
    oidc_provider.claims = {}
    assert come_back(client, oidc_provider).status_code == 303
    assert changes_of(desk.office.desk, "hoa")[0].value == oidc_provider.address


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "hoa@h05.example"},
        {"email": "hoa@h05.example", "email_verified": False},
        {"email": "hoa@h05.example", "email_verified": "true"},
        {"preferred_username": "hoa", "email_verified": True},
    ],
)
def test_an_address_that_is_not_verified_binds_nobody(
    desk: Desk, client: TestClient, oidc_provider: OidcProvider, claims: dict[str, object]
) -> None:
    desk.office.accounts.add(Account("hoa", "Lê Hoa", frozenset({Role.CLERK}), is_local=False), None)
    desk.office.bindings.expect("hoa", "hoa@h05.example")
    oidc_provider.subject, oidc_provider.claims = "nguoi-2", claims
    answer = come_back(client, oidc_provider)
    assert answer.status_code == 403 and "chưa có tài khoản nào ở đây gắn với danh tính này" in answer.text
    assert not (desk.office.accounts.find("hoa") or Account("", "", frozenset())).is_bound


def test_a_disabled_account_stays_outside(desk: Desk, client: TestClient, oidc_provider: OidcProvider) -> None:
    desk.office.accounts.change(Account("lan", "Trần Thị Lan", frozenset({Role.STEWARD}), disabled=True))
    answer = come_back(client, oidc_provider)
    assert answer.status_code == 403 and not client.cookies.get("sohoa_session")


WRONG = [
    "down",
    "no_json",
    "other_issuer",
    "incomplete",
    "plain_http",
    "no_id_token",
    "other_token_issuer",
    "other_audience",
    "expired",
    "other_nonce",
    "no_nonce",
    "other_key",
    "signed_with_secret",
    "unsigned",
    "other_userinfo",
    "other_answer_issuer",
]


@pytest.mark.parametrize("fault", WRONG)
def test_what_cannot_be_trusted_lets_nobody_in(client: TestClient, oidc_provider: OidcProvider, fault: str) -> None:
    oidc_provider.faults = {fault}
    first = client.get("/sign-in/oidc", follow_redirects=False)
    answer = first
    if first.status_code == 303:
        answer = client.get(oidc_provider.signs_in(first.headers["location"]), follow_redirects=False)
    assert answer.status_code == 502
    assert "Máy chủ đăng nhập một lần không trả lời, hoặc trả lời sai." in answer.text
    assert 'name="password"' in answer.text, "the local account is still a way in"
    assert not client.cookies.get("sohoa_session")


def test_a_provider_that_fails_late_is_told_too(client: TestClient, oidc_provider: OidcProvider) -> None:
    location = leave(client)
    oidc_provider.faults = {"down"}
    answer = client.get(oidc_provider.signs_in(location), follow_redirects=False)
    assert answer.status_code == 502 and not client.cookies.get("sohoa_session")


def test_a_provider_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    settings = {"SOHOA_OIDC_ISSUER": "http://127.0.0.1:1", "SOHOA_OIDC_CLIENT_ID": "x"}
    with office_at(tmp_path / "other", settings) as other:
        assert other.client().get("/sign-in/oidc", follow_redirects=False).status_code == 502


def test_a_person_who_gives_up_may_begin_again(client: TestClient, oidc_provider: OidcProvider) -> None:
    oidc_provider.faults = {"denied"}
    answer = come_back(client, oidc_provider, "/tasks")
    assert answer.status_code == 400 and 'href="/sign-in/oidc?next=/tasks"' in answer.text


def test_an_answer_belongs_to_the_browser_that_asked(
    desk: Desk, client: TestClient, oidc_provider: OidcProvider
) -> None:
    attackers = oidc_provider.signs_in(leave(desk.client()))
    assert client.get(attackers, follow_redirects=False).status_code == 400
    leave(client)
    answer = client.get(attackers, follow_redirects=False)
    assert answer.status_code == 400 and "không bắt đầu từ trình duyệt này" in answer.text
    assert client.get("/sign-in/oidc/callback", follow_redirects=False).status_code == 400
    assert not client.cookies.get("sohoa_session")


def test_a_code_serves_once(client: TestClient, oidc_provider: OidcProvider) -> None:
    location = leave(client)
    cookie = client.cookies["sohoa_sign_in"]
    back = oidc_provider.signs_in(location)
    assert client.get(back, follow_redirects=False).status_code == 303
    client.cookies.set("sohoa_sign_in", cookie)
    assert client.get(back, follow_redirects=False).status_code == 502


def test_another_site_is_no_place_to_go_on_to(client: TestClient, oidc_provider: OidcProvider) -> None:
    assert come_back(client, oidc_provider, "//evil.example").headers["location"] == "/"


def test_a_flow_is_sealed_and_short_lived(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = Flow("/me")
    sealed = flow.sealed(KEY)
    assert Flow.opened(sealed, KEY) == flow and Flow("/me") != flow
    head, body, _ = sealed.split(".")
    for cookie in ("", "x", sealed + "x", f"{head}.{body}.", f"{head}.{body[:-2]}AA.{sealed.split('.')[2]}"):
        with pytest.raises(SohoaError) as refused:
            Flow.opened(cookie, KEY)
        assert refused.value.code is Code.SIGN_IN_UNFINISHED
    with pytest.raises(SohoaError):
        Flow.opened(sealed, IdentityKey(b"x" * 32))
    without_end = jwt.encode({"alg": "HS256"}, {"state": "x"}, oidc._cookie_key(KEY), algorithms=["HS256"])
    with pytest.raises(SohoaError):
        Flow.opened(without_end, KEY)
    later = time.time() + oidc.FLOW_LASTS_S + 1
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(SohoaError):
        Flow.opened(sealed, KEY)


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"SOHOA_OIDC_ISSUER": "https://sso.example"}, "SOHOA_OIDC_CLIENT_ID"),
        ({"SOHOA_OIDC_ISSUER": "http://sso.example", "SOHOA_OIDC_CLIENT_ID": "x"}, "SOHOA_OIDC_ISSUER"),
    ],
)
def test_half_a_provider_is_a_wrong_setting(tmp_path: Path, settings: dict[str, str], wrong: str) -> None:
    with pytest.raises(SohoaError) as refused:
        Provider.of(Settings.load(tmp_path, settings, {}))
    assert (refused.value.code, refused.value.problem.field) == (Code.SETTING_INVALID, wrong)


def test_without_a_provider_nothing_is_offered(tmp_path: Path) -> None:
    with office_at(tmp_path / "local") as local:
        client = local.client()
        assert "Đăng nhập một lần" not in client.get("/sign-in").text
        assert client.get("/sign-in/oidc").status_code == 404


def test_the_form_offers_the_provider(client: TestClient) -> None:
    assert 'href="/sign-in/oidc?next=/me"' in client.get("/sign-in?next=/me").text


def test_https_hides_the_flow_from_neighbours(oidc_provider: OidcProvider, tmp_path: Path) -> None:
    settings = {
        "SOHOA_OIDC_ISSUER": oidc_provider.address,
        "SOHOA_OIDC_CLIENT_ID": CLIENT_ID,
        "SOHOA_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "SOHOA_SERVICE_URL": "https://sohoa.example/",
    }
    with office_at(tmp_path / "https", settings) as desk:
        answer = desk.client().get("/sign-in/oidc", follow_redirects=False)
        assert parse_qs(urlsplit(answer.headers["location"]).query)["redirect_uri"] == [
            "https://sohoa.example/sign-in/oidc/callback"
        ]
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-sohoa_sign_in=") and "Secure" in cookie and "Path=/" in cookie
