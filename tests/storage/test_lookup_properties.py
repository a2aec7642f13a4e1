"""The once-only question on any holdings: what may never be held, and that nothing asked for is forgotten."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from extractors.procedures.equivalents import equivalents_of
from extractors.procedures.procedure import Component, ComponentKind, Procedure
from extractors.procedures.purposes import known_purposes
from extractors.record import RecordState
from storage.catalogue import HoldingRow
from storage.holdings import first_day, last_day
from storage.lookup_answer import LookupAnswer, MissingBecause
from tests.storage.lookup_world import (
    BIRTH,
    CARD,
    CHILD,
    COMPANY,
    EXTRACT,
    KEY,
    LAND,
    MARRIED,
    MOTHER,
    ON,
    SINGLE,
    World,
    holding,
    paper,
    procedure,
)

TYPES = (CARD, BIRTH, EXTRACT, MARRIED, SINGLE, LAND, COMPANY)
USABLE = {RecordState.ACCEPTED, RecordState.APPROVED}
PURPOSES = st.sampled_from([None, *known_purposes()])

days = st.dates(date(2025, 1, 1), date(2028, 1, 1))
partial_days = st.none() | days.flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4], "không rõ"])
)


@st.composite
def rows(draw: st.DrawFn) -> tuple[HoldingRow, ...]:
    count = draw(st.integers(0, 6))
    return tuple(
        holding(
            number,
            draw(st.sampled_from(TYPES)),
            state=draw(st.sampled_from(RecordState)),
            valid_until=draw(partial_days),
            issued_date=draw(partial_days),
            scope=draw(PURPOSES),
            role=draw(
                st.sampled_from(["owner", "wife", "husband", "mother", "father", "representative", "enterprise"])
            ),
            name=draw(st.sampled_from([None, "Trần Thị Thử", "Lê Thị Khác"])),
            birth=draw(st.sampled_from([None, "1990-05-06", "1990", "1991-01-01"])),
        )
        for number in range(count)
    )


@st.composite
def components(draw: st.DrawFn) -> Component:
    kind = draw(st.sampled_from(ComponentKind))
    changes: dict[str, Any] = {
        "role": draw(st.sampled_from([None, None, None, "owner", "wife", "child", "mother"])),
        "person_decides": draw(st.booleans()),
        "required": draw(st.booleans()),
        "scope": draw(PURPOSES),
    }
    if kind is not ComponentKind.PAPER:
        return Component(name="thành phần", kind=kind, **changes)
    return paper(*draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True)), **changes)


procedures = st.builds(
    lambda parts, purpose: procedure(*parts, purpose=purpose), st.lists(components(), max_size=5), PURPOSES
)
given_names = st.sampled_from([None, "Trần Thị Thử"])
given_births = st.sampled_from([None, "1990-05-06"])


def asked(mother: Sequence[HoldingRow], child: Sequence[HoldingRow], question: Procedure, **changes: Any):
    world = World({MOTHER: mother, CHILD: child})
    return world, world.ask(question, **changes)


@given(rows(), rows(), procedures, st.booleans())
def test_every_component_is_held_or_missing_and_never_both(
    mother: tuple[HoldingRow, ...], child: tuple[HoldingRow, ...], question: Procedure, child_given: bool
) -> None:
    _, answer = asked(mother, child, question, others={"child": CHILD} if child_given else {})
    held = [one.component_number for one in answer.held]
    missing = [one.component_number for one in answer.missing]
    assert sorted(held + missing) == list(range(1, len(question.components) + 1))
    for one in (*answer.held, *answer.missing, *answer.refused):
        component = question.components[one.component_number - 1]
        assert (one.component, one.required, one.case) == (component.name, component.required, component.case)
    # Whoever reads `missing` alone knows everything.
    assert {one.component_number for one in answer.refused} <= set(missing)
    for refusal in answer.refused:
        assert refusal.reasons
    for one in answer.missing:
        only_refused = one.why is MissingBecause.ONLY_REFUSED
        assert not only_refused or one.component_number in {each.component_number for each in answer.refused}


@given(rows(), procedures, days, given_names, given_births)
def test_what_is_held_is_good_on_that_day_for_that_purpose_and_that_person(
    mother: tuple[HoldingRow, ...], question: Procedure, on: date, name: str | None, birth: str | None
) -> None:
    _, answer = asked(mother, (), question, on=on, name=name, birth=birth)
    by_id = {row.record_id: row for row in mother}
    for held in answer.held:
        row, component = by_id[held.record_id], question.components[held.component_number - 1]
        assert not component.person_decides and component.kind is ComponentKind.PAPER
        assert row.state in USABLE
        assert row.valid_until is None or (first_day(row.valid_until) or date.min) >= on
        assert row.issued_date is None or (last_day(row.issued_date) or date.max) <= on
        assert row.role not in {"mother", "father", "representative"}
        proving = {*component.paper_types, *(e.paper_type for t in component.paper_types for e in equivalents_of(t))}
        assert row.paper_type in proving
        assert (held.by_equivalent is None) == (row.paper_type in component.paper_types)
        if row.paper_type == SINGLE:
            assert row.valid_until is not None
            assert row.scope == (component.scope or question.purpose) and row.scope not in {None, "other"}
        assert name is None or row.name_key in {None, KEY.name(name)}
        assert birth is None or row.birth_key in {None, KEY.date_of_birth(birth), KEY.date_of_birth("1990")}


@given(rows(), procedures)
def test_two_papers_held_for_one_person_never_contradict_each_other(
    mother: tuple[HoldingRow, ...], question: Procedure
) -> None:
    _, answer = asked(mother, (), question)
    by_id = {row.record_id: row for row in mother}
    used = [by_id[held.record_id] for held in answer.held]
    assert len({row.name_key for row in used} - {None}) <= 1
    assert len({row.birth_key for row in used} - {None}) <= 1


@given(rows(), procedures)
def test_the_order_in_which_records_come_makes_no_difference(
    mother: tuple[HoldingRow, ...], question: Procedure
) -> None:
    def told(answer: LookupAnswer) -> tuple[Any, Any, Any]:
        refused = {(one.component_number, one.record_id, one.reasons) for one in answer.refused}
        return answer.held, answer.missing, refused

    assert told(asked(mother, (), question)[1]) == told(asked(mother[::-1], (), question)[1])


@given(rows(), procedures, st.integers(1, 400))
def test_what_is_expired_stays_expired(mother: tuple[HoldingRow, ...], question: Procedure, later: int) -> None:
    """On a later day no paper comes back by having waited, except one that was not issued yet."""
    issued = tuple(row for row in mother if row.issued_date is None or (last_day(row.issued_date) or date.max) <= ON)
    # Several papers about things are a person's choice, and one of them may expire.
    plain = tuple(row for row in issued if row.paper_type != LAND)
    now, then = (asked(plain, (), question, on=day)[1] for day in (ON, ON + timedelta(days=later)))
    assert {one.component_number for one in then.held} <= {one.component_number for one in now.held}


@given(rows(), procedures)
def test_a_revoked_paper_is_never_held(mother: tuple[HoldingRow, ...], question: Procedure) -> None:
    revoked = tuple(
        HoldingRow(**{name: getattr(row, name) for name in row.__dataclass_fields__ if name != "state"},
                   state=RecordState.REVOKED)
        for row in mother
    )  # fmt: skip
    assert asked(revoked, (), question)[1].held == ()


@given(rows(), rows(), procedures)
def test_the_read_log_names_exactly_what_the_answer_tells(
    mother: tuple[HoldingRow, ...], child: tuple[HoldingRow, ...], question: Procedure
) -> None:
    # Records of the child have their own numbers.
    theirs = tuple(holding(100 + number, row.paper_type, state=row.state) for number, row in enumerate(child))
    world, answer = asked(mother, theirs, question, others={"child": CHILD})
    told = {one.record_id for one in (*answer.held, *answer.refused)}
    told |= {candidate.record_id for one in answer.missing for candidate in one.candidates}
    logged = [one.record_id for entry in world.entries for one in entry.records]
    assert set(logged) == told and len(logged) == len(set(logged))
    assert answer.read_log_id == world.entries[0].entry_id
    assert world.events[-1] == "log" and world.events.count("log") == 1
    first = world.entries[0]
    assert (first.held, first.missing) == (len(answer.held), len(answer.missing))
    assert first.refused == len({one.component_number for one in answer.refused})
