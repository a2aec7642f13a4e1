"""Separator sheets that `sohoa separators` prints: a page with their QR parts two papers and belongs to neither.

The payload is `SOHOA:NGAN-CACH:1`, then any of `;loai=<paper type>` and `;ho-so=<dossier code>`. It carries no personal
data. A sheet of a later version still separates; what else it says is then left aside.
"""

import re
from dataclasses import dataclass

from extractors.payloads import DOSSIER_CODE
from ocr.page import CodeFormat, PageText
from ocr.vietnamese import fold

SEPARATOR_VERSION = 1
_PREFIX = "SOHOA:NGAN-CACH:"
_PAYLOAD = re.compile(rf"{_PREFIX}(\d+)((?:;[a-z-]+=[^;]*)*)")
_PAPER_TYPE, _DOSSIER = "loai", "ho-so"
# What the sheet says in print, folded: for a copy too poor for its QR.
_PRINTED = ("trang ngan cach", "dat trang nay giua hai giay to")
_TYPE_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Separator:
    """What a separator sheet says of what follows: the paper type and the dossier, where the clerk had them printed."""

    paper_type: str | None = None
    dossier_code: str | None = None


def separator_payload(separator: Separator) -> str:
    """Return the payload of the sheet's QR.

    Raises:
        ValueError: The paper type is no identifier, or the dossier code not of the grammar in domain §6.
    """
    payload = f"{_PREFIX}{SEPARATOR_VERSION}"
    if separator.paper_type is not None:
        if not _TYPE_ID.fullmatch(separator.paper_type):
            raise ValueError(f"no paper type: {separator.paper_type!r}")
        payload += f";{_PAPER_TYPE}={separator.paper_type}"
    if separator.dossier_code is not None:
        if not DOSSIER_CODE.fullmatch(separator.dossier_code):
            raise ValueError(f"no dossier code: {separator.dossier_code!r}")
        payload += f";{_DOSSIER}={separator.dossier_code}"
    return payload


def find_separator(page: PageText) -> Separator | None:
    """Return what the separator sheet on `page` says, or None where the page is none."""
    for code in page.codes:
        match = _PAYLOAD.fullmatch(code.text) if code.format is CodeFormat.QR else None
        if match is None:
            continue
        if int(match[1]) != SEPARATOR_VERSION:
            return Separator()
        said = dict(part.split("=", 1) for part in match[2].split(";") if part)
        paper_type, dossier = said.get(_PAPER_TYPE, ""), said.get(_DOSSIER, "")
        return Separator(
            paper_type if _TYPE_ID.fullmatch(paper_type) else None,
            dossier if DOSSIER_CODE.fullmatch(dossier) else None,
        )
    text = fold(page.text)
    return Separator() if all(words in text for words in _PRINTED) else None
