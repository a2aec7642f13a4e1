"""The nouns of an upload: one file on its way into a batch."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ocr.problem import Problem
from storage.desk.times import as_time

# How long what was begun waits for its rest, from the last bytes that came.
LONGEST_WAIT = timedelta(days=7)
_UPLOAD_ID = re.compile("u[0-9a-f]{24}")


class UploadKind(StrEnum):
    """How a file came.

    `SCAN`: it was sent. `ARCHIVE`: it was sent and holds the files. `ENTRY`: it was in an archive. `ATTACHED`: the
    store held it already.
    """

    SCAN = "scan"
    ARCHIVE = "archive"
    ENTRY = "entry"
    ATTACHED = "attached"


class UploadState(StrEnum):
    """Where an upload stands: bytes are to come, or to be stored; the scan is in the store; it was given up."""

    OPEN = "open"
    STORED = "stored"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way; times are ISO 8601 in UTC.

    Attributes:
        upload_id: `u` and 24 hexadecimal digits, random.
        batch_id: The batch it is part of.
        account: Who sends it.
        kind: See `UploadKind`.
        dossier_id: The dossier it is part of, NFC; of an archive: that of entries that lie in no folder.
        file: Its name as the clerk gave it, NFC.
        size_bytes: How long the whole is.
        offset_bytes: How much of it is durably here.
        sha256: What the client says the whole is, or None; of a stored scan: what it is.
        state: See `UploadState`.
        problem: Why it failed.
        created_at: When it was begun.
        changed_at: When the last bytes came.
    """

    upload_id: str
    batch_id: str
    account: str
    kind: UploadKind
    dossier_id: str
    file: str
    size_bytes: int
    offset_bytes: int
    sha256: str | None
    state: UploadState
    problem: Problem | None
    created_at: str
    changed_at: str

    @property
    def is_whole(self) -> bool:
        """True when every byte came."""
        return self.offset_bytes >= self.size_bytes

    @property
    def expires_at(self) -> float:
        """When it is given up unless more comes, seconds since 1970."""
        return (as_time(self.changed_at) + LONGEST_WAIT).timestamp()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one batch may hold.

    Attributes:
        files: Number of files.
        size_bytes: All of them together.
    """

    files: int
    size_bytes: int


def is_upload_id(text: str) -> bool:
    """True for what can identify an upload."""
    return _UPLOAD_ID.fullmatch(text) is not None


def new_upload_id() -> str:
    """Return a random identifier: it tells nothing of the file or of who sends it."""
    return f"u{secrets.token_hex(12)}"
