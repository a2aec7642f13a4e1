"""Accounts, sessions, bindings to a provider and systems, in every database the desk may be in."""

import threading
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from ocr.problem import Code, SohoaError
from service.roles import Role
from storage.database import Database
from storage.desk import passwords
from storage.desk.access_changes import changes_of
from storage.desk.accounts import ADMIN, HANDED_OUT_FOR, Account, Accounts
from storage.desk.bindings import EXPECTED_FOR, Bindings
from storage.desk.passwords import hash_password
from storage.desk.sessions import LONGEST, LONGEST_IDLE, Sessions
from storage.desk.tables import accounts as accounts_table
from storage.desk.tables import sessions as sessions_table
from tests.storage.desk_asking import ago, refused, set_times

PASSWORD = "mat-khau-thu-nghiem-12"
OTHER = "con-mua-ngang-qua-77"
LAN = Account("lan", "Trần Thị Lan", frozenset({"clerk"}), "H05.12")
BOSS = Account("boss", "Quản trị", frozenset({"admin"}))
ISSUER = "https://sso.example"
FINGERPRINT = "ab" * 32


@pytest.fixture
def accounts(desk: Database) -> Accounts:
    return Accounts(desk)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make hashes that cost next to nothing: what is tested is not how long they take."""

    def use(**parameters: int) -> None:
        hasher = PasswordHasher(**{"time_cost": 1, "memory_cost": 8, "parallelism": 1, **parameters})
        monkeypatch.setattr(passwords, "_hasher", lambda: hasher)

    use()
    return use


# --- accounts ----------------------------------------------------------------------------------------------------


def test_an_account_comes_back_as_it_was_kept(accounts: Accounts, cheap: object) -> None:
    accounts.add(LAN, PASSWORD)
    accounts.add(replace(BOSS, is_local=False), None)
    assert accounts.find("lan") == LAN
    assert [account.account for account in accounts.all()] == ["boss", "lan"]
    assert [accounts.some(names) for names in (["lan", "nobody"], [])] == [(LAN,), ()]
    assert accounts.find("nobody") is None


@pytest.mark.parametrize(
    ("account", "field"),
    [
        (replace(LAN, account="Lan"), "account"),
        (replace(LAN, account="x"), "account"),
        (replace(LAN, account="client:a"), "account"),
        (replace(LAN, account="lan\n"), "account"),
        (replace(LAN, roles=frozenset()), "roles"),
        (replace(LAN, agency="12"), "agency"),
        (replace(LAN, display_name=" "), "display_name"),
        (replace(LAN, display_name="L" * 101), "display_name"),
        (replace(LAN, display_name="Lan\x00"), "display_name"),
    ],
)
def test_an_account_that_cannot_be_is_refused(accounts: Accounts, account: Account, field: str) -> None:
    assert refused(lambda: accounts.add(account, None)) == (Code.ACCOUNT_INVALID, field)


def test_two_accounts_of_one_name(accounts: Accounts) -> None:
    accounts.add(LAN, None)
    assert refused(lambda: accounts.add(LAN, None)) == (Code.ACCOUNT_EXISTS, "account")


def test_a_password_lets_its_own_account_in(accounts: Accounts, cheap: object) -> None:
    accounts.add(LAN, PASSWORD)
    accounts.add(BOSS, None)
    found = accounts.with_password("lan", PASSWORD)
    assert found is not None and found.account == "lan"
    assert (accounts.find("lan") or LAN).signed_in_at is not None
    for account, password in (("lan", OTHER), ("nobody", PASSWORD), ("boss", ""), ("lan", "")):
        assert accounts.with_password(account, password) is None


def test_letters_written_in_two_ways_are_one_password(accounts: Accounts, cheap: object) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Cơn mưa ngang qua") for form in ("NFC", "NFD"))
    assert composed != decomposed
    accounts.add(LAN, decomposed)
    assert accounts.with_password("lan", composed) is not None


def test_a_disabled_account_is_not_let_in(desk: Database, accounts: Accounts, cheap: object) -> None:
    accounts.add(LAN, PASSWORD)
    token = Sessions(desk).begin("lan")
    accounts.change(replace(LAN, disabled=True))
    assert accounts.with_password("lan", PASSWORD) is None
    assert Sessions(desk).find(token) is None
    accounts.change(LAN)
    assert accounts.with_password("lan", PASSWORD) is not None
    assert Sessions(desk).find(token) is None


def test_a_hash_of_old_parameters_is_made_anew(desk: Database, accounts: Accounts, cheap: Callable[..., None]) -> None:
    accounts.add(LAN, PASSWORD)
    cheap(time_cost=2)
    assert accounts.with_password("lan", "sai") is None
    assert "t=1" in kept_hash(desk)
    assert accounts.with_password("lan", PASSWORD) is not None
    assert "t=2" in kept_hash(desk)
    assert accounts.with_password("lan", PASSWORD) is not None


def kept_hash(desk: Database) -> str:
    with desk.asking() as connection:
        return str(connection.execute(select(accounts_table.c.password_hash)).scalar_one())


def test_the_hash_is_argon2id_with_the_recommended_cost() -> None:
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=47104,t=2,p=1$")


@pytest.mark.parametrize("change", [{"roles": frozenset({"steward"})}, {"agency": None}, {"disabled": True}])
def test_sessions_end_with_what_their_account_could_do(
    desk: Database, accounts: Accounts, change: dict[str, Any]
) -> None:
    accounts.add(LAN, None)
    accounts.add(BOSS, None)
    sessions = Sessions(desk)
    token, others = sessions.begin("lan"), sessions.begin("boss")
    accounts.change(replace(LAN, display_name="Trần Lan"))
    assert sessions.find(token) is not None
    accounts.change(replace(LAN, **change), by="boss")
    assert sessions.find(token) is None and sessions.find(others) is not None


def test_who_changed_what_is_written_down(desk: Database, accounts: Accounts, cheap: object) -> None:
    accounts.add(LAN, None, by="boss")
    accounts.change(replace(LAN, roles=frozenset({"steward", "clerk"}), agency=None), by="boss")
    accounts.hand_out_password("lan", by="boss")
    accounts.set_password("lan", PASSWORD, by="lan")
    accounts.change(replace(LAN, roles=frozenset({"steward", "clerk"}), agency=None), by="boss")
    noted = [(change.by, change.kind.value, change.value) for change in changes_of(desk, "lan")]
    assert sorted(noted) == sorted(
        [
            ("lan", "password", ""),
            ("boss", "password_handed_out", ""),
            ("boss", "agency", ""),
            ("boss", "roles", "clerk steward"),
            ("boss", "added", "clerk"),
        ]
    )
    assert changes_of(desk, "boss") == []


def test_changing_nobody(accounts: Accounts, cheap: object) -> None:
    assert refused(lambda: accounts.change(LAN)) == (Code.ACCOUNT_UNKNOWN, "account")
    assert refused(lambda: accounts.set_password("lan", PASSWORD)) == (Code.ACCOUNT_UNKNOWN, "account")
    assert refused(lambda: accounts.hand_out_password("lan")) == (Code.ACCOUNT_UNKNOWN, "account")


# --- the last administrator --------------------------------------------------------------------------------------


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    assert Role.ADMIN.value == ADMIN
    accounts.add(BOSS, None)
    accounts.add(LAN, None)
    for without in (replace(BOSS, disabled=True), replace(BOSS, roles=frozenset({"clerk"}))):
        assert refused(lambda without=without: accounts.change(without)) == (Code.LAST_ADMIN, None)
    accounts.change(replace(LAN, roles=frozenset({"admin", "clerk"})))
    accounts.change(replace(BOSS, disabled=True))
    assert refused(lambda: accounts.change(LAN)) == (Code.LAST_ADMIN, None)


def test_of_two_administrators_who_remove_each_other_one_stays(accounts: Accounts) -> None:
    others = [replace(BOSS, account=name) for name in ("boss-a", "boss-b")]
    for other in others:
        accounts.add(other, None)
    for _ in range(5):
        outcomes: list[str] = []
        begin = threading.Barrier(2)

        def disable(other: Account, begin: threading.Barrier = begin, outcomes: list[str] = outcomes) -> None:
            begin.wait()
            try:
                accounts.change(replace(other, disabled=True))
                outcomes.append("done")
            except SohoaError as error:
                outcomes.append(error.code.value)

        threads = [threading.Thread(target=disable, args=(other,)) for other in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["done", "last_admin"]
        for other in others:
            accounts.change(other)


# --- passwords ---------------------------------------------------------------------------------------------------


def test_a_weak_password_is_never_kept(accounts: Accounts) -> None:
    assert refused(lambda: accounts.add(LAN, "matkhau12345")) == (Code.PASSWORD_WEAK, "password")
    accounts.add(LAN, None)
    assert refused(lambda: accounts.set_password("lan", "matkhau12345")) == (Code.PASSWORD_WEAK, "password")
    assert not (accounts.find("lan") or LAN).is_local


def test_a_password_that_was_handed_out_serves_to_set_another(
    desk: Database, accounts: Accounts, cheap: object
) -> None:
    accounts.add(LAN, PASSWORD)
    handed = accounts.hand_out_password("lan", by="boss")
    assert accounts.with_password("lan", PASSWORD) is None
    found = accounts.with_password("lan", handed)
    assert found is not None and found.is_temporary
    accounts.set_password("lan", OTHER)
    again = accounts.with_password("lan", OTHER)
    assert again is not None and not again.is_temporary
    late = accounts.hand_out_password("lan")
    set_times(desk, accounts_table, temporary_until=ago(timedelta(seconds=1)))
    assert accounts.with_password("lan", late) is None
    assert timedelta(days=1) < HANDED_OUT_FOR < timedelta(days=31)


def test_a_new_password_ends_the_other_sessions(desk: Database, accounts: Accounts, cheap: object) -> None:
    accounts.add(LAN, PASSWORD)
    sessions = Sessions(desk)
    mine, other = sessions.begin("lan"), sessions.begin("lan")
    accounts.set_password("lan", OTHER, keep=mine)
    assert sessions.find(mine) is not None and sessions.find(other) is None
    accounts.hand_out_password("lan")
    assert sessions.find(mine) is None


# --- sessions ----------------------------------------------------------------------------------------------------


def test_a_session_ends_after_idling_and_after_a_day(desk: Database, accounts: Accounts) -> None:
    accounts.add(LAN, None)
    sessions = Sessions(desk)
    token = sessions.begin("lan")
    set_times(desk, sessions_table, seen_at=ago(LONGEST_IDLE - timedelta(minutes=1)))
    assert sessions.find(token) is not None
    set_times(desk, sessions_table, seen_at=ago(LONGEST_IDLE + timedelta(seconds=1)))
    assert sessions.find(token) is None and sessions.of("lan") == []
    set_times(desk, sessions_table, seen_at=ago(timedelta(0)), expires_at=ago(timedelta(seconds=1)))
    assert sessions.find(token) is None and sessions.of("lan") == []
    assert timedelta(hours=8) < LONGEST <= timedelta(hours=24)


def test_signing_in_again_replaces_the_session_of_the_browser(desk: Database, accounts: Accounts) -> None:
    accounts.add(LAN, None)
    sessions = Sessions(desk)
    first = sessions.begin("lan")
    second = sessions.begin("lan", instead_of=first)
    assert first != second and sessions.find(first) is None and sessions.find(second) is not None


def test_people_see_and_end_their_own_sessions(desk: Database, accounts: Accounts) -> None:
    accounts.add(LAN, None)
    accounts.add(BOSS, None)
    sessions = Sessions(desk)
    here = sessions.begin("lan", address="10.0.0.7", device="Chrome trên Windows")
    there, others = sessions.begin("lan", address="x" * 300), sessions.begin("boss")
    shown = {session.is_this: session for session in sessions.of("lan", here)}
    assert (shown[True].address, shown[True].device) == ("10.0.0.7", "Chrome trên Windows")
    assert shown[False].key not in there and len(shown[False].address) == 100
    sessions.end_one("boss", shown[False].key)
    sessions.end_one("lan", "%")
    assert len(sessions.of("lan")) == 2
    sessions.end_one("lan", shown[False].key)
    assert sessions.find(there) is None and sessions.find(here) is not None
    sessions.begin("lan")
    sessions.end_all("lan", keep=here)
    assert [session.is_this for session in sessions.of("lan", here)] == [True]
    sessions.end_all("lan")
    assert sessions.of("lan") == [] and sessions.find(others) is not None


def test_the_table_of_sessions_lets_nobody_in(desk: Database, accounts: Accounts) -> None:
    accounts.add(LAN, None)
    token = Sessions(desk).begin("lan")
    with desk.asking() as connection:
        row = connection.execute(select(sessions_table)).one()
    assert token not in map(str, row)


# --- the provider ------------------------------------------------------------------------------------------------


def test_only_who_is_bound_is_vouched_for(desk: Database, accounts: Accounts) -> None:
    accounts.add(LAN, None)
    bindings = Bindings(desk)
    assert bindings.vouched(ISSUER, "s-1", "lan@h05.example") is None
    bindings.bind("lan", ISSUER, "s-1", by="boss")
    found = bindings.vouched(ISSUER, "s-1", None)
    assert found is not None and (found.account, found.is_bound) == ("lan", True)
    assert bindings.vouched("https://other.example", "s-1", None) is None
    accounts.change(replace(LAN, disabled=True))
    assert bindings.vouched(ISSUER, "s-1", None) is None
    accounts.change(LAN)
    bindings.unbind("lan")
    assert bindings.vouched(ISSUER, "s-1", None) is None


def test_who_is_expected_is_bound_once(desk: Database, accounts: Accounts) -> None:
    accounts.add(LAN, None)
    bindings = Bindings(desk)
    bindings.expect("lan", " Lan@H05.Example ", by="boss")
    assert (accounts.find("lan") or LAN).expected_email == "lan@h05.example"
    assert bindings.vouched(ISSUER, "s-1", None) is None
    assert bindings.vouched(ISSUER, "s-1", "other@h05.example") is None
    first = bindings.vouched(ISSUER, "s-1", "LAN@h05.example")
    assert first is not None and (first.account, first.is_bound, first.expected_email) == ("lan", True, None)
    assert bindings.vouched(ISSUER, "s-2", "lan@h05.example") is None
    assert [change.kind.value for change in changes_of(desk, "lan")] == ["bound", "expected", "added"]


def test_nobody_is_expected_for_ever(desk: Database, accounts: Accounts) -> None:
    accounts.add(LAN, None)
    bindings = Bindings(desk)
    bindings.expect("lan", "lan@h05.example")
    set_times(desk, accounts_table, expected_until=ago(timedelta(seconds=1)))
    assert bindings.vouched(ISSUER, "s-1", "lan@h05.example") is None
    assert timedelta(days=1) < EXPECTED_FOR < timedelta(days=100)


def test_one_person_has_one_account(desk: Database, accounts: Accounts) -> None:
    accounts.add(LAN, None)
    accounts.add(BOSS, None)
    bindings = Bindings(desk)
    bindings.bind("lan", ISSUER, "s-1")
    assert refused(lambda: bindings.bind("boss", ISSUER, "s-1")) == (Code.ACCOUNT_INVALID, "subject")
    bindings.expect("lan", "lan@h05.example")
    assert bindings.vouched(ISSUER, "s-1", None) is None  # expecting somebody else ends the binding of before
    assert refused(lambda: bindings.expect("boss", "lan@h05.example")) == (Code.ACCOUNT_INVALID, "email")
    assert refused(lambda: bindings.expect("boss", "lan")) == (Code.ACCOUNT_INVALID, "email")
    assert refused(lambda: bindings.bind("boss", ISSUER, "ă")) == (Code.ACCOUNT_INVALID, "subject")
    assert refused(lambda: bindings.expect("nobody", "no@h05.example")) == (Code.ACCOUNT_UNKNOWN, "account")
    assert refused(lambda: bindings.unbind("nobody")) == (Code.ACCOUNT_UNKNOWN, "account")
