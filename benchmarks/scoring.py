"""Comparing read values with the truth, counting per field, printing aligned tables.

What counts as the same value is told by `extractors.same_value`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from extractors.same_value import Value, comparable, normalise_spelling, values_match

__all__ = [
    "FieldOutcome",
    "FieldTally",
    "Value",
    "character_error_rate",
    "comparable",
    "field_table",
    "format_table",
    "normalise_spelling",
    "outcomes_of_paper",
    "tally_fields",
    "values_match",
]


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
