"""Secrets of a home: made once, read by its owner alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from ocr.problem import Code, SohoaError
from storage.objects import error_name

KEY_BYTES = 32


def load_home_secret(home: Path, name: str) -> bytes:
    """Return the 32 bytes of the secret in the file `name` of the home, made when there is none.

    Machines that share a store need the same file.

    Raises:
        SohoaError: `STORE_UNWRITABLE` when it can be neither read nor written, or is no key.
    """
    path = home / name
    try:
        if not path.exists():
            _make(path)
        key = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise SohoaError(Code.STORE_UNWRITABLE, detail=f"{name}: {error_name(error)}") from error
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SohoaError(Code.STORE_UNWRITABLE, detail=f"{name}: not a key")
    return key


def _make(path: Path) -> None:
    """Write a new key whole or not at all; of several processes one wins."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            path.hardlink_to(temporary)
    finally:
        temporary.unlink()
