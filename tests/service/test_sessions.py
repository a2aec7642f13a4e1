"""Sessions as browsers have them: the cookie, its replacement, who sees and ends them, the own password."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.access import CSRF_HEADER, SESSION_COOKIE
from service.roles import Role
from service.security.session_cookie import device_of
from storage.desk.accounts import Account
from tests.services.asking import status_of
from tests.services.office import AGENCY, PASSWORD, Desk, office_at

OTHER = "con-mua-ngang-qua-77"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36"
SIGN_IN = {"account": "lan", "password": PASSWORD, "next": "/me"}


@pytest.fixture
def lan(desk: Desk) -> Desk:
    """An office where `lan` has a password."""
    desk.office.accounts.add(Account("lan", "Trần Thị Lan", frozenset({Role.CLERK, Role.STEWARD}), AGENCY), PASSWORD)
    return desk


@pytest.fixture
def https(tmp_path: Path) -> Iterator[Desk]:
    """An office that people reach by https, through a proxy."""
    settings = {"SOHOA_SERVICE_URL": "https://sohoa.example"}
    with office_at(tmp_path / "https", settings) as desk:
        desk.office.accounts.add(Account("lan", "Trần Thị Lan", frozenset({Role.CLERK})), PASSWORD)
        yield desk


def signed_in(desk: Desk) -> TestClient:
    """Return a browser in which `lan` signed in with the password; its forms carry the token of the session."""
    client = desk.client()
    assert client.post("/sign-in", data=SIGN_IN, follow_redirects=False).status_code == 303
    session = desk.office.sessions.find(client.cookies[SESSION_COOKIE])
    assert session is not None
    client.headers[CSRF_HEADER] = session.csrf_token
    return client


# --- the cookie --------------------------------------------------------------------------------------------------


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(lan: Desk) -> None:
    answer = lan.client().post("/sign-in", data=SIGN_IN, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie and "Domain" not in cookie and "Max-Age" not in cookie


def test_over_https_no_neighbour_can_have_set_it(https: Desk) -> None:
    client = https.client()
    answer = client.post("/sign-in", data=SIGN_IN, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{SESSION_COOKIE}=") and "Secure" in cookie and "Domain" not in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    for name, status in ((f"__Host-{SESSION_COOKIE}", 200), (SESSION_COOKIE, 401)):
        assert status_of(https.app, "GET", "/me", {"cookie": f"{name}={token}"}) == status


def test_a_trusted_proxy_says_that_it_was_https(tmp_path: Path) -> None:
    with office_at(tmp_path / "home", {"SOHOA_TRUSTED_PROXIES": "10.9.0.1"}) as desk:
        desk.office.accounts.add(Account("lan", "Trần Thị Lan", frozenset({Role.CLERK})), PASSWORD)
        for address, secure in (("10.9.0.1", True), ("10.8.0.1", False)):
            client = TestClient(desk.app, client=(address, 1))
            headers = {"x-forwarded-proto": "https"}
            answer = client.post("/sign-in", data=SIGN_IN, headers=headers, follow_redirects=False)
            assert ("Secure" in answer.headers["set-cookie"]) is secure
            assert ("strict-transport-security" in answer.headers) is secure


def test_signing_in_gives_another_session(lan: Desk) -> None:
    client = signed_in(lan)
    first = client.cookies[SESSION_COOKIE]
    client.post("/sign-in", data=SIGN_IN, follow_redirects=False)
    second = client.cookies[SESSION_COOKIE]
    assert first != second and lan.office.sessions.find(first) is None and lan.office.sessions.find(second) is not None


def test_a_session_that_was_planted_is_not_taken_over(lan: Desk) -> None:
    client = lan.client()
    client.cookies.set(SESSION_COOKIE, "planted")
    client.post("/sign-in", data=SIGN_IN, follow_redirects=False)
    assert lan.office.sessions.find("planted") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_signs_nobody_in(lan: Desk, headers: dict[str, str]) -> None:
    answer = lan.client().post("/sign-in", data=SIGN_IN, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "request_forged")
    behind_a_proxy = {"sec-fetch-site": "same-origin", "origin": "https://sohoa.example"}
    for own in ({"origin": "http://testserver"}, {"sec-fetch-site": "none"}, behind_a_proxy):
        assert lan.client().post("/sign-in", data=SIGN_IN, headers=own, follow_redirects=False).status_code == 303


# --- /me ---------------------------------------------------------------------------------------------------------


def test_a_person_sees_who_they_are(lan: Desk) -> None:
    page = signed_in(lan).get("/me").text
    for words in ("Trần Thị Lan", "cán bộ một cửa", "cán bộ số hóa", AGENCY, "máy này"):
        assert words in page


def test_a_person_ends_one_session_or_all_others(lan: Desk) -> None:
    here, there, third = (signed_in(lan) for _ in range(3))
    shown = lan.office.sessions.of("lan", here.cookies[SESSION_COOKIE])
    key = next(session.key for session in shown if not session.is_this)
    assert "Đã kết thúc các phiên" in here.post("/me/sessions/end", data={"key": key}).text
    assert sorted(client.get("/me").status_code for client in (here, there, third)) == [200, 200, 401]
    here.post("/me/sessions/end", data={})
    assert [client.get("/me").status_code for client in (here, there, third)] == [200, 401, 401]


def test_nobody_ends_the_sessions_of_others(lan: Desk) -> None:
    mine, other = signed_in(lan), lan.client("clerk")
    key = lan.office.sessions.of("lan")[0].key
    other.post("/me/sessions/end", data={"key": key})
    other.post("/me/sessions/end", data={"key": ""})
    assert mine.get("/me").status_code == 200


def change(client: TestClient, present: str = PASSWORD, new: str = OTHER, repeated: str = OTHER) -> tuple[int, str]:
    form = {"present": present, "new_password": new, "repeated": repeated}
    answer = client.post("/me/password", data=form)
    return answer.status_code, answer.text


def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(lan: Desk) -> None:
    here, there = signed_in(lan), signed_in(lan)
    for given, words in (
        ({"present": "sai"}, "Mật khẩu hiện tại không đúng."),
        ({"repeated": "khac"}, "không giống nhau"),
        ({"new": "matkhau12345", "repeated": "matkhau12345"}, "Mật khẩu quá yếu."),
    ):
        status, text = change(here, **given)
        assert status == 422 and words in text
    assert there.get("/me").status_code == 200
    status, text = change(here)
    assert status == 200 and "Đã đổi mật khẩu" in text
    assert here.get("/me").status_code == 200 and there.get("/me").status_code == 401
    assert lan.office.accounts.with_password("lan", OTHER) is not None


def test_who_guesses_at_a_desk_left_open_must_wait(lan: Desk, clock: Callable[[float], None]) -> None:
    client = signed_in(lan)
    assert [change(client, present="sai")[0] for _ in range(6)] == [422] * 5 + [429]
    assert change(client)[0] == 429


def test_a_person_of_the_provider_has_no_password_to_change(lan: Desk) -> None:
    client = lan.client("clerk")
    assert "Đổi mật khẩu" not in client.get("/me").text
    assert change(client)[0] == 422


class Said:
    def __init__(self, agent: str) -> None:
        self.headers = {"user-agent": agent}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome trên Windows"),
        (CHROME + " Edg/124.0", "Edge trên Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox trên Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/17.4 Safari/604.1", "Safari trên iOS"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_in_a_few_words(agent: str, words: str) -> None:
    assert device_of(Said(agent)) == words  # type: ignore[arg-type]
