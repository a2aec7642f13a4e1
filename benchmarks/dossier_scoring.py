"""Comparing the records of dossiers with the truth about them: pages, types, fields, trust.

Definitions, so that a figure can be argued about:

* A page is **grouped right** when a record holds exactly the pages of its paper, no more and no less; the share is of
  the pages of papers. A page of no paper
  (empty, or a separator sheet) is right when its dossier has records and none of them holds it.
* A record is **about** the paper with which it shares most pages; each record is about at most one paper and the other
  way round, the largest overlaps first. A paper's **type is right** when the record about it has its type.
* A field is **right** when value and truth say the same (`benchmarks.scoring.values_match`), also when both are empty.
  Shares of fields read right and of fields accepted are of the fields that have a truth.
* **Wrong among accepted** is of all accepted values, also those where the paper is empty, those of records with the
  wrong type, and those of records that are about no paper.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.scoring import FieldOutcome, outcomes_of_paper

Truth = Mapping[str, Any]
Record = Mapping[str, Any]
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PaperScore:
    """One paper of the truth and what the product made of it.

    Attributes:
        dossier_id: Its dossier.
        truth: What is true of it.
        found_type: Type of the record about it; None: no record holds a page of it.
        grouped: That record holds exactly its pages.
        fields: Its fields, in the order of the truth.
        surplus: Fields that the record has and the paper's type has not, with a value.
    """

    dossier_id: str
    truth: Truth
    found_type: str | None
    grouped: bool
    fields: tuple[FieldOutcome, ...]
    surplus: tuple[FieldOutcome, ...] = ()

    @property
    def type_right(self) -> bool:
        """True when the type was told."""
        return self.found_type == str(self.truth["type"])

    @property
    def all_right(self) -> bool:
        """True when type and every field are right."""
        return self.type_right and all(outcome.right for outcome in self.fields)


@dataclass(slots=True)
class Score:
    """What is known of a run.

    Attributes:
        papers: Every paper of the truth.
        strangers: Values of records that are about no paper.
        surplus_records: How many such records there are.
        blank: Every page of no paper, and whether no record holds it.
    """

    papers: list[PaperScore] = field(default_factory=list)
    strangers: list[FieldOutcome] = field(default_factory=list)
    surplus_records: int = 0
    blank: dict[tuple[str, Place], bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over some papers; every share is a count over another count.

    Attributes:
        papers: Papers.
        pages: Pages of papers.
        pages_grouped: Pages that are grouped right.
        types_right: Papers whose type is right.
        truths: Fields that have a value on paper.
        right: Those of them that were read right.
        accepted_truths: Those of them that no person has to look at.
        accepted: All accepted values.
        wrong: Accepted values that are wrong.
        all_right: Papers with right type and every field right.
    """

    papers: int
    pages: int
    pages_grouped: int
    types_right: int
    truths: int
    right: int
    accepted_truths: int
    accepted: int
    wrong: int
    all_right: int


def score_dossiers(
    truth: Mapping[str, Sequence[Truth]], blank: Mapping[str, Iterable[Sequence[Any]]], records: Sequence[Record]
) -> Score:
    """Compare records with the truth.

    Args:
        truth: Papers of each dossier, as `benchmarks.drawing.dossier.write_dossiers` writes them.
        blank: File and number of the empty pages and separator sheets of each dossier.
        records: Objects of `sohoa export`; those of other dossiers are left out.
    """
    score = Score()
    for dossier_id, papers in truth.items():
        own = [record for record in records if record["dossier_id"] == dossier_id]
        about = match_by_pages(papers, own)
        for paper, record in zip(papers, about, strict=True):
            score.papers.append(_score_paper(dossier_id, paper, record))
        used = [record for record in about if record is not None]
        others = [record for record in own if not any(record is one for one in used)]
        score.surplus_records += len(others)
        for record in others:
            score.strangers += _values(dossier_id, record, ())
        held = {place for record in own for place in places_of(record)}
        for name, number in blank.get(dossier_id, ()):
            score.blank[dossier_id, (name, number)] = bool(own) and (name, number) not in held
    return score


def match_by_pages(papers: Sequence[Truth], records: Sequence[Record]) -> list[Record | None]:
    """Return for each paper the record about it, see the definitions of this module."""
    wanted = [set(_true_places(paper)) for paper in papers]
    held = [set(places_of(record)) for record in records]
    pairs = [
        (-len(own & other), len(own ^ other), index, place)
        for index, own in enumerate(wanted)
        for place, other in enumerate(held)
        if own & other
    ]
    matched: list[Record | None] = [None] * len(papers)
    taken: set[int] = set()
    for _, _, index, place in sorted(pairs):
        if matched[index] is None and place not in taken:
            matched[index] = records[place]
            taken.add(place)
    return matched


def places_of(record: Record) -> list[Place]:
    """Return file and number of every page of a record."""
    return [(source["file"], source["page_number"]) for source in record["source"]]


def count(papers: Iterable[PaperScore], strangers: Sequence[FieldOutcome] = ()) -> Figures:
    """Return the figures over `papers`; accepted values of `strangers` are counted as wrong."""
    listed = list(papers)
    outcomes = [outcome for paper in listed for outcome in (*paper.fields, *paper.surplus)]
    outcomes += strangers
    truths = [outcome for outcome in outcomes if outcome.truth]
    accepted = [outcome for outcome in outcomes if outcome.accepted]
    return Figures(
        papers=len(listed),
        pages=sum(len(paper.truth["pages"]) for paper in listed),
        pages_grouped=sum(len(paper.truth["pages"]) for paper in listed if paper.grouped),
        types_right=sum(paper.type_right for paper in listed),
        truths=len(truths),
        right=sum(outcome.right for outcome in truths),
        accepted_truths=sum(outcome.accepted for outcome in truths),
        accepted=len(accepted),
        wrong=sum(not outcome.right for outcome in accepted),
        all_right=sum(paper.all_right for paper in listed),
    )


def grouped(score: Score, key: Callable[[PaperScore], str]) -> dict[str, Figures]:
    """Return the figures of the papers that `key` calls the same, by that name."""
    names = sorted({key(paper) for paper in score.papers})
    return {name: count(paper for paper in score.papers if key(paper) == name) for name in names}


def wrong_accepted(score: Score) -> list[tuple[PaperScore | None, FieldOutcome]]:
    """Return every accepted value that is wrong, with its paper; None: its record is about no paper."""
    of_papers = [(paper, outcome) for paper in score.papers for outcome in (*paper.fields, *paper.surplus)]
    everything: list[tuple[PaperScore | None, FieldOutcome]] = [*of_papers, *((None, one) for one in score.strangers)]
    return [(paper, outcome) for paper, outcome in everything if outcome.accepted and not outcome.right]


def _score_paper(dossier_id: str, paper: Truth, record: Record | None) -> PaperScore:
    if record is None:
        return PaperScore(
            dossier_id, paper, None, False, tuple(outcomes_of_paper(dossier_id, paper["type"], paper["fields"], {}))
        )
    fields = outcomes_of_paper(dossier_id, paper["type"], paper["fields"], record["fields"])
    return PaperScore(
        dossier_id=dossier_id,
        truth=paper,
        found_type=record["paper_type"],
        grouped=sorted(places_of(record)) == sorted(_true_places(paper)),
        fields=tuple(fields),
        surplus=tuple(_values(dossier_id, record, paper["fields"])),
    )


def _values(dossier_id: str, record: Record, known: Iterable[str]) -> list[FieldOutcome]:
    """Return the values of a record outside the fields in `known`, as outcomes without a truth."""
    others = {name: None for name in record["fields"] if name not in set(known)}
    outcomes = outcomes_of_paper(dossier_id, record["paper_type"], others, record["fields"])
    return [outcome for outcome in outcomes if outcome.got]


def _true_places(paper: Truth) -> list[Place]:
    return [(paper["file"], number) for number in paper["pages"]]
