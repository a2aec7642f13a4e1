"""The names of all stored objects: built and checked here and nowhere else; `storage.key_parsing` reads them back.

No name carries personal data. A scan is named by its SHA-256, a record by a digest, and a dossier by its
identifier only when that looks like a code: clerks name folders after people too.
"""

import hashlib
import json
import re

from storage.dossier_segment import dossier_segment, is_dossier_segment, normal_dossier_id

SCANS_PREFIX = "scans/sha256/"
PAGES_PREFIX = "pages/"
READINGS_PREFIX = "readings/"
PREVIEWS_PREFIX = "previews/"
RECORDS_PREFIX = "records/"
PAPERS_PREFIX = "papers/"
DOSSIERS_PREFIX = "dossiers/"
CALIBRATIONS_PREFIX = "calibration/"
READ_LOG_PREFIX = "audit/"
PROCEDURES_PREFIX = "procedures/"
# What clerks sent through the service, a batch at a time.
BATCHES_PREFIX = "batches/"
# What people asked and decided about what is held on a person: erasures, holds, requests for correction.
ERASURES_PREFIX = "erasures/"
HOLDS_PREFIX = "holds/"
REQUESTS_PREFIX = "requests/"

_RECORD_ID_SCHEME = "sohoa.record-id/1"
_LONGEST_KEY = 512

# The parts that names are made of; `storage.key_parsing` takes names apart by the same patterns.
NUMBER = "[1-9][0-9]{0,8}"
SHA256 = "[0-9a-f]{64}"
RECIPE = "[A-Za-z0-9][A-Za-z0-9_-]{0,127}"
RECORD_ID = "r[0-9a-f]{24}"
# A short code of the national list, or one of our own table (`sohoa.ket-hon`).
PROCEDURE_CODE = "(?:[1-9]\\.[0-9]{6}|sohoa\\.[a-z0-9]+(?:-[a-z0-9]+)*)"
CASE_ID = "[0-9a-f]{24}"
BATCH_ID = "b[0-9a-f]{24}"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
LOG_SEGMENT = "[a-z0-9][a-z0-9-]{0,99}"

_KEY_PATTERN = re.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199})*")


def check_key(key: str) -> str:
    """Return `key` unchanged when it can name an object in every store.

    Raises:
        ValueError: Not relative, a segment that is empty or starts with a dot, a character other than
            ASCII letters, digits and `._-`, or too long.
    """
    if len(key) > _LONGEST_KEY or not _KEY_PATTERN.fullmatch(key):
        raise ValueError("not an object name")
    return key


def check_prefix(prefix: str) -> str:
    """Return `prefix` unchanged when objects can be listed by it: empty, or a name that ends with one slash.

    Raises:
        ValueError: `prefix` is neither.
    """
    if prefix:
        if not prefix.endswith("/"):
            raise ValueError("a prefix ends with a slash")
        check_key(prefix[:-1])
    return prefix


def scan_key(sha256: str) -> str:
    """Return the name of an original scan.

    Raises:
        ValueError: `sha256` is not 64 lower-case hexadecimal digits.
    """
    _check_sha256(sha256)
    return f"{SCANS_PREFIX}{sha256[:2]}/{sha256[2:]}"


def page_key(scan_sha256: str, page_number: int, recipe: str) -> str:
    """Return the name of the text of one page (from 1) read by one recipe.

    Raises:
        ValueError: An argument is malformed.
    """
    if not re.fullmatch(RECIPE, recipe):
        raise ValueError("not a recipe fingerprint")
    return f"{pages_of_scan_prefix(scan_sha256)}{_checked_number(page_number)}/{recipe}.json"


def pages_of_scan_prefix(scan_sha256: str) -> str:
    """Return the prefix of all page texts of one scan.

    Raises:
        ValueError: `scan_sha256` is not 64 lower-case hexadecimal digits.
    """
    _check_sha256(scan_sha256)
    return f"{PAGES_PREFIX}{scan_sha256}/"


def reading_key(scan_sha256: str, page_number: int, recipe: str) -> str:
    """Return the name of a second reading of one line of a page; `recipe` tells readers and line.

    Raises:
        ValueError: An argument is malformed.
    """
    _check_sha256(scan_sha256)
    if not re.fullmatch(RECIPE, recipe):
        raise ValueError("not a recipe fingerprint")
    return f"{READINGS_PREFIX}{scan_sha256}/{_checked_number(page_number)}/{recipe}.json"


def preview_key(scan_sha256: str, page_number: int) -> str:
    """Return the name of the picture of a page that is shown to people.

    Raises:
        ValueError: An argument is malformed.
    """
    _check_sha256(scan_sha256)
    return f"{PREVIEWS_PREFIX}{scan_sha256}/{_checked_number(page_number)}.webp"


def record_key(record_id: str, revision: int) -> str:
    """Return the name of one revision of a record.

    Raises:
        ValueError: An argument is malformed.
    """
    return f"{record_prefix(record_id)}r{_checked_number(revision)}.json"


def record_prefix(record_id: str) -> str:
    """Return the prefix of all revisions of a record.

    Raises:
        ValueError: `record_id` is not of the form `record_id_for` makes.
    """
    _check_record_id(record_id)
    return f"{RECORDS_PREFIX}{record_id}/"


def paper_pdf_key(record_id: str) -> str:
    """Return the name of the two-layer PDF/A of a record's paper.

    Raises:
        ValueError: `record_id` is not of the form `record_id_for` makes.
    """
    _check_record_id(record_id)
    return f"{PAPERS_PREFIX}{record_id}/paper.pdf"


def calibration_key(revision: int) -> str:
    """Return the name of one revision of the office's own calibration.

    Raises:
        ValueError: `revision` does not count from 1.
    """
    return f"{CALIBRATIONS_PREFIX}r{_checked_number(revision)}.json"


def read_log_key(day: str, segment: str) -> str:
    """Return the name of one piece of the read log of a day (UTC, ISO 8601).

    Raises:
        ValueError: An argument is malformed.
    """
    if not (re.fullmatch(DAY, day) and re.fullmatch(LOG_SEGMENT, segment)):
        raise ValueError("not a day and piece of the read log")
    return f"{READ_LOG_PREFIX}{day}/{segment}.jsonl"


def procedure_key(code: str, revision: int) -> str:
    """Return the name of one revision of a procedure.

    Raises:
        ValueError: An argument is malformed.
    """
    return f"{procedure_prefix(code)}r{_checked_number(revision)}.json"


def procedure_prefix(code: str) -> str:
    """Return the prefix of all revisions of a procedure.

    Raises:
        ValueError: `code` is not a short code of the national list (`1.001193`).
    """
    if not re.fullmatch(PROCEDURE_CODE, code):
        raise ValueError("not a procedure code")
    return f"{PROCEDURES_PREFIX}{code}/"


def batch_key(batch_id: str, revision: int) -> str:
    """Return the name of one revision of a batch.

    Raises:
        ValueError: An argument is malformed.
    """
    return f"{batch_prefix(batch_id)}r{_checked_number(revision)}.json"


def batch_prefix(batch_id: str) -> str:
    """Return the prefix of all revisions of a batch.

    Raises:
        ValueError: `batch_id` is not `b` and 24 hexadecimal digits.
    """
    if not re.fullmatch(BATCH_ID, batch_id):
        raise ValueError("not a batch identifier")
    return f"{BATCHES_PREFIX}{batch_id}/"


def case_key(prefix: str, case_id: str, revision: int) -> str:
    """Return the name of one revision of an erasure, hold or request.

    Raises:
        ValueError: An argument is malformed.
    """
    return f"{case_prefix(prefix, case_id)}r{_checked_number(revision)}.json"


def case_prefix(prefix: str, case_id: str) -> str:
    """Return the prefix of all revisions of an erasure, hold or request.

    Raises:
        ValueError: An argument is malformed.
    """
    if prefix not in {ERASURES_PREFIX, HOLDS_PREFIX, REQUESTS_PREFIX} or not re.fullmatch(CASE_ID, case_id):
        raise ValueError("not an erasure, hold or request")
    return f"{prefix}{case_id}/"


def dossier_key(dossier_id: str, revision: int) -> str:
    """Return the name of one revision of a dossier.

    Raises:
        ValueError: An argument is malformed.
    """
    return segment_key(dossier_segment(dossier_id), revision)


def segment_key(segment: str, revision: int) -> str:
    """Return the name of one revision of the dossier whose segment is already known.

    Raises:
        ValueError: An argument is malformed.
    """
    return f"{segment_prefix(segment)}r{_checked_number(revision)}.json"


def dossier_prefix(dossier_id: str) -> str:
    """Return the prefix of all revisions of a dossier.

    Raises:
        ValueError: See `dossier_segment`.
    """
    return segment_prefix(dossier_segment(dossier_id))


def segment_prefix(segment: str) -> str:
    """Return the prefix of all revisions of the dossier whose segment is already known.

    Raises:
        ValueError: `segment` is not one `dossier_segment` can make.
    """
    if not is_dossier_segment(segment):
        raise ValueError("not a dossier segment")
    return f"{DOSSIERS_PREFIX}{segment}/"


def record_id_for(dossier_id: str, first_page_scan_sha256: str, first_page_number: int) -> str:
    """Return the identifier of the record of the paper that starts on the given page of the given dossier.

    The same place always gives the same identifier, so a run that crashed and is repeated adds no second record.

    Raises:
        ValueError: An argument is malformed.
    """
    _check_sha256(first_page_scan_sha256)
    number = _checked_number(first_page_number)
    place = [_RECORD_ID_SCHEME, normal_dossier_id(dossier_id), first_page_scan_sha256, number]
    # JSON quotes its strings, so no two places share an encoding.
    encoded = json.dumps(place, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return f"r{hashlib.sha256(encoded).hexdigest()[:24]}"


def _check_sha256(sha256: str) -> None:
    if not re.fullmatch(SHA256, sha256):
        raise ValueError("not a SHA-256 in lower-case hexadecimal digits")


def _check_record_id(record_id: str) -> None:
    if not re.fullmatch(RECORD_ID, record_id):
        raise ValueError("not a record identifier")


def _checked_number(number: int) -> int:
    if isinstance(number, bool) or not re.fullmatch(NUMBER, str(number)):
        raise ValueError("pages and revisions count from 1")
    return number
