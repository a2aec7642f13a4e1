"""The nouns of the read log: one entry for every look at what is held (schema `sohoa.read/1`)."""

import secrets
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from ocr.stored import Stored, StoredDocument
from ocr.vietnamese import to_nfc

LONGEST_TEXT = 500


class ReadKind(StrEnum):
    """How something was read.

    `LOOKUP`: what a procedure needs was looked up for its applicant. `RELATED`: for another person of the same
    dossier, along with it. `RECORD`: a record was shown. `IDENTIFIER`: an identifier of a person was shown whole.
    `EXPORT`: records were handed to another system. `SUBJECT`: everything held on a person was read, or who read it.
    `LOG`: the read log was looked through, whoever it is about.
    """

    LOOKUP = "lookup"
    RELATED = "related"
    RECORD = "record"
    IDENTIFIER = "identifier"
    EXPORT = "export"
    SUBJECT = "subject"
    LOG = "log"


def said(text: str) -> str:
    """Return text that a person gave: on one line, NFC, without what UTF-8 cannot hold."""
    return " ".join(to_nfc(text.encode("utf-8", "backslashreplace").decode()).split())


def new_entry_id() -> str:
    """Return 32 hexadecimal digits, unique; later ones sort after earlier ones, which indexes like."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def _now() -> datetime:
    return datetime.now(UTC)


Said = Annotated[str, AfterValidator(said)]
SaidSomething = Annotated[str, AfterValidator(said), Field(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]
Maybe = Annotated[Said | None, Field(max_length=LONGEST_TEXT)]


class RecordRead(Stored):
    """One revision of a record that was read."""

    record_id: str
    revision: int


class ReadEntry(StoredDocument):
    """One look at what is held. Never holds an identifier of a person: a keyed hash stands for it.

    Attributes:
        entry_id: See `new_entry_id`.
        at: When, UTC.
        kind: See `ReadKind`.
        reader: Account of who read.
        agency: Identifier of the agency that read, or None.
        purpose: For what, in the reader's words.
        procedure: Code of the procedure it was read for, or None.
        dossier_code: Code of the dossier it was read for, or None.
        subject_key: `IdentityKey.subject` of the person, or None where not one person was asked about.
        records: What was read.
        held: Number of components of the procedure that need not be asked for; 0 for other kinds than `LOOKUP`.
        missing: Number of components still to be asked for.
        refused: Number of records that are held and were not good enough.
    """

    schema_: str = Field(default="sohoa.read/1", alias="schema", pattern=r"^sohoa\.read/1$")
    entry_id: str = Field(default_factory=new_entry_id, pattern="^[0-9a-f]{32}$")
    at: datetime = Field(default_factory=_now)
    kind: ReadKind
    reader: SaidSomething
    agency: Maybe = None
    purpose: SaidSomething
    procedure: Maybe = None
    dossier_code: Maybe = None
    subject_key: str | None = None
    records: tuple[RecordRead, ...] = ()
    held: int = 0
    missing: int = 0
    refused: int = 0

    @property
    def day(self) -> str:
        """The day in UTC, ISO 8601."""
        return self.at.astimezone(UTC).date().isoformat()
