"""When two values say the same: what was read against what a person or a truth file says.

Not counted as differences: Unicode form, case, white space (also beside punctuation) and where the tone mark of `oa`,
`oe`, `uy` stands (`hòa` and `hoà`).
"""

import re
import unicodedata

Value = str | list[str] | tuple[str, ...] | None

COMPACT_FIELDS = frozenset(
    {
        "code_number",
        "code_notation",
        "number",
        "original_number",
        "personal_id",
        "wife_personal_id",
        "husband_personal_id",
        "owner_personal_id",
        "applicant_personal_id",
        "representative_personal_id",
        "serial",
        "register_number",
        "parcel_number",
        "map_sheet_number",
        "enterprise_code",
        "household_business_code",
        "dossier_code",
        "area_m2",
        "floor_area_m2",
        "capital",
        "charter_capital",
    }
)
_TONES = "\u0300\u0301\u0309\u0303\u0323"


def _tone_spellings() -> dict[str, str]:
    pairs = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONES:
            old = unicodedata.normalize("NFC", f"{first}{tone}{second}")
            pairs[unicodedata.normalize("NFC", f"{first}{second}{tone}")] = old
    return pairs


_OLD_SPELLING = _tone_spellings()
_NEW_SPELLED = re.compile(f"(?:{'|'.join(_OLD_SPELLING)})(?!\\w)")
_BESIDE_PUNCTUATION = re.compile(r"\s*([-–/,.;:()])\s*")


def normalise_spelling(text: str) -> str:
    """Return `text` in NFC, without case, with single blanks and tones of `oa oe uy` on the first vowel."""
    flat = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return _NEW_SPELLED.sub(lambda match: _OLD_SPELLING[match.group()], flat)


def comparable(field: str, text: str) -> str:
    """Return the form in which two values of `field` are compared; numbers and codes lose all white space."""
    flat = normalise_spelling(text)
    if field in COMPACT_FIELDS:
        return "".join(flat.split())
    return _BESIDE_PUNCTUATION.sub(r"\1", flat)


def values_match(field: str, got: Value, truth: Value) -> bool:
    """True when `got` says the same as `truth`; an empty value equals None."""
    if not got or not truth:
        return not got and not truth
    if isinstance(got, str) and isinstance(truth, str):
        return comparable(field, got) == comparable(field, truth)
    if isinstance(got, list | tuple) and isinstance(truth, list | tuple):
        return [comparable(field, item) for item in got] == [comparable(field, item) for item in truth]
    return False
