"""What a record says beside its fields and follows from them: whom it is about, and the metadata of the archive.

One source for what the machine read and for what a person corrected.
"""

from collections.abc import Mapping

from extractors.paper_type import UNKNOWN_PAPER_TYPE, PaperType
from extractors.record import ExtractedField, Subject
from extractors.validity import valid_until

# TT 05/2025/TT-BNV, confidenceLevel: 02 = made by digitising paper.
DIGITISED = "02"


def subjects_of(paper_type: PaperType | None, fields: Mapping[str, ExtractedField]) -> tuple[Subject, ...]:
    """Return the persons and bodies that `fields` name, as the paper type declares them."""

    def value(name: str | None) -> str | None:
        return _text(fields, name) if name else None

    subjects = (
        Subject(
            role=declared.role,
            personal_id=value(declared.personal_id),
            full_name=value(declared.full_name),
            date_of_birth=value(declared.date_of_birth),
        )
        for declared in (paper_type.subjects if paper_type else ())
    )
    return tuple(subject for subject in subjects if subject.personal_id or subject.full_name)


def metadata_of(
    paper_type: PaperType | None, fields: Mapping[str, ExtractedField], page_count: int
) -> dict[str, str | int | None]:
    """Return the minimum list of TT 01/2023 Điều 9.2 (domain §2.3) as far as the paper gives it."""
    data: dict[str, str | int | None] = {
        "paper_type": paper_type.id if paper_type else UNKNOWN_PAPER_TYPE,
        "paper_name": paper_type.name if paper_type else None,
        "type_code": paper_type.code if paper_type else None,
        "trust_level": DIGITISED,
        "page_count": page_count,
        "valid_until": valid_until(paper_type.validity, fields) if paper_type else None,
        "scope": None,
    }
    for key, name in (paper_type.metadata if paper_type else {}).items():
        data[key] = _text(fields, name)
    return data


def _text(fields: Mapping[str, ExtractedField], name: str) -> str | None:
    """Return a field's value; None where it has none, or the record was made before the type had the field."""
    found = fields.get(name)
    return found.value if found is not None and isinstance(found.value, str) else None
