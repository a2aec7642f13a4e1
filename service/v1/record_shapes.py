"""What the API answers about records, for its description. Values are made in `service.v1.showing`."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from extractors.kinds.parsed import Repair
from extractors.record import (
    DecisionKind,
    Evidence,
    FieldStatus,
    FieldValue,
    Provenance,
    RecordState,
    Revocation,
    SourcePage,
    Subject,
)
from extractors.units.place import NormalisedPlace
from ocr.page import Said

EXAMPLE_ID = "r0123456789abcdef01234567"
# An invented person's birth certificate, as far as it tells how a record looks.
EXAMPLE_FIELD: dict[str, Any] = {
    "value": "Trần Thị Thử",
    "raw": "TRẦN THỊ THỬ",
    "status": "found",
    "confidence": 0.993,
    "accepted": True,
    "decided_by": "two-readers",
    "evidence": {"file": "scan.pdf", "page_number": 1, "box": [812, 640, 1330, 692], "reader": "tesseract 5.5.4 vie"},
    "reasons": [],
    "source": "rule:two-readers",
    "verified_by": "machine",
    "last_updated": "2026-11-22T02:00:00Z",
}
EXAMPLE_RECORD: dict[str, Any] = {
    "schema": "sohoa.record/1",
    "record_id": EXAMPLE_ID,
    "revision": 1,
    "state": "accepted",
    "dossier_id": "hs-001",
    "dossier_code": None,
    "paper_type": "giay-khai-sinh",
    "paper_type_version": 1,
    "type_confidence": 0.99,
    "source": [{"file": "scan.pdf", "page_number": 1, "sha256": "0" * 64}],
    "subjects": [
        {
            "role": "owner",
            "personal_id": "001319012345",
            "full_name": "Trần Thị Thử",
            "date_of_birth": "2019-05-06",
        }
    ],
    "fields": {"full_name": EXAMPLE_FIELD},
    "metadata": {"paper_type": "giay-khai-sinh", "trust_level": "02", "page_count": 1, "agency": "H05.12"},
    "provenance": {
        "paper_type_fingerprint": "5e0b7c1f9a3d2468",
        "software": "sohoa 0.1.0",
        "created_at": "2026-11-22T02:00:00Z",
    },
}


class FieldShape(BaseModel):
    """One field of a record, with where its value comes from.

    Attributes:
        value: Normalised value (ISO 8601 dates, title-case names, decimal strings), or null; null too where nobody
            verified it yet and the caller is none of those who do.
        raw: As printed, or null.
        status: What is known of the field.
        confidence: Calibrated probability that the value is right, 0-1; null without a value.
        accepted: True when no person needs to look.
        decided_by: Name of the rule or person that supports it.
        evidence: Where it was seen: page of the file, box in pixels of the scan, and by which reader.
        reasons: Machine words for doubt, or `left-blank`.
        said: What each reader made of it.
        repairs: What lists put right in it.
        place: The administrative units an address names, then and today.
        signals: Names of what speaks for and against the value.
        source: Where the value comes from: `person`; `rule:<name>`, a rule that confirmed what was read;
            `reader:<name>`, one reader alone; `none`.
        verified_by: Who answers for it: `machine`; `steward`, a person; `second-keying`, two people who keyed the same
            without seeing each other's; null: nobody yet.
        last_updated: When the revision was made that last changed it.
    """

    value: FieldValue = None
    raw: str | None = None
    status: FieldStatus
    confidence: float | None = None
    accepted: bool
    decided_by: str | None = None
    evidence: Evidence | None = None
    reasons: list[str] = []
    said: list[Said] = []
    repairs: list[Repair] = []
    place: NormalisedPlace | None = None
    signals: list[str] = []
    source: str = Field(pattern="^(person|none|rule:.+|reader:.+)$")
    verified_by: str | None
    last_updated: datetime


class DecisionShape(BaseModel):
    """The act of a person that made a revision; who and why are told to the record's own agency alone.

    Attributes:
        kind: What was decided.
        by: Account of the person, or null.
        at: When.
        reason: Why, in the person's words, or null.
        evidence: What it rests on.
    """

    kind: DecisionKind
    by: str | None
    at: datetime
    reason: str | None
    evidence: list[str]


class RecordShape(BaseModel):
    """One revision of one paper's record (schema `sohoa.record/1`).

    Of another agency's record the names of its folder and files are replaced by codes: they may be names of persons.

    Attributes:
        schema_: Names the shape.
        record_id: Identifier of the record.
        revision: From 1; every change is a new revision.
        state: Where it stands.
        dossier_id: The dossier as its clerk named it, or what stands for it.
        dossier_code: Mã hồ sơ, when known.
        paper_type: Identifier of the paper type.
        paper_type_version: The version of the type it was read by.
        type_confidence: How sure the type is, 0-1.
        type_reasons: Machine words for doubt about the type.
        source: The pages it was made from.
        subjects: The persons and bodies it is about.
        fields: By name.
        metadata: The minimum list of TT 01/2023, as far as the paper gives it, and the agency.
        provenance: How the record came about.
        withdrawn: True where its pages went to other papers when the dossier was split anew.
        decision: The decision this revision came of; null: the machine made it.
        supersedes: The records whose place this one took.
        superseded_by: The record that took the place of this one.
        revocation: The act that revoked it.
    """

    model_config = ConfigDict(populate_by_name=True)

    schema_: str = Field(default="sohoa.record/1", alias="schema")
    record_id: str
    revision: int
    state: RecordState
    dossier_id: str
    dossier_code: str | None = None
    paper_type: str
    paper_type_version: int
    type_confidence: float | None = None
    type_reasons: list[str] = []
    source: list[SourcePage]
    subjects: list[Subject]
    fields: dict[str, FieldShape]
    metadata: dict[str, Any]
    provenance: Provenance
    withdrawn: bool = False
    decision: DecisionShape | None = None
    supersedes: list[str] = []
    superseded_by: str | None = None
    revocation: Revocation | None = None


class FieldsShape(BaseModel):
    """The fields of a record."""

    record_id: str
    revision: int
    state: RecordState
    paper_type: str
    fields: dict[str, FieldShape]


class OneFieldShape(FieldShape):
    """One field of a record, with what people call it.

    Attributes:
        name: Its name.
        label: In Vietnamese; the name where the paper type is not known here.
        kind: Kind of value, or null.
        record_id: The record.
        revision: The revision.
        state: Where the record stands.
    """

    name: str
    label: str
    kind: str | None
    record_id: str
    revision: int
    state: RecordState


class FieldChangeShape(BaseModel):
    """A field before and after a revision."""

    field: str
    before: FieldValue
    after: FieldValue
    decided_by: str | None


class BeforeAfter(BaseModel):
    """Something else before and after a revision."""

    before: Any
    after: Any


class RevisionShape(BaseModel):
    """One revision and what it changed."""

    revision: int
    state: RecordState
    at: datetime
    decision: DecisionShape | None
    withdrawn: bool
    fields: list[FieldChangeShape]
    others: dict[str, BeforeAfter]


class HistoryShape(BaseModel):
    """Every revision of a record, oldest first."""

    record_id: str
    revisions: list[RevisionShape]


class ListedRecord(BaseModel):
    """A record as a list names it: nothing of what its paper says.

    Attributes:
        record_id: Its identifier.
        revision: The latest.
        state: Where it stands.
        paper_type: Identifier of the paper type.
        agency: The agency whose record it is, or null.
        updated_at: When the latest revision was made.
        verified_by: Who decided its accepted fields: `machine`, `steward` or `both`.
    """

    record_id: str
    revision: int
    state: RecordState
    paper_type: str
    agency: str | None
    updated_at: datetime
    verified_by: str


class RecordPage(BaseModel):
    """A page of a list of records.

    Attributes:
        records: In an order that never changes.
        next: Cursor of the next page; null: this is the last.
    """

    records: list[ListedRecord]
    next: str | None
