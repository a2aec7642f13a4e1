"""The kinds of objects a store holds, and how one object of each is checked by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from extractors.calibration.model import Calibration
from extractors.procedures.procedure import Procedure
from extractors.record import Record
from ocr.line_reading import SecondReading
from ocr.page import PageText
from ocr.problem import Code, SohoaError
from storage.batch import Batch
from storage.batches import batch_key_of
from storage.documents import parsed_document
from storage.dossier import Dossier
from storage.dossiers import dossier_key_of
from storage.key_parsing import (
    CaseKey,
    parse_batch_key,
    parse_calibration_key,
    parse_case_key,
    parse_dossier_key,
    parse_page_key,
    parse_paper_pdf_key,
    parse_preview_key,
    parse_procedure_key,
    parse_read_log_key,
    parse_reading_key,
    parse_record_key,
    parse_scan_key,
)
from storage.keys import (
    BATCHES_PREFIX,
    CALIBRATIONS_PREFIX,
    DOSSIERS_PREFIX,
    ERASURES_PREFIX,
    HOLDS_PREFIX,
    PAGES_PREFIX,
    PAPERS_PREFIX,
    PREVIEWS_PREFIX,
    PROCEDURES_PREFIX,
    READ_LOG_PREFIX,
    READINGS_PREFIX,
    RECORDS_PREFIX,
    REQUESTS_PREFIX,
    SCANS_PREFIX,
    calibration_key,
    case_key,
    procedure_key,
    reading_key,
)
from storage.pages import page_key_of
from storage.read_log.segment import check_segment, followed_key
from storage.records import record_key_of
from storage.rights.cases import Case
from storage.rights.erasure import Erasure
from storage.rights.hold import Hold
from storage.rights.request import CorrectionRequest

Check = Callable[[str, bytes], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of objects.

    Attributes:
        name: Stable, for programs.
        prefix: What the names of all of them start with.
        parse_key: Gives what a name says, or None for a name this product does not give.
        check: Turns name and bytes into the noun, or raises `OBJECT_DAMAGED`; None where the name is the hash of the
            bytes, which are then read in pieces.
        is_derived: True for what can be made again from a scan, and is then stored under the same name.
        revises: Of what a name says, the thing that has revisions, and the number; None where there are none.
    """

    name: str
    prefix: str
    parse_key: Callable[[str], Any]
    check: Check | None
    is_derived: bool = False
    revises: Callable[[Any], tuple[str, int]] | None = None


def _reading(key: str, data: bytes) -> SecondReading:
    # Readers and line are part of the name as a fingerprint: which scan and page it is of is what can be compared.
    place = parse_reading_key(key)
    recipe = place.recipe if place else ""
    return parsed_document(
        key,
        data,
        SecondReading.from_json,
        lambda found: reading_key(found.scan_sha256, found.page_number, recipe),
    )


def _picture(key: str, data: bytes) -> None:
    """Check the frame of a WebP file: it says itself how long it is."""
    length = int.from_bytes(data[4:8], "little") + 8
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or not length <= len(data) <= length + 1:
        raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{key}: not a whole WebP picture")


def _pdf(key: str, data: bytes) -> None:
    """Check head and end of a PDF file; what lies between is kept by the ledger."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{key}: not a whole PDF file")


def _record(key: str, data: bytes) -> Record:
    return parsed_document(key, data, Record.from_json, record_key_of)


def _dossier(key: str, data: bytes) -> Dossier:
    return parsed_document(key, data, Dossier.from_json, dossier_key_of)


def _batch(key: str, data: bytes) -> Batch:
    return parsed_document(key, data, Batch.from_json, batch_key_of)


def _page(key: str, data: bytes) -> PageText:
    return parsed_document(key, data, PageText.from_json, page_key_of)


def _calibration(key: str, data: bytes) -> Calibration:
    return parsed_document(key, data, Calibration.from_json, lambda found: calibration_key(found.revision))


def _procedure(key: str, data: bytes) -> Procedure:
    return parsed_document(key, data, Procedure.from_json, lambda found: procedure_key(found.code, found.revision))


def _case(prefix: str, noun: type[Case]) -> Check:
    def check(key: str, data: bytes) -> Case:
        return parsed_document(key, data, noun.from_json, lambda case: case_key(prefix, case.case_id, case.revision))

    return check


def _read_log(key: str, data: bytes) -> str | None:
    """Check the chain of a piece; gives the name of the piece it follows."""
    faults = check_segment(data, key)
    if faults:
        raise SohoaError(faults[0].code, detail=faults[0].detail)
    return followed_key(data)


def _of_case(place: CaseKey) -> tuple[str, int]:
    return place.case_id, place.revision


# In the order they are checked: what others refer to comes first.
KINDS = (
    Kind("scans", SCANS_PREFIX, parse_scan_key, None),
    Kind("pages", PAGES_PREFIX, parse_page_key, _page, is_derived=True),
    Kind("readings", READINGS_PREFIX, parse_reading_key, _reading, is_derived=True),
    Kind("previews", PREVIEWS_PREFIX, parse_preview_key, _picture, is_derived=True),
    Kind("records", RECORDS_PREFIX, parse_record_key, _record, revises=tuple),
    Kind("papers", PAPERS_PREFIX, parse_paper_pdf_key, _pdf, is_derived=True),
    Kind("dossiers", DOSSIERS_PREFIX, parse_dossier_key, _dossier, revises=tuple),
    Kind("batches", BATCHES_PREFIX, parse_batch_key, _batch, revises=tuple),
    Kind("calibration", CALIBRATIONS_PREFIX, parse_calibration_key, _calibration, revises=lambda number: ("", number)),
    Kind("read-log", READ_LOG_PREFIX, parse_read_log_key, _read_log),
    Kind("procedures", PROCEDURES_PREFIX, parse_procedure_key, _procedure, revises=tuple),
    Kind("erasures", ERASURES_PREFIX, parse_case_key, _case(ERASURES_PREFIX, Erasure), revises=_of_case),
    Kind("holds", HOLDS_PREFIX, parse_case_key, _case(HOLDS_PREFIX, Hold), revises=_of_case),
    Kind("requests", REQUESTS_PREFIX, parse_case_key, _case(REQUESTS_PREFIX, CorrectionRequest), revises=_of_case),
)


def kind_of(key: str) -> Kind | None:
    """Return the kind of the object named `key`; None for a name this product does not give."""
    kind = next((kind for kind in KINDS if key.startswith(kind.prefix)), None)
    return kind if kind is not None and kind.parse_key(key) is not None else None
