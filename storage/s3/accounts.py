"""The accounts of a store on a MinIO server: policies and users, made through its administration interface.

Other servers have other ways to make accounts; the policies (`sohoa store policies`) are the same for them.
"""

import json
import os
import secrets
from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from minio import MinioAdmin
from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException

from ocr.problem import Code, SohoaError
from storage.objects import error_name
from storage.s3.client import Connection, Session
from storage.s3.policies import Role, policy_of

_SECRET_BYTES = 30
# The settings whose values the files hold; see `storage.settings`.
_ACCESS_KEY = "SOHOA_STORE_ACCESS_KEY"
_SECRET_KEY = "SOHOA_STORE_SECRET_KEY"  # noqa: S105  the name of a setting


class AccountState(StrEnum):
    """What became of an account."""

    MADE = "made"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Account:
    """An account on the server.

    Attributes:
        role: What it may do.
        access_key: Its name.
        state: Made now, or there before: then only its policy was brought up to date.
        file: Where its settings lie on this machine, readable for this user alone; None when they are not here.
    """

    role: Role
    access_key: str
    state: AccountState
    file: Path | None

    def as_json(self) -> dict[str, str | None]:
        """Return the account for programs; never its secret."""
        return {
            "role": self.role.value,
            "access_key": self.access_key,
            "state": self.state.value,
            "file": str(self.file) if self.file is not None else None,
        }


def make_accounts(connection: Connection, folder: Path) -> tuple[Account, ...]:
    """Make an account for each role, with its policy; one that is there keeps its secret.

    Args:
        connection: With an account that administers the server.
        folder: Where the settings of each new account are written (`reader.env`), before the account is made.

    Raises:
        SohoaError: `STORE_UNFIT` when the server is no MinIO or this account does not administer it,
            `STORE_UNWRITABLE` when a file cannot be written, `STORE_UNREACHABLE`.
    """
    known = json.loads(_asked(connection, lambda admin: admin.user_list()))
    return tuple(_make_account(connection, folder, role, known) for role in Role)


def _make_account(connection: Connection, folder: Path, role: Role, known: Container[str]) -> Account:
    name = f"{connection.address.prefix}-{role.value}"
    file = folder / f"{role.value}.env"
    policy = policy_of(role, connection.address.prefix)
    _asked(connection, lambda admin: admin.policy_add(name, policy=policy))
    is_known = name in known
    if not is_known:
        secret = _written_secret(file, name)
        _asked(connection, lambda admin: admin.user_add(name, secret))
    _asked(connection, lambda admin: admin.policy_set(name, user=name))
    state = AccountState.KEPT if is_known else AccountState.MADE
    return Account(role, name, state, file if file.is_file() else None)


def _written_secret(file: Path, access_key: str) -> str:
    """Return the secret that `file` holds; made and written first when there is none, so that none is ever lost."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            secret = secrets.token_urlsafe(_SECRET_BYTES)
            # Under another name until it is whole: an account is never made with half a secret.
            unfinished = file.with_name(f".{file.name}.new")
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as target:
                target.write(f"{_ACCESS_KEY}={access_key}\n{_SECRET_KEY}={secret}\n")
                target.flush()
                os.fsync(target.fileno())
            unfinished.rename(file)
        lines = dict(line.split("=", 1) for line in file.read_text("ascii").split())
    except (OSError, ValueError) as error:
        remark = error_name(error) if isinstance(error, OSError) else "is damaged"
        raise SohoaError(Code.STORE_UNWRITABLE, detail=f"{file.name}: {remark}") from None
    return lines[_SECRET_KEY]


def _asked(connection: Connection, ask: Callable[[MinioAdmin], str]) -> str:
    """Ask the administration interface, with the patience of the connection."""
    refusal = ""

    def work(session: Session) -> str | None:
        nonlocal refusal
        admin = MinioAdmin(
            endpoint=connection.address.endpoint,
            credentials=StaticProvider(connection.access_key, connection.secret_key),
            secure=connection.address.is_encrypted,
            http_client=session.pool,
        )
        try:
            return ask(admin)
        except MinioAdminException as error:  # its text quotes the whole answer
            refusal = "refused" if '"AccessDenied"' in str(error) else "not understood"
        except ValueError:  # an answer that is not encrypted as MinIO does it
            refusal = "not understood"
        return None

    answer = connection.attempt("accounts", work)
    if answer is None:
        detail = f"accounts: {refusal}; needs a MinIO server and an account that administers it"
        raise SohoaError(Code.STORE_UNFIT, detail=detail)
    return answer
