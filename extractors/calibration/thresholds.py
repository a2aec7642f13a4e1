"""From probabilities and truth to thresholds: at which probability few enough accepted values are wrong.

The share of wrong values among accepted ones is bounded from above with Clopper and Pearson's exact method: where no or
one value is wrong, which is the case that counts here, approximations such as Wilson's promise more than they keep. So
at a target of 0.5 % and 95 % confidence a group needs 598 accepted values without one that is wrong.

A single field seldom has as many. It then takes the threshold of its kind, and where that has too few the threshold of
all fields together, unless its own values speak against that: then the threshold is raised until they no longer do, or
nothing of the field is accepted. Only a few thresholds are tried, the lowest first, so that none is found by luck.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import beta

from extractors.calibration.known import KnownValue
from extractors.calibration.model import ALL, Threshold, field_group
from extractors.signals import KIND, may_be_accepted

CONFIDENCE_LEVEL = 0.95
LEASTS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.996, 0.997, 0.998, 0.9985, 0.999, 0.9995)
_NEVER = 2.0


@dataclass(frozen=True, slots=True)
class Scored:
    """A known value and the probability it was given by those who did not know its dossier."""

    value: KnownValue
    probability: float


@dataclass(frozen=True, slots=True)
class _Tally:
    samples: int
    accepted: int
    wrong: int

    @property
    def upper_bound(self) -> float | None:
        return upper_bound(self.wrong, self.accepted) if self.accepted else None


def upper_bound(wrong: int, accepted: int, level: float = CONFIDENCE_LEVEL) -> float:
    """Return the one-sided upper confidence bound of the share of wrong values, by Clopper and Pearson."""
    return 1.0 if wrong >= accepted else float(beta.ppf(level, wrong + 1, accepted - wrong))


def lower_bound(wrong: int, accepted: int, level: float = CONFIDENCE_LEVEL) -> float:
    """Return the one-sided lower confidence bound of the share of wrong values, by Clopper and Pearson."""
    return 0.0 if wrong == 0 else float(beta.ppf(1 - level, wrong, accepted - wrong + 1))


def fewest_accepted(target_error: float, wrong: int = 0) -> int:
    """Return how many accepted values, `wrong` of them wrong, bring the upper bound down to `target_error`."""
    fewest, enough = wrong + 1, wrong + 1
    while upper_bound(wrong, enough) > target_error:
        fewest, enough = enough, enough * 2
    while fewest < enough:
        middle = (fewest + enough) // 2
        if upper_bound(wrong, middle) > target_error:
            fewest = middle + 1
        else:
            enough = middle
    return enough


def choose_thresholds(scored: Iterable[Scored], target_error: float) -> dict[str, Threshold]:
    """Return a threshold for each field, each kind and `*`.

    Args:
        scored: Known values with probabilities; values that cannot be accepted whatever their probability are ignored.
        target_error: Share of wrong values among accepted ones that the upper bound must not exceed.
    """
    groups: dict[str, dict[str, list[Scored]]] = {}
    everything = [one for one in scored if may_be_accepted(one.value.signals)]
    for one in everything:
        fields = groups.setdefault(one.value.kind, {})
        fields.setdefault(field_group(one.value.paper_type, one.value.field), []).append(one)
    of_all = _threshold(ALL, everything, None, target_error)
    chosen: dict[str, Threshold] = {ALL: of_all}
    for kind, fields in sorted(groups.items()):
        pool = [one for values in fields.values() for one in values]
        of_kind = _threshold(f"{KIND}{kind}", pool, of_all, target_error)
        chosen[f"{KIND}{kind}"] = of_kind
        for group, values in sorted(fields.items()):
            chosen[group] = _threshold(group, values, of_kind, target_error)
    return chosen


def threshold_in(thresholds: Mapping[str, Threshold], value: KnownValue) -> Threshold:
    """Return the threshold that holds for a known value."""
    groups = (field_group(value.paper_type, value.field), f"{KIND}{value.kind}", ALL)
    return next(thresholds[group] for group in groups if group in thresholds)


def _threshold(group: str, values: Sequence[Scored], coarser: Threshold | None, target_error: float) -> Threshold:
    own = next((least for least in LEASTS if _is_proven(_tally(values, least), target_error)), None)
    if own is not None:
        return _described(group, own, group, _tally(values, own))
    if coarser is None or coarser.least is None:
        return _described(group, None, group, _tally(values, _NEVER))
    for least in (coarser.least, *(step for step in LEASTS if step > coarser.least)):
        tally = _tally(values, least)
        # Above errors that reach so high that nothing is left, nothing was shown to be right.
        if not _is_refuted(tally, target_error) and (tally.accepted or least == coarser.least):
            return _described(group, least, coarser.rests_on, tally)
    return _described(group, None, coarser.rests_on, _tally(values, _NEVER))


def _is_proven(tally: _Tally, target_error: float) -> bool:
    return tally.upper_bound is not None and tally.upper_bound <= target_error


def _is_refuted(tally: _Tally, target_error: float) -> bool:
    return tally.accepted > 0 and lower_bound(tally.wrong, tally.accepted) > target_error


def _tally(values: Sequence[Scored], least: float) -> _Tally:
    accepted = [one.value for one in values if one.probability >= least]
    return _Tally(len(values), len(accepted), sum(not value.right for value in accepted))


def _described(group: str, least: float | None, rests_on: str, tally: _Tally) -> Threshold:
    return Threshold(
        group=group,
        least=least,
        rests_on=rests_on,
        samples=tally.samples,
        accepted=tally.accepted,
        wrong=tally.wrong,
        upper_bound=tally.upper_bound,
    )
