"""What a dossier says beside its papers: separator sheets, questions, the receipt's list; and dossiers without any."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from storage.dossier import Component, Dossier, DossierPaper, PagePlace, Question, QuestionKind

MakeDossier = Callable[..., Dossier]


def parts(made: Dossier) -> tuple[DossierPaper, PagePlace]:
    return made.papers[0], made.blank_pages[0]


def test_a_separator_sheet_is_accounted_for_like_a_blank_page(make_dossier: MakeDossier) -> None:
    _, second = parts(make_dossier())
    dossier = make_dossier(blank_pages=(), separator_pages=(second,))
    assert second in dossier.page_places() and dossier.state == "complete"
    assert Dossier.from_json(dossier.to_json()) == dossier
    with pytest.raises(ValidationError, match="a page is listed twice"):
        make_dossier(separator_pages=(second,))
    with pytest.raises(ValidationError, match="nor a separator"):
        make_dossier(blank_pages=())


def test_questions_and_components_are_kept_and_point_into_the_dossier(make_dossier: MakeDossier) -> None:
    paper, blank = parts(make_dossier())
    question = Question(kind=QuestionKind.CUT, page=paper.pages[0], is_cut=True, reasons_for=("new-file",))
    found = Component(name="Giấy khai sinh", paper_type=paper.paper_type, record_id=paper.record_id)
    unseen = Component(name="Đơn xin xác nhận")
    dossier = make_dossier(questions=(question,), components=(found, unseen))
    assert Dossier.from_json(dossier.to_json()) == dossier
    assert dossier.unseen_components == (unseen,)
    faults: list[tuple[dict[str, Any], str]] = [
        ({"questions": (question.model_copy(update={"page": blank}),)}, "page of no paper"),
        ({"components": (found.model_copy(update={"record_id": "x"}),)}, "record of no paper"),
    ]
    for changes, words in faults:
        with pytest.raises(ValidationError, match=words):
            make_dossier(**changes)


def test_a_dossier_stored_before_any_of_this_still_loads_and_says_the_same(make_dossier: MakeDossier) -> None:
    dossier = make_dossier()
    stored = json.loads(dossier.to_json())
    for name in ("separator_pages", "questions", "components"):
        del stored[name]
    assert Dossier.from_json(json.dumps(stored).encode()).same_content_as(dossier)
