"""Numbers of documents and persons."""

import re

from extractors.kinds.parsed import Parsed, invalid

_EDGE = " .,:;_-…|'`\"“”"
# 12 digits: 3 of the place of birth registration, century and sex, 2 of the year, 6. Source: NĐ 137/2015 Điều 13.
# Ends where no letter or digit follows: a `O` read for a `0` must not leave the 9 digits of an old card.
_PERSONAL_ID = re.compile(r"\d(?:[ .]?\d){11}(?!\w|[ .]?\d)|\d(?:[ .]?\d){8}(?!\w|[ .]?\d)", re.ASCII)
_NOTATION = re.compile(r"[^\W\d_][\w.]*(?:-[\w.]+)*")
# Abbreviations that exist only with a barred Đ. Source: NĐ 30/2020 Phụ lục III (HD and HĐ, DA and ĐA both exist).
_BARRED = {"QD": "QĐ", "QyD": "QyĐ", "CD": "CĐ"}
_DOCUMENT_NUMBER = re.compile(r"\d{1,6}(?:[/.\-][\w.\-]+)*")


def parse_code_number(raw: str) -> Parsed:
    """Return the number of an act as printed, digits only (`04` stays `04`); annexed letters (`12a`) are kept."""
    text = "".join(raw.split()).strip(_EDGE)
    return Parsed(text) if re.fullmatch(r"\d{1,6}[A-Za-z]?", text) else invalid("not-a-number")


def parse_code_notation(raw: str) -> Parsed:
    """Return the notation after the slash (`UBND-KTTH`), dashes unified, no blanks."""
    text = re.sub(r"[–—−]", "-", "".join(raw.split())).strip(_EDGE + "/")
    text = re.sub(r"-+", "-", text)
    if not _NOTATION.fullmatch(text):
        return invalid("not-a-notation")
    kind, dash, rest = text.partition("-")
    repaired = _BARRED.get(kind, kind) + dash + rest
    return Parsed(repaired, repaired=repaired != text)


def parse_document_number(raw: str) -> Parsed:
    """Return a number with or without letters (`143/TLKS-BS`, `45/2020`), blanks removed."""
    text = re.sub(r"[–—−]", "-", "".join(raw.split())).strip(_EDGE + "/")
    return Parsed(text) if _DOCUMENT_NUMBER.fullmatch(text) else invalid("not-a-number")


def parse_personal_id(raw: str) -> Parsed:
    """Return 12 digits (or the 9 of an old identity card), blanks and dots between the digits removed."""
    match = _PERSONAL_ID.match(" ".join(raw.split()).strip(_EDGE))
    return Parsed(re.sub(r"[ .]", "", match.group())) if match else invalid("not-a-personal-id")
