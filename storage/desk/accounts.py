"""Accounts of people: local ones with a password, and those an OpenID Connect provider vouches for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.tables import accounts
from storage.desk.times import as_text

# The same as `storage.acts` takes for whoever decides.
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_.@-]{1,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account.

    Attributes:
        account: Its name: small letters, digits, `._@-`.
        display_name: The person's name as pages show it.
        roles: Names of `service.roles.Role`.
        agency: Identifier of the agency the person works for, or None: all of them.
        disabled: True: it cannot be signed in with.
        is_local: True: it has a password here.
    """

    account: str
    display_name: str
    roles: frozenset[str]
    agency: str | None = None
    disabled: bool = False
    is_local: bool = True


class Accounts:
    """The accounts of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def find(self, account: str) -> Account | None:
        """Return an account, or None where there is none of that name."""
        with self._desk.asking() as connection:
            row = connection.execute(select(accounts).where(accounts.c.account == account)).mappings().first()
        return _account(dict(row)) if row is not None else None

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""
        with self._desk.asking() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.account)).mappings().all()
        return tuple(_account(dict(row)) for row in rows)

    def add(self, account: Account, password: str | None) -> None:
        """Keep a new account; without a password only a provider can vouch for it.

        Raises:
            SohoaError: `ACCOUNT_INVALID`, `ACCOUNT_EXISTS`.
        """
        if not _ACCOUNT.fullmatch(account.account):
            detail = "small letters, digits, dot, at, dash, underscore; 2 to 64 of them"
            raise SohoaError(Code.ACCOUNT_INVALID, field="account", detail=detail)
        now = as_text(datetime.now(UTC))
        row = {
            "account": account.account,
            "display_name": account.display_name,
            "password_hash": hash_secret(password) if password is not None else None,
            "roles": " ".join(sorted(account.roles)),
            "agency": account.agency,
            "disabled": int(account.disabled),
            "created_at": now,
            "changed_at": now,
        }
        if self.find(account.account) is not None:
            raise SohoaError(Code.ACCOUNT_EXISTS, field="account")
        with self._desk.writing() as connection:
            try:
                connection.execute(insert(accounts).values(row))
            except IntegrityError as taken:
                raise SohoaError(Code.ACCOUNT_EXISTS, field="account") from taken

    def with_password(self, account: str, password: str) -> Account | None:
        """Return the account where the password is its own and it may be used, else None.

        Takes as long where there is no such account: a stranger cannot find out which there are.
        """
        with self._desk.asking() as connection:
            row = connection.execute(select(accounts).where(accounts.c.account == account)).mappings().first()
        kept = row["password_hash"] if row is not None else None
        is_right = is_secret(kept or _hash_of_nobody(), password)
        if row is None or kept is None or not is_right or row["disabled"]:
            return None
        with self._desk.writing() as connection:
            seen = {"signed_in_at": as_text(datetime.now(UTC))}
            connection.execute(update(accounts).where(accounts.c.account == account).values(seen))
        return _account(dict(row))


def hash_secret(secret: str) -> str:
    """Return the argon2id hash of a password or of a system's secret, with its salt and cost."""
    from argon2 import PasswordHasher  # noqa: PLC0415  signing in alone needs it

    return PasswordHasher().hash(secret)


def is_secret(kept: str, secret: str) -> bool:
    """True when `secret` is what the hash was made of."""
    from argon2 import PasswordHasher  # noqa: PLC0415
    from argon2.exceptions import Argon2Error, InvalidHashError  # noqa: PLC0415

    try:
        return PasswordHasher().verify(kept, secret)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return hash_secret("nobody's")


def _account(row: dict[str, Any]) -> Account:
    return Account(
        account=row["account"],
        display_name=row["display_name"],
        roles=frozenset(_words(row["roles"])),
        agency=row["agency"],
        disabled=bool(row["disabled"]),
        is_local=row["password_hash"] is not None,
    )


def _words(text: str) -> Iterable[str]:
    return text.split()
