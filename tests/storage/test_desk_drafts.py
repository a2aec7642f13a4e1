"""Drafts: one for each person and task, in every database."""

import pytest
from pydantic import ValidationError

from storage.database import Database
from storage.desk.drafts import Action, Draft, Drafts, FieldEntry
from storage.desk.ending import end_task

RECORD, OTHER = "r" + "1" * 24, "r" + "2" * 24


@pytest.fixture
def drafts(desk: Database) -> Drafts:
    return Drafts(desk)


def draft(value: str = "Trần Thị Thử", revision: int = 1) -> Draft:
    return Draft(revision=revision, fields={"full_name": FieldEntry(action=Action.SET, value=value, seconds=2.5)})


def test_the_last_draft_of_a_person_is_the_one_that_is_kept(drafts: Drafts) -> None:
    assert drafts.find(RECORD, "lan") is None
    drafts.keep(RECORD, "lan", draft("Trần"))
    drafts.keep(RECORD, "lan", draft("Trần Thị", revision=2))
    drafts.keep(RECORD, "hoa", draft("Nguyễn"))
    assert drafts.find(RECORD, "lan") == draft("Trần Thị", revision=2)
    assert drafts.find(RECORD, "hoa") == draft("Nguyễn")


def test_a_settled_draft_goes_and_those_of_others_stay(desk: Database, drafts: Drafts) -> None:
    for person in ("lan", "hoa"):
        drafts.keep(RECORD, person, draft())
    drafts.keep(OTHER, "lan", draft())
    end_task(desk, RECORD, "lan", "trang-cua-lan", (), is_released=False)
    assert [drafts.find(RECORD, "lan"), drafts.find(RECORD, "hoa")] == [None, draft()]
    drafts.forget(RECORD)
    assert (drafts.find(RECORD, "hoa"), drafts.find(OTHER, "lan")) == (None, draft())


def test_what_is_no_entry_is_no_draft() -> None:
    assert FieldEntry(action=Action.CONFIRM, value="x").typed is None
    for fields in ({"Tên": {"action": "confirm"}}, {"a": {"action": "x"}}, {"a": {"action": "set", "seconds": -1}}):
        with pytest.raises(ValidationError):
            Draft.model_validate({"revision": 1, "fields": fields})
