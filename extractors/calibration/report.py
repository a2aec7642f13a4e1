"""What a calibration does to each field it was learned from, as rows of a table."""

from collections.abc import Iterator, Sequence

from extractors.calibration.learning import Learned
from extractors.calibration.model import is_accepted
from extractors.calibration.thresholds import Scored, threshold_in, upper_bound
from extractors.signals import KIND, may_be_accepted
from ocr.stored import Stored


class FieldRow(Stored):
    """One field, out of sample: each value judged by those who did not know its dossier.

    Attributes:
        paper_type, field: Which field; both empty for all together.
        kind: How it is read.
        known: Known values.
        right: How many of them are right.
        supported: How many something independent supports and nothing contradicts.
        wrong_if_accepted: How many of those are wrong.
        accepted: How many are accepted at the threshold.
        wrong: How many of those are wrong.
        upper_bound: Upper confidence bound of the share of wrong values among accepted ones; None where none is.
        least: The threshold; None where nothing is accepted.
        basis: Whose values bear the threshold out: `field`, `kind` or `all`.
    """

    paper_type: str
    field: str
    kind: str
    known: int
    right: int
    supported: int
    wrong_if_accepted: int
    accepted: int
    wrong: int
    upper_bound: float | None
    least: float | None
    basis: str


def field_rows(learned: Learned) -> Iterator[FieldRow]:
    """Yield a row for each field, by paper type and name, and one for all together at the end."""
    grouped: dict[tuple[str, str], list[Scored]] = {}
    for one in learned.scored:
        grouped.setdefault((one.value.paper_type, one.value.field), []).append(one)
    for (paper_type, field), values in sorted(grouped.items()):
        yield _row(learned, paper_type, field, values)
    yield _row(learned, "", "", learned.scored)


def _row(learned: Learned, paper_type: str, field: str, values: Sequence[Scored]) -> FieldRow:
    thresholds = learned.calibration.thresholds
    threshold = threshold_in(thresholds, values[0].value) if field else thresholds["*"]
    supported = [one.value for one in values if may_be_accepted(one.value.signals)]
    accepted = [
        one.value
        for one in values
        if is_accepted(one.probability, one.value.signals, threshold_in(thresholds, one.value))
    ]
    wrong = sum(not value.right for value in accepted)
    return FieldRow(
        paper_type=paper_type,
        field=field,
        kind=values[0].value.kind if field else "",
        known=len(values),
        right=sum(one.value.right for one in values),
        supported=len(supported),
        wrong_if_accepted=sum(not value.right for value in supported),
        accepted=len(accepted),
        wrong=wrong,
        upper_bound=upper_bound(wrong, len(accepted)) if accepted else None,
        least=threshold.least,
        basis="all" if threshold.rests_on == "*" else "kind" if threshold.rests_on.startswith(KIND) else "field",
    )
