"""Which account a person of the OpenID Connect provider has here. The provider says who somebody is, never what for.

An account is bound to issuer and subject, which never change, and never to a name or address, which do. It is bound
by an administrator who knows the subject, or by an administrator who expects somebody: then the first person whom the
provider signs in with that address, and says to have verified it, is bound, once and within `EXPECTED_FOR`.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.access_changes import PROGRAM, ChangeKind, note_change
from storage.desk.accounts import Account, account_of
from storage.desk.tables import accounts
from storage.desk.times import as_text

EXPECTED_FOR = timedelta(days=30)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0 §2: at most 255 ASCII characters


class Bindings:
    """The bindings of one desk's accounts. Every method raises `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def expect(self, account: str, email: str, *, by: str = PROGRAM) -> None:
        """Let the first person with this address, verified by the provider, be bound to the account.

        Raises:
            SohoaError: `ACCOUNT_UNKNOWN`; `ACCOUNT_INVALID`, also where another account expects the same.
        """
        email = email.strip().lower()
        if not _EMAIL.fullmatch(email):
            raise SohoaError(Code.ACCOUNT_INVALID, field="email", detail="an address such as name@agency.example")
        now = datetime.now(UTC)
        values = {
            "expected_email": email,
            "expected_until": as_text(now + EXPECTED_FOR),
            "oidc_issuer": None,
            "oidc_subject": None,
        }
        with self._desk.writing() as connection:
            others = select(accounts.c.account).where(
                accounts.c.expected_email == email,
                accounts.c.expected_until >= as_text(now),
                accounts.c.account != account,
            )
            if connection.execute(others).first() is not None:
                raise SohoaError(Code.ACCOUNT_INVALID, field="email", detail="another account expects this address")
            _change(connection, account, values)
            note_change(connection, by, account, ChangeKind.EXPECTED, email)

    def bind(self, account: str, issuer: str, subject: str, *, by: str = PROGRAM) -> None:
        """Bind an account to the person whom the provider knows by `subject`.

        Raises:
            SohoaError: `ACCOUNT_UNKNOWN`; `ACCOUNT_INVALID`, also where another account is bound to the same person.
        """
        if not subject.isascii() or not subject.isprintable() or not 0 < len(subject.strip()) <= _LONGEST_SUBJECT:
            raise SohoaError(Code.ACCOUNT_INVALID, field="subject", detail="as the provider gives it, ASCII")
        with self._desk.writing() as connection:
            _bind(connection, account, issuer, subject.strip(), by)

    def unbind(self, account: str, *, by: str = PROGRAM) -> None:
        """Let nobody be vouched for by a provider any more for this account.

        Raises:
            SohoaError: `ACCOUNT_UNKNOWN`.
        """
        with self._desk.writing() as connection:
            gone = dict.fromkeys(("oidc_issuer", "oidc_subject", "expected_email", "expected_until"))
            _change(connection, account, gone)
            note_change(connection, by, account, ChangeKind.UNBOUND)

    def vouched(self, issuer: str, subject: str, verified_email: str | None) -> Account | None:
        """Return the account of a person whom the provider has just signed in, or None where there is none to use.

        Args:
            issuer: The provider, as its tokens say.
            subject: The person, as the provider knows them for ever.
            verified_email: Their address where the provider says that it verified it; else None.
        """
        now = as_text(datetime.now(UTC))
        bound = select(accounts).where(accounts.c.oidc_issuer == issuer, accounts.c.oidc_subject == subject)
        with self._desk.writing() as connection:
            row = connection.execute(bound).mappings().first()
            if row is None and verified_email is not None:
                expected = select(accounts).where(
                    accounts.c.expected_email == verified_email.strip().lower(),
                    accounts.c.expected_until >= now,
                    accounts.c.oidc_subject.is_(None),
                    accounts.c.disabled == 0,
                )
                row = connection.execute(expected.with_for_update()).mappings().first()
                if row is not None:
                    _bind(connection, row["account"], issuer, subject, PROGRAM)
            if row is None or row["disabled"]:
                return None
            mine = update(accounts).where(accounts.c.account == row["account"])
            connection.execute(mine.values(signed_in_at=now))
        return replace(account_of(dict(row)), is_bound=True, expected_email=None)


def _bind(connection: Connection, account: str, issuer: str, subject: str, by: str) -> None:
    values = {"oidc_issuer": issuer, "oidc_subject": subject, "expected_email": None, "expected_until": None}
    try:
        with connection.begin_nested():
            _change(connection, account, values)
    except IntegrityError as taken:
        detail = "another account is bound to this person"
        raise SohoaError(Code.ACCOUNT_INVALID, field="subject", detail=detail) from taken
    note_change(connection, by, account, ChangeKind.BOUND, issuer)


def _change(connection: Connection, account: str, values: dict[str, Any]) -> None:
    mine = update(accounts).where(accounts.c.account == account)
    values = {"changed_at": as_text(datetime.now(UTC)), **values}
    if connection.execute(mine.values(values)).rowcount != 1:
        raise SohoaError(Code.ACCOUNT_UNKNOWN, field="account")
