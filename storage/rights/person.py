"""The person whose rights are exercised: told by an identifier that stays in memory, by its hash everywhere else."""

from dataclasses import dataclass, field

from extractors.record import Record, Subject
from ocr.problem import SohoaError
from storage.identity import IdentityKey, normal_identifier


@dataclass(frozen=True, slots=True)
class Person:
    """A person (or body) by identifier.

    Attributes:
        identifier: As `normal_identifier` gives it; never stored, never printed.
        subject_key: What stands for it in catalogue, read log and cases.
    """

    identifier: str = field(repr=False)
    subject_key: str

    @classmethod
    def of(cls, identifier: str, key: IdentityKey) -> "Person":
        """Return the person with this identifier.

        Raises:
            SohoaError: `SUBJECT_INVALID` when it has not the shape of one.
        """
        normal = normal_identifier(identifier)
        return cls(normal, key.subject(normal))

    def is_named_by(self, subject: Subject) -> bool:
        """True when a subject of a record bears the person's identifier."""
        return identifier_of(subject) == self.identifier

    def has_paper(self, record: Record) -> bool:
        """True when the person is a subject of the record."""
        return any(self.is_named_by(subject) for subject in record.subjects)


def identifier_of(subject: Subject) -> str | None:
    """Return a subject's identifier as it is hashed; None where it has none, or none that can be."""
    if subject.personal_id is None:
        return None
    try:
        return normal_identifier(subject.personal_id)
    except SohoaError:
        return None
