"""Learning from known values: signs that hold, bounds that are kept, and no acceptance where little is known."""

import random
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.calibration.known import KnownValue
from extractors.calibration.learning import Learned, TooFewDossiersError, fit, learn
from extractors.calibration.model import ALL, Calibration, features_of, field_group, sign_of, to_probability
from extractors.calibration.report import field_rows
from extractors.calibration.thresholds import (
    Scored,
    choose_thresholds,
    fewest_accepted,
    lower_bound,
    upper_bound,
)
from extractors.signals import may_be_accepted

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SUPPORTED = ("kind:date", "support:two-readers")
ALONE = ("kind:date", "single-reading")


def known(number: int, signals: tuple[str, ...], *, right: bool, field: str = "issued_date") -> KnownValue:
    return KnownValue(f"hs-{number % 20}", "quyet-dinh", field, signals, right)


def values(supported: int = 1200, wrong: int = 0, alone: int = 200, alone_wrong: int = 40, **place) -> list[KnownValue]:
    made = [known(number, SUPPORTED, right=number >= wrong, **place) for number in range(supported)]
    return made + [known(number, ALONE, right=number >= alone_wrong, **place) for number in range(alone)]


def learned(of: list[KnownValue], target_error: float = 0.005) -> Learned:
    return learn(of, target_error=target_error, created_at=NOON, software="test")


# --- the model ---------------------------------------------------------------------------------------------------

NAMES = (
    "support:two-readers",
    "support:date-in-words",
    "against:not-before",
    "readers-differ",
    "third-agrees",
    "partial",
    "repaired",
    "odd:marks",
    "page:warn",
    "page:rescan",
    "kind:date",
)
SIGNALS = st.frozensets(st.sampled_from(NAMES))
DRAWN = st.builds(
    KnownValue,
    dossier=st.sampled_from("abc"),
    paper_type=st.sampled_from(("quyet-dinh", "cong-van")),
    field=st.sampled_from(("number", "issued_date")),
    signals=SIGNALS.map(lambda names: tuple(sorted(names))),
    right=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(DRAWN, min_size=1, max_size=30), SIGNALS, st.sampled_from(NAMES), st.sampled_from((0, 70, 95)))
def test_more_support_never_lowers_and_more_doubt_never_raises(drawn, signals, name, claimed) -> None:
    model = fit(drawn)
    assert all(weight * sign_of(feature) >= 0 for feature, weight in model.weights.items())

    def probability(names: frozenset[str]) -> float:
        return model.probability(KnownValue("x", "quyet-dinh", "number", tuple(names), right=True))

    if sign_of(name) > 0:
        assert probability(signals | {name}) >= probability(signals)
    elif sign_of(name) < 0:
        assert probability(signals | {name}) <= probability(signals)
    assert probability(signals | {f"claimed:{claimed}"}) <= probability(signals | {"claimed:95"})


@given(st.floats(-1e6, 1e6))
def test_a_probability_is_never_certain(score: float) -> None:
    assert 0 < to_probability(score) < 1


def test_what_follows_from_signals() -> None:
    assert features_of("t", "f", ("claimed:80", "support:register", "page:rescan", "single-reading")) == {
        "claimed:70",
        "claimed:80",
        "field:t.f",
        "page:rescan",
        "page:warn",
        "support:register",
        "supported",
    }


def test_learning_tells_support_from_none_and_is_repeatable() -> None:
    first, again = learned(values(wrong=2)), learned(list(reversed(values(wrong=2))))
    assert first.calibration == again.calibration
    supported = first.calibration.probability("quyet-dinh", "issued_date", SUPPORTED)
    alone = first.calibration.probability("quyet-dinh", "issued_date", ALONE)
    assert supported > 0.99 and alone == pytest.approx(0.8, abs=0.03)
    unknown = first.calibration.probability("giay-moi", "number", ("kind:other", "support:register"))
    assert alone < unknown < supported


def test_without_any_mistake_something_is_learned_all_the_same() -> None:
    calibration = learned(values(alone_wrong=0)).calibration
    assert 0.99 < calibration.probability("quyet-dinh", "issued_date", SUPPORTED) < 1


def test_reliability_is_measured_out_of_sample() -> None:
    reliability = learned(values(wrong=1)).calibration.reliability
    assert reliability.samples == sum(one.count for one in reliability.bins) == 1400
    assert reliability.brier_score < reliability.brier_score_of_base
    assert reliability.expected_error < 0.01
    assert (reliability.accepted, reliability.accepted_wrong) == (1200, 1)


def test_one_dossier_is_too_few() -> None:
    with pytest.raises(TooFewDossiersError):
        learned([KnownValue("hs-1", "quyet-dinh", "number", SUPPORTED, right=True)] * 9)
    with pytest.raises(TooFewDossiersError):
        learned([])


# --- thresholds --------------------------------------------------------------------------------------------------


def test_bounds_are_those_of_clopper_and_pearson() -> None:
    assert fewest_accepted(0.005) == 598
    assert [fewest_accepted(0.005, wrong) for wrong in (1, 2, 5)] == [947, 1258, 2100]
    assert upper_bound(0, 598) <= 0.005 < upper_bound(0, 597)
    assert upper_bound(1, 20) == pytest.approx(0.2161, abs=1e-4)
    assert lower_bound(2, 40) == pytest.approx(0.0090, abs=1e-4)
    assert (lower_bound(0, 5), upper_bound(5, 5), upper_bound(0, 0)) == (0.0, 1.0, 1.0)


def test_enough_proof_lowers_the_threshold_to_all_that_is_supported() -> None:
    thresholds = learned(values()).calibration.thresholds
    assert {one.least for one in thresholds.values()} == {0.0}
    group = field_group("quyet-dinh", "issued_date")
    assert (thresholds[group].rests_on, thresholds[group].accepted) == (group, 1200)


def test_where_too_little_is_known_nothing_is_accepted() -> None:
    run = learned(values(supported=500))
    assert {one.least for one in run.calibration.thresholds.values()} == {None}
    assert run.calibration.thresholds[ALL].samples == 500
    rows = list(field_rows(run))
    assert [(row.field, row.accepted, row.least) for row in rows] == [("issued_date", 0, None), ("", 0, None)]


def test_a_field_with_few_values_rests_on_its_kind_or_on_all() -> None:
    few = [known(number, SUPPORTED, right=True, field="due_date") for number in range(30)]
    other = [known(number, ("kind:place", "support:place-in-organ"), right=True, field="place") for number in range(5)]
    thresholds = learned(values() + few + other).calibration.thresholds
    assert thresholds[field_group("quyet-dinh", "due_date")].rests_on == "kind:date"
    assert thresholds[field_group("quyet-dinh", "place")].rests_on == ALL
    assert {thresholds[field_group("quyet-dinh", name)].least for name in ("due_date", "place")} == {0.0}


def test_a_field_whose_own_values_speak_against_it_does_not_hide_in_its_kind() -> None:
    bad = [known(number, SUPPORTED, right=number > 4, field="due_date") for number in range(30)]
    run = learned(values(supported=4000) + bad)
    threshold = run.calibration.thresholds[field_group("quyet-dinh", "due_date")]
    probability = run.calibration.probability("quyet-dinh", "due_date", SUPPORTED)
    assert threshold.least is None or threshold.least > probability
    assert run.calibration.thresholds[field_group("quyet-dinh", "issued_date")].least is not None


def test_thresholds_rise_to_where_few_enough_are_wrong() -> None:
    sure = [Scored(known(number, SUPPORTED, right=True), 0.995) for number in range(700)]
    unsure = [Scored(known(number, SUPPORTED, right=number % 10 > 0), 0.9) for number in range(300)]
    doubted = [Scored(known(number, ALONE, right=False), 0.999) for number in range(9)]
    chosen = choose_thresholds(sure + unsure + doubted, 0.005)[ALL]
    assert (chosen.least, chosen.samples, chosen.accepted, chosen.wrong) == (0.95, 1000, 700, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(DRAWN, st.sampled_from((0.3, 0.93, 0.99, 0.9995))), max_size=60),
    st.sampled_from((0.01, 0.2)),
)
def test_the_bound_holds_for_the_group_a_threshold_rests_on(drawn, target_error) -> None:
    scored = [Scored(value, probability) for value, probability in drawn] * 20
    thresholds = choose_thresholds(scored, target_error)
    for threshold in thresholds.values():
        assert threshold.upper_bound is None or 0 <= threshold.upper_bound <= 1
        if threshold.rests_on == threshold.group and threshold.least is not None:
            assert threshold.upper_bound is not None and threshold.upper_bound <= target_error
        if threshold.accepted:
            assert lower_bound(threshold.wrong, threshold.accepted) <= target_error
    supported = [one for one in scored if may_be_accepted(one.value.signals)]
    assert thresholds[ALL].samples == len(supported)


# --- the stored form ---------------------------------------------------------------------------------------------


def test_a_calibration_is_stored_with_its_evidence_and_known_by_what_it_decides() -> None:
    calibration = learned(values()).calibration
    assert Calibration.from_json(calibration.to_json()) == calibration
    told = calibration.model_copy(update={"note": "khác", "revision": 7})
    moved = calibration.model_copy(update={"base": calibration.base + 0.1})
    assert told.fingerprint == calibration.fingerprint != moved.fingerprint


def test_digitising_loads_nothing_that_learns_or_draws() -> None:
    code = "import sys, extractors.papers, storage.calibrations; print(sorted({'sklearn', 'scipy', 'matplotlib'} & sys.modules.keys()))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_learning_does_not_depend_on_how_values_are_ordered() -> None:
    shuffled = values(wrong=3)
    random.Random(7).shuffle(shuffled)
    assert fit(sorted(shuffled, key=repr)) == fit(sorted(values(wrong=3), key=repr))
