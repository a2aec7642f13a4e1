"""Secrets of a home: made once, read by its owner alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from ocr.problem import Code, SohoaError
from storage.disk import sync_folder
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
        _remove_leftovers(path)
        key = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise SohoaError(Code.STORE_UNWRITABLE, detail=f"{name}: {error_name(error)}") from error
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SohoaError(Code.STORE_UNWRITABLE, detail=f"{name}: not a key")
    return key


def _make(path: Path) -> None:
    """Write a new key whole or not at all, durably; of several processes one wins."""
    temporary = path.with_name(f"{_leftover_start(path)}{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # Once another process has made the key it may also have removed this file.
        with suppress(FileExistsError, FileNotFoundError):
            path.hardlink_to(temporary)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    """Remove what killed processes left while they made the key, which is there by now: it may be a second copy."""
    # Where they cannot be removed the key is still of use.
    with suppress(OSError), os.scandir(path.parent) as entries:
        for entry in list(entries):
            if entry.name.startswith(_leftover_start(path)):
                path.with_name(entry.name).unlink(missing_ok=True)


def _leftover_start(path: Path) -> str:
    return f".{path.name}."
