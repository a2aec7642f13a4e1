"""What machine-readable codes and zones of a paper say, field by field.

They are witnesses of their own: a QR code carries error correction, a machine-readable zone check digits, and neither
is read the way print is read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ocr.page import Box, MachineReadableZone, PageCode, PageText

# QR of the chip card: 12 digits, 9 digits of an earlier card or none, name, date of birth, sex, residence, date of
# issue, parted by bars. Source: read off by many apps that scan the card; the layout of newer cards adds parts behind.
_ID_CARD = ("personal_id", "earlier_id", "full_name", "date_of_birth", "sex", "residence", "issued_date")
_MRZ = ("personal_id", "date_of_birth", "sex", "expiry_date", "full_name")
# No card ends so late: what is printed is `Không thời hạn`.
_NO_EXPIRY = "2099-12-31"
# Source: domain, identifiers: QĐ 20/2020/QĐ-TTg and TT 01/2018/TT-VPCP Điều 19.
DOSSIER_CODE = re.compile(r"(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{1,3}){0,4})-\d{6}-\d{4,5}")

PAYLOADS = (
    *(f"id_card.{name}" for name in _ID_CARD),
    *(f"mrz.{name}" for name in _MRZ),
    "dossier.code",
)


@dataclass(frozen=True, slots=True)
class Payload:
    """One value of a code or zone, as papers print it; which page of the paper the code stands on, and where."""

    text: str
    page_index: int
    box: Box
    reader: str


def payloads_of(pages: tuple[PageText, ...]) -> Mapping[str, Payload]:
    """Return what the codes and zones of `pages` say, by a name of `PAYLOADS`; the first of several codes counts.

    A zone any of whose checks fails says nothing.
    """
    found: dict[str, Payload] = {}
    for page_index, page in enumerate(pages):
        for code in page.codes:
            for name, text in _of_code(code):
                found.setdefault(name, Payload(text, page_index, code.box, code.format.value))
        for zone in page.mrz:
            for name, text in _of_zone(zone):
                found.setdefault(name, Payload(text, page_index, zone.box, zone.reader))
    return found


def _of_code(code: PageCode) -> Iterator[tuple[str, str]]:
    parts = [part.strip() for part in code.text.split("|")]
    if len(parts) >= len(_ID_CARD) and re.fullmatch(r"\d{12}", parts[0]):
        for name, text in zip(_ID_CARD, parts, strict=False):
            value = _plain_date(text) if name in {"date_of_birth", "issued_date"} else text
            if value:
                yield f"id_card.{name}", value
    else:
        match = DOSSIER_CODE.search(code.text)
        if match:
            yield "dossier.code", match.group()


def _of_zone(zone: MachineReadableZone) -> Iterator[tuple[str, str]]:
    if not zone.valid:
        return
    values = {
        "personal_id": zone.personal_id,
        "date_of_birth": _printed(zone.date_of_birth),
        "sex": {"M": "Nam", "F": "Nữ"}.get(zone.sex or ""),
        "expiry_date": _printed(None if zone.expiry == _NO_EXPIRY else zone.expiry),
        "full_name": f"{zone.surname} {zone.given_names}".strip(),
    }
    for name in _MRZ:
        text = values[name]
        if text:
            yield f"mrz.{name}", text


def _plain_date(text: str) -> str | None:
    """Return `DDMMYYYY` as papers print it, or None where it is no date."""
    if not re.fullmatch(r"\d{8}", text):
        return None
    try:
        return f"{date(int(text[4:]), int(text[2:4]), int(text[:2])):%d/%m/%Y}"
    except ValueError:
        return None


def _printed(iso: str | None) -> str | None:
    """Return an ISO date as papers print it."""
    return "/".join(reversed(iso.split("-"))) if iso else None
