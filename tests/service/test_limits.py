"""Waits after wrong passwords, limits on requests and on the size of their bodies."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from limits import parse

from ocr.problem import Code, SohoaError
from service.roles import Role
from service.security import rate_limits
from service.security.bodies import LARGEST_BYTES
from service.security.counts import Counts
from service.security.rate_limits import PER_PRINCIPAL, RateLimits
from service.security.throttle import Throttle
from storage.desk.accounts import Account
from tests.services.asking import status_of
from tests.services.office import PASSWORD, Desk, office_at

HERE, THERE = "10.0.0.1", "10.0.0.2"


# --- wrong passwords ---------------------------------------------------------------------------------------------


def fail(throttle: Throttle, account: str = "lan", address: str = HERE) -> int:
    wait_s = throttle.admit(account, address)
    if not wait_s:
        throttle.failed(account, address)
    return wait_s


def test_waits_grow_and_end(clock: Callable[[float], None]) -> None:
    throttle, waits, tried = Throttle(), [], 0
    for _ in range(60):
        wait_s = fail(throttle)
        if wait_s:
            waits.append(wait_s)
            clock(wait_s)
        else:
            tried += 1
        clock(1)
    assert waits[0] <= 61 and max(waits) > 300, "a few tries, then a minute, then many"
    assert max(waits) <= 3601, "never for ever"
    assert tried >= 30
    clock(3600)
    assert fail(throttle) == 0


def test_to_be_refused_does_not_make_the_wait_longer(clock: Callable[[float], None]) -> None:
    throttle = Throttle()
    while not (first := fail(throttle)):
        pass
    for _ in range(50):
        assert fail(throttle) <= first
    clock(first)
    assert fail(throttle) == 0


def test_the_owner_who_comes_in_begins_anew(clock: Callable[[float], None]) -> None:
    throttle = Throttle()
    for _ in range(20):
        for _ in range(4):
            assert fail(throttle) == 0
        assert throttle.admit("lan", HERE) == 0
        throttle.succeeded("lan", HERE)
        clock(120)


def test_an_attacker_at_one_place_keeps_nobody_else_out(clock: Callable[[float], None]) -> None:
    throttle = Throttle()
    for _ in range(500):
        fail(throttle, "lan", HERE)
        clock(10)
        assert throttle.admit("lan", THERE) == 0
        throttle.succeeded("lan", THERE)


def test_many_accounts_from_one_place_and_many_places_at_one_account(clock: Callable[[float], None]) -> None:
    throttle = Throttle()
    assert 50 <= sum(fail(throttle, f"account-{number}", HERE) == 0 for number in range(300)) <= 100
    assert throttle.admit("lan", THERE) == 0
    throttle = Throttle()
    assert 50 <= sum(fail(throttle, "lan", f"10.1.{number}.1") == 0 for number in range(300)) <= 100


def test_an_office_behind_one_address_signs_in_at_eight(clock: Callable[[float], None]) -> None:
    throttle = Throttle()
    for number in range(300):
        assert throttle.admit(f"account-{number}", HERE) == 0
        throttle.succeeded(f"account-{number}", HERE)


def test_guesses_at_the_same_moment_are_counted_before_they_are_wrong(clock: Callable[[float], None]) -> None:
    throttle, admitted = Throttle(), []
    threads = [threading.Thread(target=lambda: admitted.append(throttle.admit("lan", HERE))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert admitted.count(0) <= 6


def test_what_is_old_is_dropped_in_turn_with_who_counts() -> None:
    counts = Counts()
    # As `limits` does now and then, while requests are counted and cleared.
    dropping = threading.Thread(target=counts.timer.function)
    with counts.turn:
        dropping.start()
        dropping.join(0.2)
        assert dropping.is_alive()
    dropping.join(60)
    assert not dropping.is_alive()


def test_the_form_says_how_long_to_wait(desk: Desk, clock: Callable[[float], None]) -> None:
    client, form = desk.client(), {"account": "lan", "password": "sai"}
    answers = [client.post("/sign-in", data=form) for _ in range(6)]
    clock(1)
    last = client.post("/sign-in", data=form)
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert last.status_code == 429 and 0 < int(last.headers["retry-after"]) <= 60
    assert "Nhập sai quá nhiều lần." in last.text and "Chờ" in last.text
    assert client.post("/sign-in", data={**form, "account": "hoa"}).status_code == 401


def test_a_right_password_waits_like_a_wrong_one(desk: Desk, clock: Callable[[float], None]) -> None:
    desk.office.accounts.add(Account("lan", "Trần Thị Lan", frozenset({Role.CLERK})), PASSWORD)
    client = desk.client()
    for _ in range(5):
        client.post("/sign-in", data={"account": "lan", "password": "sai"})
    assert client.post("/sign-in", data={"account": "lan", "password": PASSWORD}).status_code == 429


# --- requests ----------------------------------------------------------------------------------------------------


def test_a_crowd_of_strangers_must_wait(desk: Desk, clock: Callable[[float], None]) -> None:
    desk.app.state.rate_limits.per_address = parse("5/minute")
    client = desk.client()
    statuses = [client.get("/sign-in").status_code for _ in range(8)]
    assert statuses == [200] * 5 + [429] * 3
    answer = client.get("/v1/nowhere")
    assert answer.status_code == 404, "what is not there costs nothing"
    answer = client.get("/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert answer.json()["retryable"]
    assert desk.client("clerk").get("/me").status_code == 200, "who is signed in is counted by account"
    assert status_of(desk.app, "GET", "/sign-in", address=THERE) == 200


def test_guessing_at_tokens_counts_as_a_stranger(desk: Desk, clock: Callable[[float], None]) -> None:
    desk.app.state.rate_limits.per_address = parse("5/minute")
    client = desk.client()
    statuses = [client.get("/me", headers={"authorization": "Bearer x"}).status_code for _ in range(8)]
    assert statuses == [401] * 5 + [429] * 3


def test_an_account_gone_wild_must_wait_on_pages_and_api_together(desk: Desk, clock: Callable[[float], None]) -> None:
    desk.app.state.rate_limits.per_principal = parse("6/minute")
    clerk, other = desk.client("clerk"), desk.client("steward")
    paths = ["/me", "/v1/batches"] * 4
    assert [clerk.get(path).status_code for path in paths] == [200] * 6 + [429] * 2
    assert other.get("/me").status_code == 200


def test_two_hundred_clients_are_no_crowd() -> None:
    counted = RateLimits()
    # Each of them sends two requests a second for two minutes under one and the same account.
    assert PER_PRINCIPAL.amount >= 200 * 2 * 60
    assert all(counted.count(PER_PRINCIPAL, "principal", "clerk") == 0 for _ in range(200 * 2 * 60))


def test_one_route_may_be_limited_more(desk: Desk, clock: Callable[[float], None]) -> None:
    client = desk.client("steward")
    asked = {"record_id": "x", "field": "personal_id", "reason": "thử"}
    statuses = [client.post("/unmask", json=asked).status_code for _ in range(32)]
    assert statuses == [404] * 30 + [429] * 2
    assert desk.client("supervisor").post("/unmask", json=asked).status_code == 404


def test_a_limit_says_how_long(clock: Callable[[float], None]) -> None:
    counted, item = RateLimits(), parse("2/minute")
    assert [counted.count(item, "x") for _ in range(2)] == [0, 0]
    wait_s = counted.count(item, "x")
    assert 0 < wait_s <= 120
    clock(121)
    assert counted.count(item, "x") == 0
    with pytest.raises(SohoaError) as refused:
        rate_limits.refuse_for(Request(), 7)  # type: ignore[arg-type]
    assert refused.value.code is Code.TOO_MANY_REQUESTS


class Request:
    class state:  # noqa: N801
        pass


# --- bodies ------------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(desk: Desk) -> TestClient:
    return desk.client("clerk")


def pieces(size_bytes: int) -> Iterator[bytes]:
    for _ in range(size_bytes // 65_536 + 1):
        yield b" " * 65_536


@pytest.mark.parametrize("path", ["/v1/batches", "/sign-in", "/v1/token", "/me/password", "/nowhere"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(desk: Desk, path: str) -> None:
    answer = desk.client("clerk").post(path, content=b"x" * (LARGEST_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")
    assert answer.headers["connection"] == "close" and answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/batches", "application/json"),
        ("/me/password", "application/x-www-form-urlencoded"),
        ("/me/password", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_does_not_say_its_size_is_counted(clerk: TestClient, path: str, kind: str) -> None:
    sent: Any = pieces(LARGEST_BYTES)
    answer = clerk.post(path, content=sent, headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")


def test_a_size_that_is_no_number_is_refused(desk: Desk) -> None:
    for said in ("-1", "9999999999999999999999", "x"):
        status = status_of(desk.app, "POST", "/sign-in", {"content-length": said})
        assert status == 413


def test_what_fits_goes_through(clerk: TestClient) -> None:
    answer = clerk.post("/v1/batches", content=b'{"x": "' + b"x" * (LARGEST_BYTES - 100) + b'"}')
    assert answer.status_code != 413


def test_parts_of_uploads_bound_themselves(desk: Desk) -> None:
    answer = desk.client("clerk").patch("/v1/uploads/x", content=b"x" * (LARGEST_BYTES + 1))
    assert answer.status_code != 413


def test_who_calls_is_known_behind_a_trusted_proxy_alone(tmp_path: Path, clock: Callable[[float], None]) -> None:
    forwarded = {"x-forwarded-for": f"6.6.6.6, {THERE}"}
    with office_at(tmp_path / "home", {"SOHOA_TRUSTED_PROXIES": "10.9.0.0/16"}) as desk:
        desk.app.state.rate_limits.per_address = parse("2/minute")
        for _ in range(3):
            by_proxy = status_of(desk.app, "GET", "/sign-in", forwarded, address="10.9.0.1")
        assert by_proxy == 429
        # The proxy's other callers are others; what somebody else says of itself is not believed.
        other = {"x-forwarded-for": f"{THERE}, 10.3.3.3"}
        assert status_of(desk.app, "GET", "/sign-in", other, address="10.9.0.1") == 200
        assert status_of(desk.app, "GET", "/sign-in", forwarded, address=HERE) == 200
