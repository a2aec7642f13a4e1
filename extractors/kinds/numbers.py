"""Numbers of documents."""

import re

from extractors.kinds.parsed import Parsed, Repair, invalid
from extractors.lexicon.lists import barred
from ocr.vietnamese import to_nfc

_EDGE = " .,:;_-…|'`\"“”"
_NOTATION = re.compile(r"[^\W\d_][\w.]*(?:-[\w.]+)*")
_DOCUMENT_NUMBER = re.compile(r"\d{1,6}(?:[/.\-][\w.\-]+)*")


def parse_code_number(raw: str) -> Parsed:
    """Return the number of an act as printed, digits only (`04` stays `04`); annexed letters (`12a`) are kept."""
    text = "".join(to_nfc(raw).split()).strip(_EDGE)
    return Parsed(text) if re.fullmatch(r"\d{1,6}[A-Za-z]?", text) else invalid("not-a-number")


def parse_code_notation(raw: str) -> Parsed:
    """Return the notation after the slash (`UBND-KTTH`), dashes unified, no blanks."""
    text = re.sub(r"[–—−]", "-", "".join(to_nfc(raw).split())).strip(_EDGE + "/")
    text = re.sub(r"-+", "-", text)
    # No notation begins with a figure: a `5` there is the `S` of a department.
    repaired = re.sub(r"^5(?=[A-ZĐ]{2})", "S", text)
    if not _NOTATION.fullmatch(repaired):
        return invalid("not-a-notation")
    kind, dash, rest = repaired.partition("-")
    repaired = barred().get(kind, kind) + dash + rest
    if repaired == text:
        return Parsed(text)
    read, right = text.partition("-")[0], repaired.partition("-")[0]
    return Parsed(repaired, repairs=(Repair(read=read, repaired=right, source="lexicon:abbreviations"),))


def parse_document_number(raw: str) -> Parsed:
    """Return a number with or without letters (`143/TLKS-BS`, `45/2020`), blanks removed."""
    text = re.sub(r"[⁄∕]", "/", re.sub(r"[–—−]", "-", "".join(to_nfc(raw).split()))).strip(_EDGE + "/")
    return Parsed(text) if _DOCUMENT_NUMBER.fullmatch(text) else invalid("not-a-number")
