"""Sessions of people who signed in. The cookie holds a random token; the table holds its digest."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update

from storage.database import Database
from storage.desk.tables import accounts, sessions
from storage.desk.times import as_text, as_time

# A working day with its overtime; and as long as a clerk may leave the desk.
LONGEST = timedelta(hours=12)
LONGEST_IDLE = timedelta(hours=1)
# Noting every request would be a write for each.
_NOTED_EVERY = timedelta(minutes=1)
_KEY_DIGITS = 16
_LONGEST_WORDS = 100
# Asked in every request: composed once.
_OF_TOKEN = (
    select(sessions, accounts.c.display_name, accounts.c.roles, accounts.c.agency)
    .join(accounts, accounts.c.account == sessions.c.account)
    .where(sessions.c.token_hash == bindparam("digest"), accounts.c.disabled == 0)
)


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in: the account as it is now, and the token that their changing requests carry."""

    account: str
    display_name: str
    roles: frozenset[str]
    agency: str | None
    csrf_token: str


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session as its owner sees it.

    Attributes:
        key: Names it among the account's; of no use to sign in with.
        created_at: When it was begun, ISO 8601 in UTC.
        seen_at: When it was last used, to the minute.
        address: Network address it was begun from.
        device: Browser and system in a few words.
        is_this: True: the session that asks.
    """

    key: str
    created_at: str
    seen_at: str
    address: str
    device: str
    is_this: bool


class Sessions:
    """The sessions of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def begin(self, account: str, *, address: str = "", device: str = "", instead_of: str | None = None) -> str:
        """Begin a session and return its token, for the cookie alone; sessions that ended are removed.

        Args:
            account: Who signed in.
            address: From which network address.
            device: With what, in a few words.
            instead_of: Token of the session that this browser had before; it ends.
        """
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        row = {
            "token_hash": digest_of(token),
            "account": account,
            "csrf_token": secrets.token_urlsafe(24),
            "created_at": as_text(now),
            "seen_at": as_text(now),
            "expires_at": as_text(now + LONGEST),
            "address": address[:_LONGEST_WORDS],
            "device": device[:_LONGEST_WORDS],
        }
        with self._desk.writing() as connection:
            ended = sessions.c.expires_at < as_text(now)
            if instead_of is not None:
                ended |= sessions.c.token_hash == digest_of(instead_of)
            connection.execute(delete(sessions).where(ended))
            connection.execute(insert(sessions).values(row))
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token, or None where it ended or its account may no longer be used."""
        now = datetime.now(UTC)
        with self._desk.asking() as connection:
            row = connection.execute(_OF_TOKEN, {"digest": digest_of(token)}).mappings().first()
        if row is None or row["expires_at"] < as_text(now) or as_time(row["seen_at"]) < now - LONGEST_IDLE:
            return None
        if as_time(row["seen_at"]) < now - _NOTED_EVERY:
            with self._desk.writing() as connection:
                mine = update(sessions).where(sessions.c.token_hash == row["token_hash"])
                connection.execute(mine.values(seen_at=as_text(now)))
        return Session(
            row["account"], row["display_name"], frozenset(row["roles"].split()), row["agency"], row["csrf_token"]
        )

    def of(self, account: str, this: str | None = None) -> Sequence[OpenSession]:
        """Return the sessions of an account that can still be used, the one used last first.

        Args:
            account: Whose.
            this: Token of the session that asks.
        """
        now = datetime.now(UTC)
        mine = select(sessions).where(
            sessions.c.account == account,
            sessions.c.expires_at >= as_text(now),
            sessions.c.seen_at >= as_text(now - LONGEST_IDLE),
        )
        with self._desk.asking() as connection:
            rows = connection.execute(mine.order_by(sessions.c.seen_at.desc())).mappings().all()
        asking = digest_of(this) if this is not None else None
        return [
            OpenSession(
                row["token_hash"][:_KEY_DIGITS],
                row["created_at"],
                row["seen_at"],
                row["address"],
                row["device"],
                row["token_hash"] == asking,
            )
            for row in rows
        ]

    def end(self, token: str) -> None:
        """End one session."""
        self._delete(sessions.c.token_hash == digest_of(token))

    def end_one(self, account: str, key: str) -> None:
        """End the session of an account that `OpenSession.key` names; nothing happens where there is none."""
        self._delete(sessions.c.account == account, sessions.c.token_hash.startswith(key, autoescape=True))

    def end_all(self, account: str, keep: str | None = None) -> None:
        """End every session of an account but the one whose token is `keep`."""
        others = [sessions.c.token_hash != digest_of(keep)] if keep is not None else []
        self._delete(sessions.c.account == account, *others)

    def _delete(self, *which: ColumnElement[Any]) -> None:
        with self._desk.writing() as connection:
            connection.execute(delete(sessions).where(*which))


def digest_of(token: str) -> str:
    """Return what stands for a random token in a table. It is long and random: a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
