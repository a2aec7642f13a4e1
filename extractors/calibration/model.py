"""The nouns of calibration, and prediction: one dot product over a stored table of weights.

The probability is a logistic function of a sum: a base, a weight for each signal, an offset for the kind and one for
the field. Weights of what speaks for a value are never negative, of what speaks against it never positive; offsets are
drawn to 0 the more, the fewer samples there are, so a field that was hardly ever seen is judged as its kind is.

A field is accepted at a threshold of its own. Where too few of its values are known it takes that of its kind, and
where those are too few too, that of all fields; see `extractors.calibration.thresholds`.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from pydantic import Field

from extractors.signals import (
    CLAIMED,
    CLAIMED_STEPS,
    KIND,
    OF_CODE,
    PAGE,
    SINGLE_READING,
    SUPPORT,
    THIRD_AGREES,
    may_be_accepted,
)
from ocr.page_quality import Verdict
from ocr.stored import Stored, StoredDocument

FIELD = "field:"
ALL = "*"
SUPPORTED = "supported"
# What the sum may hold beside the base: a weight keyed by one of these may have either sign.
_OFFSETS = (KIND, FIELD)
# A base before anything was learned, and the highest probability that is ever claimed: nobody has seen a million.
_LEAST, _MOST = 0.0001, 0.9999


class Threshold(Stored):
    """At which probability the values of a group are accepted, and what that rests on.

    Attributes:
        group: `field:<paper type>.<field>`, `kind:<kind>` or `*`.
        least: The least probability that is accepted; None where too little is known, or what is known speaks against
            it: then nothing is.
        rests_on: The group whose values bear the threshold out: this one or a coarser one.
        samples: Known values of the group that could be accepted.
        accepted: How many of them are accepted at the threshold.
        wrong: How many of those are wrong.
        upper_bound: Upper confidence bound of the share of wrong values among accepted ones of this group alone; None
            where none is accepted.
    """

    group: str
    least: float | None
    rests_on: str = ALL
    samples: int = 0
    accepted: int = 0
    wrong: int = 0
    upper_bound: float | None = None


class Source(Stored):
    """Known values that a calibration was learned from; no names of dossiers or people.

    Attributes:
        kind: `truth` (dossiers whose truth is known) or `reviewed` (records that people decided).
        sha256: Of the truth file; None for reviewed records.
        dossiers, papers, fields: How many gave a known value.
        mistyped: Papers left out because their type was not told right.
        without_signals: Values left out because their record was made before signals were stored.
        recipes: How the pages were read.
    """

    kind: str
    sha256: str | None = None
    dossiers: int
    papers: int
    fields: int
    mistyped: int = 0
    without_signals: int = 0
    recipes: tuple[str, ...] = ()


class Bin(Stored):
    """Values of like probability: predicted without their dossier, against what was observed."""

    lower: float
    upper: float
    count: int
    predicted: float
    observed: float


class Reliability(Stored):
    """How well predicted and observed go together, for values whose dossier the prediction did not know.

    Attributes:
        bins: From low to high probability; empty ones are left out.
        brier_score: Mean squared distance of probability and truth; lower is better.
        brier_score_of_base: The same for one who always says the mean.
        expected_error: Mean distance of predicted and observed over the bins, by their count.
        accepted, accepted_wrong: Values accepted, and wrong among them, when weights and thresholds too were learned
            without their dossier.
        samples: Number of values.
    """

    bins: tuple[Bin, ...] = ()
    brier_score: float = 0.0
    brier_score_of_base: float = 0.0
    expected_error: float = 0.0
    accepted: int = 0
    accepted_wrong: int = 0
    samples: int = 0


class Calibration(StoredDocument):
    """One calibration with all that it rests on. Never changed; learning again gives a new revision.

    Attributes:
        revision: From 1; 0 for the one that ships with the product.
        created_at: When it was learned.
        software: What learned it.
        note: In the words of who learned it, as the seeds of drawn dossiers.
        target_error: Share of wrong values among accepted ones that is aimed at.
        confidence_level: One-sided level of the upper bounds; Clopper-Pearson.
        base: Weight of every field.
        weights: By signal, kind (`kind:date`) or field (`field:giay-khai-sinh.number`); a name without one counts 0.
        thresholds: By group; `*` is always there.
        sources: What it was learned from.
        paper_types: Fingerprints of the paper types then, by id.
        reliability: Predicted against observed.
    """

    schema_: str = Field(default="sohoa.calibration/1", alias="schema")
    revision: int
    created_at: datetime
    software: str
    note: str = ""
    target_error: float
    confidence_level: float
    base: float
    weights: dict[str, float]
    thresholds: dict[str, Threshold]
    sources: tuple[Source, ...] = ()
    paper_types: dict[str, str] = Field(default_factory=dict)
    reliability: Reliability = Reliability()

    @property
    def fingerprint(self) -> str:
        """Hash of what decides: base, weights and thresholds."""
        least = {group: threshold.least for group, threshold in self.thresholds.items()}
        decides = json.dumps([self.base, self.weights, least], sort_keys=True)
        return hashlib.sha256(decides.encode()).hexdigest()[:16]

    def probability(self, paper_type: str, field: str, signals: Iterable[str]) -> float:
        """Return the probability, 0-1, that the value of a field is right.

        Args:
            paper_type: Id of the paper type.
            field: Name of the field.
            signals: As `extractors.signals` names them.
        """
        return probability_of(self.base, self.weights, features_of(paper_type, field, signals))

    def threshold_of(self, paper_type: str, field: str, kind: str) -> Threshold:
        """Return the threshold that holds for a field: its own, else that of its kind, else that of all."""
        groups = (field_group(paper_type, field), f"{KIND}{kind}", ALL)
        return next(self.thresholds[group] for group in groups if group in self.thresholds)


def features_of(paper_type: str, field: str, signals: Iterable[str]) -> frozenset[str]:
    """Return the names whose weights are summed: signals, and what follows from them.

    A claim of at least 90 % is one of at least 80 % too, a page to scan again is worse than one to warn of, and any
    support is support: a rule that was hardly ever seen counts as rules do. That nothing supports a value is told by
    the lack of it.
    """
    given = frozenset(signals)
    features = {signal for signal in given if not signal.startswith(CLAIMED) and signal != SINGLE_READING}
    features.add(field_group(paper_type, field))
    if any(signal.startswith(SUPPORT) for signal in given):
        features.add(SUPPORTED)
    if f"{PAGE}{Verdict.RESCAN}" in given:
        features.add(f"{PAGE}{Verdict.WARN}")
    claims = [signal.removeprefix(CLAIMED) for signal in given if signal.startswith(CLAIMED)]
    for claim in claims:
        features |= {f"{CLAIMED}{step}" for step in CLAIMED_STEPS if claim.isdigit() and int(claim) >= step}
    return frozenset(features)


def sign_of(feature: str) -> int:
    """Return the sign a weight must have: 1 for what speaks for a value, -1 against it, 0 where it may have either."""
    if feature.startswith(_OFFSETS):
        return 0
    speaks_for = feature.startswith((SUPPORT, CLAIMED)) or feature in {SUPPORTED, THIRD_AGREES, OF_CODE}
    return 1 if speaks_for else -1


def field_group(paper_type: str, field: str) -> str:
    """Return the name of a field of a paper type among weights and thresholds."""
    return f"{FIELD}{paper_type}.{field}"


def probability_of(base: float, weights: Mapping[str, float], features: Iterable[str]) -> float:
    """Return the probability that base and weights give; the same whatever the order of `features`."""
    return to_probability(base + sum(weights.get(feature, 0.0) for feature in sorted(features)))


def to_probability(score: float) -> float:
    """Return the logistic function of a score, to four decimals and never quite 0 or 1."""
    bounded = max(-30.0, min(30.0, score))
    return round(max(_LEAST, min(_MOST, 1 / (1 + math.exp(-bounded)))), 4)


def is_accepted(probability: float, signals: Iterable[str], threshold: Threshold) -> bool:
    """True when a value may be accepted and its probability reaches the threshold."""
    return may_be_accepted(tuple(signals)) and threshold.least is not None and probability >= threshold.least


@cache
def shipped_calibration() -> Calibration:
    """Return the calibration that ships with the product.

    Raises:
        ValueError: The file is damaged: a mistake in the build.
    """
    return Calibration.from_json((files("extractors.calibration") / "default.json").read_bytes())
