"""Whose paper is looked up, and whether what is found is about that person. Every person is invented."""

from typing import Any

import pytest

from extractors.record import RecordState
from storage.catalogue import HoldingRow
from tests.storage.lookup_world import (
    BIRTH,
    CARD,
    CHILD,
    COMPANY,
    DEATH,
    FATHER,
    KEY,
    LAND,
    MARRIED,
    MOTHER,
    SINGLE,
    World,
    ask,
    held,
    holding,
    paper,
    procedure,
    record_id,
    refused,
    why,
)

APPROVED, REVIEW, REVOKED = RecordState.APPROVED, RecordState.NEEDS_REVIEW, RecordState.REVOKED


# What the person found by the number is on the paper, what the component asks for, and whether it is that paper.
ROLE_CASES = [
    (BIRTH, "owner", None, True),
    (BIRTH, "owner", "owner", True),
    (BIRTH, "mother", None, False),
    (BIRTH, "mother", "child", False),
    (MARRIED, "wife", None, True),
    (MARRIED, "husband", None, True),
    (COMPANY, "enterprise", None, True),
    (COMPANY, "representative", None, False),
    (COMPANY, "representative", "representative", False),
    (DEATH, "deceased", None, False),
]


@pytest.mark.parametrize(("paper_type", "role", "asked", "fits"), ROLE_CASES)
def test_a_paper_counts_for_whose_it_is(paper_type: str, role: str, asked: str | None, fits: bool) -> None:
    answer = ask(paper(paper_type, role=asked), holding(1, paper_type, role=role))
    assert bool(answer.held) is fits
    assert bool(answer.missing) is not fits
    assert answer.refused == ()


def test_the_paper_of_another_person_is_looked_up_by_that_persons_number() -> None:
    child = holding(2, BIRTH, name="Lê Bé", birth="2024-01-01")
    world = World({MOTHER: (holding(1, BIRTH),), CHILD: (child,)})
    asked = procedure(paper(BIRTH, role="child"), paper(BIRTH))
    answer = world.ask(asked, others={"child": CHILD}, name="Trần Thị Thử")
    assert held(answer) == [record_id(2), record_id(1)]
    assert [one.role for one in answer.held] == ["child", None]


def test_whose_number_was_not_given_is_asked_for() -> None:
    answer = ask(paper(BIRTH, role="child"), holding(1, BIRTH))
    assert (held(answer), why(answer)) == ([], ["person_unknown"])
    assert answer.missing[0].person_decides and answer.missing[0].role == "child"


# The last by the fourth digit of her number.
@pytest.mark.parametrize("given", [{"role": "wife"}, {"others": {"husband": FATHER}}, {}])
def test_the_applicant_is_the_one_of_a_couple_that_the_other_is_not(given: dict[str, Any]) -> None:
    rows = (holding(1, SINGLE, scope="marriage", valid_until="2027-01-01"),)
    world = World({MOTHER: rows})
    asked = procedure(paper(SINGLE, role="wife"), paper(SINGLE, role="husband"), purpose="marriage")
    answer = world.ask(asked, **given)
    assert held(answer) == [record_id(1)]
    assert [one.role for one in answer.missing] == ["husband"]


@pytest.mark.parametrize("given", [{"role": "representative"}, {"subject": "0123456789"}])
def test_who_is_not_known_to_be_of_the_couple_is_not_taken_for_one(given: dict[str, Any]) -> None:
    assert why(ask(paper(SINGLE, role="wife"), **given)) == ["person_unknown"]


def test_a_death_is_looked_up_by_the_number_of_who_died() -> None:
    world = World({FATHER: (holding(1, DEATH, role="deceased"),)})
    answer = world.ask(procedure(paper(DEATH, role="deceased")), others={"deceased": FATHER})
    assert held(answer) == [record_id(1)]


def test_the_death_of_a_spouse_is_looked_up_by_the_number_of_the_other_one() -> None:
    world = World({FATHER: (holding(1, DEATH, role="deceased"),)})
    answer = world.ask(procedure(paper(DEATH, role="spouse")), others={"husband": FATHER})
    assert held(answer) == [record_id(1)]


def married(number: int, role: str) -> HoldingRow:
    return holding(number, MARRIED, role=role, name=None, birth=None)


@pytest.mark.parametrize(
    "given", [{"role": "mother", "others": {"father": FATHER}}, {"others": {"father": FATHER, "mother": MOTHER}}]
)
def test_the_marriage_of_the_parents_is_the_one_both_are_in(given: dict[str, Any]) -> None:
    world = World(
        {MOTHER: (married(1, "wife"), married(2, "wife")), FATHER: (married(3, "husband"), married(1, "husband"))}
    )
    assert held(world.ask(procedure(paper(MARRIED, role="parents")), **given)) == [record_id(1)]
    assert {entry.subject_key for entry in world.entries} == {KEY.subject(MOTHER), KEY.subject(FATHER)}


def test_the_marriage_of_one_parent_is_only_proposed() -> None:
    answer = ask(paper(MARRIED, role="parents"), married(1, "wife"), role="mother")
    assert (held(answer), why(answer)) == ([], ["person_decides"])
    assert why(ask(paper(MARRIED, role="parents"), married(1, "wife"))) == ["person_unknown"]


OTHER = {"name": "Lê Thị Khác"}


@pytest.mark.parametrize(
    ("rows", "strange"),
    [
        # An approved card outweighs everything.
        ([holding(1, CARD, state=APPROVED), holding(2, BIRTH, state=APPROVED, **OTHER)], {2}),
        # A birth certificate that was approved outweighs a card the machine accepted.
        ([holding(1, CARD, **OTHER), holding(2, BIRTH, state=APPROVED)], {1}),
        # Approved papers outweigh accepted ones, whatever they are.
        ([holding(1, CARD, **OTHER), holding(2, LAND, state=APPROVED, birth=None)], {1}),
        ([holding(1, CARD), holding(2, BIRTH, **OTHER)], {2}),
        # Two of a kind that contradict each other: nobody knows.
        ([holding(1, CARD, state=APPROVED), holding(2, CARD, state=APPROVED, **OTHER), holding(3, BIRTH)], {1, 2, 3}),
        ([holding(1, BIRTH), holding(2, BIRTH, birth="1991-01-01")], {1, 2}),
        # What is in review, superseded or revoked is no evidence, but is judged.
        ([holding(1, CARD, state=REVIEW, **OTHER), holding(2, BIRTH)], {1}),
        ([holding(1, CARD, state=REVOKED, **OTHER), holding(2, BIRTH)], {1}),
        # Papers without a name or date contradict nothing.
        ([holding(1, CARD), holding(2, LAND, name=None, birth=None)], set()),
        ([holding(1, CARD), holding(2, BIRTH), holding(3, LAND, birth=None)], set()),
    ],
)
def test_records_that_contradict_the_best_evidence_are_of_another_person(
    rows: list[HoldingRow], strange: set[int]
) -> None:
    world, found = World({MOTHER: rows}), set()
    for row in rows:
        answer = world.ask(procedure(paper(row.paper_type)))
        against = dict(refused(answer)).get(row.record_id, [])
        if "other_person" in against:
            found.add(int(row.record_id[1:], 16))
    assert found == strange


def test_what_was_given_decides_also_against_an_approved_card() -> None:
    rows = (holding(1, CARD, state=APPROVED), holding(2, BIRTH, **OTHER))
    answer = World({MOTHER: rows}).ask(procedure(paper(CARD), paper(BIRTH)), name="Lê Thị Khác")
    assert held(answer) == [record_id(2)]
    assert refused(answer) == [(record_id(1), ["other_person"])]
