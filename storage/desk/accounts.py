"""Accounts of people: local ones with a password, and those an OpenID Connect provider vouches for.

How the provider's people are told: `storage.desk.bindings`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.access_changes import PROGRAM, ChangeKind, note_change
from storage.desk.passwords import (
    check_password,
    hash_of_nobody,
    hash_password,
    is_outdated,
    is_password,
    new_password,
)
from storage.desk.sessions import digest_of
from storage.desk.tables import accounts, sessions
from storage.desk.times import as_text
from storage.setting_values import is_agency

# What `storage.acts` takes for whoever decides, in small letters.
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_.@-]{1,63}")
_LONGEST_NAME = 100
# `service.roles.Role.ADMIN`: there must always be one who can let others in.
ADMIN = "admin"
# How long a password that was handed out may be used to set another.
HANDED_OUT_FOR = timedelta(days=7)


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
        is_temporary: True: the password was handed out by an administrator and serves only to set another.
        is_bound: True: a provider vouches for it.
        expected_email: Whom the provider must vouch for at the first sign-in, or None.
        signed_in_at: When it was last signed in with, ISO 8601; None: never.
    """

    account: str
    display_name: str
    roles: frozenset[str]
    agency: str | None = None
    disabled: bool = False
    is_local: bool = True
    is_temporary: bool = False
    is_bound: bool = False
    expected_email: str | None = None
    signed_in_at: str | None = None


class Accounts:
    """The accounts of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def find(self, account: str) -> Account | None:
        """Return an account, or None where there is none of that name."""
        row = self._row(account)
        return account_of(row) if row is not None else None

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""
        with self._desk.asking() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.account)).mappings().all()
        return tuple(account_of(dict(row)) for row in rows)

    def some(self, wanted: Collection[str]) -> tuple[Account, ...]:
        """Return those of some accounts that are there, in no order."""
        with self._desk.asking() as connection:
            rows = connection.execute(select(accounts).where(accounts.c.account.in_(wanted))).mappings().all()
        return tuple(account_of(dict(row)) for row in rows)

    def add(self, account: Account, password: str | None, *, by: str = PROGRAM) -> None:
        """Keep a new account; without a password only a provider can vouch for it.

        Raises:
            SohoaError: `ACCOUNT_INVALID`, `ACCOUNT_EXISTS`, `PASSWORD_WEAK`.
        """
        if not _ACCOUNT.fullmatch(account.account):
            detail = "small letters, digits, dot, at, dash, underscore; 2 to 64 of them"
            raise SohoaError(Code.ACCOUNT_INVALID, field="account", detail=detail)
        values = _checked(account)
        if password is not None:
            check_password(password, account.account)
        now = as_text(datetime.now(UTC))
        row = {
            **values,
            "account": account.account,
            "password_hash": hash_password(password) if password is not None else None,
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
            note_change(connection, by, account.account, ChangeKind.ADDED, values["roles"])

    def change(self, account: Account, *, by: str = PROGRAM) -> None:
        """Change display name, roles, agency and whether it is disabled to what `account` says.

        Its sessions end when it may do other things than before.

        Raises:
            SohoaError: `ACCOUNT_UNKNOWN`, `ACCOUNT_INVALID`; `LAST_ADMIN` when nobody could let others in any more.
        """
        values = _checked(account)
        with self._desk.writing() as connection:
            admins = _locked_admins(connection)
            before = _locked(connection, account.account)
            if admins == [account.account] and not _is_admin(values):
                raise SohoaError(Code.LAST_ADMIN)
            changed = {name: value for name, value in values.items() if before[name] != value}
            if not changed:
                return
            _update(connection, account.account, changed)
            if set(changed) - {"display_name"}:
                _end_sessions(connection, account.account)
            for name, value in changed.items():
                note_change(connection, by, account.account, *_noted(name, value))

    def with_password(self, account: str, password: str) -> Account | None:
        """Return the account where the password is its own and it may be used, else None.

        Takes as long where there is no such account: a stranger cannot find out which there are. Where
        `Account.is_temporary`, the person must set another password before anything else.
        """
        row = self._row(account)
        kept = row["password_hash"] if row is not None else None
        is_right = is_password(kept or hash_of_nobody(), password)
        if row is None or kept is None or not is_right or row["disabled"]:
            return None
        now = as_text(datetime.now(UTC))
        if row["temporary_until"] is not None and row["temporary_until"] < now:
            return None
        seen = {"signed_in_at": now}
        if is_outdated(kept):
            seen["password_hash"] = hash_password(password)
        with self._desk.writing() as connection:
            # Not where another password was set meanwhile.
            mine = update(accounts).where(accounts.c.account == account, accounts.c.password_hash == kept)
            connection.execute(mine.values(seen))
        return account_of(row)

    def set_password(self, account: str, password: str, *, by: str = PROGRAM, keep: str | None = None) -> None:
        """Set a password that the person chose; every session ends but the one whose token is `keep`.

        Raises:
            SohoaError: `ACCOUNT_UNKNOWN`, `PASSWORD_WEAK`.
        """
        check_password(password, account)
        self._keep_password(account, password, ChangeKind.PASSWORD, by, keep=keep)

    def hand_out_password(self, account: str, *, by: str = PROGRAM) -> str:
        """Set a password to be used once, to set another within `HANDED_OUT_FOR`, and return it; sessions end.

        Raises:
            SohoaError: `ACCOUNT_UNKNOWN`.
        """
        password, until = new_password(), as_text(datetime.now(UTC) + HANDED_OUT_FOR)
        self._keep_password(account, password, ChangeKind.PASSWORD_HANDED_OUT, by, until=until)
        return password

    def _keep_password(
        self,
        account: str,
        password: str,
        kind: ChangeKind,
        by: str,
        *,
        until: str | None = None,
        keep: str | None = None,
    ) -> None:
        hashed = hash_password(password)
        with self._desk.writing() as connection:
            _locked(connection, account)
            _update(connection, account, {"password_hash": hashed, "temporary_until": until})
            _end_sessions(connection, account, keep)
            note_change(connection, by, account, kind)

    def _row(self, account: str) -> dict[str, Any] | None:
        with self._desk.asking() as connection:
            row = connection.execute(select(accounts).where(accounts.c.account == account)).mappings().first()
        return dict(row) if row is not None else None


def account_of(row: dict[str, Any]) -> Account:
    """Return the account of a row of the table."""
    return Account(
        account=row["account"],
        display_name=row["display_name"],
        roles=frozenset(row["roles"].split()),
        agency=row["agency"],
        disabled=bool(row["disabled"]),
        is_local=row["password_hash"] is not None,
        is_temporary=row["temporary_until"] is not None,
        is_bound=row["oidc_subject"] is not None,
        expected_email=row["expected_email"],
        signed_in_at=row["signed_in_at"],
    )


def check_access(roles: frozenset[str], agency: str | None, display_name: str) -> None:
    """Check what accounts and systems have in common.

    Raises:
        SohoaError: `ACCOUNT_INVALID` naming the field.
    """
    if not roles:
        raise SohoaError(Code.ACCOUNT_INVALID, field="roles", detail="at least one role is needed")
    if agency is not None and not is_agency(agency):
        raise SohoaError(Code.ACCOUNT_INVALID, field="agency", detail="an agency identifier such as H05.12")
    if not display_name.strip() or len(display_name) > _LONGEST_NAME or not display_name.isprintable():
        detail = f"one line of at most {_LONGEST_NAME} characters"
        raise SohoaError(Code.ACCOUNT_INVALID, field="display_name", detail=detail)


def _checked(account: Account) -> dict[str, Any]:
    check_access(account.roles, account.agency, account.display_name)
    return {
        "display_name": account.display_name.strip(),
        "roles": " ".join(sorted(account.roles)),
        "agency": account.agency,
        "disabled": int(account.disabled),
    }


def _is_admin(values: dict[str, Any]) -> bool:
    return ADMIN in values["roles"].split() and not values["disabled"]


def _locked_admins(connection: Connection) -> list[str]:
    """Return who can let others in; of two changes at once the second waits here and sees what the first did."""
    named = (literal(" ") + accounts.c.roles + " ").contains(f" {ADMIN} ")
    wanted = select(accounts.c.account).where(named, accounts.c.disabled == 0).order_by(accounts.c.account)
    return list(connection.execute(wanted.with_for_update()).scalars())


def _locked(connection: Connection, account: str) -> dict[str, Any]:
    wanted = select(accounts).where(accounts.c.account == account).with_for_update()
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise SohoaError(Code.ACCOUNT_UNKNOWN, field="account")
    return dict(row)


def _update(connection: Connection, account: str, values: dict[str, Any]) -> None:
    mine = update(accounts).where(accounts.c.account == account)
    connection.execute(mine.values(changed_at=as_text(datetime.now(UTC)), **values))


def _end_sessions(connection: Connection, account: str, keep: str | None = None) -> None:
    ended = delete(sessions).where(sessions.c.account == account)
    if keep is not None:
        ended = ended.where(sessions.c.token_hash != digest_of(keep))
    connection.execute(ended)


def _noted(name: str, value: str | int | None) -> tuple[ChangeKind, str]:
    if name == "disabled":
        return (ChangeKind.DISABLED if value else ChangeKind.ENABLED), ""
    kinds = {"display_name": ChangeKind.NAME, "roles": ChangeKind.ROLES, "agency": ChangeKind.AGENCY}
    return kinds[name], str(value or "")
