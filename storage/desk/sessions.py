"""Sessions of people who signed in. The cookie holds a random token; the table holds its digest."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, update

from storage.database import Database
from storage.desk.tables import accounts, sessions
from storage.desk.times import as_text, as_time

# A working day with its overtime; and as long as a clerk may leave the desk.
LONGEST = timedelta(hours=12)
LONGEST_IDLE = timedelta(hours=1)
# Noting every request would be a write for each.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in: the account as it is now, and the token that their changing requests carry."""

    account: str
    display_name: str
    roles: frozenset[str]
    agency: str | None
    csrf_token: str


class Sessions:
    """The sessions of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def begin(self, account: str) -> str:
        """Begin a session and return its token, for the cookie alone; sessions that ended are removed."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        row = {
            "token_hash": digest_of(token),
            "account": account,
            "csrf_token": secrets.token_urlsafe(24),
            "created_at": as_text(now),
            "seen_at": as_text(now),
            "expires_at": as_text(now + LONGEST),
        }
        with self._desk.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at < as_text(now)))
            connection.execute(insert(sessions).values(row))
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token, or None where it ended or its account may no longer be used."""
        now = datetime.now(UTC)
        wanted = select(sessions, accounts.c.display_name, accounts.c.roles, accounts.c.agency).join(
            accounts, accounts.c.account == sessions.c.account
        )
        wanted = wanted.where(sessions.c.token_hash == digest_of(token), accounts.c.disabled == 0)
        with self._desk.asking() as connection:
            row = connection.execute(wanted).mappings().first()
        if row is None or row["expires_at"] < as_text(now) or as_time(row["seen_at"]) < now - LONGEST_IDLE:
            return None
        if as_time(row["seen_at"]) < now - _NOTED_EVERY:
            with self._desk.writing() as connection:
                mine = update(sessions).where(sessions.c.token_hash == row["token_hash"])
                connection.execute(mine.values(seen_at=as_text(now)))
        return Session(
            row["account"], row["display_name"], frozenset(row["roles"].split()), row["agency"], row["csrf_token"]
        )

    def end(self, token: str) -> None:
        """End one session."""
        with self._desk.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == digest_of(token)))

    def end_all(self, account: str) -> None:
        """End every session of an account: its password or roles changed."""
        with self._desk.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.account == account))


def digest_of(token: str) -> str:
    """Return what stands for a random token in a table. It is long and random: a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
