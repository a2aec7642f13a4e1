"""Who changed what in accounts and systems: written with each change, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from storage.database import Database
from storage.desk.tables import access_changes
from storage.desk.times import as_text

# Who acts where no person does.
PROGRAM = "sohoa"


class ChangeKind(StrEnum):
    """What was changed; `value` is what it became.

    `ADDED`, `ROLES`: the roles. `AGENCY`, `NAME`: the agency, the display name. `DISABLED`, `ENABLED`. `PASSWORD`: by
    the person. `PASSWORD_HANDED_OUT`: a one-time one, by an administrator. `EXPECTED`: the address that the provider
    must vouch for. `BOUND`, `UNBOUND`: the provider. `SECRET`: a new one. `CERTIFICATE`: its fingerprint.
    """

    ADDED = "added"
    ROLES = "roles"
    AGENCY = "agency"
    NAME = "name"
    DISABLED = "disabled"
    ENABLED = "enabled"
    PASSWORD = "password"  # noqa: S105  the name of a change
    PASSWORD_HANDED_OUT = "password_handed_out"  # noqa: S105  the name of a change
    EXPECTED = "expected"
    BOUND = "bound"
    UNBOUND = "unbound"
    SECRET = "secret"  # noqa: S105  the name of a change
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class AccessChange:
    """One change: when (ISO 8601, UTC), by which account, of which account or system, what it became."""

    at: str
    by: str
    whose: str
    kind: ChangeKind
    value: str


def note_change(connection: Connection, by: str, whose: str, kind: ChangeKind, value: str = "") -> None:
    """Write a change down, in the transaction that makes it."""
    row = {"at": as_text(datetime.now(UTC)), "by": by, "whose": whose, "kind": kind.value, "value": value}
    connection.execute(insert(access_changes).values(row))


def changes_of(desk: Database, whose: str, limit: int = 50) -> Sequence[AccessChange]:
    """Return what was changed in one account or system, the newest first.

    Raises:
        SohoaError: `DESK_FAILED`.
    """
    columns = (access_changes.c[name] for name in ("at", "by", "whose", "kind", "value"))
    wanted = select(*columns).where(access_changes.c.whose == whose).order_by(access_changes.c.seq.desc()).limit(limit)
    with desk.asking() as connection:
        rows = connection.execute(wanted).all()
    return [AccessChange(at, by, of, ChangeKind(kind), value) for at, by, of, kind, value in rows]
