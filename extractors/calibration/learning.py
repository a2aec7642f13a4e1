"""Learning a calibration from known values: a logistic regression that keeps its signs, then thresholds.

Whatever is reported is out of sample: values are split by dossier, and none is predicted by those who knew its dossier.
This module and `thresholds` alone use scikit-learn and SciPy; digitising never loads them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from extractors.calibration.known import KnownValue
from extractors.calibration.model import (
    Bin,
    Calibration,
    Reliability,
    Source,
    features_of,
    is_accepted,
    probability_of,
    sign_of,
)
from extractors.calibration.thresholds import (
    CONFIDENCE_LEVEL,
    Scored,
    choose_thresholds,
    threshold_in,
)

FOLDS = 5
# How freely weights leave 0; see `docs/tin-cay.md` for the trials it was chosen by.
_FREEDOM = 3.0
# Two values that nobody saw, one right and one wrong: without a mistake in the sample nothing would bound the weights.
_UNSEEN_WEIGHT = 0.5
_EDGES = (0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)


class TooFewDossiersError(ValueError):
    """Fewer than two dossiers with known values: nothing could be checked on values that were not learned from."""


@dataclass(frozen=True, slots=True)
class Model:
    """A base and weights."""

    base: float
    weights: dict[str, float]

    def probability(self, value: KnownValue) -> float:
        """Return the probability that the value is right."""
        return probability_of(self.base, self.weights, features_of(value.paper_type, value.field, value.signals))


@dataclass(frozen=True, slots=True)
class Learned:
    """A calibration, and the probability each known value was given without its dossier."""

    calibration: Calibration
    scored: tuple[Scored, ...]


def learn(
    values: Sequence[KnownValue],
    *,
    target_error: float,
    created_at: datetime,
    software: str,
    note: str = "",
    sources: tuple[Source, ...] = (),
    paper_types: dict[str, str] | None = None,
) -> Learned:
    """Return the calibration learned from known values. The same values give the same calibration.

    Args:
        values: Known values of at least two dossiers.
        target_error: Share of wrong values among accepted ones to keep below, 0-1.
        created_at: When.
        software: What learns.
        note: In the words of who learns, as the seeds of drawn dossiers.
        sources: Where the values come from.
        paper_types: Fingerprints of the paper types by id.

    Raises:
        TooFewDossiersError: Values of fewer than two dossiers.
    """
    values = sorted(
        values, key=lambda value: (value.dossier, value.paper_type, value.field, value.signals, value.right)
    )
    scored = score_out_of_sample(values)
    model = fit(values)
    calibration = Calibration(
        revision=0,
        created_at=created_at,
        software=software,
        note=note,
        target_error=target_error,
        confidence_level=CONFIDENCE_LEVEL,
        base=model.base,
        weights=model.weights,
        thresholds=choose_thresholds(scored, target_error),
        sources=sources,
        paper_types=paper_types or {},
        reliability=_reliability(values, scored, target_error),
    )
    return Learned(calibration, tuple(scored))


def fit(values: Sequence[KnownValue]) -> Model:
    """Return the weights that explain best which values are right, each with the sign its name allows.

    The weight whose sign is most wrong is left out and the others are fitted again, until none is.
    """
    # Values of like features are one row that counts as often: most values are.
    counted = Counter((features_of(value.paper_type, value.field, value.signals), value.right) for value in values)
    counted.update({(frozenset(), True): 0, (frozenset(), False): 0})
    rows = sorted(counted, key=lambda row: (sorted(row[0]), row[1]))
    truth = np.array([right for _, right in rows])
    counts = np.array([counted[row] + (_UNSEEN_WEIGHT if not row[0] else 0.0) for row in rows])
    names = sorted(frozenset[str]().union(*(features for features, _ in rows)))
    while True:
        column = {name: number for number, name in enumerate(names)}
        matrix = np.zeros((len(rows), max(len(names), 1)))
        for number, (features, _) in enumerate(rows):
            for name in features & column.keys():
                matrix[number, column[name]] = 1.0
        fitted = LogisticRegression(C=_FREEDOM, solver="newton-cholesky", max_iter=200, tol=1e-8)
        # One thread: the matrices are small, and threads of a busy machine spend their time waiting for each other.
        with threadpool_limits(limits=1):
            fitted.fit(matrix, truth, sample_weight=counts)
        weights = dict(zip(names, (float(weight) for weight in fitted.coef_[0]), strict=False))
        wrong = {name for name, weight in weights.items() if weight * sign_of(name) < 0}
        if not wrong:
            kept = {name: round(weight, 4) for name, weight in weights.items()}
            return Model(
                round(float(fitted.intercept_[0]), 4), {name: weight for name, weight in kept.items() if weight}
            )
        names.remove(min(sorted(wrong), key=lambda name: weights[name] * sign_of(name)))


def score_out_of_sample(values: Sequence[KnownValue]) -> list[Scored]:
    """Return every value with the probability given by a model that was fitted without its dossier.

    Raises:
        TooFewDossiersError: Values of fewer than two dossiers.
    """
    scored: dict[int, Scored] = {}
    for known, asked in _folds(values):
        model = fit([values[index] for index in known])
        scored |= {int(index): Scored(values[index], model.probability(values[index])) for index in asked}
    return [scored[index] for index in sorted(scored)]


def _folds(values: Sequence[KnownValue]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    dossiers = [value.dossier for value in values]
    folds = min(FOLDS, len(set(dossiers)))
    if folds < 2:
        raise TooFewDossiersError("known values of fewer than two dossiers")
    return list(GroupKFold(folds).split(dossiers, groups=dossiers))


def _reliability(values: Sequence[KnownValue], scored: Sequence[Scored], target_error: float) -> Reliability:
    truth = np.array([one.value.right for one in scored], dtype=float)
    predicted = np.array([one.probability for one in scored])
    bins = tuple(_bins(predicted, truth))
    accepted = _accepted_unseen(values, target_error)
    return Reliability(
        bins=bins,
        brier_score=float(brier_score_loss(truth, predicted)),
        brier_score_of_base=float(np.mean((truth - truth.mean()) ** 2)),
        expected_error=float(sum(abs(one.predicted - one.observed) * one.count for one in bins) / len(scored)),
        accepted=len(accepted),
        accepted_wrong=sum(not value.right for value in accepted),
        samples=len(scored),
    )


def _bins(predicted: NDArray[np.float64], truth: NDArray[np.float64]) -> list[Bin]:
    bins: list[Bin] = []
    for lower, upper in pairwise(_EDGES):
        inside = (predicted >= lower) & ((predicted < upper) | (upper == _EDGES[-1]))
        if inside.any():
            share, observed = float(predicted[inside].mean()), float(truth[inside].mean())
            bins.append(Bin(lower=lower, upper=upper, count=int(inside.sum()), predicted=share, observed=observed))
    return bins


def _accepted_unseen(values: Sequence[KnownValue], target_error: float) -> list[KnownValue]:
    """Return the values accepted where weights and thresholds were both learned without their dossier."""
    accepted: list[KnownValue] = []
    for known, asked in _folds(values):
        others = [values[index] for index in known]
        if len({value.dossier for value in others}) < 2:
            continue
        model, thresholds = fit(others), choose_thresholds(score_out_of_sample(others), target_error)
        accepted += [
            value
            for value in (values[index] for index in asked)
            if is_accepted(model.probability(value), value.signals, threshold_in(thresholds, value))
        ]
    return accepted
