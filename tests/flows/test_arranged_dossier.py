"""A dossier as a person arranged it: papers and types stand, records keep their names, decisions are not touched."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.paper_type_loader import shipped_paper_types
from extractors.record import STEWARD, RecordState
from flows import assembly
from flows.assembly import assemble_dossier
from flows.intake import DossierInput, Stated
from flows.opened_pages import OpenedPages
from flows.workshop import Workshop
from ocr.problem import Code, SohoaError
from storage.acts import Act
from storage.arrangement import ArrangedPaper, Arrangement
from storage.arranging import arrange, unassembled
from storage.decisions import reject
from storage.dossier import Dossier
from storage.dossiers import dossier_history, load_dossier
from storage.records import load_record
from storage.rights.erasure import Erasure, Ground
from storage.rights.tombstones import dossier_without
from storage.settings import Settings

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
ID = "hs-101"


class Case:
    """A home with the drawn dossier of three pages: a decision of two, a birth certificate of one."""

    def __init__(self, home: Path) -> None:
        settings = Settings.load(home, {}, {})
        self.store, self.catalogue = settings.open_store(), settings.open_catalogue()
        recipe = load_dossier(self.store, ID).recipe
        self.shop = Workshop(
            settings, self.store, self.catalogue, None, recipe, shipped_paper_types(), None, OpenedPages(home)
        )  # fmt: skip

    @property
    def dossier(self) -> Dossier:
        return load_dossier(self.store, ID)

    def arrange(self, *papers: ArrangedPaper, blank: tuple = (), revision: int | None = None) -> Dossier:
        arrangement = Arrangement(by="lan", at=NOON, reason="tách nhầm", papers=papers, blank_pages=blank)
        return arrange(self.store, self.catalogue, ID, revision or self.dossier.revision, arrangement)

    def assemble(self, **stated: str) -> Dossier:
        return assemble_dossier(self.shop, DossierInput(ID, (), Stated(**stated)), (), {}).dossier

    def state_of(self, record_id: str) -> tuple[RecordState, bool]:
        record = load_record(self.store, record_id)
        return record.state, record.withdrawn


@pytest.fixture
def case(filled_home: Path) -> Case:
    return Case(filled_home)


def as_it_is(dossier: Dossier) -> list[ArrangedPaper]:
    return [ArrangedPaper(pages=paper.pages) for paper in dossier.papers]


def test_pages_that_are_put_together_are_one_paper_and_the_other_record_is_withdrawn(case: Case):
    first, second = case.dossier.papers
    arranged = case.arrange(ArrangedPaper(pages=(*first.pages, *second.pages)))
    assert arranged.to_assemble and arranged.papers == (first, second)
    assert list(unassembled(case.store)) == [ID]

    made = case.assemble()
    assert [paper.record_id for paper in made.papers] == [first.record_id]
    assert made.papers[0].pages == (*first.pages, *second.pages)
    assert case.state_of(second.record_id) == (RecordState.SUPERSEDED, True)
    assert not made.to_assemble and made.arrangement == arranged.arrangement
    assert list(unassembled(case.store)) == []
    assert case.catalogue.dossier(ID).revision == made.revision

    assert case.assemble().revision == made.revision  # again: nothing new


def test_what_was_withdrawn_comes_back_when_the_pages_are_parted_again(case: Case):
    before = case.dossier
    case.arrange(ArrangedPaper(pages=tuple(page for paper in before.papers for page in paper.pages)))
    case.assemble()
    case.arrange(*as_it_is(before))
    made = case.assemble()

    assert made.papers == before.papers
    assert {case.state_of(paper.record_id)[1] for paper in made.papers} == {False}


def test_a_paper_is_of_the_type_that_a_person_says(case: Case):
    first, second = case.dossier.papers
    case.arrange(ArrangedPaper(pages=first.pages), ArrangedPaper(paper_type="trich-luc-khai-sinh", pages=second.pages))
    made = case.assemble()
    record = load_record(case.store, second.record_id)

    assert record.paper_type == made.papers[1].paper_type == "trich-luc-khai-sinh"
    assert record.type_reasons == (STEWARD,)
    assert record.type_confidence is None
    assert record.fields.keys() == {
        name
        for paper_type in shipped_paper_types()
        if paper_type.id == "trich-luc-khai-sinh"
        for name, field in paper_type.fields.items()
        if not field.auxiliary
    }


def test_pages_said_to_be_blank_are_blank(case: Case):
    first, second = case.dossier.papers
    case.arrange(ArrangedPaper(pages=first.pages), blank=second.pages)
    made = case.assemble()

    assert made.blank_pages == second.pages
    assert [paper.record_id for paper in made.papers] == [first.record_id]


@pytest.mark.parametrize("fault", ["missing", "unknown"])
def test_a_page_that_is_missing_or_of_no_scan_is_refused(case: Case, fault: str):
    first, second = case.dossier.papers
    odd = second.pages[0].model_copy(update={"page_number": 99})
    papers = [ArrangedPaper(pages=first.pages)]
    if fault == "unknown":
        papers.append(ArrangedPaper(pages=(*second.pages, odd)))
    with pytest.raises(SohoaError) as raised:
        case.arrange(*papers)
    assert raised.value.code is Code.DECISION_INVALID


def test_of_two_people_the_second_is_told_and_the_same_word_again_is_kept_once(case: Case):
    seen = case.dossier
    whole = ArrangedPaper(pages=tuple(page for paper in seen.papers for page in paper.pages))
    held = case.arrange(whole)
    assert case.arrange(whole, revision=seen.revision) == held
    with pytest.raises(SohoaError) as raised:
        case.arrange(*as_it_is(seen), revision=seen.revision)
    assert raised.value.code is Code.RECORD_CHANGED


def test_a_paper_that_a_person_decided_on_is_not_changed(case: Case):
    first, second = case.dossier.papers
    reject(case.store, case.catalogue, second.record_id, 1, Act(by="lan", at=NOON, reason="quét mờ"))
    whole = ArrangedPaper(pages=(*first.pages, *second.pages))
    for papers in ([whole], [whole.model_copy(update={"pages": (*second.pages, *first.pages)})]):
        with pytest.raises(SohoaError) as raised:
            case.arrange(*papers)
        assert raised.value.code is Code.DECISION_INVALID
        assert raised.value.problem.field == second.record_id

    halves = [ArrangedPaper(pages=(page,)) for page in first.pages]
    case.arrange(*halves, ArrangedPaper(paper_type=second.paper_type, pages=second.pages))
    made = case.assemble()
    assert len(made.papers) == len(first.pages) + 1
    assert case.state_of(second.record_id) == (RecordState.REJECTED, False)


def test_a_word_said_while_the_dossier_is_assembled_is_not_lost(case: Case, monkeypatch: pytest.MonkeyPatch):
    first, second = case.dossier.papers
    whole = ArrangedPaper(pages=(*first.pages, *second.pages))
    sort, said = assembly.sort_pages, []

    def slowly(*arguments):
        answer = sort(*arguments)
        if not said:
            said.append(case.arrange(whole))
        return answer

    monkeypatch.setattr(assembly, "sort_pages", slowly)
    made = case.assemble(procedure_code="1.001193")

    assert [paper.pages for paper in made.papers] == [whole.pages]
    assert case.state_of(second.record_id) == (RecordState.SUPERSEDED, True)
    assert case.dossier == made and not made.to_assemble


def test_the_code_that_was_said_stands_and_another_in_print_is_told(case: Case, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("flows.assembly.dossier_code_of", lambda _: "H05.12-251112-0002")
    made = case.assemble(dossier_code="H05.12-251112-0001", procedure_code="1.001193")
    assert (made.dossier_code, made.procedure_code) == ("H05.12-251112-0001", "1.001193")
    assert Code.DOSSIER_CODE_DIFFERS in [problem.code for problem in made.problems]

    again = case.assemble()  # what was said before still holds
    assert again == made
    right = case.assemble(dossier_code="H05.12-251112-0002")
    assert right.problems == () and right.dossier_code == "H05.12-251112-0002"


def test_a_dossier_of_another_agency_is_not_mixed_in(case: Case):
    with pytest.raises(SohoaError) as raised:
        case.assemble(agency="H05.13")
    assert raised.value.code is Code.DOSSIER_CONFLICT


def test_dossiers_of_before_are_read_as_they_are(case: Case):
    old: Callable[[bytes], bytes] = lambda data: (  # noqa: E731
        data.replace(b'"stated_code":null,', b"")
        .replace(b'"agency":null,', b"")
        .replace(b'"arrangement":null,"to_assemble":false,', b"")
    )
    (held, *_) = dossier_history(case.store, ID)
    assert b"arrangement" not in old(held.to_json())
    assert Dossier.from_json(old(held.to_json())) == held


def test_an_erasure_takes_what_was_said_of_the_pages_along(case: Case):
    case.arrange(*as_it_is(case.dossier))
    made = case.assemble(dossier_code="H05.12-251112-0001")
    proof = Erasure(
        case_id="0" * 24, revision=1, ground=Ground.REQUEST, by="lan", decision="7/QĐ", started_at=NOON,
        subject_key="k", records=tuple(paper.record_id for paper in made.papers), dossiers=(made.segment,),
    )  # fmt: skip
    after = dossier_without(made, proof, {scan.sha256 for scan in made.scans}, made.revision + 1)
    assert (after.arrangement, after.stated_code, after.dossier_code) == (None, None, None)
