"""The nouns of a record: evidence, fields, subjects, the record itself (schema `sohoa.record/1`)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from extractors.kinds.parsed import Repair
from extractors.units.place import NormalisedPlace
from ocr.page import Box, ReaderInfo, Said, Step
from ocr.page_quality import PageQuality
from ocr.signature import PdfSignature
from ocr.stored import Stored, StoredDocument

FieldValue = str | list[str] | None

# Reason of a missing field that the paper strikes out (`-/-`): what the paper says, not what was overlooked.
LEFT_BLANK = "left-blank"
# What `decided_by` says of a field that a person settled, alone or before a colon and the account.
STEWARD = "steward"


class FieldStatus(StrEnum):
    """What is known of a field."""

    FOUND = "found"
    MISSING = "missing"
    INVALID = "invalid"
    CONFLICTING = "conflicting"


class RecordState(StrEnum):
    """Where a record stands; see the state machine in the design."""

    NEEDS_REVIEW = "needs_review"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class DecisionKind(StrEnum):
    """What a person decided on a record; which may follow in which state: `storage.transitions`."""

    APPROVE = "approve"
    CORRECT = "correct"
    REJECT = "reject"
    REOPEN = "reopen"
    SUPERSEDE = "supersede"
    REVOKE = "revoke"
    REINSTATE = "reinstate"
    ERASE = "erase"


class Decision(Stored):
    """The act of a person that made this revision.

    Attributes:
        kind: What was decided.
        by: Account of the person.
        at: When.
        reason: Why, in the person's words; "" where nothing had to be said.
        evidence: What it rests on: identifiers of records, numbers of acts, other references a person can follow.
    """

    kind: DecisionKind
    by: str
    at: datetime
    reason: str = ""
    evidence: tuple[str, ...] = ()


class Revocation(Stored):
    """The act by which an authority took a paper's force away.

    Attributes:
        by_authority: Name of the authority.
        act_number: Number and notation of its act, as printed (`12/QĐ-UBND`).
        act_date: Day of the act.
        record_id: The record of that act, where the store holds it.
    """

    by_authority: str
    act_number: str
    act_date: date
    record_id: str | None = None


class SourcePage(Stored):
    """One page a record was made from. `file` is the name as the clerk gave it."""

    file: str
    page_number: int
    sha256: str


class Evidence(Stored):
    """Where a value was seen: page of the file in `file`, box in pixels of that scan, and by which reader.

    `claimed` is how sure that reader says it is, 0-1; never trust. None in records of before and where it says nothing.
    """

    file: str
    page_number: int
    box: Box
    reader: str
    claimed: float | None = None


class ExtractedField(Stored):
    """One field of a record.

    Attributes:
        value: Normalised value (ISO dates, title-case names, decimal strings), or None.
        raw: As printed, or None.
        status: See `FieldStatus`.
        confidence: Calibrated probability that the value is right, 0-1; None without a value. In records without
            `Provenance.calibration` it is what the reader claimed.
        accepted: True only when something independent supports the value, nothing contradicts it, and its probability
            reaches the threshold of the field: no person needs to look.
        sampled: True for an accepted field of the blind sample: a person looks all the same, to keep measuring.
        decided_by: What supports it (the name of a rule, as `date-in-words`; a person, as `steward`), or None.
        evidence: Where it was seen, or None when missing.
        reasons: Machine reasons for doubt (`single-reading`, `contradicted:<rule>`, `not-seen`), or `left-blank`.
        said: What each reader made of it, the page reader first; empty when one reader alone was asked.
        repairs: What lists put right in it, in reading order; `raw` stays as printed.
        place: The administrative unit an address or an organ names, of then and of today; None where none is told.
        signals: Names of what speaks for and against the value; see `extractors.signals`. Kept so that calibration
            learns from stored records.
    """

    value: FieldValue = None
    raw: str | None = None
    status: FieldStatus
    confidence: float | None = None
    accepted: bool = False
    sampled: bool = False
    decided_by: str | None = None
    evidence: Evidence | None = None
    reasons: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    repairs: tuple[Repair, ...] = ()
    place: NormalisedPlace | None = None
    signals: tuple[str, ...] = ()

    @property
    def was_decided_by_person(self) -> bool:
        """True when a person settled the field: `decided_by` is `steward` or `steward:<account>`."""
        return (self.decided_by or "").partition(":")[0] == STEWARD

    def needs_person(self, *, required: bool) -> bool:
        """True when a steward must look: not accepted, unless the paper leaves an optional field blank on purpose.

        A field that was merely not seen may be on the paper all the same.
        """
        return not self.accepted and (required or LEFT_BLANK not in self.reasons)


class Subject(Stored):
    """A person or body the record is about."""

    role: str
    personal_id: str | None = None
    full_name: str | None = None
    date_of_birth: str | None = None


class FileSignature(PdfSignature):
    """A digital signature of a file the record was made from; `file` is the name as the clerk gave it."""

    file: str


class PoorPage(Stored):
    """A page that was scanned less than well; `file` is the name as the clerk gave it."""

    file: str
    page_number: int
    quality: PageQuality


class Provenance(Stored):
    """How the record came about, who signed the files it was made from, and which of its pages were scanned poorly.

    `calibration` is the fingerprint of the calibration that its fields were accepted by; None before there was one.
    """

    readers: tuple[ReaderInfo, ...] = ()
    steps: tuple[Step, ...] = ()
    paper_type_fingerprint: str
    software: str
    created_at: datetime
    signatures: tuple[FileSignature, ...] = ()
    poor_pages: tuple[PoorPage, ...] = ()
    calibration: str | None = None


class Record(StoredDocument):
    """One revision of one paper's record. Never changed in place; a change is a new revision.

    `withdrawn` marks a superseded record that nobody decided on: its pages went to other papers when the dossier was
    split anew.

    Attributes:
        decision: The decision of a person that this revision came of; None: the machine made it.
        supersedes: Identifiers of the records whose place this one took.
        superseded_by: Identifier of the record that took the place of this one.
        revocation: The act that revoked it.
    """

    schema_: str = Field(default="sohoa.record/1", alias="schema")
    record_id: str
    revision: int
    state: RecordState
    dossier_id: str
    dossier_code: str | None = None
    paper_type: str
    paper_type_version: int
    type_confidence: float | None = None
    type_reasons: tuple[str, ...] = ()
    source: tuple[SourcePage, ...]
    subjects: tuple[Subject, ...] = ()
    fields: dict[str, ExtractedField] = Field(default_factory=dict)
    metadata: dict[str, Any] = Field(default_factory=dict)
    provenance: Provenance
    withdrawn: bool = False
    decision: Decision | None = None
    supersedes: tuple[str, ...] = ()
    superseded_by: str | None = None
    revocation: Revocation | None = None

    @property
    def made_at(self) -> datetime:
        """When the revision was made: decided by a person, or read by the machine."""
        return self.decision.at if self.decision else self.provenance.created_at

    @property
    def is_erased(self) -> bool:
        """True for what stays of a record that was erased under a decision: its identifier and paper type alone."""
        return self.decision is not None and self.decision.kind is DecisionKind.ERASE

    def same_content_as(self, other: "Record") -> bool:
        """True when the two revisions say the same, whenever and by whichever software or calibration they were made.

        A new calibration moves every probability a little; only where it changes a decision does the record change.
        """
        return self.content() == other.content()

    def content(self) -> dict[str, Any]:
        """Return what the revision says, without when and by what it was made and how probable each value is."""
        circumstances = {"created_at": True, "software": True, "calibration": True}
        content = self.model_dump(exclude={"revision": True, "provenance": circumstances})
        for field in content["fields"].values():
            del field["confidence"]
        return content
