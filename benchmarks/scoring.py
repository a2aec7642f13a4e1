"""Comparing read values with the truth, counting per field, printing aligned tables.

Not counted as errors: Unicode form, case, white space (also beside punctuation) and where the tone mark of `oa`, `oe`,
`uy` stands (`hòa` and `hoà`).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

Value = str | list[str] | None

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


@dataclass(frozen=True, slots=True)
class FieldOutcome:
    """One field of one paper: what was read against what is true."""

    dossier_id: str
    paper_type: str
    field: str
    got: Value
    truth: Value
    accepted: bool

    @property
    def right(self) -> bool:
        """True when the read value equals the truth."""
        return values_match(self.field, self.got, self.truth)


@dataclass(frozen=True, slots=True)
class FieldTally:
    """Counts of one field over many papers; `missing` counts values that are on paper and were not read."""

    field: str
    truths: int
    right: int
    accepted: int
    accepted_wrong: int
    missing: int


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
    if isinstance(got, list) and isinstance(truth, list):
        return [comparable(field, item) for item in got] == [comparable(field, item) for item in truth]
    return False


def character_error_rate(got: str, truth: str) -> float:
    """Return edits per character of `truth` after `normalise_spelling`; above 1 when much was invented.

    Raises:
        ValueError: `truth` is empty.
    """
    expected = normalise_spelling(truth)
    if not expected:
        raise ValueError("no truth to compare with")
    return Levenshtein.distance(normalise_spelling(got), expected) / len(expected)


def tally_fields(outcomes: Iterable[FieldOutcome]) -> list[FieldTally]:
    """Return one tally per field, in order of first appearance."""
    grouped: dict[str, list[FieldOutcome]] = {}
    for outcome in outcomes:
        grouped.setdefault(outcome.field, []).append(outcome)
    return [
        FieldTally(
            field=field,
            truths=sum(1 for outcome in group if outcome.truth),
            right=sum(1 for outcome in group if outcome.truth and outcome.right),
            accepted=sum(1 for outcome in group if outcome.accepted),
            accepted_wrong=sum(1 for outcome in group if outcome.accepted and not outcome.right),
            missing=sum(1 for outcome in group if outcome.truth and not outcome.got),
        )
        for field, group in grouped.items()
    ]


def outcomes_of_paper(
    dossier_id: str, paper_type: str, truth: Mapping[str, Value], fields: Mapping[str, Mapping[str, object]]
) -> list[FieldOutcome]:
    """Return the outcome of every field in `truth`; `fields` is the `fields` object of an exported record."""
    outcomes = []
    for field, expected in truth.items():
        read = fields.get(field, {})
        value = read.get("value")
        got = [str(item) for item in value] if isinstance(value, list) else None if value is None else str(value)
        outcomes.append(FieldOutcome(dossier_id, paper_type, field, got, expected, read.get("accepted") is True))
    return outcomes


def format_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a plain-text table: first column to the left, the others to the right, two blanks between."""
    cells = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in numbered)
        for line in cells
        for numbered in [list(enumerate(zip(line, widths, strict=True)))]
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


def field_table(tallies: Sequence[FieldTally]) -> str:
    """Return the table of field tallies in Vietnamese."""
    header = ("trường", "số đúng phải có", "đọc đúng", "tự nhận", "sai trong tự nhận", "không đọc được")
    rows = [(t.field, t.truths, t.right, t.accepted, t.accepted_wrong, t.missing) for t in tallies]
    sums = [sum(int(row[column]) for row in rows) for column in range(1, 6)]
    return format_table(header, [*rows, ("tổng", *sums)])
