"""The names of stored objects read back: what each says, or that it names nothing of its kind."""

import re
from typing import NamedTuple

from storage import keys
from storage.dossier_segment import SEGMENT

_REVISION = f"r({keys.NUMBER})\\.json"
_PAGE_AND_RECIPE = f"({keys.SHA256})/({keys.NUMBER})/({keys.RECIPE})\\.json"
_CASES_PREFIX = f"{keys.ERASURES_PREFIX}|{keys.HOLDS_PREFIX}|{keys.REQUESTS_PREFIX}"

_SCAN = re.compile(f"{keys.SCANS_PREFIX}([0-9a-f]{{2}})/([0-9a-f]{{62}})")
_PAGE = re.compile(f"{keys.PAGES_PREFIX}{_PAGE_AND_RECIPE}")
_READING = re.compile(f"{keys.READINGS_PREFIX}{_PAGE_AND_RECIPE}")
_PREVIEW = re.compile(f"{keys.PREVIEWS_PREFIX}({keys.SHA256})/({keys.NUMBER})\\.webp")
_RECORD = re.compile(f"{keys.RECORDS_PREFIX}({keys.RECORD_ID})/{_REVISION}")
_PAPER_PDF = re.compile(f"{keys.PAPERS_PREFIX}({keys.RECORD_ID})/paper\\.pdf")
_CALIBRATION = re.compile(f"{keys.CALIBRATIONS_PREFIX}{_REVISION}")
_DOSSIER = re.compile(f"{keys.DOSSIERS_PREFIX}({SEGMENT})/{_REVISION}")
_READ_LOG = re.compile(f"{keys.READ_LOG_PREFIX}({keys.DAY})/({keys.LOG_SEGMENT})\\.jsonl")
_PROCEDURE = re.compile(f"{keys.PROCEDURES_PREFIX}({keys.PROCEDURE_CODE})/{_REVISION}")
_BATCH = re.compile(f"{keys.BATCHES_PREFIX}({keys.BATCH_ID})/{_REVISION}")
_CASE = re.compile(f"({_CASES_PREFIX})({keys.CASE_ID})/{_REVISION}")


class PageKey(NamedTuple):
    """What the name of a stored page text says."""

    scan_sha256: str
    page_number: int
    recipe: str


class RecordKey(NamedTuple):
    """What the name of a record's revision says."""

    record_id: str
    revision: int


class DossierKey(NamedTuple):
    """What the name of a dossier's revision says; see `dossier_segment` for the segment."""

    segment: str
    revision: int


class ReadLogKey(NamedTuple):
    """What the name of a piece of the read log says: the day in UTC (ISO 8601) and which piece."""

    day: str
    segment: str


class ProcedureKey(NamedTuple):
    """What the name of a procedure's revision says."""

    code: str
    revision: int


class BatchKey(NamedTuple):
    """What the name of a batch's revision says."""

    batch_id: str
    revision: int


class CaseKey(NamedTuple):
    """What the name of a revision of an erasure, hold or request says; `prefix` tells which it is."""

    prefix: str
    case_id: str
    revision: int


def parse_scan_key(key: str) -> str | None:
    """Return the SHA-256 a scan is named by, or None when `key` names no scan."""
    match = _SCAN.fullmatch(key)
    return match[1] + match[2] if match else None


def parse_page_key(key: str) -> PageKey | None:
    """Return what the name of a page text says, or None when `key` names no page text."""
    match = _PAGE.fullmatch(key)
    return PageKey(match[1], int(match[2]), match[3]) if match else None


def parse_reading_key(key: str) -> PageKey | None:
    """Return what the name of a second reading says, or None when `key` names none."""
    match = _READING.fullmatch(key)
    return PageKey(match[1], int(match[2]), match[3]) if match else None


def parse_preview_key(key: str) -> PageKey | None:
    """Return scan and page of a picture for people (without a recipe), or None when `key` names none."""
    match = _PREVIEW.fullmatch(key)
    return PageKey(match[1], int(match[2]), "") if match else None


def parse_record_key(key: str) -> RecordKey | None:
    """Return what the name of a record's revision says, or None when `key` names none."""
    match = _RECORD.fullmatch(key)
    return RecordKey(match[1], int(match[2])) if match else None


def parse_paper_pdf_key(key: str) -> str | None:
    """Return the record whose paper a two-layer PDF is, or None when `key` names none."""
    match = _PAPER_PDF.fullmatch(key)
    return match[1] if match else None


def parse_calibration_key(key: str) -> int | None:
    """Return the number of a calibration's revision, or None when `key` names none."""
    match = _CALIBRATION.fullmatch(key)
    return int(match[1]) if match else None


def parse_dossier_key(key: str) -> DossierKey | None:
    """Return what the name of a dossier's revision says, or None when `key` names none."""
    match = _DOSSIER.fullmatch(key)
    return DossierKey(match[1], int(match[2])) if match else None


def parse_read_log_key(key: str) -> ReadLogKey | None:
    """Return what the name of a piece of the read log says, or None when `key` names none."""
    match = _READ_LOG.fullmatch(key)
    return ReadLogKey(match[1], match[2]) if match else None


def parse_procedure_key(key: str) -> ProcedureKey | None:
    """Return what the name of a procedure's revision says, or None when `key` names none."""
    match = _PROCEDURE.fullmatch(key)
    return ProcedureKey(match[1], int(match[2])) if match else None


def parse_batch_key(key: str) -> BatchKey | None:
    """Return what the name of a batch's revision says, or None when `key` names none."""
    match = _BATCH.fullmatch(key)
    return BatchKey(match[1], int(match[2])) if match else None


def parse_case_key(key: str) -> CaseKey | None:
    """Return what the name of a revision of an erasure, hold or request says, or None when `key` names none."""
    match = _CASE.fullmatch(key)
    return CaseKey(match[1], match[2], int(match[3])) if match else None
