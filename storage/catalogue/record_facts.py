"""What the catalogue tells of a record beyond its own columns, taken from free metadata and checked.

Metadata is what a paper says. Whatever has not the shape of a date, a level or a code stays out of the tables.
"""

import re
from typing import Any

from extractors.procedures.purposes import known_purposes, purpose_code
from extractors.record import Record
from ocr.problem import SohoaError
from storage.identity import normal_identifier

MACHINE, STEWARD, BOTH = "machine", "steward", "both"
_ISO_DATE_PATTERN = re.compile("[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_AGENCY_PATTERN = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,4}")
_TRUST_LEVELS = frozenset({"01", "02", "03"})


def text_of(value: Any) -> str | None:
    """Return a text of the metadata; None for anything else."""
    return value if isinstance(value, str) else None


def iso_date(value: Any) -> str | None:
    """Return a day, month or year in ISO 8601; None for anything else."""
    return value if isinstance(value, str) and _ISO_DATE_PATTERN.fullmatch(value) else None


def agency_of(value: Any) -> str | None:
    """Return the identifier of an agency (`H05.12`); None for anything else."""
    return value if isinstance(value, str) and _AGENCY_PATTERN.fullmatch(value) else None


def trust_level_of(value: Any) -> str | None:
    """Return a trust level of TT 01/2023; None for anything else."""
    return value if value in _TRUST_LEVELS else None


def scope_of(purpose: str | None) -> str | None:
    """Return the code of a purpose, given as text or as a code already; None without one."""
    return purpose if purpose in known_purposes() else purpose_code(purpose)


def verified_by(record: Record) -> str:
    """Return who decided the accepted fields of a record; a record without any is the machine's."""
    deciders = {field.was_decided_by_person for field in record.fields.values() if field.accepted}
    if deciders == {True, False}:
        return BOTH
    return STEWARD if deciders == {True} else MACHINE


def identifier_or_none(identifier: str | None) -> str | None:
    """Return an identifier in its normal form; None where there is none or it is none."""
    if identifier is None:
        return None
    try:
        return normal_identifier(identifier)
    except SohoaError:
        return None
