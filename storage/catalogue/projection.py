"""From stored nouns to rows."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from extractors.record import Record, RecordState, Subject
from storage.catalogue.record_facts import identifier_or_none, scope_of
from storage.catalogue.rows import DossierRow, HoldingRow, ReadRow, RecordRow, SubjectRow
from storage.dossier import DossierState
from storage.identity import IdentityKey

# Raise it with every change of what is projected: rows of another version are made again by a reindex.
PROJECTION_VERSION = "2"
_RECORD, _SUBJECT, _DOSSIER = (tuple(f.name for f in fields(row)) for row in (RecordRow, SubjectRow, DossierRow))
_READ = tuple(f.name for f in fields(ReadRow) if f.name not in {"record_ids", "dossier_code"})


@dataclass(frozen=True, slots=True)
class ProjectedRecord:
    """A record as the catalogue keeps it."""

    row: RecordRow
    subjects: tuple[SubjectRow, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """How nouns become rows: by this version of the code and one key for persons; without a key none is entered."""

    identity_key: IdentityKey | None

    @property
    def name(self) -> str:
        """Names the version and the key: rows of the same name need not be made again."""
        return f"{self.version}-{self.key_name}" if self.key_name else self.version

    @property
    def version(self) -> str:
        """The version of the code, without the key."""
        return PROJECTION_VERSION

    @property
    def key_name(self) -> str:
        """Tells keys apart; "" without one."""
        return "" if self.identity_key is None else self.identity_key.fingerprint

    def of_record(self, record: Record) -> ProjectedRecord:
        """Project a record."""
        subjects = tuple(self._subject(ordinal, subject) for ordinal, subject in enumerate(record.subjects))
        return ProjectedRecord(RecordRow.of(record), subjects)

    def _subject(self, ordinal: int, subject: Subject) -> SubjectRow:
        key, identifier = self.identity_key, identifier_or_none(subject.personal_id)
        return SubjectRow(
            ordinal=ordinal,
            role=subject.role,
            subject_key=key.subject(identifier) if key and identifier else None,
            name_key=key.name(subject.full_name) if key and subject.full_name else None,
            birth_key=key.date_of_birth(subject.date_of_birth) if key and subject.date_of_birth else None,
        )


def record_values(row: RecordRow) -> dict[str, Any]:
    """Return the columns of a record's row."""
    times = {"created_at": time_text(row.created_at)}
    return {**_columns_of(row, _RECORD), **times, "state": row.state.value, "waits": int(row.waits)}


def subject_values(row: SubjectRow) -> dict[str, Any]:
    """Return the columns of a record's subject, but for the record."""
    return _columns_of(row, _SUBJECT)


def dossier_values(row: DossierRow) -> dict[str, Any]:
    """Return the columns of a dossier's row."""
    return {**_columns_of(row, _DOSSIER), "state": row.state.value, "created_at": time_text(row.created_at)}


def read_values(row: ReadRow) -> dict[str, Any]:
    """Return the columns of an entry of the read log: the code of its purpose, and nothing of its dossier."""
    return {**_columns_of(row, _READ), "at": time_text(row.at), "purpose": scope_of(row.purpose)}


def record_row(values: dict[str, Any]) -> RecordRow:
    """Return the row of these columns."""
    return RecordRow(**{**_read_back(values, RecordState), "waits": bool(values["waits"])})


def holding_row(values: dict[str, Any]) -> HoldingRow:
    """Return the row of these columns."""
    return HoldingRow(**{**_read_back(values, RecordState), "waits": bool(values["waits"])})


def dossier_row(values: dict[str, Any]) -> DossierRow:
    """Return the row of these columns."""
    return DossierRow(**_read_back(values, DossierState))


def read_row(values: dict[str, Any], record_ids: tuple[str, ...]) -> ReadRow:
    """Return the row of these columns."""
    return ReadRow(**{**values, "at": datetime.fromisoformat(values["at"]), "record_ids": record_ids})


def time_text(moment: datetime) -> str:
    """Return a point in time as text in UTC, which sorts as time does and means the same in every database."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _columns_of(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    # `dataclasses.asdict` copies every value and takes ten times as long.
    return {name: getattr(row, name) for name in names}


def _read_back(values: dict[str, Any], state: type[RecordState] | type[DossierState]) -> dict[str, Any]:
    created_at = datetime.fromisoformat(values["created_at"])
    return {**values, "state": state(values["state"]), "created_at": created_at}
