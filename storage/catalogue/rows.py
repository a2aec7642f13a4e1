"""The nouns of the catalogue: one row each, without personal data; keyed hashes stand for persons."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from extractors.record import Record, RecordState
from storage.catalogue.record_facts import agency_of, iso_date, scope_of, text_of, trust_level_of, verified_by
from storage.dossier import Dossier, DossierState
from storage.dossier_segment import dossier_segment
from storage.waiting import open_fields, waits


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """The latest revision of one record.

    Attributes:
        record_id: Its identifier.
        revision: From 1.
        state: Where it stands.
        dossier_segment: What stands for its dossier; see `storage.dossier_segment`.
        paper_type: Identifier of the paper type.
        paper_type_version: The version of that type it was read by.
        doubtful_fields: How many of its fields are not accepted.
        created_at: When this revision was made, in UTC.
        issued_date: Day, month or year the paper was issued, ISO 8601, or None.
        valid_until: Last day the paper is valid, ISO 8601; None: without end, or not told.
        trust_level: TT 01/2023 Điều 9.2: "01", "02" or "03"; None where the record states none.
        scope: Code of the one purpose the paper was issued for (`extractors.procedures.purposes`); None: any.
        verified_by: Who decided its accepted fields: "machine", "steward" or "both".
        superseded_by: The record that took its place, or None.
        agency: The agency whose record it is; None: that of this catalogue.
        waits: True when a person has to look: a doubtful field, or one of the blind sample.
        open_fields: How many fields that are, those left blank on the paper not counted.
    """

    record_id: str
    revision: int
    state: RecordState
    dossier_segment: str
    paper_type: str
    paper_type_version: int
    doubtful_fields: int
    created_at: datetime
    issued_date: str | None = None
    valid_until: str | None = None
    trust_level: str | None = None
    scope: str | None = None
    verified_by: str = "machine"
    superseded_by: str | None = None
    agency: str | None = None
    waits: bool = False
    open_fields: int = 0

    @classmethod
    def of(cls, record: Record) -> Self:
        """Project a record."""
        created_at = record.provenance.created_at
        return cls(
            record_id=record.record_id,
            revision=record.revision,
            state=record.state,
            # What stays of an erased record names its dossier by the segment alone.
            dossier_segment=record.dossier_id if record.is_erased else dossier_segment(record.dossier_id),
            paper_type=record.paper_type,
            paper_type_version=record.paper_type_version,
            doubtful_fields=sum(not field.accepted for field in record.fields.values()),
            created_at=(created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC)).astimezone(UTC),
            issued_date=iso_date(record.metadata.get("issued_date")),
            valid_until=iso_date(record.metadata.get("valid_until")),
            trust_level=trust_level_of(record.metadata.get("trust_level")),
            scope=scope_of(text_of(record.metadata.get("scope"))),
            verified_by=verified_by(record),
            superseded_by=record.superseded_by,
            agency=agency_of(record.metadata.get("agency")),
            waits=waits(record),
            open_fields=len(open_fields(record)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """One person or body a record is about; each key None where the record does not tell, or no key is set.

    Attributes:
        ordinal: Which of the record's subjects, from 0.
        role: What it is in the paper (`child`, `mother`, `owner`).
        subject_key: Stands for the identifier.
        name_key: Stands for the name.
        birth_key: Stands for the date of birth.
    """

    ordinal: int
    role: str
    subject_key: str | None
    name_key: str | None
    birth_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRow(RecordRow):
    """A record that is about the subject asked for, and what the record makes of that subject; see `SubjectRow`."""

    role: str
    name_key: str | None = None
    birth_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRow:
    """The latest revision of one dossier.

    Attributes:
        dossier_segment: What stands for it.
        revision: From 1.
        state: How much of it was digitised.
        paper_count: Number of its papers.
        page_count: All pages that are known, the failed ones too.
        failed_page_count: Those that could not be read.
        created_at: When this revision was made, in UTC.
        agency: The agency it was sent for, or None.
        question_count: Choices between papers that a steward is asked to confirm.
    """

    dossier_segment: str
    revision: int
    state: DossierState
    paper_count: int
    page_count: int
    failed_page_count: int
    created_at: datetime
    agency: str | None = None
    question_count: int = 0

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        """Project a dossier."""
        return cls(
            dossier_segment=dossier.segment,
            revision=dossier.revision,
            state=dossier.state,
            paper_count=len(dossier.papers),
            page_count=len(dossier.page_places()),
            failed_page_count=len(dossier.failed_pages),
            created_at=dossier.created_at,
            agency=agency_of(dossier.agency),
            question_count=len(dossier.questions),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """One entry of the read log.

    Attributes:
        entry_id: Its identifier; an entry that is entered twice counts once.
        at: When it was read.
        kind: "lookup", "related", "record", "export" or "subject"; see `storage.read_log.entry.ReadKind`.
        reader: Account of who read.
        agency: The reader's agency, or None.
        purpose: What for. The catalogue keeps its code alone: the text may hold names and stays in the read log.
        procedure: Short code of the procedure, or None.
        dossier_code: The dossier it was read for, or None; not kept in the catalogue, where it is always None.
        subject_key: Stands for whose papers were asked for, or None.
        record_ids: The records that were shown.
        held: Components of the procedure that were held and thus not asked for.
        missing: Components that were missing.
        refused: Components whose paper was held and refused.
        piece: Name of the stored piece of the read log that it lies in; None: not stored yet, or not known.
    """

    entry_id: str
    at: datetime
    kind: str
    reader: str
    agency: str | None = None
    purpose: str | None = None
    procedure: str | None = None
    dossier_code: str | None = None
    subject_key: str | None = None
    record_ids: tuple[str, ...] = ()
    held: int = 0
    missing: int = 0
    refused: int = 0
    piece: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseRow:
    """What looking up saved in one procedure at one agency: `not_asked` papers the citizen need not bring."""

    procedure: str | None
    agency: str | None
    lookups: int
    not_asked: int
    missing: int
    refused: int
