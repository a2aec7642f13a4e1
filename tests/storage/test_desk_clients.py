"""Systems, their secrets, tokens and certificates, in every database the desk may be in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ocr.problem import Code
from storage.database import Database
from storage.desk.access_changes import changes_of
from storage.desk.clients import TOKENS_LAST, Client, Clients, fingerprint_of
from storage.desk.tables import access_tokens
from storage.desk.tables import clients as clients_table
from tests.storage.desk_asking import ago, refused, set_times

FINGERPRINT = "ab" * 32


MOTCUA = Client("mot-cua", "Một cửa điện tử", frozenset({"reader"}), "H05")


def test_a_system_is_told_by_its_secret(desk: Database) -> None:
    clients = Clients(desk)
    clients.add(MOTCUA, by="boss")
    assert clients.with_secret("mot-cua", "") is None
    secret = clients.new_secret("mot-cua", by="boss")
    found = clients.with_secret("mot-cua", secret)
    assert found is not None and found.has_secret and found.agency == "H05"
    assert clients.with_secret("mot-cua", secret + "x") is None and clients.with_secret("other", secret) is None
    with desk.asking() as connection:
        assert secret not in map(str, connection.execute(select(clients_table)).one())
    again = clients.new_secret("mot-cua")
    assert clients.with_secret("mot-cua", secret) is None and clients.with_secret("mot-cua", again) is not None
    assert [change.kind.value for change in changes_of(desk, "client:mot-cua")] == ["secret", "secret", "added"]


def test_a_token_lasts_an_hour_and_as_long_as_the_system_may_come_in(desk: Database) -> None:
    clients = Clients(desk)
    clients.add(MOTCUA)
    assert clients.with_token("") is None
    token = clients.new_token("mot-cua")
    assert (clients.with_token(token) or MOTCUA).client_id == "mot-cua"
    clients.change(replace(MOTCUA, display_name="Một cửa"))
    assert clients.with_token(token) is not None
    clients.change(replace(MOTCUA, roles=frozenset({"auditor"})))
    assert clients.with_token(token) is None
    token = clients.new_token("mot-cua")
    clients.change(replace(MOTCUA, disabled=True))
    assert clients.with_token(token) is None
    clients.change(MOTCUA)
    token = clients.new_token("mot-cua")
    clients.new_secret("mot-cua")
    assert clients.with_token(token) is None
    token = clients.new_token("mot-cua")
    set_times(desk, access_tokens, expires_at=ago(timedelta(seconds=1)))
    assert clients.with_token(token) is None
    clients.new_token("mot-cua")
    with desk.asking() as connection:
        assert len(connection.execute(select(access_tokens)).all()) == 1
    assert timedelta(hours=1) == TOKENS_LAST


def test_a_system_is_told_by_its_certificate(desk: Database) -> None:
    clients = Clients(desk)
    shown = "SHA256 Fingerprint=" + ":".join(["AB"] * 32)
    clients.add(replace(MOTCUA, certificate_sha256=shown))
    assert fingerprint_of(shown) == FINGERPRINT
    assert (clients.with_certificate(FINGERPRINT) or MOTCUA).client_id == "mot-cua"
    other = replace(MOTCUA, client_id="other", certificate_sha256=FINGERPRINT)
    assert refused(lambda: clients.add(other)) == (Code.ACCOUNT_INVALID, "certificate")
    clients.add(replace(other, certificate_sha256=None))
    assert refused(lambda: clients.change(other)) == (Code.ACCOUNT_INVALID, "certificate")
    clients.change(replace(MOTCUA, certificate_sha256=FINGERPRINT, disabled=True))
    assert clients.with_certificate(FINGERPRINT) is None
    clients.change(MOTCUA)
    assert clients.with_certificate(FINGERPRINT) is None
    assert [client.client_id for client in clients.all()] == ["mot-cua", "other"]


@pytest.mark.parametrize(
    ("client", "field"),
    [
        (replace(MOTCUA, client_id="Mot"), "client_id"),
        (replace(MOTCUA, client_id="a:b"), "client_id"),
        (replace(MOTCUA, roles=frozenset()), "roles"),
        (replace(MOTCUA, agency="x"), "agency"),
        (replace(MOTCUA, certificate_sha256="abc"), "certificate"),
    ],
)
def test_a_system_that_cannot_be_is_refused(desk: Database, client: Client, field: str) -> None:
    assert refused(lambda: Clients(desk).add(client)) == (Code.ACCOUNT_INVALID, field)


def test_systems_that_are_not_there(desk: Database) -> None:
    clients = Clients(desk)
    assert refused(lambda: clients.change(MOTCUA)) == (Code.ACCOUNT_UNKNOWN, "client_id")
    assert refused(lambda: clients.new_secret("mot-cua")) == (Code.ACCOUNT_UNKNOWN, "client_id")
    clients.add(MOTCUA)
    assert refused(lambda: clients.add(MOTCUA)) == (Code.ACCOUNT_EXISTS, "client_id")
