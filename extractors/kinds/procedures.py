"""Codes of dossiers and procedures, numbers and classes of driving licences."""

import re
from datetime import UTC, datetime

from extractors.kinds.date import parse_date
from extractors.kinds.parsed import Parsed, invalid
from extractors.record import LEFT_BLANK
from ocr.vietnamese import fold, to_nfc

_EDGE = " .,:;_-–—…|'`\"“”*()[]"
# Unit code of QCVN 102:2016 (`001.02.03.H12`) or of QĐ 20/2020/QĐ-TTg (`H44.100`), day, number of that day.
# Source: TT 01/2018/TT-VPCP Điều 19; domain §6.
_DOSSIER_CODE = re.compile(
    r"(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{1,3}){0,4})-(?P<day>\d{6})-\d{4,5}", re.ASCII
)
_PROCEDURE_CODE = re.compile(r"[1-9]\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?", re.ASCII)
_LICENSE_NUMBER = re.compile(r"(?<!\w)\d(?:[ .]?\d){11}(?!\w|[ .]?\d)", re.ASCII)
# Luật Giao thông đường bộ 2008 Điều 59; Luật Trật tự, an toàn giao thông đường bộ 2024 Điều 57.
_LICENSE_CLASSES = frozenset(
    [
        "A1",
        "A",
        "A2",
        "A3",
        "A4",
        "B1",
        "B",
        "B2",
        "C1",
        "C",
        "D1",
        "D2",
        "D",
        "E",
        "BE",
        "C1E",
        "CE",
        "D1E",
        "D2E",
        "DE",
        "FB2",
        "FC",
        "FD",
        "FE",
    ]
)


def parse_dossier_code(raw: str) -> Parsed:
    """Return the code of a dossier (`H44.100-251112-0012`); partial where its day is none of the calendar."""
    match = _DOSSIER_CODE.fullmatch(_without_blanks(raw))
    if match is None:
        return invalid("not-a-dossier-code")
    try:
        datetime.strptime(match["day"], "%y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return Parsed(match.group(), "day-impossible", partial=True)
    return Parsed(match.group())


def parse_procedure_code(raw: str) -> Parsed:
    """Return the code of a procedure (`1.001193`, `1.001122.000.00.00.H48`)."""
    text = _without_blanks(raw)
    return Parsed(text) if _PROCEDURE_CODE.fullmatch(text) else invalid("not-a-procedure-code")


def parse_license_number(raw: str) -> Parsed:
    """Return the 12 digits of a driving licence, blanks and dots between them removed."""
    match = _LICENSE_NUMBER.match(" ".join(to_nfc(raw).split()).strip(_EDGE))
    return Parsed(re.sub(r"\D", "", match.group())) if match else invalid("not-a-license-number")


def parse_license_class(raw: str) -> Parsed:
    """Return the class of a driving licence, or several parted by commas (`A1, B2`)."""
    text = to_nfc(raw).upper().strip(_EDGE)
    classes = [part for part in re.split(r"[\s,;/+&]+|VÀ", text) if part]
    known = bool(classes) and all(name in _LICENSE_CLASSES for name in classes)
    return Parsed(", ".join(dict.fromkeys(classes))) if known else invalid("not-a-license-class")


def parse_expiry_date(raw: str) -> Parsed:
    """Return the day until which a paper is valid; `Không thời hạn` is what the paper says, not a day."""
    if re.search(r"\b(?:khong (?:xac dinh )?thoi han|vo thoi han|lau dai)\b", fold(raw)):
        return invalid(LEFT_BLANK)
    return parse_date(raw)


def _without_blanks(raw: str) -> str:
    text = re.sub(r"[–—−]", "-", "".join(to_nfc(raw).split())).strip(_EDGE)
    return text.upper()
