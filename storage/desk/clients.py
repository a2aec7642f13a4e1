"""Systems that call the API: what tells each of them, what it may do, and its access tokens.

Secrets and tokens are long and random: a fast hash stands for each, and who reads the tables cannot call with it.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ocr.problem import Code, SohoaError
from storage.database import Database
from storage.desk.access_changes import PROGRAM, ChangeKind, note_change
from storage.desk.accounts import check_access
from storage.desk.sessions import digest_of
from storage.desk.tables import access_tokens, clients
from storage.desk.times import as_text

TOKENS_LAST = timedelta(hours=1)
_CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")
_FINGERPRINT = re.compile("[0-9a-f]{64}")
# What is found in a log or a repository is seen at once to be a secret of this service.
_SECRET_PREFIX, _TOKEN_PREFIX = "sohoa-s-", "sohoa-t-"


@dataclass(frozen=True, slots=True)
class Client:
    """One system.

    Attributes:
        client_id: Its name: small letters, digits, dot, dash. Decisions and the read log call it `client:…`.
        display_name: As pages show it.
        roles: Names of `service.roles.Role`.
        agency: Identifier of the agency it acts for, or None: all of them.
        disabled: True: it is not let in.
        certificate_sha256: Fingerprint of its certificate, 64 hexadecimal digits, or None.
        has_secret: True: it may ask for tokens.
        changed_at: When it was last changed, ISO 8601.
    """

    client_id: str
    display_name: str
    roles: frozenset[str]
    agency: str | None = None
    disabled: bool = False
    certificate_sha256: str | None = None
    has_secret: bool = False
    changed_at: str = ""


class Clients:
    """The systems of one desk. Every method raises `SohoaError` with `DESK_FAILED` when the database does."""

    def __init__(self, desk: Database) -> None:
        """Use the desk's database."""
        self._desk = desk

    def find(self, client_id: str) -> Client | None:
        """Return a system, or None where there is none of that name."""
        return self._one(clients.c.client_id == client_id)

    def all(self) -> tuple[Client, ...]:
        """Return every system, by name."""
        with self._desk.asking() as connection:
            rows = connection.execute(select(clients).order_by(clients.c.client_id)).mappings().all()
        return tuple(_client(dict(row)) for row in rows)

    def add(self, client: Client, *, by: str = PROGRAM) -> None:
        """Keep a new system; it is let in by its certificate, or once it has a secret.

        Raises:
            SohoaError: `ACCOUNT_INVALID`, `ACCOUNT_EXISTS`.
        """
        if not _CLIENT_ID.fullmatch(client.client_id):
            detail = "small letters, digits, dot, dash; 2 to 63 of them"
            raise SohoaError(Code.ACCOUNT_INVALID, field="client_id", detail=detail)
        values = _checked(client)
        now = as_text(datetime.now(UTC))
        row = {**values, "client_id": client.client_id, "created_at": now, "changed_at": now}
        if self.find(client.client_id) is not None:
            raise SohoaError(Code.ACCOUNT_EXISTS, field="client_id")
        with self._desk.writing() as connection:
            with _certificates_apart():
                connection.execute(insert(clients).values(row))
            note_change(connection, by, _whose(client.client_id), ChangeKind.ADDED, values["roles"])

    def change(self, client: Client, *, by: str = PROGRAM) -> None:
        """Change display name, roles, agency, certificate and whether it is disabled to what `client` says.

        Its tokens end when it may do other things than before.

        Raises:
            SohoaError: `ACCOUNT_UNKNOWN`, `ACCOUNT_INVALID`.
        """
        values = _checked(client)
        with self._desk.writing() as connection:
            wanted = select(clients).where(clients.c.client_id == client.client_id).with_for_update()
            before = connection.execute(wanted).mappings().first()
            if before is None:
                raise SohoaError(Code.ACCOUNT_UNKNOWN, field="client_id")
            changed = {name: value for name, value in values.items() if before[name] != value}
            if not changed:
                return
            with _certificates_apart():
                _update(connection, client.client_id, changed)
            if set(changed) - {"display_name", "certificate_sha256"}:
                _end_tokens(connection, client.client_id)
            for name, value in changed.items():
                note_change(connection, by, _whose(client.client_id), *_noted(name, value))

    def new_secret(self, client_id: str, *, by: str = PROGRAM) -> str:
        """Give a system a new secret and return it, for the only time; the old one and its tokens end.

        Raises:
            SohoaError: `ACCOUNT_UNKNOWN`.
        """
        secret = _SECRET_PREFIX + secrets.token_urlsafe(32)
        with self._desk.writing() as connection:
            _update(connection, client_id, {"secret_hash": digest_of(secret)})
            _end_tokens(connection, client_id)
            note_change(connection, by, _whose(client_id), ChangeKind.SECRET)
        return secret

    def with_secret(self, client_id: str, secret: str) -> Client | None:
        """Return the system where the secret is its own and it may be used, else None."""
        with self._desk.asking() as connection:
            row = connection.execute(select(clients).where(clients.c.client_id == client_id)).mappings().first()
        kept = (row["secret_hash"] if row is not None else None) or ""
        is_right = secrets.compare_digest(kept, digest_of(secret))
        return _client(dict(row)) if row is not None and is_right and not row["disabled"] else None

    def with_certificate(self, sha256: str) -> Client | None:
        """Return the system whose certificate has this fingerprint and that may be used, else None."""
        return self._one(clients.c.certificate_sha256 == sha256, clients.c.disabled == 0)

    def new_token(self, client_id: str) -> str:
        """Return a new access token for a system, good for `TOKENS_LAST`; tokens that ended are removed."""
        token, now = _TOKEN_PREFIX + secrets.token_urlsafe(32), datetime.now(UTC)
        row = {
            "token_hash": digest_of(token),
            "client_id": client_id,
            "created_at": as_text(now),
            "expires_at": as_text(now + TOKENS_LAST),
        }
        with self._desk.writing() as connection:
            connection.execute(delete(access_tokens).where(access_tokens.c.expires_at < as_text(now)))
            connection.execute(insert(access_tokens).values(row))
        return token

    def with_token(self, token: str) -> Client | None:
        """Return the system that an access token was given to, or None where it ended or the system is disabled."""
        held = select(access_tokens.c.client_id).where(
            access_tokens.c.token_hash == digest_of(token), access_tokens.c.expires_at >= as_text(datetime.now(UTC))
        )
        return self._one(clients.c.client_id == held.scalar_subquery(), clients.c.disabled == 0)

    def _one(self, *which: Any) -> Client | None:
        with self._desk.asking() as connection:
            row = connection.execute(select(clients).where(*which)).mappings().first()
        return _client(dict(row)) if row is not None else None


def fingerprint_of(text: str) -> str:
    """Return a certificate's SHA-256 fingerprint as it is kept, from how tools print it (`AB:CD:…`, with a label).

    Raises:
        SohoaError: `ACCOUNT_INVALID`.
    """
    digits = text.rpartition("=")[2].replace(":", "").replace(" ", "").strip().lower()
    if not _FINGERPRINT.fullmatch(digits):
        detail = "SHA-256 of the certificate: 64 hexadecimal digits"
        raise SohoaError(Code.ACCOUNT_INVALID, field="certificate", detail=detail)
    return digits


def _checked(client: Client) -> dict[str, Any]:
    check_access(client.roles, client.agency, client.display_name)
    given = client.certificate_sha256
    return {
        "display_name": client.display_name.strip(),
        "roles": " ".join(sorted(client.roles)),
        "agency": client.agency,
        "disabled": int(client.disabled),
        "certificate_sha256": fingerprint_of(given) if given is not None else None,
    }


@contextmanager
def _certificates_apart() -> Iterator[None]:
    """Make sure that no two systems have one certificate: which of them calls could not be told."""
    try:
        yield
    except IntegrityError as taken:
        detail = "another system has this name or certificate"
        raise SohoaError(Code.ACCOUNT_INVALID, field="certificate", detail=detail) from taken


def _client(row: dict[str, Any]) -> Client:
    return Client(
        client_id=row["client_id"],
        display_name=row["display_name"],
        roles=frozenset(row["roles"].split()),
        agency=row["agency"],
        disabled=bool(row["disabled"]),
        certificate_sha256=row["certificate_sha256"],
        has_secret=row["secret_hash"] is not None,
        changed_at=row["changed_at"],
    )


def _update(connection: Connection, client_id: str, values: dict[str, Any]) -> None:
    mine = update(clients).where(clients.c.client_id == client_id)
    if connection.execute(mine.values(changed_at=as_text(datetime.now(UTC)), **values)).rowcount != 1:
        raise SohoaError(Code.ACCOUNT_UNKNOWN, field="client_id")


def _end_tokens(connection: Connection, client_id: str) -> None:
    connection.execute(delete(access_tokens).where(access_tokens.c.client_id == client_id))


def _whose(client_id: str) -> str:
    return f"client:{client_id}"


def _noted(name: str, value: str | int | None) -> tuple[ChangeKind, str]:
    if name == "disabled":
        return (ChangeKind.DISABLED if value else ChangeKind.ENABLED), ""
    kinds = {
        "display_name": ChangeKind.NAME,
        "roles": ChangeKind.ROLES,
        "agency": ChangeKind.AGENCY,
        "certificate_sha256": ChangeKind.CERTIFICATE,
    }
    return kinds[name], str(value or "")
