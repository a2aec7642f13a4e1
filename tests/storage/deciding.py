"""Records to decide on, with the fields of a birth certificate. All persons are invented."""

import hashlib
from datetime import UTC, datetime

from extractors.paper_type_loader import shipped_paper_types
from extractors.record import (
    Evidence,
    ExtractedField,
    FieldStatus,
    Provenance,
    Record,
    RecordState,
    SourcePage,
)
from extractors.summary import metadata_of, subjects_of
from ocr.page import Box
from storage.acts import Act
from storage.keys import record_id_for

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
TYPES = shipped_paper_types()
BIRTH = next(paper_type for paper_type in TYPES if paper_type.id == "giay-khai-sinh")
SEEN = Evidence(file="scan.pdf", page_number=1, box=Box(10, 10, 60, 30), reader="replay")

VALUES = {
    "number": "12/2019",
    "full_name": "Trần Thị Thử",
    "date_of_birth": "2019-05-06",
    "sex": "Nữ",
    "personal_id": "001319012345",
    "mother_name": "Lê Thị Mẫu",
    "registration_place": "UBND xã Thử, huyện Ba Vì, thành phố Hà Nội",
    "registration_date": "2019-05-20",
}


def read(value: str, *, accepted: bool = True, **changes) -> ExtractedField:
    values = {
        "value": value,
        "raw": value.upper(),
        "status": FieldStatus.FOUND,
        "accepted": accepted,
        "confidence": 0.9,
        "decided_by": "two-readers" if accepted else None,
        "reasons": () if accepted else ("single-reading",),
        "evidence": SEEN,
        "signals": ("two-readers",),
    }
    return ExtractedField(**{**values, **changes})


def birth_record(nth: int = 1, *, doubtful: tuple[str, ...] = (), **changes) -> Record:
    """A birth certificate the machine read; the fields named in `doubtful` wait for a person."""
    scan = hashlib.sha256(f"scan {nth}".encode()).hexdigest()
    fields = {name: read(value, accepted=name not in doubtful) for name, value in VALUES.items()}
    fields["father_name"] = ExtractedField(status=FieldStatus.MISSING, reasons=("left-blank",), raw="-/-")
    fields.update(changes.pop("fields", {}))
    values = {
        "record_id": record_id_for(f"hs-{nth:03}", scan, 1),
        "revision": 1,
        "state": RecordState.NEEDS_REVIEW if doubtful else RecordState.ACCEPTED,
        "dossier_id": f"hs-{nth:03}",
        "paper_type": BIRTH.id,
        "paper_type_version": BIRTH.version,
        "source": (SourcePage(file="scan.pdf", page_number=1, sha256=scan),),
        "subjects": subjects_of(BIRTH, fields),
        "fields": fields,
        "metadata": metadata_of(BIRTH, fields, 1),
        "provenance": Provenance(paper_type_fingerprint="f", software="sohoa 0.1.0", created_at=NOON),
    }
    return Record(**{**values, **changes})


def act(reason: str = "đối chiếu bản gốc", *evidence: str, by: str = "lan") -> Act:
    return Act(by, reason, evidence)
